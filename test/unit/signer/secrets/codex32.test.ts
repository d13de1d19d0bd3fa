import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeForLength } from '../../../../src/signer/secrets/codex32/checksum.ts';
import { codex32OfSeed, deriveCodex32, formatCodex32, parseCodex32, partAt, recoverCodex32, seedOfCodex32, splitCodex32, type Codex32 } from '../../../../src/signer/secrets/codex32/codex32.ts';
import { correctCodex32 } from '../../../../src/signer/secrets/codex32/correction.ts';
import { noise } from '../fixtures.ts';

const randomOf = (name: string) => {
  let calls = 0;
  return (length: number): Uint8Array => noise(`${name} ${(calls += 1)}`, length);
};
const detailsOf = (run: () => unknown): Readonly<Record<string, unknown>> => {
  try {
    run();
  } catch (fault) {
    expect(fault).toMatchObject({ code: 'share.malformed' });
    return (fault as { details: Readonly<Record<string, unknown>> }).details;
  }
  return expect.unreachable();
};
const seed = noise('codex32', 16);
const text = formatCodex32(codex32OfSeed(seed, 'cash'));

test('a seed of 16 to 64 bytes is written and read back', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), (bytes) => {
    const length = 3 + 6 + Math.ceil((bytes.length * 8) / 5);
    const written = formatCodex32(codex32OfSeed(bytes, 'TEST'));
    expect(written).toHaveLength(length - 3 + 13 <= 93 ? length + 13 : length + 15);
    expect(seedOfCodex32(parseCodex32(written))).toEqual(bytes);
    expect(seedOfCodex32(parseCodex32(written.toLowerCase()))).toEqual(bytes);
  }));
});

test('any threshold of shares recovers, in any order; surplus shares must agree', () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(5), fc.nat(), fc.constantFrom(16, 32, 64), (threshold, more, salt, size) => {
    const secret = noise(`secret ${salt}`, size);
    const shares = splitCodex32(secret, { identifier: 'qp0z', threshold, count: threshold + more }, randomOf(`shares ${salt}`));
    expect(new Set(shares.map(({ index }) => index)).size).toBe(threshold + more);
    const read = shares.map((share) => parseCodex32(formatCodex32(share)));
    expect(seedOfCodex32(recoverCodex32(read.toReversed().slice(0, threshold)))).toEqual(secret);
    expect(seedOfCodex32(recoverCodex32(read))).toEqual(secret);
    expect(() => recoverCodex32(read.slice(0, threshold - 1))).toThrow(expect.objectContaining({ code: 'share.too-few', details: expect.objectContaining({ have: threshold - 1, need: threshold }) }));
  }), { numRuns: 30 });
});

test('31 shares are the most', () => {
  const shares = splitCodex32(seed, { identifier: 'cash', threshold: 2, count: 31 }, randomOf('many'));
  expect(shares.map(({ index }) => index).join('')).toBe('acdefghjklmnpqrtuvwxyz023456789');
  expect(seedOfCodex32(recoverCodex32(shares.slice(29)))).toEqual(seed);
});

test('shares that do not belong together are refused', () => {
  const mismatch = expect.objectContaining({ code: 'share.mismatch' });
  const [a, b, c] = splitCodex32(seed, { identifier: 'cash', threshold: 2, count: 3 }, randomOf('one')) as unknown as [Codex32, Codex32, Codex32];
  expect(() => recoverCodex32([a, a])).toThrow(mismatch);
  expect(() => recoverCodex32([a, { ...b, identifier: 'test' }])).toThrow(mismatch);
  expect(() => recoverCodex32([a, { ...b, threshold: 3 }])).toThrow(mismatch);
  expect(() => recoverCodex32([a, { ...b, payload: b.payload.slice(1) }])).toThrow(mismatch);
  expect(() => recoverCodex32([a, b, { ...c, payload: c.payload.with(3, (c.payload[3] as number) ^ 1) }])).toThrow(mismatch);
  expect(() => deriveCodex32([codex32OfSeed(seed, 'cash')], 'a')).toThrow(mismatch);
  expect(() => recoverCodex32([])).toThrow(expect.objectContaining({ code: 'share.too-few' }));
});

test('a share alone is no seed', () => {
  const [a] = splitCodex32(seed, { identifier: 'cash', threshold: 2, count: 3 }, randomOf('one')) as [Codex32];
  expect(() => seedOfCodex32(a)).toThrow(expect.objectContaining({ code: 'share.too-few' }));
});

