import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferOutput } from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseBase64, toBase64, utf8 } from '../../src/domain/bytes.ts';
import { companionCoreContract } from '../../src/host/companion-contract.ts';
import { serve } from '../../src/host/serve.ts';
import { openSqliteLedger } from '../../src/node/companion/sqlite-ledger.ts';
import type { Ledger } from '../../src/companion/ledger/ledger.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { createCompanionHandlers } from '../../src/service/companion/handlers.ts';
import { formatWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../src/wallet/policy-id.ts';
import { practiceDriver, type ChainDriver } from '../support/peers/chain-driver.ts';
import { keyedWallet, reviewAs, signAs, type KeyedWallet } from '../support/peers/keyed-wallet.ts';

/*
 * Sweeps, refills and schedules on the practice network: hot wallets of every single-key type whose keys a Signer holds, swept in
 * standard-size transactions; rules that prepare and never send.
 */

const COUNT = Number(process.env['STRONGROOM_SWEEP_UTXOS'] ?? 80);
/** Outputs of one funding transaction, to one address. */
const OUTPUTS_OF_ONE = 10;
const HOT_TYPES = ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'] as const;
const network = 'practice';
const cold = keyedWallet({ script: 'p2wsh', required: 2, total: 3, firstKey: 500, network });
const hot: readonly KeyedWallet[] = HOT_TYPES.map((script) => keyedWallet({ script, required: 1, total: 1, firstKey: 510, network }));
const [coldText, ...hotTexts] = [cold, ...hot].map(({ wallet }) => formatWalletFile(wallet)) as [string, ...string[]];
const node = 'the practice network';
const context = { progress: () => undefined, isCancelled: () => false };

let chain: ChainDriver;
let folder: string;
let ledger: Ledger;
let now = '2026-11-23T12:00:00.000Z';
let ask: <N extends keyof typeof companionCoreContract>(name: N, input: unknown) => Promise<InferOutput<(typeof companionCoreContract)[N]['output']>>;

beforeAll(async () => {
  chain = await practiceDriver();
  await chain.mine(20);
});
afterAll(() => chain.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-sweeps-'));
  ledger = openSqliteLedger(join(folder, 'ledger.db'));
  const dispatch = serve(companionCoreContract, createCompanionHandlers({ openChainSource: async () => ({ ...chain.source, close: async () => undefined }), ledger: async () => ledger, begunLedger: async () => ledger, now: () => now } as never), (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  ask = async (name, input) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(`${reply.error.code}: ${reply.error.message}`), reply.error);
    return reply.value as never;
  };
  return () => {
    ledger.close();
    rmSync(folder, { recursive: true, force: true });
  };
});

/** Signs with the keys of the hot wallets, one type after the other, and sends. */
async function signAndSend(psbtBase64: string, wallets: readonly KeyedWallet[], signers: readonly KeyedWallet['keys'][number][]): Promise<{ readonly txid: string; readonly feeSats: string }> {
  const texts = wallets.map(({ wallet }) => formatWalletFile(wallet));
  const replies = signers.map((key) => {
    const psbt = parseBase64(psbtBase64);
    const review = reviewAs(key, wallets, psbt);
    expect(review.findings.filter(({ severity }) => severity === 'refuse')).toEqual([]);
    return toBase64(signAs(key, wallets, review, psbt, review.findings.filter(({ severity }) => severity === 'acknowledge').map(({ code }) => code)));
  });
  const combined = await ask('psbt.combine', { wallet: texts, psbtFilesBase64: replies });
  const final = await ask('psbt.finalize', { wallet: texts, psbtFileBase64: combined.psbtBase64 });
  expect(final.matchesPlan).toBe(true);
  await ask('tx.broadcast', { transactionFileBase64: toBase64(utf8(final.transactionHex)), node, wallets: [coldText], references: [] });
  return { txid: final.txid, feeSats: final.feeSats };
}

const hotKey = hot[0]?.keys[0] as KeyedWallet['keys'][number];

