import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferOutput } from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger } from '../../../src/companion/ledger/ledger.ts';
import { parseBase64, toBase64, utf8 } from '../../../src/domain/bytes.ts';
import { companionCoreContract } from '../../../src/host/companion-contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { spentOutpoints } from '../../../src/psbt/payment-versions.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { parseTransaction, transactionId } from '../../../src/psbt/transaction.ts';
import { ReplyDesk } from '../../../src/service/companion/queue-replies.ts';
import { enqueue, stateOf } from '../../../src/service/companion/queueing.ts';
import { createCompanionHandlers } from '../../../src/service/companion/handlers.ts';
import { addressOfScript } from '../../../src/wallet/address.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { fundingTransaction, honestPsbt, signedAs, strangerScript, testWallet, type TestKey } from '../support/psbt-builder.ts';
import { FakeChain } from './fake-chain.ts';
import { noCare } from './no-care.ts';

const cold = testWallet(2, 3);
const [alice, bob, carol] = cold.keys as [TestKey, TestKey, TestKey];
const walletText = formatWalletFile(cold.wallet);
const stranger = addressOfScript(strangerScript(5), 'regtest') as string;
const node = 'fake://';

type Name = keyof typeof companionCoreContract;
let chain: FakeChain;
let ledger: Ledger;
let folder: string;
let now: string;
let faults: unknown[];
let call: <N extends Name>(name: N, input: unknown) => Promise<InferOutput<(typeof companionCoreContract)[N]['output']>>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-queue-'));
  ledger = openSqliteLedger(join(folder, 'ledger.db'));
  chain = new FakeChain(cold.deriver, strangerScript(9));
  now = '2026-11-23T08:00:00.000Z';
  faults = [];
  const effects = { openChainSource: async () => chain.source(), ledger: async () => ledger, begunLedger: async () => ledger, care: noCare, now: () => now };
  const dispatch = serve(companionCoreContract, createCompanionHandlers(effects), (_, fault) => faults.push(fault));
  call = async (name, input) => {
    const reply = await dispatch(name, input, { progress: () => undefined, isCancelled: () => false });
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value as never;
  };
});
afterEach(() => {
  expect(faults).toEqual([]);
  ledger.close();
  rmSync(folder, { recursive: true });
});

const fund = (amountSats = 2_000_000n, index = 0, salt = 1, height: number | null = 90): string => chain.add(fundingTransaction([{ scriptPubKey: cold.deriver.derive(0, index).scriptPubKey, amountSats }], salt).bytes, height);
const plan = (feeRate = '2', amountSats = 1_000_000, more: object = {}) => call('pay.plan', { wallet: walletText, paymentsCsv: `address,amount_sats,reference,cost_code\n${stranger},${amountSats},INV-1,4711\n`, node, feeRate, ...more });
const bump = (id: string, feeRate: string | null = null) => call('pay.bump', { plan: id, node, feeRate });
type Planned = { readonly psbtBase64: string; readonly queue: { readonly planId: string } };
const reply = ({ psbtBase64 }: Planned, key: TestKey, name = `${key.fingerprint}.psbt`) => ({ name, contentBase64: toBase64(encodePsbt(signedAs(decodePsbt(parseBase64(psbtBase64)), cold, key))) });
const add = (...files: readonly { readonly name: string; readonly contentBase64: string }[]) => call('queue.add', { files });
const show = ({ queue }: Planned) => call('queue.details', { plan: queue.planId });
const states = async (planned: Planned): Promise<readonly string[]> => (await show(planned)).versions.map(({ state }) => state);
const send = (planned: Planned) => call('queue.broadcast', { plan: planned.queue.planId, node });
const refresh = () => call('ledger.refresh', { wallets: [walletText], node });

