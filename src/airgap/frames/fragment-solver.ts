import { wrongChecksum } from './frame-errors.ts';

/** A sum of fragments, reduced: its own fragment and others that have no row yet. */
interface Row {
  /** Bit of each fragment that it sums. */
  readonly mask: Uint32Array;
  readonly data: Uint32Array;
  /** Whether its own fragment is all that is left: then it is known. */
  isAlone: boolean;
}

/**
 * Recovers fragments from sums (exclusive or) of some of them: Gaussian elimination as the sums come in. It needs as many frames
 * as are mathematically needed, where a decoder that only peels single fragments off often waits for more.
 *
 * It never holds more rows than there are fragments, so its memory is that of the message and the square of their number in
 * bits; what a frame costs is bounded by the same.
 */
export class FragmentSolver {
  private readonly count: number;
  private readonly words: number;
  private readonly dataWords: number;
  private readonly fragmentBytes: number;
  private readonly rows: (Row | undefined)[];
  private found = 0;

  constructor(count: number, fragmentBytes: number) {
    this.count = count;
    this.fragmentBytes = fragmentBytes;
    this.words = (count + 31) >>> 5;
    this.dataWords = (fragmentBytes + 3) >>> 2;
    this.rows = new Array<Row | undefined>(count);
  }

  /** How many frames have told something new; the message is there when it equals the number of fragments. */
  get rank(): number {
    return this.found;
  }

  get isComplete(): boolean {
    return this.found === this.count;
  }

  /** Whether a fragment itself is known, not only sums that it is part of. */
  isKnown(fragment: number): boolean {
    return this.rows[fragment]?.isAlone === true;
  }

  /**
   * Takes the sum of some fragments.
   * @returns whether it told anything new
   * @throws StrongroomError `frames.checksum` when it contradicts what is known; nothing of it is taken
   */
  add(fragments: readonly number[], sum: Uint8Array): boolean {
    const mask = new Uint32Array(this.words);
    for (const fragment of fragments) mask[fragment >>> 5] = (mask[fragment >>> 5] as number) ^ (1 << (fragment & 31));
    const row: Row = { mask, data: this.wordsOf(sum), isAlone: false };
    // Rows hold no other row's own fragment: taking one out brings none of them back in.
    for (const fragment of fragments) {
      const known = this.rows[fragment];
      if (known !== undefined) addInto(row, known);
    }
    const own = lowestBit(row.mask);
    if (own < 0) {
      if (row.data.some((word) => word !== 0)) throw wrongChecksum('a frame against the others');
      return false;
    }
    const word = own >>> 5;
    const bit = 1 << (own & 31);
    row.isAlone = holdsOneBit(row.mask);
    for (const other of this.rows) {
      if (other === undefined || ((other.mask[word] as number) & bit) === 0) continue;
      addInto(other, row);
      other.isAlone = holdsOneBit(other.mask);
    }
    this.rows[own] = row;
    this.found += 1;
    return true;
  }

  /** The message, without what fills its last fragment up; only once `isComplete`. */
  message(messageBytes: number): Uint8Array {
    const message = new Uint8Array(messageBytes);
    for (let fragment = 0; fragment < this.count; fragment += 1) {
      const start = fragment * this.fragmentBytes;
      const { data } = this.rows[fragment] as Row;
      message.set(new Uint8Array(data.buffer, 0, Math.min(this.fragmentBytes, messageBytes - start)), start);
    }
    return message;
  }

  private wordsOf(bytes: Uint8Array): Uint32Array {
    const words = new Uint32Array(this.dataWords);
    new Uint8Array(words.buffer).set(bytes.subarray(0, this.fragmentBytes));
    return words;
  }
}

function addInto(target: Row, source: Row): void {
  for (let index = 0; index < target.mask.length; index += 1) target.mask[index] = (target.mask[index] as number) ^ (source.mask[index] as number);
  for (let index = 0; index < target.data.length; index += 1) target.data[index] = (target.data[index] as number) ^ (source.data[index] as number);
}

function holdsOneBit(mask: Uint32Array): boolean {
  let found = 0;
  for (let index = 0; index < mask.length; index += 1) {
    const word = mask[index] as number;
    if (word === 0) continue;
    if (found !== 0 || (word & (word - 1)) !== 0) return false;
    found = word;
  }
  return found !== 0;
}

function lowestBit(mask: Uint32Array): number {
  const word = mask.findIndex((value) => value !== 0);
  return word < 0 ? -1 : word * 32 + (31 - Math.clz32((mask[word] as number) & -(mask[word] as number)));
}

/** The sum of fragments of a message, the last of them filled up with zeros. */
export function sumOfFragments(message: Uint8Array, fragmentBytes: number, fragments: readonly number[]): Uint8Array {
  const sum = new Uint8Array(fragmentBytes);
  for (const fragment of fragments) {
    const start = fragment * fragmentBytes;
    const part = message.subarray(start, start + fragmentBytes);
    for (let index = 0; index < part.length; index += 1) sum[index] = (sum[index] as number) ^ (part[index] as number);
  }
  return sum;
}
