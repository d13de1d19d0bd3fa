import { expect, test } from 'vitest';
import { accountKeyRecord } from '../../../src/signer/account-key.ts';
import { deriveChild, parseExtendedPublicKey } from '../../../src/wallet/extended-public-key.ts';
import { formatKeyRecord, parseKeyRecord, rejectPrivateKeyText } from '../../../src/wallet/key-record.ts';
import { keyOf, mnemonics } from '../signer/fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const text = formatKeyRecord(accountKeyRecord(keyOf('alice'), 'p2wsh', 0), 'regtest');
const tpub = text.slice(text.indexOf(']') + 1);

test('a key record written and read again is the same, however its path is written', () => {
  const withPath = (path: string): string => `[73c5da0a/${path}]${tpub}`;
  for (const each of [text, ` ${text}\n`, withPath("48'/1'/0'/2'"), withPath('48H/1H/0h/2h'), text.replace('73c5da0a', '73C5DA0A')]) {
    expect(formatKeyRecord(parseKeyRecord(each), 'regtest')).toBe(text);
  }
});

// The same key in SLIP-132's variants for P2WSH: the script comes from the wallet, so they mean the same here.
test('SLIP-132 variants are read and written back as tpub', () => {
  const vpub = 'Vpub5n95dMZrDHj6SeBgJ1oz4Fae2N2eJNuWK3VTKDb2dzGpMFLUHLmtyDfen7AaQxwQ5mZnMyXdVrkEaoMLVTH8FmVBRVWPGFYWhmtDUGehGmq';
  const { key, realm } = parseExtendedPublicKey(vpub);
  expect(realm).toBe('test');
  expect(key.depth).toBe(4);
});

test.each([
  ['no origin', tpub],
  ['no key', text.slice(0, text.indexOf(']') + 1)],
  ['a short fingerprint', text.replace('73c5da0a', '73c5da0')],
  ['a changed character', text.replace(/.$/, (last) => (last === 'Q' ? 'R' : 'Q'))],
  ['something after it', `${text}/0/*`],
  ['two records', `${text} ${text}`],
])('a key record is malformed: %s', (_, wrong) => {
  expect(() => parseKeyRecord(wrong)).toThrow(code('key.record-malformed'));
});

test.each([
  ['a path too short', text.replace('/2h]', ']')],
  ['a path too long', text.replace('/2h]', '/2h/0]')],
  ['another last step', text.replace('/2h]', '/1h]')],
  ['a last step that is not hardened', text.replace('/2h]', '/2]')],
])('a key\'s depth contradicts its path: %s', (_, wrong) => {
  expect(() => parseKeyRecord(wrong)).toThrow(code('wallet.depth-path'));
});

const xprv = 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi';
test.each([
  ['an xprv alone', xprv],
  ['an xprv in a record', `[73c5da0a/48h/1h/0h/2h]${xprv}`],
  ['an xprv in a JSON', `{"a":"${xprv}"}`],
  ['a compressed WIF', 'KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn'],
  ['an uncompressed WIF', '5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAnchuDf'],
  ['a mnemonic', mnemonics.alice],
  ['a mnemonic over several lines', `${mnemonics.bob.replaceAll(' ', '\n')}\n`],
])('private-key material is refused before anything else: %s', (_, secret) => {
  expect(() => rejectPrivateKeyText(secret)).toThrow(code('wallet.private-key'));
  expect(() => parseKeyRecord(secret)).toThrow(code('wallet.private-key'));
});

test('public texts are not taken for secrets', () => {
  for (const each of [text, tpub, 'bcrt1qxyz', 'treasury of the foundation']) expect(() => rejectPrivateKeyText(each)).not.toThrow();
});

test('an extended private key is refused as such even where its text escapes the pattern', () => {
  expect(() => parseExtendedPublicKey(xprv)).toThrow(code('wallet.private-key'));
});

test('BIP32: a public key has no hardened child', () => {
  expect(() => deriveChild(parseExtendedPublicKey(tpub).key, 0x8000_0000)).toThrow(code('path.malformed'));
});

test('a path that lacks a step in the middle contradicts the key\'s depth, though its last step is right', () => {
  const record = formatKeyRecord(accountKeyRecord(keyOf('alice'), 'p2wsh', 0), 'regtest');
  expect(() => parseKeyRecord(record.replace('/48h/1h/0h/2h]', '/48h/1h/2h]'))).toThrow(expect.objectContaining({ code: 'wallet.depth-path' }));
});

test('a master key\'s record must bear the master key\'s own fingerprint', () => {
  const key = keyOf('alice');
  const record = formatKeyRecord({ masterFingerprint: key.fingerprint, path: [], key: key.extendedPublicKeyAt([]), realm: 'test' }, 'regtest');
  expect(parseKeyRecord(record).path).toEqual([]);
  expect(() => parseKeyRecord(record.replace('[73c5da0a]', '[deadbeef]'))).toThrow(expect.objectContaining({ code: 'wallet.depth-path' }));
});
