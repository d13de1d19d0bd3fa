import { describe, expect, test } from 'vitest';
import { utf8 as text } from '@scure/base';
import { parseHex } from '../../../src/domain/bytes.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import type { EntropyRecord } from '../../../src/signer/entropy/entropy-record.ts';
import { shownWords, type KeptSecret } from '../../../src/signer/kept-secret.ts';
import { decodeKeyFile, encodeKeyFile, openSigningKey, requireStrongPassphrase, type KeyFile } from '../../../src/signer/key-file.ts';
import { mnemonicIn, parseMnemonic } from '../../../src/signer/mnemonic.ts';
import { parseExtendedPrivateKey } from '../../../src/signer/secrets/extended-private-key.ts';
import { mnemonics } from './fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const alice = (bip39Passphrase = ''): KeptSecret => ({ kind: 'mnemonic', language: 'english', entropy: parseMnemonic(mnemonics.alice), bip39Passphrase });
const entropyRecord: EntropyRecord = {
  fingerprint: parseFingerprint('73c5da0a'), network: 'regtest', label: 'Alice', mode: 'mixed', sources: [{ source: 'dice', count: 99, bits: 255.9 }], health: ['dice/face'],
  program: 'strongroom-signer', programVersion: '0.1.0', build: 'source', madeAt: '2026-11-22T10:00:00.000Z',
};
const file: KeyFile = { network: 'regtest', label: 'Alice', secret: alice(), createdAt: '2026-11-22T10:00:00.000Z', createdBy: 'strongroom-signer 0.1.0', sources: ['os', 'dice:99'], entropyRecord: null };
const encoded = (changed: Partial<KeyFile> = {}): string => text.encode(encodeKeyFile({ ...file, ...changed }, openSigningKey({ ...file, ...changed }).fingerprint));

test('the content holds the words, so that a person with the age tool can type them into any wallet', () => {
  expect(JSON.parse(encoded())).toEqual({
    format: 'strongroom-key',
    version: 2,
    network: 'regtest',
    label: 'Alice',
    fingerprint: '73c5da0a',
    secret: { kind: 'mnemonic', language: 'english', words: mnemonics.alice, bip39Passphrase: '' },
    createdAt: '2026-11-22T10:00:00.000Z',
    createdBy: 'strongroom-signer 0.1.0',
    sources: ['os', 'dice:99'],
    entropyRecord: null,
  });
});

// As Strongroom 0.1.0 wrote it. Files like this lie in safes: it must open for ever.
const VERSION_1 = `{
  "format": "strongroom-key",
  "version": 1,
  "network": "mainnet",
  "label": "Alice",
  "fingerprint": "b4e3f5ed",
  "mnemonic": "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
  "bip39Passphrase": "TREZOR",
  "createdAt": "2026-11-22T10:00:00.000Z",
  "createdBy": "strongroom-signer 0.1.0",
  "sources": [
    "mnemonic"
  ]
}
`;

test('content of version 1 opens: an English mnemonic, and no entropy record', () => {
  const { file: read, key } = decodeKeyFile(VERSION_1);
  expect(key.fingerprint).toBe('b4e3f5ed');
  expect(read).toEqual({
    network: 'mainnet', label: 'Alice', secret: alice('TREZOR'), createdAt: '2026-11-22T10:00:00.000Z', createdBy: 'strongroom-signer 0.1.0', sources: ['mnemonic'], entropyRecord: null,
  });
});

test('content to key and back, with and without a BIP39 passphrase and an entropy record', () => {
  expect(decodeKeyFile(encoded()).file).toEqual(file);
  expect(decodeKeyFile(encoded({ entropyRecord })).file.entropyRecord).toEqual(entropyRecord);
  const { key, file: read } = decodeKeyFile(encoded({ secret: alice('TREZOR') }));
  expect(key.fingerprint).toBe('b4e3f5ed');
  expect(read.secret).toEqual(alice('TREZOR'));
});

describe('every kind of secret leads back to its key', () => {
  // BIP39, Japanese test vector 1; BIP93, test vectors 1 and 4 (seeds); BIP32, test vector 1.
  const japanese: KeptSecret = { kind: 'mnemonic', language: 'japanese', entropy: new Uint8Array(16), bip39Passphrase: '㍍ガバヴァぱばぐゞちぢ十人十色'.normalize('NFKD') };
  const master = 'tprv8ZgxMBicQKsPeDgjzdC36fs6bMjGApWDNLR9erAXMs5skhMv36j9MV5ecvfavji5khqjWaWSFhN3YcCUUdiKH6isR4Pwy3U5y5egddBr16m';
  test.each<[string, KeptSecret, object]>([
    ['a mnemonic in Japanese', japanese, { kind: 'mnemonic', language: 'japanese', words: mnemonicIn('japanese', new Uint8Array(16)).normalize('NFKD'), bip39Passphrase: '㍍ガバヴァぱばぐゞちぢ十人十色'.normalize('NFKD') }],
    ['a mnemonic of 18 words', { kind: 'mnemonic', language: 'czech', entropy: new Uint8Array(24).fill(7), bip39Passphrase: '' }, { kind: 'mnemonic', language: 'czech' }],
    ['a seed that came as codex32', { kind: 'seed', seed: parseHex('318c6318c6318c6318c6318c6318c631'), from: 'codex32' }, { kind: 'seed', hex: '318c6318c6318c6318c6318c6318c631', from: 'codex32' }],
    ['a seed that came as SLIP-39 shares', { kind: 'seed', seed: new Uint8Array(64).fill(9), from: 'slip39' }, { kind: 'seed', hex: '09'.repeat(64), from: 'slip39' }],
    ['a master key', { kind: 'master-key', key: parseExtendedPrivateKey(master).key }, { kind: 'master-key', xprv: master }],
  ])('%s', (_, secret, written) => {
    const content = encoded({ secret });
    expect(JSON.parse(content).secret).toMatchObject(written);
    expect(decodeKeyFile(content).file.secret).toEqual(secret);
    expect(decodeKeyFile(content).key.fingerprint).toBe(openSigningKey({ secret, network: 'regtest' }).fingerprint);
  });
  test('only a mnemonic can be shown as words, in the form that people read', () => {
    expect(shownWords(alice()).join(' ')).toBe(mnemonics.alice);
    expect(shownWords(japanese)[0]).toBe('あいこくしん'.normalize('NFC'));
    expect(() => shownWords({ kind: 'seed', seed: new Uint8Array(16), from: 'slip39' })).toThrow(code('key.no-mnemonic'));
    expect(() => shownWords({ kind: 'master-key', key: parseExtendedPrivateKey(master).key })).toThrow(code('key.no-mnemonic'));
  });
});