describe('from draft to confirmed', () => {
  test('each step has its state, says who signed and who is awaited, and the file that is handed over next', async () => {
    fund();
    const planned = await plan();
    const id = planned.queue.planId;
    expect((await show(planned)).entry).toMatchObject({ state: 'unsigned', version: 1, expiresAt: '2026-12-07T08:00:00.000Z', quorum: { required: 2, total: 3, stillNeeded: 2 }, signedBy: [], references: ['INV-1'], payments: 1 });
    expect((await show(planned)).payments).toEqual([{ address: stranger, amountSats: '1000000', reference: 'INV-1', costCode: '4711' }]);
    const unsigned = await call('queue.export', { plan: id.slice(0, 8), cosigner: bob.fingerprint });
    expect(unsigned).toMatchObject({ psbtBase64: planned.psbtBase64, form: 'unsigned', suggestedName: planned.suggestedName });
    expect(unsigned.entry.awaited.map(({ fingerprint, handedAt }) => [fingerprint, handedAt])).toEqual([[alice.fingerprint, null], [bob.fingerprint, now], [carol.fingerprint, null]]);

    now = '2026-11-24T08:00:00.000Z';
    const first = await add(reply(planned, carol, 'c.psbt'));
    expect(first.outcomes).toEqual([{ file: 'c.psbt', outcome: 'taken', planId: id, signedBy: [{ fingerprint: carol.fingerprint, label: expect.any(String) }], finalized: false, stillNeeded: 1, error: null, quarantined: false }]);
    expect(first.entries).toMatchObject([{ state: 'partly-signed', signedBy: [{ fingerprint: carol.fingerprint, file: 'c.psbt', receivedAt: now }], awaited: [{ fingerprint: alice.fingerprint }, { fingerprint: bob.fingerprint }] }]);
    const partly = await call('queue.export', { plan: id });
    expect(partly).toMatchObject({ form: 'partly-signed', suggestedName: planned.suggestedName.replace('.unsigned.', '.combined.') });
    expect((await call('queue.export', { plan: id, unsigned: true })).psbtBase64).toBe(planned.psbtBase64);
    await expect(call('queue.export', { plan: id, cosigner: carol.fingerprint })).rejects.toMatchObject({ code: 'queue.already-signed' });
    await expect(call('queue.export', { plan: id, cosigner: '00000000' })).rejects.toMatchObject({ code: 'key.not-a-cosigner' });
    await expect(send(planned)).rejects.toMatchObject({ code: 'psbt.incomplete' });

    // Signed on top of what was exported, as a cosigner who gets the partly signed file does.
    expect((await add(reply({ ...planned, psbtBase64: partly.psbtBase64 }, alice))).outcomes).toMatchObject([{ outcome: 'taken', finalized: true, stillNeeded: 0 }]);
    const final = await call('queue.finalize', { plan: id });
    expect(final).toMatchObject({ feeSats: planned.plan.feeSats, suggestedName: planned.suggestedName.replace('.unsigned.psbt', '.tx'), entry: { state: 'finalized' } });
    await expect(call('queue.export', { plan: id, cosigner: bob.fingerprint })).rejects.toMatchObject({ code: 'queue.already-signed' });
    expect(await send(planned)).toMatchObject({ txid: final.txid, entry: { state: 'broadcast' } });
    expect((await call('queue.list', { walletId: null })).entries).toHaveLength(1);
    (chain.transactions.get(final.txid) as { height: number | null }).height = 100;
    await refresh();
    expect((await show(planned)).entry).toMatchObject({ state: 'confirmed', confirmations: 1 });
    // The books have from the payments file what each output was for.
    expect(ledger.books.annotations(final.txid).notes.map(({ field, text }) => [field, text])).toEqual([['reference', 'INV-1'], ['cost-code', '4711']]);
    expect((await call('ledger.list', { walletId: null })).entries.find((entry) => entry.txid === final.txid)).toMatchObject({ kind: 'pay', references: ['INV-1'], costCodes: ['4711'] });
    expect((await call('queue.list', { walletId: null })).entries).toEqual([]);
    await expect(bump(id)).rejects.toMatchObject({ code: 'bump.not-possible', details: { reason: 'confirmed' } });
    await expect(call('queue.discard', { plan: id, reason: 'late' })).rejects.toMatchObject({ code: 'queue.already-sent' });
  });

  test('replies may come in any order, twice, and beside rubbish: the result is the same', async () => {
    fund();
    const planned = await plan();
    const [a, b, c] = [reply(planned, alice), reply(planned, bob), reply(planned, carol)];
    const rubbish = { name: 'notes.txt', contentBase64: toBase64(utf8('hello')) };
    const orders = [[a, b, c], [c, rubbish, b, a], [b, b, a, rubbish, a]];
    const results: string[] = [];
    for (const order of orders) {
      const { outcomes } = await add(...order);
      expect(outcomes.filter(({ outcome }) => outcome === 'refused').map(({ file, error }) => [file, error?.code])).toEqual(order.includes(rubbish) ? [['notes.txt', 'psbt.malformed']] : []);
      results.push((await call('queue.finalize', { plan: planned.queue.planId })).txid);
    }
    expect(new Set(results).size).toBe(1);
    expect((await show(planned)).entry.signedBy.map(({ fingerprint }) => fingerprint).sort()).toEqual([alice, bob, carol].map(({ fingerprint }) => fingerprint).sort());
    expect((await add(a)).outcomes[0]).toMatchObject({ outcome: 'duplicate', finalized: true, signedBy: [{ fingerprint: alice.fingerprint }] });
  });
});

