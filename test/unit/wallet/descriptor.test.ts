import fc from 'fast-check';
import { expect, test } from 'vitest';
import { descriptorChecksum, parseDescriptor, withChecksum } from '../../../src/wallet/descriptor.ts';
import { createWallet, walletDescriptor } from '../../../src/wallet/wallet.ts';
import { walletOf } from '../signer/fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const descriptor = walletDescriptor(walletOf());
const body = descriptor.slice(0, -9);

test('BIP380: the checksum of raw(deadbeef) is 89f8spxm', () => {
  expect(descriptorChecksum('raw(deadbeef)')).toBe('89f8spxm');
});

test('BIP380: the checksum finds every single changed character', () => {
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.constantFrom(...'0123456789abcdefx/[]()h'), (position, character) => {
      fc.pre(body[position] !== character);
      expect(descriptorChecksum(body.slice(0, position) + character + body.slice(position + 1))).not.toBe(descriptor.slice(-8));
    }),
  );
});

test('a descriptor written and read again is the same', () => {
  const parsed = parseDescriptor(descriptor);
  expect(parsed.required).toBe(2);
  expect(parsed.keys).toEqual(walletOf().cosigners.map(({ record }) => record));
  expect(walletDescriptor(walletOf(), 1)).toMatch(/^wsh\(sortedmulti\(2,\[73c5da0a\/48h\/1h\/0h\/2h\]tpub[^/]+\/1\/\*,/);
});

test.each([
  ['wallet.checksum', body],
  ['wallet.checksum', `${body}#`],
  ['wallet.checksum', `${body}#aaaaaaaa`],
  ['wallet.checksum', `${descriptor}#${descriptor.slice(-8)}`],
  ['wallet.checksum', descriptor.replace('sortedmulti(2', 'sortedmulti(1')],
  ['wallet.malformed', `${body}é#aaaaaaaa`],
  ['wallet.descriptor-unsupported', withChecksum(body.replace('sortedmulti', 'multi'))],
  ['wallet.descriptor-unsupported', withChecksum(`sh(sh(${body}))`)],
  ['wallet.descriptor-unsupported', withChecksum(`wsh(${body})`)],
  ['wallet.descriptor-unsupported', withChecksum(body.replace('wsh(sortedmulti(2,', 'tr(50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac1,sortedmulti_a(2,'))],
  ['wallet.descriptor-unsupported', withChecksum(body.replace('sortedmulti(2,', 'sortedmulti(0,'))],
  ['wallet.descriptor-unsupported', withChecksum('wpkh()')],
  ['wallet.descriptor-unsupported', withChecksum(body.replaceAll('<0;1>', '<0;2>'))],
  ['wallet.descriptor-unsupported', withChecksum(body.replaceAll('/<0;1>/*', '/0/*'))],
  ['wallet.descriptor-unsupported', withChecksum(body.replaceAll('/*', '/*h'))],
  ['wallet.private-key', withChecksum(body.replace(/tpub[A-Za-z0-9]+/, 'tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK'))],
  ['key.record-malformed', withChecksum(body.replace(/tpub./, 'tpubE'))],
  ['key.record-malformed', withChecksum(body.replace('[73c5da0a', '[73c5da0'))],
])('%s: a descriptor is refused', (expected, text) => {
  expect(() => parseDescriptor(text)).toThrow(code(expected));
});

test('quorums that cannot be and keys that stand twice are refused', () => {
  const wallet = walletOf();
  for (const required of [0, 4, -1, 1.5]) expect(() => createWallet({ ...wallet, required })).toThrow(code('wallet.quorum-range'));
  expect(() => createWallet({ ...wallet, required: 1, cosigners: [] })).toThrow(code('wallet.quorum-range'));
  const [first, second] = wallet.cosigners;
  if (first === undefined || second === undefined) throw new TypeError('fixture');
  expect(() => createWallet({ ...wallet, cosigners: [first, second, { ...first, label: 'another name' }] })).toThrow(code('wallet.duplicate-key'));
  expect(() => createWallet({ ...wallet, cosigners: Array.from({ length: 21 }, () => first) })).toThrow(code('wallet.quorum-range'));
  expect(() => createWallet({ ...wallet, script: 'p2sh', cosigners: Array.from({ length: 16 }, () => first) })).toThrow(code('wallet.quorum-range'));
  expect(() => createWallet({ ...wallet, script: 'p2tr', required: 1, cosigners: [first, second] })).toThrow(code('wallet.quorum-range'));
  expect(() => createWallet({ ...wallet, network: 'mainnet' })).toThrow(code('network.mismatch'));
});

test('a wallet of one network cannot be made of keys whose paths are of another, whatever version bytes they were given', () => {
  const onMainnet = walletOf(['alice', 'bob', 'carol'], 2, 'mainnet');
  const relabelled = onMainnet.cosigners.map((cosigner) => ({ ...cosigner, record: { ...cosigner.record, realm: 'test' as const } }));
  for (const network of ['practice', 'regtest', 'signet', 'testnet4'] as const) {
    expect(() => createWallet({ ...onMainnet, network, cosigners: relabelled })).toThrow(code('network.mismatch'));
  }
  const onRegtest = walletOf();
  expect(() => createWallet({ ...onRegtest, network: 'mainnet', cosigners: onRegtest.cosigners.map((cosigner) => ({ ...cosigner, record: { ...cosigner.record, realm: 'main' as const } })) })).toThrow(code('network.mismatch'));
});

test('a wallet cannot be changed after it was made, since its policy id is remembered', () => {
  const wallet = walletOf();
  expect(() => Object.assign(wallet, { required: 1 })).toThrow(TypeError);
  expect(() => Object.assign(wallet.cosigners, { length: 1 })).toThrow(TypeError);
  expect(() => Object.assign(wallet.cosigners[0] as object, { label: 'Mallory' })).toThrow(TypeError);
});
