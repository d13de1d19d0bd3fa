import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferOutput } from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatBtc } from '../../src/domain/amount.ts';
import { toBase64, utf8 } from '../../src/domain/bytes.ts';
import { companionCoreContract } from '../../src/host/companion-contract.ts';
import { serve } from '../../src/host/serve.ts';
import { nodeCompanionEffects } from '../../src/node/companion/effects.ts';
import { createCompanionHandlers } from '../../src/service/companion/handlers.ts';
import { formatWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import { coldKeys } from '../support/peers/cold-keys.ts';

/*
 * A hot wallet of thousands of outputs of every single-key type, swept into cold by a real node: planned in standard-size
 * transactions, signed by the node's own wallet, sent, mined; the cold wallet then holds what was planned, to the satoshi.
 */

const COUNT = Number(process.env['STRONGROOM_SWEEP_UTXOS'] ?? 300);
/** Of the node's descriptors: P2PKH, P2SH-P2WPKH, P2WPKH, P2TR. */
const TYPES = 4;
/** Outputs of one funding: the whole of it stands before every input as its proof. */
const OUTPUTS_OF_ONE = 100;
const cold = coldKeys('regtest', 3_000);
const walletText = formatWalletFile(cold.wallet);
const context = { progress: () => undefined, isCancelled: () => false };

let node: RegtestNode;
let folder: string;
let bank: string;
let close: () => Promise<void> = () => Promise.resolve();
let ask: <N extends keyof typeof companionCoreContract>(name: N, input: unknown) => Promise<InferOutput<(typeof companionCoreContract)[N]['output']>>;

beforeAll(async () => {
  node = await startBitcoind();
  await node.rpc('createwallet', ['bank']);
  await node.rpc('createwallet', ['hot']);
  bank = await node.rpc<string>('getnewaddress', [], 'bank');
  await node.rpc('generatetoaddress', [130, bank]);
  folder = mkdtempSync(join(tmpdir(), 'strongroom-sweep-3000-'));
  const effects = nodeCompanionEffects({ ledgerFile: join(folder, 'ledger.db') });
  close = effects.close;
  const dispatch = serve(companionCoreContract, createCompanionHandlers(effects), (name, error) => {
    throw new Error(`fault in ${name}`, { cause: error });
  });
  ask = async (name, input) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(`${reply.error.code}: ${reply.error.message}`), reply.error);
    return reply.value as never;
  };
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
  await node?.stop();
});

let paid = 0;

/** Pays the hot wallet in outputs of every type in turn, each of another amount. @returns satoshis in all */
async function fundHot(count: number): Promise<bigint> {
  // By descriptor: the node takes longer to hand out an address than to sweep it.
  const { descriptors } = await node.rpc<{ descriptors: { desc: string; active: boolean; internal: boolean }[] }>('listdescriptors', [], 'hot');
  const receiving = descriptors.filter(({ active, internal }) => active && !internal).map(({ desc }) => desc);
  expect(receiving).toHaveLength(TYPES);
  const last = Math.ceil((paid + count) / TYPES) - 1;
  const addresses: string[][] = [];
  for (const descriptor of receiving) addresses.push(await node.rpc<string[]>('deriveaddresses', [descriptor, [0, last]]));
  let total = 0n;
  const end = paid + count;
  for (let start = paid; start < end; start += OUTPUTS_OF_ONE) {
    const amounts: Record<string, string> = {};
    for (let number = start; number < Math.min(end, start + OUTPUTS_OF_ONE); number += 1) {
      const amountSats = 50_000n + BigInt(number * 37);
      amounts[addresses[number % TYPES]?.[Math.floor(number / TYPES)] as string] = formatBtc(amountSats);
      total += amountSats;
    }
    await node.rpc('sendmany', { dummy: '', amounts, fee_rate: 2 }, 'bank');
    // The hot wallet follows in the background, and looks ahead of what it has seen by fewer addresses than two fundings have.
    await node.rpc('syncwithvalidationinterfacequeue');
    if ((start / OUTPUTS_OF_ONE) % 10 === 9) await node.rpc('generatetoaddress', [1, bank]);
  }
  paid = end;
  await node.rpc('generatetoaddress', [1, bank]);
  await node.rpc('syncwithvalidationinterfacequeue');
  return total;
}

