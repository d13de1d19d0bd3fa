/** What the roles make and refuse at their edges, and what their errors say. */
import { describe, expect, test } from 'vitest';
import { parseHex, reversed, toHex } from '../../../src/domain/bytes.ts';
import { isQuorumScript, walletScripts } from '../../../src/domain/wallet-script.ts';
import type { ErrorDetails } from '../../../src/errors/strongroom-error.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import { extractTransaction, requireFinalized } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import { ownerOf } from '../../../src/psbt/owner.ts';
import { factsOf, knownOutputs, supersededBy } from '../../../src/psbt/payment-versions.ts';
import type { CombinedPsbt, FinalizedPsbt, Psbt, PsbtInput } from '../../../src/psbt/psbt.ts';
import { finalizeSingleKeys } from '../../../src/psbt/single-key-finalizer.ts';
import { psbtOfTransaction } from '../../../src/psbt/transaction-reply.ts';
import { parseTransaction, serializeTransaction } from '../../../src/psbt/transaction.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import type { AddressDeriver } from '../../../src/wallet/address.ts';
import { fundingTransaction, honestPsbt, signedAs, strangerScript, testWallet, type TestKey } from '../support/psbt-builder.ts';
import { payments } from './single-key-spends.ts';

const wallet = testWallet(2, 3);
const { deriver } = wallet;
const [alice, bob] = wallet.keys as [TestKey, TestKey, TestKey];
const unsigned = honestPsbt({ wallet });
const combined = combinePsbts([signedAs(unsigned, wallet, alice), signedAs(unsigned, wallet, bob)], deriver).psbt;
const final = finalizePsbt(combined, deriver);
const saying = (code: string, details: ErrorDetails): unknown => expect.objectContaining({ code, details });
const withInput = <T extends Psbt>(psbt: T, index: number, change: (input: PsbtInput) => PsbtInput): T => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
const none = new Uint8Array(0);
const outpoint = (vout = 0) => ({ txid: '11'.repeat(32), vout, sequence: 0xffff_fffd });
const output = { scriptPubKey: strangerScript(), amountSats: 1000n };

describe('creator', () => {
  test('an otherwise empty PSBT of version 0 around a transaction of version 2', () => {
    const created = createPsbt({ inputs: [outpoint(7), { ...outpoint(8), txid: `${'00'.repeat(31)}01` }], outputs: [output], locktime: 9 });
    expect(created).toMatchObject({ version: 0, globalFields: [], inputs: [0, 1].map(() => ({ partialSignatures: [], bip32Derivations: [], otherFields: [] })), outputs: [{ bip32Derivations: [], otherFields: [] }] });
    expect(created.transaction).toMatchObject({ version: 2, locktime: 9, outs: [{ script: strangerScript(), value: 1000n }] });
    expect(created.transaction.ins).toEqual([{ hash: parseHex('11'.repeat(32)), index: 7, script: none, sequence: 0xffff_fffd, witness: [] }, { hash: parseHex(`01${'00'.repeat(31)}`), index: 8, script: none, sequence: 0xffff_fffd, witness: [] }]);
  });

  test('as many inputs and outputs as a file may have, and no more', () => {
    const many = (inputs: number, outputs: number) => createPsbt({ inputs: Array.from({ length: inputs }, (_, vout) => outpoint(vout)), outputs: Array.from({ length: outputs }, () => output), locktime: 0 });
    expect(many(10_000, 10_000).inputs).toHaveLength(10_000);
    expect(() => many(10_001, 1)).toThrow(saying('psbt.too-large', { what: 'inputs', limit: 10_000 }));
    expect(() => many(1, 10_001)).toThrow(saying('psbt.too-large', { what: 'outputs', limit: 10_000 }));
  });

  test('amounts that add up to more than there will ever be are refused', () => {
    const halves = [1_050_000_000_000_000n, 1_050_000_000_000_000n].map((amountSats) => ({ ...output, amountSats }));
    expect(createPsbt({ inputs: [outpoint()], outputs: halves, locktime: 0 }).outputs).toHaveLength(2);
    expect(() => createPsbt({ inputs: [outpoint()], outputs: [...halves, { ...output, amountSats: 1n }], locktime: 0 })).toThrow(expect.objectContaining({ code: 'amount.out-of-range' }));
  });
});

