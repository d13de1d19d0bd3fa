/** Forms of fields and files at their very edges, and what an error says of where it found a fault. */
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { StrongroomError, type ErrorDetails } from '../../../src/errors/strongroom-error.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { joined, MAGIC, mapOf, raw, size, sized, transactionOf, u32, type RawField } from './codec-maps.ts';

const none = new Uint8Array(0);
const zeros = (length: number): Uint8Array => new Uint8Array(length);
const outpoint = (vout = 0) => ({ txid: zeros(32).fill(7), vout, sequence: 0xffff_ffff });
const transaction = raw(0x00, transactionOf(2, [outpoint()], [{ amountSats: 1n, script: Uint8Array.of(0x51) }], 0));
const file = (globals: readonly RawField[], input: readonly RawField[] = [], output: readonly RawField[] = []): Uint8Array => concat(MAGIC, mapOf([transaction, ...globals]), mapOf(input), mapOf(output));
const ofInput = (keyHex: string, value: Uint8Array): Uint8Array => file([], [raw(parseHex(keyHex), value)]);
const ofOutput = (keyHex: string, value: Uint8Array): Uint8Array => file([], [], [raw(parseHex(keyHex), value)]);

/** Of version 2, with the smallest maps that there are. */
const globals2 = (inputs: number, outputs: number, ...more: readonly RawField[]): RawField[] => [raw(0xfb, u32(2)), raw(0x02, u32(2)), raw(0x04, size(inputs)), raw(0x05, size(outputs)), ...more];
const input2 = (vout: number, ...more: readonly RawField[]): RawField[] => [raw(0x0e, zeros(32)), raw(0x0f, u32(vout)), ...more];
const output2 = [raw(0x03, zeros(8)), raw(0x04, none)];
const file2 = (inputs: number, outputs: number, stated = { inputs, outputs }): Uint8Array =>
  joined([MAGIC, mapOf(globals2(stated.inputs, stated.outputs)), ...Array.from({ length: inputs }, (_, vout) => mapOf(input2(vout))), ...Array.from({ length: outputs }, () => mapOf(output2))]);
const requiring = (field: RawField): Uint8Array => concat(MAGIC, mapOf(globals2(1, 0)), mapOf(input2(0, field)));

function errorOf(read: () => unknown): { readonly code: string; readonly details: ErrorDetails } {
  try {
    read();
  } catch (error) {
    if (error instanceof StrongroomError) return { code: error.code, details: error.details };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a size in its shortest form, and no other', () => {
  /** A field of an unknown type, whose type is written like this. */
  const typed = (typeHex: string): Uint8Array => ofInput(typeHex, none);

  test.each(['1d', 'fdfd00', 'fdffff', 'fe00000100', 'feffffffff', 'ff0000000001000000', 'ffffffffffffff1f00'])('%s is read and comes back', (typeHex) => {
    expect(toHex(encodePsbt(decodePsbt(typed(typeHex))))).toBe(toHex(typed(typeHex)));
  });

  test.each(['fd1d00', 'fdfc00', 'fe1d000000', 'feffff0000', 'ff1d00000000000000', 'ffffffffff00000000', 'ff0000000000002000', 'ffffffffffffffffff'])('%s is longer than needed, or no number that is counted with', (typeHex) => {
    expect(() => decodePsbt(typed(typeHex))).toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
  });
});