test('two programs that take replies at once lose none', async () => {
  fund();
  const planned = await plan();
  const file = ({ name, contentBase64 }: ReturnType<typeof reply>) => ({ name, content: parseBase64(contentBase64) });
  const other = openSqliteLedger(join(folder, 'ledger.db'));
  let isFirst = true;
  // The other program writes between the moment at which this one has verified its reply and the moment at which it keeps it.
  const interrupted: Ledger = {
    ...ledger,
    atomically: (work) => {
      if (isFirst) expect(new ReplyDesk(other, () => now).add(file(reply(planned, carol)))).toMatchObject({ outcome: 'taken', stillNeeded: 1 });
      isFirst = false;
      return ledger.atomically(work);
    },
  };
  expect(new ReplyDesk(interrupted, () => now).add(file(reply(planned, alice)))).toMatchObject({ outcome: 'taken', stillNeeded: 0, finalized: true });
  other.close();
  expect((await show(planned)).entry).toMatchObject({ state: 'finalized', signedBy: [{ fingerprint: expect.any(String) }, { fingerprint: expect.any(String) }] });
});

describe('the version board', () => {
  test('replies to a superseded version are kept apart by name; so is an old signature in a new file', async () => {
    fund();
    const early = await plan();
    await add(reply(early, alice));
    const late = await bump(early.queue.planId, '8');
    expect(late).toMatchObject({ queue: { paymentId: early.queue.planId, version: 2 }, replaces: { planId: early.queue.planId, feeRateSatPerVb: '2' }, plan: { payments: early.plan.payments, feeRateSatPerVb: '8' } });
    const pasted = encodePsbt({ ...decodePsbt(parseBase64(late.psbtBase64)), inputs: decodePsbt(parseBase64(reply(early, bob).contentBase64)).inputs });
    const { outcomes } = await add(reply(early, bob, 'old.psbt'), { name: 'pasted.psbt', contentBase64: toBase64(pasted) }, reply(late, carol));
    expect(outcomes.map(({ file, outcome, error, quarantined }) => [file, outcome, error?.code, quarantined])).toEqual([
      ['old.psbt', 'refused', 'psbt.superseded', true], ['pasted.psbt', 'refused', 'psbt.signature-stale', true], [`${carol.fingerprint}.psbt`, 'taken', undefined, false],
    ]);
    const board = await show(early);
    expect(board.versions.map(({ version, state, by, signedBy, reason }) => [version, state, by, signedBy.map(({ fingerprint }) => fingerprint), reason])).toEqual([
      [1, 'superseded', late.queue.planId, [alice.fingerprint], 'planned'], [2, 'partly-signed', null, [carol.fingerprint], 'bumped'],
    ]);
    expect(board.quarantined.map(({ file, code, signedBy, planId }) => [file, code, signedBy, planId])).toEqual([
      ['old.psbt', 'psbt.superseded', [bob.fingerprint], early.queue.planId], ['pasted.psbt', 'psbt.signature-stale', [], late.queue.planId],
    ]);
    await expect(call('queue.export', { plan: early.queue.planId })).rejects.toMatchObject({ code: 'psbt.superseded' });
    await expect(send(early)).rejects.toMatchObject({ code: 'psbt.superseded' });
  });

  test('a discarded replacement gives the earlier version back; what was discarded takes no signatures', async () => {
    fund();
    const early = await plan();
    const late = await bump(early.queue.planId, '8');
    await call('queue.discard', { plan: late.queue.planId, reason: 'too dear' });
    expect(await states(early)).toEqual(['unsigned', 'discarded']);
    expect((await add(reply(late, alice), reply(early, alice), reply(early, bob))).outcomes.map(({ error, finalized }) => [error?.code, finalized])).toEqual([['queue.discarded', false], [undefined, false], [undefined, true]]);
    await expect(call('queue.finalize', { plan: late.queue.planId })).rejects.toMatchObject({ code: 'queue.discarded' });
    // Its file may be about: the next version passes its fee too.
    expect(BigInt((await bump(early.queue.planId)).replacedFeeSats)).toBe(BigInt(late.plan.feeSats));
  });

  test('a sent version waits beside its replacement until that is sent; the one that is confirmed closes the other', async () => {
    fund();
    const early = await plan();
    await add(reply(early, alice), reply(early, bob));
    const { txid } = await send(early);
    await refresh();
    const late = await bump(txid, '8');
    expect(await states(early)).toEqual(['broadcast', 'unsigned']);
    await expect(call('queue.discard', { plan: early.queue.planId, reason: 'x' })).rejects.toMatchObject({ code: 'queue.already-sent' });
    (chain.transactions.get(txid) as { height: number | null }).height = 100;
    await refresh();
    expect(await states(early)).toEqual(['confirmed', 'superseded']);
    expect((await add(reply(late, carol))).outcomes[0]?.error?.code).toBe('psbt.superseded');
  });

  test('BIP125: the replacement keeps payments and inputs, and adds outputs where the change is not enough', async () => {
    fund(1_000_700n);
    const early = await plan('2');
    expect(early.plan.change).toBeNull();
    await expect(bump(early.queue.planId, '30')).rejects.toMatchObject({ code: 'plan.insufficient-funds' });
    fund(500_000n, 1, 2);
    const late = await bump(early.queue.planId, '30');
    expect(late.plan.inputs).toHaveLength(2);
    expect(late.plan).toMatchObject({ payments: early.plan.payments, feeRateSatPerVb: '30' });
    await expect(bump(early.queue.planId, '20')).rejects.toMatchObject({ code: 'bump.too-little' });
    const [first] = early.plan.inputs;
    await call('coins.freeze', { outpoints: [`${first?.txid}:${first?.vout}`], frozen: true });
    await expect(bump(early.queue.planId, '60')).rejects.toMatchObject({ code: 'coins.frozen' });
  });
});

