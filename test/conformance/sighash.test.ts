import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { expect, test } from 'vitest';
import { parseHex, reversed, toHex } from '../../src/domain/bytes.ts';
import { createSighasherLegacy } from '../../src/psbt/sighash-legacy.ts';
import { parseTransaction } from '../../src/psbt/transaction.ts';

type Vector = readonly [transaction: string, script: string, input: number, sighashType: number, hash: string];
const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bitcoin-core/sighash.json');
const vectors = (JSON.parse(readFileSync(file, 'utf8')) as unknown[]).filter((entry): entry is Vector => Array.isArray(entry) && entry.length === 5);

test('the vectors are there', () => {
  expect(vectors).toHaveLength(500);
});

test('Bitcoin Core, sighash.json: every legacy hash, of any sighash type, with and without OP_CODESEPARATOR', () => {
  const wrong = vectors.filter(([transaction, script, input, sighashType, hash]) => toHex(reversed(createSighasherLegacy(parseTransaction(parseHex(transaction)).transaction).hash(input, parseHex(script), sighashType))) !== hash);
  expect(wrong).toEqual([]);
});

test('the same transactions by SIGHASH_ALL, whose hash is computed from kept states: as the library computes it, in any order of the inputs', () => {
  for (const [hex, script] of vectors) {
    const { transaction } = parseTransaction(parseHex(hex));
    const sighasher = createSighasherLegacy(transaction);
    const last = transaction.ins.length - 1;
    for (const index of new Set([last, 0, Math.floor(last / 2), last])) {
      expect(toHex(sighasher.hash(index, parseHex(script), Transaction.SIGHASH_ALL))).toBe(toHex(transaction.hashForSignature(index, parseHex(script), Transaction.SIGHASH_ALL)));
    }
  }
});
