import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { payments } from './single-key-spends.ts';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import { expectedVsize, walletInputWeight } from '../../../src/psbt/expected-size.ts';
import { extractTransaction, requireFinalized } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import type { FinalizedPsbt, Psbt, PsbtInput } from '../../../src/psbt/psbt.ts';
import { parseTransaction } from '../../../src/psbt/transaction.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import { fundingTransaction, honestPsbt, signedAs, strangerScript, testWallet, type TestKey } from '../support/psbt-builder.ts';
import { scriptHashScript } from '../../../src/wallet/locking-script.ts';

const wallet = testWallet(2, 3);
const { deriver } = wallet;
const [alice, bob, carol] = wallet.keys as [TestKey, TestKey, TestKey];
const code = (text: string) => expect.objectContaining({ code: text });
const unsigned = honestPsbt({ wallet });
const byAlice = signedAs(unsigned, wallet, alice);
const byBob = signedAs(unsigned, wallet, bob);
const byCarol = signedAs(unsigned, wallet, carol);
const hexOf = (psbt: Psbt): string => toHex(encodePsbt(psbt));
const withInput = (psbt: Psbt, index: number, change: (input: PsbtInput) => PsbtInput): Psbt => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
const finalTransaction = (...psbts: Psbt[]) => extractTransaction(finalizePsbt(combinePsbts(psbts, deriver).psbt, deriver));

describe('creator', () => {
  const input = { txid: '11'.repeat(32), vout: 0, sequence: 0xffff_fffd };
  const output = { scriptPubKey: strangerScript(), amountSats: 1000n };

  test('makes a transaction of version 2 that reads back', () => {
    const created = createPsbt({ inputs: [input], outputs: [output], locktime: 5 });
    const read = decodePsbt(encodePsbt(created));
    expect(read.transaction).toMatchObject({ version: 2, locktime: 5 });
    expect(read.transaction.ins[0]).toMatchObject({ index: 0, sequence: 0xffff_fffd });
  });

  test('refuses a transaction without inputs or outputs, with one outpoint twice, or with impossible amounts', () => {
    expect(() => createPsbt({ inputs: [], outputs: [output], locktime: 0 })).toThrow(code('psbt.no-payment'));
    expect(() => createPsbt({ inputs: [input], outputs: [], locktime: 0 })).toThrow(code('psbt.no-payment'));
    expect(() => createPsbt({ inputs: [input, input], outputs: [output], locktime: 0 })).toThrow(code('psbt.malformed'));
    expect(() => createPsbt({ inputs: [input], outputs: [{ ...output, amountSats: -1n }], locktime: 0 })).toThrow(code('amount.out-of-range'));
    expect(() => createPsbt({ inputs: [input], outputs: Array.from({ length: 10_001 }, () => output), locktime: 0 })).toThrow(code('psbt.too-large'));
  });
});

