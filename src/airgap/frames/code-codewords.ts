import { utf8 } from '../../domain/bytes.ts';
import { codeModeOf } from './code-capacity.ts';

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
/** Of low correction, versions 1 to 40: codewords of correction in a block, and blocks. @see ISO/IEC 18004, "Error correction characteristics" */
const PARITY = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25];

/** The field of 256 elements that corrections are computed in. */
const exponents = new Uint8Array(510);
const logarithms = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  exponents[power] = exponents[power + 255] = value;
  logarithms[value] = power;
  value = value & 0x80 ? (value << 1) ^ 0x11d : value << 1;
}
const generators = new Map<number, Uint8Array>();

/**
 * A text as the codewords of a code of low correction, data and correction of all blocks in turn.
 * @param totalCodewords that the version holds
 * @returns `null` when the text does not fit
 * @see ISO/IEC 18004
 */
export function codewordsOf(text: string, version: number, totalCodewords: number): Uint8Array | null {
  const parity = PARITY[version - 1] as number;
  const count = BLOCKS[version - 1] as number;
  const data = dataOf(text, version, totalCodewords - parity * count);
  if (data === null) return null;
  const shortLength = Math.floor(data.length / count);
  const longBlocks = data.length % count;
  const generator = generatorOf(parity);
  const all = new Uint8Array(totalCodewords);
  for (let block = 0, start = 0; block < count; block += 1) {
    const length = shortLength + (block >= count - longBlocks ? 1 : 0);
    const part = data.subarray(start, start + length);
    start += length;
    // The codeword that only long blocks have stands behind the others.
    for (let at = 0; at < length; at += 1) all[at < shortLength ? at * count + block : shortLength * count + block - (count - longBlocks)] = part[at] as number;
    const correction = correctionOf(part, generator);
    for (let at = 0; at < parity; at += 1) all[data.length + at * count + block] = correction[at] as number;
  }
  return all;
}

/** Mode, length, text, end, and what fills the rest. */
function dataOf(text: string, version: number, length: number): Uint8Array | null {
  const data = new Uint8Array(length);
  let at = 0;
  const put = (value: number, bits: number): void => {
    for (let bit = bits - 1; bit >= 0; bit -= 1, at += 1) if ((value >>> bit) & 1) data[at >>> 3] = (data[at >>> 3] as number) | (0x80 >>> (at & 7));
  };
  if (codeModeOf(text) === 'alphanumeric') {
    const countBits = version < 10 ? 9 : version < 27 ? 11 : 13;
    if (4 + countBits + 11 * (text.length >>> 1) + 6 * (text.length & 1) > 8 * length) return null;
    put(2, 4);
    put(text.length, countBits);
    for (let index = 0; index + 1 < text.length; index += 2) put(45 * ALPHANUMERIC.indexOf(text.charAt(index)) + ALPHANUMERIC.indexOf(text.charAt(index + 1)), 11);
    if (text.length & 1) put(ALPHANUMERIC.indexOf(text.charAt(text.length - 1)), 6);
  } else {
    const bytes = utf8(text);
    const countBits = version < 10 ? 8 : 16;
    if (4 + countBits + 8 * bytes.length > 8 * length) return null;
    put(4, 4);
    put(bytes.length, countBits);
    for (const byte of bytes) put(byte, 8);
  }
  at = Math.min(8 * length, at + 4);
  for (let index = (at + 7) >>> 3, filler = 0xec; index < length; index += 1, filler ^= 0xec ^ 0x11) data[index] = filler;
  return data;
}

/** Coefficients of the product of (x - 2^i), as logarithms, without the first, which is 1. */
function generatorOf(degree: number): Uint8Array {
  const known = generators.get(degree);
  if (known !== undefined) return known;
  let product = [1];
  for (let root = 0; root < degree; root += 1) {
    const next = new Array<number>(product.length + 1).fill(0);
    product.forEach((value, index) => {
      next[index] = (next[index] as number) ^ value;
      next[index + 1] = (next[index + 1] as number) ^ (value === 0 ? 0 : (exponents[(logarithms[value] as number) + root] as number));
    });
    product = next;
  }
  const generator = Uint8Array.from(product.slice(1), (value) => logarithms[value] as number);
  generators.set(degree, generator);
  return generator;
}

/** Remainder of the data, as a polynomial, divided by the generator. */
function correctionOf(data: Uint8Array, generator: Uint8Array): Uint8Array {
  const degree = generator.length;
  const work = new Uint8Array(data.length + degree);
  work.set(data);
  for (let at = 0; at < data.length; at += 1) {
    const lead = work[at] as number;
    if (lead === 0) continue;
    const power = logarithms[lead] as number;
    for (let index = 0; index < degree; index += 1) work[at + 1 + index] = (work[at + 1 + index] as number) ^ (exponents[power + (generator[index] as number)] as number);
  }
  return work.subarray(data.length);
}
