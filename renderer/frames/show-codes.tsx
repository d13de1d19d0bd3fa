import { useEffect, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CalibrationPlayer } from './calibration-player.tsx';
import { CodePlayer } from './code-player.tsx';
import type { CodeSettings, FramesHost } from './frames-host.ts';

interface ShowCodesProps {
  readonly host: FramesHost;
  /** What is shown, as bytes in base64. */
  readonly contentBase64: string;
  /** What it is, for the dialog's title: "unsigned transaction". */
  readonly what: string;
  readonly disabled?: boolean;
  /** Told when a person asks to see the codes. */
  readonly onShown?: () => void;
}

function ShowDialog({ host, contentBase64, what, onClose }: ShowCodesProps & { readonly onClose: () => void }) {
  const [settings, setSettings] = useState<CodeSettings | null>(null);
  const [isCalibrating, setCalibrating] = useState(false);
  useEffect(() => void host['frames.settings']({}).then((reply) => setSettings(reply.ok ? reply.value : { version: null, codesPerSecond: 10 })), []);
  const keep = (changed: CodeSettings): void => {
    setSettings(changed);
    setCalibrating(false);
    void host['frames.keep-settings'](changed);
  };
  return (
    <Dialog
      title={isCalibrating ? 'Which density does the other camera read?' : `The ${what} as codes`} look="codes-dialog" onClose={onClose}
      actions={<Button onPress={() => setCalibrating(!isCalibrating)}>{isCalibrating ? `Back to the ${what}` : 'Find the best density'}</Button>}
    >
      {settings !== null && (isCalibrating
        ? <CalibrationPlayer host={host} settings={settings} onKeep={keep} />
        : <CodePlayer host={host} contentBase64={contentBase64} settings={settings} />)}
    </Dialog>
  );
}

/** A button that shows a content as codes, beside the one that saves it as a file. */
export function ShowCodes(props: ShowCodesProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button disabled={props.disabled ?? false} onPress={() => { props.onShown?.(); setOpen(true); }}>Show as codes</Button>
      {isOpen && <ShowDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

interface FetchedCodesProps extends Pick<ShowCodesProps, 'host' | 'what' | 'disabled'> {
  /** The content, made when it is asked for; `null` where that failed and was said elsewhere. */
  readonly load: () => Promise<string | null>;
}

/** The same for a content that is only made when a person wants it. */
export function ShowFetchedCodes({ host, what, disabled = false, load }: FetchedCodesProps) {
  const [contentBase64, setContent] = useState<string | null>(null);
  return (
    <>
      <Button small disabled={disabled} onPress={() => void load().then(setContent)}>Show as codes</Button>
      {contentBase64 !== null && <ShowDialog host={host} contentBase64={contentBase64} what={what} onClose={() => setContent(null)} />}
    </>
  );
}
