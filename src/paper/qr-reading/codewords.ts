import type { QrModules } from '../../airgap/qr-image.ts';
import type { PaperCorrection } from './blocks.ts';

/** What a code says of itself before its data. */
export interface CodeFormat {
  readonly version: number;
  readonly correction: PaperCorrection;
  readonly mask: number;
}

/** Thrown inside the reader; the caller turns it into a named error. */
export class UnreadableCode extends Error {}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

/** A BCH-coded word: the data followed by the remainder of its division by the generator. */
function withRemainder(data: number, bits: number, generator: number): number {
  let rest = data << bits;
  for (let bit = 31 - Math.clz32(rest); bit >= bits; bit = rest === 0 ? -1 : 31 - Math.clz32(rest)) rest ^= generator << (bit - bits);
  return (data << bits) | rest;
}

/**
 * Version, level and mask; both copies of each must be right in every bit.
 * @throws UnreadableCode
 * @see ISO/IEC 18004, "Format information", "Version information"
 */
export function readFormat(modules: QrModules): CodeFormat {
  const { size, isDark } = modules;
  const version = (size - 17) / 4;
  if (!Number.isInteger(version) || version < 1 || version > 40) throw new UnreadableCode('size');
  const bit = (row: number, column: number): number => (isDark(row, column) ? 1 : 0);
  let first = 0;
  let second = 0;
  for (let index = 0; index < 15; index += 1) {
    // The first copy runs around the upper left corner and steps over the timing lines.
    const row = index < 6 ? index : index < 8 ? index + 1 : 8;
    const column = index < 8 ? 8 : index === 8 ? 7 : 14 - index;
    first |= bit(row, column) << index;
    second |= (index < 8 ? bit(8, size - 1 - index) : bit(size - 15 + index, 8)) << index;
  }
  const plain = first ^ 0x5412;
  const data = plain >> 10;
  if (first !== second || withRemainder(data, 10, 0x537) !== plain || bit(size - 8, 8) !== 1) throw new UnreadableCode('format');
  const correction = new Map<number, PaperCorrection>([[3, 'Q'], [2, 'H']]).get(data >> 3);
  if (correction === undefined) throw new UnreadableCode('correction');
  if (version >= 7) {
    const expected = withRemainder(version, 12, 0x1f25);
    for (let index = 0; index < 18; index += 1) {
      const [near, far] = [Math.floor(index / 3), size - 11 + (index % 3)];
      if (bit(near, far) !== ((expected >> index) & 1) || bit(far, near) !== ((expected >> index) & 1)) throw new UnreadableCode('version');
    }
  }
  return { version, correction, mask: data & 7 };
}

/** Rows and columns on which alignment patterns are centred. @see ISO/IEC 18004, annex E */
function alignmentCentres(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => version * 4 + 10 - (count - 2 - index) * step)];
}

/** What a module is for: data, a part of a pattern that must be light or dark, or format and version. */
const DATA = 0;
const LIGHT = 1;
const DARK = 2;
const FREE = 3;

const purposesByVersion = new Map<number, Uint8Array>();

/** The purpose of each module of a version, row by row; it depends on nothing else and is kept. */
function purposesOf(version: number): Uint8Array {
  const known = purposesByVersion.get(version);
  if (known !== undefined) return known;
  const size = version * 4 + 17;
  const purposeAt = functionModules(version);
  const purposes = Uint8Array.from({ length: size * size }, (_, index) => {
    const purpose = purposeAt(Math.floor(index / size), index % size);
    return purpose === null ? DATA : purpose === 'free' ? FREE : purpose ? DARK : LIGHT;
  });
  purposesByVersion.set(version, purposes);
  return purposes;
}

/** What a function module must be (finder, separator, timing, alignment), `'free'` for format and version, `null` for data. */
function functionModules(version: number): (row: number, column: number) => boolean | 'free' | null {
  const size = version * 4 + 17;
  const centres = alignmentCentres(version);
  const last = centres.length - 1;
  const alignments = centres.flatMap((row, r) => centres.flatMap((column, c) => ((r === 0 && c === 0) || (r === 0 && c === last) || (r === last && c === 0) ? [] : [[row, column] as const])));
  const finders = [[3, 3], [3, size - 4], [size - 4, 3]] as const;
  return (row, column) => {
    for (const [centreRow, centreColumn] of finders) {
      const distance = Math.max(Math.abs(row - centreRow), Math.abs(column - centreColumn));
      if (distance <= 4) return distance !== 2 && distance !== 4;
    }
    for (const [centreRow, centreColumn] of alignments) {
      const distance = Math.max(Math.abs(row - centreRow), Math.abs(column - centreColumn));
      if (distance <= 2) return distance !== 1;
    }
    if (row === 6) return column % 2 === 0;
    if (column === 6) return row % 2 === 0;
    const isFormat = (row === 8 && (column <= 8 || column >= size - 8)) || (column === 8 && (row <= 8 || row >= size - 8));
    const isVersion = version >= 7 && ((row < 6 && column >= size - 11) || (column < 6 && row >= size - 11));
    return isFormat || isVersion ? 'free' : null;
  };
}

/**
 * The codewords as placed, unmasked. Every function module must be as it should.
 * @throws UnreadableCode
 * @see ISO/IEC 18004, "Codeword placement in matrix", "Data masking"
 */
export function readCodewords({ size, isDark }: QrModules, { version, mask }: CodeFormat): Uint8Array {
  const purposes = purposesOf(version);
  const isMasked = masks[mask] as (row: number, column: number) => boolean;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const purpose = purposes[row * size + column];
      if ((purpose === LIGHT && isDark(row, column)) || (purpose === DARK && !isDark(row, column))) throw new UnreadableCode('pattern');
    }
  }
  const codewords = new Uint8Array(Math.floor(purposes.reduce((count, purpose) => (purpose === DATA ? count + 1 : count), 0) / 8));
  let placed = 0;
  let upwards = true;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    // Column 6 is the timing line: pairs of columns step over it.
    const pair = right === 6 ? 5 : right;
    for (let step = 0; step < size; step += 1) {
      const row = upwards ? size - 1 - step : step;
      for (let column = pair; column >= pair - 1; column -= 1) {
        if (purposes[row * size + column] !== DATA) continue;
        // The last bits, which fill no codeword, carry nothing.
        const word = placed >> 3;
        if (word < codewords.length && isDark(row, column) !== isMasked(row, column)) codewords[word] = (codewords[word] as number) | (0x80 >> (placed & 7));
        placed += 1;
      }
    }
    upwards = !upwards;
  }
  return codewords;
}
