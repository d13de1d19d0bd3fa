import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalBytes, toHex } from '../../../src/domain/bytes.ts';
import { isQuorumScript, walletScripts, type WalletScript } from '../../../src/domain/wallet-script.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combineGoodPsbts, combinePsbts, type CombineContext } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import { versionOf } from '../../../src/psbt/payment-versions.ts';
import type { Psbt, PsbtInput } from '../../../src/psbt/psbt.ts';
import { isTapSignature } from '../../../src/psbt/taproot-fields.ts';
import { psbtOfTransaction } from '../../../src/psbt/transaction-reply.ts';
import { serializeTransaction, transactionId } from '../../../src/psbt/transaction.ts';
import { honestPsbt, signedAs, strangerScript, testWallet, type TestKey, type TestWallet } from '../support/psbt-builder.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const quorumOf = (script: WalletScript): readonly [number, number] => (isQuorumScript(script) ? [2, 3] : [1, 1]);
/** As another program would have written it: read anew, so that nothing is known of its arrays. */
const received = (psbt: Psbt): Psbt => decodePsbt(encodePsbt(psbt));
const hexOf = (psbt: Psbt): string => toHex(encodePsbt(psbt));
const withInput = (psbt: Psbt, index: number, change: (input: PsbtInput) => PsbtInput): Psbt => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
/** What Coldcard, SeedSigner and others give back: the transaction and the signatures, and nothing else. */
const signaturesOnly = (psbt: Psbt): Psbt => received({
  version: 0, transaction: psbt.transaction, globalFields: [],
  inputs: psbt.inputs.map(({ partialSignatures, otherFields }) => ({ partialSignatures, bip32Derivations: [], otherFields: otherFields.filter(isTapSignature) })),
  outputs: psbt.outputs.map(() => ({ bip32Derivations: [], otherFields: [] })),
});
const failure = (work: () => unknown): { readonly code: string; readonly message: string; readonly hint: string; readonly details: Record<string, unknown> } => {
  try {
    work();
  } catch (error) {
    return error as never;
  }
  throw new Error('nothing was refused');
};

