import { codesOf, codeLengths } from './huffman-code.ts';

/** @see RFC 1951, 3.2.5: base and extra bits of lengths and distances */
const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const MIN_MATCH = 3;
const MAX_MATCH = 258;
const END_OF_BLOCK = 256;
const BLOCK_SYMBOLS = 16_384;
/** How many earlier places are tried for a match; a good match ends the search. */
const MAX_TRIES = 128;
const GOOD_MATCH = 64;
const HASH_BITS = 15;

/** Position in LENGTH_BASE of each length from 3, and in DISTANCE_BASE of a distance. */
const lengthSlots = Uint8Array.from({ length: MAX_MATCH + 1 }, (_, length) => Math.max(0, LENGTH_BASE.findLastIndex((base) => base <= length)));
const distanceSlot = (distance: number): number => {
  if (distance <= 4) return distance - 1;
  const bits = 31 - Math.clz32(distance - 1);
  return 2 * bits + (((distance - 1) >>> (bits - 1)) & 1);
};

/**
 * Deflates into a raw stream (no header, no checksum): codes of its own for each block, or stored where that is shorter.
 * @param windowBytes how far back it may refer: 32,768 at most; a reader with less memory needs less (BBQr: 1,024)
 * @see RFC 1951
 */
export function deflateRaw(bytes: Uint8Array, windowBytes = 32_768): Uint8Array {
  const output = new BitWriter(bytes.length);
  const symbols = matchesOf(bytes, windowBytes);
  let start = 0;
  let covered = 0;
  do {
    const end = Math.min(symbols.length, start + BLOCK_SYMBOLS);
    let size = 0;
    for (let index = start; index < end; index += 1) size += Math.max(1, (symbols[index] as number) >>> 16);
    writeBlock(output, symbols.subarray(start, end), bytes.subarray(covered, covered + size), end === symbols.length);
    covered += size;
    start = end;
  } while (start < symbols.length);
  return output.bytes();
}

/** What the bytes are made of: literals as themselves, matches as their length in the upper half and their distance in the lower. */
function matchesOf(bytes: Uint8Array, windowBytes: number): Uint32Array {
  const symbols = new Uint32Array(bytes.length);
  // The last places of each hash of three bytes, as chains.
  const heads = new Int32Array(1 << HASH_BITS).fill(-1);
  const previous = new Int32Array(bytes.length);
  const hashAt = (at: number): number => (Math.imul(((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number), 0x9e37_79b1) >>> (32 - HASH_BITS));
  const enter = (at: number): void => {
    if (at + MIN_MATCH > bytes.length) return;
    const hash = hashAt(at);
    previous[at] = heads[hash] as number;
    heads[hash] = at;
  };
  let bestDistance = 0;
  const longest = (at: number): number => {
    if (at + MIN_MATCH > bytes.length) return 0;
    const most = Math.min(MAX_MATCH, bytes.length - at);
    let best = MIN_MATCH - 1;
    let tries = MAX_TRIES;
    for (let candidate = heads[hashAt(at)] as number; candidate >= 0 && at - candidate <= windowBytes && tries > 0; candidate = previous[candidate] as number, tries -= 1) {
      if (bytes[candidate + best] !== bytes[at + best]) continue;
      let length = 0;
      while (length < most && bytes[candidate + length] === bytes[at + length]) length += 1;
      if (length <= best) continue;
      best = length;
      bestDistance = at - candidate;
      if (length >= GOOD_MATCH || length === most) break;
    }
    // Three bytes from far away take more bits than they save.
    return best < MIN_MATCH || (best === MIN_MATCH && bestDistance > 4096) ? 0 : best;
  };
  let count = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = longest(at);
    const distance = bestDistance;
    enter(at);
    // Lazy: a longer match that begins one byte later is worth a literal.
    if (length === 0 || (length < GOOD_MATCH && longest(at + 1) > length)) {
      symbols[count++] = bytes[at] as number;
      at += 1;
      continue;
    }
    symbols[count++] = length * 0x1_0000 + distance;
    for (let index = 1; index < length; index += 1) enter(at + index);
    at += length;
  }
  return symbols.subarray(0, count);
}

