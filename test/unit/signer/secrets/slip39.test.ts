import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpolate, multiply } from '../../../../src/signer/secrets/slip39/field256.ts';
import { formatSlip39Share, parseSlip39Share, repairSlip39Word } from '../../../../src/signer/secrets/slip39/share.ts';
import { recoverSlip39, splitSlip39, type SplitPlan } from '../../../../src/signer/secrets/slip39/slip39.ts';
import { slip39Words } from '../../../../src/signer/secrets/slip39/words.ts';
import { noise } from '../fixtures.ts';
import { nativeSlowHashes } from './native-slow-hashes.ts';

const plan: SplitPlan = { groupThreshold: 2, groups: [{ threshold: 1, count: 1 }, { threshold: 2, count: 3 }, { threshold: 3, count: 5 }], passphrase: 'TREZOR', iterationExponent: 0, extendable: true };
const randomOf = (name: string) => {
  let calls = 0;
  return (length: number): Uint8Array => noise(`${name} ${(calls += 1)}`, length);
};
const secret = noise('slip39 secret', 16);
const split = (changes: Partial<SplitPlan> = {}, of = secret) => splitSlip39(of, { ...plan, ...changes }, randomOf('split'), nativeSlowHashes);
const recover = (shares: readonly string[], passphrase = 'TREZOR') => recoverSlip39(shares, passphrase, nativeSlowHashes);

test('the word list is the standard\'s: 1,024 words in order, 4 to 8 letters, told apart by four, with its checksum', () => {
  expect(slip39Words).toHaveLength(1024);
  expect(slip39Words).toEqual([...slip39Words].sort());
  expect(slip39Words.every((word) => /^[a-z]{4,8}$/.test(word))).toBe(true);
  expect(new Set(slip39Words.map((word) => word.slice(0, 4))).size).toBe(1024);
  expect(createHash('sha256').update(`${slip39Words.join('\n')}\n`).digest('hex')).toBe('bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3');
});

test('multiplication in GF(256) is that of AES', () => {
  expect(multiply(0x57, 0x83)).toBe(0xc1);
  expect(multiply(0x57, 0x13)).toBe(0xfe);
  fc.assert(fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c) => {
    expect(multiply(a, b)).toBe(multiply(b, a));
    expect(multiply(a, b ^ c)).toBe(multiply(a, b) ^ multiply(a, c));
    expect(multiply(a, 1)).toBe(a);
  }));
});

test('interpolation goes through the points that it is given', () => {
  const points = [0, 3, 7, 255].map((x) => ({ x, y: noise(`point ${x}`, 5) }));
  for (const { x, y } of points) expect(interpolate(points, x)).toEqual(y);
});

test('any threshold of groups and members recovers, in any order; surplus shares do no harm', async () => {
  const [[alone], three, five] = (await split()) as unknown as [[string], [string, string, string], [string, string, string, string, string]];
  for (const shares of [[alone, three[2], three[0]], [five[4], alone, five[1], five[0]], [...three.slice(1), ...five.slice(2)], [alone, ...three, ...five]]) {
    expect(await recover(shares)).toEqual(secret);
  }
  expect(await recover([alone, three[0], three[1], five[0]])).toEqual(secret);
});

test.each([[16, true], [16, false], [18, true], [22, true], [32, false], [64, true]] as const)('%i bytes are split and recovered, extendable %s', async (size, extendable) => {
  const given = noise('sizes', size);
  const shares = await split({ groupThreshold: 1, groups: [{ threshold: 2, count: 2 }], extendable, iterationExponent: 1 }, given);
  expect(await recover(shares.flat())).toEqual(given);
  expect(given).toEqual(noise('sizes', size));
});

test('another passphrase is another secret, without a word', async () => {
  const shares = (await split({ groupThreshold: 1, groups: [{ threshold: 1, count: 1 }] })).flat();
  expect(await recover(shares, 'other')).not.toEqual(secret);
});

test('too few shares are told with what is missing', async () => {
  const [[alone], three] = (await split()) as unknown as [[string], [string, string, string]];
  await expect(recover([])).rejects.toMatchObject({ code: 'share.too-few' });
  await expect(recover([alone])).rejects.toMatchObject({ code: 'share.too-few', details: { groupsComplete: 1, groupsNeeded: 2 } });
  await expect(recover([alone, three[0]])).rejects.toMatchObject({ code: 'share.too-few', details: { have: 1, need: 2, group: 2, groupsComplete: 1, groupsNeeded: 2 } });
});