describe('updater', () => {
  const funding = fundingTransaction([{ scriptPubKey: deriver.derive(0, 0).scriptPubKey, amountSats: 5000n }]);
  const created = createPsbt({ inputs: [{ txid: funding.txid, vout: 0, sequence: 0xffff_ffff }], outputs: [{ scriptPubKey: strangerScript(), amountSats: 4000n }], locktime: 0 });

  test('gives a wallet\'s input its previous transaction, witness UTXO, script and origins', () => {
    const [input] = updatePsbt(created, { inputs: [{ previousTransaction: funding.bytes, derived: deriver.derive(0, 0) }], outputs: [{}] }).inputs;
    expect(input).toMatchObject({ nonWitnessUtxo: funding.bytes, witnessUtxo: { amountSats: 5000n }, witnessScript: deriver.derive(0, 0).witnessScript });
    expect(input?.bip32Derivations.map((derivation) => derivation.masterFingerprint).sort()).toEqual([alice, bob, carol].map((key) => key.fingerprint).sort());
  });

  test('gives a hot wallet\'s legacy input its previous transaction only', () => {
    const legacy = fundingTransaction([{ scriptPubKey: parseHex(`76a914${'11'.repeat(20)}88ac`), amountSats: 5000n }]);
    const psbt = updatePsbt(createPsbt({ inputs: [{ txid: legacy.txid, vout: 0, sequence: 0xffff_ffff }], outputs: [{ scriptPubKey: strangerScript(), amountSats: 4000n }], locktime: 0 }), { inputs: [{ previousTransaction: legacy.bytes }], outputs: [{}] });
    expect(psbt.inputs[0]).toEqual({ nonWitnessUtxo: legacy.bytes, partialSignatures: [], bip32Derivations: [], otherFields: [] });
  });

  test('takes no amount out of range from a previous transaction', () => {
    for (const amountSats of [-1n, 2_100_000_000_000_001n]) {
      const absurd = fundingTransaction([{ scriptPubKey: strangerScript(), amountSats }]);
      const spending = createPsbt({ inputs: [{ txid: absurd.txid, vout: 0, sequence: 0xffff_ffff }], outputs: [{ scriptPubKey: strangerScript(), amountSats: 1n }], locktime: 0 });
      expect(() => updatePsbt(spending, { inputs: [{ previousTransaction: absurd.bytes }], outputs: [{}] })).toThrow(code('psbt.input-unproven'));
    }
  });

  test('refuses another previous transaction, an address that is not what is spent or paid, and outputs beyond the inputs', () => {
    const other = fundingTransaction([{ scriptPubKey: strangerScript(), amountSats: 5000n }], 3);
    expect(() => updatePsbt(created, { inputs: [{ previousTransaction: other.bytes }], outputs: [{}] })).toThrow(code('psbt.input-unproven'));
    expect(() => updatePsbt(created, { inputs: [{ previousTransaction: funding.bytes, derived: deriver.derive(0, 1) }], outputs: [{}] })).toThrow(code('psbt.foreign-input'));
    expect(() => updatePsbt(created, { inputs: [{ previousTransaction: funding.bytes }], outputs: [{ derived: deriver.derive(1, 0) }] })).toThrow(code('psbt.foreign-input'));
    const greedy = createPsbt({ inputs: [{ txid: funding.txid, vout: 0, sequence: 0xffff_ffff }], outputs: [{ scriptPubKey: strangerScript(), amountSats: 5001n }], locktime: 0 });
    expect(() => updatePsbt(greedy, { inputs: [{ previousTransaction: funding.bytes }], outputs: [{}] })).toThrow(code('psbt.outputs-exceed-inputs'));
  });
});

