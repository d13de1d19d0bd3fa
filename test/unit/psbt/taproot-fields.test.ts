/** BIP371's fields: what an own output states of itself, and what of it contradicts the wallet. */
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import type { KeyValue, PsbtInput, PsbtOutput } from '../../../src/psbt/psbt.ts';
import {
  claimsTaproot, inputOriginsOf, isTapSignature, isTaprootInputField, isTaprootOutputField, leafSignaturesOf, outputOriginsOf, tapInputFields, tapInputFits, tapInternalKeyOf,
  tapKeySignatureOf, tapKeySignaturesOf, tapOutputFields, tapOutputFits, withLeafSignatures, withTapKeySignature,
} from '../../../src/psbt/taproot-fields.ts';
import { testWallet } from '../support/psbt-builder.ts';

const none = new Uint8Array(0);
const field = (keyType: number, keyHex: string, valueHex: string): KeyValue => ({ keyType, keyData: parseHex(keyHex), value: parseHex(valueHex) });
const holding = (...otherFields: readonly KeyValue[]): PsbtInput & PsbtOutput => ({ partialSignatures: [], bip32Derivations: [], otherFields });
const shown = (fields: readonly KeyValue[]): string[] => fields.map(({ keyType, keyData, value }) => `${keyType.toString(16)} ${toHex(keyData)} ${toHex(value)}`);
const inputTypes = [0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19];

const single = testWallet(1, 1, 'regtest', 1, 'p2tr').deriver.derive(0, 5);
const quorum = testWallet(2, 3, 'regtest', 1, 'p2tr-multi').deriver.derive(1, 7);
const segwit = testWallet(2, 3).deriver.derive(0, 5);
/** `<fingerprint> 48h/1h/0h/2h/<branch>/<index>` in BIP174's bytes. */
const origin = (fingerprint: string, branch: string, index: string): string => `${fingerprint}30000080010000800000008002000080${branch}000000${index}000000`;
const internal = '50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0';
const xOnlyKeys = quorum.keys.map(({ publicKey }) => toHex(publicKey.subarray(1))).sort();
/** The quorum's leaf by hand: keys in rising order. */
const leafScript = `20${xOnlyKeys[0] as string}ac20${xOnlyKeys[1] as string}ba20${xOnlyKeys[2] as string}ba529c`;
const leaf = (quorum.taproot as NonNullable<typeof quorum.taproot>).leaf as NonNullable<NonNullable<typeof quorum.taproot>['leaf']>;
const originsOfQuorum = (type: string): string[] => xOnlyKeys.map((key) => {
  const { masterFingerprint } = quorum.keys.find(({ publicKey }) => toHex(publicKey.subarray(1)) === key) as (typeof quorum.keys)[number];
  return `${type} ${key} 01${toHex(leaf.hash)}${origin(masterFingerprint, '01', '07')}`;
});

describe('what is stated', () => {
  test('of one key: its origin without a leaf, and the internal key', () => {
    const [{ publicKey, masterFingerprint }] = single.keys as [(typeof single.keys)[number]];
    const key = toHex(publicKey.subarray(1));
    expect(shown(tapInputFields(single))).toEqual([`16 ${key} 00${origin(masterFingerprint, '00', '05')}`, `17  ${key}`]);
    expect(shown(tapOutputFields(single))).toEqual([`5  ${key}`, `7 ${key} 00${origin(masterFingerprint, '00', '05')}`]);
  });

  test('of a quorum: the leaf and its control block, each key with the leaf, an internal key that nobody holds, the root', () => {
    expect(shown(tapInputFields(quorum))).toEqual([`15 ${toHex(leaf.controlBlock)} ${leafScript}c0`, ...originsOfQuorum('16'), `17  ${internal}`, `18  ${toHex(leaf.hash)}`]);
    expect(shown(tapOutputFields(quorum))).toEqual([`5  ${internal}`, `6  00c0${(leafScript.length / 2).toString(16)}${leafScript}`, ...originsOfQuorum('7')]);
    expect(toHex(leaf.controlBlock.subarray(1))).toBe(internal);
  });

  test('of an output that is no taproot: nothing', () => {
    expect([tapInputFields(segwit), tapOutputFields(segwit)]).toEqual([[], []]);
  });
});