describe('what is not taken, and why', () => {
  test('after its time a plan is closed, and its outputs are free', async () => {
    fund();
    const planned = await plan('2', 1_000_000, { expiresInDays: 2 });
    now = '2026-11-25T08:00:00.000Z';
    expect((await add(reply(planned, alice))).outcomes[0]).toMatchObject({ error: { code: 'queue.expired' }, quarantined: true });
    await expect(call('queue.export', { plan: planned.queue.planId })).rejects.toMatchObject({ code: 'queue.expired' });
    expect((await plan('2', 1_500_000)).plan.inputs).toEqual(planned.plan.inputs);
  });
  test('an input that was spent otherwise closes the plan', async () => {
    const txid = fund();
    const planned = await plan();
    await refresh();
    const spender = parseTransaction(fundingTransaction([{ scriptPubKey: strangerScript(3), amountSats: 1_999_000n }], 4).bytes).transaction;
    const [input] = decodePsbt(parseBase64(planned.psbtBase64)).transaction.ins;
    spender.ins = [{ ...(input as (typeof spender.ins)[number]) }];
    const thief = chain.add(spender.toBuffer(), 99);
    await refresh();
    expect((await show(planned)).entry).toMatchObject({ state: 'spent-otherwise', by: thief });
    expect((await add(reply(planned, alice))).outcomes[0]).toMatchObject({ error: { code: 'queue.spent-otherwise' } });
    await expect(bump(planned.queue.planId)).rejects.toMatchObject({ code: 'bump.not-possible', details: { reason: 'spent-otherwise' } });
    expect(txid).not.toBe(thief);
  });
  test('a file of no plan, and of somebody else\'s version of one', async () => {
    fund();
    const planned = await plan();
    const psbt = decodePsbt(parseBase64(planned.psbtBase64));
    const rival = { ...psbt, transaction: psbt.transaction.clone() };
    rival.transaction.locktime = 5;
    const foreign = { ...psbt, transaction: psbt.transaction.clone() };
    foreign.transaction.ins = foreign.transaction.ins.map((input) => ({ ...input, index: 7 }));
    const { outcomes } = await add({ name: 'rival.psbt', contentBase64: toBase64(encodePsbt(rival)) }, { name: 'foreign.psbt', contentBase64: toBase64(encodePsbt(foreign)) });
    expect(outcomes.map(({ error, planId }) => [error?.code, planId])).toEqual([['psbt.superseded', planned.queue.planId], ['queue.unknown', null]]);
    await expect(call('queue.details', { plan: '0'.repeat(12) })).rejects.toMatchObject({ code: 'queue.unknown' });
  });
  test('an id that several plans begin with is not guessed at', () => {
    const entry = { paymentId: 'b'.repeat(64), version: 1, reason: 'planned', kind: 'pay', walletId: 'w', network: 'regtest', signers: 'cold', plannedAt: now, expiresAt: now, inputsSats: 10n, paymentsSats: 8n, changeSats: 1n, feeSats: 1n, vsizeVb: 1, paymentCount: 0, psbtSha256: 'f'.repeat(64), parentTxid: null, stillNeeded: 2, signingWallets: [] } as const;
    for (const last of ['0', '1']) ledger.queue.add({ ...entry, planId: `${'a'.repeat(63)}${last}` }, []);
    return expect(call('queue.details', { plan: 'a'.repeat(20) })).rejects.toMatchObject({ code: 'queue.ambiguous', details: { plans: `${'a'.repeat(63)}0 ${'a'.repeat(63)}1` } });
  });
});

