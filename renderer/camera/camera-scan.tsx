import type { WireError } from '../../src/host/contract.ts';
import { base64OfBytes } from '../ui/file-content.ts';
import { CameraView } from './camera-view.tsx';

/** A picture as the contract carries it. */
export interface FrameContent {
  readonly width: number;
  readonly height: number;
  readonly lumaBase64: string;
}

interface CameraScanProps {
  /** What is held before the camera: "the printed pages". */
  readonly what: string;
  /** Asks the host to let this window use the camera; `null` when it does. */
  readonly allow: (on: boolean) => Promise<WireError | null>;
  /** Looks at a picture; the next one is taken only when this is done. */
  readonly onFrame: (frame: FrameContent) => Promise<void>;
  /** The alternative that always stands beside: a picture from a file, chosen in the host's dialog. */
  readonly stillName: string;
  readonly onStill: () => void;
  readonly disabled?: boolean;
}

/** A live view of pages that are held before the camera. */
export const CameraScan = ({ onFrame, ...props }: CameraScanProps) => (
  <CameraView {...props} pace="page" look={({ width, height, luma }) => onFrame({ width, height, lumaBase64: base64OfBytes(luma) })} />
);
