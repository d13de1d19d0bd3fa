import type { QrModules } from '../../airgap/qr-image.ts';
import { blocksOf } from './blocks.ts';
import { readCodewords, readFormat, UnreadableCode } from './codewords.ts';

/**
 * The text of a code from its modules, or `null` where anything at all is wrong with it.
 *
 * This reader shares nothing with the code that draws, and unlike a camera's it forgives nothing: function patterns, format,
 * version and parity must be right in every bit, and the level must be Q or H. A reader that corrects errors would also pass
 * a code that has lost its reserve before it was ever printed.
 *
 * @see ISO/IEC 18004, "Decoding procedure overview"
 */
export function readCode(modules: QrModules): string | null {
  try {
    const format = readFormat(modules);
    const codewords = readCodewords(modules, format);
    const { parity, blocks } = blocksOf(format.version, format.correction, codewords.length);
    const data: number[] = [];
    for (const block of blocks) {
      const words = block.map((index) => codewords[index] as number);
      if (!hasParity(words, parity)) throw new UnreadableCode('parity');
      data.push(...words.slice(0, -parity));
    }
    return textOf(data, format.version);
  } catch (fault) {
    if (fault instanceof UnreadableCode) return null;
    throw fault;
  }
}

// GF(256) with the polynomial of QR codes.
const powers = new Uint8Array(255);
const logarithms = new Uint8Array(256);
for (let index = 0, value = 1; index < 255; index += 1) {
  powers[index] = value;
  logarithms[value] = index;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}

/** True when the block is divisible by the generator polynomial: all its syndromes are zero. */
function hasParity(words: readonly number[], parity: number): boolean {
  for (let root = 0; root < parity; root += 1) {
    let sum = 0;
    for (const word of words) sum = (sum === 0 ? 0 : (powers[((logarithms[sum] as number) + root) % 255] as number)) ^ word;
    if (sum !== 0) return false;
  }
  return true;
}

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

class BitReader {
  private at = 0;
  private readonly bytes: readonly number[];

  constructor(bytes: readonly number[]) {
    this.bytes = bytes;
  }


  get left(): number {
    return this.bytes.length * 8 - this.at;
  }
  take(count: number): number {
    if (count > this.left) throw new UnreadableCode('short');
    let value = 0;
    for (let index = 0; index < count; index += 1, this.at += 1) value = value * 2 + (((this.bytes[this.at >> 3] as number) >> (7 - (this.at & 7))) & 1);
    return value;
  }
}

/** The segments' text. Codes on paper hold printable ASCII, so bytes above it are a fault. */
function textOf(data: readonly number[], version: number): string {
  const bits = new BitReader(data);
  const sizeClass = version < 10 ? 0 : version < 27 ? 1 : 2;
  let text = '';
  while (bits.left >= 4) {
    const mode = bits.take(4);
    if (mode === 0) return text;
    if (mode === 1) text += numericText(bits, bits.take([10, 12, 14][sizeClass] as number));
    else if (mode === 2) text += alphanumericText(bits, bits.take([9, 11, 13][sizeClass] as number));
    else if (mode === 4) text += byteText(bits, bits.take(sizeClass === 0 ? 8 : 16));
    else throw new UnreadableCode('mode');
  }
  return text;
}

function numericText(bits: BitReader, count: number): string {
  let text = '';
  for (let left = count; left > 0; left -= 3) {
    const digits = Math.min(3, left);
    text += String(bits.take([4, 7, 10][digits - 1] as number)).padStart(digits, '0');
  }
  return text;
}

function alphanumericText(bits: BitReader, count: number): string {
  let text = '';
  for (let left = count; left > 0; left -= 2) {
    const value = bits.take(left === 1 ? 6 : 11);
    const characters = left === 1 ? [value] : [Math.floor(value / 45), value % 45];
    for (const character of characters) {
      const found = ALPHANUMERIC[character];
      if (found === undefined) throw new UnreadableCode('character');
      text += found;
    }
  }
  return text;
}

function byteText(bits: BitReader, count: number): string {
  let text = '';
  for (let index = 0; index < count; index += 1) {
    const byte = bits.take(8);
    if (byte < 0x20 || byte > 0x7e) throw new UnreadableCode('character');
    text += String.fromCharCode(byte);
  }
  return text;
}
