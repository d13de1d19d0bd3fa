/** What a combination counts, what a contradiction names, and what is left of an input once it is final. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../src/domain/bytes.ts';
import { combineGoodPsbts, combinePsbts } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import { versionOf } from '../../../src/psbt/payment-versions.ts';
import { previousOutputs } from '../../../src/psbt/previous-outputs.ts';
import type { FinalizedPsbt, KeyValue, Psbt, PsbtInput, PsbtOutput, UpdatedPsbt } from '../../../src/psbt/psbt.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import { finalizeSingleKeys } from '../../../src/psbt/single-key-finalizer.ts';
import { versionHashes } from '../../../src/psbt/stale-signatures.ts';
import { withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import { fundingTransaction, honestPsbt, signedAs, strangerScript, testWallet, type TestKey } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const { deriver } = wallet;
const [alice, bob, carol] = wallet.keys as [TestKey, TestKey, TestKey];
const unsigned = honestPsbt({ wallet });
const byAlice = signedAs(unsigned, wallet, alice);
const byBob = signedAs(unsigned, wallet, bob);
const details = (work: () => unknown): Record<string, unknown> => {
  try {
    work();
  } catch (error) {
    const { code, details: found } = error as { code?: string; details?: object };
    return { code, ...found };
  }
  throw new Error('nothing was refused');
};
const withInput = <T extends Psbt>(psbt: T, index: number, change: (input: PsbtInput) => PsbtInput): T => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
const withOutput = (psbt: Psbt, index: number, change: (output: PsbtOutput) => PsbtOutput): Psbt => ({ ...psbt, outputs: psbt.outputs.map((output, at) => (at === index ? change(output) : output)) });
const without = <T extends object, K extends keyof T>(object: T, name: K): Omit<T, K> => {
  const { [name]: _, ...rest } = object;
  return rest;
};

describe('who signed', () => {
  test('counts where a key signed every input, not where it signed one of them', () => {
    const only = (index: number, key: TestKey): Psbt => withInput(signedAs(unsigned, wallet, key), 1 - index, (input) => ({ ...input, partialSignatures: [] }));
    for (const index of [0, 1]) expect(combinePsbts([only(index, alice), byBob], deriver).quorum).toMatchObject({ signed: [bob.fingerprint], stillNeeded: 1 });
    expect(combinePsbts([only(0, alice), only(1, alice)], deriver).quorum).toMatchObject({ signed: [alice.fingerprint], stillNeeded: 1 });
    expect(combinePsbts([only(0, alice), only(1, bob)], deriver).quorum).toMatchObject({ signed: [], stillNeeded: 1 });
  });

  test('a wallet that the transaction does not spend from says nothing of its quorum', () => {
    const other = testWallet(3, 3, 'regtest', 40, 'p2sh');
    for (const derivers of [[deriver, other.deriver], [other.deriver, deriver]]) {
      const { quorum, quorums } = combinePsbts([byAlice, byBob], derivers);
      expect([quorum.required, quorum.stillNeeded, quorums.length]).toEqual([2, 0, 1]);
    }
  });

  test('of two wallets the one that lacks more speaks for both, whichever was named first', () => {
    const petty = testWallet(1, 1, 'regtest', 50, 'p2wpkh');
    const single = honestPsbt({ wallet: petty, inputs: [{ branch: 0, index: 2, amountSats: 50_000n }], payments: [], change: { branch: 1, index: 1, amountSats: 49_000n } });
    const transaction = byAlice.transaction.clone();
    transaction.ins.push(...single.transaction.clone().ins);
    transaction.outs.push(...single.transaction.clone().outs);
    const both: Psbt = { ...unsigned, transaction, inputs: [...unsigned.inputs, ...single.inputs], outputs: [...unsigned.outputs, ...single.outputs] };
    const half = signedAs(signedAs(both, petty, petty.keys[0] as TestKey), wallet, alice);
    for (const derivers of [[deriver, petty.deriver], [petty.deriver, deriver]]) expect(combinePsbts([half], derivers).quorum).toMatchObject({ required: 2, stillNeeded: 1 });
    const whole = signedAs(signedAs(both, wallet, bob), wallet, alice);
    for (const derivers of [[deriver, petty.deriver], [petty.deriver, deriver]]) expect(combinePsbts([whole], derivers).quorum).toMatchObject({ required: 1, stillNeeded: 1 });
  });

  test('nothing to combine, and no wallet to combine for, are faults of the program', () => {
    expect(() => combinePsbts([], deriver)).toThrow(TypeError);
    expect(() => combinePsbts([{ ...unsigned, transaction: Object.assign(unsigned.transaction.clone(), { ins: [] }), inputs: [] }], [])).toThrow(TypeError);
  });
});

describe('a contradiction', () => {
  const field = (value: number): KeyValue => ({ keyType: 0xf0, keyData: Uint8Array.of(7), value: Uint8Array.of(value) });
  const contradict = (first: Psbt, second: Psbt, third: Psbt = first) => details(() => combinePsbts([first, second, third], deriver));
  const odd = { code: 'psbt.conflict', file: 'file 2', position: 2, files: 'file 2' };

  test('names the file, its place and what it says otherwise', () => {
    const redeemScript = parseHex('51');
    const cases: readonly (readonly [Psbt, Psbt, object])[] = [
      [{ ...unsigned, globalFields: [field(1)] }, { ...unsigned, globalFields: [field(2)] }, { scope: 'global', index: 0, field: 'key f007' }],
      [withInput(unsigned, 1, (input) => ({ ...input, sighashType: 1 })), withInput(unsigned, 1, (input) => ({ ...input, sighashType: 2 })), { scope: 'input', index: 1, field: 'sighashType' }],
      [withInput(unsigned, 0, (input) => ({ ...input, redeemScript })), withInput(unsigned, 0, (input) => ({ ...input, redeemScript: parseHex('52') })), { scope: 'input', index: 0, field: 'redeemScript' }],
      [unsigned, withInput(unsigned, 1, (input) => ({ ...input, witnessScript: parseHex('52') })), { scope: 'input', index: 1, field: 'witnessScript' }],
      [withOutput(unsigned, 1, (output) => ({ ...output, redeemScript })), withOutput(unsigned, 1, (output) => ({ ...output, redeemScript: parseHex('52') })), { scope: 'output', index: 1, field: 'redeemScript' }],
      [unsigned, withOutput(unsigned, 1, (output) => ({ ...output, witnessScript: parseHex('52') })), { scope: 'output', index: 1, field: 'witnessScript' }],
      [withOutput(unsigned, 0, (output) => ({ ...output, otherFields: [field(1)] })), withOutput(unsigned, 0, (output) => ({ ...output, otherFields: [field(2)] })), { scope: 'output', index: 0, field: 'key f007' }],
      [withInput(unsigned, 0, (input) => ({ ...input, otherFields: [field(1)] })), withInput(unsigned, 0, (input) => ({ ...input, otherFields: [field(2)] })), { scope: 'input', index: 0, field: 'key f007' }],
    ];
    for (const [usual, other, place] of cases) expect(contradict(usual, other)).toEqual({ ...odd, ...place });
    expect(details(() => combinePsbts([cases[0]![1], cases[0]![0], cases[0]![0]], deriver))).toMatchObject({ file: 'file 1', position: 1 });
  });

  test('of a claim and a proof is the claim\'s, and a file that says nothing is not to blame', () => {
    const lying = withInput(byAlice, 1, (input) => ({ ...input, witnessUtxo: { ...input.witnessUtxo!, amountSats: 7n } }));
    const silent = withInput(byBob, 1, (input) => without(input, 'witnessUtxo'));
    expect(details(() => combinePsbts([silent, lying], deriver))).toEqual({ code: 'psbt.conflict', scope: 'input', index: 1, field: 'the amount', file: 'file 2', position: 2, files: 'file 2' });
    expect(contradict(silent, lying, byBob)).toMatchObject({ field: 'witnessUtxo', scope: 'input', index: 1, file: 'file 2', files: 'file 2' });
    const unproven = withInput(byAlice, 0, (input) => without(input, 'nonWitnessUtxo'));
    const swapped = withInput(byBob, 0, (input) => ({ ...input, nonWitnessUtxo: fundingTransaction([{ scriptPubKey: strangerScript(), amountSats: 5n }], 55).bytes }));
    expect(contradict(unproven, swapped, byBob)).toMatchObject({ field: 'nonWitnessUtxo', scope: 'input', index: 0, file: 'file 2', files: 'file 2' });
    expect(combinePsbts([silent, unproven], deriver).quorum.stillNeeded).toBe(0);
    // Without a proof it is a matter of votes.
    const bare = (psbt: Psbt): Psbt => withInput(psbt, 1, (input) => without(input, 'nonWitnessUtxo'));
    expect(contradict(bare(byBob), bare(lying))).toMatchObject({ field: 'witnessUtxo', scope: 'input', index: 1, file: 'file 2' });
  });

  test('about the locktime that version 2 requires: together a height beats the time that both had meant', () => {
    const v2 = (requirement: object): Psbt => ({ ...unsigned, version: 2, transaction: Object.assign(unsigned.transaction.clone(), { locktime: 500_000_001 }), version2: { inputs: [{ statesSequence: true, ...requirement }, { statesSequence: true, requiredTimeLocktime: 500_000_001 }] } });
    const both = v2({ requiredTimeLocktime: 500_000_001 });
    expect(combinePsbts([both, v2({})], deriver).psbt.version2?.inputs[0]).toMatchObject({ requiredTimeLocktime: 500_000_001 });
    expect(Object.keys(combinePsbts([v2({})], deriver).psbt.version2!.inputs[0]!)).toEqual(['statesSequence']);
    const withHeights: Psbt = { ...both, version2: { inputs: both.version2!.inputs.map((input) => ({ ...input, requiredHeightLocktime: 9 })) } };
    expect(details(() => combinePsbts([both, { ...withHeights, transaction: both.transaction }], deriver))).toMatchObject({ code: 'psbt.conflict', scope: 'global', index: 0, field: 'required locktimes' });
    expect(details(() => combinePsbts([both, withHeights, both], deriver))).toMatchObject({ field: 'required locktimes', file: 'file 2' });
  });

  test('leaves the others to be combined, under their own names', () => {
    const damaged = withInput(byBob, 1, (input) => ({ ...input, partialSignatures: input.partialSignatures.map((partial) => ({ ...partial, signature: partial.signature.map((byte, at) => (at === 30 ? byte ^ 1 : byte)) })) }));
    const byCarol = signedAs(unsigned, wallet, carol);
    const nameless = combineGoodPsbts([damaged, byAlice, { ...damaged, globalFields: [field(1)] }, byCarol], deriver);
    expect(nameless.leftOut.map(({ label, position, error }) => [label, position, error.details['file']])).toEqual([['file 1', 1, 'file 1'], ['file 3', 3, 'file 3']]);
    const named = combineGoodPsbts([damaged, byAlice, damaged, byCarol], deriver, { names: ['a', 'b', 'c', 'd'] });
    expect(named.leftOut.map(({ label, position, error }) => [label, position, error.details['file']])).toEqual([['a', 1, 'a'], ['c', 3, 'c']]);
    // What the context says beside the names still counts.
    const old = honestPsbt({ wallet, change: { branch: 1, index: 7, amountSats: 499_500n } });
    const stale = { ...unsigned, inputs: signedAs(old, wallet, bob).inputs };
    expect(combineGoodPsbts([byAlice, stale, byCarol], deriver, { versions: [versionOf(old, 'old')] }).leftOut).toMatchObject([{ position: 2, error: { code: 'psbt.signature-stale' } }]);
    // An error that is no file's fault, and no error of ours, end it.
    expect(() => combineGoodPsbts([], deriver)).toThrow(TypeError);
  });
});

test('key origins are the registered ones after combining, whatever the file said of a key; what it does not mention stays away', () => {
  for (const script of ['p2wsh', 'p2sh', 'p2sh-p2wsh'] as const) {
    const own = testWallet(2, 3, 'regtest', 1, script);
    const psbt = signedAs(honestPsbt({ wallet: own }), own, own.keys[0] as TestKey);
    const lies = <T extends PsbtInput | PsbtOutput>(map: T): T => ({ ...map, bip32Derivations: map.bip32Derivations.map((origin) => ({ ...origin, path: [7, ...origin.path.slice(1)] })) });
    // In an output that nobody calls a wallet's, nothing is looked for.
    const lying: Psbt = { ...psbt, inputs: psbt.inputs.map(lies), outputs: psbt.outputs.map(lies) };
    expect(lying.outputs[1]).not.toEqual(psbt.outputs[1]);
    expect(combinePsbts([lying], own.deriver).psbt).toEqual(combinePsbts([psbt], own.deriver).psbt);
    const fewer: Psbt = { ...psbt, outputs: psbt.outputs.map((output) => ({ ...output, bip32Derivations: output.bip32Derivations.slice(0, 1) })) };
    expect(combinePsbts([fewer], own.deriver).psbt.outputs[1]!.bip32Derivations).toHaveLength(1);
  }
});

describe('key origins of taproot', () => {
  const tap = testWallet(2, 3, 'regtest', 1, 'p2tr-multi');
  const psbt = honestPsbt({ wallet: tap });
  const one = signedAs(psbt, tap, tap.keys[0] as TestKey);
  const rewritten = (fields: readonly KeyValue[], keyType: number): KeyValue[] => fields.map((field) => (field.keyType === keyType ? { ...field, value: field.value.map((byte, at) => (at === 34 ? byte ^ 0x40 : byte)) } : field));

  test('are the registered ones after combining, whatever the file said', () => {
    const lying: Psbt = { ...one, inputs: one.inputs.map((input) => ({ ...input, otherFields: rewritten(input.otherFields, 0x16) })), outputs: one.outputs.map((output) => ({ ...output, otherFields: rewritten(output.otherFields, 0x07) })) };
    expect(lying).not.toEqual(one);
    expect(combinePsbts([lying], tap.deriver).psbt).toEqual(combinePsbts([one], tap.deriver).psbt);
  });

  test('are hints; an internal key or a tree is none, and two of them contradict each other', () => {
    const altered = (keyType: number): Psbt => withOutput(one, 1, (output) => ({ ...output, otherFields: output.otherFields.map((field) => (field.keyType === keyType ? { ...field, value: field.value.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) } : field)) }));
    const kinds = one.outputs[1]!.otherFields.map(({ keyType }) => keyType).filter((keyType) => keyType !== 0x07);
    expect(kinds.length).toBeGreaterThan(0);
    for (const keyType of kinds) expect(details(() => combinePsbts([one, altered(keyType), one], tap.deriver))).toMatchObject({ code: 'psbt.conflict', scope: 'output', index: 1, file: 'file 2' });
    const input = withInput(one, 1, (each) => ({ ...each, otherFields: each.otherFields.map((field) => (field.keyType === 0x17 ? { ...field, value: field.value.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) } : field)) }));
    expect(input).not.toEqual(one);
    expect(details(() => combinePsbts([one, input, one], tap.deriver))).toMatchObject({ code: 'psbt.conflict', scope: 'input', index: 1, file: 'file 2' });
  });
});

describe('an input that is final', () => {
  test('keeps its UTXO fields, its scripts, and what has no meaning here; nothing else', () => {
    for (const script of ['p2sh', 'p2wsh', 'p2tr-multi', 'p2tr'] as const) {
      const own = testWallet(script === 'p2tr' ? 1 : 2, script === 'p2tr' ? 1 : 3, 'regtest', 1, script);
      const extra: KeyValue = { keyType: 0xf0, keyData: Uint8Array.of(1), value: Uint8Array.of(2) };
      const psbt = honestPsbt({ wallet: own });
      const marked: Psbt = { ...psbt, inputs: psbt.inputs.map((input) => ({ ...input, otherFields: [...input.otherFields, extra], sighashType: 1 })) };
      const signed = own.keys.slice(0, own.wallet.required).map((key) => signedAs(marked, own, key, 1));
      const final = finalizePsbt(combinePsbts(signed, own.deriver).psbt, own.deriver);
      expect(final.inputs.map(({ otherFields, partialSignatures, bip32Derivations }) => [otherFields, partialSignatures, bip32Derivations])).toEqual([[[extra], [], []], [[extra], [], []]]);
      const kept = ['nonWitnessUtxo', ...(script === 'p2sh' ? [] : ['witnessUtxo']), 'partialSignatures', 'bip32Derivations', script === 'p2sh' ? 'finalScriptSig' : 'finalScriptWitness', 'otherFields'];
      expect(final.inputs.map((input) => Object.keys(input).sort())).toEqual([kept, kept].map((names) => [...names].sort()));
    }
  });

  test('is made of the signatures of its own kind alone', () => {
    const { psbt } = combinePsbts([byAlice, byBob], deriver);
    const stray = { ...psbt, inputs: psbt.inputs.map((input) => withTapKeySignature(input, new Uint8Array(64).fill(1))) };
    expect(extractTransaction(finalizePsbt(stray, deriver)).feeSats).toBe(1000n);
  });

  test('inputs that lack their signature are named, twenty at most', () => {
    const single = testWallet(1, 1, 'regtest', 1, 'p2wpkh');
    const many = honestPsbt({ wallet: single, inputs: Array.from({ length: 23 }, (_, index) => ({ branch: 0 as const, index, amountSats: 100_000n })), oneFunding: true });
    expect(details(() => finalizeSingleKeys(many))).toEqual({ code: 'psbt.incomplete', inputs: Array.from({ length: 20 }, (_, index) => index).join(', '), required: 1 });
  });
});

describe('extraction', () => {
  const mixed = (claim: (amountSats: bigint) => bigint = (amount) => amount): FinalizedPsbt => {
    const tap = testWallet(1, 1, 'regtest', 1, 'p2tr');
    const other = testWallet(1, 1, 'regtest', 2, 'p2wpkh');
    const spend = (own: typeof tap, index: number): UpdatedPsbt => honestPsbt({ wallet: own, inputs: [{ branch: 0, index, amountSats: 60_000n }], payments: [], change: { branch: 1, index, amountSats: 59_000n } });
    const [first, second] = [spend(tap, 1), spend(other, 2)];
    const transaction = first.transaction.clone();
    transaction.ins.push(...second.transaction.clone().ins);
    transaction.outs.push(...second.transaction.clone().outs);
    const whole: Psbt = { ...first, transaction, inputs: [...first.inputs, ...second.inputs], outputs: [...first.outputs, ...second.outputs] };
    const signed = signedAs(signedAs(whole, tap, tap.keys[0] as TestKey), other, other.keys[0] as TestKey);
    const final = finalizePsbt(combinePsbts([signed], [tap.deriver, other.deriver]).psbt, [tap.deriver, other.deriver]);
    return withInput(final, 0, (input) => ({ ...without(input, 'nonWitnessUtxo'), witnessUtxo: { ...input.witnessUtxo!, amountSats: claim(input.witnessUtxo!.amountSats) } }) as PsbtInput);
  };

  test('takes taproot\'s word on its amount beside other inputs too: its signature would fail', () => {
    expect(extractTransaction(mixed()).feeSats).toBe(2000n);
    expect(details(() => extractTransaction(mixed((amount) => amount + 1n)))).toEqual({ code: 'psbt.signature-invalid', index: 0, signer: 'final' });
  });

  test('refuses one amount out of range among others that are not', () => {
    const transaction = unsigned.transaction.clone();
    transaction.outs[1]!.value = -1n;
    const odd: Psbt = { ...unsigned, transaction };
    const final = finalizePsbt(combinePsbts([signedAs(odd, wallet, alice), signedAs(odd, wallet, bob)], deriver).psbt, deriver);
    expect(details(() => extractTransaction(final))).toMatchObject({ code: 'psbt.outputs-exceed-inputs', outputsSats: '1499999' });
  });
});

test('what a version of a payment spends and does not prove is taken from what is known now, else from its own word', () => {
  const old = honestPsbt({ wallet, change: { branch: 1, index: 7, amountSats: 499_500n } });
  const stripped: Psbt = { ...old, inputs: old.inputs.map((input) => ({ ...without(input, 'nonWitnessUtxo'), partialSignatures: [] }) as PsbtInput) };
  const silent: Psbt = { ...old, inputs: old.inputs.map((input) => without(without(input, 'nonWitnessUtxo'), 'witnessUtxo') as PsbtInput) };
  const rule = deriver.derive(0, 0).rule;
  const spent = previousOutputs(old).map((previous) => (previous.proof === null ? null : previous.output));
  const expected = createSighasher(old.transaction, spent).hash(0, rule, 1);
  const outpoint = Buffer.from(old.transaction.ins[0]!.hash).reverse().toString('hex') + ':0';
  const hashes = (psbt: Psbt) => [...versionHashes([versionOf(psbt, 'old')], new Map()).hashesFor(outpoint, rule)].map(({ hashFor }) => hashFor(1));
  expect(hashes(old)).toEqual([expected]);
  expect(hashes(stripped)).toEqual([expected]);
  // Proven, and no claim beside it.
  expect(hashes({ ...old, inputs: old.inputs.map((input) => without(input, 'witnessUtxo')) })).toEqual([expected]);
  expect(hashes(silent)).toEqual([null]);
  const known = new Map([[outpoint, spent[0]!]]);
  expect([...versionHashes([versionOf(silent, 'old')], known).hashesFor(outpoint, rule)].map(({ hashFor }) => hashFor(1))).toEqual([expected]);
  expect([...versionHashes([versionOf(old, 'old')], known).hashesFor(`${'00'.repeat(32)}:7`, rule)]).toEqual([]);
});