describe.each(walletScripts.map((script) => ({ script })))('replies to a payment out of $script', ({ script }) => {
  const wallet = testWallet(...quorumOf(script), 'regtest', 1, script);
  const [required] = quorumOf(script);
  const { deriver } = wallet;
  const original = honestPsbt({ wallet });
  const signed = wallet.keys.map((key) => signedAs(original, wallet, key));
  const combined = (files: readonly Psbt[], context?: CombineContext): string => hexOf(combinePsbts(files.map(received), deriver, context).psbt);
  const all = combined(signed);
  const finalOf = (files: readonly Psbt[]) => finalizePsbt(combinePsbts(files.map(received), deriver, { original }).psbt, deriver);
  const transactionOf = (files: readonly Psbt[]): Uint8Array => extractTransaction(finalOf(files)).bytes;

  test('signatures alone give the same bytes as whole files, merged into the first file or into the original', () => {
    expect(combined([original, ...signed.map(signaturesOnly)])).toBe(all);
    expect(combined(signed.map(signaturesOnly), { original })).toBe(all);
    expect(combined([signed[0] as Psbt, ...signed.slice(1).map(signaturesOnly)])).toBe(all);
  });

  test('signatures alone, and no file that proves the amounts, are refused with the way out', () => {
    const refused = failure(() => combinePsbts(signed.map(signaturesOnly), deriver));
    expect(refused.code).toBe('psbt.input-unproven');
    expect(refused.hint).toContain('unsigned file');
  });

  test('a finalized file and the network transaction give their signatures up again', () => {
    const first = signed.slice(0, required);
    const expected = combined([original, ...first]);
    const final = finalOf(first);
    expect(combined([original, final])).toBe(expected);
    expect(combined([psbtOfTransaction(transactionOf(first))], { original })).toBe(expected);
    expect(toHex(transactionOf([psbtOfTransaction(transactionOf(first))]))).toBe(toHex(transactionOf(first)));
  });

  test('combining depends neither on order nor on portions, and twice is once', () => {
    const files = [original, ...signed, ...signed.map(signaturesOnly), finalOf(signed.slice(0, required)), psbtOfTransaction(transactionOf(signed.slice(-required)))].map(received);
    const whole = combined(files);
    expect(whole).toBe(all);
    fc.assert(fc.property(fc.shuffledSubarray(files, { minLength: files.length }), fc.integer({ min: 1, max: files.length - 1 }), (order, split) => {
      const portion = (part: readonly Psbt[]): Psbt => combinePsbts(part, deriver, { original }).psbt;
      const [a, b] = [portion(order.slice(0, split)), portion(order.slice(split))];
      expect(combined([a, b])).toBe(whole);
      expect(combined([b, a])).toBe(whole);
      expect(combined([a, b, a, ...order])).toBe(whole);
    }), { numRuns: 4 });
  });

  test('of two valid signatures of one key the same one is chosen everywhere', () => {
    const key = wallet.keys[0] as TestKey;
    const variants = [undefined, 1, 2, 3, 4].map((nonce) => received(signedAs(original, wallet, key, undefined, nonce === undefined ? undefined : new Uint8Array(32).fill(nonce))));
    const signatureIn = (psbt: Psbt): string => {
      const [input] = psbt.inputs as readonly [PsbtInput];
      return toHex(input.partialSignatures[0]?.signature ?? (input.otherFields.find(isTapSignature) as { value: Uint8Array }).value);
    };
    const least = variants.map(signatureIn).sort()[0];
    expect(new Set(variants.map(signatureIn)).size).toBe(5);
    for (const order of [variants, variants.toReversed(), [...variants.slice(2), ...variants.slice(0, 2)]]) {
      const { psbt, quorum } = combinePsbts(order, deriver);
      expect(signatureIn(psbt)).toBe(least);
      expect(quorum.signed).toEqual([key.fingerprint]);
      expect(psbt.inputs[0]?.partialSignatures.length === 1 || psbt.inputs[0]?.otherFields.filter(isTapSignature).length === 1).toBe(true);
    }
    const [one, two, three] = variants as [Psbt, Psbt, Psbt];
    expect(combined([combinePsbts([one, two], deriver).psbt, three])).toBe(combined([one, combinePsbts([three, two], deriver).psbt]));
  });

  test('an old signature in the current file is named as stale, a damaged one as invalid', () => {
    const old = honestPsbt({ wallet, change: { branch: 1, index: 7, amountSats: 499_500n } });
    const oldReply = signedAs(old, wallet, wallet.keys[0] as TestKey);
    const pasted = received({ ...original, inputs: oldReply.inputs });
    const versions = [versionOf(old, 'the one of Monday')];
    const refused = failure(() => combinePsbts([original, pasted], deriver, { versions, names: ['plan.psbt', 'alice.psbt'] }));
    expect(refused.code).toBe('psbt.signature-stale');
    expect(refused.details).toMatchObject({ index: 0, signer: (wallet.keys[0] as TestKey).fingerprint, file: 'alice.psbt', position: 2, txid: transactionId(old.transaction) });
    expect(refused.message).toContain('the one of Monday');
    expect(() => combinePsbts([original, pasted], deriver)).toThrow(code('psbt.signature-invalid'));
    // Also where the version is known by its transaction alone, and where the signatures stand in final scripts.
    expect(() => combinePsbts([pasted], deriver, { original, versions: [versionOf(signaturesOnly(oldReply), 'old')] })).toThrow(code('psbt.signature-stale'));
    const oldFinal = finalizePsbt(combinePsbts(wallet.keys.slice(0, required).map((key) => signedAs(old, wallet, key)), deriver).psbt, deriver);
    expect(() => combinePsbts([{ ...original, inputs: oldFinal.inputs }], deriver, { original, versions })).toThrow(code('psbt.signature-stale'));
    const damaged = withInput(signed[0] as Psbt, 1, (input) => ({
      ...input,
      partialSignatures: input.partialSignatures.map((partial) => ({ ...partial, signature: partial.signature.map((byte, at) => (at === 30 ? byte ^ 1 : byte)) })),
      otherFields: input.otherFields.map((field) => (isTapSignature(field) ? { ...field, value: field.value.map((byte, at) => (at === 30 ? byte ^ 1 : byte)) } : field)),
    }));
    expect(failure(() => combinePsbts([original, damaged], deriver, { versions }))).toMatchObject({ code: 'psbt.signature-invalid', details: { index: 1, file: 'file 2', position: 2, signer: (wallet.keys[0] as TestKey).fingerprint } });
  });
});

