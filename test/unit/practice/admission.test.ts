import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/domain/bytes.ts';
import type { Coin } from '../../../src/companion/practice/practice-transaction.ts';
import type { PracticeChain } from '../../../src/companion/practice/practice-chain.ts';
import { BLOCK_SECONDS, chainOf, GENESIS_TIME, mine, outputOf, p2wpkh, p2wsh, rewardOf, spend, SUBSIDY, type Draft } from './spenders.ts';

const script = p2wsh.scriptPubKey;
const FINAL = 0xffff_ffff;
const reasonFor = (chain: PracticeChain, transaction: Transaction): string => {
  const admission = chain.test(transaction.toBuffer());
  return admission.accepted ? 'accepted' : admission.reason;
};
const selfPay = (coin: Coin, feeSats = 1_000n, changes: Partial<Draft> = {}): Transaction => spend({ coins: [coin], outputs: [{ script, sats: coin.amountSats - feeSats }], ...changes });

describe('form and standard', () => {
  const chain = chainOf(101);
  const coin = rewardOf(chain, 1);
  const paying = (outputs: Draft['outputs'], changes: Partial<Draft> = {}): string => reasonFor(chain, spend({ coins: [coin], outputs, ...changes }));

  test('bytes that are not exactly one transaction', () => {
    const bytes = selfPay(coin).toBuffer();
    for (const broken of [new Uint8Array(0), bytes.subarray(0, -1), concat(bytes, Uint8Array.of(0))]) expect(chain.test(broken)).toEqual({ accepted: false, reason: 'invalid' });
  });
  test('a second serialisation of the same transaction is none', () => {
    const bytes = selfPay(coin).toBuffer();
    // The number of inputs in three bytes where one suffices.
    const longer = concat(bytes.subarray(0, 6), Uint8Array.of(0xfd, 1, 0), bytes.subarray(7));
    expect(chain.test(longer)).toEqual({ accepted: false, reason: 'invalid' });
  });
  test('amounts out of range, alone and in sum', () => {
    expect(paying([{ script, sats: 2_100_000_000_000_001n }])).toBe('invalid');
    expect(paying([{ script, sats: 2_100_000_000_000_000n }, { script, sats: 1n }])).toBe('invalid');
    expect(paying([{ script, sats: SUBSIDY + 1n }])).toBe('invalid');
  });
  test('an input that stands twice, and a coinbase', () => {
    expect(reasonFor(chain, spend({ coins: [coin, coin], outputs: [{ script, sats: SUBSIDY }] }))).toBe('invalid');
    const coinbase = chain.tip.transactions[0]?.transaction as Transaction;
    expect(reasonFor(chain, coinbase)).toBe('invalid');
  });
  test.each([0, 4])('version %i is not relayed', (version) => {
    expect(reasonFor(chain, selfPay(coin, 1_000n, { version }))).toBe('policy');
  });
  test.each([
    ['P2WSH', script, 330n],
    ['P2WPKH', p2wpkh.scriptPubKey, 294n],
    ['P2PKH', concat(Uint8Array.of(0x76, 0xa9, 0x14), new Uint8Array(20), Uint8Array.of(0x88, 0xac)), 546n],
    ['P2SH', concat(Uint8Array.of(0xa9, 0x14), new Uint8Array(20), Uint8Array.of(0x87)), 540n],
  ])('%s dust', (_, dusty, limit) => {
    expect(paying([{ script: dusty, sats: limit - 1n }, { script, sats: SUBSIDY - 10_000n }])).toBe('policy');
    expect(paying([{ script: dusty, sats: limit }, { script, sats: SUBSIDY - 10_000n }])).toBe('accepted');
  });
  test('one data output of 83 bytes is relayed; a longer one or a second one is not', () => {
    const data = (length: number): { script: Uint8Array; sats: bigint } => ({ script: concat(Uint8Array.of(0x6a, 0x4c, length - 3), new Uint8Array(length - 3)), sats: 0n });
    const rest = { script, sats: SUBSIDY - 10_000n };
    expect(paying([data(83), rest])).toBe('accepted');
    expect(paying([data(84), rest])).toBe('policy');
    expect(paying([data(80), data(80), rest])).toBe('policy');
  });
  test('a transaction of 64 bytes without its witness could pose as a node of the merkle tree', () => {
    const tiny = spend({ coins: [coin], outputs: [{ script: Uint8Array.of(0x6a, 0x00, 0x00, 0x00), sats: 0n }] });
    expect(tiny.byteLength(false)).toBe(64);
    expect(reasonFor(chain, tiny)).toBe('policy');
  });
  test('a transaction over 400,000 weight units', () => {
    const outputs = Array.from({ length: 2_330 }, () => ({ script, sats: 400n }));
    const heavy = spend({ coins: [coin], outputs });
    expect(heavy.weight()).toBeGreaterThan(400_000);
    expect(reasonFor(chain, heavy)).toBe('policy');
  });
});

