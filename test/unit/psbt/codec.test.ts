import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { ByteWriter } from '../../../src/domain/byte-writer.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { requireTransaction } from '../../../src/psbt/codec/transaction-form.ts';
import { parsePreviousTransaction, parseTransaction, parseUnsignedTransaction, serializeTransaction, transactionId } from '../../../src/psbt/transaction.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { fundingTransaction, honestPsbt, signedAs, testWallet } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const unsigned = honestPsbt({ wallet });
const signed = signedAs(unsigned, wallet, wallet.keys[0]!);
const code = (text: string) => expect.objectContaining({ code: text });
const magic = parseHex('70736274ff');
const field = (keyHex: string, value: Uint8Array): Uint8Array => new ByteWriter().sized(parseHex(keyHex)).sized(value).bytes();
const end = Uint8Array.of(0);
const transactionBytes = serializeTransaction(unsigned.transaction, false);

describe('round trip', () => {
  test('what was read comes back byte for byte', () => {
    for (const psbt of [unsigned, signed]) {
      const bytes = encodePsbt(psbt);
      expect(toHex(encodePsbt(decodePsbt(bytes)))).toBe(toHex(bytes));
    }
  });

  test('fields of any order and kind come back in their order', () => {
    // Types with a meaning have forms of their own; these have none.
    const keys = fc.uniqueArray(fc.tuple(fc.constantFrom(0x1f, 0x30, 0xef, 0xfd, 0x1_0000), fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 300 })), { maxLength: 8, selector: ([keyType, keyData]) => `${keyType} ${toHex(keyData)}` });
    fc.assert(fc.property(keys, keys, keys, (globals, input, output) => {
      const raw = (fields: [number, Uint8Array, Uint8Array][]): Uint8Array[] => fields.map(([keyType, keyData, value]) => new ByteWriter().sized(new ByteWriter().compactSize(keyType).raw(keyData).bytes()).sized(value).bytes());
      const emptyMaps = [...unsigned.inputs.slice(1), ...unsigned.outputs.slice(1)].map(() => end);
      const bytes = concat(magic, ...raw(globals), field('00', transactionBytes), end, ...raw(input), field('03', parseHex('01000000')), end, ...emptyMaps.slice(1), ...raw(output), end, end);
      expect(toHex(encodePsbt(decodePsbt(bytes)))).toBe(toHex(bytes));
    }), { numRuns: 60 });
  });

  test('a field that is added to a file of unusual order stands before the first higher type', () => {
    const bytes = concat(magic, field('00', transactionBytes), end, field('f1', Uint8Array.of(1)), field('03', parseHex('01000000')), end, end, end, end);
    const read = decodePsbt(bytes);
    const more: Psbt = { ...read, inputs: [{ ...read.inputs[0]!, redeemScript: Uint8Array.of(0x51) }, read.inputs[1]!] };
    expect(toHex(encodePsbt(more))).toBe(toHex(concat(magic, field('00', transactionBytes), end, field('04', Uint8Array.of(0x51)), field('f1', Uint8Array.of(1)), field('03', parseHex('01000000')), end, end, end, end)));
  });

  test('a version stated as 0 is kept', () => {
    const bytes = concat(magic, field('00', transactionBytes), field('fb', parseHex('00000000')), end, end, end, end, end);
    expect(toHex(encodePsbt(decodePsbt(bytes)))).toBe(toHex(bytes));
  });

  test('the result is a copy: later changes to the bytes do not reach it', () => {
    const bytes = Buffer.from(encodePsbt(unsigned));
    const read = decodePsbt(bytes);
    bytes.fill(0xff);
    expect(toHex(encodePsbt(read))).toBe(toHex(encodePsbt(unsigned)));
  });
});

