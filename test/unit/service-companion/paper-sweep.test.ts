import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferOutput } from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../../src/companion/ledger/ledger.ts';
import { parseBase64, toBase64 } from '../../../src/domain/bytes.ts';
import { companionCoreContract } from '../../../src/host/companion-contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { approve } from '../../../src/review/approve.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { createCompanionHandlers } from '../../../src/service/companion/handlers.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import { signWithPaperKeys } from '../../../src/signer/paper-key-sign.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { addressOfScript } from '../../../src/wallet/address.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { cold, everyScript } from '../support/paper-sweep-builder.ts';
import { fundingTransaction, strangerScript, testWallet } from '../support/psbt-builder.ts';
import { FakeChain } from './fake-chain.ts';
import { noCare } from './no-care.ts';

const walletText = formatWalletFile(cold.wallet);
const { walletId } = policyIdOf(cold.wallet);
const all = everyScript();
const scripts = all.map(({ paper, script }) => paper.output(script).scriptPubKey);
const addresses = scripts.map((script) => addressOfScript(script, 'regtest') as string);
const node = 'fake://';
const NOW = '2026-11-22T12:00:00.000Z';

type Name = keyof typeof companionCoreContract;
let chain: FakeChain;
let ledger: Ledger;
let folder: string;
let call: <N extends Name>(name: N, input: unknown) => Promise<InferOutput<(typeof companionCoreContract)[N]['output']>>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-paper-sweep-'));
  ledger = openSqliteLedger(join(folder, 'ledger.db'));
  chain = new FakeChain(cold.deriver, strangerScript(9));
  const dispatch = serve(companionCoreContract, createCompanionHandlers({ openChainSource: async () => chain.source(), ledger: async () => ledger, begunLedger: async () => ledger, now: () => NOW, care: noCare }), (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = async (name, input) => {
    const reply = await dispatch(name, input, { progress: () => undefined, isCancelled: () => false });
    if (!reply.ok) throw Object.assign(new Error(reply.error.code), reply.error);
    return reply.value as never;
  };
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

const fund = (script: Uint8Array, amountSats: bigint, salt: number, height: number | null = 90): string => chain.add(fundingTransaction([{ scriptPubKey: script, amountSats }], salt).bytes, height);
const plan = (more: object = {}) => call('sweep.plan-addresses', { addresses: addresses.join('\n'), to: walletText, node, feeRate: '2', ...more });

test('the main job: plan from addresses, sign with the papers, finalize, broadcast, book', async () => {
  scripts.forEach((script, salt) => fund(script, 100_000n, salt));
  const planned = await plan();
  expect(planned.plan).toMatchObject({ kind: 'sweep', inputsSats: '600000', change: null, leftHotSats: '0', skipped: [], destination: { branch: 'receive', index: 0 } });
  expect(planned.found).toEqual(addresses.map((address) => ({ address, outputs: 1, amountSats: '100000' })));
  expect(planned.suggestedName).toMatch(/^sweep-2026-11-22-[0-9a-f]{4}\.paper\.unsigned\.psbt$/);
  // The fee is judged against what is swept, which all stays in the house.
  expect(planned.plan.feePercent).toBe(((Number(planned.plan.feeSats) / 600_000) * 100 - 0.005).toFixed(2));

  const bytes = parseBase64(planned.psbtBase64);
  expect(decodePsbt(bytes).inputs.every((input) => input.nonWitnessUtxo !== undefined)).toBe(true);
  const review = reviewPsbt(bytes, { wallets: [], singleKeys: all.map(({ paper }) => paper), destinations: [cold], network: 'regtest', thisKey: null });
  expect(review.verdict).toBe('ready');
  const signed = encodePsbt(signWithPaperKeys(approve(review, bytes, []), all.map(({ paper }) => paper.paperKey), { first: libsecp256k1, second: nobleCurves }));
  const final = await call('psbt.finalize', { wallet: null, psbtFileBase64: toBase64(signed) });
  expect(final.feeSats).toBe(planned.plan.feeSats);
  // Whoever sends it sees what it does: every input by the key that signed it, taproot's too, and the destination proven.
  const seen = await call('psbt.review', { wallet: null, destinations: [walletText], psbtFileBase64: toBase64(signed) });
  expect(seen).toMatchObject({ verdict: 'ready', inputsSats: '600000', feeSats: planned.plan.feeSats, change: [], payments: [{ to: { wallet: walletId, branch: 'receive', childIndex: 0 } }], quorum: { required: 6, stillNeeded: 0 } });
  expect(seen.inputs.map(({ signedBy, paperKey }) => [signedBy.length, paperKey?.script]).sort()).toEqual(all.map(({ script }) => [1, script]).sort());
  // Never below the rate that was asked for, whichever form the keys have.
  expect(Number(final.feeRateSatPerVb)).toBeGreaterThanOrEqual(2);
  expect(final.vsizeVb).toBeLessThanOrEqual(planned.plan.vsizeVb);
  expect(await call('tx.broadcast', { transactionFileBase64: toBase64(new TextEncoder().encode(final.transactionHex)), node, wallets: [walletText], references: ['old papers'] })).toEqual({ txid: final.txid });
  const listed = await call('ledger.list', { walletId: null });
  expect(listed.entries).toMatchObject([{ kind: 'sweep', walletId, changeSats: planned.plan.paymentsSats, state: 'broadcast', references: ['old papers'] }]);
});

test('what stays is named: unconfirmed, spent by what waits, too young, too small', async () => {
  fund(scripts[2]!, 100_000n, 1);
  fund(scripts[3]!, 50_000n, 2, null);
  fund(scripts[0]!, 150n, 3);
  const source = chain.source();
  const txids = ['spent', 'immature'].map((_, at) => fund(scripts[1]!, 60_000n + BigInt(at), 10 + at));
  chain.source = () => ({ ...source, scriptUtxos: async (...args) => (await source.scriptUtxos(...args)).map((utxo) => ({ ...utxo, state: (['spent', 'immature'] as const)[txids.indexOf(utxo.txid)] ?? 'free' })) });
  const planned = await plan();
  expect(planned.plan.skipped.map(({ amountSats, reason }) => [amountSats, reason]).sort()).toEqual([['150', 'dust'], ['50000', 'unconfirmed'], ['60000', 'spent'], ['60001', 'immature']]);
  expect(planned.plan.inputs).toHaveLength(1);
  expect(planned.found.map(({ outputs }) => outputs)).toEqual([1, 2, 1, 1, 0, 0]);
});

test('each plan goes to an address of its own; a plan for the same outputs keeps it', async () => {
  fund(scripts[2]!, 100_000n, 1);
  fund(scripts[3]!, 100_000n, 2);
  const one = await plan({ addresses: addresses[2] });
  const other = await plan({ addresses: addresses[3] });
  expect([one.plan.destination?.index, other.plan.destination?.index]).toEqual([0, 1]);
  expect((await plan({ addresses: addresses[2], feeRate: '5' })).plan.destination?.index).toBe(0);
});

test('addresses without money, of another network, or a file of keys plan nothing', async () => {
  await expect(plan()).rejects.toMatchObject({ code: 'plan.nothing-to-sweep' });
  await expect(plan({ addresses: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' })).rejects.toMatchObject({ code: 'addresses.malformed' });
  await expect(plan({ addresses: 'cVpF924EspNh8KjYsfhgY96mmxvT6DgdWiTYMtMjuM74hJaU5psW' })).rejects.toMatchObject({ code: 'wallet.private-key' });
  expect(ledger.reservations(walletId, 0)).toEqual([]);
});

test('a sweep that goes to none of the named wallets is refused by the review; so is one that is not signed, or not by its keys', async () => {
  fund(scripts[3]!, 100_000n, 1);
  const planned = await plan({ addresses: addresses[3] });
  const bytes = parseBase64(planned.psbtBase64);
  const papers = all.slice(3, 4).map(({ paper }) => paper);
  const review = reviewPsbt(bytes, { wallets: [], singleKeys: papers, destinations: [cold], network: 'regtest', thisKey: null });
  const signed = signWithPaperKeys(approve(review, bytes, []), papers.map(({ paperKey }) => paperKey), { first: libsecp256k1, second: nobleCurves });
  const look = (psbt: typeof signed | ReturnType<typeof decodePsbt>, destination = walletText) => call('psbt.review', { wallet: null, destinations: [destination], psbtFileBase64: toBase64(encodePsbt(psbt)) });
  expect((await look(signed)).verdict).toBe('ready');
  const elsewhere = await look(signed, formatWalletFile(testWallet(1, 2, 'regtest', 40).wallet));
  // The planned file shows the cold wallet's scripts: to whoever does not know that wallet, they are somebody else's.
  expect([elsewhere.verdict, elsewhere.findings.map(({ code }) => code)]).toEqual(['refused', expect.arrayContaining(['change.fraud', 'sweep.unproven-destination'])]);
  const codesOf = async (psbt: Parameters<typeof look>[0]) => (await look(psbt)).findings.filter(({ severity }) => severity === 'refuse').map(({ code }) => code);
  expect(await codesOf(decodePsbt(bytes))).toEqual(['input.foreign']);
  const faked = { ...signed, inputs: signed.inputs.map((input) => ({ ...input, otherFields: input.otherFields.map((field) => ({ ...field, value: new Uint8Array(field.value.length).fill(1) })) })) };
  expect(await codesOf(faked)).toContain('signature.invalid');
  await expect(call('psbt.review', { wallet: null, psbtFileBase64: planned.psbtBase64 })).rejects.toMatchObject({ code: 'host.bad-request' });
});

test('a sweep that is not signed, or a quorum\'s PSBT, is not finalized as one of paper wallets', async () => {
  fund(scripts[2]!, 100_000n, 1);
  const planned = await plan({ addresses: addresses[2] });
  await expect(call('psbt.finalize', { wallet: null, psbtFileBase64: planned.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.incomplete' });
  await expect(call('psbt.finalize', { wallet: walletText, psbtFileBase64: planned.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.foreign-input' });
  fund(cold.deriver.derive(0, 0).scriptPubKey, 900_000n, 5);
  const paid = await call('pay.plan', { wallet: walletText, paymentsCsv: `address,amount_sats\n${addresses[2]},100000\n`, node, feeRate: '2' });
  await expect(call('psbt.finalize', { wallet: null, psbtFileBase64: paid.psbtBase64 })).rejects.toMatchObject({ code: 'psbt.foreign-input' });
});