describe('combiner', () => {
  test('says whose signatures it found', () => {
    expect(combinePsbts([byAlice], deriver).quorum).toEqual({ required: 2, total: 3, signed: [alice.fingerprint], thisKey: null, stillNeeded: 1 });
    expect(combinePsbts([byCarol, byAlice], deriver).quorum).toEqual({ required: 2, total: 3, signed: [alice.fingerprint, carol.fingerprint], thisKey: null, stillNeeded: 0 });
    expect(combinePsbts([unsigned], deriver).quorum).toMatchObject({ signed: [], stillNeeded: 2 });
  });

  test('a cosigner who signed one of two inputs has not signed', () => {
    const half = withInput(byAlice, 1, (input) => ({ ...input, partialSignatures: [] }));
    expect(combinePsbts([half], deriver).quorum).toMatchObject({ signed: [], stillNeeded: 2 });
  });

  test('the order of the files cannot change the result, nor how the work was split', () => {
    const files = [unsigned, byAlice, byBob, byCarol];
    const all = hexOf(combinePsbts(files, deriver).psbt);
    fc.assert(fc.property(fc.shuffledSubarray(files, { minLength: 4 }), fc.integer({ min: 1, max: 3 }), (order, split) => {
      expect(hexOf(combinePsbts(order, deriver).psbt)).toBe(all);
      const first = combinePsbts(order.slice(0, split), deriver).psbt;
      const second = combinePsbts(order.slice(split), deriver).psbt;
      expect(hexOf(combinePsbts([second, first], deriver).psbt)).toBe(all);
    }), { numRuns: 12 });
  });

  test('refuses files of two transactions', () => {
    const other = honestPsbt({ wallet, locktime: 1 });
    expect(() => combinePsbts([byAlice, other], deriver)).toThrow(code('psbt.mixed-transactions'));
  });

  test('refuses files that contradict each other in a field', () => {
    const unknown = (value: number): Psbt => withInput(unsigned, 0, (input) => ({ ...input, otherFields: [{ keyType: 0xf0, keyData: new Uint8Array(0), value: Uint8Array.of(value) }] }));
    expect(() => combinePsbts([unknown(1), unknown(2)], deriver)).toThrow(code('psbt.conflict'));
    expect(() => combinePsbts([unsigned, withInput(unsigned, 0, (input) => ({ ...input, sighashType: 1 })), withInput(unsigned, 0, (input) => ({ ...input, sighashType: 2 }))], deriver)).toThrow(code('psbt.conflict'));
    expect(() => combinePsbts([withInput(unsigned, 0, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, amountSats: 1n } }))], deriver)).toThrow(code('psbt.conflict'));
  });

  test('rewritten origins are no conflict: the registered ones stay', () => {
    const rewritten = withInput(byBob, 0, (input) => ({ ...input, bip32Derivations: input.bip32Derivations.map((derivation) => ({ ...derivation, masterFingerprint: parseFingerprint('00000001'), path: [0, 0] })) }));
    expect(hexOf(combinePsbts([byAlice, rewritten], deriver).psbt)).toBe(hexOf(combinePsbts([byAlice, byBob], deriver).psbt));
  });

  test('refuses a signature that does not verify, of another sighash type, or of nobody', () => {
    const damaged = withInput(byBob, 1, (input) => ({ ...input, partialSignatures: input.partialSignatures.map((partial) => ({ ...partial, signature: partial.signature.map((byte, at) => (at === 30 ? byte ^ 1 : byte)) })) }));
    expect(() => combinePsbts([byAlice, damaged], deriver)).toThrow(code('psbt.signature-invalid'));
    expect(() => combinePsbts([signedAs(unsigned, wallet, bob, 2)], deriver)).toThrow(code('psbt.signature-invalid'));
    const stranger = withInput(byBob, 1, (input) => ({ ...input, partialSignatures: input.partialSignatures.map((partial) => ({ ...partial, publicKey: deriver.derive(0, 77).keys[0]!.publicKey })) }));
    expect(() => combinePsbts([stranger], deriver)).toThrow(code('psbt.signature-invalid'));
  });

  test('refuses inputs of another wallet, and inputs without proof', () => {
    expect(() => combinePsbts([byAlice], testWallet(2, 3, 'regtest', 9).deriver)).toThrow(code('psbt.foreign-input'));
    expect(() => combinePsbts([withInput(byAlice, 0, ({ nonWitnessUtxo: _, ...input }) => input)], deriver)).toThrow(code('psbt.input-unproven'));
  });

  test('a reply that another program finalized already is taken apart and counted', () => {
    const final = finalizePsbt(combinePsbts([byAlice, byBob], deriver).psbt, deriver);
    const again = combinePsbts([unsigned, final], deriver);
    expect(again.quorum).toMatchObject({ signed: [alice.fingerprint, bob.fingerprint], stillNeeded: 0 });
    expect(hexOf(again.psbt)).toBe(hexOf(combinePsbts([byAlice, byBob], deriver).psbt));
    const broken = withInput(final, 0, (input) => ({ ...input, finalScriptWitness: input.finalScriptWitness!.slice(1) }));
    expect(() => combinePsbts([broken], deriver)).toThrow(code('psbt.signature-invalid'));
  });

  test('a final scriptSig on a P2WSH input is of another kind of spend, and refused', () => {
    expect(() => combinePsbts([withInput(byAlice, 0, (input) => ({ ...input, finalScriptSig: Uint8Array.of(0x51) }))], deriver)).toThrow(code('psbt.signature-invalid'));
  });

  test('a previous transaction without its witnesses proves the same', () => {
    const strip = (input: PsbtInput): PsbtInput => {
      const { transaction } = parseTransaction(input.nonWitnessUtxo!);
      transaction.stripWitnesses();
      return { ...input, nonWitnessUtxo: transaction.toBuffer() };
    };
    const stripped = withInput(byBob, 0, strip);
    expect(hexOf(combinePsbts([byAlice, stripped], deriver).psbt)).toBe(hexOf(combinePsbts([stripped, byAlice], deriver).psbt));
  });
});