test(`hot wallets of four types with ${COUNT} outputs${COUNT < 3_000 ? ' (3,000 with STRONGROOM_SWEEP_UTXOS=3000)' : ''}: swept from their files, change for the floor goes back, cold to the satoshi`, async () => {
  let total = 0n;
  for (let number = 0; number < COUNT; number += OUTPUTS_OF_ONE) {
    const group = number / OUTPUTS_OF_ONE;
    const amountSats = BigInt(OUTPUTS_OF_ONE) * 60_000n + BigInt(number);
    await chain.payInParts?.((hot[group % hot.length] as KeyedWallet).deriver.derive(0, Math.floor(group / hot.length)).address, amountSats, OUTPUTS_OF_ONE);
    total += amountSats;
    if (group % 20 === 19) await chain.mine(1);
  }
  await chain.mine(1);
  const request = { source: { kind: 'wallets', wallets: hotTexts }, to: coldText, node, feeRate: '2', policy: { floorSats: '30000', ceilingSats: '100000', budgetPercent: '1' }, split: true };
  const prepared = await ask('sweep.prepare', request);
  expect(prepared.signers).toMatchObject({ kind: 'wallets', wallets: HOT_TYPES.map((script) => ({ name: `${script} 1 of 1`, quorum: { required: 1, total: 1 }, fingerprints: [hotKey.fingerprint] })) });
  expect(prepared.hot).toEqual({ usableSats: String(total), outputs: COUNT });
  const spent = prepared.plans.flatMap(({ plan }) => plan.inputs.map(({ txid, vout }) => `${txid}:${vout}`));
  expect([spent.length, new Set(spent).size]).toEqual([COUNT, COUNT]);
  // The rest of the floor goes back to the first hot wallet's own change branch, and that address is taken.
  const [first] = prepared.plans;
  expect(first?.plan.change).toEqual({ address: hot[0]?.deriver.derive(1, 0).address, amountSats: '30000', branch: 'change', index: 0 });
  expect(ledger.reservations(policyIdOf((hot[0] as KeyedWallet).wallet).walletId, 1).map(({ index }) => index)).toEqual([0]);
  // Every input has its key's origin and its whole previous transaction.
  for (const { psbtBase64 } of prepared.plans) {
    for (const input of decodePsbt(parseBase64(psbtBase64)).inputs) expect([input.nonWitnessUtxo !== undefined, input.bip32Derivations.length + input.otherFields.length > 0]).toEqual([true, true]);
  }
  if (COUNT === 3_000) expect(prepared.plans).toHaveLength(3);
  for (const { psbtBase64, plan } of prepared.plans) expect((await signAndSend(psbtBase64, hot, [hotKey])).feeSats).toBe(plan.feeSats);
  await chain.mine(1);
  const synced = await ask('wallet.sync', { wallet: coldText, node });
  expect(synced.balanceSats).toBe(prepared.totals.paymentsSats);
  expect(BigInt(synced.balanceSats) + BigInt(prepared.totals.feeSats) + 30_000n).toBe(total);
  console.info(`${COUNT} outputs: ${prepared.plans.map(({ plan }) => plan.vsizeVb).join(', ')} vB, fees ${prepared.totals.feeSats} sats`);
  await expect(ask('sweep.prepare', request)).rejects.toMatchObject({ code: 'plan.below-ceiling' });
}, 600_000);

test('a Signer that knows the cold wallet too sees where the sweep goes; one that does not sees a payment', async () => {
  const from = hot[2] as KeyedWallet;
  await chain.pay(from.deriver.derive(0, 150).address, 500_000n);
  await chain.mine(1);
  const { plans: [planned] } = await ask('sweep.prepare', { source: { kind: 'wallets', wallets: [hotTexts[2]] }, to: coldText, node, feeRate: '1', policy: {}, split: false });
  const psbt = parseBase64(planned?.psbtBase64 ?? '');
  const address = planned?.plan.destination?.address;
  const alone = reviewAs(hotKey, [from], psbt);
  expect([alone.verdict, alone.payments.map((payment) => payment.address)]).toEqual(['ready', [address]]);
  const both = reviewAs(hotKey, [from, cold], psbt);
  // Money that leaves a wallet's quorum is a payment also where it goes to another registered wallet; the Signer says to which.
  expect([both.verdict, both.payments.map((payment) => payment.address)]).toEqual(['ready', [address]]);
  expect([alone.walletIds, both.walletIds]).toEqual([[from.reviewWallet.walletId], [from.reviewWallet.walletId, cold.reviewWallet.walletId]]);
});

