import type { WireError } from '../../src/host/contract.ts';

export interface CameraDevice {
  readonly deviceId: string;
  readonly name: string;
}

/** Why there is no picture: the person or the system said no; there is no camera; another program has it; it was unplugged; anything else. */
export type CameraTrouble = 'refused' | 'none' | 'in-use' | 'unplugged' | 'failed';

export type CameraState =
  | { readonly stage: 'off' }
  | { readonly stage: 'starting' }
  | { readonly stage: 'live'; readonly devices: readonly CameraDevice[]; readonly deviceId: string | null; readonly looks: number }
  | { readonly stage: 'trouble'; readonly trouble: CameraTrouble; readonly error: WireError | null };

export type CameraEvent =
  | { readonly type: 'starting' }
  | { readonly type: 'started'; readonly devices: readonly CameraDevice[]; readonly deviceId: string | null }
  /** A picture was looked at. */
  | { readonly type: 'looked' }
  | { readonly type: 'trouble'; readonly trouble: CameraTrouble; readonly error?: WireError }
  | { readonly type: 'stopped' };

export const cameraOff: CameraState = { stage: 'off' };

export function cameraTransition(state: CameraState, event: CameraEvent): CameraState {
  switch (event.type) {
    case 'starting':
      return { stage: 'starting' };
    case 'started':
      // A camera that came up after it was stopped is not shown; who opened it closes it.
      return state.stage === 'starting' ? { stage: 'live', devices: event.devices, deviceId: event.deviceId, looks: 0 } : state;
    case 'looked':
      return state.stage === 'live' ? { ...state, looks: state.looks + 1 } : state;
    case 'trouble':
      return { stage: 'trouble', trouble: event.trouble, error: event.error ?? null };
    case 'stopped':
      return cameraOff;
  }
}

/** What is wrong and what to do, in words. The picture file beside it always works. */
export const troubleWords: Readonly<Record<CameraTrouble, { readonly title: string; readonly next: string }>> = {
  refused: { title: 'The camera was refused', next: 'The system does not let this program use the camera. Allow it in the system\'s settings, or take a picture with a scanner and choose the file.' },
  none: { title: 'No camera was found', next: 'Plug one in and start it again, or scan the page to a picture file and choose it.' },
  'in-use': { title: 'Another program has the camera', next: 'Close that program and start the camera again.' },
  unplugged: { title: 'The camera is gone', next: 'It was unplugged or switched off. Plug it in and start it again.' },
  failed: { title: 'The camera does not work', next: 'Start it again; if it repeats, use another camera or a picture file.' },
};

/** Names of DOMException that getUserMedia gives, as troubles. */
export function troubleOf(name: string): CameraTrouble {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
      return 'in-use';
    default:
      return 'failed';
  }
}
