import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StrongroomError } from '../../../../src/errors/strongroom-error.ts';
import { encryptBsms } from '../../../../src/wallet/dialects/bsms-encryption.ts';
import { exportWallet, writtenFormats } from '../../../../src/wallet/dialects/export-wallet.ts';
import { MAX_FOREIGN_CHARACTERS } from '../../../../src/wallet/dialects/foreign.ts';
import { walletDescriptor } from '../../../../src/wallet/wallet.ts';
import { mnemonics } from '../../signer/fixtures.ts';
import { code, importText, read, walletOfScript } from './fixtures.ts';

const wallet = walletOfScript('p2wsh');
const written = writtenFormats.map((format) => exportWallet(wallet, format).content);

describe('a private key anywhere in a file stops everything', () => {
  const xprv = 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi';
  const wif = 'L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1';
  const secrets = { xprv, wif, mnemonic: mnemonics.bob };

  for (const [name, secret] of Object.entries(secrets)) {
    test(`${name} in each format, in a place where it is nothing but there`, () => {
      const json = written.filter((text) => text.startsWith('{')).map((text) => JSON.stringify({ ...JSON.parse(text), remark: { deep: [secret] } }));
      const core = JSON.stringify([...JSON.parse(exportWallet(wallet, 'core').content), secret]);
      const lines = [`# ${'x'}\nNote: ${secret}\n${exportWallet(wallet, 'coldcard').content}`, `${secret}\n${walletDescriptor(wallet)}`, `${exportWallet(wallet, 'bsms').content}${secret}`];
      for (const text of [...json, core, ...lines, secret, `"${secret}"`]) expect(() => read(text)).toThrow(code('wallet.private-key'));
    });
  }

  test('also behind a name that is stated twice, as a list of words, and under a name that says so', () => {
    expect(() => read(`{"a":"${xprv}","a":"public"}`)).toThrow(code('wallet.private-key'));
    expect(() => read(JSON.stringify({ words: mnemonics.carol.split(' ') }))).toThrow(code('wallet.private-key'));
    expect(() => read(JSON.stringify({ mnemonic: '一 二 三' }))).toThrow(code('wallet.private-key'));
    expect(() => read(`{'seed': '2605aafe50a45bdf2eb155302437e678', 'seed_version': 4}`)).toThrow(code('wallet.private-key'));
  });

  test('in a key\'s place', () => {
    expect(() => read(walletDescriptor(wallet).slice(0, -9).replace(/xpub[^/]+/, xprv))).toThrow(code('wallet.private-key'));
    expect(() => read(`wpkh(${wif})`)).toThrow(code('wallet.private-key'));
  });

  test('hexadecimal that looks like one by chance is none', () => {
    expect(() => read(JSON.stringify({ txid: '0c2f5981981a6cb69d7b729feceb55be7962b16dc41e8aaf64e5203f7cb604d0' }))).toThrow(code('wallet.malformed'));
  });
});

