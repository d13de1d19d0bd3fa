import { inspect } from 'node:util';
import { BIP32Factory } from 'bip32';
import * as secp from 'tiny-secp256k1';
import { expect, test, vi } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { accountKeyRecord, accountPath } from '../../../src/signer/account-key.ts';
import { formatKeyRecord } from '../../../src/wallet/key-record.ts';
import { seedOfMnemonic } from '../../../src/signer/mnemonic.ts';
import { keyOf, mnemonics } from './fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

test('the fingerprint of the well-known test mnemonic is 73c5da0a', () => {
  expect(keyOf('alice').fingerprint).toBe('73c5da0a');
});

test('BIP48: the account record is at m/48h/coin/account/2h, coin 0 for mainnet and 1 elsewhere', () => {
  expect(accountPath('mainnet', 0, 'p2wsh')).toEqual(parsePath('m/48h/0h/0h/2h'));
  expect(accountPath('practice', 7, 'p2wsh')).toEqual(parsePath('m/48h/1h/7h/2h'));
  expect(formatKeyRecord(accountKeyRecord(keyOf('alice', 'mainnet'), 'p2wsh', 0), 'mainnet')).toBe(
    '[73c5da0a/48h/0h/0h/2h]xpub6DkFAXWQ2dHxq2vatrt9qyA3bXYU4ToWQwCHbf5XB2mSTexcHZCeKS1VZYcPoBd5X8yVcbXFHJR9R8UCVpt82VX1VhR28mCyxUFL4r6KFrf',
  );
});

test.each([
  ['p2pkh', '44h/0h/3h'], ['p2sh-p2wpkh', '49h/0h/3h'], ['p2wpkh', '84h/0h/3h'], ['p2tr', '86h/0h/3h'],
  ['p2sh', '45h/0h/3h'], ['p2sh-p2wsh', '48h/0h/3h/1h'], ['p2wsh', '48h/0h/3h/2h'], ['p2tr-multi', '48h/0h/3h/3h'],
] as const)('the account of %s is at m/%s', (script, path) => {
  expect(accountPath('mainnet', 3, script)).toEqual(parsePath(`m/${path}`));
  expect(formatKeyRecord(accountKeyRecord(keyOf('alice', 'mainnet'), script, 3), 'mainnet')).toMatch(new RegExp(`^\\[73c5da0a/${path}\\]xpub`));
});

test.each([-1, 0.5, 2 ** 31])('there is no account %d', (account) => {
  expect(() => accountKeyRecord(keyOf('alice'), 'p2wsh', account)).toThrow(code('path.malformed'));
});

test('a loan is wiped when it ends, also by an exception', () => {
  const key = keyOf('alice');
  let kept: Uint8Array = new Uint8Array(0);
  key.usePrivateKeyAt([0], (privateKey) => {
    kept = privateKey;
    expect(privateKey.some((byte) => byte !== 0)).toBe(true);
  });
  expect(kept).toEqual(new Uint8Array(32));
  expect(() =>
    key.useOwnSecret('x', (secret) => {
      kept = secret;
      throw new TypeError('planted');
    }),
  ).toThrow(TypeError);
  expect(kept).toEqual(new Uint8Array(32));
});

test('a wiped key does nothing any more', () => {
  const key = keyOf('alice');
  key.wipe();
  key.wipe();
  expect(() => key.publicKeyAt([])).toThrow(code('key.locked'));
  expect(() => key.usePrivateKeyAt([], () => 0)).toThrow(code('key.locked'));
  expect(() => key.useOwnSecret('x', () => 0)).toThrow(code('key.locked'));
});

test('a key shows its secret to no inspection, spread or JSON', () => {
  const key = keyOf('alice');
  const secret = key.usePrivateKeyAt([], toHex);
  const shown = `${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}${JSON.stringify({ ...key })}`;
  expect(shown).not.toContain(secret);
  expect(Object.keys(key).sort()).toEqual(['fingerprint', 'network']);
});

test('own secrets differ by purpose, network and key', () => {
  const secret = (key: ReturnType<typeof keyOf>, purpose: string): string => key.useOwnSecret(purpose, toHex);
  const secrets = [secret(keyOf('alice'), 'a'), secret(keyOf('alice'), 'b'), secret(keyOf('alice', 'practice'), 'a'), secret(keyOf('bob'), 'a')];
  expect(new Set(secrets).size).toBe(4);
  expect(secret(keyOf('alice'), 'a')).toBe(secrets[0]);
});

test('keys of more branches than are kept, in any order, are the same as a library derives', () => {
  const key = keyOf('alice');
  const root = BIP32Factory(secp).fromSeed(seedOfMnemonic(mnemonics.alice, ''));
  const paths = Array.from({ length: 30 }, (_, step) => [2 ** 31 + 48, (step * 7) % 6, step % 2, step]);
  for (const path of [...paths, ...paths.reverse(), [], [5]]) {
    const expected = path.reduce((node, child) => node.derive(child), root);
    expect(toHex(key.publicKeyAt(path))).toBe(toHex(expected.publicKey));
    expect(key.usePrivateKeyAt(path, toHex)).toBe(toHex(expected.privateKey as Uint8Array));
  }
});

test('branches that are kept are wiped when others take their place, and with the key', () => {
  const key = keyOf('alice');
  for (let branch = 0; branch < 6; branch += 1) key.publicKeyAt([branch, 0]);
  const fill = vi.spyOn(Uint8Array.prototype, 'fill');
  key.publicKeyAt([6, 0]);
  const forOne = fill.mock.contexts.length;
  key.publicKeyAt([6, 1]);
  const forNext = fill.mock.contexts.length - forOne;
  key.wipe();
  // Master and the four branches of last use: private key and chain code of each.
  expect(fill.mock.contexts.length - forOne - forNext).toBe(10);
  // The first use of the seventh branch wiped another, and the keys on the way to it.
  expect(forOne).toBeGreaterThanOrEqual(forNext + 4);
  for (const wiped of fill.mock.contexts) expect([...(wiped as Uint8Array)].every((byte) => byte === 0)).toBe(true);
  fill.mockRestore();
});