const wallet = testWallet(2, 3);
const { deriver } = wallet;
const [alice, bob, carol] = wallet.keys as [TestKey, TestKey, TestKey];
const original = honestPsbt({ wallet });
const byAlice = signedAs(original, wallet, alice);
const byBob = signedAs(original, wallet, bob);
const byCarol = signedAs(original, wallet, carol);
const names = ['a.psbt', 'b.psbt', 'c.psbt'];
const unknown = (psbt: Psbt, value: number): Psbt => withInput(psbt, 1, (input) => ({ ...input, otherFields: [{ keyType: 0xf0, keyData: Uint8Array.of(7), value: Uint8Array.of(value) }] }));

describe('files that contradict each other', () => {
  test('the one that differs from the others is named, with what it says otherwise', () => {
    expect(failure(() => combinePsbts([unknown(byAlice, 1), unknown(byBob, 2), unknown(byCarol, 1)], deriver, { names }))).toMatchObject({
      code: 'psbt.conflict', details: { scope: 'input', index: 1, field: 'key f007', file: 'b.psbt', position: 2, files: 'b.psbt' },
    });
  });

  test('the original outvotes any number of files', () => {
    const refused = failure(() => combinePsbts([unknown(byAlice, 2), unknown(byBob, 2), unknown(byCarol, 1)], deriver, { names, original: unknown(original, 1) }));
    expect(refused.details).toMatchObject({ file: 'a.psbt', position: 1, files: 'a.psbt, b.psbt' });
  });

  test('where as many say one thing as the other, both are named and none is blamed', () => {
    const refused = failure(() => combinePsbts([unknown(byAlice, 1), unknown(byBob, 2), byCarol], deriver, { names }));
    expect(refused).toMatchObject({ code: 'psbt.conflict', details: { files: 'a.psbt, b.psbt' } });
    expect(refused.details).not.toHaveProperty('position');
    expect(refused.hint).toContain('original');
  });

  test('what a previous transaction proves needs no vote', () => {
    const lying = (psbt: Psbt): Psbt => withInput(psbt, 0, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, amountSats: 5n } }));
    expect(failure(() => combinePsbts([lying(byAlice), lying(byBob), byCarol], deriver, { names })).details).toMatchObject({ field: 'witnessUtxo', file: 'a.psbt', files: 'a.psbt, b.psbt' });
    expect(failure(() => combinePsbts([lying(byAlice)], deriver, { names })).details).toMatchObject({ field: 'the amount', file: 'a.psbt', position: 1 });
    const other = honestPsbt({ wallet, inputs: [{ branch: 0, index: 2, amountSats: 5n }, { branch: 0, index: 3, amountSats: 2_000_000n }] });
    const swapped = (psbt: Psbt): Psbt => withInput(psbt, 0, (input) => ({ ...input, nonWitnessUtxo: other.inputs[0]!.nonWitnessUtxo! }));
    expect(failure(() => combinePsbts([swapped(byAlice), swapped(byBob), byCarol], deriver, { names })).details).toMatchObject({ field: 'nonWitnessUtxo', file: 'a.psbt', files: 'a.psbt, b.psbt' });
  });

  test('taproot\'s origins are hints too: rewritten ones are no conflict, the registered ones stay', () => {
    const tap = testWallet(2, 3, 'regtest', 1, 'p2tr-multi');
    const [one, two] = tap.keys.slice(0, 2).map((key) => signedAs(honestPsbt({ wallet: tap }), tap, key)) as [Psbt, Psbt];
    const rewritten: Psbt = {
      ...two,
      inputs: two.inputs.map((input) => ({ ...input, otherFields: input.otherFields.map((field) => (field.keyType === 0x16 ? { ...field, value: field.value.map((byte, at) => (at === 34 ? byte ^ 1 : byte)) } : field)) })),
      outputs: two.outputs.map((output) => ({ ...output, otherFields: output.otherFields.map((field) => (field.keyType === 0x07 ? { ...field, value: field.value.map((byte, at) => (at === 34 ? byte ^ 1 : byte)) } : field)) })),
    };
    expect(hexOf(rewritten)).not.toBe(hexOf(two));
    expect(hexOf(combinePsbts([one, rewritten], tap.deriver).psbt)).toBe(hexOf(combinePsbts([one, two], tap.deriver).psbt));
    expect(hexOf(combinePsbts([rewritten, one], tap.deriver).psbt)).toBe(hexOf(combinePsbts([one, two], tap.deriver).psbt));
  });

  test('the good ones are combined, and those left out are named with their reasons', () => {
    const damaged = withInput(byBob, 1, (input) => ({ ...input, partialSignatures: input.partialSignatures.map((partial) => ({ ...partial, signature: partial.signature.map((byte, at) => (at === 30 ? byte ^ 1 : byte)) })) }));
    const other = honestPsbt({ wallet, locktime: 9 });
    const files = [unknown(byAlice, 1), damaged, unknown(original, 2), byCarol, other, unknown(original, 1)];
    const { psbt, quorum, leftOut } = combineGoodPsbts(files, deriver, { names: ['a', 'b', 'c', 'd', 'e', 'f'] });
    expect(quorum.signed).toEqual([alice.fingerprint, carol.fingerprint]);
    expect(hexOf(psbt)).toBe(hexOf(combinePsbts([files[0] as Psbt, byCarol], deriver).psbt));
    expect(leftOut.map(({ label, position, error }) => [label, position, error.code, error.details['position']])).toEqual([
      ['e', 5, 'psbt.mixed-transactions', 5], ['c', 3, 'psbt.conflict', 3], ['b', 2, 'psbt.signature-invalid', 2],
    ]);
    expect(() => combineGoodPsbts([damaged], deriver)).toThrow(code('psbt.signature-invalid'));
    expect(() => combineGoodPsbts([unknown(byAlice, 1), unknown(byBob, 2)], deriver)).toThrow(code('psbt.conflict'));
  });
});

