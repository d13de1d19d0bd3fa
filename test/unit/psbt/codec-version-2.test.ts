import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, toHex, utf8 } from '../../../src/domain/bytes.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { determineLocktime } from '../../../src/psbt/codec/locktime.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import type { Psbt, Version2Fields } from '../../../src/psbt/psbt.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { testSigner } from '../../support/peers/signer.ts';
import { contextOf, honestPsbt, signedAs, testWallet, type TestKey } from '../support/psbt-builder.ts';
import { MAGIC, mapOf, raw, size, u32, type RawField } from './codec-maps.ts';

const wallet = testWallet(2, 3);
const { deriver } = wallet;
const [alice, bob] = wallet.keys as [TestKey, TestKey];
const code = (text: string) => expect.objectContaining({ code: text });
const hexOf = (psbt: Psbt, version?: 0 | 2): string => toHex(encodePsbt(psbt, version === undefined ? {} : { version }));
const honest = (locktime = 0): Psbt => honestPsbt({ wallet, locktime, inputs: [0, 5].map((index) => ({ branch: 0, index, amountSats: 1_000_000n, sequence: 0xffff_fffe })) });
/** As a file of version 2 that says these things. */
const asVersion2 = (psbt: Psbt, said: Partial<Version2Fields> = {}): Psbt => ({ ...psbt, version: 2, version2: { inputs: psbt.inputs.map(() => ({ statesSequence: true })), ...said } });

const globals = [raw(0xfb, u32(2)), raw(0x02, u32(2)), raw(0x04, size(1)), raw(0x05, size(1))];
const input = [raw(0x0e, new Uint8Array(32)), raw(0x0f, u32(0))];
const output = [raw(0x03, new Uint8Array(8)), raw(0x04, Uint8Array.of(0x51))];
const file = (globalMap: readonly RawField[] = globals, inputMap: readonly RawField[] = input, outputMap: readonly RawField[] = output): Uint8Array => concat(MAGIC, mapOf(globalMap), mapOf(inputMap), mapOf(outputMap));
const without = (fields: readonly RawField[], keyType: number): RawField[] => fields.filter(({ key }) => key[0] !== keyType);
const altered = (fields: readonly RawField[], keyType: number, value: Uint8Array): RawField[] => [...without(fields, keyType), raw(keyType, value)];

describe('what version 2 requires and forbids (BIP370)', () => {
  test('the smallest file of one input and one output is read', () => {
    expect(decodePsbt(file())).toMatchObject({ version: 2, version2: { inputs: [{ statesSequence: false }] }, transaction: { version: 2, locktime: 0 } });
  });

  const bad: readonly (readonly [string, Uint8Array])[] = [
    ...[0x02, 0x04, 0x05].map((keyType): [string, Uint8Array] => [`without the global field ${keyType}`, file(without(globals, keyType))]),
    ...[0x0e, 0x0f].map((keyType): [string, Uint8Array] => [`without the input's field ${keyType}`, file(globals, without(input, keyType))]),
    ...[0x03, 0x04].map((keyType): [string, Uint8Array] => [`without the output's field ${keyType}`, file(globals, input, without(output, keyType))]),
    ['an unsigned transaction', file([raw(0x00, new Uint8Array(10)), ...globals])],
    ['a transaction version of 3 bytes', file(altered(globals, 0x02, new Uint8Array(3)))],
    ['a fallback locktime of 5 bytes', file([...globals, raw(0x03, new Uint8Array(5))])],
    ['a count that is not in its shortest form', file(altered(globals, 0x04, Uint8Array.of(0xfd, 1, 0)))],
    ['a count with a byte after it', file(altered(globals, 0x05, Uint8Array.of(1, 0)))],
    ['a count of nothing', file(altered(globals, 0x05, new Uint8Array(0)))],
    ['more inputs than the file can hold', file(altered(globals, 0x04, size(9_999)))],
    ['more outputs than the file can hold', file(altered(globals, 0x05, size(9_999)))],
    ['fewer inputs than maps', file(altered(globals, 0x04, size(0)))],
    ['flags of two bytes', file([...globals, raw(0x06, new Uint8Array(2))])],
    ['a count with key data', file([...globals, raw(Uint8Array.of(0x04, 1), size(1))])],
    ['a version with key data', file([...globals, raw(Uint8Array.of(0xfb, 1), u32(2))])],
    ['a transaction id of 31 bytes', file(globals, altered(input, 0x0e, new Uint8Array(31)))],
    ['a transaction id with key data', file(globals, [...input, raw(Uint8Array.of(0x0e, 1), new Uint8Array(32))])],
    ['a sequence number of 8 bytes', file(globals, [...input, raw(0x10, new Uint8Array(8))])],
    ['a required time that is a height', file(globals, [...input, raw(0x11, u32(499_999_999))])],
    ['a required height that is a time', file(globals, [...input, raw(0x12, u32(500_000_000))])],
    ['a required height of 0', file(globals, [...input, raw(0x12, u32(0))])],
    ['an amount of 4 bytes', file(globals, input, altered(output, 0x03, new Uint8Array(4)))],
    ['an output script with key data', file(globals, input, [...output, raw(Uint8Array.of(0x04, 1), new Uint8Array(1))])],
  ];
  test.each(bad)('psbt.malformed: %s', (_title, bytes) => {
    expect(() => decodePsbt(bytes)).toThrow(code('psbt.malformed'));
  });

  test.each([0x04, 0x05])('counts over the cap are refused before anything is made of them: field %i', (keyType) => {
    for (const count of [10_001, 0xffff_ffff]) expect(() => decodePsbt(file(altered(globals, keyType, size(count))))).toThrow(code('psbt.too-large'));
    expect(() => decodePsbt(concat(MAGIC, mapOf(altered(globals, keyType, Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 1, 0)))))).toThrow(code('psbt.too-large'));
  });
});

