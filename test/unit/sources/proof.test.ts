import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitsOfTarget, parseHeader, targetOfBits, workOfTarget } from '../../../src/companion/proof/block-header.ts';
import { HeaderChain } from '../../../src/companion/proof/header-chain.ts';
import { nextTarget, requireWork, rulesOfGenesis, type HeaderRules } from '../../../src/companion/proof/header-rules.ts';
import { requireInBlock } from '../../../src/companion/proof/merkle-proof.ts';
import { ProofMemory } from '../../../src/companion/proof/proof-memory.ts';
import { scriptHashOf } from '../../../src/companion/proof/script-hash.ts';
import { parseHex, reversed, toHex } from '../../../src/domain/bytes.ts';
import { chainParameters } from '../../../src/domain/network.ts';
import { ChainIndex, hash256, merkleRoot } from '../../support/peers/chain-index.ts';
import { makeHeader, TestChain, testTransaction } from '../../support/hostile/test-chain.ts';

const MAINNET_GENESIS = parseHex('0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c');
const rulesOf = (network: 'mainnet' | 'regtest' | 'signet'): HeaderRules => rulesOfGenesis(chainParameters(network).genesisHash ?? '') as HeaderRules;
const reason = (code: string, why: string) => expect.objectContaining({ code, details: expect.objectContaining({ reason: why }) });

describe('headers', () => {
  test('the first block of mainnet: its hash, its target, its network, its work', () => {
    const header = parseHeader(MAINNET_GENESIS);
    expect(header).toEqual({
      hash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f', previousHash: '00'.repeat(32),
      merkleRoot: '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b', time: 1_231_006_505, bits: 0x1d00ffff,
    });
    expect(rulesOfGenesis(header.hash)?.network).toBe('mainnet');
    expect(workOfTarget(targetOfBits(header.bits) as bigint)).toBe(0x1_0001_0001n);
    expect(() => requireWork(header, 0, rulesOf('mainnet'))).not.toThrow();
    // The same header would be a cheap lie about a block of today.
    expect(() => requireWork(header, 850_000, rulesOf('mainnet'))).toThrow(reason('node.proof', 'difficulty'));
  });

  test('a changed byte takes the work away', () => {
    const changed = Uint8Array.from(MAINNET_GENESIS);
    changed[70] = 0;
    expect(() => requireWork(parseHeader(changed), 0, rulesOf('mainnet'))).toThrow(reason('node.proof', 'work'));
  });

  test('79 bytes are no header', () => {
    expect(() => parseHeader(MAINNET_GENESIS.subarray(1))).toThrow(reason('node.proof', 'header-size'));
  });

  // Bitcoin's own figures for its first changes of difficulty, and the bounds of one step.
  test.each([
    ['the first change of difficulty (block 32,256)', 0x1d00ffff, 1_261_130_161, 1_262_152_739, 0x1d00d86a],
    ['never easier than the easiest', 0x1d00ffff, 1_231_006_505, 1_233_061_996, 0x1d00ffff],
    ['never more than four times harder', 0x1c05a3f4, 1_279_008_237, 1_279_297_671, 0x1c0168fd],
    ['never more than four times easier', 0x1c387f6f, 1_263_163_443, 1_269_211_443, 0x1d00e1fd],
  ])('%s', (_, bits, first, last, expected) => {
    expect(bitsOfTarget(nextTarget(bits, first, last, 0x1d00ffff))).toBe(expected);
  });

  test.each([0x00000000, 0x01800001, 0x20800001, 0xff123456, 0x1d000000])('%i is no target', (bits) => {
    expect(targetOfBits(bits)).toBeNull();
  });

  test('the short form of a target is the target again', () => {
    fc.assert(fc.property(fc.integer({ min: 4, max: 32 }), fc.integer({ min: 0x8000, max: 0x7fffff }), (exponent, mantissa) => {
      const bits = ((exponent << 24) | mantissa) >>> 0;
      expect(bitsOfTarget(targetOfBits(bits) as bigint)).toBe(bits);
    }));
  });

  test('a scrypt chain is none whose headers are checked here', () => {
    expect(rulesOfGenesis(chainParameters('litecoin').genesisHash ?? '')).toBeNull();
    expect(rulesOfGenesis('ab'.repeat(32))).toBeNull();
  });
});

