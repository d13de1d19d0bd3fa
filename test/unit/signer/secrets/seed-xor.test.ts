import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeRandom } from '../../../../src/signer/secrets/random-source.ts';
import { joinSeedXor, splitSeedXor } from '../../../../src/signer/secrets/seed-xor.ts';
import { noise } from '../fixtures.ts';

const malformed = expect.objectContaining({ code: 'secret.malformed' });
const unfit = expect.objectContaining({ code: 'secret.parameters' });

test('parts lead back to the secret in any order; all but one say nothing of it', () => {
  fc.assert(fc.property(fc.constantFrom(16, 24, 32), fc.constantFrom(2, 3, 4), fc.nat(), fc.boolean(), (size, count, seed, deterministic) => {
    const entropy = noise(`xor ${seed}`, size);
    let calls = 0;
    const random = (length: number): Uint8Array => noise(`mask ${seed} ${(calls += 1)}`, length);
    const parts = splitSeedXor(entropy, count, deterministic ? 'deterministic' : random);
    expect(parts).toHaveLength(count);
    expect(joinSeedXor(parts.toReversed())).toEqual(entropy);
    if (count > 2) expect(joinSeedXor(parts.slice(1))).not.toEqual(entropy);
  }), { numRuns: 50 });
});

test('deterministic parts are double SHA-256 of COLDCARD\'s text, which another program can make again', () => {
  const entropy = noise('deterministic', 32);
  const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();
  const expected = [0, 1].map((index) => Uint8Array.from(sha256(sha256(Buffer.concat([Buffer.from('Batshitoshi '), entropy, Buffer.from(`${index} of 3 parts`)])))));
  expect(splitSeedXor(entropy, 3, 'deterministic').slice(0, 2)).toEqual(expected);
  const short = noise('short', 16);
  expect(splitSeedXor(short, 2, 'deterministic')[0]).toEqual(Uint8Array.from(sha256(sha256(Buffer.concat([Buffer.from('Batshitoshi '), short, Buffer.from('0 of 2 parts')])))).slice(0, 16));
});

test('other sizes and numbers of parts are refused', () => {
  for (const size of [0, 15, 20, 28, 33]) expect(() => splitSeedXor(noise('x', size), 2, 'deterministic')).toThrow(unfit);
  for (const count of [1, 5, 2.5]) expect(() => splitSeedXor(noise('x', 16), count, 'deterministic')).toThrow(unfit);
});

test('parts that cannot belong together are refused: too few or many, of two lengths, one twice, or that cancel out', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => noise(name, 16)) as [Uint8Array, Uint8Array, Uint8Array];
  expect(() => joinSeedXor([a])).toThrow(malformed);
  expect(() => joinSeedXor([])).toThrow(malformed);
  expect(() => joinSeedXor([a, b, c, noise('d', 16), noise('e', 16)])).toThrow(malformed);
  expect(() => joinSeedXor([a, noise('b', 32)])).toThrow(malformed);
  expect(() => joinSeedXor([a, b, Uint8Array.from(a)])).toThrow(malformed);
  expect(() => joinSeedXor([a, b, a.map((byte, index) => byte ^ (b[index] as number))])).toThrow(malformed);
});

test('a random source that is stuck or gives too little makes no parts', () => {
  const failed = expect.objectContaining({ code: 'entropy.source-failed' });
  expect(() => splitSeedXor(noise('x', 16), 2, (length) => new Uint8Array(length))).toThrow(failed);
  expect(() => splitSeedXor(noise('x', 16), 2, () => noise('x', 8))).toThrow(failed);
  expect(takeRandom((length) => noise('fine', length), 2)).toHaveLength(2);
});
