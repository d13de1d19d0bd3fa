/** Transactions as they stand in files: read without making more than is asked for, and refused where they lie about their size. */
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { requireTransaction } from '../../../src/psbt/codec/transaction-form.ts';
import { isExcessiveFee } from '../../../src/psbt/fee-limits.ts';
import { parsePreviousTransaction, parseTransaction, parseUnsignedTransaction, serializeTransaction, transactionId } from '../../../src/psbt/transaction.ts';

const malformed = expect.objectContaining({ code: 'psbt.malformed' });
const txid = '44'.repeat(32);
const inputOf = (scriptSig: string): string => `${txid}07000000${scriptSig}fdffffff`;
const outputs = '02' + 'e803000000000000' + '0151' + 'd007000000000000' + '025252';
const bare = `03000000` + '02' + inputOf('00') + inputOf('0151') + outputs + '0a000000';
/** The same with witnesses: none for the first input, two items for the second. */
const full = `03000000` + '0001' + '02' + inputOf('00') + inputOf('0151') + outputs + '00' + '0201aa00' + '0a000000';
const asNone = (text: string): Uint8Array => parseHex(text);

describe('BIP144', () => {
  test('both forms are read, and are one transaction', () => {
    const { transaction, txid: id } = parseTransaction(asNone(full));
    expect(transaction).toMatchObject({ version: 3, locktime: 10, ins: [{ index: 7, sequence: 0xffff_fffd, witness: [] }, { witness: [Uint8Array.of(0xaa), new Uint8Array(0)] }], outs: [{ value: 1000n }, { value: 2000n }] });
    expect(toHex(transaction.ins[1]!.script)).toBe('51');
    expect(toHex(transaction.outs[1]!.script)).toBe('5252');
    expect(toHex(serializeTransaction(transaction, true))).toBe(full);
    expect(toHex(serializeTransaction(transaction, false))).toBe(bare);
    expect(parseTransaction(asNone(bare)).txid).toBe(id);
    expect(toHex(serializeTransaction(parseTransaction(asNone(bare)).transaction, true))).toBe(bare);
    expect(transactionId(transaction)).toBe(id);
    expect(id).toBe(transaction.getId());
  });

  test.each([bare, full])('what it proves: its id and its outputs, and nothing beyond them', (text) => {
    const proven = parsePreviousTransaction(asNone(text));
    expect(proven.txid).toBe(parseTransaction(asNone(bare)).txid);
    expect(proven.outputAt(0)).toEqual({ amountSats: 1000n, scriptPubKey: parseHex('51') });
    expect(proven.outputAt(1)).toEqual({ amountSats: 2000n, scriptPubKey: parseHex('5252') });
    expect(proven.outputAt(2)).toBeUndefined();
    expect(proven.outputAt(0xffff_ffff)).toBeUndefined();
  });

  const withoutInputs = '02000000' + '00' + '01' + 'e8030000000000000151' + '00000000';
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['with witnesses', full, true],
    ['without', bare, true],
    ['without outputs', `0200000001${inputOf('00')}0000000000`, true],
    ['of ten bytes: no input and no output', '02000000' + '00' + '00' + '00000000', true],
    ['marked as with witnesses, and there are none', full.replace('000201aa00', '0000'), false],
    ['marked as with witnesses, and there are no inputs', `0200000000010000${'00000000'}`, false],
    // Five bytes of it could be the mark; as a transaction of no inputs and one output it is read as having witnesses, by everybody.
    ['without inputs and with one output', withoutInputs, false],
    ['with a byte behind it', `${bare}00`, false],
    ['cut off in its locktime', bare.slice(0, -2), false],
    ['with more witness items than it has', full.replace('0201aa00', '0901aa00'), false],
    ['with more inputs than it has', bare.replace('0300000002', '0300000009'), false],
    ['with more outputs than it has', bare.replace('02e803', '09e803'), false],
  ];
  test.each(cases)('a transaction %s', (_title, text, isOne) => {
    for (const read of [parseTransaction, parsePreviousTransaction, requireTransaction]) {
      if (isOne) expect(() => read(asNone(text))).not.toThrow();
      else expect(() => read(asNone(text))).toThrow(malformed);
    }
  });

  test('counts that the rest cannot hold are refused before anything is made of them, and said', () => {
    const stated = (count: number) => expect.objectContaining({ code: 'psbt.malformed', details: expect.objectContaining({ count }) });
    // 41 bytes an input, 9 bytes an output at least.
    for (const read of [parseTransaction, parsePreviousTransaction]) {
      expect(() => read(concat(parseHex('0200000002'), new Uint8Array(81)))).toThrow(stated(2));
      expect(() => read(concat(parseHex(`0200000001${inputOf('00')}03`), new Uint8Array(26)))).toThrow(stated(3));
      expect(() => read(concat(parseHex(`0200000001${inputOf('00')}03`), new Uint8Array(31)))).not.toThrow();
      expect(() => read(asNone(full.replace('0201aa00', 'fdff00aa')))).toThrow(stated(255));
    }
  });
});

describe('BIP174: the unsigned transaction', () => {
  const unsigned = `03000000` + '02' + inputOf('00') + inputOf('00') + outputs + '0a000000';

  test('holds no scriptSig and no witness', () => {
    expect(parseUnsignedTransaction(asNone(unsigned), 2)).toMatchObject({ version: 3, locktime: 10, ins: [{ witness: [] }, { witness: [] }] });
    expect(() => parseUnsignedTransaction(asNone(bare), 2)).toThrow(malformed);
    expect(() => parseUnsignedTransaction(asNone(full), 2)).toThrow(malformed);
    expect(() => parseUnsignedTransaction(asNone(`${unsigned}00`), 2)).toThrow(malformed);
  });

  test('one without inputs is never taken for one with witnesses', () => {
    expect(parseUnsignedTransaction(asNone('02000000' + '00' + '01' + 'e8030000000000000151' + '00000000'), 2)).toMatchObject({ ins: [], outs: [{ value: 1000n }] });
  });

  test('has at most as many inputs and outputs as the cap', () => {
    expect(() => parseUnsignedTransaction(asNone(unsigned), 1)).toThrow(expect.objectContaining({ code: 'psbt.too-large', details: { what: 'inputs', limit: 1 } }));
    const manyOutputs = `0300000001${inputOf('00')}${outputs}0a000000`;
    expect(() => parseUnsignedTransaction(asNone(manyOutputs), 1)).toThrow(expect.objectContaining({ code: 'psbt.too-large', details: { what: 'outputs', limit: 1 } }));
  });
});

test.each([
  // Over a quarter and over 100,000 sats; one alone is not enough.
  [100_001n, 400_003n, 1000, true],
  [100_001n, 400_004n, 1000, false],
  [100_001n, 400_000n, 1000, true],
  [100_000n, 100_000n, 1000, false],
  // Over 5,000 sat/vB, however large the inputs are.
  [500_000n, 100_000_000n, 100, false],
  [500_001n, 100_000_000n, 100, true],
  [0n, 0n, 100, false],
])('a fee of %s of %s sats for %s vB: never meant is %s', (feeSats, inputsSats, vsizeVb, isExcessive) => {
  expect(isExcessiveFee(feeSats, inputsSats, vsizeVb, 'mainnet')).toBe(isExcessive);
});