describe('Electrum\'s files', () => {
  const file = JSON.parse(exportWallet(wallet, 'electrum').content) as Record<string, unknown>;
  const store = file['x1/'] as Record<string, unknown>;

  test('encrypted private keys in it are left alone, those in the clear stop everything', () => {
    const cipher = 'pJZGiyXLT3OMTPzEb0n0uA9y6DG7rWlwDdbMO6Vn7lM=';
    expect(importText(JSON.stringify({ ...file, use_encryption: true, 'x1/': { ...store, xprv: cipher, seed: cipher } })).wallet.required).toBe(2);
    for (const field of ['xprv', 'seed', 'passphrase']) expect(() => read(JSON.stringify({ ...file, 'x1/': { ...store, [field]: cipher } }))).toThrow(code('wallet.private-key'));
    expect(() => read(JSON.stringify({ ...file, seed: 'x' }))).toThrow(code('wallet.private-key'));
  });

  test.each([
    ['a type that there is not', { wallet_type: 'imported' }, 'wallet.descriptor-unsupported'],
    ['a key that is missing', { 'x3/': undefined }, 'wallet.malformed'],
    ['keys of two script types', { 'x2/': { ...store, xpub: 'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8', derivation: null } }, 'wallet.malformed'],
    ['a standard wallet of a multisig key', { wallet_type: 'standard', keystore: store }, 'wallet.malformed'],
    ['another first address', { addresses: { receiving: ['bc1qother'], change: [] } }, 'wallet.first-address'],
  ])('are refused: %s', (_, change, expected) => {
    expect(() => importText(JSON.stringify({ ...file, ...change }))).toThrow(code(expected));
  });

  test('a type nested so deep that it exhausts the stack is refused, and no fault of the program', () => {
    expect(() => read(`{"seed_version":18,"wallet_type":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toThrow(code('wallet.descriptor-unsupported'));
  });

  test('what was changed behind the file is left out, unless it changes keys', () => {
    const text = JSON.stringify(file);
    expect(importText(`${text},\n{"op": "add", "path": "/labels/x", "value": "y"}`).wallet.required).toBe(2);
    expect(() => read(`${text},\n{"op": "replace", "path": "/x1/xpub", "value": "y"}`)).toThrow(code('wallet.malformed'));
    expect(() => read(`${text},\n"more"`)).toThrow(code('wallet.malformed'));
  });
});

describe('encrypted files', () => {
  test('a BSMS file needs its token', () => {
    const token = 'a54044308ceac9b7';
    const file = encryptBsms(exportWallet(wallet, 'bsms').content.trimEnd(), token);
    expect(importText(file, {}, { password: token }).wallet.script).toBe('p2wsh');
    for (const password of [null, '', 'a54044308ceac9b8', 'no token']) expect(() => read(file, { password })).toThrow(code('wallet.encrypted', { format: 'bsms' }));
  });

  test('an Electrum file needs its password; one of a hardware device cannot be opened here', () => {
    const point = '0379be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798';
    const file = (magic: string): string => Buffer.from([...Buffer.from(magic), ...Buffer.from(point, 'hex'), ...new Uint8Array(64)]).toString('base64');
    expect(() => read(file('BIE1'))).toThrow(code('wallet.encrypted', { format: 'electrum' }));
    expect(() => read(file('BIE1'), { password: 'wrong' })).toThrow(code('wallet.encrypted', { format: 'electrum' }));
    expect(() => read(file('BIE2'), { password: 'any' })).toThrow(code('wallet.encrypted', { format: 'electrum' }));
    expect(() => read(`QklFMQ${'A'.repeat(200)}`, { password: 'any' })).toThrow(code('wallet.malformed'));
  });
});

test.each([
  ['nothing', ''],
  ['prose', 'Dear treasurer, enclosed you find the wallet.'],
  ['JSON of something else', '{"a":1}'],
  ['JSON of a list', '[1,2]'],
  ['JSON of null', '[null]'],
  ['broken JSON', '{"a":'],
  ['a registration', '{"format":"strongroom-registration"}'],
  ['deeply nested', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ['deeply nested in a member', `{"addressType":"P2WSH","quorum":{},"extendedPublicKeys":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
])('is of no known form: %s', (_, text) => {
  expect(() => read(text)).toThrow(code('wallet.malformed'));
});

test('larger than any wallet is refused before it is read', () => {
  expect(() => read(' '.repeat(MAX_FOREIGN_CHARACTERS + 1))).toThrow(code('file.too-large'));
});

test('a file of keys is no wallet', () => {
  expect(() => importText('xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8')).toThrow(code('wallet.malformed'));
});

test('whatever a file holds, it is read or refused with a code of ours', () => {
  const texts = [...written, walletDescriptor(wallet)].filter((text) => text.length < 4000);
  const seen = { read: 0, refused: 0 };
  const isRefusedOrRead = (text: string): void => {
    try {
      importText(text);
      seen.read += 1;
    } catch (error) {
      seen.refused += 1;
      if (!(error instanceof StrongroomError)) throw error;
    }
  };
  fc.assert(fc.property(fc.constantFrom(...texts), fc.nat(), fc.string({ unit: 'binary', maxLength: 6 }), fc.nat(40), (text, at, inserted, removed) => {
    const position = at % text.length;
    isRefusedOrRead(text.slice(0, position) + inserted + text.slice(position + removed));
  }), { numRuns: 300 });
  fc.assert(fc.property(fc.json(), isRefusedOrRead), { numRuns: 200 });
  expect(seen.refused).toBeGreaterThan(100);
  expect(seen.read + seen.refused).toBeGreaterThanOrEqual(500);
});