describe('updater', () => {
  const funding = fundingTransaction([{ scriptPubKey: deriver.derive(0, 0).scriptPubKey, amountSats: 5000n }]);
  const created = (amountSats: bigint) => createPsbt({ inputs: [{ txid: funding.txid, vout: 0, sequence: 0xffff_ffff }], outputs: [{ scriptPubKey: strangerScript(), amountSats }], locktime: 0 });
  const update = { previousTransaction: funding.bytes };

  test('spends everything, and no more', () => {
    expect(updatePsbt(created(5000n), { inputs: [update], outputs: [{}] }).outputs).toEqual([{ bip32Derivations: [], otherFields: [] }]);
    expect(() => updatePsbt(created(5001n), { inputs: [update], outputs: [{}] })).toThrow(saying('psbt.outputs-exceed-inputs', { inputsSats: '5000', outputsSats: '5001' }));
  });

  test('takes one update for each input and output', () => {
    for (const updates of [{ inputs: [], outputs: [{}] }, { inputs: [update, update], outputs: [{}] }, { inputs: [update], outputs: [] }, { inputs: [update], outputs: [{}, {}] }]) expect(() => updatePsbt(created(1n), updates)).toThrow(TypeError);
  });

  test('says which input or output is not the address that it should be', () => {
    expect(() => updatePsbt(created(1n), { inputs: [{ ...update, derived: deriver.derive(0, 1) }], outputs: [{}] })).toThrow(saying('psbt.foreign-input', { scope: 'input', index: 0 }));
    expect(() => updatePsbt(created(1n), { inputs: [update], outputs: [{ derived: deriver.derive(0, 1) }] })).toThrow(saying('psbt.foreign-input', { scope: 'output', index: 0 }));
    expect(() => updatePsbt(created(1n), { inputs: [{ previousTransaction: fundingTransaction([output], 9).bytes }], outputs: [{}] })).toThrow(saying('psbt.input-unproven', { index: 0 }));
  });

  test.each(walletScripts)('gives what signers of %s need: a witness UTXO where it is segwit, its scripts, its origins by rising key', (script) => {
    const own = isQuorumScript(script) ? testWallet(2, 3, 'regtest', 1, script) : testWallet(1, 1, 'regtest', 1, script);
    const psbt = honestPsbt({ wallet: own });
    const derived = own.deriver.derive(0, 5);
    const input = psbt.inputs[1]!;
    expect([input.witnessUtxo !== undefined, input.redeemScript !== undefined, input.witnessScript !== undefined, input.bip32Derivations.length, input.otherFields.length > 0]).toEqual({
      p2pkh: [false, false, false, 1, false], 'p2sh-p2wpkh': [true, true, false, 1, false], p2wpkh: [true, false, false, 1, false], p2tr: [true, false, false, 0, true],
      p2sh: [false, true, false, 3, false], 'p2sh-p2wsh': [true, true, true, 3, false], p2wsh: [true, false, true, 3, false], 'p2tr-multi': [true, false, false, 0, true],
    }[script]);
    const keys = input.bip32Derivations.map(({ publicKey }) => toHex(publicKey));
    expect(keys).toEqual([...keys].sort());
    expect([input.redeemScript ?? null, input.witnessScript ?? null]).toEqual([derived.redeemScript, derived.witnessScript]);
    const change = psbt.outputs[1]!;
    const ofChange = own.deriver.derive(1, 7);
    expect([change.redeemScript ?? null, change.witnessScript ?? null, change.bip32Derivations.length]).toEqual([ofChange.redeemScript, ofChange.witnessScript, input.bip32Derivations.length]);
  });
});