describe('refill', () => {
  test('brings the hot wallet from below its floor up to the target, signed by the cold quorum', async () => {
    const other = keyedWallet({ script: 'p2wpkh', required: 1, total: 1, firstKey: 520, network });
    await chain.pay(cold.deriver.derive(0, 30).address, 9_000_000n);
    await chain.pay(other.deriver.derive(0, 3).address, 100_000n);
    await chain.mine(1);
    const request = { wallet: coldText, to: { kind: 'wallet', wallet: formatWalletFile(other.wallet) }, node, feeRate: '2', floorSats: '200000', targetSats: '1000000' };
    const planned = await ask('refill.plan', request);
    // The next address of the hot wallet that was never paid.
    expect(planned.hot).toEqual({ balanceSats: '100000', floorSats: '200000', targetSats: '1000000', address: other.deriver.derive(0, 4).address });
    expect(planned.plan.payments).toMatchObject([{ amountSats: '900000', address: planned.hot.address }]);
    expect(planned.signers).toMatchObject({ kind: 'wallets', wallets: [{ quorum: { required: 2, total: 3 } }] });
    await signAndSend(planned.psbtBase64, [cold], cold.keys.slice(0, 2));
    // On its way counts: it is not made twice.
    await expect(ask('refill.plan', request)).rejects.toMatchObject({ code: 'plan.above-floor', details: { balanceSats: '1000000', floorSats: '200000' } });
    await chain.mine(1);
    expect((await ask('wallet.sync', { wallet: formatWalletFile(other.wallet), node })).balanceSats).toBe('1000000');
  });

  test('of the node\'s own wallet goes to a receive address of it, of an address to that address', async () => {
    await chain.pay(cold.deriver.derive(0, 31).address, 9_000_000n);
    await chain.mine(1);
    const planned = await ask('refill.plan', { wallet: coldText, to: { kind: 'node-wallet', name: 'hot' }, node, feeRate: '2', floorSats: '200000', targetSats: '400000' });
    expect(planned.plan.payments).toMatchObject([{ amountSats: '400000', reference: 'refill of hot' }]);
    const address = cold.deriver.derive(0, 60).address;
    expect((await ask('refill.plan', { wallet: coldText, to: { kind: 'address', address }, node, feeRate: '2', floorSats: '1', targetSats: '5000' })).hot).toMatchObject({ balanceSats: '0', address });
    await expect(ask('refill.plan', { wallet: coldText, to: { kind: 'address', address }, node, feeRate: '2', floorSats: '5000', targetSats: '5000' })).rejects.toMatchObject({ code: 'sweep.policy-malformed' });
    await expect(ask('refill.plan', { wallet: coldText, to: { kind: 'wallet', wallet: coldText }, node, feeRate: '2', floorSats: '1', targetSats: '5000' })).rejects.toMatchObject({ code: 'sweep.policy-malformed' });
  });
});