describe('two plans never pay the same order twice, nor spend the same output by accident', () => {
  test('outputs that a payment waits for stay with it', async () => {
    fund(2_000_000n, 0, 1);
    fund(1_900_000n, 1, 2);
    const first = await plan('2', 1_000_000);
    const second = await plan('2', 1_100_000);
    expect(second.plan.inputs).not.toEqual(first.plan.inputs);
    expect(second.plan.skipped).toMatchObject([{ reason: 'reserved' }]);
    await expect(plan('2', 1_200_000)).rejects.toMatchObject({ code: 'plan.insufficient-funds', details: { heldSats: '3900000' } });
  });
  test('the same payments again are a version of the first, or are refused where both could be sent', async () => {
    fund(1_500_000n, 0, 1);
    const first = await plan('2');
    const again = await plan('5');
    expect(again.queue).toMatchObject({ paymentId: first.queue.planId, version: 2 });
    expect(again.plan.inputs).toEqual(first.plan.inputs);
    fund(9_000_000n, 1, 2);
    await expect(plan('6')).rejects.toMatchObject({ code: 'payments.waiting', details: { plan: again.queue.planId } });
    const twice = await plan('6', 1_000_000, { payAgain: true });
    expect(twice.queue).toMatchObject({ paymentId: twice.queue.planId, version: 1 });
    expect(await states(first)).toEqual(['superseded', 'unsigned']);
  });
  test('an address is given out once: not to a second payer, and not to a plan', async () => {
    fund();
    const next = (label: string | null = null) => call('wallet.next-address', { wallet: walletText, node, label });
    expect([(await next('Alice')).index, (await next()).index]).toEqual([1, 2]);
    expect((await call('wallet.sync', { wallet: walletText, node })).nextReceive.index).toBe(3);
    expect(JSON.parse((await call('labels.export', {})).content)).toEqual({ type: 'addr', ref: cold.deriver.derive(0, 1).address, label: 'Alice' });
    for (let offered = 3; offered <= 150; offered += 1) ledger.coins.saveOffered(policyIdOf(cold.wallet).walletId, 0, offered, now);
    await expect(next()).rejects.toMatchObject({ code: 'plan.address-gap' });
  });
});

test('labels, tags and frozen outputs are kept with what is not known of them', async () => {
  const txid = fund();
  const lines = [`{"type":"tx","ref":"${txid}","label":"Funding","fmv":{"EUR":1.0}}`, '{"type":"lightning","ref":"x"}'];
  expect(await call('labels.import', { content: `${lines.join('\n')}\n` })).toEqual({ records: 2, frozen: 0, unknownTypes: 1 });
  expect(await call('coins.tag', { outpoints: [`${txid}:0`], add: ['a', 'b'], remove: [] })).toEqual({ changed: 1 });
  expect(await call('coins.tag', { outpoints: [`${txid}:0`], add: ['a'], remove: ['c'] })).toEqual({ changed: 0 });
  expect(await call('coins.tag', { outpoints: [`${txid}:0`], add: [], remove: ['a'] })).toEqual({ changed: 1 });
  expect(await call('coins.freeze', { outpoints: [`${txid}:0`], frozen: true })).toEqual({ changed: 1 });
  expect(await call('coins.freeze', { outpoints: [`${txid}:0`], frozen: true })).toEqual({ changed: 0 });
  expect((await call('coins.list', { wallet: walletText, node })).coins).toMatchObject([{ txid, label: 'Funding', tags: ['b'], frozen: true, reservedBy: null }]);
  await expect(plan()).rejects.toMatchObject({ code: 'plan.insufficient-funds' });
  await call('labels.set', { type: 'tx', ref: txid, label: 'Seed money' });
  const { content } = await call('labels.export', {});
  expect(content).toBe(`{"type":"tx","ref":"${txid}","label":"Seed money","fmv":{"EUR":1.0}}\n${lines[1]}\n{"type":"output","ref":"${txid}:0","label":"","strongroom_tags":["b"], "spendable": false}\n`.replace('"label":"","strongroom_tags":["b"]', '"label":"", "strongroom_tags": ["b"]'));
  await expect(call('coins.tag', { outpoints: [`${txid}:0`], add: ['a b'], remove: [] })).rejects.toMatchObject({ code: 'coins.tag-malformed' });
  await expect(call('labels.import', { content: 'hello' })).rejects.toMatchObject({ code: 'labels.malformed' });
});