test(`a sweep of ${COUNT} hot outputs of four types${COUNT < 3_000 ? ' (3,000 with STRONGROOM_SWEEP_UTXOS=3000)' : ''}: planned, signed by the node, sent, mined, and cold to the satoshi`, async () => {
  const times: Record<string, number> = {};
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    times[name] = (times[name] ?? 0) + Math.round(performance.now() - begun);
    return result;
  };
  const total = await timed('fund', () => fundHot(COUNT));
  // The node's index is off: previous transactions come from the hot wallet, in batches.
  const request = { source: { kind: 'node-wallet', name: 'hot' }, to: walletText, node: node.url, feeRate: '3', policy: { floorSats: '1000000', ceilingSats: '2000000' }, split: true };
  const preview = await timed('preview', () => ask('sweep.preview', { ...request, feeRate: '10' }));
  expect(preview.preview.map((line) => line.feeRateSatPerVb)).toEqual(['10', '5', '3', '2', '1']);
  expect(preview.hot).toEqual({ usableSats: String(total), outputs: COUNT });

  // The same hot wallet gives the same plan: nothing is taken twice. Only the node's change address is a new one each time.
  const whole = (await ask('sweep.prepare', { ...request, policy: {} })).plans;
  expect((await ask('sweep.prepare', { ...request, policy: {} })).plans.map(({ psbtSha256 }) => psbtSha256)).toEqual(whole.map(({ psbtSha256 }) => psbtSha256));

  const prepared = await timed('plan', () => ask('sweep.prepare', request));
  const { plans, totals } = prepared;
  expect(totals.transactions).toBe(plans.length);
  if (COUNT === 3_000) expect(plans.length).toBe(3);
  const spent = plans.flatMap(({ plan }) => plan.inputs.map(({ txid, vout }) => `${txid}:${vout}`));
  expect(new Set(spent).size).toBe(spent.length);
  expect(spent.length + prepared.skipped.length).toBe(COUNT);
  expect(prepared.skipped.every(({ reason }) => reason === 'floor')).toBe(true);
  expect(totals.leftHotSats).toBe('1000000');
  // Each transaction has an address of its own, the wallet's next ones.
  expect(plans.map(({ plan }) => plan.destination?.index)).toEqual(plans.map((_, position) => position));
  expect(plans.map(({ plan }) => plan.payments[0]?.address)).toEqual(plans.map((_, position) => cold.deriver.derive(0, position).address));
  for (const { plan } of plans) expect(plan.vsizeVb).toBeLessThanOrEqual(100_000);
  const minedVsizes: number[] = [];
  for (const { psbtBase64, plan } of plans) {
    const signed = await timed('sign', () => ask('hot.sign', { from: 'hot', node: node.url, psbtFileBase64: psbtBase64 }));
    const { transactionHex, txid, vsizeVb, feeSats, matchesPlan } = await timed('finalize', () => ask('psbt.finalize', { wallet: null, psbtFileBase64: signed.psbtBase64 }));
    expect([txid, feeSats, matchesPlan]).toEqual([signed.txid, plan.feeSats, true]);
    expect(vsizeVb).toBeLessThanOrEqual(plan.vsizeVb);
    minedVsizes.push(vsizeVb);
    expect((await timed('send', () => ask('tx.broadcast', { transactionFileBase64: toBase64(utf8(transactionHex)), node: node.url, wallets: [walletText], references: [] }))).txid).toBe(txid);
  }
  // Some nodes find smaller blocks than others permit.
  for (let blocks = 0; blocks < plans.length; blocks += 1) await node.rpc('generatetoaddress', [1, bank]);
  expect(await node.rpc('getrawmempool')).toEqual([]);

  const synced = await ask('wallet.sync', { wallet: walletText, node: node.url });
  expect(synced.balanceSats).toBe(totals.paymentsSats);
  expect(synced.utxos.map(({ amountSats }) => amountSats).sort()).toEqual(plans.map(({ plan }) => plan.paymentsSats).sort());
  const hot = await ask('hot.balance', { node: node.url, from: 'hot' });
  expect(hot.balanceSats).toBe('1000000');
  // Nothing appeared and nothing is gone: what arrived, what stays and the fees are what was there.
  expect(BigInt(synced.balanceSats) + BigInt(hot.balanceSats) + BigInt(totals.feeSats)).toBe(total);
  console.info(`${COUNT} outputs: ${plans.length} transactions of ${minedVsizes.join(', ')} vB, fees ${totals.feeSats} sats (${totals.feePercent} % of what was moved); ${Object.entries(times).map(([name, ms]) => `${name} ${ms} ms`).join(', ')}`);
}, 900_000);

test('planning takes time in proportion to the inputs, previous transactions included', async () => {
  const few = 30;
  await fundHot(few);
  const ten = few * 10;
  const timeOf = async (): Promise<number> => {
    const begun = performance.now();
    const { totals } = await ask('sweep.prepare', { source: { kind: 'node-wallet', name: 'hot' }, to: walletText, node: node.url, feeRate: '3', policy: {}, split: true });
    return (performance.now() - begun) / totals.inputs;
  };
  await timeOf();
  const each = await timeOf();
  await fundHot(ten - few);
  const eachOfMany = await timeOf();
  console.info(`planning: ${each.toFixed(2)} ms an input of ${few}, ${eachOfMany.toFixed(2)} ms of ${ten}`);
  // Machines are busy; what must not be is that it grows with the number.
  expect(eachOfMany).toBeLessThan(each * 4 + 1);
}, 300_000);