describe('versions of a payment', () => {
  const cheaper = honestPsbt({ wallet, change: { branch: 1, index: 7, amountSats: 499_500n } });
  const elsewhere = honestPsbt({ wallet, inputs: [{ branch: 0, index: 21, amountSats: 2_000_000n }] });
  const [now, then] = [transactionId(original.transaction), transactionId(cheaper.transaction)];

  test('files of two transactions: which is of which, and the one that is alone', () => {
    const refused = failure(() => combinePsbts([byAlice, elsewhere, byBob], deriver, { names }));
    expect(refused).toMatchObject({ code: 'psbt.mixed-transactions', details: { files: 3, transactions: `${now} (a.psbt, c.psbt); ${transactionId(elsewhere.transaction)} (b.psbt)`, file: 'b.psbt', position: 2 } });
    const undecided = failure(() => combinePsbts([byAlice, signedAs(cheaper, wallet, bob)], deriver, { names }));
    expect(undecided.details).not.toHaveProperty('position');
    expect(undecided.hint).toContain('versions of one payment');
  });

  test('a reply to a version that was replaced is refused by name, with the fee rates of both', () => {
    const stale = signedAs(cheaper, wallet, bob);
    const refused = failure(() => combinePsbts([byAlice, stale], deriver, { names, original }));
    expect(refused).toMatchObject({ code: 'psbt.superseded', details: { file: 'b.psbt', position: 2, txid: then, currentTxid: now, feeRateSatPerVb: '1.706', currentFeeRateSatPerVb: '3.412' } });
    // Stripped to its signatures it is the same: its amounts are those of the original.
    expect(failure(() => combinePsbts([signaturesOnly(stale)], deriver, { original }))).toMatchObject({ code: 'psbt.superseded', details: { feeRateSatPerVb: '1.706' } });
    expect(failure(() => combinePsbts([psbtOfTransaction(serializeTransaction(stale.transaction, false))], deriver, { original }))).toMatchObject({ code: 'psbt.superseded' });
  });

  test('the same where the version is known and no original is', () => {
    const versions = [versionOf(cheaper, 'old')];
    expect(failure(() => combinePsbts([signedAs(cheaper, wallet, alice)], deriver, { versions }))).toMatchObject({ code: 'psbt.superseded', details: { txid: then } });
    expect(failure(() => combinePsbts([byAlice, signedAs(cheaper, wallet, bob)], deriver, { versions }))).toMatchObject({ code: 'psbt.superseded', details: { position: 2, currentTxid: now } });
    expect(combinePsbts([byAlice], deriver, { versions: [versionOf(original, 'itself'), ...versions], original }).quorum.signed).toEqual([alice.fingerprint]);
  });

  test('a file that shares no input with the original is of another payment, and no version', () => {
    expect(() => combinePsbts([byAlice, elsewhere], deriver, { original })).toThrow(code('psbt.mixed-transactions'));
  });

  test('a signature that is worthless in every version is not called stale', () => {
    const none = received({ ...original, inputs: signedAs(cheaper, wallet, alice, 2).inputs });
    expect(() => combinePsbts([none], deriver, { versions: [versionOf(cheaper, 'old')] })).toThrow(code('psbt.signature-invalid'));
  });
});

