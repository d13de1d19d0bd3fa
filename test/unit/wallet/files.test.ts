import { expect, test } from 'vitest';
import { formatWalletFile, parseWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { isPolicyId, normalisedPolicy, policyIdOf } from '../../../src/wallet/policy-id.ts';
import { formatRegistration, parseRegistration } from '../../../src/wallet/registration.ts';
import type { Wallet } from '../../../src/wallet/wallet.ts';
import { keyOf, mnemonics, walletOf } from '../signer/fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const wallet = walletOf();
const file = formatWalletFile(wallet);
const changed = (text: string, change: (content: Record<string, unknown>) => void): string => {
  const content = JSON.parse(text);
  change(content);
  return JSON.stringify(content);
};

test('the policy id is eight words and the same 128 bits as the wallet id, fixed for ever', () => {
  expect(policyIdOf(wallet)).toMatchInlineSnapshot(`
    {
      "walletId": "efee345d0c3048822c32fad6f799199d",
      "words": "vuzov gidit bubub hofaf fubuf zorik zivin dokit",
    }
  `);
});

test('names, labels and the order of the cosigners are not part of the policy', () => {
  const renamed: Wallet = { ...wallet, name: 'Other', cosigners: [...wallet.cosigners].reverse().map((cosigner) => ({ ...cosigner, label: 'x' })) };
  expect(policyIdOf(renamed)).toEqual(policyIdOf(wallet));
});

test('network, quorum and every key are part of the policy', () => {
  const others = [walletOf(['alice', 'bob', 'carol'], 3), walletOf(['alice', 'bob', 'dave']), walletOf(['alice', 'bob']), walletOf(undefined, 2, 'practice')];
  const ids = [wallet, ...others].map((each) => policyIdOf(each).walletId);
  expect(new Set(ids).size).toBe(5);
  expect(normalisedPolicy(wallet).split('\n').slice(0, 5)).toEqual(['strongroom-policy-1', 'regtest', 'p2wsh', 'sorted', '2']);
});

test('a typed policy id may differ in case, blanks and hyphens, in nothing else', () => {
  const id = policyIdOf(wallet);
  expect(isPolicyId(`  ${id.words.toUpperCase().replaceAll(' ', ' - ').replaceAll(' - ', '-')}\n`, id)).toBe(true);
  expect(isPolicyId(id.words.replaceAll(' ', '\t \n'), id)).toBe(true);
  expect(isPolicyId(id.words.split(' ').slice(0, 7).join(' '), id)).toBe(false);
  expect(isPolicyId(id.words.split(' ').toReversed().join(' '), id)).toBe(false);
  expect(isPolicyId('', id)).toBe(false);
});

test('a wallet file written and read again is the same wallet', () => {
  expect(parseWalletFile(file)).toEqual(wallet);
  expect(formatWalletFile(parseWalletFile(file))).toBe(file);
});

test.each([
  ['wallet.malformed', 'not JSON'],
  ['wallet.malformed', '[]'],
  ['wallet.malformed', changed(file, (content) => delete content['descriptor'])],
  ['wallet.malformed', changed(file, (content) => (content['version'] = 2))],
  ['wallet.malformed', changed(file, (content) => (content['extra'] = 1))],
  ['wallet.malformed', changed(file, (content) => (content['name'] = 'two\nlines'))],
  ['wallet.malformed', changed(file, (content) => (content['name'] = 'x'.repeat(61)))],
  ['wallet.malformed', changed(file, (content) => (content['name'] = 'right-to-left \u202e override'))],
  ['wallet.checksum', changed(file, (content) => (content['descriptor'] = String(content['descriptor']).replace('sortedmulti(2', 'sortedmulti(1')))],
  ['wallet.first-address', changed(file, (content) => (content['firstReceive'] = content['firstChange']))],
  ['wallet.first-address', changed(file, (content) => (content['firstChange'] = 'bcrt1qother'))],
  ['wallet.first-address', changed(file, (content) => (content['policyId'] = 'eight other words'))],
  ['wallet.first-address', changed(file, (content) => (content['network'] = 'practice'))],
  ['network.mismatch', changed(file, (content) => (content['network'] = 'mainnet'))],
  ['wallet.private-key', mnemonics.alice],
])('%s: a wallet file is refused', (expected, text) => {
  expect(() => parseWalletFile(text)).toThrow(code(expected));
});

const registration = formatRegistration({ wallet, ownKey: keyOf('alice').fingerprint, mac: 'ab'.repeat(32) });

test('a registration written and read again is the same', () => {
  expect(parseRegistration(registration)).toEqual({ wallet, ownKey: '73c5da0a', mac: 'ab'.repeat(32) });
});

test.each([
  ['registration.malformed', 'not JSON'],
  ['registration.malformed', file],
  ['registration.malformed', changed(registration, (content) => (content['mac'] = 'ab'))],
  ['registration.malformed', changed(registration, (content) => (content['ownKey'] = '73C5DA0A'))],
  ['registration.malformed', changed(registration, (content) => (content['extra'] = true))],
  ['wallet.malformed', changed(registration, (content) => (content['wallet'] = {}))],
])('%s: a registration is refused', (expected, text) => {
  expect(() => parseRegistration(text)).toThrow(code(expected));
});

test('a registration nested so deep that it exhausts the stack is malformed, not a fault of the program', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const text = `{"format":"strongroom-registration","version":1,"ownKey":"73c5da0a","mac":"${'0'.repeat(64)}","wallet":{"x":${deep}}}`;
  expect(() => parseRegistration(text)).toThrow(code('registration.malformed'));
});
