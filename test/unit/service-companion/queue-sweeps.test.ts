import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferOutput } from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChainSource } from '../../../src/companion/chain-source.ts';
import type { Ledger } from '../../../src/companion/ledger/ledger.ts';
import { parseBase64, toBase64, utf8 } from '../../../src/domain/bytes.ts';
import { companionCoreContract } from '../../../src/host/companion-contract.ts';
import { serve } from '../../../src/host/serve.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { approve } from '../../../src/review/approve.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { createCompanionHandlers } from '../../../src/service/companion/handlers.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import { signWithPaperKeys } from '../../../src/signer/paper-key-sign.ts';
import { addressOfScript } from '../../../src/wallet/address.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { cold, everyScript } from '../support/paper-sweep-builder.ts';
import { fundingTransaction, signedAs, strangerScript, testWallet, type TestKey, type TestWallet } from '../support/psbt-builder.ts';
import { FakeChain } from './fake-chain.ts';
import { noCare } from './no-care.ts';

/** Sweeps in the signing queue: replies are verified against whoever signs them, the quorums of watched wallets or the keys of papers. */

const coldText = formatWalletFile(cold.wallet);
const shop = testWallet(2, 3, 'regtest', 20);
const till = testWallet(1, 1, 'regtest', 30, 'p2wpkh');
/** Of the shop's first key. */
const petty = testWallet(1, 1, 'regtest', 20, 'p2tr');
const [ann, ben, cid] = shop.keys as [TestKey, TestKey, TestKey];
const [tim] = till.keys as [TestKey];
const papers = everyScript();
const paperScripts = papers.map(({ paper, script }) => paper.output(script).scriptPubKey);
const node = 'fake://';
const now = '2026-11-23T08:00:00.000Z';

type Name = keyof typeof companionCoreContract;
let chain: FakeChain;
let ledger: Ledger;
let folder: string;
let call: <N extends Name>(name: N, input: unknown) => Promise<InferOutput<(typeof companionCoreContract)[N]['output']>>;

/** The chain in memory, asked for each of several wallets. */
function sourceOf(fake: FakeChain): ChainSource {
  const source = fake.source();
  return {
    ...source,
    utxos: async (wallet) => {
      const { deriver } = [cold, shop, till, petty].find((known) => policyIdOf(known.wallet).walletId === policyIdOf(wallet).walletId) as TestWallet;
      const derived = ([0, 1] as const).flatMap((branch) => [0, 1, 2].map((index) => deriver.derive(branch, index)));
      const found = await Promise.all(derived.map(async ({ address, branch, index, scriptPubKey }) => (await source.scriptUtxos([scriptPubKey], { progress: () => undefined, isCancelled: () => false })).map((utxo) => ({ ...utxo, address, branch, index }))));
      return found.flat();
    },
  };
}

