import { p2wpkh } from 'bitcoinjs-lib/src/payments/p2wpkh';
import * as secp from 'tiny-secp256k1';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '../../../src/companion/ledger/ledger.ts';
import { parseBase64, toBase64, utf8 } from '../../../src/domain/bytes.ts';
import { feeRateFromSatPerKvb } from '../../../src/domain/fee-rate.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { companionCoreContract } from '../../../src/host/companion-contract.ts';
import type { InferOutput } from 'valibot';
import { serve } from '../../../src/host/serve.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { createCompanionHandlers } from '../../../src/service/companion/handlers.ts';
import { addressOfScript } from '../../../src/wallet/address.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { formatKeyRecord } from '../../../src/wallet/key-record.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { derSignature, fundingTransaction, signedAs, strangerScript, testWallet } from '../support/psbt-builder.ts';
import { FakeChain } from './fake-chain.ts';
import { noCare } from './no-care.ts';

const cold = testWallet(2, 3);
const walletText = formatWalletFile(cold.wallet);
const { walletId } = policyIdOf(cold.wallet);
const hotKey = new Uint8Array(32).fill(9);
const hotPublicKey = secp.pointFromScalar(hotKey, true) as Uint8Array;
const hotScript = p2wpkh({ pubkey: hotPublicKey }).output as Uint8Array;
const strangerAddress = addressOfScript(strangerScript(5), 'regtest') as string;
const node = 'fake://';
const NOW = '2026-11-22T12:00:00.000Z';

type Name = keyof typeof companionCoreContract;
let chain: FakeChain;
let ledger: Ledger;
let folder: string;
let faults: unknown[];
let call: <N extends Name>(name: N, input: unknown) => Promise<InferOutput<(typeof companionCoreContract)[N]['output']>>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-handlers-'));
  ledger = openSqliteLedger(join(folder, 'ledger.db'));
  chain = new FakeChain(cold.deriver, hotScript);
  chain.hotSigner = signAsHotWallet;
  faults = [];
  const dispatch = serve(companionCoreContract, createCompanionHandlers({ openChainSource: async () => chain.source(), ledger: async () => ledger, begunLedger: async () => ledger, now: () => NOW, care: noCare }), (_, fault) => faults.push(fault));
  call = async (name, input) => {
    const reply = await dispatch(name, input, { progress: () => undefined, isCancelled: () => false });
    if (!reply.ok) throw Object.assign(new Error(reply.error.code), reply.error);
    return reply.value as never;
  };
});
afterEach(() => {
  expect(faults).toEqual([]);
  ledger.close();
  rmSync(folder, { recursive: true });
});

function signAsHotWallet(bytes: Uint8Array): Uint8Array {
  const psbt = decodePsbt(bytes);
  const scriptCode = p2wpkhScriptCode(hotScript.subarray(2));
  const inputs = psbt.inputs.map((input, index) => {
    const hash = psbt.transaction.hashForWitnessV0(index, scriptCode, (input.witnessUtxo as { amountSats: bigint }).amountSats, 1);
    return { ...input, finalScriptWitness: [derSignature(secp.sign(hash, hotKey)), hotPublicKey] };
  });
  return encodePsbt({ ...psbt, inputs });
}
const p2wpkhScriptCode = (hash: Uint8Array): Uint8Array => Uint8Array.of(0x76, 0xa9, 0x14, ...hash, 0x88, 0xac);

const fundHot = (amountSats: bigint, salt: number, height: number | null = 90): string => chain.add(fundingTransaction([{ scriptPubKey: hotScript, amountSats }], salt).bytes, height);
const fundCold = (amountSats: bigint, salt: number, index = 0, height: number | null = 90): string => chain.add(fundingTransaction([{ scriptPubKey: cold.deriver.derive(0, index).scriptPubKey, amountSats }], salt).bytes, height);
const sweep = (more: object = {}) => call('sweep.plan', { from: 'hot', to: walletText, node, floorSats: null, feeRate: '2', ...more });
const csv = (amountSats: number, reference = 'INV-1'): string => `address,amount_sats,reference\n${strangerAddress},${amountSats},${reference}\n`;
const pay = (amountSats: number, reference?: string) => call('pay.plan', { wallet: walletText, paymentsCsv: csv(amountSats, reference), node, feeRate: '2' });
const broadcast = (fileBase64: string, references: string[] = []) => call('tx.broadcast', { transactionFileBase64: fileBase64, node, wallets: [walletText], references });
const refresh = () => call('ledger.refresh', { wallets: [walletText], node });

async function finalized(psbtBase64: string) {
  const psbt = decodePsbt(parseBase64(psbtBase64));
  const files = [0, 2].map((key) => toBase64(encodePsbt(signedAs(psbt, cold, cold.keys[key] as never))));
  const combined = await call('psbt.combine', { wallet: walletText, psbtFilesBase64: files });
  return { combined, final: await call('psbt.finalize', { wallet: walletText, psbtFileBase64: combined.psbtBase64 }) };
}

