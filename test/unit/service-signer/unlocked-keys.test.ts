import { expect, test } from 'vitest';
import { UnlockedKeys } from '../../../src/service/signer/unlocked-keys.ts';
import { keyOf, noise } from '../signer/fixtures.ts';

const unlocked = () => ({
  file: { network: 'regtest' as const, label: 'Alice', secret: { kind: 'mnemonic' as const, language: 'english' as const, entropy: noise('entropy', 16), bip39Passphrase: '' }, entropyRecord: null, createdAt: '2026-11-22T10:00:00.000Z', createdBy: 'test', sources: ['mnemonic'] },
  key: keyOf('alice'),
});

test('locking wipes the key and the entropy of its file, and tells who must forget with it, once', () => {
  const forgotten: string[] = [];
  const keys = new UnlockedKeys({ now: () => 0, after: () => () => undefined, newHandle: () => 'handle' }, (handle) => forgotten.push(handle));
  const one = unlocked();
  const handle = keys.add(one);
  expect(keys.use(handle).key).toBe(one.key);
  keys.lock(handle);
  keys.lock(handle);
  expect([...one.file.secret.entropy].every((byte) => byte === 0)).toBe(true);
  expect(() => one.key.publicKeyAt([])).toThrow(expect.objectContaining({ code: 'key.locked' }));
  expect(() => keys.use(handle)).toThrow(expect.objectContaining({ code: 'key.locked' }));
  expect(forgotten).toEqual(['handle']);
});

test('a clock that was set back locks the key: nobody knows how long it lay idle', () => {
  let now = 1_000_000;
  const keys = new UnlockedKeys({ now: () => now, after: () => () => undefined, newHandle: () => 'handle' }, () => undefined);
  const handle = keys.add(unlocked());
  now -= 1;
  expect(() => keys.use(handle)).toThrow(expect.objectContaining({ code: 'key.locked' }));
});