function open(): void {
  ledger = openSqliteLedger(join(folder, 'ledger.db'));
  const dispatch = serve(companionCoreContract, createCompanionHandlers({ openChainSource: async () => sourceOf(chain), ledger: async () => ledger, begunLedger: async () => ledger, care: noCare, now: () => now }), (name, fault) => {
    throw new Error(`fault in ${name}`, { cause: fault });
  });
  call = async (name, input) => {
    const reply = await dispatch(name, input, { progress: () => undefined, isCancelled: () => false });
    if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply.value as never;
  };
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-queue-sweeps-'));
  chain = new FakeChain(cold.deriver, strangerScript(9));
  open();
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

let salt = 0;
const fund = (scriptPubKey: Uint8Array, amountSats = 500_000n): void => void chain.add(fundingTransaction([{ scriptPubKey, amountSats }], (salt += 1)).bytes, 90);
const sweep = async (source: object, feeRate = '2') => {
  const { plans: [planned] } = await call('sweep.prepare', { source, to: coldText, node, feeRate, policy: {}, split: false });
  const psbt = decodePsbt(parseBase64(planned?.psbtBase64 ?? ''));
  return { psbt, planId: (await call('queue.list', { walletId: null })).entries.find(({ psbtSha256 }) => psbtSha256 === planned?.psbtSha256)?.planId ?? '' };
};
const wallets = (...swept: readonly TestWallet[]) => ({ kind: 'wallets', wallets: swept.map(({ wallet }) => formatWalletFile(wallet)) });
const addresses = { kind: 'addresses', addresses: paperScripts.map((script) => addressOfScript(script, 'regtest')).join('\n') };
const file = (name: string, psbt: Psbt) => ({ name, contentBase64: toBase64(encodePsbt(psbt)) });
const add = async (...files: readonly { readonly name: string; readonly contentBase64: string }[]) => (await call('queue.add', { files })).outcomes;
const entryOf = async (plan: string) => (await call('queue.details', { plan })).entry;
const fingerprints = (people: readonly { readonly fingerprint: string }[]): readonly string[] => people.map(({ fingerprint }) => fingerprint);

function signedByPapers(psbt: Psbt): Psbt {
  const bytes = encodePsbt(psbt);
  const review = reviewPsbt(bytes, { wallets: [], singleKeys: papers.map(({ paper }) => paper), destinations: [cold], network: 'regtest', thisKey: null });
  return signWithPaperKeys(approve(review, bytes, []), papers.map(({ paper }) => paper.paperKey), { first: libsecp256k1, second: nobleCurves });
}

describe('a sweep out of a watched wallet', () => {
  test('takes the replies of that wallet\'s quorum, in any order, and is sent from the queue', async () => {
    fund(shop.deriver.derive(0, 0).scriptPubKey);
    const { psbt, planId } = await sweep(wallets(shop, till));
    // The till was named and has nothing: it signs nothing.
    expect(await entryOf(planId)).toMatchObject({
      state: 'unsigned', signers: 'hot', walletId: policyIdOf(cold.wallet).walletId, quorum: { required: 2, total: 3, stillNeeded: 2 },
      signingWallets: [{ walletId: policyIdOf(shop.wallet).walletId, name: 'Test treasury', required: 2, total: 3, stillNeeded: 2 }],
    });
    const handed = await call('queue.export', { plan: planId, cosigner: cid.fingerprint });
    expect(handed.entry.awaited.map(({ fingerprint, handedAt }) => [fingerprint, handedAt])).toEqual([[ann.fingerprint, null], [ben.fingerprint, null], [cid.fingerprint, now]]);
    await expect(call('queue.export', { plan: planId, cosigner: cold.keys[0]?.fingerprint })).rejects.toMatchObject({ code: 'key.not-a-cosigner' });
    await expect(call('queue.broadcast', { plan: planId, node })).rejects.toMatchObject({ code: 'psbt.incomplete' });

    const other = signedAs({ ...psbt, transaction: Object.assign(psbt.transaction.clone(), { locktime: 9 }) }, shop, ben);
    const faked: Psbt = { ...psbt, inputs: psbt.inputs.map((input, index) => ({ ...input, partialSignatures: other.inputs[index]?.partialSignatures ?? [] })) };
    expect(await add(file('faked.psbt', faked), file('cid.psbt', signedAs(psbt, shop, cid)), file('again.psbt', signedAs(psbt, shop, cid)))).toMatchObject([
      { outcome: 'refused', error: { code: 'psbt.signature-invalid' }, planId },
      { outcome: 'taken', signedBy: [{ fingerprint: cid.fingerprint, label: 'Cosigner 3' }], stillNeeded: 1, finalized: false },
      { outcome: 'duplicate', stillNeeded: 1 },
    ]);
    const partly = await entryOf(planId);
    expect(partly).toMatchObject({ state: 'partly-signed', quorum: { stillNeeded: 1 }, signingWallets: [{ stillNeeded: 1 }], signedBy: [{ fingerprint: cid.fingerprint, label: 'Cosigner 3', file: 'cid.psbt' }] });
    expect(fingerprints(partly.awaited)).toEqual([ann.fingerprint, ben.fingerprint]);
    await expect(call('queue.export', { plan: planId, cosigner: cid.fingerprint })).rejects.toMatchObject({ code: 'queue.already-signed' });
    expect(await add(file('ann.psbt', signedAs(psbt, shop, ann)))).toMatchObject([{ outcome: 'taken', stillNeeded: 0, finalized: true }]);
    const { txid } = await call('queue.finalize', { plan: planId });
    expect(await call('queue.broadcast', { plan: planId, node })).toMatchObject({ txid, entry: { state: 'broadcast', awaited: [] } });
    expect(chain.transactions.has(txid)).toBe(true);
  });

  test('of several wallets, each has its own quorum; the one that lacks most speaks for all', async () => {
    fund(shop.deriver.derive(0, 1).scriptPubKey);
    fund(till.deriver.derive(0, 0).scriptPubKey);
    const { psbt, planId } = await sweep(wallets(till, shop));
    expect(await add(file('tim.psbt', signedAs(psbt, till, tim)))).toMatchObject([{ outcome: 'taken', signedBy: [{ fingerprint: tim.fingerprint }], stillNeeded: 2, finalized: false }]);
    const entry = await entryOf(planId);
    expect(entry).toMatchObject({ state: 'partly-signed', quorum: { required: 2, total: 3, stillNeeded: 2 } });
    expect(new Set(entry.signingWallets?.map(({ required, total, stillNeeded }) => `${stillNeeded} of ${required} of ${total}`))).toEqual(new Set(['0 of 1 of 1', '2 of 2 of 3']));
    expect(fingerprints(entry.awaited)).toEqual(fingerprints([ann, ben, cid]));
    expect(await add(file('ben.psbt', signedAs(psbt, shop, ben)), file('ann.psbt', signedAs(psbt, shop, ann)))).toMatchObject([{ stillNeeded: 1, finalized: false }, { stillNeeded: 0, finalized: true }]);
    expect(await call('queue.broadcast', { plan: planId, node })).toMatchObject({ entry: { state: 'broadcast' } });
  });

  test('whoever signed for one of their wallets alone is awaited for the other', async () => {
    fund(shop.deriver.derive(0, 2).scriptPubKey);
    fund(petty.deriver.derive(0, 0).scriptPubKey);
    const { psbt, planId } = await sweep(wallets(shop, petty));
    expect(await add(file('petty.psbt', signedAs(psbt, petty, ann)))).toMatchObject([{ outcome: 'taken', signedBy: [], stillNeeded: 2 }]);
    const entry = await entryOf(planId);
    expect([entry.state, entry.signedBy, fingerprints(entry.awaited)]).toEqual(['partly-signed', [], fingerprints([ann, ben, cid])]);
    expect(await add(file('ann.psbt', signedAs(psbt, shop, ann)), file('cid.psbt', signedAs(psbt, shop, cid)))).toMatchObject([{ stillNeeded: 1 }, { stillNeeded: 0, finalized: true }]);
    expect(fingerprints((await entryOf(planId)).signedBy)).toEqual([ann.fingerprint, cid.fingerprint].sort());
  });

  test('that is planned again takes the place of the first, whose replies are kept apart with their signers', async () => {
    fund(shop.deriver.derive(0, 0).scriptPubKey);
    const first = await sweep(wallets(shop));
    const second = await sweep(wallets(shop), '5');
    expect(await add(file('late.psbt', signedAs(first.psbt, shop, ann)))).toMatchObject([{ outcome: 'refused', error: { code: 'psbt.superseded' }, quarantined: true, signedBy: [{ fingerprint: ann.fingerprint }] }]);
    expect(await add(file('ann.psbt', signedAs(second.psbt, shop, ann)))).toMatchObject([{ outcome: 'taken', stillNeeded: 1 }]);
  });

  test('from books that an older version kept takes no replies until it is planned again', async () => {
    fund(shop.deriver.derive(0, 0).scriptPubKey);
    const { psbt, planId } = await sweep(wallets(shop));
    ledger.close();
    const database = new DatabaseSync(join(folder, 'ledger.db'));
    database.exec('DROP TABLE queue_signing_wallet; UPDATE queue_entry SET still_needed = NULL; PRAGMA user_version = 7');
    database.close();
    open();
    expect(await entryOf(planId)).toMatchObject({ state: 'unsigned', quorum: null, awaited: [] });
    expect(await add(file('ann.psbt', signedAs(psbt, shop, ann)))).toMatchObject([{ outcome: 'refused', error: { code: 'queue.already-signed' } }]);
    expect((await sweep(wallets(shop))).planId).toBe(planId);
    expect(await add(file('ann.psbt', signedAs(psbt, shop, ann)))).toMatchObject([{ outcome: 'taken', stillNeeded: 1 }]);
  });
});

describe('a sweep of papers', () => {
  test('is complete with its one reply, and is sent from the queue', async () => {
    for (const script of paperScripts) fund(script, 100_000n);
    const { psbt, planId } = await sweep(addresses);
    expect(await entryOf(planId)).toMatchObject({ state: 'unsigned', signers: 'paper', quorum: null, awaited: [] });
    await expect(call('queue.finalize', { plan: planId })).rejects.toMatchObject({ code: 'psbt.incomplete' });
    const signed = signedByPapers(psbt);
    const [first, ...rest] = signed.inputs;
    const half: Psbt = { ...signed, inputs: [psbt.inputs[0] as (typeof rest)[number], ...rest] };
    const wrong: Psbt = { ...signed, inputs: signed.inputs.map((input) => ({ ...input, partialSignatures: input.partialSignatures.map(({ publicKey }) => ({ publicKey, signature: (first as (typeof rest)[number]).partialSignatures[0]?.signature ?? new Uint8Array(0) })) })) };
    // Amounts come from the plan, so that a reply may lack them.
    const bare: Psbt = { ...signed, inputs: signed.inputs.map(({ nonWitnessUtxo: _, ...input }) => input) };
    expect(await add(file('unsigned.psbt', psbt), file('half.psbt', half), file('wrong.psbt', wrong))).toMatchObject([
      { outcome: 'refused', error: { code: 'psbt.incomplete' } }, { outcome: 'refused', error: { code: 'psbt.incomplete' } }, { outcome: 'refused', error: { code: 'psbt.signature-invalid' } },
    ]);
    expect((await entryOf(planId)).state).toBe('unsigned');
    expect(await add(file('bare.psbt', bare))).toEqual([{ file: 'bare.psbt', outcome: 'taken', planId, signedBy: [], finalized: true, stillNeeded: 0, error: null, quarantined: false }]);
    const final = await call('queue.finalize', { plan: planId });
    expect(final.entry).toMatchObject({ state: 'finalized', final: { txid: final.txid } });
    // The same once more, and as the network's transaction.
    expect(await add(file('again.psbt', signed), { name: 'sweep.tx', contentBase64: toBase64(utf8(final.transactionHex)) })).toMatchObject([{ outcome: 'duplicate', finalized: true }, { outcome: 'duplicate', finalized: true }]);
    expect(await call('queue.broadcast', { plan: planId, node })).toMatchObject({ txid: final.txid, entry: { state: 'broadcast' } });
    expect((await call('ledger.list', { walletId: null })).entries).toMatchObject([{ txid: final.txid, kind: 'sweep', state: 'broadcast' }]);
  });

  test('that is planned again refuses what was signed for the first', async () => {
    fund(paperScripts[2] as Uint8Array);
    const source = { kind: 'addresses', addresses: addressOfScript(paperScripts[2] as Uint8Array, 'regtest') };
    const first = await sweep(source);
    await sweep(source, '6');
    const paper = papers[2]?.paper as (typeof papers)[number]['paper'];
    const bytes = encodePsbt(first.psbt);
    const review = reviewPsbt(bytes, { wallets: [], singleKeys: [paper], destinations: [cold], network: 'regtest', thisKey: null });
    const signed = signWithPaperKeys(approve(review, bytes, []), [paper.paperKey], { first: libsecp256k1, second: nobleCurves });
    expect(await add(file('late.psbt', signed))).toMatchObject([{ outcome: 'refused', error: { code: 'psbt.superseded' }, quarantined: true, signedBy: [] }]);
    expect((await entryOf(first.planId)).final).toBeNull();
  });
});

test('what a node sweeps out of a wallet of its own, it signs itself', async () => {
  fund(strangerScript(9));
  const { psbt, planId } = await sweep({ kind: 'node-wallet', name: 'hot' });
  expect(await entryOf(planId)).toMatchObject({ signers: 'hot', quorum: null, awaited: [] });
  expect(await add(file('hot.psbt', psbt))).toMatchObject([{ outcome: 'refused', planId, error: { code: 'queue.already-signed' } }]);
  await expect(call('queue.broadcast', { plan: planId, node })).rejects.toMatchObject({ code: 'psbt.incomplete' });
});