test('content that would not lead back to the key is never made', () => {
  expect(() => encodeKeyFile(file, openSigningKey({ ...file, secret: alice('x') }).fingerprint)).toThrow(code('key.file-malformed'));
});

test('a record of another key does not go into a key file', () => {
  expect(() => encoded({ entropyRecord: { ...entropyRecord, fingerprint: parseFingerprint('00000000') } })).toThrow(code('key.file-malformed'));
});

const changed = (change: (content: any) => void, from = encoded()): string => {
  const content = JSON.parse(from);
  change(content);
  return JSON.stringify(content);
};
const withSecret = (secret: object): string => changed((content) => (content.secret = secret));

test.each([
  ['no JSON', 'AGE'],
  ['a list', '[]'],
  ['another format', changed((content) => (content.format = 'strongroom-wallet'))],
  ['a later version', changed((content) => (content.version = 3))],
  ['version 2 with the fields of version 1', changed((content) => (content.version = 2), VERSION_1)],
  ['version 1 with another mnemonic', changed((content) => (content.mnemonic = mnemonics.bob), VERSION_1)],
  ['an unknown field', changed((content) => (content.hint = 'x'))],
  ['no network', changed((content) => delete content.network)],
  ['another mnemonic than its fingerprint', changed((content) => (content.secret.words = mnemonics.bob))],
  ['another passphrase than its fingerprint', changed((content) => (content.secret.bip39Passphrase = 'x'))],
  ['a mnemonic with a wrong checksum', changed((content) => (content.secret.words = mnemonics.alice.replace('about', 'abandon')))],
  ['a mnemonic of another language than stated', changed((content) => (content.secret.language = 'spanish'))],
  ['an unknown kind of secret', withSecret({ kind: 'wif', wif: '5KN7MzqK5wt2TP1fQCYyHBtDrXdJuXbUzm4A9rKAteGu3Qi5CVR' })],
  ['a seed of 15 bytes', withSecret({ kind: 'seed', hex: '00'.repeat(15), from: 'slip39' })],
  ['a master key of another network', withSecret({ kind: 'master-key', xprv: 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi' })],
  ['an unknown source', changed((content) => (content.sources = ['MOON']))],
  ['a date that is none', changed((content) => (content.createdAt = 'yesterday'))],
  ['control characters in its label', changed((content) => (content.label = 'a\u0007'))],
  ['a record of another key', changed((content) => (content.entropyRecord.fingerprint = '00000000'), encoded({ entropyRecord }))],
  ['a record with an unknown field', changed((content) => (content.entropyRecord.seed = 'x'), encoded({ entropyRecord }))],
])('content is refused: %s', (_, content) => {
  expect(() => decodeKeyFile(content)).toThrow(code('key.file-malformed'));
});

test('an error about a content tells nothing of it', () => {
  for (const content of [changed((each) => (each.secret.words = mnemonics.bob)), withSecret({ kind: 'seed', hex: '5e'.repeat(20), from: 'slip39' })]) {
    try {
      decodeKeyFile(content);
      expect.unreachable();
    } catch (fault) {
      const { message, details, hint } = fault as { message: string; details: unknown; hint: string };
      expect(`${message}${JSON.stringify(details)}${hint}`).not.toMatch(/winner|abandon|5e5e/);
    }
  }
});

test('a new passphrase has at least twelve characters, blanks at its ends not counted', () => {
  expect(() => requireStrongPassphrase('elevenchars')).toThrow(code('key.passphrase-weak'));
  expect(() => requireStrongPassphrase('   elevenchars   ')).toThrow(code('key.passphrase-weak'));
  expect(() => requireStrongPassphrase('')).toThrow(code('key.passphrase-weak'));
  // Six characters, though twelve UTF-16 units.
  expect(() => requireStrongPassphrase('🂡🂢🂣🂤🂥🂦')).toThrow(code('key.passphrase-weak'));
  expect(() => requireStrongPassphrase('twelve chars')).not.toThrow();
});
