import { afterEach, beforeEach, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferOutput } from 'valibot';
import type { Ledger } from '../../../src/companion/ledger/ledger.ts';
import { parseBase64, toBase64, utf8 } from '../../../src/domain/bytes.ts';
import { companionCoreContract } from '../../../src/host/companion-contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { transactionId } from '../../../src/psbt/transaction.ts';
import { createCompanionHandlers } from '../../../src/service/companion/handlers.ts';
import { addressOfScript } from '../../../src/wallet/address.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { fundingTransaction, honestPsbt, signedAs, strangerScript, testWallet, type TestKey, type TestWallet } from '../support/psbt-builder.ts';
import { FakeChain } from './fake-chain.ts';
import { noCare } from './no-care.ts';

const cold = testWallet(2, 3);
const walletText = formatWalletFile(cold.wallet);
const [alice, bob, carol] = cold.keys as [TestKey, TestKey, TestKey];
const stranger = addressOfScript(strangerScript(5), 'regtest') as string;
const node = 'fake://';

type Name = keyof typeof companionCoreContract;
let chain: FakeChain;
let ledger: Ledger;
let begun: boolean;
let minute: number;
let folder: string;
let faults: unknown[];
let call: <N extends Name>(name: N, input: unknown) => Promise<InferOutput<(typeof companionCoreContract)[N]['output']>>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-combine-'));
  ledger = openSqliteLedger(join(folder, 'ledger.db'));
  begun = true;
  minute = 0;
  chain = new FakeChain(cold.deriver, strangerScript(77));
  faults = [];
  const effects = {
    openChainSource: async () => chain.source(), ledger: async () => ledger, begunLedger: async () => (begun ? ledger : null),
    care: noCare,
    now: () => `2026-11-22T12:${String((minute += 1)).padStart(2, '0')}:00.000Z`,
  };
  const dispatch = serve(companionCoreContract, createCompanionHandlers(effects), (_, fault) => faults.push(fault));
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

const fund = (amountSats = 2_000_000n): string => chain.add(fundingTransaction([{ scriptPubKey: cold.deriver.derive(0, 0).scriptPubKey, amountSats }], 1).bytes, 90);
const plan = (feeRate = '2', amountSats = 1_000_000) => call('pay.plan', { wallet: walletText, paymentsCsv: `address,amount_sats\n${stranger},${amountSats}\n`, node, feeRate });
const psbtIn = (fileBase64: string): Psbt => decodePsbt(parseBase64(fileBase64));
const file = (psbt: Psbt): string => toBase64(encodePsbt(psbt));
const reply = (planned: string, key: TestKey): string => file(signedAs(psbtIn(planned), cold, key));
/** The transaction and the signatures, and nothing else. */
const trimmed = (fileBase64: string): string => {
  const { transaction, inputs, outputs } = psbtIn(fileBase64);
  return file({ version: 0, transaction, globalFields: [], inputs: inputs.map(({ partialSignatures }) => ({ partialSignatures, bip32Derivations: [], otherFields: [] })), outputs: outputs.map(() => ({ bip32Derivations: [], otherFields: [] })) });
};
const combine = (psbtFilesBase64: readonly string[], more: object = {}) => call('psbt.combine', { wallet: walletText, psbtFilesBase64, ...more });
const finalize = (psbtFileBase64: string, more: object = {}) => call('psbt.finalize', { wallet: walletText, psbtFileBase64, ...more });
const broadcast = (transactionHex: string) => call('tx.broadcast', { transactionFileBase64: toBase64(utf8(transactionHex)), node, wallets: [walletText], references: [] });

const discard = (fileBase64: string) => call('queue.discard', { plan: transactionId(psbtIn(fileBase64).transaction), reason: 'test' });

test('the books keep what was planned: replies of signatures alone are merged into it, and the final transaction is compared with it', async () => {
  fund();
  const { psbtBase64 } = await plan();
  const whole = await combine([reply(psbtBase64, alice), reply(psbtBase64, carol)]);
  expect(await combine([trimmed(reply(psbtBase64, alice)), trimmed(reply(psbtBase64, carol))])).toEqual(whole);
  const final = await finalize(whole.psbtBase64);
  expect(final.matchesPlan).toBe(true);
  expect(await finalize(trimmed(whole.psbtBase64))).toMatchObject({ txid: final.txid, matchesPlan: true });
  // A signer that gives back nothing but the transaction.
  expect(await combine([toBase64(utf8(`${final.transactionHex}\n`))])).toMatchObject({ psbtBase64: whole.psbtBase64, quorum: { stillNeeded: 0 } });
  expect(await broadcast(final.transactionHex)).toEqual({ txid: final.txid });
});

test('without books the original is named, and a plan to compare with', async () => {
  fund();
  const { psbtBase64 } = await plan();
  begun = false;
  const files = [alice, bob].map((key) => trimmed(reply(psbtBase64, key)));
  await expect(combine(files)).rejects.toMatchObject({ code: 'psbt.input-unproven' });
  const combined = await combine(files, { originalFileBase64: psbtBase64 });
  expect(await finalize(combined.psbtBase64)).toMatchObject({ matchesPlan: false });
  expect(await finalize(combined.psbtBase64, { planFileBase64: psbtBase64 })).toMatchObject({ matchesPlan: true });
  expect(await finalize(trimmed(combined.psbtBase64), { planFileBase64: psbtBase64 })).toMatchObject({ matchesPlan: true });
});

