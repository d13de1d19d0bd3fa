import fc from 'fast-check';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { createSighasherV0 } from '../../../src/psbt/sighash-v0.ts';
import { parseTransaction } from '../../../src/psbt/transaction.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const transactions = fc.record({
  version: fc.constantFrom(1, 2, 0xffff_ffff),
  locktime: fc.integer({ min: 0, max: 0xffff_ffff }),
  ins: fc.array(fc.record({ hash: bytes(32), index: fc.integer({ min: 0, max: 0xffff_ffff }), sequence: fc.integer({ min: 0, max: 0xffff_ffff }) }), { minLength: 1, maxLength: 4 }),
  outs: fc.array(fc.record({ script: fc.uint8Array({ maxLength: 300 }), value: fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n }) }), { minLength: 1, maxLength: 4 }),
});

test('BIP143: the shared hashes give what the library computes anew each time, for every sighash type', () => {
  fc.assert(fc.property(transactions, fc.constantFrom(0x01, 0x02, 0x03, 0x81, 0x82, 0x83), fc.uint8Array({ maxLength: 300 }), fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n }), (draft, sighashType, script, amountSats) => {
    const transaction = new Transaction();
    transaction.version = draft.version;
    transaction.locktime = draft.locktime;
    transaction.ins = draft.ins.map((input) => ({ ...input, script: new Uint8Array(0), witness: [] }));
    transaction.outs = draft.outs;
    const sighasher = createSighasherV0(transaction);
    transaction.ins.forEach((_, index) => {
      expect(toHex(sighasher.hash(index, script, amountSats, sighashType))).toBe(toHex(transaction.hashForWitnessV0(index, script, amountSats, sighashType)));
    });
  }), { numRuns: 60 });
});

test('BIP143, native P2WPKH: the published hash', () => {
  const unsigned = '0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000000eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac11000000';
  const sighasher = createSighasherV0(parseTransaction(parseHex(unsigned)).transaction);
  const hash = sighasher.hash(1, parseHex('76a9141d0f172a0ecb48aee1be1f2687d2963ae33f71a188ac'), 600_000_000n, 1);
  expect(toHex(hash)).toBe('c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670');
});
