import { failed } from '../entropy/system-entropy.ts';

/** Fresh random bytes of the system, as an effect: nothing in here makes randomness of its own. */
export type RandomSource = (length: number) => Uint8Array;

/** Shorter readings may well be all one byte. */
const LEAST_JUDGED = 8;

/**
 * Bytes of a source that at least answers. The source's health is judged where it is read; this stands against a source
 * that gives too few bytes or a block of one value, which would make shares that hide nothing.
 * @throws StrongroomError `entropy.source-failed`
 */
export function takeRandom(random: RandomSource, length: number): Uint8Array {
  const bytes = random(length);
  if (bytes.length !== length) throw failed('runtime', 'length');
  if (length >= LEAST_JUDGED && bytes.every((byte) => byte === bytes[0])) throw failed('runtime', 'stuck');
  return bytes;
}
