/** What reading and writing cost: linear in whatever a file is made large by. */
import { describe, expect, test, vi } from 'vitest';
import { concat } from '../../../src/domain/bytes.ts';
import { ByteReader } from '../../../src/psbt/codec/byte-reader.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { joined, MAGIC, mapOf, raw, size, transactionOf, u32, type RawField } from './codec-maps.ts';

/** Files whose size goes with `count`, each by another part of it. */
const outpoint = { txid: new Uint8Array(32).fill(7), vout: 0, sequence: 0xffff_fffd };
const numberedKey = (type: number, length: number) => (index: number): Uint8Array => concat(size(type), u32(index), new Uint8Array(length - 4));
const oneInput = (fields: readonly RawField[]): Uint8Array => concat(MAGIC, mapOf([raw(0x00, transactionOf(2, [outpoint], [], 0))]), mapOf(fields));
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const growing: readonly { readonly name: string; readonly file: (count: number) => Uint8Array; readonly least: number }[] = [
  { name: 'fields', least: 10_000, file: (count) => oneInput(many(count, (index) => raw(numberedKey(0xf0, 8)(index), Uint8Array.of(1)))) },
  { name: 'fields in falling order', least: 5_000, file: (count) => oneInput(many(count, (index) => raw(concat(size(0x2_0000 - index), u32(index)), Uint8Array.of(1)))) },
  { name: 'inputs of version 0', least: 900, file: (count) => joined([MAGIC, mapOf([raw(0x00, transactionOf(2, many(count, (index) => ({ ...outpoint, vout: index })), [], 0))]), ...many(count, () => mapOf([raw(0x04, new Uint8Array(90))]))]) },
  { name: 'inputs of version 2', least: 900, file: (count) => joined([MAGIC, mapOf([raw(0xfb, u32(2)), raw(0x02, u32(2)), raw(0x04, size(count)), raw(0x05, size(0))]), ...many(count, (index) => mapOf([raw(0x0e, outpoint.txid), raw(0x0f, u32(index)), raw(0x12, u32(index + 1))]))]) },
  { name: 'outputs of previous transactions', least: 10_000, file: (count) => oneInput([raw(0x00, transactionOf(2, [outpoint], many(count, () => ({ amountSats: 1n, script: Uint8Array.of(0x51) })), 0))]) },
  { name: 'items of a final witness', least: 10_000, file: (count) => oneInput([raw(0x08, concat(size(count), new Uint8Array(count)))]) },
  { name: 'steps of a path', least: 20_000, file: (count) => oneInput([raw(concat(Uint8Array.of(0x06, 2), new Uint8Array(32)), new Uint8Array(4 + 4 * count))]) },
  { name: 'leaves of a tree', least: 16_000, file: (count) => {
    // As deep as may be, then broad: a walk through a tree of 2^k leaves.
    const depth = Math.ceil(Math.log2(count));
    return concat(MAGIC, mapOf([raw(0x00, transactionOf(2, [], [{ amountSats: 1n, script: new Uint8Array(0) }], 0))]), mapOf([raw(0x06, joined(many(2 ** depth, () => Uint8Array.of(depth, 0xc0, 0))))]));
  } },
];

/** The least processor time of several runs, milliseconds: other programs on the machine can only add to it. */
function leastMs(work: () => void): number {
  const runs = many(4, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...runs);
}

describe.each(growing)('the number of $name', ({ file, least }) => {
  const [small, large] = [file(least), file(least * 10)];
  const readAndWrite = (bytes: Uint8Array): void => expect(encodePsbt(decodePsbt(bytes)).length).toBe(bytes.length);

  test('no byte is read more than a few times', () => {
    for (const bytes of [small, large]) {
      let reads = 0;
      const spy = vi.spyOn(ByteReader.prototype, 'skip').mockImplementation(function (this: ByteReader, length: number) {
        reads += 1;
        if (length > this.remaining) throw new Error('ends too early');
        this.offset += length;
        return this.offset - length;
      });
      decodePsbt(bytes);
      spy.mockRestore();
      expect(reads).toBeLessThan(2 * bytes.length);
    }
  });

  test('ten times of them take nothing like a hundred times as long', () => {
    readAndWrite(small);
    readAndWrite(large);
    // Linear is ten (sixteen for leaves), and what the collector of garbage adds. A millisecond is the clock's grain.
    expect(leastMs(() => readAndWrite(large)) / Math.max(1, leastMs(() => readAndWrite(small)))).toBeLessThan(50);
  });
});
