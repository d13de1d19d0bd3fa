/** Files under 16 MiB that were made to fill the memory or the time of an offline machine. */
import { expect, test } from 'vitest';
import { concat, parseHex } from '../../../src/domain/bytes.ts';
import { ByteWriter } from '../../../src/domain/byte-writer.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { MAX_PSBT_ITEMS, MAX_PSBT_VALUE_BYTES } from '../../../src/psbt/psbt.ts';
import { parsePreviousTransaction, parseTransaction, serializeTransaction, transactionId } from '../../../src/psbt/transaction.ts';
import { fundingTransaction, honestPsbt, strangerScript, testWallet } from '../support/psbt-builder.ts';

const code = (text: string) => expect.objectContaining({ code: text });
const magic = parseHex('70736274ff');
const end = Uint8Array.of(0);
const field = (keyHex: string, value: Uint8Array): Uint8Array => new ByteWriter().sized(parseHex(keyHex)).sized(value).bytes();
const psbt = honestPsbt({ wallet: testWallet(2, 3) });
const globals = concat(magic, field('00', serializeTransaction(psbt.transaction, false)));
const emptyMaps = [...psbt.inputs, ...psbt.outputs].map(() => end);

/** So many fields of an unknown type, the smallest that there are. */
function tinyFields(count: number): Uint8Array {
  const bytes = new Uint8Array(count * 6);
  for (let index = 0; index < count; index += 1) bytes.set([4, 0xf0, index & 255, (index >> 8) & 255, index >> 16, 0], index * 6);
  return bytes;
}

test('more fields than any honest file has are refused before memory is spent on them', () => {
  expect(() => decodePsbt(concat(globals, tinyFields(MAX_PSBT_ITEMS), end, ...emptyMaps))).toThrow(code('psbt.too-large'));
  // In maps of inputs they count together with the others.
  const [first, ...others] = emptyMaps as [Uint8Array, ...Uint8Array[]];
  const half = tinyFields(MAX_PSBT_ITEMS / 2);
  expect(() => decodePsbt(concat(globals, end, half, first, half, first, ...others.slice(1)))).toThrow(code('psbt.too-large'));
});

test('a final witness of millions of empty items is refused before it is read', () => {
  const items = MAX_PSBT_VALUE_BYTES - 5;
  const witness = new ByteWriter().compactSize(items).raw(new Uint8Array(items)).bytes();
  expect(() => decodePsbt(concat(globals, end, field('08', witness), ...emptyMaps))).toThrow(code('psbt.too-large'));
});

test('a previous transaction\'s witnesses are read over, and what it proves is the same', () => {
  const { bytes } = fundingTransaction([{ scriptPubKey: strangerScript(), amountSats: 7n }]);
  const { outputAt, txid } = parsePreviousTransaction(bytes);
  expect(txid).toBe(parseTransaction(bytes).txid);
  expect(txid).toBe(transactionId(parseTransaction(bytes).transaction));
  expect(outputAt(0)).toEqual({ scriptPubKey: strangerScript(), amountSats: 7n });
  expect(outputAt(1)).toBeUndefined();
});

test('a previous transaction with a damaged or needless witness is still malformed', () => {
  const { bytes } = fundingTransaction([{ scriptPubKey: strangerScript(), amountSats: 7n }]);
  expect(() => parsePreviousTransaction(bytes.subarray(0, -5))).toThrow(code('psbt.malformed'));
  const bare = serializeTransaction(parseTransaction(bytes).transaction, false);
  const marked = concat(bare.subarray(0, 4), Uint8Array.of(0, 1), bare.subarray(4, -4), Uint8Array.of(0), bare.subarray(-4));
  expect(() => parsePreviousTransaction(marked)).toThrow(code('psbt.malformed'));
});

test('a field of the unsigned transaction\'s type with key data is none of BIP174, wherever it stands', () => {
  const stray = field('0001', Uint8Array.of(1));
  expect(() => decodePsbt(concat(globals, stray, end, ...emptyMaps))).toThrow(code('psbt.malformed'));
  expect(() => decodePsbt(concat(magic, stray, globals.subarray(magic.length), end, ...emptyMaps))).toThrow(code('psbt.malformed'));
});
