/** How an attacked spend is judged: exactly the findings that it must give, and no signature. */
import { sha256 } from '@noble/hashes/sha2.js';
import { expect } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { approve, type Approval } from '../../../src/review/approve.ts';
import { findingCatalog, type FindingCode } from '../../../src/review/finding.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import type { Review } from '../../../src/review/review.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import type { Attack, Attacked } from './attack.ts';
import type { HonestSpend } from './honest.ts';

/** What is found and refuses or needs judgement, each code once. */
export const codesThatCount = (review: Review): FindingCode[] => [...new Set(review.findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code))].sort();

const isRefusal = (code: FindingCode): boolean => findingCatalog[code].severity === 'refuse';
const refusalOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'nothing: it was done';
};

/** What an attacked file came to. */
export interface Judged {
  readonly found: readonly FindingCode[];
  readonly verdict: Review['verdict'];
  /** Error codes of an attempt to approve it, and to sign it with something that only looks like an approval. */
  readonly approving: string;
  readonly signing: string;
}

export function judge({ spend }: Attacked): { readonly bytes: Uint8Array; readonly judged: Judged } {
  const bytes = encodePsbt(spend.psbt);
  const review = reviewPsbt(bytes, spend.context);
  const lookalike = { reviewId: review.reviewId, psbtBytes: bytes, review: { ...review, verdict: 'ready', findings: [] } } as unknown as Approval;
  const refuses = review.verdict === 'refused';
  return {
    bytes,
    judged: {
      found: codesThatCount(review),
      verdict: review.verdict,
      // A refusal cannot be acknowledged away; a judgement can, so there nobody acknowledges.
      approving: refusalOf(() => approve(review, bytes, refuses ? review.findings.map(({ code }) => code) : [])),
      signing: refusalOf(() => spend.sign(lookalike)),
    },
  };
}

/** What it must come to. */
export function expected(codes: readonly FindingCode[]): Judged {
  const refuses = codes.some(isRefusal);
  return { found: [...new Set(codes)].sort(), verdict: refuses ? 'refused' : 'judgement', approving: refuses ? 'review.refused' : 'review.not-acknowledged', signing: 'review.stale' };
}

/** Judges an attack, and tells its bytes from those of all others. */
export function expectFound(name: string, made: Attacked, seen: Set<string>): void {
  const { bytes, judged } = judge(made);
  expect({ name, ...judged }).toEqual({ name, ...expected(made.codes) });
  seen.add(toHex(sha256(bytes)));
}

/** Applies one attack after the other; `null` where one finds nothing to attack. */
export function pairOf(first: Attack, second: Attack, spend: HonestSpend, random: Random): Attacked | null {
  const once = first.apply(spend, random);
  const twice = once === null ? null : second.apply(once.spend, random);
  return once === null || twice === null ? null : { spend: twice.spend, codes: [...once.codes, ...twice.codes] };
}
