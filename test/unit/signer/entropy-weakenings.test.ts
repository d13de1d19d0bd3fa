import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { utf8 } from '../../../src/domain/bytes.ts';
import { encryptAgeFile } from '../../../src/node/signer/age-passphrase.ts';
import { readSystemEntropy } from '../../../src/node/signer/system-entropy.ts';
import { makeKeyEntropy } from '../../../src/signer/entropy/key-entropy.ts';
import { mixEntropy } from '../../../src/signer/entropy/mix.ts';
import { requireHealthy } from '../../../src/signer/entropy/system-entropy.ts';
import { brokenSources, faultsOfMixer, missedByHealthCheck, repeatedInAgeFiles } from './entropy-checks.ts';
import { diceText, noise } from './fixtures.ts';

/** Weakenings that are planted, and the checks that catch them. NFC for NFKD is planted in test/conformance. */

// The runtime's generator as the age files' writer sees it; a test may put another one in its place.
const planted = vi.hoisted(() => ({ randomBytes: null as ((length: number) => Uint8Array) | null }));
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  const draw = (length: number): Uint8Array => planted.randomBytes?.(length) ?? real.randomBytes(length);
  return { ...real, randomBytes: draw, default: { ...real, randomBytes: draw } };
});
beforeEach(() => {
  planted.randomBytes = null;
});

describe('a counter in the place of the system\'s source', () => {
  test('the health check lets none of the broken sources through, and no good one stops it', () => {
    expect(missedByHealthCheck(requireHealthy)).toEqual([]);
  });

  test('planted: a health check that looks for repeats alone misses the counters, and is found out', () => {
    const missed = missedByHealthCheck((readings) => {
      if (readings.some(({ first, second }) => first.every((byte, place) => byte === second[place]))) requireHealthy([]);
      return [];
    });
    expect(missed).toEqual(expect.arrayContaining(['a counter of bytes, as kernel', 'a counter of 4-byte words, little-endian, as runtime', 'a congruential generator of 64 bits, little-endian, as runtime']));
    expect(missedByHealthCheck(() => requireHealthy([]))).toEqual(['refuses chance']);
  });

  test.each(Object.keys(brokenSources))('planted as the generator of this machine: %s makes no key', async (name) => {
    const read = (brokenSources[name] as (typeof brokenSources)[string])();
    const make = async (): Promise<unknown> =>
      makeKeyEntropy({ words: 24, mode: 'mixed', dice: diceText(99), coins: '', cards: '', typed: '' }, await readSystemEntropy({ platform: process.platform, kernelDevice: '/dev/urandom', fill: (bytes) => bytes.set(read()) }, new Set()));
    await expect(make()).rejects.toThrow(expect.objectContaining({ code: 'entropy.source-failed' }));
  });

  test('planted: a generator that begins anew with every key, though each reading is healthy alone', async () => {
    const seen = new Set<string>();
    const readAnew = () => {
      let call = 0;
      return readSystemEntropy({ platform: 'win32', kernelDevice: '', fill: (bytes) => bytes.set(noise(`call ${(call += 1)}`, 64)) }, seen);
    };
    expect(requireHealthy(await readAnew())).toContain('runtime/repeated');
    await expect(readAnew()).rejects.toThrow(expect.objectContaining({ code: 'entropy.source-failed', details: { source: 'runtime', reason: 'repeated' } }));
  });
});

describe('a mixer that drops a die', () => {
  test('every byte of every source decides the key, and Node\'s own HKDF makes the same one', () => {
    expect(faultsOfMixer(mixEntropy)).toEqual([]);
  });

  test('planted: the first die is dropped', () => {
    const faults = faultsOfMixer((words, system, user) => mixEntropy(words, system, user.map((each) => (each.source === 'dice' ? { ...each, content: each.content.subarray(1) } : each))));
    expect(faults).toEqual(['takes no notice of dice[0]', 'is not the HKDF that is documented, for 12 words', 'is not the HKDF that is documented, for 24 words']);
  });

  test('planted: the second system reading is forgotten', () => {
    const faults = faultsOfMixer((words, system, user) => mixEntropy(words, system.map((each) => ({ ...each, second: new Uint8Array(64) })), user));
    expect(faults).toEqual(expect.arrayContaining(['takes no notice of runtime/2[0]', 'takes no notice of kernel/2[63]']));
  });

  test('planted: the sources in another order', () => {
    expect(faultsOfMixer((words, system, user) => mixEntropy(words, [...system].reverse(), user))).toEqual(['is not the HKDF that is documented, for 12 words', 'is not the HKDF that is documented, for 24 words']);
  });
});

describe('a constant salt in key files', () => {
  // The least work that scrypt does: what is drawn is judged here, not how dear a guess is.
  const encrypt = (plaintext: Uint8Array, passphrase: string): Promise<Uint8Array> => encryptAgeFile(plaintext, passphrase, 1);

  test('two files of one key and passphrase have nothing in common', async () => {
    expect(await repeatedInAgeFiles(encrypt)).toEqual([]);
  });

  test('planted: a generator that always gives the same salt', async () => {
    planted.randomBytes = (length) => utf8('salt'.repeat(length)).slice(0, length);
    expect(randomBytes(16)).toEqual(randomBytes(16));
    expect(await repeatedInAgeFiles(encrypt)).toEqual(['salt']);
  });

  test('planted: a file that is written twice', async () => {
    const file = await encrypt(new Uint8Array(64).fill(7), 'correct horse battery');
    expect(await repeatedInAgeFiles(() => Promise.resolve(file))).toEqual(['salt', 'wrappedFileKey', 'payloadNonce', 'payload']);
  });
});
