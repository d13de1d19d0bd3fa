/** Rules at their edges: whose origins are judged, how many are computed, whose quorum speaks where nobody's wallet spends. */
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Bip32Derivation, Psbt, PsbtInput } from '../../../src/psbt/psbt.ts';
import { reviewPsbt, type ReviewContext } from '../../../src/review/review-psbt.ts';
import { witnessKeyHashScript } from '../../../src/wallet/locking-script.ts';
import { contextOf, derSignature, fundingTransaction, hashOfTxid, honestPsbt, signedAs, strangerScript, testKey, testWallet, type TestKey } from '../support/psbt-builder.ts';
import { paperSweep, testPaper } from '../support/paper-sweep-builder.ts';

const wallet = testWallet(2, 3);
const [alice, bob] = wallet.keys as [TestKey, TestKey, TestKey];
const board = testWallet(3, 3, 'regtest', 40, 'p2sh');
const petty = testWallet(1, 2, 'regtest', 20, 'p2tr-multi');
const withInput = (psbt: Psbt, index: number, change: (input: PsbtInput) => PsbtInput): Psbt => ({ ...psbt, inputs: psbt.inputs.map((input, at) => (at === index ? change(input) : input)) });
const review = (psbt: Psbt, context: Partial<ReviewContext> = {}) => reviewPsbt(encodePsbt(psbt), contextOf(wallet, alice, context));
const found = (psbt: Psbt, context: Partial<ReviewContext> = {}): string[] => review(psbt, context).findings.map(({ code, where }) => `${code} ${where.scope} ${where.index}`);
const origin = (key: TestKey, path: string, publicKey = key.reviewKey.publicKeyAt(parsePath(path))): Bip32Derivation => ({ masterFingerprint: key.fingerprint, path: parsePath(path), publicKey });
const withOrigins = (psbt: Psbt, more: readonly Bip32Derivation[]): Psbt => withInput(psbt, 0, (input) => ({ ...input, bip32Derivations: [...input.bip32Derivations, ...more] }));
const foreign = honestPsbt({ wallet: testWallet(1, 1, 'regtest', 70, 'p2wpkh'), payments: [{ scriptPubKey: strangerScript(), amountSats: 99_000n }], change: null, inputs: [{ branch: 0, index: 0, amountSats: 100_000n }] });
const unsigned = honestPsbt({ wallet });

describe('origins that name a cosigner', () => {
  const away = (key: TestKey): Bip32Derivation => ({ masterFingerprint: key.fingerprint, path: parsePath('48h/1h/0h/2h/7/0'), publicKey: parseHex(`02${'11'.repeat(32)}`) });

  test('of another wallet than the input\'s own are a hint like any other; beside an input of nobody they are judged by every wallet', () => {
    expect(found(withOrigins(unsigned, [away(board.keys[0] as TestKey)]), { wallets: [wallet, board] })).toEqual([]);
    expect(found(withOrigins(unsigned, [away(bob)]), { wallets: [wallet, board] })).toContain('path.out-of-range input 0');
    for (const key of [bob, board.keys[0] as TestKey]) expect(found(withOrigins(foreign, [away(key)]), { wallets: [wallet, board], thisKey: null })).toContain('path.out-of-range input 0');
    expect(found(withOrigins(foreign, [away(testKey(90))]), { wallets: [wallet, board], thisKey: null })).not.toContain('path.out-of-range input 0');
  });

  test('are computed twenty times an input; an honest one names each cosigner once', () => {
    const claims = (count: number) => Array.from({ length: count }, (_, index) => origin(alice, `48h/1h/0h/2h/0/${index + 100}`));
    const lies = (psbt: Psbt) => review(psbt, { wallets: [] }).findings.filter(({ code }) => code === 'input.origin-lie').map(({ details }) => details['count']);
    expect(lies(withInput(unsigned, 0, (input) => ({ ...input, bip32Derivations: claims(20) })))).toEqual([]);
    expect(lies(withInput(unsigned, 0, (input) => ({ ...input, bip32Derivations: claims(21) })))).toEqual([1]);
  });

  test('are followed ten steps deep', () => {
    const deep = (steps: number): string => Array.from({ length: steps }, (_, step) => String(step % 2)).join('/');
    const lies = (steps: number): string[] => found(withInput(unsigned, 1, (input) => ({ ...input, bip32Derivations: [origin(alice, deep(steps))] }))).filter((line) => line.startsWith('input.origin-lie'));
    expect([9, 10, 11].map(lies)).toEqual([[], [], ['input.origin-lie input 1']]);
  });

  test('of each key at hand are proven by that key', () => {
    const dave = board.keys[1] as TestKey;
    const [right, wrong] = [origin(dave, '45h/1h/0h/0/3'), { ...origin(dave, '45h/1h/0h/0/3'), path: parsePath('45h/1h/0h/0/4') }];
    const context = { wallets: [wallet, board], furtherKeys: [dave.reviewKey] };
    // Dave's board does not spend here, which is a finding of its own.
    expect(found(withOrigins(unsigned, [right]), context)).toEqual(['quorum.not-a-cosigner global 0']);
    expect(found(withOrigins(unsigned, [wrong]), context)).toEqual(['input.origin-lie input 0', 'quorum.not-a-cosigner global 0']);
    expect(found(withOrigins(unsigned, [wrong]), { wallets: [wallet, board] })).toEqual([]);
    // An output that names one of them as its owner and is not is a fraud, whichever it is.
    const claiming = (key: TestKey): Psbt => ({ ...unsigned, outputs: unsigned.outputs.map((output, index) => (index === 0 ? { ...output, bip32Derivations: [origin(key, '48h/1h/0h/2h/1/0')] } : output)) });
    const lone = testKey(88);
    expect(found(claiming(lone), { furtherKeys: [lone.reviewKey] })).toContain('change.fraud output 0');
    expect(found(claiming(lone))).toEqual([]);
  });
});

