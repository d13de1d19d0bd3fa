import { blankCode, remainder } from './code-blank.ts';
import { codewordsOf } from './code-codewords.ts';
import { doesNotFit } from './frame-errors.ts';
import type { FrameSequence } from './frame-sequence.ts';

/*
 * Codes for animations, of low correction: screens have no creases, and the next round comes. Version, mode and mask are said instead of
 * searched for; trying all masks is most of what an encoder spends, and what is shown is deflated or hashed, so that none is better than
 * another. Paper has its own path (qr-image.ts), with the correction that it needs. Tests compare the modules with another encoder's.
 */

/** A code's modules, packed: row by row, the highest bit of a byte first, 1 is dark, each row filled up to whole bytes. */
export interface CodeModules {
  /** Modules in a row and in a column, without the quiet zone. */
  readonly size: number;
  readonly rows: Uint8Array;
}

const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => ((row >>> 1) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];
/** The level L in the format's word. */
const LOW = 1;

/** Bits that a mask turns over, in the order of the data; of the version and mask that were drawn last, since a sequence keeps to them. */
let lastMask: { readonly version: number; readonly mask: number; readonly bits: Uint8Array } | null = null;

/**
 * Draws a frame of an animation.
 * @param version the one of the whole sequence, 1 to 40
 * @param mask 0 to 7; another one in each round, should a frame look worse than the others
 * @throws StrongroomError `frames.too-large` when the text does not fit the version
 */
export function codeModules(text: string, version: number, mask = 0): CodeModules {
  const { size, modules, order, format } = blankCode(version);
  const codewords = codewordsOf(text, version, order.length >>> 3);
  if (codewords === null) throw doesNotFit(text.length, `code of version ${version}`);
  const drawn = modules.slice();
  const turned = maskBits(version, mask);
  for (let bit = 0; bit < order.length; bit += 1) {
    // The last few modules of some versions are beyond the codewords.
    const value = ((codewords[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1;
    drawn[order[bit] as number] = value ^ (turned[bit] as number);
  }
  const word = (((LOW << 3) | mask) << 10 | remainder(((LOW << 3) | mask) << 10, 10, 0x537)) ^ 0x5412;
  for (const [bit, [first, second]] of format.entries()) drawn[first] = drawn[second] = (word >>> bit) & 1;
  return packed(drawn, size);
}

function maskBits(version: number, mask: number): Uint8Array {
  if (lastMask?.version === version && lastMask.mask === mask) return lastMask.bits;
  const { size, order } = blankCode(version);
  const isTurned = MASKS[mask] as (row: number, column: number) => boolean;
  const bits = Uint8Array.from(order, (position) => (isTurned(Math.floor(position / size), position % size) ? 1 : 0));
  lastMask = { version, mask, bits };
  return bits;
}

function packed(modules: Uint8Array, size: number): CodeModules {
  const stride = (size + 7) >>> 3;
  const rows = new Uint8Array(size * stride);
  for (let row = 0, at = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1, at += 1) {
      if (modules[at] === 1) rows[row * stride + (column >>> 3)] = (rows[row * stride + (column >>> 3)] as number) | (0x80 >>> (column & 7));
    }
  }
  return { size, rows };
}

/** So many codes of an animation from a position on, as a window asks for them; the mask changes with each round. */
export function codesOfSequence(sequence: FrameSequence, from: number, count: number): CodeModules[] {
  return Array.from({ length: count }, (_, index) => codeModules(sequence.frame(from + index), sequence.version, Math.floor((from + index) / sequence.parts) % MASKS.length));
}
