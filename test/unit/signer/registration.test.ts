import { expect, test } from 'vitest';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { accountKeyRecord } from '../../../src/signer/account-key.ts';
import { registerWallet, verifyRegistration } from '../../../src/signer/registration.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { formatRegistration, parseRegistration } from '../../../src/wallet/registration.ts';
import { createWallet, type Wallet } from '../../../src/wallet/wallet.ts';
import { keyOf, walletOf, type Person } from './fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const wallet = walletOf();
const words = policyIdOf(wallet).words;
const record = (person: Person, account = 0) => accountKeyRecord(keyOf(person), 'p2wsh', account);
const cosigners = (...records: ReturnType<typeof record>[]): Wallet['cosigners'] => records.map((each, index) => ({ label: `c${index}`, record: each }));
const register = (changed: Wallet) => registerWallet(keyOf('alice'), changed, policyIdOf(changed).words);

test('a registration is verified by the key that made it, after a trip through its file', () => {
  const registration = parseRegistration(formatRegistration(registerWallet(keyOf('bob'), wallet, words.toUpperCase())));
  const registered = verifyRegistration(keyOf('bob'), registration);
  expect(registered.ownPosition).toBe(1);
  expect(registered.policyId).toEqual(policyIdOf(wallet));
  expect(registered.deriver.derive(0, 0).keys[1]?.publicKey).toEqual(keyOf('bob').publicKeyAt(parsePath('m/48h/1h/0h/2h/0/0')));
});

test('a wrong policy id registers nothing', () => {
  expect(() => registerWallet(keyOf('alice'), wallet, words.split(' ').reverse().join(' '))).toThrow(code('wallet.policy-mismatch'));
  expect(() => registerWallet(keyOf('alice'), wallet, '')).toThrow(code('wallet.policy-mismatch'));
});

test('a key that is no cosigner registers nothing', () => {
  expect(() => registerWallet(keyOf('dave'), wallet, words)).toThrow(code('wallet.own-key-missing'));
});

test('a stranger\'s key under our fingerprint is not ours', () => {
  const forged = { ...record('dave'), masterFingerprint: keyOf('alice').fingerprint };
  expect(() => register(createWallet({ ...wallet, cosigners: cosigners(forged, record('bob')) }))).toThrow(code('wallet.own-key-missing'));
});

test('our own key under a path that is not its own is not ours', () => {
  const forged = { ...record('alice'), path: parsePath('m/48h/1h/1h/2h') };
  expect(() => register(createWallet({ ...wallet, cosigners: cosigners(forged, record('bob')) }))).toThrow(code('wallet.own-key-missing'));
});

test('our own key under a stranger\'s fingerprint is refused', () => {
  const forged = { ...record('alice'), masterFingerprint: keyOf('bob').fingerprint };
  expect(() => register(createWallet({ ...wallet, cosigners: cosigners(forged, record('carol')) }))).toThrow(code('wallet.own-key-missing'));
});

test('our own public key with another chain code is not ours', () => {
  const own = record('alice');
  const forged = { ...own, key: { ...own.key, chainCode: record('bob').key.chainCode } };
  expect(() => register(createWallet({ ...wallet, cosigners: cosigners(forged, record('bob')) }))).toThrow(code('wallet.own-key-missing'));
});

test('two accounts of one key are one person twice', () => {
  expect(() => register(createWallet({ ...wallet, cosigners: cosigners(record('alice'), record('alice', 1)) }))).toThrow(code('wallet.own-key-twice'));
});

test('our key beside a stranger\'s under our fingerprint is refused', () => {
  const forged = { ...record('dave'), masterFingerprint: keyOf('alice').fingerprint };
  expect(() => register(createWallet({ ...wallet, cosigners: cosigners(record('alice'), forged) }))).toThrow(code('wallet.own-key-twice'));
});

test('a second account of our key under a stranger\'s fingerprint is one person twice', () => {
  const disguised = { ...record('alice', 1), masterFingerprint: keyOf('bob').fingerprint };
  expect(() => register(createWallet({ ...wallet, cosigners: cosigners(record('alice'), disguised) }))).toThrow(code('wallet.own-key-twice'));
});

test('a wallet of another network is refused, practice beside regtest too', () => {
  expect(() => registerWallet(keyOf('alice', 'practice'), wallet, words)).toThrow(code('key.network'));
  expect(() => verifyRegistration(keyOf('alice', 'practice'), registerWallet(keyOf('alice'), wallet, words))).toThrow(code('key.network'));
});

const genuine = registerWallet(keyOf('alice'), wallet, words);
test.each([
  ['another key', () => verifyRegistration(keyOf('bob'), genuine)],
  ['another key that says it is its own', () => verifyRegistration(keyOf('bob'), { ...genuine, ownKey: keyOf('bob').fingerprint })],
  ['another key\'s name on what this key made', () => verifyRegistration(keyOf('alice'), { ...genuine, ownKey: keyOf('bob').fingerprint })],
  ['half a MAC', () => verifyRegistration(keyOf('alice'), { ...genuine, mac: genuine.mac.slice(0, 32) })],
  ['a changed name', () => verifyRegistration(keyOf('alice'), { ...genuine, wallet: { ...wallet, name: 'Treasury 2' } })],
  ['a changed quorum', () => verifyRegistration(keyOf('alice'), { ...genuine, wallet: { ...wallet, required: 1 } })],
  ['swapped labels', () => verifyRegistration(keyOf('alice'), { ...genuine, wallet: { ...wallet, cosigners: wallet.cosigners.map(({ record: kept }, index) => ({ label: wallet.cosigners[2 - index]?.label ?? '', record: kept })) } })],
  ['another cosigner', () => verifyRegistration(keyOf('alice'), { ...genuine, wallet: walletOf(['alice', 'bob', 'dave']) })],
  ['one bit of the MAC', () => verifyRegistration(keyOf('alice'), { ...genuine, mac: genuine.mac.replace(/.$/, (last) => (last === '0' ? '1' : '0')) })],
  ['a short MAC', () => verifyRegistration(keyOf('alice'), { ...genuine, mac: genuine.mac.slice(0, 62) })],
  ['an empty MAC', () => verifyRegistration(keyOf('alice'), { ...genuine, mac: '' })],
])('a registration is forged: %s', (_, verify) => {
  expect(verify).toThrow(code('registration.forged'));
});