test.each([
  [{ identifier: 'cash', threshold: 1, count: 2 }], [{ identifier: 'cash', threshold: 10, count: 12 }], [{ identifier: 'cash', threshold: 0, count: 2 }],
  [{ identifier: 'cash', threshold: 3, count: 2 }], [{ identifier: 'cash', threshold: 2, count: 32 }], [{ identifier: 'cas', threshold: 2, count: 2 }], [{ identifier: 'boil', threshold: 2, count: 2 }],
])('a plan that the standard does not allow is refused: %o', (plan) => {
  expect(() => splitCodex32(seed, plan, randomOf('x'))).toThrow(expect.objectContaining({ code: 'secret.parameters' }));
});

test('seeds of another size are refused', () => {
  for (const size of [0, 15, 65]) expect(() => codex32OfSeed(new Uint8Array(size), 'cash')).toThrow(expect.objectContaining({ code: 'secret.parameters' }));
});

test('a mistake is told by its part', () => {
  expect(detailsOf(() => parseCodex32(text.replace('MS1', 'MZ1')))).toMatchObject({ part: 'prefix' });
  expect(detailsOf(() => parseCodex32(text.replace('MS10', 'MS1A')))).toMatchObject({ part: 'threshold' });
  expect(detailsOf(() => parseCodex32(text.replace('CASH', 'CASB')))).toMatchObject({ part: 'identifier', positions: '8' });
  expect(detailsOf(() => parseCodex32(text.replace('CASHS', 'CASHA')))).toMatchObject({ part: 'index' });
  expect(detailsOf(() => parseCodex32(`${text.slice(0, 20)}!${text.slice(21, 30)}?${text.slice(31)}`))).toMatchObject({ part: 'payload', positions: '21, 31' });
  expect(detailsOf(() => parseCodex32(`${text.slice(0, -1)}b`.toUpperCase()))).toMatchObject({ part: 'checksum' });
  expect(detailsOf(() => parseCodex32(text.replace('H', 'h')))).toMatchObject({ reason: 'it mixes capital and small letters' });
  expect(detailsOf(() => parseCodex32(text.slice(0, -1)))).toMatchObject({ given: 47 });
});

test('every character of a string is in one part', () => {
  expect(Array.from({ length: 48 }, (_, position) => partAt(position, 48)).join(' ')).toBe(
    ['prefix', 'prefix', 'prefix', 'threshold', ...new Array(4).fill('identifier'), 'index', ...new Array(26).fill('payload'), ...new Array(13).fill('checksum')].join(' '));
});

test('94 and 95 values have neither checksum', () => {
  expect([93, 94, 95, 96, 124, 125].map((length) => codeForLength(length)?.length ?? null)).toEqual([13, null, null, 15, 15, null]);
});

const ALPHABET = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L';
/** Other characters at some places, chosen by chance that is the same in every run. */
function damage(given: string, count: number, name: string, to?: string): { damaged: string; places: number[] } {
  const places = [...new Set(Array.from(noise(name, 200), (byte) => 9 + (byte % (given.length - 9))))].slice(0, count).sort((a, b) => a - b);
  const characters = [...given];
  for (const [index, place] of places.entries()) {
    const step = 1 + ((noise(`${name} step`, 200)[index] as number) % 31);
    characters[place] = to ?? ALPHABET.charAt((ALPHABET.indexOf(given.charAt(place)) + step) % 32);
  }
  return { damaged: characters.join(''), places };
}

test.each([1, 2, 3, 4])('%i wrong characters in a string for 16 bytes are found and named', (count) => {
  const { damaged, places } = damage(text, count, `wrong ${count}`);
  expect(() => parseCodex32(damaged)).toThrow();
  const correction = correctCodex32(damaged);
  expect(correction?.text).toBe(text);
  expect(correction?.changes.map(({ position }) => position - 1)).toEqual(places);
  expect(correction?.changes.map(({ to }) => to)).toEqual(places.map((place) => text.charAt(place)));
});

test.each([1, 5, 8])('%i unreadable characters are filled in', (count) => {
  const { damaged } = damage(text, count, `unreadable ${count}`, '?');
  expect(correctCodex32(damaged)?.text).toBe(text);
});

test.each([[32, 4], [64, 3]])('a string for %i bytes: %i wrong characters, or eight unreadable ones', (size, count) => {
  const long = formatCodex32(codex32OfSeed(noise('long', size), 'qqqq'));
  expect(correctCodex32(damage(long, count, 'long wrong').damaged)?.text).toBe(long);
  expect(correctCodex32(damage(long, 8, 'long unreadable', '?').damaged)?.text).toBe(long);
});

test('what is beyond the code is not guessed at', () => {
  expect(correctCodex32(damage(text, 9, 'nine', '?').damaged)).toBeNull();
  expect(correctCodex32(text.slice(0, -1))).toBeNull();
  expect(correctCodex32('hello')).toBeNull();
  const five = correctCodex32(damage(text, 5, 'five').damaged);
  expect(five?.text).not.toBe(text);
});