describe('finalizer and extractor', () => {
  test('BIP67: two of three signatures stand in script order, whoever signed first', () => {
    const one = finalTransaction(byAlice, byBob);
    expect(toHex(finalTransaction(byBob, byAlice).bytes)).toBe(toHex(one.bytes));
    const { transaction, txid } = parseTransaction(one.bytes);
    expect(txid).toBe(one.txid);
    expect(one.feeSats).toBe(1000n);
    expect(transaction.ins.every((input) => input.witness.length === 4 && input.witness[0]!.length === 0)).toBe(true);
    expect(one.vsizeVb).toBe(transaction.virtualSize());
  });

  test('where three signed, two are taken, always the same', () => {
    expect(toHex(finalTransaction(byAlice, byBob, byCarol).bytes)).toBe(toHex(finalTransaction(byCarol, byBob, byAlice).bytes));
    expect(parseTransaction(finalTransaction(byAlice, byBob, byCarol).bytes).transaction.ins[0]?.witness).toHaveLength(4);
  });

  test('one signature is not enough, and the inputs that lack are named', () => {
    expect(() => finalTransaction(byAlice)).toThrow(expect.objectContaining({ code: 'psbt.incomplete', details: { inputs: '0, 1', required: 2 } }));
  });

  test('a final PSBT keeps UTXOs and unknown fields and drops the rest', () => {
    const unknown = { keyType: 0xf0, keyData: new Uint8Array(0), value: Uint8Array.of(7) };
    const final = finalizePsbt(combinePsbts([withInput(byAlice, 0, (input) => ({ ...input, otherFields: [unknown] })), byBob], deriver).psbt, deriver);
    expect(final.inputs[0]).toMatchObject({ partialSignatures: [], bip32Derivations: [], otherFields: [unknown] });
    expect(final.inputs[0]).not.toHaveProperty('witnessScript');
    expect(extractTransaction(requireFinalized(decodePsbt(encodePsbt(final)))).txid).toBe(finalTransaction(byAlice, byBob).txid);
  });

  test.each([[1, 1], [1, 2], [2, 2], [2, 3], [3, 5], [15, 15], [2, 17], [20, 20]])('%i of %i: spends, and its size was foreseen within the length of its signatures', (required, total) => {
    const many = testWallet(required, total);
    const psbt = honestPsbt({ wallet: many });
    const signed = many.keys.slice(-required).map((key) => signedAs(psbt, many, key));
    const final = extractTransaction(finalizePsbt(combinePsbts(signed, many.deriver).psbt, many.deriver));
    const most = expectedVsize(psbt.transaction, psbt.inputs.map(() => walletInputWeight(many.wallet) + required));
    const least = expectedVsize(psbt.transaction, psbt.inputs.map(() => walletInputWeight(many.wallet) - 3 * required));
    expect(final.vsizeVb).toBeLessThanOrEqual(most);
    expect(final.vsizeVb).toBeGreaterThanOrEqual(least);
  });

  const final = finalizePsbt(combinePsbts([byAlice, byBob], deriver).psbt, deriver);
  const swapWitness = (change: (items: readonly Uint8Array[]) => Uint8Array[]): FinalizedPsbt => withInput(final, 0, (input) => ({ ...input, finalScriptWitness: change(input.finalScriptWitness!) })) as FinalizedPsbt;

  test('the extractor checks every final witness again', () => {
    expect(() => extractTransaction(swapWitness((items) => [items[0]!, items[2]!, items[1]!, items[3]!]))).toThrow(code('psbt.signature-invalid'));
    expect(() => extractTransaction(swapWitness((items) => [items[0]!, items[1]!, items[1]!, items[3]!]))).toThrow(code('psbt.signature-invalid'));
    expect(() => extractTransaction(swapWitness((items) => [items[0]!, items[1]!, items[3]!]))).toThrow(code('psbt.signature-invalid'));
    expect(() => extractTransaction(swapWitness((items) => [Uint8Array.of(1), ...items.slice(1)]))).toThrow(code('psbt.signature-invalid'));
    expect(() => extractTransaction(swapWitness((items) => items.map((item, at) => (at === 3 ? deriver.derive(0, 3).witnessScript as Uint8Array : item))))).toThrow(code('psbt.signature-invalid'));
    expect(() => extractTransaction(swapWitness(() => []))).toThrow(code('psbt.signature-invalid'));
    expect(() => extractTransaction(withInput(final, 0, (input) => ({ ...input, finalScriptSig: Uint8Array.of(0x51) })) as FinalizedPsbt)).toThrow(code('psbt.signature-invalid'));
    expect(() => extractTransaction(withInput(final, 0, ({ nonWitnessUtxo: _, ...input }) => input) as FinalizedPsbt)).toThrow(code('psbt.input-unproven'));
    expect(() => requireFinalized(byAlice)).toThrow(code('psbt.incomplete'));
  });

  test('an absurd fee stops here once more', () => {
    const greedy = honestPsbt({ wallet, change: null, payments: [{ scriptPubKey: strangerScript(), amountSats: 1_000_000n }] });
    const combined = combinePsbts([signedAs(greedy, wallet, alice), signedAs(greedy, wallet, bob)], deriver).psbt;
    expect(() => extractTransaction(finalizePsbt(combined, deriver))).toThrow(code('psbt.fee-excessive'));
  });

  test('outputs beyond the inputs stop here once more', () => {
    const transaction = unsigned.transaction.clone();
    transaction.outs[0]!.value = 9_000_000n;
    const minting: Psbt = { ...unsigned, transaction };
    const combined = combinePsbts([signedAs(minting, wallet, alice), signedAs(minting, wallet, bob)], deriver).psbt;
    expect(() => extractTransaction(finalizePsbt(combined, deriver))).toThrow(code('psbt.outputs-exceed-inputs'));
  });
});

describe('a hot wallet\'s final PSBT', () => {
  test.each(payments)('$type: a valid spend is extracted, a damaged one is refused', ({ final, damaged }) => {
    expect(extractTransaction(requireFinalized(final)).feeSats).toBe(1000n);
    expect(() => extractTransaction(requireFinalized(damaged))).toThrow(code('psbt.signature-invalid'));
  });

  test('a spend that cannot be checked is not extracted', () => {
    const funding = fundingTransaction([{ scriptPubKey: scriptHashScript(parseHex('51')), amountSats: 5000n }]);
    const psbt = updatePsbt(createPsbt({ inputs: [{ txid: funding.txid, vout: 0, sequence: 0xffff_ffff }], outputs: [{ scriptPubKey: strangerScript(), amountSats: 4000n }], locktime: 0 }), { inputs: [{ previousTransaction: funding.bytes }], outputs: [{}] });
    expect(() => extractTransaction(requireFinalized(withInput(psbt, 0, (input) => ({ ...input, finalScriptSig: parseHex('0151') }))))).toThrow(code('psbt.unsupported'));
  });
});
