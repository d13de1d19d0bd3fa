import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { concat, toHex, utf8 } from '../../../../src/domain/bytes.ts';
import { parsePath } from '../../../../src/domain/derivation-path.ts';
import { StrongroomError } from '../../../../src/errors/strongroom-error.ts';
import { mnemonicIn, mnemonicOf, seedOfMnemonic } from '../../../../src/signer/mnemonic.ts';
import { derivePrivatePath, masterKeyOf } from '../../../../src/signer/private-derivation.ts';
import { codex32OfSeed, formatCodex32, splitCodex32 } from '../../../../src/signer/secrets/codex32/codex32.ts';
import { formatExtendedPrivateKey } from '../../../../src/signer/secrets/extended-private-key.ts';
import { mnemonicLanguages } from '../../../../src/signer/secrets/mnemonic-languages.ts';
import { masterKeyOfSecret, parseSecret, type ParsedSecret } from '../../../../src/signer/secrets/parse-secret.ts';
import { seedQrDigits } from '../../../../src/signer/secrets/seedqr.ts';
import { formatSlip39Share } from '../../../../src/signer/secrets/slip39/share.ts';
import { formatWif } from '../../../../src/signer/secrets/wif.ts';
import { mnemonics, noise } from '../fixtures.ts';

const base58check = createBase58check(sha256);
const entropy = noise('entropy', 32);
const short = noise('entropy', 16);
const master = masterKeyOf(noise('master', 32));
const xprv = formatExtendedPrivateKey(master, 'mainnet');
const account = formatExtendedPrivateKey(derivePrivatePath(master, parsePath('84h')), 'mainnet');
const bip38 = base58check.encode(concat(Uint8Array.of(1, 0x42, 0xe0), noise('bip38', 36)));
const slip39 = formatSlip39Share({ identifier: 7, extendable: true, iterationExponent: 0, groupIndex: 0, groupThreshold: 1, groupCount: 1, memberIndex: 0, memberThreshold: 2, value: short });
const [codexShare] = splitCodex32(short, { identifier: 'cash', threshold: 2, count: 2 }, (length) => noise('share', length)) as [Parameters<typeof formatCodex32>[0]];

test.each<[string, string | Uint8Array, Partial<ParsedSecret>]>([
  ['an English mnemonic', mnemonicOf(entropy), { kind: 'mnemonic', source: 'words' }],
  ['the same as UTF-8', utf8(mnemonicOf(entropy)), { kind: 'mnemonic', source: 'words' }],
  ['SeedQR digits', seedQrDigits(entropy), { kind: 'mnemonic', source: 'seedqr' }],
  ['SeedQR digits as bytes', utf8(seedQrDigits(short)), { kind: 'mnemonic', source: 'seedqr' }],
  ['CompactSeedQR, 16 bytes', short, { kind: 'mnemonic', source: 'compact-seedqr' }],
  ['CompactSeedQR, 32 bytes', entropy, { kind: 'mnemonic', source: 'compact-seedqr' }],
  ['CompactSeedQR in hexadecimal', toHex(entropy).toUpperCase(), { kind: 'mnemonic', source: 'compact-seedqr' }],
  ['hexadecimal as bytes', utf8(toHex(short)), { kind: 'mnemonic', source: 'compact-seedqr' }],
  ['xprv', xprv, { kind: 'extended-private-key', realm: 'main', place: null }],
  ['tprv', formatExtendedPrivateKey(master, 'practice'), { kind: 'extended-private-key', realm: 'test' }],
  ['WIF, compressed', formatWif({ privateKey: entropy, compressed: true }, 'mainnet'), { kind: 'private-key', compressed: true, realm: 'main' }],
  ['WIF, uncompressed', formatWif({ privateKey: entropy, compressed: false }, 'regtest'), { kind: 'private-key', compressed: false, realm: 'test' }],
  ['BIP38', bip38, { kind: 'encrypted-private-key', text: bip38 }],
  ['a codex32 secret', formatCodex32(codex32OfSeed(short, 'cash')), { kind: 'seed', source: 'codex32', seed: short }],
  ['a codex32 share', formatCodex32(codexShare), { kind: 'codex32-share', share: codexShare }],
  ['a SLIP-39 share', ` ${slip39.toUpperCase().replaceAll(' ', '\n')}`, { kind: 'slip39-share' }],
])('%s is recognised', (_, given, expected) => {
  const before = typeof given === 'string' ? '' : toHex(given);
  const secret = parseSecret(given);
  expect(secret).toMatchObject(expected);
  if (secret.kind === 'mnemonic') expect(secret.mnemonic.entropy).toEqual(secret.mnemonic.words.length === 24 ? entropy : short);
  if (typeof given !== 'string') expect(toHex(given)).toBe(before);
});

test.each(mnemonicLanguages)('a mnemonic in %s is recognised', (language) => {
  expect(parseSecret(mnemonicIn(language, noise(language, 20)))).toMatchObject({ kind: 'mnemonic', mnemonic: { language } });
});

