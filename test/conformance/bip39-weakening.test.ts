import { pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { seedOfMnemonic } from '../../src/signer/mnemonic.ts';

const folder = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip39');
const { japanese } = JSON.parse(readFileSync(join(folder, 'bitcoinjs_bip39_vectors.json'), 'utf8')) as { japanese: [string, string, string][] };
// The passphrase of the published Japanese vectors.
const passphrase = '㍍ガバヴァぱばぐゞちぢ十人十色';

/** How many of the published Japanese vectors a way to seeds gets wrong, as they are written and composed as screens show them. */
function wrongSeeds(seedOf: typeof seedOfMnemonic): { readonly asPublished: number; readonly composed: number } {
  const wrong = (form: (text: string) => string): number => japanese.filter(([, mnemonic, seed]) => toHex(seedOf(form(mnemonic), form(passphrase))) !== seed).length;
  return { asPublished: wrong((text) => text), composed: wrong((text) => text.normalize('NFC')) };
}

/** BIP39's PBKDF2 with whatever normalisation; everything else is right. */
const seedsBy = (form: (text: string) => string) => (mnemonic: string, bip39Passphrase: string): Uint8Array =>
  Uint8Array.from(pbkdf2Sync(form(mnemonic), `mnemonic${form(bip39Passphrase)}`, 2048, 64, 'sha512'));

test('the seeds are those of NFKD, however the words and the passphrase are composed', () => {
  expect(japanese).toHaveLength(24);
  expect(wrongSeeds(seedOfMnemonic)).toEqual({ asPublished: 0, composed: 0 });
  expect(wrongSeeds(seedsBy((text) => text.normalize('NFKD')))).toEqual({ asPublished: 0, composed: 0 });
});

test.each<[string, (text: string) => string]>([
  ['NFC for NFKD', (text) => text.normalize('NFC')],
  ['NFD for NFKD', (text) => text.normalize('NFD')],
  ['NFKC for NFKD', (text) => text.normalize('NFKC')],
  ['no normalisation', (text) => text],
])('planted: %s is caught by every vector', (_, form) => {
  expect(wrongSeeds(seedsBy(form)).asPublished).toBe(24);
});
