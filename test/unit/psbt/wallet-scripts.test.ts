import { describe, expect, test } from 'vitest';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { toHex } from '../../../src/domain/bytes.ts';
import { singleKeyScripts, walletScripts, type WalletScript } from '../../../src/domain/wallet-script.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { expectedVsize, walletInputWeight } from '../../../src/psbt/expected-size.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { contextOf, honestPsbt, signedAs, testWallet, type TestWallet } from '../support/psbt-builder.ts';

const quorumOf = (script: WalletScript): readonly [number, number] => ((singleKeyScripts as readonly string[]).includes(script) ? [1, 1] : [2, 3]);
const walletOf = (script: WalletScript): TestWallet => testWallet(...quorumOf(script), 'regtest', 1, script);
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

describe.each(walletScripts.map((script) => ({ script })))('a wallet of $script', ({ script }) => {
  const wallet = walletOf(script);
  const [required] = quorumOf(script);
  const unsigned = honestPsbt({ wallet });

  test('an honest spend is ready, its change proven and its inputs recognised', () => {
    const review = reviewPsbt(encodePsbt(unsigned), contextOf(wallet));
    expect(review.findings).toEqual([]);
    expect(review).toMatchObject({ verdict: 'ready', feeSats: 1000n, changeSats: 499_000n, paymentsSats: 1_500_000n });
    expect(review.change).toMatchObject([{ branch: 1, childIndex: 7 }]);
    expect(review.inputs).toMatchObject([{ branch: 0, childIndex: 0, proof: 'previous-transaction' }, { branch: 0, childIndex: 5 }]);
  });

  test('the same without any field that hints at the wallet', () => {
    const bare = { ...unsigned, inputs: unsigned.inputs.map(({ redeemScript, witnessScript, ...input }) => ({ ...input, bip32Derivations: [], otherFields: [] })) };
    expect(reviewPsbt(encodePsbt(bare), contextOf(wallet))).toMatchObject({ verdict: 'ready', inputs: [{ childIndex: 0 }, { childIndex: 5 }] });
  });

  test('is signed, combined in either order, finalized and extracted, of the size that was foreseen', () => {
    const signed = wallet.keys.slice(-required).map((key) => decodePsbt(encodePsbt(signedAs(unsigned, wallet, key))));
    for (const psbt of signed) expect(reviewPsbt(encodePsbt(psbt), contextOf(wallet)).verdict).toBe('ready');
    const { psbt: combined, quorum } = combinePsbts(signed, wallet.deriver);
    expect(toHex(encodePsbt(combinePsbts(signed.toReversed(), wallet.deriver).psbt))).toBe(toHex(encodePsbt(combined)));
    expect(quorum).toMatchObject({ stillNeeded: 0, signed: wallet.keys.slice(-required).map((key) => key.fingerprint) });
    expect(reviewPsbt(encodePsbt(combined), contextOf(wallet)).findings.map((finding) => finding.code)).toContain('quorum.complete');
    const final = finalizePsbt(combined, wallet.deriver);
    const extracted = extractTransaction(decodePsbt(encodePsbt(final)) as typeof final);
    const foreseen = expectedVsize(unsigned.transaction, unsigned.inputs.map(() => walletInputWeight(wallet.wallet)));
    // The builder's signatures are not ground to a low r: up to a byte more each, seldom less; legacy inputs alone need no marker.
    expect(Math.abs(extracted.vsizeVb - foreseen)).toBeLessThanOrEqual(2 * required + 2);
    // Signatures are found again in the final scripts.
    const again = combinePsbts([{ ...unsigned, inputs: final.inputs }], wallet.deriver);
    expect(again.quorum.stillNeeded).toBe(0);
    expect(extractTransaction(finalizePsbt(again.psbt, wallet.deriver)).txid).toBe(extracted.txid);
    expect(Transaction.fromBuffer(extracted.bytes).getId()).toBe(extracted.txid);
  });

  test('fewer signatures than the quorum are not finalized', () => {
    const signed = required === 1 ? unsigned : signedAs(unsigned, wallet, wallet.keys[0] as TestWallet['keys'][number]);
    expect(() => finalizePsbt(combinePsbts([signed], wallet.deriver).psbt, wallet.deriver)).toThrow(code('psbt.incomplete'));
  });

  test('a signature over another amount is refused', () => {
    const other = honestPsbt({ wallet, payments: [{ scriptPubKey: wallet.deriver.derive(0, 9).scriptPubKey, amountSats: 1_499_999n }] });
    const stray = { ...unsigned, inputs: signedAs(other, wallet, wallet.keys[0] as TestWallet['keys'][number]).inputs };
    expect(reviewPsbt(encodePsbt(stray), contextOf(wallet)).findings.map((finding) => finding.code)).toContain('signature.invalid');
    expect(() => combinePsbts([stray], wallet.deriver)).toThrow(code('psbt.signature-invalid'));
  });
});
