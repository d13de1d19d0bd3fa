import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferOutput } from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/companion/ledger/ledger.ts';
import { parseBase64, toBase64 } from '../../src/domain/bytes.ts';
import { feeRateOf } from '../../src/domain/fee-rate.ts';
import { companionCoreContract } from '../../src/host/companion-contract.ts';
import { serve } from '../../src/host/serve.ts';
import { openSqliteLedger } from '../../src/node/companion/sqlite-ledger.ts';
import { parseTransaction } from '../../src/psbt/transaction.ts';
import { createCompanionHandlers } from '../../src/service/companion/handlers.ts';
import { addressOfScript } from '../../src/wallet/address.ts';
import { formatWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { bitcoindDriver, type ChainDriver } from '../support/peers/chain-driver.ts';
import { coldKeys, type ColdKeys } from '../support/peers/cold-keys.ts';
import { testSigner } from '../support/peers/signer.ts';
import { noCare } from '../unit/service-companion/no-care.ts';

/** Payments against a real bitcoind, signed by a real quorum: what the plan promises is what the node charges. */

const PAYMENTS = Number(process.env['STRONGROOM_PAYMENTS'] ?? 1_000);
const BATCHES = (process.env['STRONGROOM_BATCHES'] ?? '2,10').split(',').map(Number);

type Name = keyof typeof companionCoreContract;
let driver: ChainDriver;
let ledger: Ledger;
let folder: string;
let walletNumber = 40_000;
let call: <N extends Name>(name: N, input: unknown) => Promise<InferOutput<(typeof companionCoreContract)[N]['output']>>;

beforeAll(async () => {
  driver = await bitcoindDriver();
  folder = mkdtempSync(join(tmpdir(), 'strongroom-payments-'));
  ledger = openSqliteLedger(join(folder, 'ledger.db'));
  const source = { ...driver.source, close: async () => undefined };
  const handlers = createCompanionHandlers({ openChainSource: async () => source, ledger: async () => ledger, begunLedger: async () => ledger, care: noCare, now: () => new Date().toISOString() });
  const dispatch = serve(companionCoreContract, handlers, (_, fault) => console.error(fault));
  call = async (name, input) => {
    const reply = await dispatch(name, input, { progress: () => undefined, isCancelled: () => false });
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value as never;
  };
}, 120_000);
afterAll(async () => {
  ledger?.close();
  await driver?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const node = 'the test\'s own';

/** A cold wallet with confirmed outputs of these amounts. */
async function coldWith(amounts: readonly bigint[]): Promise<ColdKeys> {
  const cold = coldKeys('regtest', (walletNumber += 1));
  await driver.source.watch(cold.wallet, { progress: () => undefined, isCancelled: () => false });
  for (const [index, amountSats] of amounts.entries()) await driver.pay(cold.deriver.derive(0, index).address, amountSats);
  await driver.mine(1);
  return cold;
}

/** Whoever is paid: a P2WPKH address each. */
const payee = (number: number): string => addressOfScript(Uint8Array.of(0, 20, ...new Uint8Array(16).fill(7), number >> 24, number >> 16, number >> 8, number), 'regtest') as string;
const csv = (orders: readonly { readonly to: number; readonly amountSats: bigint }[]): string => `address,amount,unit,reference\n${orders.map(({ to, amountSats }) => `${payee(to)},${amountSats},sats,INV-${to}\n`).join('')}`;
const pay = (cold: ColdKeys, orders: Parameters<typeof csv>[0], feeRate = '3') => call('pay.plan', { wallet: formatWalletFile(cold.wallet), paymentsCsv: csv(orders), node, feeRate });
const signed = (cold: ColdKeys, psbtBase64: string, key: number): { name: string; contentBase64: string } => ({ name: `key-${key}.psbt`, contentBase64: toBase64(testSigner(cold.seeds[key] as Uint8Array, cold.wallet).sign(parseBase64(psbtBase64), ['fee.high'])) });
const queued = (planned: { readonly queue: { readonly planId: string } }) => ({ plan: planned.queue.planId });

async function send(cold: ColdKeys, planned: { readonly psbtBase64: string; readonly queue: { readonly planId: string } }): Promise<string> {
  // In the order in which nobody hands them in.
  const { outcomes } = await call('queue.add', { files: [2, 0].map((key) => signed(cold, planned.psbtBase64, key)) });
  expect(outcomes.map(({ outcome, finalized }) => [outcome, finalized])).toEqual([['taken', false], ['taken', true]]);
  return (await call('queue.broadcast', { ...queued(planned), node })).txid;
}

/** What the chain says that a transaction paid. */
async function feeOnChain(txid: string): Promise<{ readonly feeSats: bigint; readonly vsizeVb: number }> {
  const { transaction } = parseTransaction(await driver.source.rawTransaction(txid));
  const entry = await driver.source.mempoolEntry(txid);
  if (entry === null) throw new Error('not in the mempool');
  expect(entry.vsizeVb).toBe(transaction.virtualSize());
  return { feeSats: entry.feeSats, vsizeVb: entry.vsizeVb };
}

test(`a batch of ${PAYMENTS} payments, replaced after one signature: the stale reply is refused by name, the new version is mined whole`, { timeout: 300_000 }, async () => {
  const orders = Array.from({ length: PAYMENTS }, (_, index) => ({ to: index, amountSats: BigInt(10_000 + ((index * 7_919) % 90_000)) }));
  const cold = await coldWith([40_000_000n, 30_000_000n, 20_000_000n]);
  const first = await pay(cold, orders, '2');
  expect(first.plan.payments).toHaveLength(PAYMENTS);
  await call('queue.add', { files: [signed(cold, first.psbtBase64, 0)] });
  const second = await call('pay.bump', { ...queued(first), node, feeRate: '6' });
  expect(second.plan.payments).toEqual(first.plan.payments);
  const { outcomes } = await call('queue.add', { files: [signed(cold, first.psbtBase64, 1)] });
  expect(outcomes).toMatchObject([{ outcome: 'refused', quarantined: true, error: { code: 'psbt.superseded' } }]);
  const txid = await send(cold, second);
  const { feeSats, vsizeVb } = await feeOnChain(txid);
  expect(String(feeSats)).toBe(second.plan.feeSats);
  expect(feeRateOf(feeSats, vsizeVb)).toBeGreaterThanOrEqual(6_000n);
  await driver.mine(1);
  expect(await driver.source.transactionStatus(txid)).toMatchObject({ state: 'confirmed', confirmations: 1 });
  const paid = new Map(parseTransaction(await driver.source.rawTransaction(txid)).transaction.outs.map(({ script, value }) => [addressOfScript(script, 'regtest'), value]));
  for (const { to, amountSats } of orders) expect(paid.get(payee(to))).toBe(amountSats);
  await call('ledger.refresh', { wallets: [formatWalletFile(cold.wallet)], node });
  expect((await call('queue.details', queued(second))).versions.map(({ state }) => state)).toEqual(['superseded', 'confirmed']);
});

test('a sent payment is replaced at the least fee that we plan for it, and the replacement taken back: the node takes both', async () => {
  const cold = await coldWith([5_000_000n]);
  const sent = await pay(cold, [{ to: 1, amountSats: 1_000_000n }], '1');
  const early = await send(cold, sent);
  const bumped = await call('pay.bump', { plan: early, node, feeRate: null });
  const late = await send(cold, bumped);
  expect(await driver.source.transactionStatus(early)).toEqual({ state: 'unknown' });
  expect(await driver.source.transactionStatus(late)).toEqual({ state: 'mempool' });
  // Rule 4 counts virtual bytes of the signed transaction; ours are an upper bound of them.
  const { feeSats, vsizeVb } = await feeOnChain(late);
  expect(feeSats - BigInt(sent.plan.feeSats)).toBe(BigInt(bumped.plan.vsizeVb));
  expect(bumped.plan.vsizeVb - vsizeVb).toBeLessThanOrEqual(1);
  const back = await call('pay.cancel', { plan: late, node, feeRate: '9' });
  const cancelled = await send(cold, back);
  await driver.mine(1);
  expect(await driver.source.transactionStatus(cancelled)).toMatchObject({ state: 'confirmed' });
  expect((await driver.source.utxos(cold.wallet)).map(({ amountSats }) => amountSats)).toEqual([5_000_000n - BigInt(back.plan.feeSats)]);
});

test('a child pulls its parent along: the node measures the package at the rate that was asked for', async () => {
  const cold = await coldWith([5_000_000n]);
  const parent = await send(cold, await pay(cold, [{ to: 2, amountSats: 1_000_000n }], '1'));
  const child = await call('pay.cpfp', { wallet: formatWalletFile(cold.wallet), txid: parent, node, feeRate: '20' });
  const txid = await send(cold, child);
  const entry = await driver.source.mempoolEntry(txid);
  if (entry === null) throw new Error('not in the mempool');
  expect(entry.ancestors.count).toBe(2);
  const measured = feeRateOf(entry.ancestors.feeSats, entry.ancestors.vsizeVb);
  expect(measured).toBeGreaterThanOrEqual(20_000n);
  expect(measured).toBeLessThan(20_200n);
  await expect(call('pay.cpfp', { wallet: formatWalletFile(cold.wallet), txid: parent, node, feeRate: '0.5' })).rejects.toMatchObject({ code: 'bump.too-little' });
  await driver.mine(1);
  await expect(call('pay.cpfp', { wallet: formatWalletFile(cold.wallet), txid: parent, node, feeRate: '30' })).rejects.toMatchObject({ code: 'bump.not-possible', details: { reason: 'not-waiting' } });
});

describe(`what a batch saves, measured for n = ${BATCHES.join(', ')} (STRONGROOM_BATCHES)`, () => {
  test.each(BATCHES)('%i payments', { timeout: 600_000 }, async (count) => {
    const coins = [3_000_000n, 2_500_000n, 2_000_000n, 700_000n, 650_001n, 300_000n, 120_007n, 60_000n, 9_000n];
    const orders = Array.from({ length: count }, (_, index) => ({ to: 10_000 + index, amountSats: BigInt(20_000 + ((index * 5_801) % 40_000)) }));
    const together = await coldWith(coins);
    const batch = await pay(together, orders);
    const batchFee = (await feeOnChain(await send(together, batch))).feeSats;
    const apart = await coldWith(coins);
    let singlesFee = 0n;
    for (const order of orders) {
      singlesFee += (await feeOnChain(await send(apart, await pay(apart, [order])))).feeSats;
      await driver.mine(1);
    }
    console.log(`batching: n = ${count}: ${singlesFee} sats apart, ${batchFee} together, ${singlesFee - batchFee} saved; promised ${batch.plan.feeSavedSats ?? '?'} (${batch.plan.feeSavedPercent ?? '?'} %)`);
    expect(String(batchFee)).toBe(batch.plan.feeSats);
    expect(String(singlesFee)).toBe(batch.plan.singlesFeeSats);
    expect(String(singlesFee - batchFee)).toBe(batch.plan.feeSavedSats);
  });
});