describe('finalizer', () => {
  test('names the inputs that lack signatures, to the twentieth', () => {
    const many = honestPsbt({ wallet, oneFunding: true, inputs: Array.from({ length: 21 }, (_, index) => ({ branch: 0 as const, index, amountSats: 100_000n })), change: null, payments: [{ scriptPubKey: strangerScript(), amountSats: 2_000_000n }] });
    expect(() => finalizePsbt(many as unknown as CombinedPsbt, deriver)).toThrow(saying('psbt.incomplete', { inputs: Array.from({ length: 20 }, (_, index) => index).join(', '), required: 2 }));
    const half = withInput(combined, 1, (input) => ({ ...input, partialSignatures: input.partialSignatures.slice(1) }));
    expect(() => finalizePsbt(half, deriver)).toThrow(saying('psbt.incomplete', { inputs: '1', required: 2 }));
  });

  test('says which input is foreign or unproven', () => {
    expect(() => finalizePsbt(combined, testWallet(1, 1, 'regtest', 9, 'p2wpkh').deriver)).toThrow(saying('psbt.foreign-input', { index: 0 }));
    expect(() => finalizePsbt(withInput(combined, 1, ({ nonWitnessUtxo: _, ...input }) => input), deriver)).toThrow(saying('psbt.input-unproven', { index: 1 }));
  });

  test('leaves an input its UTXOs, its final scripts and what has no meaning here', () => {
    const kept = final.inputs[0]!;
    expect(Object.keys(kept).sort()).toEqual(['bip32Derivations', 'finalScriptWitness', 'nonWitnessUtxo', 'otherFields', 'partialSignatures', 'witnessUtxo']);
    expect([kept.bip32Derivations, kept.partialSignatures, kept.otherFields]).toEqual([[], [], []]);
    const legacy = testWallet(1, 1, 'regtest', 1, 'p2pkh');
    const psbt = honestPsbt({ wallet: legacy });
    expect(Object.keys(finalizePsbt(combinePsbts([signedAs(psbt, legacy, legacy.keys[0]!)], legacy.deriver).psbt, legacy.deriver).inputs[0]!).sort()).toEqual(['bip32Derivations', 'finalScriptSig', 'nonWitnessUtxo', 'otherFields', 'partialSignatures']);
  });
});

describe('finalizer of single keys', () => {
  const open = (input: Partial<PsbtInput> = {}): Psbt => withInput(payments[1]!.final, 0, ({ finalScriptWitness: _, ...rest }) => ({ ...rest, ...input }));

  test('says which input lacks its signature, is foreign, is unproven or is signed wrongly', () => {
    expect(() => finalizeSingleKeys(open())).toThrow(saying('psbt.incomplete', { inputs: '0', required: 1 }));
    const publicKey = payments[1]!.final.inputs[0]!.finalScriptWitness![1]!;
    expect(() => finalizeSingleKeys(open({ partialSignatures: [{ publicKey, signature: new Uint8Array(71) }] }))).toThrow(saying('psbt.signature-invalid', { index: 0, signer: 'single key' }));
    expect(() => finalizeSingleKeys(open({ partialSignatures: [{ publicKey: parseHex(`02${'11'.repeat(32)}`), signature: new Uint8Array(71) }] }))).toThrow(saying('psbt.foreign-input', { index: 0, scriptType: 'p2wpkh' }));
    expect(() => finalizeSingleKeys(unsigned)).toThrow(saying('psbt.foreign-input', { index: 0, scriptType: 'p2wsh' }));
    expect(() => finalizeSingleKeys(withInput(unsigned, 1, ({ nonWitnessUtxo: _, ...input }) => input))).toThrow(saying('psbt.input-unproven', { index: 1 }));
  });

  test('makes of signatures what their owner had made', () => {
    for (const { final: made } of payments.slice(0, 3)) {
      const input = made.inputs[0]!;
      const pushed = input.finalScriptWitness ?? [input.finalScriptSig!.subarray(1, 1 + input.finalScriptSig![0]!), input.finalScriptSig!.subarray(2 + input.finalScriptSig![0]!)];
      const { finalScriptSig: _, finalScriptWitness: __, ...rest } = input;
      const signed = withInput(made, 0, () => ({ ...rest, partialSignatures: [{ publicKey: pushed[1]!, signature: pushed[0]! }] }));
      expect(finalizeSingleKeys(signed).inputs[0]).toEqual(input);
    }
  });

  test('inputs that are final already stay as they are', () => {
    for (const { final: made } of payments) expect(finalizeSingleKeys(made).inputs).toEqual(made.inputs);
  });
});

