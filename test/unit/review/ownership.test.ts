/** What may be called change, what is a destination at all, and what a hostile file may cost. */
import { expect, test } from 'vitest';
import { concat, parseHex } from '../../../src/domain/bytes.ts';
import type { DerivationPath } from '../../../src/domain/derivation-path.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { contextOf, honestPsbt, testWallet } from '../support/psbt-builder.ts';

const treasury = testWallet(2, 3);
const pettyCash = testWallet(1, 2, 'regtest', 20);
const wallets = [treasury, pettyCash];
const review = (psbt: Psbt) => reviewPsbt(encodePsbt(psbt), contextOf(treasury, treasury.keys[0]!, { wallets }));

/** Inputs and outputs of two honest spends in one transaction. */
function merged(first: Psbt, second: Psbt): Psbt {
  // Clones, so that what a test alters is altered here only.
  const transaction = first.transaction.clone();
  const added = second.transaction.clone();
  transaction.ins.push(...added.ins);
  transaction.outs.push(...added.outs);
  return { ...first, transaction, inputs: [...first.inputs, ...second.inputs], outputs: [...first.outputs, ...second.outputs] };
}

test('money that moves to another registered wallet is a payment, not change', () => {
  const moved = { scriptPubKey: pettyCash.deriver.derive(1, 0).scriptPubKey, amountSats: 1_999_000n };
  const reviewed = review(honestPsbt({ wallet: treasury, payments: [moved], change: null }));
  expect(reviewed).toMatchObject({ paymentsSats: 1_999_000n, changeSats: 0n, change: [] });
  expect(reviewed.payments).toMatchObject([{ index: 0, address: pettyCash.deriver.derive(1, 0).address, amountSats: 1_999_000n }]);
});

test('a wallet that gets back more than it put in is paid, even when it spends too', () => {
  const ours = honestPsbt({ wallet: treasury, payments: [], change: { branch: 1, index: 7, amountSats: 100_000n } });
  const theirs = honestPsbt({ wallet: pettyCash, inputs: [{ branch: 0, index: 3, amountSats: 10_000n }], payments: [], change: { branch: 1, index: 0, amountSats: 9_000n } });
  const greedy = merged(ours, theirs);
  greedy.transaction.outs[1]!.value = 1_900_000n;
  expect(review(greedy)).toMatchObject({ paymentsSats: 1_900_000n, changeSats: 100_000n, change: [{ index: 0, walletId: treasury.walletId }], payments: [{ index: 1 }] });
  expect(review(merged(ours, theirs))).toMatchObject({ paymentsSats: 0n, changeSats: 109_000n });
});

test('a taproot output whose key is no point has no address, can never be spent, and is refused', () => {
  const noPoint = parseHex(`5120${'ff'.repeat(32)}`);
  const reviewed = review(honestPsbt({ wallet: treasury, payments: [{ scriptPubKey: noPoint, amountSats: 1_500_000n }] }));
  expect(reviewed.verdict).toBe('refused');
  expect(reviewed.findings.map((finding) => finding.code)).toEqual(['output.nonstandard']);
  expect(reviewed.payments[0]?.address).toBeNull();
});

test('a flood of false origins of this key is refused without deriving each', () => {
  const { fingerprint, reviewKey } = treasury.keys[0]!;
  let derived = 0;
  const thisKey = { fingerprint, publicKeyAt: (path: DerivationPath) => { derived += 1; return reviewKey.publicKeyAt(path); } };
  const stranger = (input: number, at: number): Uint8Array => concat(Uint8Array.of(2, input, at), new Uint8Array(30).fill(7));
  const honest = honestPsbt({ wallet: treasury, inputs: Array.from({ length: 40 }, (_, index) => ({ branch: 0 as const, index, amountSats: 1_000_000n })) });
  const flooded: Psbt = {
    ...honest,
    inputs: honest.inputs.map((input, index) => ({ ...input, bip32Derivations: Array.from({ length: 15 }, (_, at) => ({ publicKey: stranger(index, at), masterFingerprint: fingerprint, path: [index, at, 0, 0] })) })),
  };
  const reviewed = reviewPsbt(encodePsbt(flooded), { wallets, network: 'regtest', thisKey });
  expect(reviewed.findings.filter((finding) => finding.code === 'input.origin-lie')).toHaveLength(40);
  expect(derived).toBeLessThan(120);
});
