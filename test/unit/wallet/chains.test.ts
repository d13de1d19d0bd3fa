import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { networkNames, type NetworkName } from '../../../src/domain/network.ts';
import { quorumScripts, singleKeyScripts, type SingleKeyScript, type WalletScript } from '../../../src/domain/wallet-script.ts';
import { seedOfMnemonic } from '../../../src/signer/mnemonic.ts';
import { accountKeyRecord } from '../../../src/signer/account-key.ts';
import { SigningKey } from '../../../src/signer/signing-key.ts';
import { addressOfScript, createAddressDeriver, scriptOfAddress } from '../../../src/wallet/address.ts';
import { exportWallet, writtenFormats } from '../../../src/wallet/dialects/export-wallet.ts';
import { importWallet } from '../../../src/wallet/dialects/import-wallet.ts';
import { readForeign } from '../../../src/wallet/dialects/read-foreign.ts';
import { formatExtendedPublicKey, parseExtendedPublicKey } from '../../../src/wallet/extended-public-key.ts';
import { formatKeyRecord, parseKeyRecord, rejectPrivateKeyText } from '../../../src/wallet/key-record.ts';
import { singleKeyScript } from '../../../src/wallet/locking-script.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { dustLimitSats } from '../../../src/wallet/script-type.ts';
import { createWallet, walletDescriptor } from '../../../src/wallet/wallet.ts';
import { inflateRaw } from '../../../src/airgap/inflate.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const words = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const seed = seedOfMnemonic(words, '');
/** The generator point's public key: private key 1. */
const G = parseHex('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798');
const scriptOf = (script: SingleKeyScript, key: Uint8Array): Uint8Array => singleKeyScript(script, key)?.scriptPubKey as Uint8Array;
const base58check = createBase58check(sha256);
const relabelled = (text: string, version: string): string => {
  const data = base58check.decode(text);
  data.set(parseHex(version), 0);
  return base58check.encode(data);
};
const keysOf = (network: NetworkName, script: WalletScript, count = 3) => Array.from({ length: count }, (_, at) => ({ label: `K${at}`, record: accountKeyRecord(SigningKey.fromSeed(new Uint8Array(32).fill(at + 1), network), script, 0) }));
const walletOf = (network: NetworkName, script: WalletScript) => createWallet({ name: 'W', network, script, required: singleKeyScripts.includes(script as SingleKeyScript) ? 1 : 2, cosigners: keysOf(network, script, singleKeyScripts.includes(script as SingleKeyScript) ? 1 : 3) });

