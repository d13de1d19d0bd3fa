import { describe, expect, test } from 'vitest';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { contextOf, honestPsbt, signedAs, testWallet } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const [alice, bob, carol] = wallet.keys;
const review = (psbt: Psbt, key = alice) => reviewPsbt(encodePsbt(psbt), contextOf(wallet, key));

describe('an honest spend', () => {
  test('is ready, and says what it pays, what comes back and what it costs', () => {
    const reviewed = review(honestPsbt({ wallet }));
    expect(reviewed.findings).toEqual([]);
    expect(reviewed).toMatchObject({
      verdict: 'ready', psbtVersion: 0, network: 'regtest', walletIds: ['test-2-of-3-regtest-1'],
      inputsSats: 2_000_000n, paymentsSats: 1_500_000n, changeSats: 499_000n, feeSats: 1_000n, feeBasisPoints: 6n,
      quorum: { required: 2, total: 3, signed: [], thisKey: alice?.fingerprint, stillNeeded: 2 },
    });
    expect(reviewed.payments).toEqual([{ index: 0, address: 'bcrt1qxvenxvenxvenxvenxvenxvenxvenxvcptjld29', scriptHex: '00143333333333333333333333333333333333333301', amountSats: 1_500_000n, to: null }]);
    expect(reviewed.change).toMatchObject([{ index: 1, amountSats: 499_000n, branch: 1, childIndex: 7 }]);
    expect(reviewed.inputs).toMatchObject([
      { index: 0, amountSats: 1_000_000n, proof: 'previous-transaction', branch: 0, childIndex: 0, signedBy: [] },
      { index: 1, amountSats: 1_000_000n, proof: 'previous-transaction', branch: 0, childIndex: 5, signedBy: [] },
    ]);
  });

  test('names who has signed; a second signature completes the quorum', () => {
    const once = signedAs(honestPsbt({ wallet }), wallet, bob!);
    expect(review(once).quorum).toMatchObject({ signed: [bob?.fingerprint], stillNeeded: 1 });
    expect(review(once, bob).findings.map((finding) => finding.code)).toEqual(['quorum.already-signed']);
    const twice = signedAs(once, wallet, carol!);
    expect(review(twice).findings.map((finding) => finding.code)).toEqual(['quorum.complete']);
    expect(review(twice).quorum).toMatchObject({ signed: [bob?.fingerprint, carol?.fingerprint], stillNeeded: 0 });
  });
});
