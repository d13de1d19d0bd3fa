import { base32nopad } from '@scure/base';
import { concat, parseHex, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { MAX_PSBT_BYTES } from '../psbt/psbt.ts';
import type { Frame } from './frames/collector.ts';
import { claimedContent, type ContentKind } from './frames/content.ts';
import { deflateRaw } from './frames/deflate.ts';
import { malformedFrame } from './frames/frame-errors.ts';
import { inflateRaw } from './inflate.ts';

/** What a stream of frames carries, as BBQr's letters say it. */
export type BbqrFileType = 'P' | 'T' | 'J' | 'U' | 'B';
/** Hexadecimal, base32, or deflated and then base32. */
export type BbqrEncoding = 'H' | '2' | 'Z';

/** Base 36 in two characters: what a header can count to. */
const MAX_FRAMES = 1295;
const HEADER_CHARACTERS = 8;
/** What the largest QR code holds in alphanumeric mode (version 40, low correction). @see ISO/IEC 18004 */
const MAX_FRAME_CHARACTERS = 4296;
/** BBQr fixes the window (`wbits` 10), so that small devices know what memory they need. */
const WINDOW_BYTES = 1024;
/** Characters that hold whole bytes; every frame but the last must hold whole groups, so that it decodes alone. */
const GROUPS = { H: { bytes: 1, characters: 2 }, '2': { bytes: 5, characters: 8 } } as const;
const KINDS: Readonly<Record<string, ContentKind>> = { P: 'psbt', T: 'transaction', J: 'text', U: 'text' };

export const looksLikeBbqrFrame = (text: string): boolean => text.startsWith('B$');

/**
 * Splits a file into BBQr frames of about equal length: each is the text of one QR code in alphanumeric mode.
 * @param maxCharacters of a frame: 2,132 fit a code of version 27 with low correction, 468 one of version 12
 * @param encoding `Z` falls back to `2` where deflating saves nothing
 * @throws StrongroomError `psbt.too-large` when it would take more than 1,295 frames
 * @see BBQr specification, "Header" and "Encodings"
 */
export function encodeBbqr(bytes: Uint8Array, fileType: BbqrFileType, maxCharacters = 1062, encoding: BbqrEncoding = '2'): string[] {
  const deflated = encoding === 'Z' ? deflateRaw(bytes, WINDOW_BYTES) : bytes;
  const isDeflated = deflated.length < bytes.length;
  const content = isDeflated ? deflated : bytes;
  const form = encoding === 'H' ? 'H' : '2';
  const group = GROUPS[form];
  const bytesPerFrame = Math.floor((maxCharacters - HEADER_CHARACTERS) / group.characters) * group.bytes;
  const total = Math.max(1, Math.ceil(content.length / Math.max(1, bytesPerFrame)));
  if (bytesPerFrame < group.bytes || total > MAX_FRAMES) {
    throw new StrongroomError('psbt.too-large', 'The file does not fit a series of QR codes.', { bytes: bytes.length, frames: total }, 'Hand it over as a file.');
  }
  const step = Math.ceil(Math.ceil(content.length / total) / group.bytes) * group.bytes;
  const count = Math.max(1, Math.ceil(content.length / Math.max(1, step)));
  const write = form === 'H' ? (part: Uint8Array) => toHex(part).toUpperCase() : (part: Uint8Array) => base32nopad.encode(part);
  return Array.from({ length: count }, (_, index) => `B$${isDeflated ? 'Z' : form}${fileType}${base36(count)}${base36(index)}${write(content.subarray(index * step, (index + 1) * step))}`);
}

const base36 = (value: number): string => value.toString(36).toUpperCase().padStart(2, '0');

/**
 * A BBQr frame.
 * @throws StrongroomError `frames.malformed`
 * @see BBQr specification
 */
export function readBbqrFrame(text: string): Frame {
  if (text.length > MAX_FRAME_CHARACTERS) throw malformedFrame('it is longer than a QR code of its kind');
  const match = /^B\$([H2Z])([A-Z])([0-9A-Z]{2})([0-9A-Z]{2})([0-9A-Z]*)$/.exec(text);
  const [, encoding, fileType, totalText, indexText, data] = (match ?? []) as string[];
  const parts = Number.parseInt(totalText ?? '', 36);
  const index = Number.parseInt(indexText ?? '', 36);
  if (match === null || parts < 1 || index >= parts) throw malformedFrame('its header is none');
  const kind = KINDS[fileType as string] ?? null;
  return {
    sort: 'numbered', index, data: data as string, isEven: true,
    transfer: { format: 'bbqr', name: `bbqr ${encoding}${fileType} ${parts}`, kind, parts },
    finish: (all) => claimedContent(kind, contentOf(all, encoding as BbqrEncoding)),
  };
}

function contentOf(parts: readonly string[], encoding: BbqrEncoding): Uint8Array {
  const joined = concat(...parts.map((part) => decodePart(part, encoding)));
  return encoding === 'Z' ? inflateRaw(joined, MAX_PSBT_BYTES) : joined;
}

function decodePart(data: string, encoding: BbqrEncoding): Uint8Array {
  try {
    return encoding === 'H' ? parseHex(data) : base32nopad.decode(data);
  } catch {
    throw malformedFrame('it holds characters that its encoding does not have');
  }
}