describe('a chain of headers', () => {
  const serve = (chain: TestChain) => ({ headers: async (start: number, count: number) => chain.index.blocks.slice(start, start + Math.min(count, 7)).map(({ header }) => header) });
  const tipOf = (chain: TestChain) => ({ height: chain.index.height, header: chain.index.blocks.at(-1)?.header ?? new Uint8Array(0) });

  test('follows its server forwards, and backwards only to more work', async () => {
    const chain = new TestChain();
    chain.mineMany(30);
    const headers = new HeaderChain(rulesOf('regtest'), null);
    await headers.follow(serve(chain), tipOf(chain));
    expect((await headers.reach(serve(chain), 4)).hash).toBe(chain.index.blocks[4]?.hash);
    chain.mineMany(9);
    await headers.follow(serve(chain), tipOf(chain));
    expect([headers.high, headers.at(39)?.hash]).toEqual([39, chain.index.blocks[39]?.hash]);
    chain.reorganise(20);
    await headers.follow(serve(chain), tipOf(chain));
    for (const height of [4, 19, 20, 25, 40]) expect(headers.at(height)?.hash).toBe(chain.index.blocks[height]?.hash);
    chain.reorganise(3, [], 0);
    await expect(headers.follow(serve(chain), tipOf(chain))).rejects.toMatchObject({ code: 'node.lagging' });
  });

  test('where headers are not linked all the way, those far down stand by their own work', async () => {
    const chain = new TestChain();
    chain.mineMany(30);
    const headers = new HeaderChain(rulesOf('regtest'), 5);
    await headers.follow(serve(chain), tipOf(chain));
    expect((await headers.reach(serve(chain), 27)).hash).toBe(chain.index.blocks[27]?.hash);
    expect((await headers.reach(serve(chain), 3)).hash).toBe(chain.index.blocks[3]?.hash);
    await expect(headers.reach(serve(chain), 31)).rejects.toMatchObject({ code: 'node.proof', details: { reason: 'tip' } });
  });

  test('a change of difficulty between two periods is refused', async () => {
    const chain = new TestChain();
    chain.mineMany(3);
    const easy = makeHeader({ previous: hash256(chain.index.blocks[3]?.header as Buffer), root: Buffer.alloc(32, 1), time: 1_296_700_000, bits: 0x207ffffe });
    const rules = rulesOf('regtest');
    const headers = new HeaderChain(rules, null);
    await headers.follow(serve(chain), tipOf(chain));
    chain.index.connect(easy, []);
    await expect(headers.follow(serve(chain), tipOf(chain))).rejects.toMatchObject({ code: 'node.proof', details: { reason: 'difficulty' } });
  });
});

describe('merkle proofs', () => {
  test('hold for every transaction of a block of any size, and for no other block', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (size, pick) => {
      const index = new ChainIndex();
      const transactions = Array.from({ length: size }, (_, salt) => testTransaction([{ txid: 'aa'.repeat(32), vout: salt }], [{ script: Buffer.from([0x51]), amountSats: 1n }]));
      const root = merkleRoot(transactions.map((each) => each.getId()));
      index.connect(makeHeader({ previous: Buffer.alloc(32), root, time: 1 }), transactions);
      const position = pick % size;
      const proof = { position, branch: index.merkle(0, position) };
      const txid = transactions[position]?.getId() ?? '';
      const shown = toHex(reversed(root));
      expect(() => requireInBlock(txid, proof, shown)).not.toThrow();
      expect(() => requireInBlock(txid, proof, 'ab'.repeat(32))).toThrow(reason('node.proof', 'merkle'));
      expect(() => requireInBlock('cd'.repeat(32), proof, shown)).toThrow(reason('node.proof', 'merkle'));
      expect(() => requireInBlock(txid, { ...proof, position: 2 ** proof.branch.length }, shown)).toThrow(reason('node.proof', 'merkle-position'));
    }), { numRuns: 60 });
  });

  test('CVE-2017-12842: a transaction of 64 bytes does not pass for an inner node', () => {
    // What a miner can do: its second half is the id of a transaction that is in no block.
    const poser = testTransaction([{ txid: 'ee'.repeat(32), vout: 0 }], [{ script: Buffer.from([0x51, 0x51, 0x51, 0x51]), amountSats: 1n }]);
    (poser.ins[0] as { script: Uint8Array }).script = Buffer.alloc(0);
    const bytes = Buffer.from(poser.toBuffer());
    expect(bytes).toHaveLength(64);
    const claimed = toHex(reversed(bytes.subarray(32)));
    const sibling = toHex(reversed(bytes.subarray(0, 32)));
    expect(() => requireInBlock(claimed, { position: 1, branch: [sibling] }, poser.getId())).toThrow(reason('node.proof', 'inner-node'));
  });

  test('a block of one transaction needs no proof but itself', () => {
    expect(() => requireInBlock('ab'.repeat(32), { position: 0, branch: [] }, 'ab'.repeat(32))).not.toThrow();
  });
});

test('a script\'s name on Electrum servers is its hash backwards', () => {
  // The documentation's own example: the output of the first block, paid to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa.
  expect(scriptHashOf(parseHex('76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac'))).toBe('8b01df4e368ea28f8dc0423bcf7a4923e3a12d307c875e47a0cfbf90b5c39161');
});

test('what was proven is remembered up to a bound, and the oldest forgotten first', () => {
  const memory = new ProofMemory(10);
  const facts = (txid: string, outputs: number) => ({ txid, isCoinbase: false, spends: ['x:0'], outputs: Array.from({ length: outputs }, () => ({ amountSats: 1n, scriptHex: '51' })), vsizeVb: 100 });
  memory.saveFacts(facts('a', 2));
  memory.saveFacts(facts('b', 2));
  memory.saveFacts(facts('b', 2));
  expect([memory.facts('a')?.txid, memory.facts('b')?.txid]).toEqual(['a', 'b']);
  memory.saveFacts(facts('c', 3));
  expect([memory.facts('a'), memory.facts('b')?.txid, memory.facts('c')?.txid]).toEqual([undefined, 'b', 'c']);
  memory.savePlace('a', 'block', 7);
  expect([memory.place('a', 'block'), memory.place('a', 'other')]).toEqual([7, undefined]);
});
