import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import type { Random } from './random.ts';

/** One door of the program that takes what a stranger wrote. */
export interface Target {
  readonly name: string;
  /** Inputs of each round of a process; dear targets get fewer. */
  readonly share: number;
  /** The longest input that is made by mutation. */
  readonly maxBytes: number;
  /** Honest and published inputs to begin with. */
  readonly seeds: () => readonly Uint8Array[];
  /** Another input near `input`. The same for the same state of `random`. */
  readonly mutate: (input: Uint8Array, other: Uint8Array, random: Random) => Uint8Array;
  /**
   * Gives the input to the program and judges what comes back.
   * @returns whether the program took it
   * @throws whatever is no refusal by a named error: a finding
   */
  readonly run: (input: Uint8Array) => boolean;
}

/** What came back contradicts what went in, or another program. The message is fixed text: findings are told apart by it. */
export class OracleBroken extends Error {
  override readonly name = 'OracleBroken';
}

export function expectThat(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new OracleBroken(rule);
}

/** What `read` gives, or `undefined` where it refuses with an error of the catalog. Anything else that it throws passes through. */
export function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof StrongroomError) return undefined;
    throw error;
  }
}

/** Equal bytes, compared by the system: the program's own comparison would cost more than what is tested. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && Buffer.compare(a, b) === 0;