describe('fees', () => {
  const chain = chainOf(101);
  const coin = rewardOf(chain, 1);
  const vsize = BigInt(selfPay(coin).virtualSize());
  test('exactly 1 sat/vB is relayed, one satoshi less is not', () => {
    expect(reasonFor(chain, selfPay(coin, vsize))).toBe('accepted');
    expect(reasonFor(chain, selfPay(coin, vsize - 1n))).toBe('fee-too-low');
  });
  test('0.1 BTC a kilobyte is taken for a mistake from the next satoshi on', () => {
    expect(reasonFor(chain, selfPay(coin, vsize * 10_000n))).toBe('accepted');
    expect(reasonFor(chain, selfPay(coin, vsize * 10_000n + 1n))).toBe('fee-too-high');
  });
});

describe('locks', () => {
  const chain = chainOf(120);
  const coin = rewardOf(chain, 1);
  test('a locktime as a height lets into the block after it', () => {
    expect(reasonFor(chain, selfPay(coin, 1_000n, { locktime: 120 }))).toBe('accepted');
    expect(reasonFor(chain, selfPay(coin, 1_000n, { locktime: 121 }))).toBe('non-final');
  });
  test('a locktime as a time is compared with the median time past (BIP113)', () => {
    const median = GENESIS_TIME + 115 * BLOCK_SECONDS;
    expect(reasonFor(chain, selfPay(coin, 1_000n, { locktime: median - 1 }))).toBe('accepted');
    expect(reasonFor(chain, selfPay(coin, 1_000n, { locktime: median }))).toBe('non-final');
  });
  test('a locktime does not count when every input is final', () => {
    expect(reasonFor(chain, selfPay(coin, 1_000n, { locktime: 9_999, sequence: FINAL }))).toBe('accepted');
  });
  test('relative locks in blocks and in time (BIP68), from version 2 on', () => {
    expect(reasonFor(chain, selfPay(coin, 1_000n, { sequence: 120 }))).toBe('accepted');
    expect(reasonFor(chain, selfPay(coin, 1_000n, { sequence: 121 }))).toBe('non-final');
    expect(reasonFor(chain, selfPay(coin, 1_000n, { sequence: 121, version: 1 }))).toBe('accepted');
    // The coin's block follows the genesis block; since then 115 blocks of 600 seconds, in units of 512.
    expect(reasonFor(chain, selfPay(coin, 1_000n, { sequence: 0x0040_0000 | 134 }))).toBe('accepted');
    expect(reasonFor(chain, selfPay(coin, 1_000n, { sequence: 0x0040_0000 | 135 }))).toBe('non-final');
    expect(reasonFor(chain, selfPay(coin, 1_000n, { sequence: 0x8000_270f }))).toBe('accepted');
  });
  test('an output of the mempool is as young as the coming block', () => {
    const waiting = chainOf(120);
    const parent = selfPay(rewardOf(waiting, 1));
    waiting.accept(parent.toBuffer());
    expect(reasonFor(waiting, selfPay(outputOf(parent, 0), 1_000n, { sequence: 0 }))).toBe('accepted');
    expect(reasonFor(waiting, selfPay(outputOf(parent, 0), 1_000n, { sequence: 1 }))).toBe('non-final');
  });
});

