import { expect, test } from 'vitest';
import { parseHex } from '../../../src/domain/bytes.ts';
import type { WalletScript } from '../../../src/domain/wallet-script.ts';
import { expectedVsize, singleKeyWeight, walletInputWeight } from '../../../src/psbt/expected-size.ts';
import { parseUnsignedTransaction } from '../../../src/psbt/transaction.ts';
import type { Wallet } from '../../../src/wallet/wallet.ts';

const weight = (script: WalletScript, required: number, total: number): number => walletInputWeight({ script, required, cosigners: Array.from({ length: total }, () => ({}) as Wallet['cosigners'][number]) });

test.each<[WalletScript, number, number, number]>([
  // One key: a signature of 71 bytes, a key of 33, their lengths, the count of witness items.
  ['p2pkh', 1, 1, 4 * (1 + 71 + 1 + 33) + 1],
  ['p2wpkh', 1, 1, 1 + 1 + 71 + 1 + 33],
  ['p2sh-p2wpkh', 1, 1, 4 * 23 + 107],
  ['p2tr', 1, 1, 1 + 1 + 64],
  // A quorum: the empty item, signatures, and the script: two numbers, keys of 34 bytes with their length, CHECKMULTISIG.
  ['p2wsh', 1, 1, 1 + 1 + 72 + 1 + 37],
  ['p2wsh', 2, 3, 1 + 1 + 2 * 72 + 1 + 105],
  ['p2wsh', 7, 7, 1 + 1 + 7 * 72 + 1 + 241],
  ['p2wsh', 8, 8, 1 + 1 + 8 * 72 + 3 + 275],
  ['p2wsh', 16, 16, 1 + 1 + 16 * 72 + 3 + 547],
  // Numbers above 16 take two bytes.
  ['p2wsh', 2, 17, 1 + 1 + 2 * 72 + 3 + 1 + 578 + 2 + 1],
  ['p2wsh', 20, 20, 1 + 1 + 20 * 72 + 3 + 2 + 680 + 2 + 1],
  ['p2sh-p2wsh', 2, 3, 4 * (1 + 34) + 252],
  // In a scriptSig everything weighs four times; its own length was counted as one byte.
  ['p2sh', 1, 1, 4 * (1 + 72 + 1 + 37) + 1],
  ['p2sh', 2, 2, 4 * (1 + 2 * 72 + 1 + 71) + 1],
  ['p2sh', 2, 3, 4 * (1 + 2 * 72 + 2 + 105) + 1],
  ['p2sh', 3, 3, 4 * (1 + 3 * 72 + 2 + 105 + 2) + 1],
  ['p2sh', 7, 7, 4 * (1 + 7 * 72 + 2 + 241 + 2) + 1],
  ['p2sh', 8, 8, 4 * (1 + 8 * 72 + 3 + 275 + 2) + 1],
  // A leaf: a signature or an empty item of each key, the script, the control block.
  ['p2tr-multi', 2, 3, 1 + 2 * 65 + 1 + 1 + (102 + 2) + 1 + 33],
  ['p2tr-multi', 7, 7, 1 + 7 * 65 + 1 + (238 + 2) + 1 + 33],
  ['p2tr-multi', 8, 8, 1 + 8 * 65 + 3 + (272 + 2) + 1 + 33],
  ['p2tr-multi', 17, 20, 1 + 17 * 65 + 3 + 3 + (680 + 3) + 1 + 33],
])('%s of %i of %i adds %i weight units', (script, required, total, expected) => {
  expect(weight(script, required, total)).toBe(expected);
});

test('an input of one key is weighed by its script, and by the form of its key', () => {
  const scripts = { p2wpkh: `0014${'11'.repeat(20)}`, p2tr: `5120${'11'.repeat(32)}`, p2pkh: `76a914${'11'.repeat(20)}88ac`, p2sh: `a914${'11'.repeat(20)}87`, p2wsh: `0020${'11'.repeat(32)}`, none: '51' };
  expect(Object.values(scripts).map((script) => singleKeyWeight(parseHex(script)))).toEqual([107, 66, 425, 199, 0, 0]);
  expect(singleKeyWeight(parseHex(scripts.p2pkh), 65)).toBe(425 + 4 * 32);
});

test('BIP141: a quarter of the weight, rounded up; what everybody reads weighs four times', () => {
  // 85 bytes: one input of 41, one output of 34, and ten.
  const transaction = parseUnsignedTransaction(parseHex(`0200000001${'11'.repeat(32)}0000000000ffffffff01e8030000000000001976a914${'22'.repeat(20)}88ac00000000`), 1);
  expect(transaction.byteLength(false)).toBe(85);
  expect([0, 1, 2, 3, 6, 7].map((signed) => expectedVsize(transaction, [signed]))).toEqual([86, 86, 86, 87, 87, 88]);
  expect(expectedVsize(transaction, [100, 200])).toBe(161);
});
