import { scrypt as oracle } from '@noble/hashes/scrypt.js';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../../../src/domain/bytes.ts';
import { scrypt32 } from '../../../src/node/signer/scrypt.ts';

const passphrase = utf8('correct horse battery');
const salt = utf8('age-encryption.org/v1/scrypt0123456789abcdef');
const expected = toHex(oracle(passphrase, salt, { N: 1024, r: 8, p: 1, dkLen: 32 }));

test('the runtime\'s scrypt and the one in JavaScript give the same key', async () => {
  expect(toHex(await scrypt32(passphrase, salt, 10))).toBe(expected);
  expect(toHex(await scrypt32(passphrase, salt, 10, undefined))).toBe(expected);
});

test('scrypt leaves the main thread free', async () => {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 5);
  await scrypt32(passphrase, salt, 16);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(2);
});

test('too little memory is a RangeError, not a crash', async () => {
  const starved = ((_p: unknown, _s: unknown, _l: unknown, _o: unknown, done: (fault: Error) => void) => done(new Error('memory limit exceeded'))) as never;
  await expect(scrypt32(passphrase, salt, 10, starved)).rejects.toThrow(RangeError);
});