test('shares of another set, given twice, or that contradict the rest are refused', async () => {
  const one = (await split({ groupThreshold: 1, groups: [{ threshold: 2, count: 3 }] })).flat() as [string, string, string];
  const other = (await splitSlip39(secret, { ...plan, groupThreshold: 1, groups: [{ threshold: 2, count: 3 }] }, randomOf('other'), nativeSlowHashes)).flat() as [string, string, string];
  const mismatch = { code: 'share.mismatch' };
  await expect(recover([one[0], other[1]])).rejects.toMatchObject(mismatch);
  await expect(recover([one[0], one[0]])).rejects.toMatchObject(mismatch);
  const third = parseSlip39Share(one[2]);
  const forged = formatSlip39Share({ ...third, value: third.value.with(0, (third.value[0] as number) ^ 1) });
  await expect(recover([one[0], forged])).rejects.toMatchObject(mismatch);
  await expect(recover([one[0], one[1], forged])).rejects.toMatchObject(mismatch);
  await expect(recover([one[0], formatSlip39Share({ ...third, memberThreshold: 3 })])).rejects.toMatchObject(mismatch);
  await expect(recover([one[0], formatSlip39Share({ ...third, value: noise('long', 32) })])).rejects.toMatchObject(mismatch);
});

test.each<[string, Partial<SplitPlan>, number]>([
  ['too short a secret', {}, 14], ['an odd secret', {}, 17], ['too long a secret', {}, 66],
  ['more groups needed than there are', { groupThreshold: 4 }, 16], ['no group', { groupThreshold: 1, groups: [] }, 16],
  ['seventeen groups', { groups: Array.from({ length: 17 }, () => ({ threshold: 1, count: 1 })) }, 16],
  ['more members needed than there are', { groupThreshold: 1, groups: [{ threshold: 3, count: 2 }] }, 16],
  ['seventeen members', { groupThreshold: 1, groups: [{ threshold: 2, count: 17 }] }, 16],
  ['one of several members', { groupThreshold: 1, groups: [{ threshold: 1, count: 2 }] }, 16],
  ['an exponent of 16', { iterationExponent: 16 }, 16],
])('%s is refused before anything is split', async (_, changes, size) => {
  await expect(split(changes, noise('x', size))).rejects.toMatchObject({ code: 'secret.parameters' });
});

test('a passphrase beyond printable ASCII is refused both ways', async () => {
  await expect(split({ passphrase: 'pässword' })).rejects.toMatchObject({ code: 'secret.passphrase-unfit' });
  await expect(recover([], 'tab\there')).rejects.toMatchObject({ code: 'secret.passphrase-unfit' });
});

test('one wrong or unreadable word is found, whichever it is; two are not guessed at', async () => {
  const [[share]] = (await split({ groupThreshold: 1, groups: [{ threshold: 1, count: 1 }] })) as unknown as [[string]];
  const words = share.split(' ');
  expect(repairSlip39Word(share)).toBeNull();
  for (const index of words.keys()) {
    const wrong = words.with(index, words[index] === 'zero' ? 'academic' : 'zero');
    expect(() => parseSlip39Share(wrong.join(' '))).toThrow(expect.objectContaining({ code: 'share.malformed' }));
    if (index % 6 === 0) expect(repairSlip39Word(wrong.join(' '))).toEqual({ position: index + 1, word: words[index] });
  }
  expect(repairSlip39Word(words.with(3, 'smudge?').join(' '))).toEqual({ position: 4, word: words[3] });
  expect(repairSlip39Word(words.with(3, '?').with(4, '?').join(' '))).toBeNull();
  expect(repairSlip39Word('academic')).toBeNull();
});

test('a malformed share names positions and none of its words', async () => {
  const [[share]] = (await split({ groupThreshold: 1, groups: [{ threshold: 1, count: 1 }] })) as unknown as [[string]];
  try {
    parseSlip39Share(share.split(' ').with(1, 'nonsense').with(7, 'rubbish').join(' '));
    expect.unreachable();
  } catch (fault) {
    const { code, message, details, hint } = fault as { code: string; message: string; details: { positions: string }; hint: string };
    expect([code, details.positions]).toEqual(['share.malformed', '2, 8']);
    expect(`${message} ${JSON.stringify(details)} ${hint}`.split(/\W+/).filter((word) => share.split(' ').includes(word) || /nonsense|rubbish/.test(word))).toEqual([]);
  }
  for (const words of [19, 60]) expect(() => parseSlip39Share(new Array(words).fill('academic').join(' '))).toThrow(expect.objectContaining({ code: 'share.malformed' }));
});