function writeBlock(output: BitWriter, symbols: Uint32Array, content: Uint8Array, isLast: boolean): void {
  const literalCounts = new Array<number>(286).fill(0);
  const distanceCounts = new Array<number>(30).fill(0);
  const count = (counts: number[], symbol: number): void => {
    counts[symbol] = (counts[symbol] as number) + 1;
  };
  for (const symbol of symbols) {
    if (symbol < 256) count(literalCounts, symbol);
    else {
      count(literalCounts, 257 + (lengthSlots[symbol >>> 16] as number));
      count(distanceCounts, distanceSlot(symbol & 0xffff));
    }
  }
  count(literalCounts, END_OF_BLOCK);
  // Readers differ on codes of one distance: two are always made.
  const own = { literals: codeLengths(literalCounts, 15), distances: codeLengths(distanceCounts.filter((times) => times > 0).length < 2 ? distanceCounts.map((times, slot) => (slot < 2 ? times + 1 : times)) : distanceCounts, 15) };
  const table = tableOf(own.literals, own.distances);
  const sizeWith = (lengths: Lengths): number => 3
    + literalCounts.reduce((sum, times, symbol) => sum + times * ((lengths.literals[symbol] as number) + (symbol > END_OF_BLOCK ? (LENGTH_EXTRA[symbol - 257] as number) : 0)), 0)
    + distanceCounts.reduce((sum, times, slot) => sum + times * ((lengths.distances[slot] as number) + (DISTANCE_EXTRA[slot] as number)), 0);
  const ownBits = sizeWith(own) + table.bits;
  const fixedBits = sizeWith(FIXED);
  if (Math.min(ownBits, fixedBits) >= 8 * content.length + 40 * Math.max(1, Math.ceil(content.length / 65_535))) {
    writeStored(output, content, isLast);
    return;
  }
  output.bits(isLast ? 1 : 0, 1);
  output.bits(ownBits < fixedBits ? 2 : 1, 2);
  if (ownBits < fixedBits) table.write(output);
  writeSymbols(output, symbols, ownBits < fixedBits ? own : FIXED);
}

interface Lengths {
  readonly literals: readonly number[];
  readonly distances: readonly number[];
}

/** The codes that both sides have without a table, which small contents do not pay for. @see RFC 1951, 3.2.6 */
const FIXED: Lengths = { literals: [...Array<number>(144).fill(8), ...Array<number>(112).fill(9), ...Array<number>(24).fill(7), ...Array<number>(8).fill(8)], distances: Array<number>(30).fill(5) };

function writeSymbols(output: BitWriter, symbols: Uint32Array, lengths: Lengths): void {
  const literals = codesOf(lengths.literals);
  const distances = codesOf(lengths.distances);
  const literal = (symbol: number): void => output.bits(literals[symbol] as number, lengths.literals[symbol] as number);
  for (const symbol of symbols) {
    if (symbol < 256) {
      literal(symbol);
      continue;
    }
    const length = symbol >>> 16;
    const lengthSlot = lengthSlots[length] as number;
    literal(257 + lengthSlot);
    output.bits(length - (LENGTH_BASE[lengthSlot] as number), LENGTH_EXTRA[lengthSlot] as number);
    const distance = symbol & 0xffff;
    const slot = distanceSlot(distance);
    output.bits(distances[slot] as number, lengths.distances[slot] as number);
    output.bits(distance - (DISTANCE_BASE[slot] as number), DISTANCE_EXTRA[slot] as number);
  }
  literal(END_OF_BLOCK);
}

