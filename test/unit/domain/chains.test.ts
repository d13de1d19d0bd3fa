import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import { networkOptions, networkWords, unitOf } from '../../../renderer/frame/networks.ts';
import { isMoney, parseBtc, parseSats, sats, sumSats, WIDEST_MONEY_SATS } from '../../../src/domain/amount.ts';
import { ByteWriter } from '../../../src/domain/byte-writer.ts';
import { parseHex, reversed, toHex } from '../../../src/domain/bytes.ts';
import { chainParameters, isRegtest, networkNames, networkOfGenesis, type NetworkName } from '../../../src/domain/network.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

/** Block 0 of each chain by its header: version 1, no previous block, merkle root, time, target, nonce. */
const SATOSHI = '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b';
const LITECOIN = '97ddfbbae6be97fd6cdf3e7ca13232a3afff2353e29badfab7f73011edd4ced9';
const DOGECOIN = '5b2a3f53f605d62c53e62932dac6925e3d74afa5a4b459745c36d42d0ed26a69';
test.each([
  ['mainnet', SATOSHI, 1231006505, 0x1d00ffff, 2083236893],
  ['testnet3', SATOSHI, 1296688602, 0x1d00ffff, 414098458],
  ['testnet4', '7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e', 1714777860, 0x1d00ffff, 393743547],
  ['signet', SATOSHI, 1598918400, 0x1e0377ae, 52613770],
  ['regtest', SATOSHI, 1296688602, 0x207fffff, 2],
  ['litecoin', LITECOIN, 1317972665, 0x1e0ffff0, 2084524493],
  ['litecoin-testnet', LITECOIN, 1486949366, 0x1e0ffff0, 293345],
  ['litecoin-regtest', LITECOIN, 1296688602, 0x207fffff, 0],
  ['dogecoin', DOGECOIN, 1386325540, 0x1e0ffff0, 99943],
  ['dogecoin-testnet', DOGECOIN, 1391503289, 0x1e0ffff0, 997879],
  ['dogecoin-regtest', DOGECOIN, 1296688602, 0x207fffff, 2],
] as const)('%s is known by the hash of its block 0', (network, merkleRoot, time, bits, nonce) => {
  const header = new ByteWriter().uint32(1).raw(new Uint8Array(32)).raw(reversed(parseHex(merkleRoot))).uint32(time).uint32(bits).uint32(nonce).bytes();
  const hash = toHex(reversed(sha256(sha256(header))));
  expect(chainParameters(network).genesisHash).toBe(hash);
  expect(networkOfGenesis(hash)).toBe(network);
});

test('practice has no block 0 that a node could answer with, and no two chains share one', () => {
  expect(chainParameters('practice').genesisHash).toBeNull();
  const hashes = networkNames.map((name) => chainParameters(name).genesisHash);
  expect(new Set(hashes).size).toBe(networkNames.length);
  expect(networkOfGenesis('00'.repeat(32))).toBeNull();
});

describe('amounts', () => {
  test.each([
    ['mainnet', 2_100_000_000_000_000n, '21000000'],
    ['litecoin', 8_400_000_000_000_000n, '84000000'],
    ['dogecoin', 1_000_000_000_000_000_000n, '10000000000'],
  ] as const)('%s has no amount above %d sats', (network, most, coins) => {
    expect(parseSats(String(most), network)).toBe(most);
    expect(parseBtc(coins, network)).toBe(most);
    expect(isMoney(most + 1n, network)).toBe(false);
    for (const wrong of [() => parseSats(String(most + 1n), network), () => parseBtc(`${coins}.00000001`, network), () => sats(most + 1n, network), () => sumSats([most, 1n], network)]) expect(wrong).toThrow(code('amount.out-of-range'));
  });

  test('where the chain is not known, the widest bound holds', () => {
    expect(WIDEST_MONEY_SATS).toBe(1_000_000_000_000_000_000n);
    expect(parseSats('1000000000000000000')).toBe(WIDEST_MONEY_SATS);
    expect(() => parseSats('1000000000000000001')).toThrow(code('amount.out-of-range'));
    expect(() => parseSats('10000000000000000000')).toThrow(code('amount.malformed'));
  });
});

test('every test network has coin type 1, every coin its own of SLIP-44', () => {
  expect(networkNames.filter((name) => !chainParameters(name).isTest).map((name) => [name, chainParameters(name).coinType])).toEqual([['mainnet', 0], ['litecoin', 2], ['dogecoin', 3]]);
  for (const name of networkNames) if (chainParameters(name).isTest) expect(chainParameters(name).coinType).toBe(1);
  expect(networkNames.filter(isRegtest)).toEqual(['regtest', 'practice', 'litecoin-regtest', 'dogecoin-regtest']);
});

test('the windows name every network, with the unit and the band that its chain has', () => {
  expect(Object.keys(networkWords).sort()).toEqual([...networkNames].sort());
  for (const name of networkNames) {
    const { unit, isTest } = chainParameters(name);
    expect([name, unitOf(name), networkWords[name].band !== null]).toEqual([name, unit, isTest]);
  }
  expect(unitOf(null)).toBe('BTC');
  const groups = new Map<string, NetworkName[]>();
  for (const { value, group } of networkOptions) groups.set(group, [...(groups.get(group) ?? []), value]);
  expect([...groups]).toEqual([
    ['Coins', ['mainnet', 'litecoin', 'dogecoin']],
    ['Test networks', ['practice', 'testnet4', 'testnet3', 'signet', 'regtest']],
    ['Test networks of Litecoin', ['litecoin-testnet', 'litecoin-regtest']],
    ['Test networks of Dogecoin', ['dogecoin-testnet', 'dogecoin-regtest']],
  ]);
});
