import { describe, expect, test } from 'vitest';
import { accountKeyRecord } from '../../../../src/signer/account-key.ts';
import { bsmsKeyRecord } from '../../../../src/signer/bsms-key-record.ts';
import { formatColdcardKey } from '../../../../src/wallet/dialects/coldcard-export.ts';
import { chooseKey } from '../../../../src/wallet/dialects/import-wallet.ts';
import { formatPrefixedKey, parseExtendedPublicKey } from '../../../../src/wallet/extended-public-key.ts';
import { formatKeyRecord } from '../../../../src/wallet/key-record.ts';
import { walletDescriptor } from '../../../../src/wallet/wallet.ts';
import { walletScripts, type WalletScript } from '../../../../src/domain/wallet-script.ts';
import { keyOf } from '../../signer/fixtures.ts';
import { addressesOf, code, read, walletOfScript } from './fixtures.ts';

const alice = keyOf('alice', 'mainnet');
const recordOf = (script: WalletScript) => accountKeyRecord(alice, script, 0);
const textOf = (script: WalletScript): string => formatKeyRecord(recordOf(script), 'mainnet');
const xpubOf = (script: WalletScript): string => textOf(script).replace(/^\[[^\]]*\]/, '');
const record = recordOf('p2wsh');
const [origin, xpub] = ['[73c5da0a/48h/0h/0h/2h]', xpubOf('p2wsh')];
const Zpub = formatPrefixedKey(record.key, 'mainnet', 'p2wsh');
const choose = (text: string, script: WalletScript = 'p2wsh') => chooseKey(read(text), script, 'mainnet');

test.each([
  ['ours', `${origin}${xpub}\n`],
  ['with apostrophes', `${origin.replaceAll('h', "'")}${xpub}`],
  ['with H and capitals', `${origin.replaceAll('h', 'H').replace('73c5da0a', '73C5DA0A')}${xpub}`],
  ['SeedSigner\'s, with Zpub', `${origin}${Zpub}`],
  ['with a blank behind the origin', `${origin} ${xpub}`],
  ['with both branches behind it', `${origin}${xpub}/<0;1>/*`],
  ['with a remark', `# alice\n${origin}${xpub}`],
])('a key record as text: %s', (_, text) => {
  expect(choose(text).record).toEqual(record);
});

test.each([
  ['a Zpub for a wallet of P2WPKH', `${origin}${Zpub}`, 'p2wpkh', 'wallet.prefix-script'],
  ['a key without its origin', xpub, 'p2wsh', 'key.origin-missing'],
  ['other children', `${origin}${xpub}/3/*`, 'p2wsh', 'wallet.descriptor-unsupported'],
  ['something behind it', `${origin}${xpub} and more`, 'p2wsh', 'wallet.malformed'],
  ['a path that is not the key\'s', `${origin.replace('/2h', '/1h')}${xpub}`, 'p2wsh', 'wallet.depth-path'],
  ['a wallet', walletDescriptor(walletOfScript('p2wsh')), 'p2wsh', 'wallet.malformed'],
] as const)('is refused: %s', (_, text, script, expected) => {
  expect(() => choose(text, script)).toThrow(code(expected));
});

test('master keys, and children of one, say their origin themselves', () => {
  const master = read('xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8');
  expect(master).toMatchObject({ keys: [{ record: { masterFingerprint: '3442193e', path: [] } }] });
  const child = read('xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw');
  expect(child).toMatchObject({ keys: [{ record: { masterFingerprint: '3442193e', path: [0x8000_0000] } }] });
});