function writeStored(output: BitWriter, content: Uint8Array, isLast: boolean): void {
  let start = 0;
  do {
    const part = content.subarray(start, start + 65_535);
    start += part.length;
    output.bits(isLast && start >= content.length ? 1 : 0, 1);
    output.bits(0, 2);
    output.alignedBytes(Uint8Array.of(part.length & 0xff, part.length >>> 8, ~part.length & 0xff, (~part.length >>> 8) & 0xff));
    output.alignedBytes(part);
  } while (start < content.length);
}

/** How the codes of a block are written: lengths, run by run, in a code of their own. @see RFC 1951, 3.2.7 */
function tableOf(literalLengths: readonly number[], distanceLengths: readonly number[]): { readonly bits: number; write(output: BitWriter): void } {
  const literals = literalLengths.slice(0, Math.max(257, literalLengths.findLastIndex((length) => length > 0) + 1));
  const distances = distanceLengths.slice(0, distanceLengths.findLastIndex((length) => length > 0) + 1);
  const runs = runsOf([...literals, ...distances]);
  const counts = new Array<number>(19).fill(0);
  for (const { symbol } of runs) counts[symbol] = (counts[symbol] as number) + 1;
  const lengths = codeLengths(counts, 7);
  const codes = codesOf(lengths);
  const shown = Math.max(4, CODE_LENGTH_ORDER.findLastIndex((symbol) => (lengths[symbol] as number) > 0) + 1);
  return {
    bits: 14 + 3 * shown + runs.reduce((sum, { symbol, extraBits }) => sum + (lengths[symbol] as number) + extraBits, 0),
    write(output) {
      output.bits(literals.length - 257, 5);
      output.bits(distances.length - 1, 5);
      output.bits(shown - 4, 4);
      for (const symbol of CODE_LENGTH_ORDER.slice(0, shown)) output.bits(lengths[symbol] as number, 3);
      for (const { symbol, extra, extraBits } of runs) {
        output.bits(codes[symbol] as number, lengths[symbol] as number);
        output.bits(extra, extraBits);
      }
    },
  };
}

interface Run {
  readonly symbol: number;
  readonly extra: number;
  readonly extraBits: number;
}

function runsOf(lengths: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < lengths.length; ) {
    const length = lengths[at] as number;
    let repeats = 1;
    while (lengths[at + repeats] === length) repeats += 1;
    at += repeats;
    if (length > 0) {
      runs.push({ symbol: length, extra: 0, extraBits: 0 });
      repeats -= 1;
    }
    while (repeats >= 3) {
      const taken = Math.min(repeats, length > 0 ? 6 : 138);
      if (length > 0) runs.push({ symbol: 16, extra: taken - 3, extraBits: 2 });
      else runs.push(taken <= 10 ? { symbol: 17, extra: taken - 3, extraBits: 3 } : { symbol: 18, extra: taken - 11, extraBits: 7 });
      repeats -= taken;
    }
    for (; repeats > 0; repeats -= 1) runs.push({ symbol: length, extra: 0, extraBits: 0 });
  }
  return runs;
}

/** Bits from the lowest up, as deflate packs them. */
class BitWriter {
  private buffer: Uint8Array;
  private length = 0;
  private held = 0;
  private heldBits = 0;

  constructor(expectedBytes: number) {
    this.buffer = new Uint8Array(expectedBytes + 64);
  }

  bits(value: number, count: number): void {
    this.held |= value << this.heldBits;
    this.heldBits += count;
    while (this.heldBits >= 8) {
      this.byte(this.held & 0xff);
      this.held >>>= 8;
      this.heldBits -= 8;
    }
  }

  alignedBytes(bytes: Uint8Array): void {
    if (this.heldBits > 0) this.bits(0, 8 - this.heldBits);
    for (const byte of bytes) this.byte(byte);
  }

  bytes(): Uint8Array {
    if (this.heldBits > 0) this.bits(0, 8 - this.heldBits);
    return this.buffer.slice(0, this.length);
  }

  private byte(value: number): void {
    if (this.length === this.buffer.length) {
      const larger = new Uint8Array(2 * this.buffer.length);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer[this.length++] = value;
  }
}