describe('schedule', () => {
  const source = keyedWallet({ script: 'p2tr', required: 1, total: 1, firstKey: 530, network });
  const rule = (more: object = {}) => ({ kind: 'sweep', name: 'nightly', node, feeRate: '2', source: { kind: 'wallets', wallets: [formatWalletFile(source.wallet)] }, to: coldText, policy: { floorSats: '100000', ceilingSats: '300000' }, ...more });
  const runOnce = async () => (await ask('schedule.run', { name: null })).outcomes;

  test('prepares what is due, once, whenever it is run; and again when what it prepared is gone', async () => {
    expect((await ask('schedule.add', { rule: rule() })).rule).toMatchObject({ name: 'nightly', hot: { kind: 'wallets', names: ['p2tr 1 of 1'] }, lastRun: null, prepared: [] });
    await expect(ask('schedule.add', { rule: rule() })).rejects.toMatchObject({ code: 'schedule.exists' });
    expect(await runOnce()).toEqual([{ name: 'nightly', outcome: 'waiting', reasons: ['below-ceiling'], hotSats: '0', feeRateSatPerVb: '2', outstanding: [] }]);

    for (const index of [0, 1, 2]) await chain.pay(source.deriver.derive(0, index).address, 200_000n);
    await chain.mine(1);
    const [prepared] = await runOnce();
    if (prepared?.outcome !== 'prepared') throw new Error('nothing was prepared');
    expect(prepared.plans).toHaveLength(1);
    const [planned] = prepared.plans;
    expect(ledger.queue.entries(policyIdOf(cold.wallet).walletId, 10).map(({ kind, signers }) => [kind, signers])).toEqual([['sweep', 'hot']]);

    // Run twice, nothing is prepared twice: the same bytes are given out again, under the same name.
    now = '2026-11-24T12:00:00.000Z';
    const [waiting] = await runOnce();
    expect(waiting).toMatchObject({ outcome: 'waiting', reasons: ['outstanding'], outstanding: [{ psbtBase64: planned?.psbtBase64, fileName: planned?.suggestedName }] });
    expect(ledger.reservations(policyIdOf(cold.wallet).walletId, 0)).toHaveLength(1);

    await signAndSend(planned?.psbtBase64 ?? '', [source], source.keys);
    expect(await runOnce()).toMatchObject([{ outcome: 'waiting', reasons: ['below-ceiling'], outstanding: [] }]);
    await chain.mine(1);
    await chain.pay(source.deriver.derive(0, 3).address, 500_000n);
    await chain.mine(1);
    expect(await runOnce()).toMatchObject([{ outcome: 'prepared' }]);
    const { rules: [listed] } = await ask('schedule.list', {});
    expect(listed?.prepared).toHaveLength(2);
    expect(listed?.lastRun).toEqual({ ranAt: now, outcome: 'prepared', details: ['1'] });
  });

  test('a rule that is off, or whose node is away, is said; the others go on', async () => {
    await ask('schedule.add', { rule: rule({ name: 'off', isOn: false }) });
    await ask('schedule.add', { rule: rule({ name: 'of-nobody', source: { kind: 'node-wallet', name: 'no such wallet' } }) });
    const outcomes = await runOnce();
    expect(outcomes).toMatchObject([{ name: 'of-nobody', outcome: 'failed', code: 'node.wallet' }, { name: 'off', outcome: 'waiting' }]);
    expect((await ask('schedule.switch', { name: 'off', isOn: true })).rule.isOn).toBe(true);
    await ask('schedule.remove', { name: 'off' });
    await expect(ask('schedule.remove', { name: 'off' })).rejects.toMatchObject({ code: 'schedule.unknown' });
    await expect(ask('schedule.run', { name: 'off' })).rejects.toMatchObject({ code: 'schedule.unknown' });
    expect((await ask('schedule.list', {})).rules.map(({ name }) => name)).toEqual(['of-nobody']);
  });

  test('a rule that could never prepare anything is refused when it is added', async () => {
    await expect(ask('schedule.add', { rule: rule({ policy: { floorSats: '1' } }) })).rejects.toMatchObject({ code: 'schedule.malformed', details: { reason: 'ceiling-missing' } });
    await expect(ask('schedule.add', { rule: rule({ policy: { floorSats: '2', ceilingSats: '1' } }) })).rejects.toMatchObject({ code: 'schedule.malformed' });
    await expect(ask('schedule.add', { rule: rule({ source: { kind: 'wallets', wallets: [coldText] } }) })).rejects.toMatchObject({ code: 'sweep.policy-malformed' });
    expect((await ask('schedule.list', {})).rules).toEqual([]);
  });

  test('two runs at the same time prepare one sweep', async () => {
    const busy = keyedWallet({ script: 'p2wpkh', required: 1, total: 1, firstKey: 540, network });
    await chain.pay(busy.deriver.derive(0, 0).address, 900_000n);
    await chain.mine(1);
    await ask('schedule.add', { rule: rule({ name: 'twice', source: { kind: 'wallets', wallets: [formatWalletFile(busy.wallet)] } }) });
    const both = (await Promise.all([runOnce(), runOnce()])).flat();
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(expect.arrayContaining(['prepared']));
    expect(both.filter(({ outcome }) => outcome === 'prepared')).toHaveLength(1);
    expect(ledger.schedules.prepared('twice')).toHaveLength(1);
  });
});
