import { sha256 } from '@noble/hashes/sha2.js';
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

test('legacy: code separators are left out of a script, wherever its pushes end; a byte like one inside a push stays', () => {
  const transaction = new Transaction();
  transaction.version = 2;
  transaction.ins.push({ hash: new Uint8Array(32).fill(1), index: 0, script: new Uint8Array(0), sequence: 1, witness: [] });
  transaction.outs.push({ script: Uint8Array.of(0x51), value: 5n });
  const hashOf = (hex: string, sighashType = 1): string => toHex(createSighasherLegacy(transaction).hash(0, Uint8Array.from(Buffer.from(hex, 'hex')), sighashType));
  const data = (length: number): string => 'ab'.repeat(length);
  for (const push of [`05${data(5)}`, `4b${data(0x4b)}`, `4c03${data(3)}`, `4c4d${data(0x4d)}`, `4d0300${data(3)}`, `4d0201${data(0x102)}`, `4e03000000${data(3)}`, `4e04010000${data(0x104)}`]) {
    for (const sighashType of [1, 2]) {
      expect(hashOf(`ab51ab${push}ab52ab`, sighashType)).toBe(hashOf(`51${push}52`, sighashType));
    }
    expect(hashOf(`ab51ab${push}ab52ab`)).toBe(toHex(handHash(transaction, `51${push}52`)));
  }
  // From a push that is cut off on, nothing is a separator any more (Bitcoin Core, `SignatureHash`: what cannot be parsed stays).
  for (const cut of ['05abab', '4c', '4c05abab', '4d05', '4d0500abab', '4e0500', '4e05000000abab']) expect(hashOf(`ab51ab${cut}`)).toBe(toHex(handHash(transaction, `51${cut}`)));
});

/** What input 0 signs by SIGHASH_ALL, written out: version, one input with the script, one output, locktime, type. @see BIP143, "Motivation" */
function handHash({ ins: [input], outs: [output], version, locktime }: Transaction, scriptHex: string): Uint8Array {
  const number = (value: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => Math.floor(value / 256 ** at) % 256);
  const script = Uint8Array.from(Buffer.from(scriptHex, 'hex'));
  const parts = [number(version, 4), number(1, 1), input!.hash, number(input!.index, 4), script.length < 0xfd ? number(script.length, 1) : Uint8Array.of(0xfd, ...number(script.length, 2)), script, number(input!.sequence, 4), number(1, 1), number(Number(output!.value), 8), number(output!.script.length, 1), output!.script, number(locktime, 4), number(1, 4)];
  return sha256(sha256(Uint8Array.from(parts.flatMap((part) => [...part]))));
}

test('legacy: what is remembered is nobody else\'s to change', () => {
  const transaction = new Transaction();
  transaction.ins.push({ hash: new Uint8Array(32).fill(2), index: 0, script: new Uint8Array(0), sequence: 1, witness: [] });
  transaction.outs.push({ script: Uint8Array.of(0x51), value: 5n });
  const sighasher = createSighasherLegacy(transaction);
  const script = keyHashScript(new Uint8Array(20).fill(3));
  const expected = toHex(transaction.hashForSignature(0, script, 1));
  for (let round = 0; round < 3; round += 1) {
    const hash = sighasher.hash(0, script, 1);
    expect(toHex(hash)).toBe(expected);
    hash.fill(0);
  }
  // The array that held a script may hold another one later.
  const reused = script.slice();
  sighasher.hash(0, reused, 1);
  reused[5] = 9;
  expect(toHex(sighasher.hash(0, reused, 1))).toBe(toHex(transaction.hashForSignature(0, reused, 1)));
  expect(toHex(sighasher.hash(0, script, 1))).toBe(expected);
});

test('an input whose amount is not known has no hash but a legacy one', () => {
  const transaction = new Transaction();
  transaction.ins.push({ hash: new Uint8Array(32).fill(2), index: 0, script: new Uint8Array(0), sequence: 1, witness: [] });
  transaction.outs.push({ script: Uint8Array.of(0x51), value: 5n });
  const script = keyHashScript(new Uint8Array(20).fill(3));
  expect(createSighasher(transaction, []).hash(0, { kind: 'segwit-v0', scriptCode: script }, 1)).toBeNull();
  const sighasher = createSighasher(transaction, [null]);
  expect([sighasher.hash(0, { kind: 'segwit-v0', scriptCode: script }, 1), sighasher.hash(0, { kind: 'taproot-key' }, 0), sighasher.hash(0, { kind: 'taproot-leaf', leafHash: new Uint8Array(32) }, 0)]).toEqual([null, null, null]);
  expect(sighasher.hash(0, { kind: 'legacy', scriptCode: script }, 1)).toHaveLength(32);
});