describe('Coldcard\'s exports', () => {
  const generic = {
    chain: 'BTC', xfp: '73C5DA0A', account: 0, xpub: 'xpub661MyMwAqRbcFkPHucMnrGNzDwb6teAX1RbKQmqtEF8kK3Z7LZ59qafCjB9eCRLiTVG3uxBxgKvRgbubRhqSKXnGGb1aoaqLrpMBDrVxga8',
    bip44: { name: 'p2pkh', xfp: '00000001', deriv: "m/44'/0'/0'", xpub: xpubOf('p2pkh'), first: addressesOf(walletOfScript('p2pkh'))[0] },
    bip49: { name: 'p2sh-p2wpkh', xfp: '00000002', deriv: "m/49'/0'/0'", xpub: xpubOf('p2sh-p2wpkh'), _pub: 'ypub', first: addressesOf(walletOfScript('p2sh-p2wpkh'))[0] },
    bip84: { name: 'p2wpkh', xfp: '00000003', deriv: "m/84'/0'/0'", xpub: xpubOf('p2wpkh'), first: addressesOf(walletOfScript('p2wpkh'))[0] },
    bip48_1: { name: 'p2sh-p2wsh', xfp: '00000004', deriv: "m/48'/0'/0'/1'", xpub: xpubOf('p2sh-p2wsh') },
    bip48_2: { name: 'p2wsh', xfp: '00000005', deriv: "m/48'/0'/0'/2'", xpub: xpubOf('p2wsh') },
  };

  test('the generic JSON has a key for each script type', () => {
    for (const script of ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2sh-p2wsh', 'p2wsh'] as const) expect(choose(JSON.stringify(generic), script).record).toEqual(recordOf(script));
    expect(() => choose(JSON.stringify(generic), 'p2tr')).toThrow(code('wallet.malformed'));
    expect(() => chooseKey(read(JSON.stringify(generic)), 'p2wsh', 'regtest')).toThrow(code('wallet.malformed'));
  });

  test('a first address that is not the key\'s is refused', () => {
    const wrong = { ...generic, bip84: { ...generic.bip84, first: generic.bip44.first } };
    expect(() => read(JSON.stringify(wrong))).toThrow(code('wallet.first-address', { script: 'p2wpkh' }));
  });

  test('a section without its path, and a fingerprint that is none, are refused', () => {
    expect(() => read(JSON.stringify({ ...generic, bip84: { xpub: xpubOf('p2wpkh') } }))).toThrow(code('wallet.malformed'));
    expect(() => read(JSON.stringify({ ...generic, xfp: 'none' }))).toThrow(code('wallet.malformed'));
  });

  test('the multisig export (ccxp), with its older name for nested P2WSH', () => {
    const ccxp = { p2sh_deriv: "m/45'/0'/0'", p2sh: xpubOf('p2sh'), p2wsh_p2sh_deriv: "m/48'/0'/0'/1'", p2wsh_p2sh: xpubOf('p2sh-p2wsh'), p2wsh_deriv: "m/48'/0'/0'/2'", p2wsh: Zpub, account: '0', xfp: '73C5DA0A' };
    for (const script of ['p2sh', 'p2sh-p2wsh', 'p2wsh'] as const) expect(choose(JSON.stringify(ccxp), script).record).toEqual(recordOf(script));
    expect(() => read(JSON.stringify({ ...ccxp, p2sh_deriv: undefined }))).toThrow(code('wallet.malformed'));
    expect(() => read(JSON.stringify({ ...ccxp, p2sh: Zpub, p2sh_deriv: "m/48'/0'/0'/2'" }))).toThrow(code('wallet.prefix-script'));
  });

  test.each(walletScripts)('ours of %s is read again', (script) => {
    if (script === 'p2tr-multi') return expect(() => formatColdcardKey(recordOf(script), script, 'mainnet', 0)).toThrow(code('wallet.export-limit'));
    expect(choose(formatColdcardKey(recordOf(script), script, 'mainnet', 0), script).record).toEqual(recordOf(script));
  });
});

describe('Specter\'s device file', () => {
  const device = {
    name: 'Cold A', type: 'coldcard',
    keys: [
      { original: `${origin}${Zpub}`, fingerprint: '73c5da0a', derivation: 'm/48h/0h/0h/2h', type: 'wsh', purpose: 'multi', xpub },
      { original: xpubOf('p2wpkh'), fingerprint: '73c5da0a', derivation: "m/84'/0'/0'", type: 'wpkh', xpub: xpubOf('p2wpkh') },
    ],
  };
  test('each key by its type', () => {
    expect(choose(JSON.stringify(device), 'p2wsh')).toEqual({ record, script: 'p2wsh', label: 'Cold A' });
    expect(choose(JSON.stringify(device), 'p2wpkh').record).toEqual(recordOf('p2wpkh'));
  });
  test('two keys of one type are ambiguous; one without its path is refused', () => {
    const [first] = device.keys;
    expect(() => choose(JSON.stringify({ ...device, keys: [first, first] }))).toThrow(code('wallet.ambiguous'));
    expect(() => read(JSON.stringify({ ...device, keys: [{ xpub, type: 'wsh' }] }))).toThrow(code('wallet.malformed'));
    expect(() => read(JSON.stringify({ ...device, keys: [{ original: `${origin}${Zpub}`, type: 'wpkh' }] }))).toThrow(code('wallet.prefix-script'));
  });
});

describe('BSMS key records (BIP129)', () => {
  const bsms = bsmsKeyRecord(alice, record, 'Alice');
  test('ours is signed by the key in it, and read again with its label', () => {
    expect(bsms.split('\n').slice(0, 4)).toEqual(['BSMS 1.0', '00', `[73c5da0a/48'/0'/0'/2']${xpub}`, 'Alice']);
    expect(choose(bsms)).toEqual({ record, script: null, label: 'Alice' });
    // Twice the same: nothing of chance is in it.
    expect(bsmsKeyRecord(alice, record, 'Alice')).toBe(bsms);
  });
  test.each([
    ['another label', bsms.replace('Alice', 'Mallory'), 'key.signature-invalid'],
    ['another key under the same signature', bsms.replace(xpub, xpubOf('p2sh-p2wsh')).replace("/2']", "/1']"), 'key.signature-invalid'],
    ['no base64', bsms.replace(/\n[^\n]+\n$/, '\n!!!\n'), 'key.signature-invalid'],
    ['another version', bsms.replace('BSMS 1.0', 'BSMS 1.01'), 'wallet.malformed'],
    ['a token of another length', bsms.replace('\n00\n', '\n0000\n'), 'wallet.malformed'],
    ['a line too many', `${bsms}more\n`, 'wallet.malformed'],
    ['children behind the key', bsms.replace(xpub, `${xpub}/0`), 'wallet.malformed'],
  ])('is refused: %s', (_, text, expected) => {
    expect(() => read(text)).toThrow(code(expected));
  });
});

test('a prefix names the script: each is read and written with it again', () => {
  for (const script of ['p2sh-p2wpkh', 'p2wpkh', 'p2sh-p2wsh', 'p2wsh'] as const) {
    for (const network of ['mainnet', 'signet'] as const) {
      const text = formatPrefixedKey(record.key, network, script);
      expect(parseExtendedPublicKey(text)).toEqual({ key: record.key, realm: network === 'mainnet' ? 'main' : 'test', prefixScript: script });
      expect(text.slice(0, 4)).toBe({ mainnet: { 'p2sh-p2wpkh': 'ypub', p2wpkh: 'zpub', 'p2sh-p2wsh': 'Ypub', p2wsh: 'Zpub' }, signet: { 'p2sh-p2wpkh': 'upub', p2wpkh: 'vpub', 'p2sh-p2wsh': 'Upub', p2wsh: 'Vpub' } }[network][script]);
    }
  }
});
