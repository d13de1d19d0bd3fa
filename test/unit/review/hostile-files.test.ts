/** Properties of the review over damaged files: nothing but named errors, and no quiet change of what is paid. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as v from 'valibot';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { ReviewReport } from '../../../src/host/wire.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { readPsbtFile } from '../../../src/airgap/psbt-file.ts';
import { toReviewReport } from '../../../src/review/review-report.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import type { Review } from '../../../src/review/review.ts';
import { contextOf, honestPsbt, signedAs, testWallet } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const files = [encodePsbt(honestPsbt({ wallet })), encodePsbt(signedAs(honestPsbt({ wallet, oneFunding: true }), wallet, wallet.keys[1]!))];
const context = contextOf(wallet);
const spendOf = (review: Review): string => JSON.stringify([review.payments, review.change, review.inputsSats, review.feeSats], (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
const honest = files.map((bytes) => spendOf(reviewPsbt(bytes, context)));

test('any byte of a file changed: a named error, a refusal, or a review that shows what really would be paid', () => {
  fc.assert(fc.property(fc.nat({ max: files.length - 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, at, change) => {
    const bytes = files[which] as Uint8Array;
    const altered = bytes.map((byte, position) => (position === at % bytes.length ? byte ^ change : byte));
    let review: Review;
    try {
      review = reviewPsbt(readPsbtFile(altered), context);
    } catch (error) {
      expect(error).toBeInstanceOf(StrongroomError);
      return;
    }
    expect(v.safeParse(ReviewReport, toReviewReport(review)).success).toBe(true);
    if (review.verdict === 'refused' || spendOf(review) === honest[which]) return;
    // Only a change of the unsigned transaction itself can pay differently and still be shown: outputs as they now are.
    expect(review.inputs.every((input) => input.proof === 'previous-transaction')).toBe(true);
    expect(review.inputsSats - review.paymentsSats - review.changeSats).toBe(review.feeSats);
    expect(review.inputsSats).toBe(2_000_000n);
    // A file that held a valid signature no longer verifies once anything that is paid has changed.
    expect(which).toBe(0);
  }), { numRuns: 400 });
});

test('several bytes changed: the same', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 2, maxLength: 6 }), (changes) => {
    const altered = (files[1] as Uint8Array).slice();
    for (const [at, byte] of changes) altered[at % altered.length] = byte;
    try {
      const review = reviewPsbt(altered, context);
      expect(review.verdict === 'refused' || spendOf(review) === honest[1]).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(StrongroomError);
    }
  }), { numRuns: 200 });
});

test('a key that throws for every path makes findings, not faults', () => {
  const broken = { fingerprint: wallet.keys[0]!.fingerprint, publicKeyAt: (): Uint8Array => { throw new Error('no such child'); } };
  const review = reviewPsbt(files[0] as Uint8Array, { ...context, thisKey: broken });
  expect(review.findings.map((finding) => finding.code)).toEqual(['input.origin-lie', 'input.origin-lie', 'quorum.not-a-cosigner']);
});

test('without wallets and without a key every input is foreign and nothing throws', () => {
  const review = reviewPsbt(files[0] as Uint8Array, { wallets: [], network: 'regtest', thisKey: null });
  expect(review).toMatchObject({ verdict: 'refused', walletIds: [], quorum: { required: 0, total: 0, thisKey: null } });
  expect(review.findings.map((finding) => finding.code)).toEqual(['input.foreign', 'input.foreign', 'change.fraud']);
});

test('a batch of 300 inputs of one previous transaction and 300 payments is reviewed within seconds', () => {
  const inputs = Array.from({ length: 300 }, (_, index) => ({ branch: 0 as const, index, amountSats: 100_000n }));
  const payments = Array.from({ length: 300 }, (_, index) => ({ scriptPubKey: Uint8Array.from([0, 20, ...new Uint8Array(18).fill(5), index >> 8, index & 255]), amountSats: 90_000n }));
  const psbt = honestPsbt({ wallet, inputs, payments, change: { branch: 1, index: 0, amountSats: 2_900_000n }, oneFunding: true });
  const bytes = encodePsbt(signedAs(psbt, wallet, wallet.keys[2]!));
  const started = performance.now();
  const review = reviewPsbt(bytes, context);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(review).toMatchObject({ verdict: 'ready', feeSats: 100_000n, quorum: { signed: [wallet.keys[2]!.fingerprint], stillNeeded: 1 } });
});
