import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChainSource } from '../../src/companion/chain-source.ts';
import { openChainSource } from '../../src/node/companion/chain-sources.ts';
import { ownScript, wallet, work } from '../support/hostile/scenario.ts';
import { TestChain, testTransaction } from '../support/hostile/test-chain.ts';
import { startElectrumServer, type ElectrumTestServer } from '../support/peers/electrum-server.ts';

/** Whole size: STRONGROOM_LARGE_WALLET=50000. */
const TRANSACTIONS = Number(process.env['STRONGROOM_LARGE_WALLET'] ?? 2_000);
const A_BLOCK = 100;
const ADDRESSES = 150;
/** A person who presses Cancel does not wait longer. */
const MOST_CANCEL_MS = 3_000;

let server: ElectrumTestServer;
let source: ChainSource;
let unspentSats = 0n;

beforeAll(async () => {
  const chain = new TestChain();
  for (let made = 0; made < TRANSACTIONS; ) {
    const block = Array.from({ length: Math.min(A_BLOCK, TRANSACTIONS - made) }, (_, index) => chain.pay({ script: ownScript((made + index) % ADDRESSES, ((made + index) % 2) as 0 | 1), amountSats: BigInt(1_000 + index) }));
    unspentSats += block.reduce((sum, { outs }) => sum + (outs[0]?.value ?? 0n), 0n);
    chain.mine(block);
    made += block.length;
  }
  server = await startElectrumServer(chain);
  source = await openChainSource(`electrum+tcp://127.0.0.1:${server.port}`);
}, 600_000);
afterAll(async () => {
  await source?.close();
  await server?.close();
});

test(`the first scan of a wallet with ${TRANSACTIONS} transactions shows progress, stops when asked, and goes on where it was`, async () => {
  const raw = 'blockchain.transaction.get';
  const seen: { readonly fraction: number | null; readonly activity: string }[] = [];
  let isCancelled = false;
  let cancelledAt = 0;
  const first = source.watch(wallet, {
    progress: (progress) => {
      seen.push(progress);
      // Half-way through the transactions somebody gives up.
      if (!isCancelled && progress.activity.startsWith('Reading transactions') && (progress.fraction ?? 0) >= 0.5) [isCancelled, cancelledAt] = [true, performance.now()];
    },
    isCancelled: () => isCancelled,
  });
  await expect(first).rejects.toMatchObject({ code: 'host.cancelled' });
  expect(performance.now() - cancelledAt).toBeLessThan(MOST_CANCEL_MS);
  const before = server.asked.get(raw) ?? 0;
  expect(before).toBeGreaterThanOrEqual(TRANSACTIONS / 2);
  expect(before).toBeLessThan(TRANSACTIONS);

  const started = performance.now();
  await source.watch(wallet, { ...work, progress: (progress) => void seen.push(progress) });
  console.log(`${TRANSACTIONS} transactions: scanned in ${Math.round(performance.now() - started)} ms after the stop`);
  // Nothing was asked for twice.
  expect(server.asked.get(raw)).toBe(TRANSACTIONS);
  for (const activity of ['Looking up addresses', 'Reading transactions', 'Checking block headers', 'Checking proofs']) expect(seen.some((progress) => progress.activity.startsWith(activity))).toBe(true);
  expect(seen.every(({ fraction }) => fraction === null || (fraction >= 0 && fraction <= 1))).toBe(true);
  expect(seen.length).toBeGreaterThan(TRANSACTIONS / A_BLOCK);

  const utxos = await source.utxos(wallet);
  expect(utxos).toHaveLength(TRANSACTIONS);
  expect(utxos.reduce((sum, { amountSats }) => sum + amountSats, 0n)).toBe(unspentSats);
}, 900_000);

test('a spend of them all is one more transaction, and leaves nothing', async () => {
  const utxos = await source.utxos(wallet);
  const sweep = testTransaction(utxos, [{ script: Buffer.from([0x51]), amountSats: 1n }]);
  expect(await source.broadcast(sweep.toBuffer())).toBe(sweep.getId());
  expect(await source.utxos(wallet)).toEqual([]);
}, 300_000);