test('a final transaction that is not its plan is refused by name', async () => {
  fund();
  const { psbtBase64 } = await plan();
  const combined = await combine([reply(psbtBase64, alice), reply(psbtBase64, bob)]);
  await discard(psbtBase64);
  const other = await plan('2', 1_000_001);
  await expect(finalize(combined.psbtBase64, { planFileBase64: other.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.not-the-plan', details: { what: 'amount' } });
  // Also of a sweep by single keys, which nothing is combined for.
  await expect(call('psbt.finalize', { wallet: null, psbtFileBase64: combined.psbtBase64, planFileBase64: other.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.not-the-plan' });
});

test('what is booked under a transaction\'s id must be its plan', async () => {
  fund();
  const { psbtBase64 } = await plan();
  const { transactionHex } = await finalize((await combine([reply(psbtBase64, alice), reply(psbtBase64, bob)])).psbtBase64);
  await discard(psbtBase64);
  const other = psbtIn((await plan('2', 1_000_001)).psbtBase64);
  const booked = ledger.plan(transactionId(psbtIn(psbtBase64).transaction));
  ledger.savePlan({ ...(booked as NonNullable<typeof booked>), psbt: encodePsbt(other) });
  await expect(broadcast(transactionHex)).rejects.toMatchObject({ code: 'psbt.not-the-plan' });
});

test('replies to two versions: those to the earlier one are named as superseded', async () => {
  fund();
  const [early, late] = [await plan('2'), await plan('8')];
  expect(early.plan.inputs).toEqual(late.plan.inputs);
  await expect(combine([reply(late.psbtBase64, alice), reply(early.psbtBase64, bob)], { names: ['alice.psbt', 'bob.psbt'] })).rejects.toMatchObject({
    code: 'psbt.superseded', details: { file: 'bob.psbt', position: 2, txid: transactionId(psbtIn(early.psbtBase64).transaction), currentTxid: transactionId(psbtIn(late.psbtBase64).transaction) },
  });
  // Alone it is refused too: the board knows the later one. Where that is discarded, the earlier one counts again.
  await expect(combine([reply(early.psbtBase64, alice), reply(early.psbtBase64, bob)])).rejects.toMatchObject({ code: 'psbt.superseded', details: { currentTxid: transactionId(psbtIn(late.psbtBase64).transaction), currentFeeRateSatPerVb: '8' } });
  await discard(late.psbtBase64);
  expect((await combine([reply(early.psbtBase64, alice), reply(early.psbtBase64, bob)])).quorum.stillNeeded).toBe(0);
  await expect(combine([reply(early.psbtBase64, alice)], { originalFileBase64: late.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.superseded' });
  await expect(combine([reply(early.psbtBase64, alice)], { supersededFilesBase64: [early.psbtBase64] })).rejects.toMatchObject({ code: 'psbt.superseded' });
});

test('an old signature pasted into the new file is named as stale', async () => {
  fund();
  const [early, late] = [await plan('2'), await plan('8')];
  const pasted = file({ ...psbtIn(late.psbtBase64), inputs: psbtIn(reply(early.psbtBase64, bob)).inputs });
  await expect(combine([reply(late.psbtBase64, alice), pasted])).rejects.toMatchObject({ code: 'psbt.signature-stale', details: { signer: bob.fingerprint, position: 2 } });
  begun = false;
  await expect(combine([reply(late.psbtBase64, alice), pasted])).rejects.toMatchObject({ code: 'psbt.signature-invalid' });
  await expect(combine([reply(late.psbtBase64, alice), pasted], { supersededFilesBase64: [early.psbtBase64] })).rejects.toMatchObject({ code: 'psbt.signature-stale' });
});

test('once the later version is sent, the earlier one is refused wherever it comes up', async () => {
  fund();
  const early = await plan('2');
  const signedEarly = [alice, bob].map((key) => reply(early.psbtBase64, key));
  const combinedEarly = await combine(signedEarly);
  const finalEarly = await finalize(combinedEarly.psbtBase64);
  const late = await plan('8');
  const finalLate = await finalize((await combine([alice, carol].map((key) => reply(late.psbtBase64, key)))).psbtBase64);
  await broadcast(finalLate.transactionHex);
  const superseded = { code: 'psbt.superseded', details: { currentTxid: finalLate.txid, currentFeeRateSatPerVb: finalLate.feeRateSatPerVb } };
  await expect(combine(signedEarly)).rejects.toMatchObject(superseded);
  await expect(finalize(combinedEarly.psbtBase64)).rejects.toMatchObject(superseded);
  await expect(broadcast(finalEarly.transactionHex)).rejects.toMatchObject(superseded);
  expect(ledger.intent(finalEarly.txid)).toBeNull();
  // The later one may be sent again, and whoever names the original decides.
  expect(await broadcast(finalLate.transactionHex)).toEqual({ txid: finalLate.txid });
  expect((await combine(signedEarly, { originalFileBase64: early.psbtBase64 })).quorum.stillNeeded).toBe(0);
});

test('a version that was sent and then replaced may be sent again: the node judges', async () => {
  fund();
  const early = await plan('2');
  const finalEarly = await finalize((await combine([alice, bob].map((key) => reply(early.psbtBase64, key)))).psbtBase64);
  await broadcast(finalEarly.transactionHex);
  const late = await call('pay.bump', { plan: finalEarly.txid, node, feeRate: '8' });
  const finalLate = await finalize((await combine([alice, bob].map((key) => reply(late.psbtBase64, key)))).psbtBase64);
  ledger.saveIntent({ txid: finalLate.txid, planId: finalLate.txid, network: 'regtest', transaction: parseBase64(toBase64(utf8('x'))), references: [], intendedAt: 'now', state: 'sent' });
  expect(await broadcast(finalEarly.transactionHex)).toEqual({ txid: finalEarly.txid });
});

test('what is good is combined, what is not is named with its reason', async () => {
  fund();
  const [early, late] = [await plan('2'), await plan('8')];
  const files = [toBase64(utf8('hello')), reply(early.psbtBase64, alice), trimmed(reply(late.psbtBase64, bob)), reply(late.psbtBase64, carol)];
  const names = ['notes.txt', 'a.psbt', 'b.psbt', 'c.psbt'];
  await expect(combine(files, { names })).rejects.toMatchObject({ code: 'psbt.malformed', details: { file: 'notes.txt', position: 1 } });
  const combined = await combine(files, { names, leaveOutBad: true });
  expect(combined.quorum.signed).toEqual([bob.fingerprint, carol.fingerprint]);
  expect(combined.leftOut?.map(({ file: name, position, code }) => [name, position, code])).toEqual([['notes.txt', 1, 'psbt.malformed'], ['a.psbt', 2, 'psbt.superseded']]);
  expect(await combine(files.slice(2), { leaveOutBad: true })).toMatchObject({ leftOut: [], psbtBase64: combined.psbtBase64 });
  expect(await combine(files.slice(2))).not.toHaveProperty('leftOut');
  await expect(combine(files.slice(0, 1), { leaveOutBad: true })).rejects.toMatchObject({ code: 'psbt.malformed' });
});

test('several wallets: a quorum of each, by wallet id', async () => {
  const petty = testWallet(1, 1, 'regtest', 4, 'p2wpkh');
  const psbt = joined(cold, petty);
  const wallet = [walletText, formatWalletFile(petty.wallet)];
  const ids = [cold, petty].map((each) => policyIdOf(each.wallet).walletId) as [string, string];
  const byPetty = trimmed(file(signedAs(psbt, petty, petty.keys[0] as TestKey)));
  const half = await call('psbt.combine', { wallet, psbtFilesBase64: [byPetty, file(signedAs(psbt, cold, alice))] });
  expect(half).toMatchObject({ quorum: { required: 2, stillNeeded: 1 }, quorums: { [ids[0]]: { required: 2, signed: [alice.fingerprint], stillNeeded: 1 }, [ids[1]]: { required: 1, stillNeeded: 0 } } });
  expect(await call('psbt.review', { wallet, psbtFileBase64: half.psbtBase64 })).toMatchObject({ wallets: ids, verdict: 'ready' });
  await expect(call('psbt.finalize', { wallet, psbtFileBase64: half.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.incomplete' });
  const full = await call('psbt.combine', { wallet, psbtFilesBase64: [half.psbtBase64, file(signedAs(psbt, cold, bob))] });
  expect(full.quorum.stillNeeded).toBe(0);
  expect(await call('psbt.finalize', { wallet: [...wallet, walletText], psbtFileBase64: full.psbtBase64, planFileBase64: file(psbt) })).toMatchObject({ feeSats: '2000', matchesPlan: true });
  await expect(call('psbt.finalize', { wallet: walletText, psbtFileBase64: full.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.foreign-input' });
  const elsewhere = formatWalletFile(testWallet(2, 3, 'mainnet').wallet);
  await expect(call('psbt.combine', { wallet: [walletText, elsewhere], psbtFilesBase64: [byPetty] })).rejects.toMatchObject({ code: 'network.mismatch' });
});

/** One input of each wallet, and one payment. */
function joined(...wallets: readonly TestWallet[]): Psbt {
  const singles = wallets.map((wallet, index) => honestPsbt({ wallet, inputs: [{ branch: 0, index, amountSats: 101_000n }], payments: [{ scriptPubKey: strangerScript(), amountSats: 100_000n }], change: null }));
  const transaction = (singles[0] as Psbt).transaction.clone();
  transaction.ins = singles.flatMap((single) => single.transaction.ins.map((input) => ({ ...input })));
  transaction.outs = [{ script: strangerScript(), value: BigInt(wallets.length) * 100_000n }];
  return { version: 0, transaction, globalFields: [], inputs: singles.flatMap((single) => single.inputs), outputs: [{ bip32Derivations: [], otherFields: [] }] };
}
