import { networkOfGenesis, type NetworkName } from '../../domain/network.ts';
import { hashAsNumber, targetOfBits, type BlockHeader } from './block-header.ts';
import { falseProof } from './refusals.ts';

/** What a network demands of its block headers, as far as headers alone can show it. */
export interface HeaderRules {
  readonly network: NetworkName;
  /** The easiest target there is. */
  readonly limitBits: number;
  /** `period`: changes every 2,016 blocks and never between; `loose`: blocks of least work may come between; `none`: never changes. */
  readonly retargets: 'period' | 'loose' | 'none';
  /** The least difficulty that a header may state from a height on; ordered by height. */
  readonly leastDifficulty: readonly (readonly [fromHeight: number, difficulty: bigint])[];
}

export const RETARGET_BLOCKS = 2_016;
const RETARGET_SECONDS = 14 * 24 * 3600;
/** The target of difficulty 1. */
const DIFFICULTY_ONE = 0xffffn << 208n;

/**
 * SECURITY: a header proves that somebody spent work, not that it is in the chain. So that a proof is not cheap, each header must
 * state about a fourth at least of the difficulty that mainnet had around its height: a fall of the network's power by three fourths
 * stays possible, a forged header costs what a block costs.
 */
const mainnetDifficulty = [
  [0, 1n], [100_000, 3_000n], [200_000, 600_000n], [300_000, 2_000_000_000n], [400_000, 40_000_000_000n], [500_000, 450_000_000_000n],
  [600_000, 3_000_000_000_000n], [700_000, 4_000_000_000_000n], [800_000, 13_000_000_000_000n], [850_000, 20_000_000_000_000n], [900_000, 28_000_000_000_000n],
] as const;

const rules: readonly HeaderRules[] = [
  { network: 'mainnet', limitBits: 0x1d00ffff, retargets: 'period', leastDifficulty: mainnetDifficulty },
  // A block that comes 20 minutes late may be of least work (the same on testnet4, BIP94).
  { network: 'testnet3', limitBits: 0x1d00ffff, retargets: 'loose', leastDifficulty: [] },
  { network: 'testnet4', limitBits: 0x1d00ffff, retargets: 'loose', leastDifficulty: [] },
  // Blocks are signed besides; headers do not show it (BIP325).
  { network: 'signet', limitBits: 0x1e0377ae, retargets: 'period', leastDifficulty: [] },
  { network: 'regtest', limitBits: 0x207fffff, retargets: 'none', leastDifficulty: [] },
];

/** The rules of the network whose first block this is, or `null`: headers of other chains (scrypt) are not proven here. */
export function rulesOfGenesis(hash: string): HeaderRules | null {
  const network = networkOfGenesis(hash);
  return network === null ? null : (rules.find((each) => each.network === network) ?? null);
}

/**
 * That a header has the work it states, and states as much as its height demands.
 * @throws StrongroomError `node.proof`
 */
export function requireWork(header: BlockHeader, height: number, { limitBits, leastDifficulty }: HeaderRules): void {
  const target = targetOfBits(header.bits);
  const limit = targetOfBits(limitBits) as bigint;
  const least = leastDifficulty.findLast(([fromHeight]) => height >= fromHeight)?.[1] ?? null;
  if (target === null || target > limit || (least !== null && target > DIFFICULTY_ONE / least)) throw falseProof('difficulty', { height });
  if (hashAsNumber(header.hash) > target) throw falseProof('work', { height });
}

/**
 * The target that follows a period of 2,016 blocks.
 * @param firstTime of its first block, seconds
 * @param lastTime of its last block
 * @see Bitcoin Core, `CalculateNextWorkRequired`: the span is one block short, and always was
 */
export function nextTarget(bits: number, firstTime: number, lastTime: number, limitBits: number): bigint {
  const limit = targetOfBits(limitBits) as bigint;
  const span = Math.min(Math.max(lastTime - firstTime, RETARGET_SECONDS / 4), RETARGET_SECONDS * 4);
  const target = ((targetOfBits(bits) ?? limit) * BigInt(span)) / BigInt(RETARGET_SECONDS);
  return target > limit ? limit : target;
}