describe('whose quorum speaks', () => {
  test('where no wallet spends: the one that was named first, and nobody where none was named', () => {
    expect(review(foreign, { wallets: [petty, board] }).quorum).toMatchObject({ required: 1, total: 2, stillNeeded: 1 });
    expect(review(foreign, { wallets: [board, petty] }).quorum).toMatchObject({ required: 3, total: 3, stillNeeded: 3 });
    const nobody = review(foreign, { wallets: [], thisKey: null });
    expect(nobody.quorum).toEqual({ required: 0, total: 0, signed: [], thisKey: null, stillNeeded: 0 });
    expect(nobody.findings.map(({ code }) => code)).not.toContain('quorum.complete');
  });

  test('of papers, where a wallet was named and does not spend', () => {
    const papers = [testPaper(1)];
    const sweep = paperSweep([{ paper: papers[0]!, script: 'p2wpkh' }]);
    const { quorum, findings } = review(sweep, { wallets: [wallet], thisKey: null, singleKeys: papers });
    expect(quorum).toMatchObject({ required: 1, total: 1, stillNeeded: 1 });
    expect(findings.map(({ code }) => code)).not.toContain('quorum.complete');
  });

  test('with several keys names them all, the first as this key', () => {
    expect(review(unsigned, { furtherKeys: [bob.reviewKey] }).quorum).toEqual({ required: 2, total: 3, signed: [], thisKey: alice.fingerprint, keys: [alice.fingerprint, bob.fingerprint], stillNeeded: 2 });
    expect(review(unsigned).quorum).toEqual({ required: 2, total: 3, signed: [], thisKey: alice.fingerprint, stillNeeded: 2 });
    const signed = signedAs(unsigned, wallet, bob);
    expect(review(signed, { furtherKeys: [bob.reviewKey] }).findings.map(({ code, details }) => [code, details['fingerprint']])).toEqual([['quorum.already-signed', bob.fingerprint]]);
    // Without a first key there are no further ones.
    expect(review(unsigned, { thisKey: null, furtherKeys: [bob.reviewKey] }).quorum.thisKey).toBeNull();
  });
});

test('a witness item that begins like an annex is none outside taproot', () => {
  const owner = testWallet(1, 1, 'regtest', 3, 'p2wpkh');
  const psbt = honestPsbt({ wallet: owner, payments: [], change: { branch: 1, index: 0, amountSats: 1_990_000n } });
  const final = withInput(psbt, 0, (input) => ({ ...input, finalScriptWitness: [new Uint8Array(71), parseHex('5001')] }));
  expect(reviewPsbt(encodePsbt(final), contextOf(owner)).findings.map(({ code }) => code)).toEqual(['input.already-final']);
  const taproot = honestPsbt({ wallet: testWallet(1, 1, 'regtest', 4, 'p2tr') });
  const annexed = (witness: readonly Uint8Array[]) => reviewPsbt(encodePsbt(withInput(taproot, 0, (input) => ({ ...input, finalScriptWitness: witness }))), contextOf(testWallet(1, 1, 'regtest', 4, 'p2tr'))).findings.map(({ code }) => code).filter((code) => code.startsWith('taproot') || code.startsWith('input'));
  expect(annexed([new Uint8Array(64), parseHex('5001')])).toEqual(['input.already-final', 'taproot.script-path']);
  expect(annexed([new Uint8Array(64), parseHex('5101')])).toEqual(['input.already-final']);
  expect(annexed([parseHex('5001')])).toEqual(['input.already-final']);
});

