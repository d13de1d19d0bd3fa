import { expect, test } from 'vitest';
import { codex32OfSeed, formatCodex32, splitCodex32 } from '../../../../src/signer/secrets/codex32/codex32.ts';
import { describeShares } from '../../../../src/signer/secrets/share-set.ts';
import { splitSlip39 } from '../../../../src/signer/secrets/slip39/slip39.ts';
import { noise } from '../fixtures.ts';
import { nativeSlowHashes } from './native-slow-hashes.ts';

const randomOf = (name: string) => {
  let calls = 0;
  return (length: number): Uint8Array => noise(`${name} ${(calls += 1)}`, length);
};
const seed = noise('share set', 16);
const slip39 = (groups: readonly { readonly threshold: number; readonly count: number }[], groupThreshold = 1, of = 'set') =>
  splitSlip39(seed, { groupThreshold, groups, passphrase: '', iterationExponent: 0, extendable: true }, randomOf(of), nativeSlowHashes);
const code = (code: string) => expect.objectContaining({ code });

test('SLIP-39 shares: the set says how many it has and needs, and recovers nothing', async () => {
  const [shares] = (await slip39([{ threshold: 3, count: 5 }])) as [readonly string[]];
  const two = describeShares([shares[4] as string, shares[1] as string]);
  expect(two).toMatchObject({ form: 'slip39', shares: [{ group: 1, share: '5' }, { group: 1, share: '2' }], groups: [{ group: 1, have: 2, need: 3 }], groupsComplete: 0, groupsNeeded: 1, isComplete: false });
  expect(two.identifier).toMatch(/^\d{1,5}$/);
  expect(describeShares(shares.slice(0, 3)).isComplete).toBe(true);
  expect(JSON.stringify(describeShares(shares))).not.toMatch(new RegExp((shares[0] as string).split(' ').slice(4, 8).join('|')));
});

test('SLIP-39 groups: each is counted for itself, in the order of their numbers', async () => {
  const [one, two] = (await slip39([{ threshold: 2, count: 3 }, { threshold: 1, count: 1 }], 2)) as [readonly string[], readonly string[]];
  expect(describeShares([two[0] as string, one[2] as string])).toMatchObject({ groups: [{ group: 1, have: 1, need: 2 }, { group: 2, have: 1, need: 1 }], groupsComplete: 1, groupsNeeded: 2, isComplete: false });
  expect(describeShares([two[0] as string, one[2] as string, one[0] as string])).toMatchObject({ groupsComplete: 2, isComplete: true });
});

test('codex32 shares are counted towards their threshold; the secret itself needs no other', () => {
  const shares = splitCodex32(seed, { identifier: 'test', threshold: 2, count: 3 }, randomOf('codex')).map(formatCodex32);
  expect(describeShares(shares.slice(0, 1))).toEqual({ form: 'codex32', identifier: 'test', shares: [{ group: 1, share: 'a' }], groups: [{ group: 1, have: 1, need: 2 }], groupsComplete: 0, groupsNeeded: 1, isComplete: false });
  expect(describeShares(shares.slice(1)).isComplete).toBe(true);
  expect(describeShares([formatCodex32(codex32OfSeed(seed, 'test'))])).toMatchObject({ shares: [{ share: 's' }], isComplete: true });
});

test('a share of another set, one given twice, two forms, and no share at all are refused by name', async () => {
  const [first] = (await slip39([{ threshold: 2, count: 3 }])) as [readonly string[]];
  const [other] = (await slip39([{ threshold: 2, count: 3 }], 1, 'other set')) as [readonly string[]];
  const codex = formatCodex32(codex32OfSeed(seed, 'test', 2));
  expect(() => describeShares([first[0] as string, other[1] as string])).toThrow(code('share.mismatch'));
  expect(() => describeShares([first[0] as string, first[0] as string])).toThrow(code('share.mismatch'));
  expect(() => describeShares([first[0] as string, codex])).toThrow(code('share.mismatch'));
  expect(() => describeShares([codex, codex])).toThrow(code('share.mismatch'));
  expect(() => describeShares([])).toThrow(code('share.too-few'));
});

test('a share with a wrong word is refused, and the error does not hold a word of it', async () => {
  const [shares] = (await slip39([{ threshold: 2, count: 2 }])) as [readonly string[]];
  const words = (shares[0] as string).split(' ');
  expect(() => describeShares([[...words.slice(0, -1), 'academic', 'acid'].join(' ')])).toThrow(code('share.malformed'));
  const wrong = words.with(5, words[5] === 'academic' ? 'acid' : 'academic').join(' ');
  expect(() => describeShares([wrong])).toThrow(expect.objectContaining({ code: 'share.malformed', message: expect.not.stringContaining(words[4] as string) }));
});