describe('several wallets in one transaction', () => {
  const scripts = ['p2wsh', 'p2tr-multi', 'p2sh', 'p2wpkh', 'p2tr', 'p2pkh'] as const;
  const wallets = scripts.map((script, index) => testWallet(...quorumOf(script), 'regtest', 1 + 3 * index, script));
  const psbt = joined(wallets);
  const derivers = wallets.map((each) => each.deriver);
  const by = (each: TestWallet, key: number): Psbt => signedAs(psbt, each, each.keys[key] as TestKey);
  const replies = wallets.flatMap((each) => each.keys.slice(0, each.wallet.required).map((_, key) => signaturesOnly(by(each, key))));

  test('every input is combined, attributed and finalized by its own wallet', () => {
    const { psbt: combined, quorum, quorums } = combinePsbts(replies, derivers, { original: psbt });
    expect(quorum.stillNeeded).toBe(0);
    expect(quorums.map((each) => each.quorum.signed)).toEqual(wallets.map((each) => each.keys.slice(0, each.wallet.required).map((key) => key.fingerprint)));
    expect(hexOf(combinePsbts(replies.toReversed(), derivers.toReversed(), { original: psbt }).psbt)).toBe(hexOf(combined));
    const final = extractTransaction(finalizePsbt(combined, derivers));
    expect(final.feeSats).toBe(6_000n);
    const again = combinePsbts([psbtOfTransaction(final.bytes)], derivers, { original: psbt });
    expect(hexOf(again.psbt)).toBe(hexOf(combined));
  });

  test('the quorum that lacks most speaks for all; nothing is finalized before every wallet has signed', () => {
    const { psbt: combined, quorum, quorums } = combinePsbts(replies.slice(1, -1), derivers, { original: psbt });
    expect(quorums.map((each) => each.quorum.stillNeeded)).toEqual([1, 0, 0, 0, 0, 1]);
    expect(quorum).toMatchObject({ required: 2, stillNeeded: 1 });
    expect(failure(() => finalizePsbt(combined, derivers))).toMatchObject({ code: 'psbt.incomplete', details: { inputs: '0, 5', required: 2 } });
  });

  test('a wallet that was not named leaves its input foreign', () => {
    expect(failure(() => combinePsbts(replies, derivers.slice(1), { original: psbt }))).toMatchObject({ code: 'psbt.foreign-input', details: { index: 0 } });
    const { psbt: combined } = combinePsbts(replies, derivers, { original: psbt });
    expect(failure(() => finalizePsbt(combined, derivers.slice(0, -1)))).toMatchObject({ code: 'psbt.foreign-input', details: { index: 5 } });
  });

  /** One input of each wallet, 101,000 sats, and one payment. */
  function joined(of: readonly TestWallet[]): Psbt {
    const singles = of.map((each, index) => honestPsbt({ wallet: each, inputs: [{ branch: 0, index, amountSats: 101_000n }], payments: [{ scriptPubKey: strangerScript(), amountSats: 100_000n }], change: null }));
    const transaction = (singles[0] as Psbt).transaction.clone();
    transaction.ins = singles.flatMap((single) => single.transaction.ins.map((input) => ({ ...input })));
    transaction.outs = [{ script: strangerScript(), value: 600_000n }];
    return { version: 0, transaction, globalFields: [], inputs: singles.flatMap((single) => single.inputs), outputs: [{ bip32Derivations: [], otherFields: [] }] };
  }
});

