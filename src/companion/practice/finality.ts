import { LOCKTIME_THRESHOLD } from './chain-rules.ts';
import type { Coin, PracticeTransaction } from './practice-transaction.ts';

/** When a block would be: what locktimes are compared with. */
export interface BlockMoment {
  readonly height: number;
  /** Median time of the eleven blocks before it, seconds (BIP113). */
  readonly medianTimePast: number;
}

const FINAL_SEQUENCE = 0xffff_ffff;
const RELATIVE_DISABLED = 0x8000_0000;
const RELATIVE_IS_TIME = 0x0040_0000;
const RELATIVE_MASK = 0xffff;
/** Relative times count in units of 512 seconds. */
const RELATIVE_GRANULARITY = 9;

/** Whether the transaction's locktime lets it into a block. @see BIP65, BIP113; consensus `IsFinalTx` */
export function isFinal({ transaction }: PracticeTransaction, moment: BlockMoment): boolean {
  if (transaction.locktime === 0) return true;
  const limit = transaction.locktime < LOCKTIME_THRESHOLD ? moment.height : moment.medianTimePast;
  return transaction.locktime < limit || transaction.ins.every((input) => input.sequence === FINAL_SEQUENCE);
}

/**
 * Whether every relative lock of the inputs has passed.
 * @param coins the spent coins in input order; one in the mempool counts as if it were in the coming block
 * @param medianTimePastAt median time past of the block at a height
 * @see BIP68
 */
export function areRelativeLocksPassed(spending: PracticeTransaction, coins: readonly Coin[], moment: BlockMoment, medianTimePastAt: (height: number) => number): boolean {
  if (spending.transaction.version < 2) return true;
  return spending.inputs.every(({ sequence }, index) => {
    if ((sequence & RELATIVE_DISABLED) !== 0) return true;
    const value = sequence & RELATIVE_MASK;
    const coinHeight = coins[index]?.height ?? moment.height;
    if ((sequence & RELATIVE_IS_TIME) === 0) return moment.height >= coinHeight + value;
    const coinTime = medianTimePastAt(Math.max(coinHeight - 1, 0));
    return moment.medianTimePast >= coinTime + (value << RELATIVE_GRANULARITY);
  });
}
