import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMnemonic } from '../../src/signer/mnemonic.ts';
import { readForeign } from '../../src/wallet/dialects/read-foreign.ts';

/*
 * Electrum's own seeds are not BIP39: their version is in an HMAC, and their words are stretched with another salt. None is taken for a
 * mnemonic, whatever its language, so that nobody opens an empty wallet with it; and none is taken for a wallet file.
 */
const vectors = process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors');
const cases = JSON.parse(readFileSync(join(vectors, 'electrum/seed_cases.json'), 'utf8')) as { readonly name: string; readonly words: string }[];
const inflate = (): never => {
  throw new Error('nothing here is deflated');
};

test.each(cases)('$name is refused as a mnemonic and as a wallet', ({ name, words }) => {
  expect(() => readMnemonic(words)).toThrow(expect.objectContaining({ code: 'mnemonic.malformed' }));
  // English words are known for a secret by their looks; those of other languages are no form of a wallet.
  expect(() => readForeign(words, { script: null, password: null, inflate })).toThrow(expect.objectContaining({ code: name.startsWith('english') ? 'wallet.private-key' : 'wallet.malformed' }));
});

test('its SLIP-39 cases are those that are read for SLIP-39 (slip39.test.ts), all of them', () => {
  const [here, there] = ['electrum/slip39-vectors.json', 'slip39/vectors.json'].map((file) => JSON.parse(readFileSync(join(vectors, file), 'utf8')) as unknown[]);
  expect(here).toHaveLength(45);
  expect(here).toEqual(there);
});