describe('extractor', () => {
  test('says which input is open, or of a kind that cannot be checked, or wrongly signed, or unproven', () => {
    expect(() => requireFinalized(withInput(final, 1, ({ finalScriptWitness: _, ...input }) => input))).toThrow(saying('psbt.incomplete', { inputs: '1' }));
    expect(requireFinalized(payments[0]!.final)).toBe(payments[0]!.final);
    expect(() => extractTransaction(withInput(final, 1, (input) => ({ ...input, finalScriptWitness: [] })))).toThrow(saying('psbt.signature-invalid', { index: 1, signer: 'final' }));
    expect(() => extractTransaction(withInput(final, 1, ({ nonWitnessUtxo: _, ...input }) => input))).toThrow(saying('psbt.input-unproven', { index: 1 }));
    const tap = withInput(payments[3]!.final, 0, (input) => ({ ...input, finalScriptWitness: [none, parseHex('51'), new Uint8Array(33)] })) as FinalizedPsbt;
    expect(() => extractTransaction(tap)).toThrow(saying('psbt.unsupported', { index: 0, scriptType: 'p2tr' }));
  });

  test('says what the amounts are that do not fit', () => {
    const spend = (amount: bigint): FinalizedPsbt => {
      const psbt = honestPsbt({ wallet, change: null, payments: [{ scriptPubKey: strangerScript(), amountSats: 1_999_000n }] });
      const transaction = psbt.transaction.clone();
      transaction.outs[0]!.value = amount;
      const minted: Psbt = { ...psbt, transaction };
      return finalizePsbt(combinePsbts([signedAs(minted, wallet, alice), signedAs(minted, wallet, bob)], deriver).psbt, deriver);
    };
    expect(extractTransaction(spend(2_000_000n)).feeSats).toBe(0n);
    expect(() => extractTransaction(spend(2_000_001n))).toThrow(saying('psbt.outputs-exceed-inputs', { inputsSats: '2000000', outputsSats: '2000001' }));
    expect(() => extractTransaction(spend(1_000_000n))).toThrow(expect.objectContaining({ code: 'psbt.fee-excessive', details: expect.objectContaining({ feeSats: '1000000', vsizeVb: expect.any(Number) }) }));
  });

  test('makes the transaction and leaves the PSBT as it was', () => {
    const before = serializeTransaction(final.transaction, true);
    const { bytes, txid } = extractTransaction(final);
    expect(toHex(serializeTransaction(final.transaction, true))).toBe(toHex(before));
    const { transaction } = parseTransaction(bytes);
    expect(transaction.ins.map(({ witness }) => witness.length)).toEqual([4, 4]);
    expect(txid).toBe(parseTransaction(bytes).txid);
    expect(transaction.outs).not.toBe(final.transaction.outs);
  });

  test('believes taproot\'s witness UTXO where the previous transaction is missing, and no other', () => {
    const claimed = (at: number): FinalizedPsbt => withInput(payments[at]!.final, 0, ({ nonWitnessUtxo: _, ...input }) => input) as FinalizedPsbt;
    expect(extractTransaction(claimed(3)).feeSats).toBe(1000n);
    for (const at of [0, 1, 2]) expect(() => extractTransaction(claimed(at))).toThrow(saying('psbt.input-unproven', { index: 0 }));
    expect(() => extractTransaction(withInput(claimed(3), 0, ({ witnessUtxo: _, ...input }) => input))).toThrow(saying('psbt.input-unproven', { index: 0 }));
    expect(() => extractTransaction(withInput(claimed(3), 0, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, amountSats: -1n } })))).toThrow(saying('psbt.input-unproven', { index: 0 }));
  });
});

describe('a signed transaction as a reply', () => {
  const transactionOf = (inputs: number, outputs: number): Uint8Array => serializeTransaction(createPsbt({ inputs: Array.from({ length: inputs }, (_, vout) => outpoint(vout)), outputs: Array.from({ length: outputs }, () => output), locktime: 0 }).transaction, false);
  const more = (bytes: Uint8Array, part: 'ins' | 'outs'): Uint8Array => {
    const { transaction } = parseTransaction(bytes);
    if (part === 'ins') transaction.ins.push({ ...transaction.ins[0]!, index: 77_777 });
    else transaction.outs.push(transaction.outs[0]!);
    return serializeTransaction(transaction, false);
  };

  test('has as many inputs and outputs as a file may have', () => {
    const most = transactionOf(10_000, 10_000);
    expect(psbtOfTransaction(most)).toMatchObject({ version: 0, globalFields: [], inputs: { length: 10_000 }, outputs: { length: 10_000 } });
    expect(() => psbtOfTransaction(more(most, 'ins'))).toThrow(saying('psbt.too-large', { what: 'inputs', limit: 10_000 }));
    expect(() => psbtOfTransaction(more(most, 'outs'))).toThrow(saying('psbt.too-large', { what: 'outputs', limit: 10_000 }));
    expect(() => psbtOfTransaction(new Uint8Array(16 * 1024 * 1024 + 1))).toThrow(saying('psbt.too-large', { what: 'bytes', limit: 16 * 1024 * 1024 }));
    expect(() => psbtOfTransaction(new Uint8Array(16 * 1024 * 1024))).toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
  });

  test.each([['outputs', `0200000001${'11'.repeat(32)}0000000000ffffffff0000000000`], ['inputs and outputs', '02000000000000000000']])('one without %s is none', (_, hex) => {
    expect(() => psbtOfTransaction(parseHex(hex))).toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
  });

  test('keeps what is final in its input, and the transaction without it', () => {
    const { transaction } = parseTransaction(transactionOf(3, 1));
    transaction.ins[0]!.script = parseHex('51');
    transaction.ins[2]!.witness = [parseHex('aa'), none];
    const psbt = psbtOfTransaction(serializeTransaction(transaction, true));
    expect(psbt.inputs).toEqual([{ finalScriptSig: parseHex('51') }, {}, { finalScriptWitness: [parseHex('aa'), none] }].map((fields) => ({ partialSignatures: [], bip32Derivations: [], otherFields: [], ...fields })));
    expect(psbt.outputs).toEqual([{ bip32Derivations: [], otherFields: [] }]);
    expect(psbt.transaction.ins.map(({ script, witness }) => [script.length, witness.length])).toEqual([[0, 0], [0, 0], [0, 0]]);
  });
});

