/** How several statements of one field are brought together: the same for every order of the files. */
import { describe, expect, test } from 'vitest';
import { equalBytes, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import { agreed, mergeDerivations, mergeOtherFields, sameOutput, withRegistered } from '../../../src/psbt/merge-fields.ts';
import { mergeVersion2 as mergeReplies } from '../../../src/psbt/merge-version-2.ts';
import { closedToChanges } from '../../../src/psbt/modifiable.ts';
import type { Bip32Derivation, KeyValue, Psbt, PsbtInput, Version2Fields } from '../../../src/psbt/psbt.ts';
import { labelsOf, namedReplies, type Reply } from '../../../src/psbt/reply.ts';
import { honestPsbt, testWallet } from '../support/psbt-builder.ts';

const place = { scope: 'output', index: 3 } as const;
const psbt = honestPsbt({ wallet: testWallet(2, 3) });
/** So many files, the last of them the planned original where that is asked for. */
const files = (count: number, hasOriginal = false): readonly Reply[] => namedReplies(Array.from({ length: count - (hasOriginal ? 1 : 0) }, () => psbt), [], hasOriginal ? psbt : null);
const conflictOf = (details: object) => expect.objectContaining({ code: 'psbt.conflict', details });
/** One file is to blame, or several of which the first is named; or nobody is, where as many say the one as the other. */
const blamed = (field: string, position: number, all: string, at: object = place) => conflictOf({ ...at, field, file: position === 0 ? 'the planned original' : `file ${position}`, position, files: all });
const undecided = (field: string, all: string, at: object = place) => conflictOf({ ...at, field, files: all });
const field = (keyType: number, keyHex: string, valueHex: string): KeyValue => ({ keyType, keyData: parseHex(keyHex), value: parseHex(valueHex) });
const text = ({ keyType, keyData, value }: KeyValue): string => `${keyType} ${toHex(keyData)} ${toHex(value)}`;
const none = new Uint8Array(0);

describe('one value of a field', () => {
  const bytes = (values: readonly (string | undefined)[], hasOriginal = false) => agreed(values.map((value) => (value === undefined ? undefined : parseHex(value))), equalBytes, place, 'redeemScript', files(values.length, hasOriginal));

  test('is what all say who say anything', () => {
    expect(bytes([])).toBeUndefined();
    expect(bytes([undefined, undefined])).toBeUndefined();
    expect(bytes([undefined, '51', undefined, '51'])).toEqual(parseHex('51'));
  });

  test('the file that says otherwise than most is to blame', () => {
    expect(() => bytes(['51', undefined, '52', '51'])).toThrow(blamed('redeemScript', 3, 'file 3'));
    expect(() => bytes(['52', '51', '53', '51', '52', '51'])).toThrow(blamed('redeemScript', 1, 'file 1, file 3, file 5'));
  });

  test('where no value has most, nobody is', () => {
    expect(() => bytes(['51', undefined, '52'])).toThrow(undecided('redeemScript', 'file 1, file 3'));
    expect(() => bytes(['51', '52', '51', '52', '53'])).toThrow(undecided('redeemScript', 'file 1, file 2, file 3, file 4, file 5'));
    expect(() => bytes(['', '00'])).toThrow(undecided('redeemScript', 'file 1, file 2'));
  });

  test('the planned original is right, however many say otherwise', () => {
    expect(() => bytes(['51', '51', '51', '52'], true)).toThrow(blamed('redeemScript', 1, 'file 1, file 2, file 3'));
    expect(() => bytes(['52', '51', '52', '52'], true)).toThrow(blamed('redeemScript', 2, 'file 2'));
    // It says nothing of this field: then most do.
    expect(() => bytes(['51', '52', '51', undefined], true)).toThrow(blamed('redeemScript', 2, 'file 2'));
  });

  test('two outputs are the same by amount and by script', () => {
    const output = { amountSats: 5n, scriptPubKey: parseHex('51') };
    expect(sameOutput(output, { ...output })).toBe(true);
    expect(sameOutput(output, { ...output, amountSats: 6n })).toBe(false);
    expect(sameOutput(output, { ...output, scriptPubKey: parseHex('52') })).toBe(false);
  });
});

describe('fields without a meaning', () => {
  test('stand once, by rising type and key data', () => {
    const first = [field(0xf0, '02', 'aa'), field(0x1d, 'ff', ''), field(0x1d, '', '01')];
    const second = [field(0xf0, '01', 'bb'), field(0xf0, '02', 'aa'), field(0x1d, '00ff', '')];
    const expected = ['29  01', '29 00ff ', '29 ff ', '240 01 bb', '240 02 aa'];
    expect(mergeOtherFields([first, second], place, files(2)).map(text)).toEqual(expected);
    expect(mergeOtherFields([second, first], place, files(2)).map(text)).toEqual(expected);
  });

  test('one key with two values is a contradiction, and the key is named, cut to twenty bytes', () => {
    expect(() => mergeOtherFields([[field(0xf0, '02', 'aa')], [field(0xf0, '02', 'ab')]], place, files(2))).toThrow(undecided('key f002', 'file 1, file 2'));
    expect(() => mergeOtherFields([[field(0xf0, '02', 'ab')], [field(0xf1, '02', 'ff'), field(0xf0, '02', 'aa')], [], [field(0xf0, '02', 'aa')]], place, files(4))).toThrow(blamed('key f002', 1, 'file 1'));
    expect(() => mergeOtherFields([[field(0xf0, '11'.repeat(40), 'aa')], [field(0xf0, '11'.repeat(40), '')]], place, files(2))).toThrow(undecided(`key f0${'11'.repeat(19)}`, 'file 1, file 2'));
  });

  test('of a hint the lesser value stands, in whatever order they come', () => {
    const isHint = ({ keyType }: KeyValue): boolean => keyType === 0x16;
    for (const [first, second] of [['aa', 'ab'], ['ab', 'aa']] as const) {
      expect(mergeOtherFields([[field(0x16, '02', first), field(0x1d, '', '')], [field(0x16, '02', second)]], place, files(2), isHint).map(text)).toEqual(['22 02 aa', '29  ']);
      expect(() => mergeOtherFields([[field(0x17, '02', first)], [field(0x17, '02', second)]], place, files(2), isHint)).toThrow(undecided('key 1702', 'file 1, file 2'));
    }
  });

  test('registered ones stand in the place of those of the same key, and add none', () => {
    const fields = [field(0x16, '02', 'aa'), field(0x1d, '', '01'), field(0x16, '03', 'bb')];
    expect(withRegistered(fields, [field(0x16, '03', 'ff'), field(0x16, '04', 'ee'), field(0x17, '02', 'dd')]).map(text)).toEqual(['22 02 aa', '29  01', '22 03 ff']);
    expect(withRegistered(fields, [])).toBe(fields);
  });
});

describe('key origins', () => {
  const origin = (key: string, fingerprint: string, path: readonly number[]): Bip32Derivation => ({ publicKey: parseHex(key), masterFingerprint: parseFingerprint(fingerprint), path });
  const merged = (lists: readonly (readonly Bip32Derivation[])[], registered: readonly Bip32Derivation[] = []) => mergeDerivations(lists, registered).map(({ publicKey, masterFingerprint, path }) => `${toHex(publicKey)} ${masterFingerprint} ${path.join('/')}`);

  test('stand once a key, by rising key', () => {
    expect(merged([[origin('03', 'aaaaaaaa', [1])], [origin('02', 'bbbbbbbb', [2]), origin('03', 'aaaaaaaa', [1])]])).toEqual(['02 bbbbbbbb 2', '03 aaaaaaaa 1']);
  });

  test('of two for one key the lesser by bytes stays, in whatever order they come', () => {
    const pairs = [
      [origin('02', '00000001', [9]), origin('02', '00000002', [1]), '02 00000001 9'],
      [origin('02', '00000001', [0, 2]), origin('02', '00000001', [0, 0x10]), '02 00000001 0/2'],
      [origin('02', '00000001', [9]), origin('02', '00000001', [9, 0]), '02 00000001 9'],
      [origin('02', '00000001', [0x7fff_ffff]), origin('02', '00000001', [0x8000_0000]), '02 00000001 2147483647'],
      // Not by their digits one after the other: 0x00000001 0x00000011 before 0x00000111.
      [origin('02', '00000001', [1, 0x11]), origin('02', '00000001', [0x111]), '02 00000001 1/17'],
    ] as const;
    for (const [lesser, greater, expected] of pairs) {
      expect(merged([[lesser], [greater]])).toEqual([expected]);
      expect(merged([[greater], [lesser]])).toEqual([expected]);
    }
  });

  test('the registered one wins, for keys that somebody stated; it adds none', () => {
    expect(merged([[origin('02', '00000001', [1])]], [origin('02', 'ffffffff', [7]), origin('03', 'ffffffff', [8])])).toEqual(['02 ffffffff 7']);
  });
});

describe('what files say in version 2', () => {
  const honest = (locktime = 0): Psbt => honestPsbt({ wallet: testWallet(2, 3), locktime, inputs: [0, 5].map((index) => ({ branch: 0, index, amountSats: 1_000_000n, sequence: 0xffff_fffe })) });
  const version0 = honest();
  const stating = { statesSequence: true };
  const mergeVersion2 = (psbts: readonly Psbt[]): Version2Fields | undefined => mergeReplies(namedReplies(psbts, [], null));
  const said = (fields: Partial<Version2Fields>, of: Psbt = version0): Psbt => ({ ...of, version: 2, version2: { inputs: [stating, stating], ...fields } });
  const withInput = (psbt: Psbt, change: Partial<PsbtInput>): Psbt => ({ ...psbt, inputs: [psbt.inputs[0]!, { ...psbt.inputs[1]!, ...change }] });

  test('files of version 0 say nothing', () => {
    expect(mergeVersion2([version0, version0])).toBeUndefined();
    expect(mergeVersion2([version0, said({})])).toEqual({ inputs: [stating, stating] });
  });

  test('what one of them says stands; what two say otherwise is a contradiction, with its place', () => {
    const at900 = honest(900);
    expect(mergeVersion2([said({ fallbackLocktime: 900 }, at900), said({ inputs: [{ statesSequence: false, requiredHeightLocktime: 900 }, { statesSequence: false }] }, at900)]))
      .toEqual({ fallbackLocktime: 900, inputs: [{ statesSequence: true, requiredHeightLocktime: 900 }, stating] });
    expect(() => mergeVersion2([said({ fallbackLocktime: 900 }, at900), said({ fallbackLocktime: 901 }, at900)])).toThrow(undecided('fallback locktime', 'file 1, file 2', { scope: 'global', index: 0 }));
    const height = (requiredHeightLocktime: number) => said({ inputs: [stating, { statesSequence: true, requiredHeightLocktime }] }, at900);
    expect(() => mergeVersion2([height(900), height(899)])).toThrow(undecided('required height locktime', 'file 1, file 2', { scope: 'input', index: 1 }));
    const time = (requiredTimeLocktime: number) => said({ inputs: [{ statesSequence: true, requiredTimeLocktime }, stating] }, honest(500_000_009));
    expect(() => mergeVersion2([time(500_000_009), time(500_000_008)])).toThrow(undecided('required time locktime', 'file 1, file 2', { scope: 'input', index: 0 }));
    expect(mergeVersion2([time(500_000_009), time(500_000_009)])?.inputs).toEqual([{ statesSequence: true, requiredTimeLocktime: 500_000_009 }, stating]);
    expect(() => mergeVersion2([height(900), version0, height(899), height(900)])).toThrow(blamed('required height locktime', 3, 'file 3', { scope: 'input', index: 1 }));
  });

  test('what may still be changed: what every file permits, while none is signed; other bits add up', () => {
    const flags = (...files: readonly Psbt[]) => mergeVersion2(files)?.modifiable;
    expect(flags(said({}), said({}))).toBeUndefined();
    expect(flags(said({ modifiable: 3 }))).toBe(3);
    expect(flags(said({ modifiable: 3 }), said({ modifiable: 1 }))).toBe(1);
    expect(flags(said({ modifiable: 7 }), said({ modifiable: 0x12 }))).toBe(0x16);
    expect(flags(said({ modifiable: 3 }), version0)).toBe(0);
    expect(flags(said({ modifiable: 3 }), said({}))).toBe(0);
  });

  test.each<[string, Partial<PsbtInput>]>([
    ['a signature', { partialSignatures: [{ publicKey: none, signature: none }] }],
    ['a taproot signature', { otherFields: [field(0x13, '', '00')] }],
    ['a signature for a leaf', { otherFields: [field(0x14, '', '00')] }],
    ['a final scriptSig', { finalScriptSig: none }],
    ['a final witness', { finalScriptWitness: [] }],
  ])('%s anywhere forbids changes and leaves the other bits', (_title, change) => {
    expect(mergeVersion2([said({ modifiable: 7 }), withInput(said({ modifiable: 7 }), change)])?.modifiable).toBe(4);
    expect(mergeVersion2([withInput(version0, change), said({ modifiable: 3 })])?.modifiable).toBe(0);
  });

  test('what is no signature forbids nothing', () => {
    expect(mergeVersion2([withInput(said({ modifiable: 3 }), { otherFields: [field(0x17, '', '00')] })])?.modifiable).toBe(3);
  });

  test('BIP370, Signer: after a signature over everything nothing may be changed; other bits stay, and who said nothing says nothing', () => {
    expect(closedToChanges(said({ modifiable: 0xff })).version2).toEqual({ modifiable: 0xfc, inputs: [stating, stating] });
    const silent = said({});
    expect(closedToChanges(silent)).toBe(silent);
    expect(closedToChanges(version0)).toBe(version0);
  });
});

test('files are named in their order, at most twenty of them; the original is no reply', () => {
  expect(labelsOf(files(22))).toBe(Array.from({ length: 20 }, (_, at) => `file ${at + 1}`).join(', '));
  expect(namedReplies([psbt, psbt], ['a.psbt'], psbt).map(({ label, position }) => [label, position])).toEqual([['a.psbt', 1], ['file 2', 2], ['the planned original', 0]]);
});