describe('the locktime (BIP370, "Determining Lock Time")', () => {
  const height = (requiredHeightLocktime: number) => ({ statesSequence: true, requiredHeightLocktime });
  const time = (requiredTimeLocktime: number) => ({ statesSequence: true, requiredTimeLocktime });
  const free = { statesSequence: true };

  test.each<[string, Version2Fields, number | null]>([
    ['nothing is required: the fallback', { fallbackLocktime: 7, inputs: [free] }, 7],
    ['no inputs: the fallback', { fallbackLocktime: 7, inputs: [] }, 7],
    ['neither: none', { inputs: [free] }, 0],
    ['the latest height; the fallback does not count', { fallbackLocktime: 900, inputs: [height(5), free, height(8)] }, 8],
    ['the latest time', { inputs: [time(500_000_000), time(500_000_009)] }, 500_000_009],
    ['where both would do, the height', { inputs: [{ ...height(5), ...time(500_000_000) }] }, 5],
    ['an input that takes only a time decides', { inputs: [{ ...height(5), ...time(500_000_000) }, time(500_000_001)] }, 500_000_001],
    ['one takes only a height and another only a time', { inputs: [height(5), time(500_000_000)] }, null],
  ])('%s', (_title, fields, expected) => {
    expect(determineLocktime(fields)).toBe(expected);
  });

  test('serves every input, whatever they require, and does not depend on their order', () => {
    const inputs = fc.array(fc.record({ statesSequence: fc.constant(true), requiredHeightLocktime: fc.integer({ min: 1, max: 20 }), requiredTimeLocktime: fc.integer({ min: 500_000_000, max: 500_000_020 }) }, { requiredKeys: ['statesSequence'] }), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(inputs, (all) => {
      const locktime = determineLocktime({ inputs: all });
      expect(determineLocktime({ inputs: [...all].reverse() })).toBe(locktime);
      for (const { requiredHeightLocktime: atHeight, requiredTimeLocktime: atTime } of all) {
        if (locktime === null || (atHeight === undefined && atTime === undefined)) continue;
        const least = locktime < 500_000_000 ? atHeight : atTime;
        expect(least).toBeDefined();
        expect(locktime).toBeGreaterThanOrEqual(least as number);
      }
    }));
  });

  test('fields that mean another transaction are never written', () => {
    expect(() => encodePsbt(asVersion2(honest(5), { fallbackLocktime: 6 }))).toThrow(TypeError);
    expect(() => encodePsbt(asVersion2(honest(), { inputs: [{ statesSequence: true }] }))).toThrow(TypeError);
    expect(() => encodePsbt(asVersion2(honest(), { inputs: [{ statesSequence: true }, { statesSequence: false }] }))).toThrow(TypeError);
  });
});