describe('what proves the amounts', () => {
  const tap = testWallet(1, 1, 'regtest', 1, 'p2tr');
  const plain = honestPsbt({ wallet: tap });
  const bare: Psbt = { ...plain, inputs: plain.inputs.map(({ nonWitnessUtxo, ...input }) => input) };
  const key = tap.keys[0] as TestKey;

  test('a transaction of taproot alone needs no previous transactions, each witness UTXO from whichever file has it', () => {
    const reply = signedAs(bare, tap, key);
    const halves = [0, 1].map((lacking) => withInput(signaturesOnly(reply), 1 - lacking, (input) => ({ ...input, witnessUtxo: bare.inputs[1 - lacking]!.witnessUtxo! })));
    const { psbt, quorum } = combinePsbts(halves, tap.deriver);
    expect(quorum.stillNeeded).toBe(0);
    const hinted = { ...psbt, inputs: psbt.inputs };
    expect(extractTransaction(finalizePsbt(hinted, tap.deriver)).feeSats).toBe(1000n);
  });

  test('a wrong amount makes its signatures invalid', () => {
    const wrong = withInput(signedAs(bare, tap, key), 0, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, amountSats: 2_000_000n } }));
    expect(() => combinePsbts([wrong], tap.deriver)).toThrow(code('psbt.signature-invalid'));
    expect(() => combinePsbts([wrong], tap.deriver, { original: bare })).toThrow(code('psbt.conflict'));
  });
});

describe('a signed transaction as a reply', () => {
  const final = extractTransaction(finalizePsbt(combinePsbts([byAlice, byBob], deriver).psbt, deriver));

  test('is the unsigned transaction with final scripts', () => {
    const reply = psbtOfTransaction(final.bytes);
    expect(equalBytes(serializeTransaction(reply.transaction, false), serializeTransaction(original.transaction, false))).toBe(true);
    expect(reply.inputs.every((input) => input.finalScriptWitness?.length === 4)).toBe(true);
    expect(hexOf(received(reply))).toBe(hexOf(reply));
  });

  test('one that is signed in part gives what it has: an empty item holds the place of what is missing', () => {
    const half = psbtOfTransaction(final.bytes);
    const lacking = withInput(withInput(half, 0, (input) => ({ ...input, finalScriptWitness: input.finalScriptWitness!.map((item, at) => (at === 2 ? new Uint8Array(0) : item)) })), 1, ({ finalScriptWitness, ...input }) => input);
    expect(combinePsbts([lacking], deriver, { original }).quorum).toMatchObject({ signed: [], stillNeeded: 2 });
    expect(combinePsbts([lacking, byAlice, byBob], deriver).quorum.stillNeeded).toBe(0);
    const legacy = testWallet(2, 3, 'regtest', 1, 'p2sh');
    const psbt = honestPsbt({ wallet: legacy });
    const signed = legacy.keys.slice(0, 2).map((key) => signedAs(psbt, legacy, key));
    const whole = finalizePsbt(combinePsbts(signed, legacy.deriver).psbt, legacy.deriver);
    const partly = withInput(whole, 0, (input) => ({ ...input, finalScriptSig: withoutFirstSignature(input.finalScriptSig!) }));
    expect(combinePsbts([partly], legacy.deriver, { original: psbt }).psbt.inputs.map((input) => input.partialSignatures.length)).toEqual([1, 2]);
  });

  test('bytes that are no transaction, or one of nothing, are refused', () => {
    expect(() => psbtOfTransaction(final.bytes.subarray(0, -1))).toThrow(code('psbt.malformed'));
    expect(() => psbtOfTransaction(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 0))).toThrow(code('psbt.malformed'));
    expect(() => psbtOfTransaction(new Uint8Array(16 * 1024 * 1024 + 1))).toThrow(code('psbt.too-large'));
  });

  /** `OP_0 <sig> <sig> <script>` with an empty push in the place of the first signature. */
  function withoutFirstSignature(scriptSig: Uint8Array): Uint8Array {
    const length = scriptSig[1] as number;
    return Uint8Array.of(0, 0, ...scriptSig.subarray(2 + length));
  }
});
