import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { WireError } from '../../src/host/contract.ts';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { openBrowserCamera } from './browser-camera.ts';
import { cameraSession } from './camera-session.ts';
import { cameraOff, cameraTransition, troubleWords, type CameraState } from './camera-state.ts';
import type { LumaPicture } from './luma.ts';

interface CameraViewProps {
  /** What is held before the camera: "the printed pages". */
  readonly what: string;
  readonly pace: 'page' | 'animation';
  /** Asks the host to let this window use the camera; `null` when it does. */
  readonly allow: (on: boolean) => Promise<WireError | null>;
  /** Looks at a picture; the next one is taken only when this is done. */
  readonly look: (picture: LumaPicture) => Promise<void>;
  /** The alternative that always stands beside: a picture from a file, chosen in the host's dialog. */
  readonly stillName?: string;
  readonly onStill?: () => void;
  readonly disabled?: boolean;
}

/**
 * A live view of a camera whose pictures are looked at in the host. It is started by a person, and stopped and given back
 * when this view goes away, or the window goes out of sight or loses the focus.
 */
export function CameraView({ what, pace, allow, look, stillName, onStill, disabled = false }: CameraViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  const now = useRef({ allow, look });
  now.current = { allow, look };
  const { state, session } = useMemo(() => {
    const held = signal<CameraState>(cameraOff);
    return {
      state: held,
      session: cameraSession({
        allow: (on) => now.current.allow(on),
        open: (deviceId, onGone) => openBrowserCamera(video.current as HTMLVideoElement, deviceId, onGone),
        look: (picture) => now.current.look(picture),
        pace,
        wait: (ms) => new Promise((done) => { setTimeout(done, ms); }),
        send: (event) => { held.value = cameraTransition(held.value, event); },
      }),
    };
  }, []);
  useEffect(() => {
    // The host takes the permission back when somebody turns to another window; the camera goes out with it.
    const stop = (): void => void session.stop();
    const onHidden = (): void => { if (document.hidden) stop(); };
    document.addEventListener('visibilitychange', onHidden);
    addEventListener('blur', stop);
    return () => {
      document.removeEventListener('visibilitychange', onHidden);
      removeEventListener('blur', stop);
      void session.stop();
    };
  }, []);

  const camera = state.value;
  const isLive = camera.stage === 'live';
  return (
    <div class="camera">
      <div class="camera-view" data-live={isLive}>
        <video ref={video} muted playsInline aria-label={`Live view of the camera: ${what}`} hidden={!isLive} />
        {isLive
          ? <span class="camera-corners" aria-hidden="true" />
          : <p class="camera-off"><Icon name="camera" />{camera.stage === 'starting' ? 'The camera is starting.' : `The camera is off. Start it, then hold ${what} before it.`}</p>}
      </div>
      <div class="camera-tools">
        {isLive || camera.stage === 'starting'
          ? <Button onPress={() => void session.stop()}>Stop the camera</Button>
          : <Button disabled={disabled} onPress={() => void session.start(null)}>Start the camera</Button>}
        {stillName !== undefined && onStill !== undefined && <Button disabled={disabled} onPress={onStill}>{stillName}</Button>}
        {isLive && <span class="caption">{camera.looks === 0 ? 'Looking.' : `${camera.looks.toLocaleString('en-GB')} pictures looked at; none is kept.`}</span>}
      </div>
      {isLive && camera.devices.length > 1 && (
        <SelectField label="Camera" value={camera.deviceId ?? ''} options={camera.devices.map(({ deviceId, name }) => ({ value: deviceId, name }))} onSelect={(deviceId) => void session.start(deviceId)} />
      )}
      {camera.stage === 'trouble' && (camera.error === null
        ? <Notice weight="caution" title={troubleWords[camera.trouble].title}><p>{troubleWords[camera.trouble].next}</p></Notice>
        : <ErrorNotice error={camera.error} />)}
    </div>
  );
}