describe('roles', () => {
  const later = asVersion2(honest(800), { modifiable: 3, inputs: [{ statesSequence: true, requiredHeightLocktime: 800 }, { statesSequence: true }] });
  const reviewed = (psbt: Psbt) => reviewPsbt(encodePsbt(psbt), contextOf(wallet));

  test('what is made here is of version 0; version 2 is written on request', () => {
    expect(decodePsbt(encodePsbt(honest())).version).toBe(0);
    const asked = decodePsbt(encodePsbt(honest(800), { version: 2 }));
    expect(asked).toMatchObject({ version: 2, version2: { fallbackLocktime: 800, inputs: [{ statesSequence: true }, { statesSequence: true }] } });
    expect(hexOf(asked, 0)).toBe(hexOf(honest(800)));
    // A stated version 0 is not stated beside the 2.
    const stating: Psbt = { ...honest(), globalFields: [{ keyType: 0xfb, keyData: new Uint8Array(0), value: u32(0) }] };
    expect(decodePsbt(encodePsbt(stating, { version: 2 })).globalFields).toEqual([]);
  });

  test('the review says the version, and otherwise the same of both', () => {
    const { psbtVersion: first, reviewId: _, ...ofVersion0 } = reviewed(honest(800));
    const { psbtVersion: second, reviewId: __, ...ofVersion2 } = reviewed(asVersion2(honest(800), { fallbackLocktime: 800 }));
    expect([first, second]).toEqual([0, 2]);
    expect(ofVersion2).toEqual(ofVersion0);
  });

  test.each([[0, []], [4, []], [1, [{ inputs: true, outputs: false, flags: 1 }]], [2, [{ inputs: false, outputs: true, flags: 2 }]], [8, [{ inputs: false, outputs: false, flags: 8 }]]])('psbt.modifiable for flags %i', (modifiable, details) => {
    expect(reviewed(asVersion2(honest(), { modifiable })).findings.filter((finding) => finding.code === 'psbt.modifiable').map((finding) => finding.details)).toEqual(details);
  });

  test('the Signer answers in the version that came, says that nothing may be changed any more, and keeps all else', () => {
    const signer = testSigner(utf8('strongroom test key 1'.padEnd(32, '.')), wallet.wallet);
    const reply = decodePsbt(signer.sign(encodePsbt(later), ['locktime.future', 'psbt.modifiable']));
    expect(reply.version2).toEqual({ ...later.version2, modifiable: 0 });
    expect(hexOf({ ...reply, inputs: reply.inputs.map((each) => ({ ...each, partialSignatures: [] })), version2: { ...reply.version2, modifiable: 3 } as Version2Fields })).toBe(hexOf(later));
    const version0 = decodePsbt(signer.sign(encodePsbt(later, { version: 0 }), ['locktime.future']));
    expect(hexOf(version0)).toBe(hexOf(reply, 0));
  });

  test('replies of both versions are combined in any order; the transaction is the same as of version 0 alone', () => {
    const byAlice = decodePsbt(encodePsbt(signedAs(later, wallet, alice)));
    const byBob = decodePsbt(encodePsbt(signedAs(later, wallet, bob), { version: 0 }));
    const combined = combinePsbts([byAlice, byBob], deriver).psbt;
    expect(combined).toMatchObject({ version: 2, version2: { modifiable: 0, inputs: later.version2?.inputs } });
    expect(hexOf(combinePsbts([byBob, later, byAlice], deriver).psbt)).toBe(hexOf(combined));
    const alone = combinePsbts([decodePsbt(encodePsbt(byAlice, { version: 0 })), byBob], deriver).psbt;
    expect(alone.version).toBe(0);
    const final = (psbt: Psbt): string => toHex(extractTransaction(finalizePsbt(decodePsbt(encodePsbt(psbt)) as typeof combined, deriver)).bytes);
    expect(final(combined)).toBe(final(alone));
  });

  test('what one unsigned file forbids is forbidden, what several say adds up, and what contradicts is refused', () => {
    const flagsOf = (...files: readonly Partial<Version2Fields>[]) => combinePsbts(files.map((said) => asVersion2(honest(), said)), deriver).psbt.version2?.modifiable;
    expect([flagsOf({ modifiable: 3 }, { modifiable: 6 }), flagsOf({ modifiable: 3 }, {}), flagsOf({}, {})]).toEqual([6, 0, undefined]);
    expect(() => combinePsbts([asVersion2(honest(9), { fallbackLocktime: 9 }), asVersion2(honest(9), { fallbackLocktime: 8, inputs: [{ statesSequence: true, requiredHeightLocktime: 9 }, { statesSequence: true }] })], deriver)).toThrow(code('psbt.conflict'));
    const requires = (...heights: readonly number[]) => asVersion2(honest(9), { inputs: heights.map((requiredHeightLocktime) => ({ statesSequence: true, requiredHeightLocktime })) });
    expect(() => combinePsbts([requires(9, 8), requires(9, 7)], deriver)).toThrow(code('psbt.conflict'));
  });

  test('files that each mean a time, and together a height, contradict each other', () => {
    const at = 500_000_000;
    const both = { statesSequence: true, requiredHeightLocktime: 3, requiredTimeLocktime: at };
    const onlyTime = { statesSequence: true, requiredTimeLocktime: at };
    const files = [[both, onlyTime], [onlyTime, both]].map((inputs) => asVersion2(honest(at), { inputs }));
    expect(() => combinePsbts(files, deriver)).toThrow(code('psbt.conflict'));
  });
});