describe('fields of the other BIPs whose forms are known', () => {
  const key = `02${'11'.repeat(32)}`;
  const odd = `03${'22'.repeat(32)}`;
  const uncompressed = `04${'33'.repeat(64)}`;

  test.each<[string, Uint8Array]>([
    ['a preimage of RIPEMD160', ofInput(`0a${'11'.repeat(20)}`, none)],
    ['a preimage of SHA256', ofInput(`0b${'11'.repeat(32)}`, none)],
    ['a preimage of HASH160', ofInput(`0c${'11'.repeat(20)}`, none)],
    ['a preimage of double SHA256', ofInput(`0d${'11'.repeat(32)}`, none)],
    ['participants of MuSig2', ofInput(`1a${key}`, parseHex(key + odd))],
    ['participants of MuSig2 of an output', ofOutput(`08${odd}`, parseHex(key))],
    ['a public nonce', ofInput(`1b${key}${odd}`, zeros(66))],
    ['a public nonce for a leaf', ofInput(`1b${key}${odd}${'44'.repeat(32)}`, zeros(66))],
    ['a partial signature of MuSig2', ofInput(`1c${odd}${key}`, zeros(32))],
    ['a partial signature of MuSig2 for a leaf', ofInput(`1c${odd}${key}${'44'.repeat(32)}`, zeros(32))],
    ['a proprietary field of nobody', ofInput('fc0000', none)],
    ['a proprietary field with data', ofInput('fc02aabb0511', Uint8Array.of(1))],
    ['the shortest signature', ofInput(`02${key}`, zeros(9))],
    ['the longest signature', ofInput(`02${key}`, zeros(73))],
    ['a signature of an uncompressed key', ofInput(`02${uncompressed}`, zeros(71))],
    ['a required time at the first second that is one', requiring(raw(0x11, u32(500_000_000)))],
    ['a required height at the last height that is one', requiring(raw(0x12, u32(499_999_999)))],
    ['the least required height', requiring(raw(0x12, u32(1)))],
  ])('read: %s', (_title, bytes) => {
    expect(toHex(encodePsbt(decodePsbt(bytes)))).toBe(toHex(bytes));
  });

  test.each<[string, Uint8Array]>([
    ['a preimage of a hash of 19 bytes', ofInput(`0a${'11'.repeat(19)}`, none)],
    ['a preimage of SHA256 by 20 bytes', ofInput(`0b${'11'.repeat(20)}`, none)],
    ['a preimage of HASH160 by 32 bytes', ofInput(`0c${'11'.repeat(32)}`, none)],
    ['a preimage of double SHA256 without a hash', ofInput('0d', none)],
    ['MuSig2 of no participants', ofInput(`1a${key}`, none)],
    ['MuSig2 of half a participant', ofInput(`1a${key}`, zeros(50))],
    ['participants under an uncompressed key', ofInput(`1a${uncompressed}`, parseHex(key))],
    ['participants under a key of no such prefix', ofInput(`1a05${'11'.repeat(32)}`, parseHex(key))],
    ['participants of an output under an uncompressed key', ofOutput(`08${uncompressed}`, parseHex(key))],
    ['a public nonce of one key', ofInput(`1b${key}`, zeros(66))],
    ['a public nonce whose first key is none', ofInput(`1b05${'11'.repeat(32)}${odd}`, zeros(66))],
    ['a public nonce whose second key is none', ofInput(`1b${key}05${'11'.repeat(32)}`, zeros(66))],
    ['a public nonce for half a leaf', ofInput(`1b${key}${odd}${'44'.repeat(16)}`, zeros(66))],
    ['a public nonce of 65 bytes', ofInput(`1b${key}${odd}`, zeros(65))],
    ['a partial signature of MuSig2 under no key', ofInput('1c', zeros(32))],
    ['a partial signature of MuSig2 of 33 bytes', ofInput(`1c${key}${odd}`, zeros(33))],
    ['a proprietary field with an identifier and no subtype', ofInput('fc01aa', none)],
    ['a proprietary field whose identifier is cut off', ofInput('fc05aa00', none)],
    ['a signature of 8 bytes', ofInput(`02${key}`, zeros(8))],
    ['a signature under a key of 33 bytes with an uncompressed prefix', ofInput(`0204${'11'.repeat(32)}`, zeros(71))],
    ['a signature under a key of 65 bytes with a compressed prefix', ofInput(`0202${'11'.repeat(64)}`, zeros(71))],
    ['a sighash type with key data', ofInput('0301', u32(1))],
    ['a sighash type of five bytes', ofInput('03', zeros(5))],
    ['a UTXO with key data', ofInput('0101', concat(zeros(8), size(0)))],
    ['a redeem script with key data', ofInput('0401', none)],
    ['a witness script with key data', ofInput('0501', none)],
    ['a final scriptSig with key data', ofInput('0701', none)],
    ['a final witness with key data', ofInput('0801', size(0))],
    ['bytes behind a final witness', ofInput('08', concat(size(1), sized(Uint8Array.of(1)), zeros(1)))],
    ['bytes behind a witness UTXO', ofInput('01', concat(zeros(8), size(0), zeros(1)))],
    ['an output\'s redeem script with key data', ofOutput('0001', none)],
    ['an output\'s witness script with key data', ofOutput('0101', none)],
    ['a required time with key data', requiring(raw(Uint8Array.of(0x11, 1), u32(500_000_000)))],
    ['a required time of five bytes', requiring(raw(0x11, concat(u32(500_000_000), zeros(1))))],
    ['a required height with key data', requiring(raw(Uint8Array.of(0x12, 1), u32(5)))],
    // What a malformed field says of the version does not count.
    ['a version with key data, of no known version', file([raw(Uint8Array.of(0xfb, 1), u32(3))])],
    ['a version of five bytes, of no known version', file([raw(0xfb, concat(u32(3), zeros(1)))])],
    ['no fields, not even an end of them', MAGIC],
  ])('psbt.malformed: %s', (_title, bytes) => {
    expect(() => decodePsbt(bytes)).toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
  });
});

