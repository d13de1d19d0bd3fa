import { base32nopad } from '@scure/base';
import { parseHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { MAX_PSBT_BYTES } from '../psbt/psbt.ts';
import { inflateRaw } from './inflate.ts';

/** What a stream of frames carries: a PSBT or a final transaction. */
export type BbqrFileType = 'P' | 'T';

/** Base 36 in two characters: what a header can count to. */
const MAX_FRAMES = 1295;
const HEADER_CHARACTERS = 8;
/** What the largest QR code holds in alphanumeric mode (version 40, low correction). @see ISO/IEC 18004 */
const MAX_FRAME_CHARACTERS = 4296;
/** A camera sees a loop of frames many times over; nobody scans longer than this. */
const MAX_SCANNED_FRAMES = 32 * MAX_FRAMES;
/** Base32 turns 5 bytes into 8 characters; every frame but the last must hold whole groups, so that it decodes alone. */
const GROUP_BYTES = 5;
const GROUP_CHARACTERS = 8;

/**
 * Splits a file into BBQr frames in base32, of about equal length: each is the text of one QR code in alphanumeric mode.
 * @param maxCharacters of a frame: 2,132 fit a code of version 27 with low correction, 468 one of version 12
 * @throws StrongroomError `psbt.too-large` when it would take more than 1,295 frames
 * @see BBQr specification, "Header" and "Encodings"
 */
export function encodeBbqr(bytes: Uint8Array, fileType: BbqrFileType, maxCharacters = 1062): string[] {
  const bytesPerFrame = Math.floor((maxCharacters - HEADER_CHARACTERS) / GROUP_CHARACTERS) * GROUP_BYTES;
  const total = Math.max(1, Math.ceil(bytes.length / Math.max(1, bytesPerFrame)));
  if (bytesPerFrame < GROUP_BYTES || total > MAX_FRAMES) {
    throw new StrongroomError('psbt.too-large', 'The file does not fit a series of QR codes.', { bytes: bytes.length, frames: total }, 'Hand it over as a file.');
  }
  const step = Math.ceil(Math.ceil(bytes.length / total) / GROUP_BYTES) * GROUP_BYTES;
  const count = Math.max(1, Math.ceil(bytes.length / Math.max(1, step)));
  return Array.from({ length: count }, (_, index) => `B$2${fileType}${base36(count)}${base36(index)}${base32nopad.encode(bytes.subarray(index * step, (index + 1) * step))}`);
}

const base36 = (value: number): string => value.toString(36).toUpperCase().padStart(2, '0');

interface Frame {
  readonly stream: string;
  readonly encoding: 'H' | '2' | 'Z';
  readonly fileType: string;
  readonly total: number;
  readonly index: number;
  readonly data: string;
}

/**
 * The file that BBQr frames carry, in any order and with repetitions, as scanning a loop of them gives.
 * @throws StrongroomError `frames.malformed` (also for frames of two streams), `frames.incomplete` naming the missing ones,
 * `psbt.too-large`
 * @see BBQr specification
 */
export function decodeBbqr(frames: readonly string[]): { readonly fileType: string; readonly bytes: Uint8Array } {
  if (frames.length > MAX_SCANNED_FRAMES) throw malformed('there are too many');
  const parsed = frames.map(parseFrame);
  const [first] = parsed;
  if (first === undefined) throw malformed('there is none');
  const byIndex = new Map<number, string>();
  for (const frame of parsed) {
    if (frame.stream !== first.stream) throw malformed('they are of two different files');
    const known = byIndex.get(frame.index);
    if (known !== undefined && known !== frame.data) throw malformed(`two different frames have the number ${frame.index + 1}`);
    byIndex.set(frame.index, frame.data);
  }
  const missing = Array.from({ length: first.total }, (_, index) => index).filter((index) => !byIndex.has(index)).map((index) => index + 1);
  if (missing.length > 0) {
    throw new StrongroomError('frames.incomplete', `${missing.length} of ${first.total} frames are missing: ${missing.slice(0, 40).join(', ')}.`, { total: first.total, missing: missing.slice(0, 40).join(', ') }, 'Scan the missing frames too.');
  }
  const parts = Array.from({ length: first.total }, (_, index) => decodeData(byIndex.get(index) as string, first.encoding));
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return { fileType: first.fileType, bytes: first.encoding === 'Z' ? inflateRaw(joined, MAX_PSBT_BYTES) : joined };
}

function parseFrame(text: string): Frame {
  if (text.length > MAX_FRAME_CHARACTERS) throw malformed('one is longer than a QR code');
  const match = /^B\$([H2Z])([A-Z])([0-9A-Z]{2})([0-9A-Z]{2})([0-9A-Z]*)$/.exec(text);
  const total = Number.parseInt(match?.[3] ?? '', 36);
  const index = Number.parseInt(match?.[4] ?? '', 36);
  if (match === null || total < 1 || index >= total) throw malformed('one has no valid header');
  return { stream: text.slice(0, 6), encoding: match[1] as Frame['encoding'], fileType: match[2] as string, total, index, data: match[5] as string };
}

function decodeData(data: string, encoding: Frame['encoding']): Uint8Array {
  try {
    return encoding === 'H' ? parseHex(data) : base32nopad.decode(data);
  } catch {
    throw malformed('one holds characters that its encoding does not have');
  }
}

function malformed(reason: string): StrongroomError {
  return new StrongroomError('frames.malformed', `These are not BBQr frames of one file: ${reason}.`, { reason }, 'Scan all frames of one file again.');
}
