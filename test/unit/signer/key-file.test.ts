import { expect, test } from 'vitest';
import { utf8 as text } from '@scure/base';
import { decodeKeyFile, encodeKeyFile, openSigningKey, requireStrongPassphrase, type KeyFile } from '../../../src/signer/key-file.ts';
import { parseMnemonic } from '../../../src/signer/mnemonic.ts';
import { mnemonics } from './fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const file: KeyFile = {
  network: 'regtest',
  label: 'Alice',
  entropy: parseMnemonic(mnemonics.alice),
  bip39Passphrase: '',
  createdAt: '2026-11-22T10:00:00.000Z',
  createdBy: 'strongroom-signer 0.1.0',
  sources: ['os', 'dice:99'],
};
const encoded = (changed: Partial<KeyFile> = {}): string => text.encode(encodeKeyFile({ ...file, ...changed }, openSigningKey({ ...file, ...changed }).fingerprint));

test('the content holds the words, so that a person with the age tool can type them into any wallet', () => {
  expect(JSON.parse(encoded())).toEqual({
    format: 'strongroom-key',
    version: 1,
    network: 'regtest',
    label: 'Alice',
    fingerprint: '73c5da0a',
    mnemonic: mnemonics.alice,
    bip39Passphrase: '',
    createdAt: '2026-11-22T10:00:00.000Z',
    createdBy: 'strongroom-signer 0.1.0',
    sources: ['os', 'dice:99'],
  });
});

test('content to key and back, with and without a BIP39 passphrase', () => {
  expect(decodeKeyFile(encoded()).file).toEqual(file);
  const { key, file: read } = decodeKeyFile(encoded({ bip39Passphrase: 'TREZOR' }));
  expect(key.fingerprint).toBe('b4e3f5ed');
  expect(read.bip39Passphrase).toBe('TREZOR');
});

test('content that would not lead back to the key is never made', () => {
  expect(() => encodeKeyFile(file, openSigningKey({ ...file, bip39Passphrase: 'x' }).fingerprint)).toThrow(code('key.file-malformed'));
});

const changed = (change: (content: Record<string, unknown>) => void): string => {
  const content = JSON.parse(encoded());
  change(content);
  return JSON.stringify(content);
};

test.each([
  ['no JSON', 'AGE'],
  ['a list', '[]'],
  ['another format', changed((content) => (content['format'] = 'strongroom-wallet'))],
  ['a later version', changed((content) => (content['version'] = 2))],
  ['an unknown field', changed((content) => (content['hint'] = 'x'))],
  ['no network', changed((content) => delete content['network'])],
  ['another mnemonic than its fingerprint', changed((content) => (content['mnemonic'] = mnemonics.bob))],
  ['another passphrase than its fingerprint', changed((content) => (content['bip39Passphrase'] = 'x'))],
  ['a mnemonic with a wrong checksum', changed((content) => (content['mnemonic'] = mnemonics.alice.replace('about', 'abandon')))],
  ['an unknown source', changed((content) => (content['sources'] = ['moon']))],
  ['a date that is none', changed((content) => (content['createdAt'] = 'yesterday'))],
  ['control characters in its label', changed((content) => (content['label'] = 'a\u0007'))],
])('content is refused: %s', (_, content) => {
  expect(() => decodeKeyFile(content)).toThrow(code('key.file-malformed'));
});

test('an error about a content tells nothing of it', () => {
  try {
    decodeKeyFile(changed((content) => (content['mnemonic'] = mnemonics.bob)));
    expect.unreachable();
  } catch (fault) {
    const { message, details, hint } = fault as { message: string; details: unknown; hint: string };
    expect(`${message}${JSON.stringify(details)}${hint}`).not.toMatch(/winner|abandon/);
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
