import { equalBytes } from '../../domain/bytes.ts';
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

// Of 64 chance bytes about 57 are different; fewer than 32, or one byte six times in a row, or half of the bytes equal to
// those some places earlier each happen less than once in 10^12 reads.
const LEAST_DISTINCT = 32;
const LONGEST_RUN = 5;

/**
 * Refuses readings that show a stuck or broken source. There is no way on from here: a key is not made from what is left.
 * @throws StrongroomError `entropy.source-failed`
 */
export function requireHealthy(readings: readonly SystemReading[]): void {
  if (!readings.some((reading) => reading.source === 'runtime')) throw failed('runtime', 'missing');
  const seen: Uint8Array[] = [];
  for (const { source, first, second } of readings) {
    for (const bytes of [first, second]) {
      if (bytes.length !== SYSTEM_READ_BYTES) throw failed(source, 'length');
      if (isStuck(bytes)) throw failed(source, 'stuck');
      // Two sources or two reads never give the same bytes by chance.
      if (seen.some((earlier) => equalBytes(earlier, bytes))) throw failed(source, 'repeated');
      seen.push(bytes);
    }
  }
}

function isStuck(bytes: Uint8Array): boolean {
  if (new Set(bytes).size < LEAST_DISTINCT) return true;
  let run = 1;
  for (let index = 1; index < bytes.length; index += 1) {
    run = bytes[index] === bytes[index - 1] ? run + 1 : 1;
    if (run > LONGEST_RUN) return true;
  }
  // A counter, or a constant step of any width: the differences of neighbours are all one value.
  const steps = new Set(Array.from(bytes.subarray(1), (byte, index) => (byte - (bytes[index] as number)) & 0xff));
  return steps.size < LEAST_DISTINCT / 2;
}

/** What is wrong, and with which source; never a byte of it. */
export const failed = (source: SystemSourceName, reason: 'missing' | 'length' | 'stuck' | 'repeated' | 'unreadable'): StrongroomError =>
  new StrongroomError('entropy.source-failed', `The system's random source "${source}" failed its check (${reason}). No key was made.`, { source, reason }, 'Restart this machine and try again. If it repeats, make no keys on it.');