test.each<[string, string | Uint8Array, string]>([
  ['nothing', '', 'secret.unknown'], ['one word', 'abandon', 'secret.unknown'], ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0xfd), 'secret.unknown'],
  ['an address', '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2', 'secret.unknown'], ['an xpub', 'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8', 'secret.malformed'],
  ['a miscopied xprv', xprv.replace(/.$/, (last) => (last === '1' ? '2' : '1')), 'secret.malformed'],
  ['a miscopied WIF', formatWif({ privateKey: entropy, compressed: true }, 'mainnet').replace(/.$/, (last) => (last === '1' ? '2' : '1')), 'secret.malformed'],
  ['a miscopied BIP38', bip38.replace(/.$/, (last) => (last === '1' ? '2' : '1')), 'secret.malformed'],
  ['too few digits', seedQrDigits(entropy).slice(4), 'secret.malformed'], ['a miscopied codex32', formatCodex32(codexShare).replace(/.$/, (last) => (last === 'Q' ? 'P' : 'Q')), 'share.malformed'],
  ['a miscopied SLIP-39 share', slip39.replace(/\w+$/, (last) => (last === 'zero' ? 'acid' : 'zero')), 'share.malformed'],
  ['a mnemonic with an unknown word', mnemonics.alice.replace('about', 'aboot'), 'mnemonic.malformed'], ['thirteen words', `${mnemonics.alice} about`, 'mnemonic.malformed'],
])('%s is refused by its name', (_, given, code) => {
  expect(() => parseSecret(given)).toThrow(expect.objectContaining({ code }));
});

test('a mnemonic\'s master key takes the passphrase; a language other than English keeps its own words', () => {
  const text = mnemonicIn('japanese', entropy);
  const expected = masterKeyOf(seedOfMnemonic(text, 'extra'));
  expect(masterKeyOfSecret(parseSecret(text), 'extra')).toEqual(expected);
  expect(masterKeyOfSecret(parseSecret(mnemonicOf(entropy)), 'extra')).not.toEqual(expected);
});

test('the other master keys take no passphrase: it would be dropped in silence', () => {
  expect(masterKeyOfSecret(parseSecret(xprv), '')).toEqual(master);
  expect(masterKeyOfSecret(parseSecret(formatCodex32(codex32OfSeed(short, 'cash'))), '')).toEqual(masterKeyOf(short));
  for (const given of [xprv, formatCodex32(codex32OfSeed(short, 'cash'))]) {
    expect(() => masterKeyOfSecret(parseSecret(given), 'extra')).toThrow(expect.objectContaining({ code: 'secret.parameters' }));
  }
});

test('wiping the key does not reach into what was parsed', () => {
  const secret = parseSecret(xprv);
  masterKeyOfSecret(secret, '').privateKey.fill(0);
  expect(masterKeyOfSecret(secret, '')).toEqual(master);
});

test.each([['an account key', account], ['a single key', formatWif({ privateKey: entropy, compressed: true }, 'mainnet')], ['an encrypted key', bip38], ['a codex32 share', formatCodex32(codexShare)], ['a SLIP-39 share', slip39]])('%s alone is no master key', (_, given) => {
  expect(() => masterKeyOfSecret(parseSecret(given), '')).toThrow(expect.objectContaining({ code: 'secret.not-a-master' }));
});

const texts = [mnemonicOf(entropy), mnemonicIn('french', short), seedQrDigits(entropy), toHex(entropy), xprv, `[00000000/84h]${account}`, formatWif({ privateKey: entropy, compressed: true }, 'mainnet'), bip38, formatCodex32(codexShare), slip39];

test('whatever is changed, cut or put in, the answer is a secret or a named error that holds nothing of what was given', () => {
  let refused = 0;
  for (const text of texts) {
    for (const position of Array.from(text).keys()) {
      for (const damaged of [text.slice(0, position), `${text.slice(0, position)}q${text.slice(position + 1)}`, `${text.slice(0, position)}\u0000${text.slice(position)}`]) {
        try {
          parseSecret(damaged);
        } catch (fault) {
          refused += 1;
          expect(fault).toBeInstanceOf(StrongroomError);
          const { message, details, hint } = fault as StrongroomError;
          const said = `${message} ${JSON.stringify(details)} ${hint}`;
          const pieces = damaged.includes(' ') ? damaged.split(' ').filter((word) => word.length >= 5) : [...damaged.matchAll(/(?=(.{10}))/gs)].map(([, piece]) => piece as string);
          for (const piece of pieces) if (said.includes(piece) && !ownWords.test(piece)) expect.fail(`the error says "${piece}"`);
        }
      }
    }
  }
  expect(refused).toBeGreaterThan(1000);
});

/** Words of the messages that are words of the lists too. */
const ownWords = /^(?:alpha|letter|wrong|there|other|number|screen|paper|check|first|share|sheet|language|valid)$/;
