import { feeRateFromSatPerKvb, type FeeRate } from '../../domain/fee-rate.ts';
import type { PracticeChain } from './practice-chain.ts';

const RECENT_BLOCKS = 6;
/** The practice network has no market: what one mistaken fee did to it must not make the next one dear. */
const CEILING_SAT_PER_KVB = 20_000n;

/** Even an empty network answers with rates that differ by haste, as people will meet them. sat/kvB. */
const floorFor = (targetBlocks: number): bigint => (targetBlocks <= 2 ? 5_000n : targetBlocks <= 6 ? 3_000n : targetBlocks <= 24 ? 2_000n : 1_000n);

/**
 * A rate for confirmation within some blocks: the middle of what recent blocks and the mempool pay where that is more
 * than the floor for the haste. Deterministic for one state of the chain.
 */
export function estimateFeeRate(chain: PracticeChain, targetBlocks: number): FeeRate {
  const waiting = chain.mempool.entries().map(({ feeSats, practice }) => (feeSats * 1_000n) / BigInt(practice.vsizeVb));
  const rates = [...chain.recentFeeRates(RECENT_BLOCKS), ...waiting].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const floor = floorFor(targetBlocks);
  const middle = rates[Math.floor(rates.length / 2)] ?? 0n;
  // Whoever can wait a day does not pay what those in haste do.
  const market = targetBlocks <= 6 ? middle : 0n;
  const capped = market > CEILING_SAT_PER_KVB ? CEILING_SAT_PER_KVB : market;
  return feeRateFromSatPerKvb(capped > floor ? capped : floor);
}
