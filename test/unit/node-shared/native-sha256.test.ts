import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { afterEach, expect, test, vi } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { useNativeSha256 } from '../../../src/node/shared/native-sha256.ts';
import { javascriptSha256, startSha256, useSha256, type RunningSha256 } from '../../../src/psbt/sha256-choice.ts';
import { createSighasherLegacy } from '../../../src/psbt/sighash-legacy.ts';

afterEach(() => useSha256(javascriptSha256));

const parts = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 });
const all = (start: () => RunningSha256, head: readonly Uint8Array[], tail: readonly Uint8Array[]): string[] => {
  const feed = (hash: RunningSha256, bytes: readonly Uint8Array[]): RunningSha256 => bytes.reduce((running, part) => running.update(part), hash);
  const begun = feed(start(), head);
  // Two endings of one beginning, and the beginning itself.
  return [toHex(feed(begun.copy(), tail).digest()), toHex(begun.copy().digest()), toHex(feed(begun, tail).digest())];
};

test('the runtime\'s SHA-256 gives what JavaScript\'s does, for every way to cut the bytes and to copy on the way', () => {
  useNativeSha256();
  fc.assert(fc.property(parts, parts, (head, tail) => {
    const expected = createHash('sha256').update(Buffer.concat([...head, ...tail])).digest('hex');
    const native = all(startSha256, head, tail);
    expect(native).toEqual(all(javascriptSha256, head, tail));
    expect([native[0], native[2]]).toEqual([expected, expected]);
  }), { numRuns: 200 });
});

test('a SHA-256 that is wrong, or whose copies are not apart, is not used', () => {
  const chosen = vi.fn();
  const wrong: RunningSha256 = { update: () => wrong, copy: () => wrong, digest: () => new Uint8Array(32) };
  useSha256(javascriptSha256);
  useNativeSha256(() => wrong);
  expect(toHex(startSha256().digest())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  const shared = (): RunningSha256 => {
    const hash = createHash('sha256');
    const running: RunningSha256 = { update: (bytes) => (hash.update(bytes), running), copy: () => running, digest: () => new Uint8Array(hash.copy().digest()) };
    return running;
  };
  useNativeSha256(() => (chosen(), shared()));
  expect(chosen).toHaveBeenCalled();
  const begun = startSha256().update(Uint8Array.of(1));
  begun.copy().update(Uint8Array.of(2));
  expect(toHex(begun.digest())).toBe(createHash('sha256').update(Uint8Array.of(1)).digest('hex'));
});

test('what a legacy input signs is the same by both, and by the library', () => {
  useNativeSha256();
  const transaction = new Transaction();
  transaction.version = 2;
  for (let index = 0; index < 70; index += 1) transaction.addInput(new Uint8Array(32).fill(index + 1), index, 0xffff_fffd);
  transaction.addOutput(new Uint8Array(22).fill(5), 100_000n);
  const script = new Uint8Array(25).fill(0x51);
  const hashes = (): string[] => {
    const sighasher = createSighasherLegacy(transaction);
    return transaction.ins.map((_, index) => toHex(sighasher.hash(index, script, 1)));
  };
  const native = hashes();
  expect(native).toEqual(transaction.ins.map((_, index) => toHex(transaction.hashForSignature(index, script, 1))));
  // Another transaction in between, so that nothing is remembered of this one.
  createSighasherLegacy(new Transaction()).hash(0, script, 3);
  const other = new Transaction();
  other.addInput(new Uint8Array(32), 0);
  createSighasherLegacy(other).hash(0, script, 1);
  useSha256(javascriptSha256);
  expect(hashes()).toEqual(native);
});