describe('the caps', () => {
  test('exactly 10,000 inputs and 10,000 outputs are read, of either version', () => {
    const inputs = Array.from({ length: 10_000 }, (_, vout) => outpoint(vout));
    const outputs = inputs.map(() => ({ amountSats: 1n, script: none }));
    const version0 = joined([MAGIC, mapOf([raw(0x00, transactionOf(2, inputs, outputs, 0))]), zeros(20_000)]);
    for (const bytes of [version0, file2(10_000, 10_000)]) expect(decodePsbt(bytes).transaction).toMatchObject({ ins: { length: 10_000 }, outs: { length: 10_000 } });
  });

  test('a value of exactly 4 MiB is read, and one byte more is not', () => {
    const value = (bytes: number): Uint8Array => ofInput('1d', zeros(bytes));
    expect(decodePsbt(value(4 * 1024 * 1024)).inputs[0]?.otherFields[0]?.value).toHaveLength(4 * 1024 * 1024);
    expect(errorOf(() => decodePsbt(value(4 * 1024 * 1024 + 1)))).toMatchObject({ code: 'psbt.too-large', details: { limit: 4_194_304 } });
  });

  test('a file of exactly 16 MiB is read as far as it goes, and one byte more is not looked at', () => {
    expect(errorOf(() => decodePsbt(zeros(16 * 1024 * 1024))).code).toBe('psbt.malformed');
    expect(errorOf(() => decodePsbt(zeros(16 * 1024 * 1024 + 1)))).toMatchObject({ code: 'psbt.too-large', details: { limit: 16_777_216 } });
  });

  test('what is over its cap is named', () => {
    expect(errorOf(() => decodePsbt(concat(MAGIC, mapOf(globals2(10_001, 1)))))).toMatchObject({ code: 'psbt.too-large', details: { what: 'inputs', limit: 10_000 } });
    expect(errorOf(() => decodePsbt(concat(MAGIC, mapOf(globals2(1, 10_001)))))).toMatchObject({ code: 'psbt.too-large', details: { what: 'outputs', limit: 10_000 } });
  });
});

describe('version 2', () => {
  test('a file whose maps are the smallest that there are is read; one that states a map more is refused before they are read', () => {
    expect(decodePsbt(file2(2, 3)).transaction).toMatchObject({ ins: [{ index: 0 }, { index: 1 }], outs: { length: 3 } });
    for (const stated of [{ inputs: 3, outputs: 3 }, { inputs: 2, outputs: 4 }, { inputs: 2, outputs: 10_000 }, { inputs: 10_000, outputs: 0 }]) {
      expect(errorOf(() => decodePsbt(file2(2, 3, stated)))).toMatchObject({ code: 'psbt.malformed', details: { inputCount: stated.inputs, outputCount: stated.outputs } });
    }
  });

  test('a transaction is written as unsigned, whatever the object holds', () => {
    const psbt = decodePsbt(file([]));
    const transaction = psbt.transaction.clone();
    transaction.ins[0]!.witness = [Uint8Array.of(1)];
    expect(toHex(encodePsbt({ ...psbt, transaction }))).toBe(toHex(file([])));
  });

  test('the transaction has neither scripts nor witnesses', () => {
    expect(decodePsbt(file2(1, 1)).transaction.ins).toEqual([{ hash: zeros(32), index: 0, script: none, sequence: 0xffff_ffff, witness: [] }]);
  });

  test('what a file of version 0 does not say is not said in version 2 either: no locktime of 0, no final sequence numbers', () => {
    const bare = decodePsbt(file([]));
    const expected = concat(MAGIC, mapOf([raw(0x02, u32(2)), raw(0x04, size(1)), raw(0x05, size(1)), raw(0xfb, u32(2))]), mapOf([raw(0x0e, zeros(32).fill(7)), raw(0x0f, u32(0))]), mapOf([raw(0x03, parseHex('0100000000000000')), raw(0x04, Uint8Array.of(0x51))]));
    expect(toHex(encodePsbt(bare, { version: 2 }))).toBe(toHex(expected));
  });

  test('fields of fewer inputs or more than the transaction has are never written', () => {
    const psbt = decodePsbt(file2(1, 1));
    for (const inputs of [[], [{ statesSequence: false }, { statesSequence: false }]]) expect(() => encodePsbt({ ...psbt, version2: { inputs } })).toThrow(TypeError);
  });
});

