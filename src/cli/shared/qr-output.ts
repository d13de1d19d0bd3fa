import { basename } from 'node:path';
import { encodeBbqr } from '../../airgap/bbqr.ts';
import { chooseFrames, type FrameReader } from '../../airgap/frames/frame-choice.ts';
import { frameSequence } from '../../airgap/frames/frame-sequence.ts';
import { qrSvg } from '../../airgap/qr-image.ts';
import type { OutputPlace } from './command-files.ts';
import type { CommandIo } from './command.ts';
import { usageError } from './usage-error.ts';

/** A folder for QR codes, and who reads them. */
export interface QrFolder {
  readonly folder: string;
  readonly reader: FrameReader | undefined;
  readonly at: (name: string) => OutputPlace;
}

export interface QrResult {
  /** `qr`, the folder, `qrFrames`, how many, and `qrText`, the file of their texts; nothing where no folder was named. */
  readonly json: Readonly<Record<string, string | number>>;
  readonly facts: readonly (readonly [string, string])[];
}

/** Looks at the folder for QR codes before the work begins. @throws StrongroomError `file.*`, `cli.usage` */
export async function placeQrCodes(io: CommandIo, { qr: folder, 'qr-for': reader, force }: { readonly qr: string | undefined; readonly 'qr-for': FrameReader | undefined; readonly force: boolean }): Promise<QrFolder | null> {
  if (folder === undefined && reader !== undefined) throw usageError('--qr-for says how the codes of --qr are written.', 'Name a folder with --qr.');
  const at = folder === undefined ? null : await io.files.placeFolder(folder, force);
  return folder === undefined || at === null ? null : { folder, reader, at };
}

/**
 * Writes a PSBT as frames for who reads them: one SVG image a frame, and all texts in one file, a frame a line, which reads as a PSBT too.
 * @throws StrongroomError `frames.too-large` where the reader's format does not hold it
 */
export async function writeQrCodes(io: CommandIo, place: QrFolder | null, psbtFile: string, psbt: Uint8Array): Promise<QrResult> {
  if (place === null) return { json: {}, facts: [] };
  const stem = basename(psbtFile).replace(/\.psbt$/, '');
  const { format, frames } = framesFor(place.reader, psbt);
  const digits = String(frames.length).length;
  const textName = `${stem}.${format}.txt`;
  const qrText = await io.files.write(place.at(textName), textName, `${frames.join('\n')}\n`);
  for (const [index, frame] of frames.entries()) {
    const name = `${stem}.${format}-${String(index + 1).padStart(digits, '0')}-of-${frames.length}.svg`;
    // What is dense is for screens; the correction that paper needs would not fit.
    await io.files.write(place.at(name), name, qrSvg(frame, place.reader === undefined ? 'Q' : 'L'));
  }
  return {
    json: { qr: place.folder, qrFrames: frames.length, qrText },
    facts: [['QR codes', `${place.folder} (${frames.length} ${frames.length === 1 ? 'frame' : 'frames'})`]],
  };
}

/** Frames that are enough together: images do not loop. */
function framesFor(reader: FrameReader | undefined, psbt: Uint8Array): { readonly format: string; readonly frames: readonly string[] } {
  if (reader === undefined) return { format: 'bbqr', frames: encodeBbqr(psbt, 'P') };
  const sequence = frameSequence({ kind: 'psbt', bytes: psbt }, chooseFrames(reader));
  return { format: sequence.format, frames: Array.from({ length: sequence.parts }, (_, position) => sequence.frame(position)) };
}

/** A file of frames' texts as this writes it, without the ending that says so. */
export const withoutFramesEnding = (fileName: string): string => fileName.replace(/\.(bbqr|ur|strongroom|specter|base43)\.txt$/, '');