describe('whose a script is', () => {
  const petty = testWallet(1, 2, 'regtest', 20);
  const shared = testWallet(1, 2);
  const asked = (wallets: readonly { readonly deriver: AddressDeriver }[], script: Uint8Array, fingerprints: readonly TestKey[]): string[] => {
    const calls: string[] = [];
    const derivers = wallets.map(({ deriver: own }, at): AddressDeriver => ({ wallet: own.wallet, derive: (branch, index) => { calls.push(String(at)); return own.derive(branch, index); } }));
    const owner = ownerOf(derivers, script, fingerprints.map(({ fingerprint }) => ({ publicKey: none, masterFingerprint: fingerprint, path: [0, 5] })));
    return [...calls, owner === null ? 'nobody' : `of ${derivers.indexOf(owner.deriver)}`];
  };

  test('the wallet whose keys the origins name is asked first; of two that share keys, the one of which all are named', () => {
    expect(asked([petty, wallet], deriver.derive(0, 5).scriptPubKey, [alice])).toEqual(['1', 'of 1']);
    expect(asked([wallet, petty], deriver.derive(0, 5).scriptPubKey, [alice])).toEqual(['0', 'of 0']);
    expect(asked([wallet, shared], shared.deriver.derive(0, 5).scriptPubKey, [alice, bob])).toEqual(['1', 'of 1']);
    expect(asked([wallet], deriver.derive(0, 5).scriptPubKey, [])).toContain('of 0');
    expect(asked([], deriver.derive(0, 5).scriptPubKey, [alice])).toEqual(['nobody']);
    expect(asked([wallet, petty], strangerScript(), [alice])).toEqual(['nobody']);
  });
});