describe('where an error found its fault', () => {
  test.each<[string, Uint8Array, string, ErrorDetails]>([
    ['a file that ends within a value', file([]).subarray(0, 20), 'psbt.malformed', { offset: 8 }],
    ['a file that ends behind its magic bytes', MAGIC, 'psbt.malformed', { offset: 5 }],
    ['a size that is too long', concat(MAGIC, parseHex('fd0100')), 'psbt.malformed', { offset: 8 }],
    ['a key that is longer than the rest', concat(MAGIC, parseHex('0500')), 'psbt.malformed', { offset: 6 }],
    ['a key that ends within its type', concat(MAGIC, parseHex('01fdfd00')), 'psbt.malformed', { offset: 7 }],
    ['a key that stands twice', file([], [raw(0x1d, none), raw(0x1d, none)]), 'psbt.malformed', { keyType: 0x1d }],
    ['a field of a wrong form', ofInput('17', zeros(31)), 'psbt.malformed', { keyType: 0x17 }],
    ['a required field that is not there', concat(MAGIC, mapOf([raw(0xfb, u32(2))])), 'psbt.malformed', { keyType: 0x02 }],
    ['a version that is none', concat(MAGIC, mapOf([raw(0xfb, u32(1))])), 'psbt.unsupported', { version: 1 }],
    ['more inputs than a transaction holds', concat(MAGIC, mapOf([raw(0x00, concat(u32(2), size(9), u32(0)))])), 'psbt.malformed', { count: 9 }],
    ['more witness items than a witness holds', ofInput('08', concat(size(9), zeros(8))), 'psbt.malformed', { count: 9 }],
  ])('%s', (_title, bytes, code, details) => {
    const error = errorOf(() => decodePsbt(bytes));
    expect(error).toMatchObject({ code, details });
    if (code === 'psbt.malformed') expect(error.details['reason']).toBeTypeOf('string');
  });

  test.each(['', '707362', '70736274fe00'])('what does not begin like a PSBT (%s) is none, and has no place for a fault', (bytesHex) => {
    expect(Object.keys(errorOf(() => decodePsbt(parseHex(bytesHex))).details)).toEqual(['reason']);
  });
});

describe('fields that are added to a file of unusual order', () => {
  const unusual = (...fields: readonly RawField[]): Uint8Array => file([], fields);
  const added = (psbt: Psbt, keyHex: string): Psbt => ({ ...psbt, inputs: [{ ...psbt.inputs[0]!, otherFields: [...psbt.inputs[0]!.otherFields, { keyType: Number.parseInt(keyHex.slice(0, 2), 16), keyData: parseHex(keyHex.slice(2)), value: none }] }] });

  test('stand behind those of their own type, before the first of a higher one, and else at the end', () => {
    const before = unusual(raw(0x30, none), raw(0x1d, none), raw(0x40, none));
    expect(toHex(encodePsbt(added(decodePsbt(before), '3001')))).toBe(toHex(unusual(raw(0x30, none), raw(0x1d, none), raw(Uint8Array.of(0x30, 1), none), raw(0x40, none))));
    expect(toHex(encodePsbt(added(decodePsbt(before), '41')))).toBe(toHex(unusual(raw(0x30, none), raw(0x1d, none), raw(0x40, none), raw(0x41, none))));
    expect(toHex(encodePsbt(added(added(decodePsbt(before), '41'), '1c')))).toBe(toHex(unusual(raw(0x1c, none), raw(0x30, none), raw(0x1d, none), raw(0x40, none), raw(0x41, none))));
  });

  test('and where one was taken out, the others keep their order', () => {
    const read = decodePsbt(unusual(raw(0x30, none), raw(0x1d, none), raw(0x40, none)));
    const less: Psbt = { ...read, inputs: [{ ...read.inputs[0]!, otherFields: read.inputs[0]!.otherFields.filter(({ keyType }) => keyType !== 0x1d) }] };
    expect(toHex(encodePsbt(less))).toBe(toHex(unusual(raw(0x30, none), raw(0x40, none))));
  });
});
