import { StrongroomError } from '../../errors/strongroom-error.ts';

/** A review with the very file that it was made from. */
interface Remembered {
  readonly reviewId: string;
  /** As it came in: the process that signs reads it again, and compares its hash with the review's. */
  readonly psbtFileBase64: string;
}

/** A cosigner's review, with the registrations that it was made with. */
export interface RememberedReview extends Remembered {
  readonly registrations: string[];
  /** Keys that sign in the same step. */
  readonly furtherKeyHandles: readonly string[];
}

/** The most reviews that are kept: each may hold 24 MiB. */
const MOST_REVIEWS = 8;

/** What was reviewed, by key and review id, so that signing names a review and never brings bytes of its own. */
export class RememberedReviews<Kept extends Remembered = RememberedReview> {
  readonly #reviews = new Map<string, Kept>();

  remember(keyHandle: string, remembered: Kept): void {
    const name = nameOf(keyHandle, remembered.reviewId);
    this.#reviews.delete(name);
    this.#reviews.set(name, remembered);
    const [oldest] = this.#reviews.keys();
    if (this.#reviews.size > MOST_REVIEWS && oldest !== undefined) this.#reviews.delete(oldest);
  }

  /** @throws StrongroomError `review.stale` when this key reviewed no such bytes, or too long ago */
  recall(keyHandle: string, reviewId: string): Kept {
    const remembered = this.#reviews.get(nameOf(keyHandle, reviewId));
    if (remembered === undefined) {
      throw new StrongroomError('review.stale', 'This transaction was not reviewed with this key in this session.', { reviewId }, 'Review the file again, then sign it.');
    }
    return remembered;
  }

  /** Forgets every review of a key. */
  forget(keyHandle: string): void {
    for (const name of [...this.#reviews.keys()]) {
      if (name.startsWith(`${keyHandle}/`)) this.#reviews.delete(name);
    }
  }
}

const nameOf = (keyHandle: string, reviewId: string): string => `${keyHandle}/${reviewId}`;
