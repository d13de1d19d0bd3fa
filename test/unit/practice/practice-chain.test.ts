import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subsidyAt } from '../../../src/companion/practice/chain-rules.ts';
import { estimateFeeRate } from '../../../src/companion/practice/fee-estimate.ts';
import { PracticeChain } from '../../../src/companion/practice/practice-chain.ts';
import { scriptUtxos } from '../../../src/companion/practice/wallet-view.ts';
import type { Coin } from '../../../src/companion/practice/practice-transaction.ts';
import { chainOf, GENESIS_TIME, mine, outputOf, p2tr, p2wpkh, p2wsh, rewardOf, spend, spenders, SUBSIDY } from './spenders.ts';

const coldScript = p2wsh.scriptPubKey;
const pay = (coins: readonly Coin[], feeSats = 1_000n, script = coldScript) => {
  const total = coins.reduce((sum, coin) => sum + coin.amountSats, 0n);
  return spend({ coins, outputs: [{ script, sats: total - feeSats }] });
};

describe('blocks', () => {
  test('two practice chains share no block, whatever else they have in common', () => {
    const one = new PracticeChain('11'.repeat(32), GENESIS_TIME);
    const other = new PracticeChain('12'.repeat(32), GENESIS_TIME);
    expect(one.tip.hash).not.toBe(other.tip.hash);
    expect(one.tip.hash).not.toBe('0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206');
    expect(one.tip.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('every reward has an id of its own, also at one height after a reorganisation', () => {
    const chain = chainOf(3);
    const before = chain.blockAt(3)?.transactions[0]?.txid;
    chain.disconnect(1);
    mine(chain);
    expect(chain.height).toBe(3);
    expect(chain.blockAt(3)?.transactions[0]?.txid).not.toBe(before);
    expect(chain.blocksMined).toBe(4);
  });

  test('a block is later than the middle of the eleven before it, even when the clock stands still or runs back', () => {
    const chain = new PracticeChain('11'.repeat(32), GENESIS_TIME);
    for (let count = 0; count < 30; count += 1) chain.mine({ scriptPubKey: coldScript, time: GENESIS_TIME - count, includeMempool: true });
    for (let height = 1; height <= 30; height += 1) expect(chain.blockAt(height)?.time).toBeGreaterThan(chain.medianTimePastAt(height - 1));
  });

  test('the reward halves every 210,000 blocks and ends', () => {
    expect([0, 1, 209_999, 210_000, 420_000, 13_440_000].map(subsidyAt)).toEqual([0n, 5_000_000_000n, 5_000_000_000n, 2_500_000_000n, 1_250_000_000n, 0n]);
  });

  test('the fees of a block go to its miner', () => {
    const chain = chainOf(101);
    expect(chain.accept(pay([rewardOf(chain, 1)], 12_345n).toBuffer()).accepted).toBe(true);
    mine(chain);
    expect(rewardOf(chain, 102).amountSats).toBe(SUBSIDY + 12_345n);
    expect(chain.mempool.size).toBe(0);
  });
});

test('a reward can be spent after 100 blocks, not one earlier', () => {
  const chain = chainOf(100);
  const early = pay([rewardOf(chain, 1)]).toBuffer();
  expect(chain.test(early)).toMatchObject({ accepted: true });
  expect(chain.test(pay([rewardOf(chain, 2)]).toBuffer())).toEqual({ accepted: false, reason: 'invalid' });
  mine(chain);
  expect(chain.test(pay([rewardOf(chain, 2)]).toBuffer())).toMatchObject({ accepted: true, feeSats: 1_000n });
});

describe('reorganisation', () => {
  test('transactions of the blocks taken back wait again, parents before children', () => {
    const chain = chainOf(110);
    const parent = pay([rewardOf(chain, 1)]);
    const child = pay([outputOf(parent, 0)], 1_000n, p2wpkh.scriptPubKey);
    chain.accept(parent.toBuffer());
    mine(chain);
    chain.accept(child.toBuffer());
    mine(chain, 2);
    expect(chain.find(child.getId())?.height).toBe(112);
    chain.disconnect(3);
    expect(chain.height).toBe(110);
    expect(chain.mempool.entries().map(({ practice }) => practice.txid)).toEqual([parent.getId(), child.getId()]);
    expect(chain.find(child.getId())?.height).toBeNull();
    mine(chain);
    expect(chain.blockAt(111)?.transactions.slice(1).map(({ txid }) => txid)).toEqual([parent.getId(), child.getId()]);
  });

  test('what descends from a reward that is gone is gone too', () => {
    const chain = chainOf(101);
    const orphan = pay([rewardOf(chain, 1)]);
    chain.accept(orphan.toBuffer());
    mine(chain);
    chain.disconnect(102);
    mine(chain, 102);
    expect(chain.find(orphan.getId())).toBeUndefined();
    expect(chain.departed().map(({ txid }) => txid)).toContain(orphan.getId());
    expect(chain.mempool.size).toBe(0);
  });

  test('a reward that is no longer mature takes what spends it out of the mempool', () => {
    const chain = chainOf(101);
    const spender = pay([rewardOf(chain, 2)]);
    expect(chain.accept(spender.toBuffer()).accepted).toBe(true);
    chain.disconnect(1);
    expect(chain.mempool.size).toBe(0);
    expect(chain.departed().map(({ txid }) => txid)).toContain(spender.getId());
  });

  test('another branch may hold a double spend; then the first one cannot return', () => {
    const chain = chainOf(110);
    const first = pay([rewardOf(chain, 1)]);
    chain.accept(first.toBuffer());
    mine(chain);
    const second = pay([rewardOf(chain, 2), { ...rewardOf(chain, 3) }]);
    chain.disconnect(1);
    const rival = pay([rewardOf(chain, 1)], 500n);
    chain.mine({ scriptPubKey: coldScript, time: GENESIS_TIME, includeMempool: false, own: [rival.toBuffer()] });
    expect(chain.find(rival.getId())?.height).toBe(111);
    expect(chain.find(first.getId())).toBeUndefined();
    expect(chain.test(first.toBuffer())).toEqual({ accepted: false, reason: 'inputs-missing-or-spent' });
    expect(chain.test(second.toBuffer())).toMatchObject({ accepted: true });
  });

  test('no more blocks can be taken back than there are', () => {
    const chain = chainOf(2);
    for (const depth of [0, 3, 1.5]) expect(() => chain.disconnect(depth)).toThrow(RangeError);
    expect(chain.height).toBe(2);
  });
});

describe('fee estimates', () => {
  test('an idle network asks more of those in haste, 5 to 1 sat/vB', () => {
    const chain = chainOf(5);
    expect([1, 2, 6, 24, 144].map((target) => estimateFeeRate(chain, target))).toEqual([5_000n, 5_000n, 3_000n, 2_000n, 1_000n]);
  });
  test('what others pay counts, up to a ceiling; and the patient need not follow', () => {
    const chain = chainOf(110);
    chain.accept(pay([rewardOf(chain, 1)], 1_300n).toBuffer());
    const followed = estimateFeeRate(chain, 2);
    expect(followed).toBeGreaterThan(8_000n);
    mine(chain);
    expect(estimateFeeRate(chain, 2)).toBe(followed);
    expect(estimateFeeRate(chain, 144)).toBe(1_000n);
    chain.accept(pay([rewardOf(chain, 2)], 1_000_000n).toBuffer());
    expect(estimateFeeRate(chain, 1)).toBe(20_000n);
  });
});

test('no money is made or lost: whatever happens, the unspent outputs sum up to all rewards', () => {
  const step = fc.record({ kind: fc.constantFrom('pay', 'pay', 'pay', 'mine', 'mine', 'reorganise', 'replace'), pick: fc.nat(1_000), script: fc.nat(spenders.length - 1), feeSats: fc.integer({ min: 300, max: 50_000 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const chain = chainOf(105, p2tr.scriptPubKey);
      for (const { kind, pick, script, feeSats } of steps) {
        const target = (spenders[script] as (typeof spenders)[number]).scriptPubKey;
        if (kind === 'mine') mine(chain, 1 + (pick % 3), target);
        else if (kind === 'reorganise') chain.disconnect(1 + (pick % 4));
        else {
          const coins = kind === 'replace' ? [...chain.utxos.coins()] : [...chain.utxos.coins(), ...chain.mempool.entries().map(({ practice }) => outputOf(practice.transaction, 0))];
          const coin = coins[pick % coins.length] as Coin;
          if (coin.amountSats > 100_000n) chain.accept(spend({ coins: [coin], outputs: [{ script: target, sats: coin.amountSats - BigInt(feeSats) - 40_000n }, { script: p2wpkh.scriptPubKey, sats: 40_000n }] }).toBuffer());
        }
        const rewards = BigInt(chain.height) * SUBSIDY;
        expect(chain.utxos.totalSats()).toBe(rewards);
        // Whatever waits can be mined at once.
        for (const { practice } of chain.mempool.entries()) expect(practice.inputs.every((input) => chain.coin(input.key) !== undefined)).toBe(true);
      }
      mine(chain);
      expect(chain.mempool.size).toBe(0);
      expect(chain.utxos.totalSats()).toBe(BigInt(chain.height) * SUBSIDY);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('taking blocks back and finding the same transactions again restores the unspent outputs', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), (depth, payments) => {
      const chain = chainOf(110);
      for (let count = 1; count <= payments; count += 1) {
        chain.accept(pay([rewardOf(chain, count)]).toBuffer());
        mine(chain);
      }
      const spendable = (): readonly string[] => [...chain.utxos.coins()].filter((coin) => !coin.coinbase).map((coin) => `${coin.txid}:${coin.vout}`).sort();
      const before = spendable();
      chain.disconnect(Math.min(depth, payments));
      mine(chain);
      expect(spendable()).toEqual(before);
    }),
    { numRuns: 20 },
  );
});

test('outputs of scripts, whoever\'s they are: in the chain and the mempool, with what cannot be spent now marked', () => {
  const chain = chainOf(101);
  const coins = (script: Uint8Array) => scriptUtxos(chain, [script]).map(({ amountSats, height, confirmations, state }) => [amountSats, height, confirmations, state]);
  expect(coins(coldScript)).toEqual([]);
  const rewards = coins(rewardOf(chain, 1).scriptPubKey);
  expect(rewards).toHaveLength(101);
  expect(rewards.filter(([, , , state]) => state === 'free')).toEqual([[SUBSIDY, 1, 101, 'free'], [SUBSIDY, 2, 100, 'free']]);
  expect(chain.accept(pay([rewardOf(chain, 1)]).toBuffer()).accepted).toBe(true);
  expect(coins(coldScript)).toEqual([[SUBSIDY - 1_000n, null, 0, 'free']]);
  expect(coins(rewardOf(chain, 1).scriptPubKey)[0]).toEqual([SUBSIDY, 1, 101, 'spent']);
  mine(chain);
  expect(coins(coldScript)).toEqual([[SUBSIDY - 1_000n, 102, 1, 'free']]);
});