test('the main job: sweep, sign in the node, broadcast, pay, combine, finalize, broadcast, books that an audit confirms', async () => {
  fundHot(3_000_000n, 1);
  const swept = await sweep({ floorSats: '500000' });
  expect(swept.plan).toMatchObject({ kind: 'sweep', leftHotSats: '500000', destination: { branch: 'receive', index: 0 }, change: { amountSats: '500000', branch: null }, feeRateSatPerVb: '2' });
  expect(swept.suggestedName).toMatch(/^sweep-2026-11-22-[0-9a-f]{4}\.hot\.unsigned\.psbt$/);
  const signed = await call('hot.sign', { from: 'hot', node, psbtFileBase64: swept.psbtBase64 });
  expect(await broadcast(signed.psbtBase64, ['weekly'])).toEqual({ txid: signed.txid });
  chain.height += 1;
  (chain.transactions.get(signed.txid) as { height: number | null }).height = 101;
  const arrived = swept.plan.paymentsSats;
  expect(await refresh()).toEqual({ height: 101, entries: 1, unsent: [], balances: [{ walletId, walletName: 'Test treasury', confirmedSats: arrived, unconfirmedSats: '0' }] });

  const planned = await pay(1_000_000);
  expect(planned.plan).toMatchObject({ kind: 'pay', paymentsSats: '1000000', change: { branch: 'change', index: 0 }, payments: [{ reference: 'INV-1' }] });
  const { combined, final } = await finalized(planned.psbtBase64);
  expect(combined.quorum).toMatchObject({ required: 2, total: 3, stillNeeded: 0 });
  expect(final.feeSats).toBe(planned.plan.feeSats);
  await broadcast(toBase64(utf8(`${final.transactionHex}\n`)));
  const listed = await call('ledger.list', { walletId: null });
  expect(listed.entries.map((entry) => [entry.kind, entry.state, entry.confirmations, entry.references])).toEqual([['sweep', 'confirmed', 1, ['weekly']], ['pay', 'broadcast', 0, ['INV-1']]]);
  expect(listed.balances).toEqual([{ walletId, walletName: 'Test treasury', confirmedSats: arrived, unconfirmedSats: String(-1_000_000n - BigInt(final.feeSats)) }]);

  (chain.transactions.get(final.txid) as { height: number | null }).height = 101;
  await refresh();
  const left = String(BigInt(arrived) - 1_000_000n - BigInt(final.feeSats));
  expect(await call('ledger.audit', { wallet: walletText, node })).toMatchObject({ walletId, height: 101, ledgerSats: left, nodeSats: left, agrees: true, differences: [] });
  expect((await call('ledger.export', { format: 'csv' })).entries).toBe(2);
  expect(JSON.parse((await call('ledger.export', { format: 'json' })).content).entries).toHaveLength(2);
});

test('a wallet is made from records; private key material anywhere is refused before anything else', async () => {
  const records = cold.keys.map((key, index) => ({ label: `Key ${index}`, record: `${formatKeyRecord(key.record, 'regtest')}\n` }));
  const input = { name: 'Test treasury', network: 'regtest', script: 'p2wsh', required: 2, cosigners: records };
  const made = await call('wallet.create', input);
  expect(made).toMatchObject({ walletId, suggestedName: 'test-treasury.wallet.json', firstReceive: cold.deriver.derive(0, 0).address, quorum: { required: 2, total: 3 } });
  expect(await call('wallet.policy', { wallet: made.wallet })).toMatchObject({ policyId: made.policyId, descriptor: made.descriptor });
  const secret = (cold.keys[0] as { root: { toBase58(): string } }).root.toBase58();
  const first = records[0] as { label: string; record: string };
  // The script and the first record are wrong too: the private key is what must be said.
  const leaked = call('wallet.create', { ...input, script: 'p2sh', cosigners: [{ label: 'x', record: 'nonsense' }, { ...first, record: `[73c5da0a/48h/1h/0h/2h]${secret}` }] });
  await expect(leaked).rejects.toMatchObject({ code: 'wallet.private-key' });
  expect(JSON.stringify(await leaked.catch((error: unknown) => error))).not.toContain(secret);
  await expect(call('wallet.create', { ...input, script: 'p2tr' })).rejects.toMatchObject({ code: 'wallet.quorum-range' });
  await expect(call('wallet.create', { ...input, required: 4 })).rejects.toMatchObject({ code: 'wallet.quorum-range' });
});

test('addresses are derived from the wallet file alone', async () => {
  expect(await call('wallet.address', { wallet: walletText, branch: 'change', index: 3, count: 2 })).toEqual({ addresses: [3, 4].map((index) => ({ branch: 'change', index, address: cold.deriver.derive(1, index).address })) });
});

