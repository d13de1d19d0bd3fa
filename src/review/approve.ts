import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { FindingCode } from './finding.ts';
import type { Review } from './review.ts';
import { isGenuineReview } from './review-psbt.ts';

declare const approved: unique symbol;

/**
 * A person's yes to exactly these bytes: all that `signPsbt` accepts. Made by `approve` alone; an object that merely looks
 * like one is refused at run time by `requireApproval`.
 */
export interface Approval {
  readonly [approved]: true;
  /** SHA-256 of the bytes, hex. */
  readonly reviewId: string;
  /** A copy of the bytes that were reviewed; each reading gives a new one, so nobody can alter them. */
  readonly psbtBytes: Uint8Array;
  readonly review: Review;
}

const approvals = new WeakSet<object>();

/**
 * Approves a transaction for signing.
 * @param review made by `reviewPsbt` in this process
 * @param psbtBytes the bytes that are to be signed
 * @param acknowledged codes of the findings that a person judged; others than those of the review do no harm
 * @throws StrongroomError `review.stale` when the bytes are not those of the review, or the review was not made by
 * `reviewPsbt`; `review.refused`; `review.not-acknowledged`
 */
export function approve(review: Review, psbtBytes: Uint8Array, acknowledged: readonly FindingCode[]): Approval {
  const bytes = new Uint8Array(psbtBytes);
  if (!isGenuineReview(review) || toHex(sha256(bytes)) !== review.reviewId) throw stale();
  const refusals = codesOf(review, 'refuse');
  if (review.verdict === 'refused' || refusals.length > 0) {
    throw new StrongroomError('review.refused', `The review refuses this transaction: ${refusals.join(', ')}.`, { codes: refusals.join(', ') }, 'Read the findings; each says what to do next.');
  }
  const missing = codesOf(review, 'acknowledge').filter((code) => !acknowledged.includes(code));
  if (missing.length > 0) {
    throw new StrongroomError('review.not-acknowledged', `These findings need a person's judgement first: ${missing.join(', ')}.`, { codes: missing.join(', ') }, 'Read each finding and acknowledge it, or have the transaction made again.');
  }
  const approval = Object.freeze({
    reviewId: review.reviewId,
    get psbtBytes() {
      return bytes.slice();
    },
    review,
  }) as Approval;
  approvals.add(approval);
  return approval;
}

/**
 * Passes an approval that `approve` made in this process.
 * @throws StrongroomError `review.stale` for any other object
 */
export function requireApproval(approval: Approval): Approval {
  // SECURITY: the type alone is no proof; a cast or a structured clone gives an object of the same shape.
  if (!approvals.has(approval)) throw stale();
  return approval;
}

const codesOf = (review: Review, severity: 'refuse' | 'acknowledge'): FindingCode[] =>
  [...new Set(review.findings.filter((finding) => finding.severity === severity).map((finding) => finding.code))];

function stale(): StrongroomError {
  return new StrongroomError('review.stale', 'The bytes to be signed are not those that were reviewed.', {}, 'Review the file again, then sign it.');
}
