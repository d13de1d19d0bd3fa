import { expect, test } from 'vitest';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { approve, requireApproval, type Approval } from '../../../src/review/approve.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { contextOf, honestPsbt, strangerScript, testWallet } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const code = (text: string) => expect.objectContaining({ code: text });
const ready = encodePsbt(honestPsbt({ wallet }));
const costly = encodePsbt(honestPsbt({ wallet, payments: [{ scriptPubKey: strangerScript(), amountSats: 10_000n }], change: { branch: 1, index: 7, amountSats: 1_980_000n } }));
const refused = encodePsbt({ ...honestPsbt({ wallet }), inputs: honestPsbt({ wallet }).inputs.map(({ nonWitnessUtxo: _, ...input }) => input) });
const review = (bytes: Uint8Array) => reviewPsbt(bytes, contextOf(wallet));

test('a ready transaction is approved for exactly its bytes', () => {
  const approval = approve(review(ready), ready, []);
  expect(approval.reviewId).toBe(review(ready).reviewId);
  expect(approval.psbtBytes).toEqual(ready);
  expect(requireApproval(approval)).toBe(approval);
});

test('other bytes than those of the review are stale', () => {
  const altered = ready.map((byte, at) => (at === ready.length - 1 ? byte ^ 1 : byte));
  expect(() => approve(review(ready), altered, [])).toThrow(code('review.stale'));
});

test('what is refused cannot be approved, whatever is acknowledged', () => {
  expect(() => approve(review(refused), refused, ['input.prevtx-missing'])).toThrow(expect.objectContaining({ code: 'review.refused', details: { codes: 'input.prevtx-missing' } }));
});

test('all that refuses or waits for a judgement is named, each code once', () => {
  const honest = honestPsbt({ wallet });
  const transaction = honest.transaction.clone();
  transaction.version = 9;
  const twice = encodePsbt({ ...honest, transaction, inputs: honest.inputs.map(({ nonWitnessUtxo: _, ...input }) => input) });
  expect(() => approve(review(twice), twice, [])).toThrow(expect.objectContaining({ code: 'review.refused', details: { codes: 'tx.version, input.prevtx-missing' } }));
  const waiting = encodePsbt(honestPsbt({ wallet, locktime: 900_000, inputs: [{ branch: 0, index: 0, amountSats: 2_000_000n, sequence: 1 }, { branch: 0, index: 1, amountSats: 1000n, sequence: 1 }] }));
  expect(() => approve(review(waiting), waiting, [])).toThrow(expect.objectContaining({ code: 'review.not-acknowledged', details: { codes: 'locktime.future, sequence.relative' } }));
  expect(() => approve(review(waiting), waiting, ['sequence.relative'])).toThrow(expect.objectContaining({ code: 'review.not-acknowledged', details: { codes: 'locktime.future' } }));
});

test('every finding that needs judgement must be acknowledged by its code', () => {
  expect(review(costly).verdict).toBe('judgement');
  expect(() => approve(review(costly), costly, [])).toThrow(expect.objectContaining({ code: 'review.not-acknowledged', details: { codes: 'fee.high' } }));
  expect(() => approve(review(costly), costly, ['fee.below-relay'])).toThrow(code('review.not-acknowledged'));
  expect(approve(review(costly), costly, ['fee.high', 'fee.below-relay']).reviewId).toBe(review(costly).reviewId);
});

test('a review that was not made here is refused, and a genuine one cannot be changed', () => {
  const genuine = review(refused);
  expect(() => approve({ ...genuine, verdict: 'ready', findings: [] }, refused, [])).toThrow(code('review.stale'));
  expect(() => { (genuine as { verdict: string }).verdict = 'ready'; }).toThrow(TypeError);
  expect(() => { (genuine.findings as unknown[]).length = 0; }).toThrow(TypeError);
});

test('an approval that approve() did not make is refused at run time', () => {
  const genuine = approve(review(ready), ready, []);
  expect(() => requireApproval({ ...genuine } as Approval)).toThrow(code('review.stale'));
  expect(() => requireApproval(structuredClone({ reviewId: genuine.reviewId }) as unknown as Approval)).toThrow(code('review.stale'));
});

test('the approved bytes are out of reach: neither the caller\'s array nor a reader can alter them', () => {
  const bytes = ready.slice();
  const approval = approve(review(bytes), bytes, []);
  bytes.fill(0);
  approval.psbtBytes.fill(0);
  expect(approval.psbtBytes).toEqual(ready);
});
