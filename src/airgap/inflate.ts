import { StrongroomError } from '../errors/strongroom-error.ts';
import { tooLargeTransfer } from './frames/frame-errors.ts';

/** @see RFC 1951, 3.2.5: base and extra bits of lengths and distances */
const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MAX_CODE_BITS = 15;

const malformed = (): StrongroomError =>
  new StrongroomError('frames.malformed', 'The compressed content of the QR frames is damaged.', {}, 'Scan all frames again.');

/** A canonical Huffman code: how many codes each length has, and the symbols in code order. */
interface Huffman {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

/** @throws StrongroomError `frames.malformed` for lengths that no prefix code has */
function huffman(lengths: readonly number[]): Huffman {
  const counts = new Array<number>(MAX_CODE_BITS + 1).fill(0);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  let left = 1;
  for (let bits = 1; bits <= MAX_CODE_BITS; bits += 1) {
    left = left * 2 - (counts[bits] as number);
    if (left < 0) throw malformed();
  }
  const symbols = lengths.map((length, symbol) => ({ length, symbol })).filter(({ length }) => length > 0)
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol).map(({ symbol }) => symbol);
  return { counts, symbols };
}

const fixedLiterals = huffman([...Array<number>(144).fill(8), ...Array<number>(112).fill(9), ...Array<number>(24).fill(7), ...Array<number>(8).fill(8)]);
const fixedDistances = huffman(Array<number>(30).fill(5));

/**
 * Inflates a raw deflate stream (no header, no checksum).
 * @param maxBytes where it stops: a small stream can expand a thousandfold
 * @throws StrongroomError `frames.malformed`; `frames.too-large` past `maxBytes`
 * @see RFC 1951
 */
export function inflateRaw(compressed: Uint8Array, maxBytes: number): Uint8Array {
  const input = new BitReader(compressed);
  let output = new Uint8Array(Math.min(maxBytes, Math.max(1024, compressed.length * 4)));
  let length = 0;
  const reserve = (more: number): void => {
    if (length + more > maxBytes) throw tooLargeTransfer('bytes once inflated', maxBytes);
    if (length + more <= output.length) return;
    const larger = new Uint8Array(Math.min(maxBytes, Math.max(output.length * 2, length + more)));
    larger.set(output);
    output = larger;
  };

  for (let last = false; !last; ) {
    last = input.bits(1) === 1;
    const kind = input.bits(2);
    if (kind === 0) {
      const stored = input.storedBlock();
      reserve(stored.length);
      output.set(stored, length);
      length += stored.length;
      continue;
    }
    if (kind === 3) throw malformed();
    const { literals, distances } = kind === 1 ? { literals: fixedLiterals, distances: fixedDistances } : readCodes(input);
    for (;;) {
      const symbol = input.symbol(literals);
      if (symbol === 256) break;
      if (symbol < 256) {
        reserve(1);
        output[length++] = symbol;
        continue;
      }
      const copyLength = extended(input, LENGTH_BASE, LENGTH_EXTRA, symbol - 257);
      const distance = extended(input, DISTANCE_BASE, DISTANCE_EXTRA, input.symbol(distances));
      if (distance > length) throw malformed();
      reserve(copyLength);
      // Byte by byte: a copy may overlap what it writes.
      for (let count = 0; count < copyLength; count += 1, length += 1) output[length] = output[length - distance] as number;
    }
  }
  return output.slice(0, length);
}

function extended(input: BitReader, bases: readonly number[], extras: readonly number[], position: number): number {
  const base = bases[position];
  if (base === undefined) throw malformed();
  return base + input.bits(extras[position] as number);
}

/** The codes of a block with its own. @see RFC 1951, 3.2.7 */
function readCodes(input: BitReader): { readonly literals: Huffman; readonly distances: Huffman } {
  const literalCount = input.bits(5) + 257;
  const distanceCount = input.bits(5) + 1;
  const codeCount = input.bits(4) + 4;
  const codeLengths = new Array<number>(19).fill(0);
  for (const symbol of CODE_LENGTH_ORDER.slice(0, codeCount)) codeLengths[symbol] = input.bits(3);
  const lengthCode = huffman(codeLengths);
  const lengths: number[] = [];
  while (lengths.length < literalCount + distanceCount) {
    const symbol = input.symbol(lengthCode);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    const previous = symbol === 16 ? lengths.at(-1) : 0;
    const repeats = symbol === 16 ? 3 + input.bits(2) : symbol === 17 ? 3 + input.bits(3) : 11 + input.bits(7);
    if (previous === undefined || lengths.length + repeats > literalCount + distanceCount) throw malformed();
    for (let count = 0; count < repeats; count += 1) lengths.push(previous);
  }
  return { literals: huffman(lengths.slice(0, literalCount)), distances: huffman(lengths.slice(literalCount)) };
}

class BitReader {
  private readonly bytes: Uint8Array;
  private offset = 0;
  private buffer = 0;
  private available = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  bits(count: number): number {
    while (this.available < count) {
      const byte = this.bytes[this.offset++];
      if (byte === undefined) throw malformed();
      this.buffer |= byte << this.available;
      this.available += 8;
    }
    const value = this.buffer & ((1 << count) - 1);
    this.buffer >>>= count;
    this.available -= count;
    return value;
  }

  symbol(code: Huffman): number {
    let value = 0;
    let first = 0;
    let position = 0;
    for (let length = 1; length <= MAX_CODE_BITS; length += 1) {
      value |= this.bits(1);
      const count = code.counts[length] as number;
      if (value - first < count) return code.symbols[position + value - first] as number;
      position += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    throw malformed();
  }

  /** @see RFC 1951, 3.2.4 */
  storedBlock(): Uint8Array {
    this.buffer = 0;
    this.available = 0;
    const length = this.bits(16);
    if ((this.bits(16) ^ 0xffff) !== length || this.offset + length > this.bytes.length) throw malformed();
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }
}