test('a sync shows confirmed and unconfirmed apart, and the next address that nobody was given', async () => {
  fundCold(100_000n, 1, 0);
  fundCold(50_000n, 2, 1, null);
  fundHot(900_000n, 3);
  await sweep();
  expect(await call('wallet.sync', { wallet: walletText, node })).toMatchObject({ walletId, balanceSats: '100000', unconfirmedSats: '50000', height: 100, nextReceive: { index: 3, address: cold.deriver.derive(0, 3).address } });
  expect(await call('hot.balance', { node, from: 'hot' })).toEqual({ balanceSats: '900000', utxos: 1 });
});

test('an address offered once is not offered to another plan; the same plan made again takes the same', async () => {
  const first = fundHot(900_000n, 1);
  expect((await sweep()).plan.destination?.index).toBe(0);
  expect((await sweep({ feeRate: '3' })).plan.destination?.index).toBe(0);
  chain.transactions.delete(first);
  fundHot(800_000n, 2);
  expect((await sweep()).plan.destination?.index).toBe(1);
});

test('a node of another network, not synced, or without an estimate plans nothing', async () => {
  fundHot(900_000n, 1);
  await expect(sweep({ feeRate: null })).rejects.toMatchObject({ code: 'node.no-fee-estimate' });
  chain.estimate = feeRateFromSatPerKvb(7_500n);
  expect((await sweep({ feeRate: null })).plan.feeRateSatPerVb).toBe('7.5');
  chain.synced = false;
  await expect(sweep()).rejects.toMatchObject({ code: 'node.not-ready' });
  chain.network = 'signet';
  await expect(sweep()).rejects.toMatchObject({ code: 'network.mismatch' });
  await expect(pay(1000)).rejects.toMatchObject({ code: 'network.mismatch' });
  await expect(refresh()).rejects.toMatchObject({ code: 'network.mismatch' });
  expect(chain.calls.filter((name) => name === 'close')).toHaveLength(6);
});

test('a failed plan holds no address', async () => {
  fundHot(900_000n, 1);
  const txid = [...chain.transactions.keys()][0] as string;
  const real = chain.source.bind(chain);
  chain.source = () => ({ ...real(), rawTransaction: async () => fundingTransaction([{ scriptPubKey: hotScript, amountSats: 1n }], 77).bytes });
  await expect(sweep()).rejects.toMatchObject({ code: 'node.malformed', details: { txid } });
  expect(ledger.reservations(walletId, 0)).toEqual([]);
});

test('a sweep whose previous transactions do not fit a PSBT takes fewer inputs', async () => {
  for (let salt = 0; salt < 4; salt += 1) chain.add(fundingTransaction([{ scriptPubKey: hotScript, amountSats: 100_000n + BigInt(salt) }, { scriptPubKey: new Uint8Array(5 * 1024 * 1024 - 8), amountSats: 0n }], salt).bytes, 90);
  const { plan } = await sweep();
  // Three times five MiB fit the 16 MiB of a PSBT, four do not.
  expect(plan.inputs.map((input) => input.amountSats).sort()).toEqual(['100001', '100002', '100003']);
  expect(plan.skipped.map((output) => output.reason)).toEqual(['limit']);
  expect(ledger.reservations(walletId, 0)).toHaveLength(1);
});

async function readyToSend(): Promise<{ psbtBase64: string; txid: string }> {
  fundHot(900_000n, 1);
  return call('hot.sign', { from: 'hot', node, psbtFileBase64: (await sweep()).psbtBase64 });
}

test('the intention is booked before the node hears of the transaction, and tested before it is sent', async () => {
  const { psbtBase64, txid } = await readyToSend();
  const real = chain.source.bind(chain);
  const states: unknown[] = [];
  chain.source = () => ({ ...real(), testAccept: async (bytes) => (states.push(ledger.intent(txid)?.state), real().testAccept(bytes)) });
  await broadcast(psbtBase64);
  expect(states).toEqual(['intended']);
  expect(ledger.intent(txid)?.state).toBe('sent');
  expect(chain.calls.filter((name) => name !== 'close' && name !== 'watch')).toEqual(['testAccept', 'broadcast']);
});

test('what the node has is not sent again', async () => {
  const { psbtBase64, txid } = await readyToSend();
  await broadcast(psbtBase64, ['a']);
  expect(await broadcast(psbtBase64, ['b'])).toEqual({ txid });
  expect(chain.calls.filter((name) => name === 'broadcast')).toHaveLength(1);
  expect((await call('ledger.list', { walletId })).entries[0]?.references).toEqual(['a', 'b']);
});