describe('mempool', () => {
  test('known already: waiting, or in a block with an output unspent', () => {
    const chain = chainOf(101);
    const transaction = selfPay(rewardOf(chain, 1));
    chain.accept(transaction.toBuffer());
    expect(reasonFor(chain, transaction)).toBe('already-known');
    mine(chain);
    expect(reasonFor(chain, transaction)).toBe('already-known');
    chain.accept(selfPay(outputOf(transaction, 0)).toBuffer());
    mine(chain);
    expect(reasonFor(chain, transaction)).toBe('inputs-missing-or-spent');
  });

  test('an output that was not announced as replaceable stands as first seen', () => {
    const chain = chainOf(101);
    const coin = rewardOf(chain, 1);
    chain.accept(selfPay(coin, 1_000n, { sequence: 0xffff_fffe }).toBuffer());
    expect(reasonFor(chain, selfPay(coin, 50_000n))).toBe('inputs-missing-or-spent');
  });

  test('BIP125: a replacement pays for what it drives out and for its own relay', () => {
    const chain = chainOf(101);
    const coin = rewardOf(chain, 1);
    const first = selfPay(coin, 1_000n);
    const child = selfPay(outputOf(first, 0), 2_000n);
    const vsize = BigInt(first.virtualSize());
    chain.accept(first.toBuffer());
    chain.accept(child.toBuffer());
    expect(reasonFor(chain, selfPay(coin, 3_000n + vsize - 1n))).toBe('fee-too-low');
    const replacement = selfPay(coin, 3_000n + vsize);
    expect(chain.accept(replacement.toBuffer())).toMatchObject({ accepted: true, replaced: new Set([first.getId(), child.getId()]) });
    expect(chain.mempool.entries().map(({ practice }) => practice.txid)).toEqual([replacement.getId()]);
    expect(new Set(chain.departed().map(({ txid }) => txid))).toEqual(new Set([first.getId(), child.getId()]));
    expect(reasonFor(chain, child)).toBe('inputs-missing-or-spent');
  });

  test('BIP125: a higher fee at a lower rate replaces nothing', () => {
    const chain = chainOf(101);
    const coin = rewardOf(chain, 1);
    chain.accept(selfPay(coin, 10_000n).toBuffer());
    const outputs = [...Array.from({ length: 60 }, () => ({ script, sats: 1_000n })), { script, sats: coin.amountSats - 75_000n }];
    expect(reasonFor(chain, spend({ coins: [coin], outputs }))).toBe('fee-too-low');
  });

  test('BIP125: a replacement spends no output of what it replaces, and no further unconfirmed one', () => {
    const chain = chainOf(103);
    const coin = rewardOf(chain, 1);
    const first = selfPay(coin);
    const other = selfPay(rewardOf(chain, 2));
    chain.accept(first.toBuffer());
    chain.accept(other.toBuffer());
    const total = (coins: readonly Coin[]): bigint => coins.reduce((sum, spent) => sum + spent.amountSats, 0n);
    const both = [coin, outputOf(first, 0)];
    expect(reasonFor(chain, spend({ coins: both, outputs: [{ script, sats: total(both) - 20_000n }] }))).toBe('invalid');
    const further = [coin, outputOf(other, 0)];
    expect(reasonFor(chain, spend({ coins: further, outputs: [{ script, sats: total(further) - 20_000n }] }))).toBe('policy');
  });

  test('a chain of 25 unconfirmed transactions is the longest', () => {
    const chain = chainOf(101);
    let tip = selfPay(rewardOf(chain, 1));
    for (let count = 1; count <= 25; count += 1) {
      expect(chain.accept(tip.toBuffer()).accepted).toBe(true);
      tip = selfPay(outputOf(tip, 0));
    }
    expect(reasonFor(chain, tip)).toBe('policy');
  });

  test('a transaction has at most 24 unconfirmed descendants', () => {
    const chain = chainOf(101);
    const coin = rewardOf(chain, 1);
    const many = Array.from({ length: 30 }, () => ({ script, sats: 100_000_000n }));
    const parent = spend({ coins: [coin], outputs: [...many, { script, sats: coin.amountSats - 3_000_010_000n }] });
    expect(chain.accept(parent.toBuffer()).accepted).toBe(true);
    const verdicts = Array.from({ length: 25 }, (_, vout) => chain.accept(selfPay(outputOf(parent, vout)).toBuffer()).accepted);
    expect(verdicts.filter(Boolean)).toHaveLength(24);
    expect(verdicts.at(-1)).toBe(false);
  });

  test('a version 3 transaction stands alone while it waits', () => {
    const chain = chainOf(103);
    const alone = selfPay(rewardOf(chain, 1), 1_000n, { version: 3 });
    expect(chain.accept(alone.toBuffer()).accepted).toBe(true);
    expect(reasonFor(chain, selfPay(outputOf(alone, 0)))).toBe('policy');
    const parent = selfPay(rewardOf(chain, 2));
    chain.accept(parent.toBuffer());
    expect(reasonFor(chain, selfPay(outputOf(parent, 0), 1_000n, { version: 3 }))).toBe('policy');
  });

  test('a refused transaction leaves no trace', () => {
    const chain = chainOf(101);
    expect(chain.accept(selfPay(rewardOf(chain, 1), 0n).toBuffer())).toEqual({ accepted: false, reason: 'fee-too-low' });
    expect([chain.mempool.size, chain.departed().length]).toEqual([0, 0]);
  });
});
