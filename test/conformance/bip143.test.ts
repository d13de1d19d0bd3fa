import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../src/domain/bytes.ts';
import { ByteReader } from '../../src/psbt/codec/byte-reader.ts';
import { ByteWriter } from '../../src/domain/byte-writer.ts';
import { createSighasherV0 } from '../../src/psbt/sighash-v0.ts';
import { parseTransaction, type ParsedTransaction } from '../../src/psbt/transaction.ts';

interface Example { readonly name: string; readonly text: string }
const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip143/bip143_examples.json');
const examples = JSON.parse(readFileSync(file, 'utf8')) as readonly Example[];

const published = /preimage(?: for [A-Z|]+)?:\s*([0-9a-f]{200,})[\s\S]*?sighash:\s*([0-9a-f]{64})/gi;
const cases = examples.flatMap(({ name, text }) => [...text.matchAll(published)].map(([, preimage = '', hash = ''], at) => ({ name: `${name}, ${at + 1}`, text, preimage, hash })));

/** What a published preimage says of the input; the shared hashes in it must come out of the transaction again. */
function statedBy(preimage: Uint8Array) {
  const reader = new ByteReader(preimage);
  reader.skip(4 + 32 + 32);
  const outpoint = toHex(reader.slice(36));
  const scriptCode = reader.sized();
  const amountSats = reader.int64();
  reader.skip(4 + 32 + 4);
  return { outpoint, scriptCode, amountSats, sighashType: reader.uint32() };
}

function transactionsIn(text: string): ParsedTransaction['transaction'][] {
  return (text.match(/\b[0-9a-f]{160,}\b/g) ?? []).flatMap((hex) => {
    try {
      return [parseTransaction(parseHex(hex)).transaction];
    } catch {
      // Preimages and scripts are as long.
      return [];
    }
  });
}

test('the vectors are there: five examples with fourteen hashes', () => {
  expect(examples).toHaveLength(5);
  expect(cases).toHaveLength(14);
});

test.each(cases)('BIP143: $name', ({ text, preimage, hash }) => {
  const { outpoint, scriptCode, amountSats, sighashType } = statedBy(parseHex(preimage));
  const hashes = transactionsIn(text).flatMap((transaction) =>
    transaction.ins.flatMap((input, index) => (toHex(new ByteWriter().raw(input.hash).uint32(input.index).bytes()) === outpoint ? [toHex(createSighasherV0(transaction).hash(index, scriptCode, amountSats, sighashType))] : [])));
  expect(hashes).toContain(hash);
});