describe('what is stated fits, or not', () => {
  const asInput = (...fields: readonly KeyValue[]): boolean[] => [quorum, single, segwit].map((derived) => tapInputFits(holding(...fields), derived));
  const asOutput = (...fields: readonly KeyValue[]): boolean[] => [quorum, single, segwit].map((derived) => tapOutputFits(holding(...fields), derived));

  test('what is not stated contradicts nothing, nor does a field that says nothing of it', () => {
    expect(asInput()).toEqual([true, true, true]);
    expect(asOutput()).toEqual([true, true, true]);
    expect(asInput(field(0x13, '', '00'), field(0x16, '11', '22'), field(0xf0, '', '00'))).toEqual([true, true, true]);
    expect(asOutput(field(0x07, '11', '22'), field(0xf0, '', '00'))).toEqual([true, true, true]);
  });

  test('what the wallet states itself fits it alone', () => {
    expect(asInput(...tapInputFields(quorum))).toEqual([true, false, false]);
    expect(asInput(...tapInputFields(single))).toEqual([false, true, false]);
    expect(asOutput(...tapOutputFields(quorum))).toEqual([true, false, false]);
    expect(asOutput(...tapOutputFields(single))).toEqual([false, true, false]);
  });

  test('each field alone must be the rebuilt one', () => {
    const root = toHex(leaf.hash);
    const control = toHex(leaf.controlBlock);
    expect(asInput(field(0x17, '', internal))).toEqual([true, false, false]);
    expect(asInput(field(0x17, '', '11'.repeat(32)))).toEqual([false, false, false]);
    expect(asInput(field(0x18, '', root))).toEqual([true, false, false]);
    expect(asInput(field(0x18, '', '11'.repeat(32)))).toEqual([false, false, false]);
    expect(asInput(field(0x15, control, `${leafScript}c0`))).toEqual([true, false, false]);
    expect(asInput(field(0x15, control, `${leafScript.replace(/529c$/, '519c')}c0`))).toEqual([false, false, false]);
    expect(asInput(field(0x15, `${control}${'11'.repeat(32)}`, `${leafScript}c0`))).toEqual([false, false, false]);
    expect(asInput(field(0x15, control, leafScript))).toEqual([false, false, false]);
    expect(asOutput(field(0x05, '', internal))).toEqual([true, false, false]);
    expect(asOutput(field(0x05, '', '11'.repeat(32)))).toEqual([false, false, false]);
    const tree = `00c0${(leafScript.length / 2).toString(16)}${leafScript}`;
    expect(asOutput(field(0x06, '', tree))).toEqual([true, false, false]);
    expect(asOutput(field(0x06, '', tree.replace(/529c$/, '519c')))).toEqual([false, false, false]);
  });

  test('an internal key or a tree presents an output as somebody\'s own; an origin is judged by its fingerprint', () => {
    expect([field(0x05, '', internal), field(0x06, '', ''), field(0x07, '11', ''), field(0x08, '', '')].map((each) => claimsTaproot(holding(each)))).toEqual([true, true, false, false]);
    expect(claimsTaproot(holding())).toBe(false);
  });
});

describe('fields by their types', () => {
  test('those of an input have a meaning until it is final, signatures are two of them', () => {
    expect(inputTypes.map((keyType) => isTaprootInputField(field(keyType, '', '')))).toEqual([false, true, true, true, true, true, true, false]);
    expect(inputTypes.map((keyType) => isTapSignature(field(keyType, '', '')))).toEqual([false, true, true, false, false, false, false, false]);
  });

  test('those of an output are three', () => {
    expect([0x04, 0x05, 0x06, 0x07, 0x08].map((keyType) => isTaprootOutputField(field(keyType, '', '')))).toEqual([false, true, true, true, false]);
  });

  test('a key-path signature is found, and put there without touching the others', () => {
    const input = holding(field(0x17, '', internal));
    expect(tapKeySignatureOf(input)).toBeUndefined();
    expect(tapKeySignaturesOf(input)).toEqual([]);
    const signed = withTapKeySignature(input, parseHex('aa'));
    expect(shown(signed.otherFields)).toEqual([`17  ${internal}`, '13  aa']);
    expect(toHex(tapKeySignatureOf(signed) as Uint8Array)).toBe('aa');
    expect(tapKeySignaturesOf(withTapKeySignature(signed, parseHex('bb'))).map(toHex)).toEqual(['aa', 'bb']);
    expect(toHex(tapInternalKeyOf(signed) as Uint8Array)).toBe(internal);
    expect(tapInternalKeyOf(holding(field(0x18, '', internal)))).toBeUndefined();
  });

  test('signatures of leaves are read by key and leaf, and replaced all at once', () => {
    const [key, hash] = ['11'.repeat(32), '22'.repeat(32)];
    const input = holding(field(0x14, key + hash, 'aa'), field(0x13, '', 'ff'), field(0x14, hash + key, 'bb'));
    expect(leafSignaturesOf(input).map(({ publicKey, leafHash, signature }) => [publicKey, leafHash, signature].map(toHex))).toEqual([[key, hash, 'aa'], [hash, key, 'bb']]);
    const replaced = withLeafSignatures(input, [{ publicKey: parseHex(key), leafHash: parseHex(hash), signature: parseHex('cc') }]);
    expect(shown(replaced.otherFields)).toEqual(['13  ff', `14 ${key}${hash} cc`]);
  });

  test('origins of both BIPs, those of BIP174 first; leaves are read over', () => {
    const stated = { publicKey: none, masterFingerprint: segwit.keys[0]!.masterFingerprint, path: [1] };
    const tap = (keyType: number) => [field(keyType, 'aa', `00${'01020304'}`), field(keyType, 'bb', `02${'33'.repeat(64)}${'0a0b0c0d'}05000000ffffffff`)];
    const expected = [stated, { publicKey: parseHex('aa'), masterFingerprint: '01020304', path: [] }, { publicKey: parseHex('bb'), masterFingerprint: '0a0b0c0d', path: [5, 0xffff_ffff] }];
    expect(inputOriginsOf({ ...holding(...tap(0x16)), bip32Derivations: [stated] })).toEqual(expected);
    expect(outputOriginsOf({ ...holding(...tap(0x07)), bip32Derivations: [stated] })).toEqual(expected);
    // Of the other map, the types mean something else.
    expect(inputOriginsOf(holding(...tap(0x07)))).toEqual([]);
    expect(outputOriginsOf(holding(...tap(0x16)))).toEqual([]);
  });
});

test('the leaf of a quorum is the one that BIP387 describes, whatever the order of the cosigners', () => {
  expect(toHex(leaf.script)).toBe(leafScript);
  expect(toHex(concat(quorum.scriptPubKey.subarray(0, 2)))).toBe('5120');
});