test('findings of one kind on one input are listed twenty times, whatever a file holds', () => {
  const many = Array.from({ length: 25 }, (_, index) => ({ publicKey: testKey(200 + index).root.publicKey, signature: derSignature(concat(new Uint8Array(31), Uint8Array.of(9), new Uint8Array(31), Uint8Array.of(7)), 2) }));
  const byCode = Map.groupBy(review(withInput(unsigned, 1, (input) => ({ ...input, partialSignatures: many }))).findings, ({ code }) => code);
  expect(Object.fromEntries([...byCode].map(([code, found]) => [code, found.length]))).toEqual({ 'sighash.forbidden': 20, 'signature.invalid': 20 });
});

test('of all inputs together two thousand further ones are listed, and the first of each kind on every input', () => {
  const signatures = Array.from({ length: 25 }, (_, index) => ({ publicKey: testKey(200 + index).root.publicKey, signature: derSignature(concat(new Uint8Array(31), Uint8Array.of(9), new Uint8Array(31), Uint8Array.of(7)), 2) }));
  const psbt = honestPsbt({ wallet, inputs: Array.from({ length: 60 }, (_, index) => ({ branch: 0 as const, index, amountSats: 100_000n })), oneFunding: true });
  const { findings } = review({ ...psbt, inputs: psbt.inputs.map((input) => ({ ...input, partialSignatures: signatures })) });
  const listed = findings.filter(({ code }) => code === 'sighash.forbidden' || code === 'signature.invalid');
  expect(listed).toHaveLength(2 * 60 + 2_000);
  for (const code of ['sighash.forbidden', 'signature.invalid']) expect(new Set(listed.filter((each) => each.code === code).map(({ where }) => where.index)).size).toBe(60);
  // The last ones have no more than their first.
  expect(listed.filter(({ where }) => where.index === 59)).toHaveLength(2);
  expect(listed.filter(({ where }) => where.index === 0)).toHaveLength(40);
  // Leaves of taproot count the same way.
  const tap = testWallet(2, 3, 'regtest', 1, 'p2tr-multi');
  const one = signedAs(honestPsbt({ wallet: tap }), tap, tap.keys[0] as TestKey);
  const leaf = one.inputs[0]!.otherFields.find(({ keyType }) => keyType === 0x14)!;
  const bad = Array.from({ length: 25 }, (_, index) => ({ ...leaf, keyData: concat(testKey(200 + index).root.publicKey.subarray(1), leaf.keyData.subarray(32)), value: concat(new Uint8Array(64).fill(3), Uint8Array.of(2)) }));
  const ofLeaves = reviewPsbt(encodePsbt(withInput(one, 0, (input) => ({ ...input, otherFields: [...input.otherFields.filter(({ keyType }) => keyType !== 0x14), ...bad] }))), contextOf(tap)).findings.map(({ code }) => code);
  expect([ofLeaves.filter((code) => code === 'sighash.forbidden').length, ofLeaves.filter((code) => code === 'signature.invalid').length]).toEqual([20, 20]);
});

test('a stranger\'s input is described as it is', () => {
  const { publicKey } = testKey(70).root;
  const script = witnessKeyHashScript(publicKey.subarray(0, 20));
  const funding = fundingTransaction([{ scriptPubKey: script, amountSats: 5_000n }]);
  const transaction = foreign.transaction.clone();
  transaction.ins[0]!.hash = hashOfTxid(funding.txid);
  const psbt: Psbt = { ...foreign, transaction, inputs: [{ partialSignatures: [], bip32Derivations: [], otherFields: [], nonWitnessUtxo: funding.bytes }] };
  const [first] = review({ ...psbt, outputs: [{ bip32Derivations: [], otherFields: [] }], transaction: Object.assign(transaction, { outs: [{ script: strangerScript(), value: 4_000n }] }) }).findings;
  expect(first).toMatchObject({ code: 'input.foreign', details: { scriptType: 'p2wpkh', scriptHex: toHex(script) } });
});
