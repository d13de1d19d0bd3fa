import { expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { formatPath } from '../../../src/domain/derivation-path.ts';
import { networkNames } from '../../../src/domain/network.ts';
import { nativeSlowHashes } from '../../../src/node/signer/slow-hashes.ts';
import { accountPath } from '../../../src/signer/account-key.ts';
import { masterKeyOf } from '../../../src/signer/private-derivation.ts';
import { openPaperKey, PaperKey } from '../../../src/signer/paper-key.ts';
import { addressOfPaperKey, writePaperWallet } from '../../../src/signer/paper-wallet-keys.ts';
import { formatExtendedPrivateKey, parseExtendedPrivateKey } from '../../../src/signer/secrets/extended-private-key.ts';
import { parseSecret } from '../../../src/signer/secrets/parse-secret.ts';
import { formatWif, parseWif, requireRealm, requireSingleKeyRealm } from '../../../src/signer/secrets/wif.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const one = new Uint8Array(32);
one[31] = 1;

// Private key 1, as key tables of each coin show it.
test.each([
  ['mainnet', 'main', 'KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn', '5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAnchuDf'],
  ['litecoin', 'litecoin', 'T33ydQRKp4FCW5LCLLUB7deioUMoveiwekdwUwyfRDeGZm76aUjV', '6u823ozcyt2rjPH8Z2ErsSXJB5PPQwK7VVTwwN4mxLBFrao69XQ'],
  ['dogecoin', 'dogecoin', 'QNcdLVw8fHkixm6NNyN6nVwxKek4u7qrioRbQmjxac5TVoTtZuot', '6J8csdv3eDrnJcpSEb4shfjMh2JTiG9MKzC1Yfge4Y4GyUsjdM6'],
  ['dogecoin-testnet', 'dogecoin-test', 'cejxntqoC3o8qiC8HG8DrwoNyiRDBrMCEU8QrUVpLKdXsGy8LpTM', '95UQWtAhNXzaVi3yUhaosHVdhVR4fi62e34wo6n3ZvcTw67if2k'],
] as const)('%s: WIF as the coin writes it, recognised, and of no other network', (network, realm, compressed, uncompressed) => {
  for (const [text, isCompressed] of [[compressed, true], [uncompressed, false]] as const) {
    expect(formatWif({ privateKey: one, compressed: isCompressed }, network)).toBe(text);
    expect(parseWif(text)).toEqual({ privateKey: one, compressed: isCompressed, realm });
    expect(parseSecret(text)).toMatchObject({ kind: 'private-key', compressed: isCompressed, realm });
  }
  for (const other of networkNames) {
    if (other === network) expect(() => requireSingleKeyRealm(realm, other)).not.toThrow();
    else expect(() => requireSingleKeyRealm(realm, other)).toThrow(code('key.network'));
  }
});

test('a paper of another coin is refused before it is opened; on Dogecoin a key spends P2PKH alone', async () => {
  await expect(openPaperKey('T33ydQRKp4FCW5LCLLUB7deioUMoveiwekdwUwyfRDeGZm76aUjV', '', 'mainnet', nativeSlowHashes)).rejects.toMatchObject({ code: 'key.network' });
  await expect(openPaperKey('KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn', '', 'litecoin', nativeSlowHashes)).rejects.toMatchObject({ code: 'key.network' });
  const key = { privateKey: one, compressed: true };
  expect(new PaperKey(key, 'dogecoin', 'wif').addresses()).toEqual([{ script: 'p2pkh', address: 'DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE' }]);
  expect(new PaperKey(key, 'litecoin', 'wif').addresses().map(({ script }) => script).sort()).toEqual(['p2pkh', 'p2sh-p2wpkh', 'p2tr', 'p2wpkh']);
});

test('paper wallets: each coin\'s own addresses, written and read back, and none of a script that it does not have', async () => {
  for (const [network, script] of [['litecoin', 'p2pkh'], ['litecoin', 'p2wpkh'], ['litecoin', 'p2tr'], ['dogecoin', 'p2pkh']] as const) {
    const written = await writePaperWallet(one, { script, network, writing: { form: 'wif' } }, nativeSlowHashes);
    expect(written).toEqual({ address: addressOfPaperKey(one, script, network), text: formatWif({ privateKey: one, compressed: true }, network) });
  }
  const written = await writePaperWallet(one, { script: 'p2pkh', network: 'dogecoin', writing: { form: 'bip38', passphrase: 'x' } }, nativeSlowHashes);
  const opened = await openPaperKey(written.text, 'x', 'dogecoin', nativeSlowHashes);
  expect(opened.addresses()[0]?.address).toBe(written.address);
  await expect(openPaperKey(written.text, 'x', 'mainnet', nativeSlowHashes)).rejects.toMatchObject({ code: 'key.network' });
  await expect(writePaperWallet(one, { script: 'p2wpkh', network: 'dogecoin', writing: { form: 'wif' } }, nativeSlowHashes)).rejects.toMatchObject({ code: 'wallet.script-unavailable' });
});

test('extended private keys: Dogecoin\'s own form, Litecoin\'s in Bitcoin\'s, and the networks that each is read on', () => {
  const master = masterKeyOf(new Uint8Array(32).fill(7));
  const dgpv = formatExtendedPrivateKey(master, 'dogecoin');
  const xprv = formatExtendedPrivateKey(master, 'litecoin');
  expect([dgpv.slice(0, 4), xprv.slice(0, 4), xprv === formatExtendedPrivateKey(master, 'mainnet')]).toEqual(['dgpv', 'xprv', true]);
  const parsed = parseExtendedPrivateKey(dgpv);
  expect([parsed.realm, toHex(parsed.key.privateKey)]).toEqual(['dogecoin', toHex(master.privateKey)]);
  expect(parseSecret(dgpv)).toMatchObject({ kind: 'extended-private-key', realm: 'dogecoin' });
  expect(() => requireRealm('dogecoin', 'mainnet')).toThrow(code('key.network'));
  expect(() => requireRealm('litecoin', 'mainnet')).toThrow(code('key.network'));
  expect(() => requireRealm('test', 'litecoin')).toThrow(code('key.network'));
  for (const [realm, network] of [['main', 'litecoin'], ['litecoin', 'litecoin'], ['litecoin-test', 'litecoin-testnet'], ['test', 'litecoin-regtest'], ['dogecoin', 'dogecoin'], ['main', 'dogecoin'], ['test', 'dogecoin-testnet']] as const) expect(() => requireRealm(realm, network)).not.toThrow();
});

test('accounts stand at the coin\'s own place (SLIP-44)', () => {
  expect(formatPath(accountPath('litecoin', 0, 'p2wsh'))).toBe('48h/2h/0h/2h');
  expect(formatPath(accountPath('dogecoin', 1, 'p2sh'))).toBe('45h/3h/1h');
  expect(formatPath(accountPath('litecoin-testnet', 0, 'p2wpkh'))).toBe('84h/1h/0h');
  expect(() => accountPath('dogecoin', 0, 'p2wsh')).toThrow(code('wallet.script-unavailable'));
});
