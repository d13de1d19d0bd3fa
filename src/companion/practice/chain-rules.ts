import { feeRateFromSatPerKvb, type FeeRate } from '../../domain/fee-rate.ts';

/**
 * The numbers by which the practice network plays. Consensus and standard relay policy are those of Bitcoin Core 29
 * unless a line says otherwise; only proof of work is left out.
 */

/** Stands in every block hash, so that no practice block is one of another chain. */
export const GENESIS_LABEL = 'strongroom-practice-1';

/** Blocks until a block reward can be spent (consensus `COINBASE_MATURITY`). */
export const COINBASE_MATURITY = 100;
const HALVING_INTERVAL = 210_000;
const FIRST_SUBSIDY_SATS = 5_000_000_000n;

/** New money of the block at a height, satoshis. The genesis block pays nobody. */
export function subsidyAt(height: number): bigint {
  const halvings = Math.floor(height / HALVING_INTERVAL);
  return height === 0 || halvings >= 64 ? 0n : FIRST_SUBSIDY_SATS >> BigInt(halvings);
}

/** Below this locktime is a height, from it on a time in seconds (consensus `LOCKTIME_THRESHOLD`). */
export const LOCKTIME_THRESHOLD = 500_000_000;

export const MAX_BLOCK_WEIGHT = 4_000_000;
/** The heaviest transaction that nodes relay. */
export const MAX_STANDARD_WEIGHT = 400_000;
/** The least size without witness: 64 bytes could pose as a node of the merkle tree (CVE-2017-12842). */
export const MIN_STANDARD_BASE_BYTES = 65;
export const MAX_STANDARD_SCRIPT_SIG_BYTES = 1_650;
export const MAX_STANDARD_WITNESS_SCRIPT_BYTES = 3_600;
/** Data outputs: one, of at most this length with its opcode. */
export const MAX_OP_RETURN_BYTES = 83;
export const MAX_ANCESTORS = 25;
export const MAX_DESCENDANTS = 25;
/** How many transactions one replacement may drive out (BIP125, rule 5). */
export const MAX_REPLACED = 100;

/** The least rate that is relayed, and by which a replacement must pay for its own relay. */
export const MIN_RELAY_RATE: FeeRate = feeRateFromSatPerKvb(1_000n);
/** Above this rate a node takes the fee for a mistake: 0.1 BTC a kilobyte. */
export const MAX_BROADCAST_RATE: FeeRate = feeRateFromSatPerKvb(10_000_000n);