describe('what tells versions of a payment apart', () => {
  const { transaction } = unsigned;
  const known = knownOutputs([unsigned]);
  const rate = (psbt: Psbt, of = known, derivers = [deriver], vsizeVb: number | null = null) => factsOf(psbt, of, derivers, vsizeVb).feeRate;

  test('its fee rate, where every amount and every size is known', () => {
    // 1,000 sats for 293 vB.
    expect(rate(unsigned)).toBe('3.412');
    expect(rate(unsigned, known, [deriver], 500)).toBe('2');
    expect(rate(unsigned, known, [])).toBeNull();
    expect(rate(unsigned, known, [], 250)).toBe('4');
    expect(rate(unsigned, new Map([...known].slice(1)))).toBeNull();
    // Also where what is known would pay for it.
    const cheap = transaction.clone();
    cheap.outs[0]!.value = 1_000n;
    expect(rate({ ...unsigned, transaction: cheap }, new Map([...known].slice(1)))).toBeNull();
    const greedy = transaction.clone();
    greedy.outs[0]!.value = 1_501_000n;
    expect(rate({ ...unsigned, transaction: greedy })).toBe('0');
    greedy.outs[0]!.value = 1_501_001n;
    expect(rate({ ...unsigned, transaction: greedy })).toBeNull();
  });

  test('amounts are as one of the files proves them, else as one claims them', () => {
    const claims = { ...unsigned, inputs: unsigned.inputs.map(({ nonWitnessUtxo: _, ...input }) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, amountSats: 5n } })) };
    const outpoints = transaction.ins.map(({ hash, index }) => `${toHex(reversed(hash))}:${index}`);
    const amounts = (...psbts: readonly Psbt[]) => outpoints.map((each) => knownOutputs(psbts).get(each)?.amountSats);
    expect(amounts(unsigned)).toEqual([1_000_000n, 1_000_000n]);
    expect(amounts(claims)).toEqual([5n, 5n]);
    expect(amounts(claims, unsigned)).toEqual([1_000_000n, 1_000_000n]);
    expect(amounts(unsigned, claims)).toEqual([1_000_000n, 1_000_000n]);
    expect(amounts(claims, { ...claims, inputs: claims.inputs.map((input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo, amountSats: 6n } })) })).toEqual([5n, 5n]);
    expect(amounts({ ...unsigned, inputs: unsigned.inputs.map(() => ({ partialSignatures: [], bip32Derivations: [], otherFields: [] })) })).toEqual([undefined, undefined]);
  });

  test('an error says what is known of both', () => {
    const old = { planId: 'aa', feeRate: '1' };
    expect(supersededBy({ file: 'a.psbt', position: 2 }, old, { planId: 'bb', feeRate: '2' })).toMatchObject({ code: 'psbt.superseded', details: { file: 'a.psbt', position: 2, txid: 'aa', feeRateSatPerVb: '1', currentTxid: 'bb', currentFeeRateSatPerVb: '2' } });
    expect(supersededBy({ file: 'a.psbt' }, { ...old, feeRate: null }, { planId: 'bb', feeRate: null }).details).toEqual({ file: 'a.psbt', txid: 'aa', currentTxid: 'bb' });
    expect(supersededBy({ file: 'a.psbt' }, old, null).details).toEqual({ file: 'a.psbt', txid: 'aa', feeRateSatPerVb: '1' });
  });

  test('and its sentence names the file and both versions too', () => {
    const wordsOf = (...given: Parameters<typeof supersededBy>): string => supersededBy(...given).message;
    expect(wordsOf({ file: 'a.psbt' }, { planId: 'aa', feeRate: '1' }, { planId: 'bb', feeRate: '2' })).toMatch(/a\.psbt.*1 sat\/vB, transaction aa.*2 sat\/vB, transaction bb/);
    expect(wordsOf({ file: 'a.psbt' }, { planId: 'aa', feeRate: null }, { planId: 'bb', feeRate: null })).toMatch(/a\.psbt.*\(transaction aa\).*\(transaction bb\)/);
    expect(wordsOf({ file: 'a.psbt' }, { planId: 'aa', feeRate: '1' }, null)).toMatch(/1 sat\/vB, transaction aa/);
  });

  test('files of many transactions: the one that most are of is right, and twenty of them are listed', () => {
    const ofLocktime = (locktime: number): Psbt => honestPsbt({ wallet, locktime });
    const [most, other, third] = [1, 2, 3].map(ofLocktime) as [Psbt, Psbt, Psbt];
    const refused = (files: readonly Psbt[]) => {
      try {
        combinePsbts(files, deriver);
      } catch (error) {
        return error as { code: string; details: Record<string, unknown>; hint: string };
      }
      throw new Error('nothing was refused');
    };
    for (const files of [[other, most, most], [most, other, most], [most, most, other]]) expect(refused(files)).toMatchObject({ code: 'psbt.mixed-transactions', details: { file: `file ${files.indexOf(other) + 1}`, position: files.indexOf(other) + 1 } });
    expect(refused([other, most, most, third, most]).details).toMatchObject({ files: 5, file: 'file 1' });
    const many = refused(Array.from({ length: 25 }, (_, index) => ofLocktime(index + 1)));
    expect(String(many.details['transactions']).split('; ')).toHaveLength(20);
    // They spend the same outputs; where they do not, they are not versions of one payment.
    expect(many.hint).toContain('versions of one payment');
    const elsewhere = honestPsbt({ wallet, inputs: [{ branch: 0, index: 31, amountSats: 2_000_000n }] });
    expect(refused([most, elsewhere]).hint).not.toContain('versions');
    expect(refused([most, elsewhere, other]).hint).toContain('versions of one payment');
    // One common input among several makes them versions.
    const partly = honestPsbt({ wallet, inputs: [{ branch: 0, index: 0, amountSats: 1_000_000n }, { branch: 0, index: 33, amountSats: 1_000_000n }] });
    expect(refused([most, partly]).hint).toContain('versions of one payment');
  });
});