// Of private key 1, as key tables of each coin show it.
test.each<[NetworkName, SingleKeyScript, string]>([
  ['mainnet', 'p2pkh', '1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH'],
  ['mainnet', 'p2wpkh', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  ['litecoin', 'p2pkh', 'LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ'],
  ['litecoin', 'p2wpkh', 'ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9'],
  ['dogecoin', 'p2pkh', 'DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE'],
])('%s, %s: %s', (network, script, address) => {
  expect(addressOfScript(scriptOf(script, G), network)).toBe(address);
  expect(toHex(scriptOfAddress(address, network))).toBe(toHex(scriptOf(script, G)));
});

// BIP44, BIP49 and BIP84 accounts of the best-known test mnemonic, as other wallets of each coin show them.
test.each<[NetworkName, string, SingleKeyScript, string]>([
  ['litecoin', '44h/2h/0h/0/0', 'p2pkh', 'LUWPbpM43E2p7ZSh8cyTBEkvpHmr3cB8Ez'],
  ['litecoin', '49h/2h/0h/0/0', 'p2sh-p2wpkh', 'M7wtsL7wSHDBJVMWWhtQfTMSYYkyooAAXM'],
  ['litecoin', '84h/2h/0h/0/0', 'p2wpkh', 'ltc1qjmxnz78nmc8nq77wuxh25n2es7rzm5c2rkk4wh'],
  ['dogecoin', '44h/3h/0h/0/0', 'p2pkh', 'DBus3bamQjgJULBJtYXpEzDWQRwF5iwxgC'],
])('%s at %s', (network, path, script, address) => {
  const key = SigningKey.fromSeed(seed, network);
  expect(addressOfScript(scriptOf(script, key.publicKeyAt(parsePath(path))), network)).toBe(address);
  const wallet = createWallet({ name: 'W', network, script, required: 1, cosigners: [{ label: 'K', record: accountKeyRecord(key, script, 0) }] });
  expect(createAddressDeriver(wallet).derive(0, 0).address).toBe(address);
});

test('Dogecoin\'s extended keys are written as dgub, Litecoin\'s as xpub, and each is read in both forms', () => {
  const key = SigningKey.fromSeed(seed, 'dogecoin').extendedPublicKeyAt(parsePath('44h/3h/0h'));
  const dgub = 'dgub8rUhDtD3YFGZTUphBfpBbzvFxSMKQXYLzg87Me2ta78r2SdVLmypBUkkxrrn9RTnchsyiJSkHZyLWxD13ibBiXtuFWktBoDaGaZjQUBLNLs';
  expect(formatExtendedPublicKey(key, 'dogecoin')).toBe(dgub);
  expect(parseExtendedPublicKey(dgub)).toEqual({ key, realm: 'dogecoin', prefixScript: null });
  const xpub = formatExtendedPublicKey(key, 'litecoin');
  expect(xpub.slice(0, 4)).toBe('xpub');
  for (const [version, start, realm, prefixScript] of [['019da462', 'Ltub', 'litecoin', null], ['01b26ef6', 'Mtub', 'litecoin', 'p2sh-p2wpkh'], ['0436f6e1', 'ttub', 'litecoin-test', null]] as const) {
    const text = relabelled(xpub, version);
    expect(text.slice(0, 4)).toBe(start);
    expect(parseExtendedPublicKey(text)).toEqual({ key, realm, prefixScript });
  }
});

test.each(['019d9cfe', '01b26792', '0436ef7d', '02fac398'])('an extended private key of version %s stands nowhere', (version) => {
  const text = relabelled(formatExtendedPublicKey(SigningKey.fromSeed(seed, 'litecoin').extendedPublicKeyAt([]), 'litecoin'), version);
  expect(text).toMatch(/^(Ltpv|Mtpv|ttpv|dgpv)/);
  expect(() => parseExtendedPublicKey(text)).toThrow(code('wallet.private-key'));
  expect(() => rejectPrivateKeyText(`[00000000]${text}`)).toThrow(code('wallet.private-key'));
});

test.each([
  'T33ydQRKp4FCW5LCLLUB7deioUMoveiwekdwUwyfRDeGZm76aUjV', '6u823ozcyt2rjPH8Z2ErsSXJB5PPQwK7VVTwwN4mxLBFrao69XQ', 'QNcdLVw8fHkixm6NNyN6nVwxKek4u7qrioRbQmjxac5TVoTtZuot', '6J8csdv3eDrnJcpSEb4shfjMh2JTiG9MKzC1Yfge4Y4GyUsjdM6',
])('a private key of Litecoin or Dogecoin is refused where public keys belong: %s', (wif) => {
  expect(() => rejectPrivateKeyText(`a note: ${wif}`)).toThrow(code('wallet.private-key'));
});

test('an old P2SH address of Litecoin is read and written anew; of which coin it was, it does not tell', () => {
  const script = scriptOfAddress('3CDJNfdWX8m2NwuGUV3nhXHXEeLygMXoAj', 'litecoin');
  expect(addressOfScript(script, 'litecoin')).toBe('MJRSgZ3UUFcTBTBAaN38XAXvZLwRe8WVw7');
  expect(addressOfScript(script, 'mainnet')).toBe('3CDJNfdWX8m2NwuGUV3nhXHXEeLygMXoAj');
  expect(scriptOfAddress('MJRSgZ3UUFcTBTBAaN38XAXvZLwRe8WVw7', 'litecoin')).toEqual(script);
  expect(() => scriptOfAddress('MJRSgZ3UUFcTBTBAaN38XAXvZLwRe8WVw7', 'mainnet')).toThrow(code('network.mismatch'));
});

test('no address is one of two coins, but for old P2SH and test addresses that share their version bytes', () => {
  for (const network of ['mainnet', 'litecoin', 'dogecoin'] as const) {
    for (const script of ['p2pkh', 'p2wpkh', 'p2tr', 'p2sh-p2wpkh'] as const) {
      const address = addressOfScript(scriptOf(script, G), network);
      if (address === null) continue;
      for (const other of ['mainnet', 'litecoin', 'dogecoin'] as const) {
        if (other === network || (network === 'mainnet' && other === 'litecoin' && script === 'p2sh-p2wpkh')) continue;
        expect(() => scriptOfAddress(address, other), `${address} on ${other}`).toThrow(code('network.mismatch'));
      }
    }
  }
});

test('addresses of Litecoin\'s extension blocks are refused by name on every network', () => {
  for (const network of networkNames) for (const address of ['ltcmweb1qq0s0sggg3zslmqsd0mzhtm9lyu9hsn4wqeyt8rrxq4lpr6mkz8xmlqesh2m9vq4dkqw4v6h5r2hj3t2z9xvxlg4cpl5k0fgsjq8k4fjgsjs6cs6n', 'tmweb1qqfvs67ma5505jda7gnnnw6mllzs9p2lhz85qlcupfnhdw5lys9ljsqngchxxmnqzpa82pyfky99f4j7a9sfpydum83scwdv6twt2l6a8cuuad7dy']) {
    expect(() => scriptOfAddress(address, network)).toThrow(code('address.extension-block'));
  }
});

test('Dogecoin has legacy scripts alone: wallets, keys and addresses of others are refused by name', () => {
  for (const network of ['dogecoin', 'dogecoin-testnet', 'dogecoin-regtest'] as const) {
    for (const script of [...quorumScripts, ...singleKeyScripts]) {
      if (script === 'p2sh' || script === 'p2pkh') expect(walletOf(network, script).script).toBe(script);
      else {
        expect(() => keysOf(network, script)).toThrow(code('wallet.script-unavailable'));
        expect(() => createWallet({ name: 'W', network, script, required: 1, cosigners: keysOf(network, 'p2pkh', 1) })).toThrow(code('wallet.script-unavailable'));
      }
    }
    for (const script of ['p2wpkh', 'p2tr'] as const) expect(addressOfScript(scriptOf(script, G), network)).toBeNull();
  }
});

test('keys of one coin make no wallet of another: by their version bytes, or by the coin type of their path', () => {
  const mains = ['mainnet', 'litecoin', 'dogecoin'] as const;
  for (const network of mains) for (const other of mains) {
    const make = (): unknown => createWallet({ name: 'W', network: other, script: 'p2sh', required: 2, cosigners: keysOf(network, 'p2sh') });
    if (network === other) expect(make).not.toThrow();
    else expect(make, `${network} on ${other}`).toThrow(code('network.mismatch'));
  }
  for (const network of mains) expect(() => createWallet({ name: 'W', network, script: 'p2sh', required: 2, cosigners: keysOf('regtest', 'p2sh') })).toThrow(code('network.mismatch'));
});

test('the policy id tells chains apart that have the same keys', () => {
  const ids = (['regtest', 'litecoin-regtest', 'dogecoin-regtest', 'litecoin-testnet'] as const).map((network) => policyIdOf(walletOf(network, 'p2sh')).words);
  expect(new Set(ids).size).toBe(4);
});

test.each(['litecoin', 'litecoin-regtest', 'dogecoin', 'dogecoin-regtest'] as const)('a wallet of %s goes out as a descriptor and comes back; programs that know Bitcoin alone get none', (network) => {
  const wallet = walletOf(network, 'p2sh');
  for (const format of writtenFormats) {
    if (!['strongroom', 'descriptor', 'bip388', 'core'].includes(format)) {
      expect(() => exportWallet(wallet, format)).toThrow(code('wallet.export-limit'));
      continue;
    }
    const file = readForeign(exportWallet(wallet, format).content, { script: null, password: null, inflate: inflateRaw });
    const back = importWallet(file, { name: null, fallbackName: null, network: chainTells(network) ? null : network });
    expect(policyIdOf(back.wallet).walletId).toBe(policyIdOf(wallet).walletId);
  }
});
const chainTells = (network: NetworkName): boolean => !network.includes('-');

test('a descriptor of Litecoin in the older form (Ltub) is the same wallet', () => {
  const wallet = walletOf('litecoin', 'p2sh');
  const [first] = wallet.cosigners;
  const text = formatKeyRecord((first as (typeof wallet.cosigners)[number]).record, 'litecoin').replace(/xpub.*$/, (xpub) => relabelled(xpub, '019da462'));
  const older = createWallet({ ...wallet, cosigners: [{ label: 'K0', record: parseKeyRecord(text) }, ...wallet.cosigners.slice(1)] });
  expect(walletDescriptor(older)).toBe(walletDescriptor(wallet));
  expect(() => createWallet({ ...wallet, network: 'mainnet', cosigners: [{ label: 'K0', record: parseKeyRecord(text) }] , required: 1 })).toThrow(code('network.mismatch'));
});

test.each([
  ['mainnet', 546n, 540n, 294n], ['litecoin', 5_460n, 5_400n, 2_940n], ['dogecoin', 1_000_000n, 1_000_000n, 1_000_000n],
] as const)('%s has dust below %d sats for P2PKH', (network, p2pkh, p2sh, p2wpkh) => {
  expect([dustLimitSats('p2pkh', network), dustLimitSats('p2sh', network), dustLimitSats('p2wpkh', network), dustLimitSats('op-return', network)]).toEqual([p2pkh, p2sh, p2wpkh, 0n]);
});
