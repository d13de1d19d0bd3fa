import fc from 'fast-check';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { createSighasher } from '../../../src/psbt/sighash.ts';
import { createSighasherLegacy } from '../../../src/psbt/sighash-legacy.ts';
import { createSighasherTaproot } from '../../../src/psbt/sighash-taproot.ts';
import { keyHashScript } from '../../../src/wallet/locking-script.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const amount = fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n });
// Scripts of 34 bytes: the library's own hash of taproot with ANYONECANPAY knows no others.
const drafts = fc.record({
  version: fc.constantFrom(1, 2, 0xffff_ffff),
  locktime: fc.integer({ min: 0, max: 0xffff_ffff }),
  ins: fc.array(fc.record({ hash: bytes(32), index: fc.integer({ min: 0, max: 0xffff_ffff }), sequence: fc.integer({ min: 0, max: 0xffff_ffff }), amountSats: amount, scriptPubKey: bytes(34) }), { minLength: 1, maxLength: 5 }),
  outs: fc.array(fc.record({ script: fc.uint8Array({ maxLength: 300 }), value: amount }), { minLength: 1, maxLength: 4 }),
});
type Draft = typeof drafts extends fc.Arbitrary<infer T> ? T : never;
function transactionOf({ version, locktime, ins, outs }: Draft): Transaction {
  const transaction = new Transaction();
  transaction.version = version;
  transaction.locktime = locktime;
  transaction.ins = ins.map(({ hash, index, sequence }) => ({ hash, index, sequence, script: new Uint8Array(0), witness: [] }));
  transaction.outs = outs.map((output) => ({ ...output }));
  return transaction;
}

test('legacy: the kept states give what the library computes anew each time, for every sighash type and order of the inputs', () => {
  fc.assert(fc.property(drafts, fc.constantFrom(0x01, 0x02, 0x03, 0x81, 0x82, 0x83), bytes(20), fc.boolean(), (draft, sighashType, keyHash, backwards) => {
    // The library reads the script as opcodes and cannot go on with ones that are cut off; those are in Bitcoin Core's vectors.
    const script = keyHashScript(keyHash);
    const transaction = transactionOf(draft);
    const sighasher = createSighasherLegacy(transaction);
    const indices = [...transaction.ins.keys()];
    for (const index of backwards ? indices.reverse() : indices) {
      // The library gives the number one of SINGLE without an output in the order of a number, the protocol in that of a hash.
      if ((sighashType & 0x1f) === 3 && index >= transaction.outs.length) expect(toHex(sighasher.hash(index, script, sighashType))).toBe(`01${'00'.repeat(31)}`);
      else expect(toHex(sighasher.hash(index, script, sighashType))).toBe(toHex(transaction.hashForSignature(index, script, sighashType)));
    }
  }), { numRuns: 60 });
});

test('legacy: what is known of one transaction is said of no other, by whatever one field they differ, and not of another script', () => {
  const changes: readonly ((transaction: Transaction) => void)[] = [
    (transaction) => void (transaction.version = 3),
    (transaction) => void (transaction.locktime = (transaction.locktime ^ 1) >>> 0),
    ({ ins: [first] }) => first && void (first.sequence = (first.sequence ^ 1) >>> 0),
    ({ ins }) => void ins.forEach((input, index) => (input.index = index === ins.length - 1 ? (input.index ^ 1) >>> 0 : input.index)),
    (transaction) => void ((transaction.outs[0] as { value: bigint }).value += 1n),
    (transaction) => void transaction.outs.push({ script: new Uint8Array(0), value: 0n }),
    // A signed script in it already: no input signs that of another.
    (transaction) => void ((transaction.ins[0] as Transaction['ins'][number]).script = Uint8Array.of(0x51)),
  ];
  const ofLibrary = (transaction: Transaction, index: number, script: Uint8Array): string => toHex(transaction.hashForSignature(index, script, 1));
  fc.assert(fc.property(drafts, bytes(20), bytes(20), (draft, keyHash, otherHash) => {
    const [script, otherScript] = [keyHashScript(keyHash), keyHashScript(otherHash)];
    for (const change of changes) {
      const transactions = [transactionOf(draft), transactionOf(draft), transactionOf(draft)];
      change(transactions[1] as Transaction);
      for (const transaction of transactions) {
        const sighasher = createSighasherLegacy(transaction);
        for (const index of transaction.ins.keys()) {
          for (const asked of [script, otherScript, script]) {
            const hash = sighasher.hash(index, asked, 1);
            expect(toHex(hash)).toBe(ofLibrary(transaction, index, asked));
            // What was handed out is the caller's, to spoil as it likes.
            hash.fill(0);
          }
        }
      }
    }
  }), { numRuns: 20 });
});

test('BIP341: the shared hashes give what the library computes anew each time, for every sighash type', () => {
  fc.assert(fc.property(drafts, fc.constantFrom(0x00, 0x01, 0x02, 0x03, 0x81, 0x82, 0x83), (draft, sighashType) => {
    const transaction = transactionOf(draft);
    const sighasher = createSighasherTaproot(transaction, draft.ins);
    transaction.ins.forEach((_, index) => {
      const hash = sighasher.hash(index, sighashType, null);
      if ((sighashType & 0x03) === 3 && index >= transaction.outs.length) expect(hash).toBeNull();
      else expect(hash === null ? null : toHex(hash)).toBe(toHex(transaction.hashForWitnessV1(index, draft.ins.map((input) => input.scriptPubKey), draft.ins.map((input) => input.amountSats), sighashType)));
    });
  }), { numRuns: 60 });
});

test('BIP341: a sighash type without a meaning has no hash', () => {
  fc.assert(fc.property(drafts, fc.constantFrom(0x04, 0x80, 0x84, 0xff, 0x101), (draft, sighashType) => {
    expect(createSighasherTaproot(transactionOf(draft), draft.ins).hash(0, sighashType, null)).toBeNull();
  }), { numRuns: 10 });
});

test('nothing is hashed over an amount that is not known: of its own input for segwit v0, of any input for taproot', () => {
  fc.assert(fc.property(drafts, (draft) => {
    const transaction = transactionOf(draft);
    const last = draft.ins.length - 1;
    const sighasher = createSighasher(transaction, draft.ins.map((input, index) => (index === last ? null : input)));
    const scriptCode = Uint8Array.of(0x51);
    expect(sighasher.hash(last, { kind: 'segwit-v0', scriptCode }, 1)).toBeNull();
    expect(sighasher.hash(0, { kind: 'taproot-key' }, 0)).toBeNull();
    // Legacy signatures commit to no amount (which is why nobody may believe one).
    expect(sighasher.hash(last, { kind: 'legacy', scriptCode }, 1)).toHaveLength(32);
    if (last > 0) expect(sighasher.hash(0, { kind: 'segwit-v0', scriptCode }, 1)).toHaveLength(32);
  }), { numRuns: 20 });
});