test('a refused transaction is not sent and not owed', async () => {
  const { psbtBase64, txid } = await readyToSend();
  chain.reject = 'fee-too-low';
  await expect(broadcast(psbtBase64)).rejects.toMatchObject({ code: 'broadcast.refused', details: { reason: 'fee-too-low', txid } });
  expect(chain.calls).not.toContain('broadcast');
  expect(await refresh()).toMatchObject({ unsent: [], entries: 0 });
  chain.reject = null;
  expect(await broadcast(psbtBase64)).toEqual({ txid });
});

test('a transaction that was to be sent when the node went away is not forgotten, and found when it arrived after all', async () => {
  const { psbtBase64, txid } = await readyToSend();
  chain.broadcastFault = new StrongroomError('node.unreachable', 'x', {}, 'x');
  await expect(broadcast(psbtBase64, ['r'])).rejects.toMatchObject({ code: 'node.unreachable' });
  expect((await refresh()).unsent).toEqual([txid]);
  const { transaction } = ledger.intent(txid) as { transaction: Uint8Array };
  chain.add(transaction, null);
  expect(await refresh()).toMatchObject({ unsent: [], entries: 1 });
  expect(ledger.intent(txid)?.state).toBe('sent');
  expect((await call('ledger.list', { walletId: null })).entries[0]).toMatchObject({ kind: 'sweep', references: ['r'] });
});

test('a transaction that another program sent between test and sending counts as sent', async () => {
  const { psbtBase64, txid } = await readyToSend();
  chain.broadcastFault = new StrongroomError('broadcast.refused', 'x', { reason: 'already-known' }, 'x');
  expect(await broadcast(psbtBase64)).toEqual({ txid });
  expect(ledger.intent(txid)?.state).toBe('sent');
});

test('a refusal while sending is a refusal', async () => {
  const { psbtBase64, txid } = await readyToSend();
  chain.broadcastFault = new StrongroomError('broadcast.refused', 'x', { reason: 'policy' }, 'x');
  await expect(broadcast(psbtBase64)).rejects.toMatchObject({ code: 'broadcast.refused' });
  expect(ledger.intent(txid)?.state).toBe('refused');
});

test('books that cannot be brought up to date do not make a sent transaction look unsent', async () => {
  const { psbtBase64, txid } = await readyToSend();
  chain.historyFault = new StrongroomError('node.unreachable', 'x', {}, 'x');
  expect(await broadcast(psbtBase64)).toEqual({ txid });
  chain.historyFault = null;
  expect(await refresh()).toMatchObject({ entries: 1 });
});

test('the node must sign the transaction that it was given', async () => {
  fundHot(900_000n, 1);
  const swept = await sweep();
  const other = await sweep({ feeRate: '5' });
  chain.hotSigner = () => signAsHotWallet(parseBase64(other.psbtBase64));
  await expect(call('hot.sign', { from: 'hot', node, psbtFileBase64: swept.psbtBase64 })).rejects.toMatchObject({ code: 'node.malformed' });
  chain.hotSigner = (psbt) => psbt;
  await expect(call('hot.sign', { from: 'hot', node, psbtFileBase64: swept.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.incomplete' });
});

test('an audit names every output that only one side knows', async () => {
  fundCold(100_000n, 1);
  await refresh();
  const late = fundCold(70_000n, 2, 1);
  expect(await call('ledger.audit', { wallet: walletText, node })).toMatchObject({ agrees: false, ledgerSats: '100000', nodeSats: '170000', differences: [{ kind: 'missing-in-ledger', outpoint: `${late}:0`, amountSats: '70000' }] });
});

test('a review without a key shows what a PSBT does; signatures that are missing are named', async () => {
  fundCold(2_000_000n, 1);
  const planned = await pay(1_000_000);
  const review = await call('psbt.review', { wallet: walletText, psbtFileBase64: planned.psbtBase64 });
  expect(review).toMatchObject({ verdict: 'ready', paymentsSats: '1000000', quorum: { thisKey: null, stillNeeded: 2 } });
  await expect(call('psbt.finalize', { wallet: walletText, psbtFileBase64: planned.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.incomplete' });
  await expect(broadcast(planned.psbtBase64)).rejects.toMatchObject({ code: 'psbt.incomplete' });
  await expect(broadcast(toBase64(utf8('hello')))).rejects.toMatchObject({ code: 'broadcast.malformed' });
});

test('faulty payments and lacking funds are refused before anything is booked', async () => {
  fundCold(2_000_000n, 1);
  await expect(call('pay.plan', { wallet: walletText, paymentsCsv: 'address,amount\n', node, feeRate: null })).rejects.toMatchObject({ code: 'payments.malformed' });
  await expect(pay(5_000_000)).rejects.toMatchObject({ code: 'plan.insufficient-funds' });
  expect(ledger.reservations(walletId, 1)).toEqual([]);
});