test('a sweep that is planned again over the same outputs takes the place of the one that waits; one that is sent closes the other', () => {
  const wallet = cold.wallet;
  const plans = [1, 2].map((salt): Psbt => honestPsbt({ wallet: cold, inputs: [{ branch: 0, index: 0, amountSats: 101_000n }], payments: [{ scriptPubKey: strangerScript(), amountSats: 100_000n - BigInt(salt) }], change: null }));
  const sweep = (psbt: Psbt) => ledger.atomically(() => {
    const [outpoint] = spentOutpoints(psbt.transaction) as [string];
    const amountSats = psbt.transaction.outs[0]?.value ?? 0n;
    const planned = { psbt: psbt as never, plan: {
      kind: 'sweep', network: 'regtest', inputs: [{ txid: outpoint.slice(0, 64), vout: Number(outpoint.slice(65)) }], payments: [{ address: stranger, scriptPubKey: strangerScript(), amountSats, reference: '' }], change: null,
      inputsSats: 101_000n, paymentsSats: amountSats, feeSats: 101_000n - amountSats, vsizeVb: 200,
    } as never };
    ledger.saveWallet({ walletId: policyIdOf(wallet).walletId, name: wallet.name, network: wallet.network });
    ledger.savePlan({ planId: transactionId(psbt.transaction), kind: 'sweep', walletId: policyIdOf(wallet).walletId, plannedAt: now, outpoints: [outpoint], references: [], reserved: null, psbt: encodePsbt(psbt) });
    return enqueue({ ledger, wallet, planned, signers: 'hot', plannedAt: now, expiresInDays: 14 });
  });
  const [first, second] = plans.map(sweep) as [ReturnType<typeof enqueue>, ReturnType<typeof enqueue>];
  expect([second.paymentId, second.version, second.reason]).toEqual([first.planId, 2, 'planned-again']);
  expect(stateOf(ledger, first, now)).toEqual({ state: 'superseded', by: second.planId });
  // No watched wallet books what a node's own wallet spends: what was sent from here tells.
  ledger.saveIntent({ txid: first.planId, planId: first.planId, network: 'regtest', transaction: Uint8Array.of(1), references: [], intendedAt: now, state: 'sent' });
  expect(ledger.queue.evidence(second.planId).spentBy).toEqual([{ txid: first.planId, planId: first.planId, confirmed: false }]);
});

test('a child spends what an unconfirmed receipt brings, and a better one takes its place', async () => {
  // FakeChain cannot tell what strangers paid for it; only the wallet's own spends have a fee.
  fund();
  const early = await plan('1');
  await add(reply(early, alice), reply(early, bob));
  const { txid } = await send(early);
  const cpfp = (feeRate: string) => call('pay.cpfp', { wallet: walletText, txid, node, feeRate });
  const child = await cpfp('10');
  expect(child).toMatchObject({ plan: { payments: [], inputs: [{ txid, confirmations: 0 }], change: { branch: 'change' } }, package: { transactions: 2 }, queue: { version: 1 } });
  expect(Number(child.package.feeRateSatPerVb)).toBeGreaterThanOrEqual(10);
  const better = await cpfp('25');
  expect(better.queue).toMatchObject({ paymentId: child.queue.planId, version: 2 });
  expect(await states(child)).toEqual(['superseded', 'unsigned']);
  await expect(cpfp('1')).rejects.toMatchObject({ code: 'bump.too-little' });
  await expect(call('pay.cpfp', { wallet: walletText, txid: 'ab'.repeat(32), node, feeRate: '10' })).rejects.toMatchObject({ code: 'bump.not-possible' });
});
