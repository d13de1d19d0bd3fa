import { expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import type { NetworkName } from '../../../src/domain/network.ts';
import { nodeSlowHashes } from '../../../src/node/signer/slow-hashes.ts';
import { masterKeyOfKept, seedOfKept, type KeptSecret } from '../../../src/signer/kept-secret.ts';
import { openSigningKey } from '../../../src/signer/key-file.ts';
import { parseMnemonic } from '../../../src/signer/mnemonic.ts';
import { masterKeyOf } from '../../../src/signer/private-derivation.ts';
import { parseCodex32, recoverCodex32, seedOfCodex32 } from '../../../src/signer/secrets/codex32/codex32.ts';
import { joinSeedXor } from '../../../src/signer/secrets/seed-xor.ts';
import { recoverSlip39 } from '../../../src/signer/secrets/slip39/slip39.ts';
import { someSubsets } from '../../../src/signer/share-subsets.ts';
import { splitKey, type SharePlan, type SplitDeps } from '../../../src/signer/shares.ts';
import { SigningKey } from '../../../src/signer/signing-key.ts';
import { mnemonics, noise } from './fixtures.ts';

const slow = nodeSlowHashes();
let draws = 0;
const deps = (changed: Partial<SplitDeps> = {}): SplitDeps => ({ slow, random: (length) => noise(`split ${(draws += 1)}`, length), pause: () => Promise.resolve(), ...changed });
const mnemonic = (bip39Passphrase = ''): KeptSecret => ({ kind: 'mnemonic', language: 'english', entropy: parseMnemonic(mnemonics.bob), bip39Passphrase });
const split = (secret: KeptSecret, plan: SharePlan, changed: Partial<SplitDeps> = {}, network: NetworkName = 'regtest') => splitKey(secret, openSigningKey({ secret, network }), plan, deps(changed));
const seedOf = (secret: KeptSecret): string => toHex(seedOfKept(secret as Exclude<KeptSecret, { kind: 'master-key' }>));
const threeOfFive = { scheme: 'codex32', threshold: 3, count: 5 } as const;

test('SLIP-39 shares are of the 64-byte seed, and any threshold of them leads back to it', async () => {
  const secret = mnemonic('a BIP39 passphrase');
  const shares = await split(secret, { scheme: 'slip39', groupThreshold: 1, groups: [{ threshold: 2, count: 3 }], passphrase: '' });
  expect(shares.map(({ share, threshold, total, groups, passphrase }) => [share, threshold, total, groups, passphrase])).toEqual([['1', 2, 3, null, 'none'], ['2', 2, 3, null, 'none'], ['3', 2, 3, null, 'none']]);
  for (const { text } of shares) expect(text.split(' ')).toHaveLength(59);
  expect(new Set(shares.map(({ identifier }) => identifier)).size).toBe(1);
  for (const pair of someSubsets(shares.map(({ text }) => text), 2)) expect(toHex(await recoverSlip39(pair, '', slow))).toBe(seedOf(secret));
});

test('SLIP-39 groups say of which group a share is, and how many groups are needed', async () => {
  const secret = mnemonic();
  const shares = await split(secret, { scheme: 'slip39', groupThreshold: 2, groups: [{ threshold: 1, count: 1 }, { threshold: 2, count: 3 }, { threshold: 2, count: 2 }], passphrase: 'with a passphrase' });
  expect(shares.map(({ share }) => share)).toEqual(['group 1, share 1', 'group 2, share 1', 'group 2, share 2', 'group 2, share 3', 'group 3, share 1', 'group 3, share 2']);
  expect(shares.map(({ threshold, total }) => `${threshold} of ${total}`)).toEqual(['1 of 1', '2 of 3', '2 of 3', '2 of 3', '2 of 2', '2 of 2']);
  expect(shares[0]).toMatchObject({ groups: { threshold: 2, total: 3 }, passphrase: 'slip39' });
  const texts = shares.map(({ text }) => text);
  expect(toHex(await recoverSlip39([texts[0], texts[2], texts[3]] as string[], 'with a passphrase', slow))).toBe(seedOf(secret));
});

test('codex32 shares are of the seed, any threshold of them lead back to it, and two divisions are told apart', async () => {
  const secret = mnemonic();
  const [shares, again] = [await split(secret, threeOfFive), await split(secret, threeOfFive)];
  expect(shares.map(({ share, threshold, total }) => [share, threshold, total])).toEqual([['A', 3, 5], ['C', 3, 5], ['D', 3, 5], ['E', 3, 5], ['F', 3, 5]]);
  expect(shares[0]?.text).toMatch(/^MS13[02-9AC-HJ-NP-Z]{123}$/);
  for (const chosen of someSubsets(shares, 3)) expect(toHex(seedOfCodex32(recoverCodex32(chosen.map(({ text }) => parseCodex32(text)))))).toBe(seedOf(secret));
  expect(shares[0]?.identifier).toMatch(/^[02-9AC-HJ-NP-Z]{4}$/);
  expect(shares[0]?.text.slice(4, 8)).toBe(shares[0]?.identifier);
  expect(again[0]?.identifier).not.toBe(shares[0]?.identifier);
});

test('a key that came as a seed is divided as that seed', async () => {
  const secret: KeptSecret = { kind: 'seed', seed: noise('short seed', 16), from: 'codex32' };
  const shares = await split(secret, { scheme: 'codex32', threshold: 2, count: 2 });
  expect(shares[0]?.text).toHaveLength(48);
  expect(toHex(seedOfCodex32(recoverCodex32(shares.map(({ text }) => parseCodex32(text)))))).toBe(toHex(noise('short seed', 16)));
});

test('Seed XOR parts are mnemonics, all of them lead back, and a BIP39 passphrase is said to be needed', async () => {
  const secret = mnemonic('a BIP39 passphrase');
  const parts = await split(secret, { scheme: 'seed-xor', parts: 3 });
  expect(parts.map(({ share, threshold, total, identifier, passphrase }) => [share, threshold, total, identifier, passphrase])).toEqual([['1', 3, 3, '', 'bip39'], ['2', 3, 3, '', 'bip39'], ['3', 3, 3, '', 'bip39']]);
  expect(toHex(joinSeedXor(parts.map(({ text }) => parseMnemonic(text))))).toBe(toHex(parseMnemonic(mnemonics.bob)));
});

test.each([
  ['a master key by SLIP-39', { kind: 'master-key', key: masterKeyOf(noise('m', 32)) }, { scheme: 'slip39', groupThreshold: 1, groups: [{ threshold: 2, count: 2 }], passphrase: '' }],
  ['a master key by codex32', { kind: 'master-key', key: masterKeyOf(noise('m', 32)) }, threeOfFive],
  ['a seed by Seed XOR', { kind: 'seed', seed: noise('s', 32), from: 'slip39' }, { scheme: 'seed-xor', parts: 2 }],
  ['a French mnemonic by Seed XOR', { kind: 'mnemonic', language: 'french', entropy: new Uint8Array(16), bip39Passphrase: '' }, { scheme: 'seed-xor', parts: 2 }],
] as const satisfies readonly (readonly [string, KeptSecret, SharePlan])[])('%s is refused by name', async (_name, secret, plan) => {
  await expect(split(secret, plan)).rejects.toThrow(expect.objectContaining({ code: 'secret.not-divisible', details: expect.objectContaining({ scheme: plan.scheme }) }));
});

test.each([
  ['a group of which one of three suffices', { scheme: 'slip39', groupThreshold: 1, groups: [{ threshold: 1, count: 3 }], passphrase: '' }],
  ['more groups than there are', { scheme: 'slip39', groupThreshold: 2, groups: [{ threshold: 2, count: 3 }], passphrase: '' }],
  ['fewer codex32 shares than are needed', { scheme: 'codex32', threshold: 4, count: 3 }],
  ['five Seed XOR parts', { scheme: 'seed-xor', parts: 5 }],
] as const satisfies readonly (readonly [string, SharePlan])[])('%s cannot be made', async (_name, plan) => {
  await expect(split(mnemonic(), plan)).rejects.toThrow(expect.objectContaining({ code: 'secret.parameters' }));
});

test('shares that would lead to another key than the one they are made for do not leave', async () => {
  const [secret, other] = [mnemonic(), SigningKey.fromSeed(noise('another key', 64), 'regtest')];
  for (const plan of [{ scheme: 'slip39', groupThreshold: 1, groups: [{ threshold: 2, count: 2 }], passphrase: '' }, threeOfFive, { scheme: 'seed-xor', parts: 2 }] as const) {
    await expect(splitKey(secret, other, plan, deps())).rejects.toThrow(expect.objectContaining({ code: 'share.mismatch' }));
  }
});

test('a person who gives up between two recoveries stops it', async () => {
  let turns = 0;
  const pause = (): Promise<void> => ((turns += 1) === 3 ? Promise.reject(new Error('stopped')) : Promise.resolve());
  await expect(split(mnemonic(), threeOfFive, { pause })).rejects.toThrow('stopped');
});

test('the fingerprint is the same whatever network the key is for', async () => {
  const secret = mnemonic();
  const master = masterKeyOfKept(secret);
  expect(await split(secret, { scheme: 'seed-xor', parts: 2 }, {}, 'mainnet')).toHaveLength(2);
  expect(SigningKey.fromMaster(master, 'mainnet').fingerprint).toBe(SigningKey.fromMaster(master, 'regtest').fingerprint);
});

test('few sets are all taken; of many, each item is in as many as are needed', () => {
  expect(someSubsets(['a', 'b', 'c'], 2)).toEqual([['a', 'b'], ['a', 'c'], ['b', 'c']]);
  expect(someSubsets(['a', 'b', 'c'], 3)).toEqual([['a', 'b', 'c']]);
  expect(someSubsets([1, 2, 3, 4, 5, 6, 7], 3)).toHaveLength(35);
  const windows = someSubsets(Array.from({ length: 31 }, (_, index) => index), 9);
  expect(windows).toHaveLength(31);
  expect(windows.at(-1)).toEqual([30, 0, 1, 2, 3, 4, 5, 6, 7]);
});
