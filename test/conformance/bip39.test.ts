import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordlists } from 'bip39';
import { BIP32Factory } from 'bip32';
import * as ecc from 'tiny-secp256k1';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../src/domain/bytes.ts';
import { mnemonicOf, parseMnemonic, seedOfMnemonic } from '../../src/signer/mnemonic.ts';
import { masterKeyOf } from '../../src/signer/private-derivation.ts';

const folder = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip39');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const { english, japanese } = read<{ english: [string, string, string][]; japanese: [string, string, string][] }>('bitcoinjs_bip39_vectors.json');
const trezor = read<{ english: [string, string, string, string][] }>('coldcard_copy_of_trezor_vectors.json').english;
/** Of the lengths that are made and read here; the others must be refused. */
const isOurs = (mnemonic: string): boolean => [12, 24].includes(mnemonic.split(' ').length);

test('the vectors are there', () => {
  expect([english.length, japanese.length, trezor.length]).toEqual([24, 24, 24]);
});

test('the English word list is BIP39\'s, word for word', () => {
  expect(wordlists['english']).toEqual(readFileSync(join(folder, 'wordlists/english.txt'), 'utf8').trim().split('\n'));
});

test.each(english)('BIP39 English: %s', (entropy, mnemonic, seed) => {
  expect(mnemonicOf(parseHex(entropy))).toBe(mnemonic);
  expect(toHex(seedOfMnemonic(mnemonic, 'TREZOR'))).toBe(seed);
  if (isOurs(mnemonic)) expect(toHex(parseMnemonic(mnemonic))).toBe(entropy);
  else expect(() => parseMnemonic(mnemonic)).toThrow(expect.objectContaining({ code: 'mnemonic.malformed' }));
});

test.each(trezor)('BIP39 to BIP32: %s', (_, mnemonic, seed, xprv) => {
  expect(toHex(seedOfMnemonic(mnemonic, 'TREZOR'))).toBe(seed);
  const expected = BIP32Factory(ecc).fromBase58(xprv);
  const master = masterKeyOf(parseHex(seed));
  expect([toHex(master.privateKey), toHex(master.chainCode)]).toEqual([toHex(expected.privateKey as Uint8Array), toHex(expected.chainCode)]);
});

// Words and passphrase change under NFKD; whoever normalises otherwise, or not at all, fails every one of these.
const passphrase = '㍍ガバヴァぱばぐゞちぢ十人十色';
test.each(japanese)('BIP39 Japanese (NFKD): %s', (_, mnemonic, seed) => {
  expect(passphrase.normalize('NFKD')).not.toBe(passphrase.normalize('NFC'));
  expect(toHex(seedOfMnemonic(mnemonic, passphrase))).toBe(seed);
});
