import { describe, expect, test } from 'vitest';
import { createKeyHashAccount } from '../../../src/companion/practice/key-hash-account.ts';
import { toHex } from '../../../src/domain/bytes.ts';
import { createPracticeKeys } from '../../../src/practice/practice-keys.ts';
import { formatSeedFile, parseSeedFile } from '../../../src/practice/practice-seed.ts';
import { verify } from '../../../src/wallet/secp256k1-public.ts';
import { parseKeyRecord } from '../../../src/wallet/key-record.ts';

const seed = new Uint8Array(32).fill(7);
const keys = createPracticeKeys(seed);

describe('the practice node\'s keys', () => {
  test('its records are accounts 0 and 1 of BIP84 on the test chains', () => {
    expect(parseKeyRecord(keys.record('hot')).path).toEqual([0x8000_0054, 0x8000_0001, 0x8000_0000]);
    expect(parseKeyRecord(keys.record('faucet')).path).toEqual([0x8000_0054, 0x8000_0001, 0x8000_0001]);
    expect(parseKeyRecord(keys.record('hot')).realm).toBe('test');
  });

  test.each([[0, 0], [0, 19], [1, 3]] as const)('the public account derives what the private one signs for (%i/%i)', (branch, index) => {
    for (const account of ['hot', 'faucet'] as const) {
      const derived = createKeyHashAccount(parseKeyRecord(keys.record(account)), 'practice').derive(branch, index);
      const key = keys.key(account, branch, index);
      expect(toHex(key.publicKey)).toBe(toHex(derived.publicKey));
      const hash = new Uint8Array(32).fill(index + 1);
      const signature = key.sign(hash);
      expect(verify(hash, derived.publicKey, signature, true)).toBe(true);
      expect(signature[0]).toBeLessThan(0x80);
    }
  });

  test('another seed gives other keys', () => {
    expect(createPracticeKeys(new Uint8Array(32).fill(8)).record('hot')).not.toBe(keys.record('hot'));
  });
});

test('a seed file says what it is and reads back', () => {
  const text = formatSeedFile(seed);
  expect(text).toContain('PRACTICE ONLY');
  expect(toHex(parseSeedFile(text))).toBe('07'.repeat(32));
});

test.each(['', '{}', 'null', formatSeedFile(seed).replace('PRACTICE ONLY', 'REAL MONEY'), formatSeedFile(seed).replace('"seedHex": "07', '"seedHex": "0'), formatSeedFile(seed).replace('"version": 1', '"version": 2')])('a seed file that is none (%#)', (text) => {
  expect(() => parseSeedFile(text)).toThrow(expect.objectContaining({ code: 'practice.malformed' }));
});