describe('what is refused', () => {
  const good = encodePsbt(signed);
  const bad: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', new Uint8Array(0)],
    ['other magic bytes', concat(parseHex('70736274fe'), good.subarray(5))],
    ['a byte more', concat(good, end)],
    ['no unsigned transaction', concat(magic, end)],
    ['a duplicate global key', concat(magic, field('00', transactionBytes), field('f0', end), field('f0', Uint8Array.of(1)), end, end, end, end, end)],
    ['a size of one byte written in three', concat(magic, parseHex('fd0100'), parseHex('00'), new ByteWriter().sized(transactionBytes).bytes(), end, end, end, end, end)],
    ['too few maps', concat(magic, field('00', transactionBytes), end, end, end, end)],
    ['a sighash type of three bytes', concat(magic, field('00', transactionBytes), end, field('03', parseHex('010000')), end, end, end, end)],
    ['an origin of five bytes', concat(magic, field('00', transactionBytes), end, field(`06${'02'.repeat(33)}`, parseHex('0102030405')), end, end, end, end)],
    ['a signature of 74 bytes', concat(magic, field('00', transactionBytes), end, field(`02${'02'.repeat(33)}`, new Uint8Array(74)), end, end, end, end)],
    ['an uncompressed key with a compressed prefix', concat(magic, field('00', transactionBytes), end, field(`02${'02'.repeat(65)}`, new Uint8Array(70)), end, end, end, end)],
    ['a field of version 2 in an input', concat(magic, field('00', transactionBytes), end, field('0e', new Uint8Array(32)), end, end, end, end)],
    ['a field of version 2 in an output', concat(magic, field('00', transactionBytes), end, end, end, field('04', Uint8Array.of(0x51)), end, end)],
    ['a previous transaction that is none', concat(magic, field('00', transactionBytes), end, field('00', new Uint8Array(12)), end, end, end, end)],
    ['a proprietary key without identifier', concat(magic, field('00', transactionBytes), field('fc', end), end, end, end, end, end)],
    ['an extended key whose depth is not its path\'s', concat(magic, field('00', transactionBytes), field(`010488b21e03${'00'.repeat(73)}`, new Uint8Array(8)), end, end, end, end, end)],
  ];

  test.each(bad)('psbt.malformed: %s', (_title, bytes) => {
    expect(() => decodePsbt(bytes)).toThrow(code('psbt.malformed'));
  });

  test('a file cut off anywhere is malformed', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: good.length - 1 }), (length) => {
      expect(() => decodePsbt(good.subarray(0, length))).toThrow(code('psbt.malformed'));
    }));
  });

  test.each([1, 3, 0xffff_ffff])('version %i is not supported, and says so', (version) => {
    expect(() => decodePsbt(concat(magic, field('fb', new ByteWriter().uint32(version).bytes()), end))).toThrow(code('psbt.unsupported'));
  });

  test('caps of size and count are checked before anything is made', () => {
    expect(() => decodePsbt(new Uint8Array(16 * 1024 * 1024 + 1))).toThrow(code('psbt.too-large'));
    expect(() => decodePsbt(concat(magic, parseHex('0100'), parseHex('fe01004000')))).toThrow(code('psbt.too-large'));
    expect(() => decodePsbt(concat(magic, parseHex('fe01004000')))).toThrow(code('psbt.too-large'));
    const many = concat(parseHex('02000000'), parseHex('fd1127'), new Uint8Array(10_001 * 41), parseHex('0000000000'));
    expect(() => decodePsbt(concat(magic, field('00', many), end))).toThrow(code('psbt.too-large'));
    // A count that the rest cannot hold is a lie, whatever the cap.
    expect(() => decodePsbt(concat(magic, field('00', parseHex('02000000ffffffffffffff1f00')), end))).toThrow(code('psbt.malformed'));
  });

  test('any single byte changed gives a PSBT or a named error, and never anything else', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), (position, change) => {
      const altered = good.map((byte, at) => (at === position ? byte ^ change : byte));
      try {
        expect(toHex(encodePsbt(decodePsbt(altered)))).toBe(toHex(altered));
      } catch (error) {
        expect(error).toBeInstanceOf(StrongroomError);
      }
    }), { numRuns: 500 });
  });

  test('random bytes after the magic give a named error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (rest) => {
      expect(() => decodePsbt(concat(magic, rest))).toThrow(expect.objectContaining({ code: expect.stringMatching(/^psbt\./) }));
    }), { numRuns: 500 });
  });
});

