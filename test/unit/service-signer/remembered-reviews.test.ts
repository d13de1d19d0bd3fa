import { expect, test } from 'vitest';
import { RememberedReviews } from '../../../src/service/signer/remembered-reviews.ts';

const remembered = (reviewId: string) => ({ reviewId, psbtFileBase64: '', registrations: [], furtherKeyHandles: [] });
const stale = expect.objectContaining({ code: 'review.stale' });

test('eight reviews are kept, each of which may hold 24 MiB; the oldest goes first', () => {
  const reviews = new RememberedReviews();
  for (let number = 0; number < 9; number += 1) reviews.remember('key', remembered(String(number)));
  expect(() => reviews.recall('key', '0')).toThrow(stale);
  expect(reviews.recall('key', '1').reviewId).toBe('1');
  reviews.remember('key', remembered('1'));
  reviews.remember('key', remembered('9'));
  expect(reviews.recall('key', '1').reviewId).toBe('1');
  expect(() => reviews.recall('key', '2')).toThrow(stale);
});

test('the reviews of one key are forgotten with it, those of another are kept', () => {
  const reviews = new RememberedReviews();
  reviews.remember('a', remembered('1'));
  reviews.remember('ab', remembered('1'));
  reviews.forget('a');
  expect(() => reviews.recall('a', '1')).toThrow(stale);
  expect(reviews.recall('ab', '1').reviewId).toBe('1');
});
