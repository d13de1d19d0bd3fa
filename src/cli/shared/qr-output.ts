import { basename } from 'node:path';
import { encodeBbqr } from '../../airgap/bbqr.ts';
import { qrSvg } from '../../airgap/qr-image.ts';
import type { OutputPlace } from './command-files.ts';
import type { CommandIo } from './command.ts';

type QrPlace = ((name: string) => OutputPlace) | null;

export interface QrResult {
  /** `qr`, the folder, `qrFrames`, how many, and `qrText`, the file of their texts; nothing where no folder was named. */
  readonly json: Readonly<Record<string, string | number>>;
  readonly facts: readonly (readonly [string, string])[];
}

/** Looks at the folder for QR codes before the work begins. @throws StrongroomError `file.*` */
export async function placeQrCodes(io: CommandIo, folder: string | undefined, overwrite: boolean): Promise<{ readonly folder: string; readonly at: QrPlace } | null> {
  return folder === undefined ? null : { folder, at: await io.files.placeFolder(folder, overwrite) };
}

/** Writes a PSBT as BBQr frames: one SVG image a frame, and all texts in one file, a frame a line, which reads as a PSBT too. */
export async function writeQrCodes(io: CommandIo, place: { readonly folder: string; readonly at: QrPlace } | null, psbtFile: string, psbt: Uint8Array): Promise<QrResult> {
  if (place === null || place.at === null) return { json: {}, facts: [] };
  const stem = basename(psbtFile).replace(/\.psbt$/, '');
  const frames = encodeBbqr(psbt, 'P');
  const digits = String(frames.length).length;
  const textName = `${stem}.bbqr.txt`;
  const qrText = await io.files.write(place.at(textName), textName, `${frames.join('\n')}\n`);
  for (const [index, frame] of frames.entries()) {
    const name = `${stem}.bbqr-${String(index + 1).padStart(digits, '0')}-of-${frames.length}.svg`;
    await io.files.write(place.at(name), name, qrSvg(frame));
  }
  return {
    json: { qr: place.folder, qrFrames: frames.length, qrText },
    facts: [['QR codes', `${place.folder} (${frames.length} ${frames.length === 1 ? 'frame' : 'frames'})`]],
  };
}
