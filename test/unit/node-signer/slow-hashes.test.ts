import { expect, test } from 'vitest';
import { toHex, utf8 } from '../../../src/domain/bytes.ts';
import { nodeSlowHashes } from '../../../src/node/signer/slow-hashes.ts';

// RFC 7914, sections 11 and 12.
const cases = [
  ['the runtime\'s own', nodeSlowHashes()],
  ['the ones in JavaScript, where a runtime has none', nodeSlowHashes({ scrypt: undefined, pbkdf2: undefined })],
] as const;

test.each(cases)('scrypt by %s gives the RFC\'s bytes', async (_, slow) => {
  expect(toHex(await slow.scrypt(utf8('password'), utf8('NaCl'), { N: 1024, r: 8, p: 16 }, 64))).toBe(
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  );
});

test.each(cases)('PBKDF2 by %s gives the RFC\'s bytes', async (_, slow) => {
  expect(toHex(await slow.pbkdf2Sha256(utf8('Password'), utf8('NaCl'), 80_000, 64))).toBe(
    '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d',
  );
});

test('a runtime that fails is no answer', async () => {
  await expect(nodeSlowHashes().scrypt(utf8(''), utf8(''), { N: 3, r: 8, p: 1 }, 32)).rejects.toThrow(RangeError);
});