describe('keys that do not rise', () => {
  const field = (key: number): Uint8Array => new ByteWriter().sized(Uint8Array.of(0xf0, key)).sized(Uint8Array.of(1)).bytes();
  const { transaction } = honestPsbt({ wallet: testWallet(2, 3) });
  const head = concat(parseHex('70736274ff'), new ByteWriter().sized(Uint8Array.of(0)).sized(serializeTransaction(transaction, false)).bytes());
  const withGlobals = (...keys: readonly number[]): Uint8Array => concat(head, ...keys.map(field), new Uint8Array(1 + transaction.ins.length + transaction.outs.length));

  test('are read in any order, and each once, wherever the second one stands', () => {
    for (const keys of [[1, 2, 3], [3, 2, 1], [2, 1, 3], [1, 3, 2]]) expect(decodePsbt(withGlobals(...keys)).globalFields).toHaveLength(3);
    for (const keys of [[1, 1], [2, 1, 1], [2, 1, 2], [1, 2, 1], [3, 1, 2, 1], [3, 1, 2, 2], [3, 1, 2, 3]]) expect(() => decodePsbt(withGlobals(...keys))).toThrow(expect.objectContaining({ code: 'psbt.malformed' }));
  });
});

describe('transactions', () => {
  const network = fundingTransaction([{ scriptPubKey: Uint8Array.of(0x51), amountSats: 5n }]);

  test('reads and writes what the library does', () => {
    const { transaction, txid } = parseTransaction(network.bytes);
    expect(toHex(transaction.toBuffer())).toBe(toHex(network.bytes));
    expect(txid).toBe(transaction.getId());
    expect(transactionId(transaction)).toBe(txid);
    expect(toHex(serializeTransaction(transaction, true))).toBe(toHex(network.bytes));
    expect(parseTransaction(serializeTransaction(transaction, false)).txid).toBe(txid);
  });

  test('refuses bytes after it, a witness mark without witnesses, and an unsigned transaction with a scriptSig', () => {
    expect(() => parseTransaction(concat(network.bytes, end))).toThrow(code('psbt.malformed'));
    const bare = serializeTransaction(parseTransaction(network.bytes).transaction, false);
    const marked = concat(bare.subarray(0, 4), Uint8Array.of(0, 1), bare.subarray(4, -4), end, bare.subarray(-4));
    expect(() => parseTransaction(marked)).toThrow(code('psbt.malformed'));
    expect(() => parseUnsignedTransaction(network.bytes, 10)).toThrow(code('psbt.malformed'));
    const withScript = parseTransaction(network.bytes).transaction;
    withScript.ins[0]!.script = Uint8Array.of(0x51);
    expect(() => parseUnsignedTransaction(serializeTransaction(withScript, false), 10)).toThrow(code('psbt.malformed'));
  });

  test('what the codec takes for a previous transaction, the review can read, and the reverse', () => {
    const outcomeOf = (read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): string => {
      try {
        read(bytes);
        return 'taken';
      } catch (error) {
        expect(error).toBeInstanceOf(StrongroomError);
        return (error as StrongroomError).code;
      }
    };
    const forms = [network.bytes, serializeTransaction(parseTransaction(network.bytes).transaction, false)];
    let taken = 0;
    fc.assert(fc.property(fc.constantFrom(...forms), fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 }), (bytes, at, value, cut) => {
      const altered = bytes.map((byte, index) => (index === at % bytes.length ? value : byte)).subarray(0, bytes.length - (cut === 2 ? at % 9 : 0));
      const outcome = outcomeOf(requireTransaction, altered);
      taken += outcome === 'taken' ? 1 : 0;
      expect(['taken', 'psbt.malformed', 'psbt.unsupported']).toContain(outcome);
      expect(outcomeOf(parsePreviousTransaction, altered)).toBe(outcome);
    }), { numRuns: 2000 });
    expect(taken).toBeGreaterThan(200);
    // Marked as one of Litecoin's extension blocks: with a count of no inputs and eight outputs it would be a whole one.
    const marked = concat(parseHex('020000000008'), ...Array.from({ length: 8 }, () => parseHex('010000000000000000')), parseHex('00000000'));
    expect([requireTransaction, parsePreviousTransaction].map((read) => outcomeOf(read, marked))).toEqual(['psbt.unsupported', 'psbt.unsupported']);
  });
});
