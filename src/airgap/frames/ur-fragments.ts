import { sha256 } from '@noble/hashes/sha2.js';

/*
 * Which fragments a part of a multi-part UR mixes. Both sides must draw exactly the same, so everything here follows the guide
 * to the letter, down to the order in which the generator is asked. @see BCR-2024-001, "The Consensus Stack"
 */

/** xoshiro256**, on halves of its four 64-bit words, since numbers hold 53 bits and big integers are ten times slower. */
export class Xoshiro256 {
  /** Halves of what was drawn last. */
  high = 0;
  low = 0;
  /** High and low halves in turn. */
  private readonly s: Uint32Array;

  /** @param seed any bytes; the state is their SHA-256, big-endian */
  constructor(seed: Uint8Array) {
    const digest = sha256(seed);
    const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
    this.s = Uint32Array.from({ length: 8 }, (_, index) => view.getUint32(4 * index));
  }

  /** Draws the next 64 bits into `high` and `low`. */
  next(): void {
    const s = this.s;
    const [s0h, s0l, s1h, s1l, s2h, s2l, s3h, s3l] = s as unknown as [number, number, number, number, number, number, number, number];
    // result = rotl(s1 * 5, 7) * 9
    const fiveLow = s1l * 5;
    const fiveHigh = (s1h * 5 + Math.floor(fiveLow / 0x1_0000_0000)) >>> 0;
    const fiveLowWord = fiveLow >>> 0;
    const turnedHigh = ((fiveHigh << 7) | (fiveLowWord >>> 25)) >>> 0;
    const turnedLow = ((fiveLowWord << 7) | (fiveHigh >>> 25)) >>> 0;
    const nineLow = turnedLow * 9;
    this.high = (turnedHigh * 9 + Math.floor(nineLow / 0x1_0000_0000)) >>> 0;
    this.low = nineLow >>> 0;
    // The state goes on.
    const shiftedHigh = (s1h << 17) | (s1l >>> 15);
    const shiftedLow = s1l << 17;
    const a2h = s2h ^ s0h;
    const a2l = s2l ^ s0l;
    const a3h = s3h ^ s1h;
    const a3l = s3l ^ s1l;
    s[2] = s1h ^ a2h;
    s[3] = s1l ^ a2l;
    s[0] = s0h ^ a3h;
    s[1] = s0l ^ a3l;
    s[4] = a2h ^ shiftedHigh;
    s[5] = a2l ^ shiftedLow;
    // rotl(s3, 45) = rotl by 32 (the halves change places) and by 13.
    s[6] = (a3l << 13) | (a3h >>> 19);
    s[7] = (a3h << 13) | (a3l >>> 19);
  }

  /** The next number, evenly spread over [0, 1): 64 bits rounded to a double, as the reference does. */
  nextDouble(): number {
    this.next();
    return (this.high * 0x1_0000_0000 + this.low) / 0x1_0000_0000_0000_0000;
  }

  /** A whole number from `low` to `high`, both included. */
  nextInt(low: number, high: number): number {
    return Math.floor(this.nextDouble() * (high - low + 1)) + low;
  }
}

/** Draws positions with given weights in constant time: Vose's alias method. @see BCR-2024-001, "Random Sampler" */
export class RandomSampler {
  private readonly odds: Float64Array;
  private readonly aliases: Uint32Array;

  constructor(weights: readonly number[]) {
    const count = weights.length;
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const scaled = weights.map((weight) => (weight * count) / sum);
    this.odds = new Float64Array(count);
    this.aliases = new Uint32Array(count);
    const small: number[] = [];
    const large: number[] = [];
    for (let index = count - 1; index >= 0; index -= 1) ((scaled[index] as number) < 1 ? small : large).push(index);
    while (small.length > 0 && large.length > 0) {
      const less = small.pop() as number;
      const more = large.pop() as number;
      this.odds[less] = scaled[less] as number;
      this.aliases[less] = more;
      scaled[more] = (scaled[more] as number) + (scaled[less] as number) - 1;
      ((scaled[more] as number) < 1 ? small : large).push(more);
    }
    // What is left over is 1 but for rounding.
    for (const index of [...large, ...small]) this.odds[index] = 1;
  }

  next(random: Xoshiro256): number {
    const first = random.nextDouble();
    const second = random.nextDouble();
    const index = Math.floor(this.odds.length * first);
    return second < (this.odds[index] as number) ? index : (this.aliases[index] as number);
  }
}

/** The first `count` of the positions 0 to `total` - 1 in the order of the guide's shuffle. */
export function shuffledStart(total: number, count: number, random: Xoshiro256): number[] {
  const remaining = Array.from({ length: total }, (_, index) => index);
  return Array.from({ length: count }, () => remaining.splice(random.nextInt(0, remaining.length - 1), 1)[0] as number);
}

/** Says for each part of one message which fragments it mixes. */
export class FragmentChooser {
  private readonly count: number;
  private readonly checksum: number;
  private degrees: RandomSampler | null = null;

  /** @param count fragments of the message @param checksum CRC-32 of the message */
  constructor(count: number, checksum: number) {
    this.count = count;
    this.checksum = checksum;
  }

  /** @param sequence from 1: the first `count` parts are the fragments themselves @returns positions from 0 */
  fragmentsOf(sequence: number): readonly number[] {
    if (sequence <= this.count) return [sequence - 1];
    const seed = new Uint8Array(8);
    const view = new DataView(seed.buffer);
    view.setUint32(0, sequence);
    view.setUint32(4, this.checksum);
    const random = new Xoshiro256(seed);
    this.degrees ??= new RandomSampler(Array.from({ length: this.count }, (_, index) => 1 / (index + 1)));
    return shuffledStart(this.count, this.degrees.next(random) + 1, random);
  }
}

/**
 * Length of the fragments of a message: the longest that fits, so even that the last is not much shorter.
 * @see BCR-2024-001, "Determining Fragment Length"
 */
export function fragmentBytesFor(messageBytes: number, maxFragmentBytes: number): number {
  return Math.ceil(messageBytes / Math.ceil(messageBytes / maxFragmentBytes));
}
