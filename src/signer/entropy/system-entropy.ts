import { StrongroomError } from '../../errors/strongroom-error.ts';

/** Where a system's random bytes come from: the runtime's generator, or the kernel's device read directly. */
export type SystemSourceName = 'runtime' | 'kernel';

/** Two reads, one after the other, from one of the system's sources. */
export interface SystemReading {
  readonly source: SystemSourceName;
  /** `SYSTEM_READ_BYTES` each. */
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

/** Twice what the longest key needs. */
export const SYSTEM_READ_BYTES = 64;

// Each of these limits is passed by chance less than once in 10^9 readings. Of 64 chance bytes about 57 are different.
const LEAST_DISTINCT = 32;
const LONGEST_RUN = 5;
const REPEATED_BLOCK_BYTES = 8;

/**
 * Refuses readings that show a stuck or broken source, or one that counts instead of drawing: constant steps of bytes or of
 * words in either byte order, congruential generators whose words come out whole, blocks that come again. A well-made
 * generator with a weak seed passes every such test; that is why a person's own entropy is demanded besides. There is no
 * way on from here: a key is not made from what is left.
 * @returns the names of the checks that were passed, such as `runtime/stuck`
 * @throws StrongroomError `entropy.source-failed`
 */
export function requireHealthy(readings: readonly SystemReading[]): readonly string[] {
  if (!readings.some((reading) => reading.source === 'runtime')) throw failed('runtime', 'missing');
  const seen: Uint8Array[] = [];
  for (const { source, first, second } of readings) {
    for (const bytes of [first, second]) {
      if (bytes.length !== SYSTEM_READ_BYTES) throw failed(source, 'length');
      if (isStuck(bytes)) throw failed(source, 'stuck');
      // Two sources or two reads never give the same block by chance.
      if (repeatsBlock(bytes, seen)) throw failed(source, 'repeated');
      seen.push(bytes);
    }
    if ([1, 2, 4, 8].some((width) => [true, false].some((little) => counts(wordsOf([first, second], width, little), width)))) throw failed(source, 'counter');
  }
  // The kernel's bytes come with the proof that they were read from its device: the reader refuses anything else.
  return readings.flatMap(({ source }) => [...(source === 'kernel' ? ['device'] : []), 'length', 'stuck', 'repeated', 'counter'].map((check) => `${source}/${check}`));
}

function isStuck(bytes: Uint8Array): boolean {
  if (new Set(bytes).size < LEAST_DISTINCT) return true;
  let run = 1;
  for (let index = 1; index < bytes.length; index += 1) {
    run = bytes[index] === bytes[index - 1] ? run + 1 : 1;
    if (run > LONGEST_RUN) return true;
  }
  return false;
}

/** Whether some eight bytes stand twice in a read, or in it and in an earlier one, at whatever places. */
function repeatsBlock(bytes: Uint8Array, earlier: readonly Uint8Array[]): boolean {
  const last = SYSTEM_READ_BYTES - REPEATED_BLOCK_BYTES;
  for (let place = 0; place <= last; place += 1) {
    for (let other = place + 1; other <= last; other += 1) if (sameBlock(bytes, place, bytes, other)) return true;
    for (const read of earlier) for (let other = 0; other <= last; other += 1) if (sameBlock(bytes, place, read, other)) return true;
  }
  return false;
}

function sameBlock(a: Uint8Array, placeInA: number, b: Uint8Array, placeInB: number): boolean {
  for (let byte = 0; byte < REPEATED_BLOCK_BYTES; byte += 1) if (a[placeInA + byte] !== b[placeInB + byte]) return false;
  return true;
}

/** Both reads as words of 1, 2, 4 or 8 bytes, in one row. */
function wordsOf(reads: readonly Uint8Array[], width: number, littleEndian: boolean): bigint[] {
  const words: bigint[] = [];
  for (const read of reads) {
    for (let place = 0; place + width <= read.length; place += width) {
      let word = 0n;
      for (let byte = 0; byte < width; byte += 1) word = (word << 8n) | BigInt(read[place + (littleEndian ? width - 1 - byte : byte)] as number);
      words.push(word);
    }
  }
  return words;
}

/** How often one step between neighbouring words may occur, by their width in bytes. */
const mostEqualSteps: Readonly<Record<number, number>> = { 1: 12, 2: 5, 4: 2, 8: 2 };

/** Whether words go up or down by one step again and again, or are those of a congruential generator. */
function counts(words: readonly bigint[], width: number): boolean {
  const steps = new Map<bigint, number>();
  for (let place = 1; place < words.length; place += 1) {
    const step = BigInt.asUintN(8 * width, (words[place] as bigint) - (words[place - 1] as bigint));
    steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  if (Math.max(...steps.values()) > (mostEqualSteps[width] as number)) return true;
  // x' = a x + c modulo a power of two: the lowest bit of x has a period of 2 at most, the next of 4, the next of 8.
  return [1, 2, 3].every((bits) => words.slice(1 << bits).every((word, place) => (word ^ (words[place] as bigint)) % BigInt(1 << bits) === 0n));
}

/** What is wrong, and with which source; never a byte of it. */
export const failed = (source: SystemSourceName, reason: 'missing' | 'length' | 'stuck' | 'counter' | 'repeated' | 'unreadable'): StrongroomError =>
  new StrongroomError('entropy.source-failed', `The system's random source "${source}" failed its check (${reason}). No key was made.`, { source, reason }, 'Restart this machine and try again. If it repeats, make no keys on it.');
