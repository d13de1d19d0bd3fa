import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferOutput } from 'valibot';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseHex, toBase64, utf8 } from '../../src/domain/bytes.ts';
import { companionCoreContract } from '../../src/host/companion-contract.ts';
import { serve } from '../../src/host/serve.ts';
import { signerCoreContract } from '../../src/host/signer-contract.ts';
import { nodeCompanionEffects } from '../../src/node/companion/effects.ts';
import { nodeSignerEffects } from '../../src/node/signer/effects.ts';
import { startSigningThread } from '../../src/node/signer/signing-process/start-signing-thread.ts';
import { createCompanionHandlers } from '../../src/service/companion/handlers.ts';
import { createSignerService } from '../../src/service/signer/handlers.ts';
import { PaperKey } from '../../src/signer/paper-key.ts';
import { encryptBip38 } from '../../src/signer/secrets/bip38.ts';
import { formatWif, type SinglePrivateKey } from '../../src/signer/secrets/wif.ts';
import { addressOfScript, createAddressDeriver } from '../../src/wallet/address.ts';
import { formatWalletFile, parseWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { withChecksum } from '../../src/wallet/descriptor.ts';
import { createWallet } from '../../src/wallet/wallet.ts';
import { parseKeyRecord } from '../../src/wallet/key-record.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';

/** Papers of every script and form, swept in one transaction into a registered 2-of-3 and mined by a real bitcoind that has no transaction index. */

type Script = 'p2pkh' | 'p2sh-p2wpkh' | 'p2wpkh' | 'p2tr';
interface Paper { readonly script: Script; readonly key: SinglePrivateKey; readonly form: 'wif' | 'bip38'; readonly address: string; readonly text: string }

const mnemonics = [
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  'legal winner thank year wave sausage worth useful legal winner thank yellow',
  'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
];
const PAPER_PASSPHRASE = 'Grüße vom Papier';
const passphrase = 'only for this test';
const signerEffects = nodeSignerEffects({ version: 'test', build: 'source', startSigningProcess: startSigningThread });
const service = createSignerService(signerEffects);
const context = { progress: () => undefined, isCancelled: () => false };

let node: RegtestNode;
let folder: string;
let papers: Paper[];
let walletText: string;
let ask: <N extends keyof typeof companionCoreContract>(name: N, input: unknown) => Promise<InferOutput<(typeof companionCoreContract)[N]['output']>>;
let sign: <N extends keyof typeof signerCoreContract>(name: N, input: unknown) => Promise<InferOutput<(typeof signerCoreContract)[N]['output']>>;
let closeCompanion: () => Promise<void> = () => Promise.resolve();
let cosigner: { readonly keyHandle: string; readonly registration: string; readonly walletId: string };

async function paperOf(number: number, script: Script, form: Paper['form'], compressed: boolean): Promise<Paper> {
  const key = { privateKey: utf8(`a paper for a real node, ${number}`.padEnd(32, '.')), compressed };
  const address = new PaperKey(key, 'regtest', form).addresses().find((each) => each.script === script)?.address ?? '';
  return { script, key, form, address, text: form === 'wif' ? formatWif(key, 'regtest') : await encryptBip38(key, 'regtest', PAPER_PASSPHRASE, signerEffects.slow) };
}

/** As the node is told of a paper's key. */
function privateDescriptor({ script, key }: Paper): string {
  const wif = formatWif(key, 'regtest');
  return withChecksum({ p2pkh: `pkh(${wif})`, 'p2sh-p2wpkh': `sh(wpkh(${wif}))`, p2wpkh: `wpkh(${wif})`, p2tr: `tr(${wif})` }[script]);
}

beforeAll(async () => {
  node = await startBitcoind();
  await node.rpc('createwallet', ['bank']);
  await node.rpc('generatetoaddress', [110, await node.rpc<string>('getnewaddress', [], 'bank')]);
  folder = mkdtempSync(join(tmpdir(), 'strongroom-sweep-'));
  const companionEffects = nodeCompanionEffects({ ledgerFile: join(folder, 'ledger.db') });
  closeCompanion = companionEffects.close;
  const fault = (name: string, error: unknown): void => {
    throw new Error(`fault in ${name}`, { cause: error });
  };
  const companionDispatch = serve(companionCoreContract, createCompanionHandlers(companionEffects), fault);
  const signerDispatch = serve(signerCoreContract, service.handlers, fault);
  const caller = (dispatch: typeof signerDispatch) => async (name: string, input: unknown): Promise<never> => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(`${reply.error.code}: ${reply.error.message}`), reply.error);
    return reply.value as never;
  };
  ask = caller(companionDispatch);
  sign = caller(signerDispatch);

  const kinds = [['p2pkh', true], ['p2pkh', false], ['p2sh-p2wpkh', true], ['p2wpkh', true], ['p2tr', true]] as const;
  papers = await Promise.all((['wif', 'bip38'] as const).flatMap((form, half) => kinds.map(([script, compressed], at) => paperOf(half * 10 + at, script, form, compressed))));

  const keys = [];
  for (const words of mnemonics) keys.push(await sign('key.restore', { network: 'regtest', label: 'cosigner', secrets: [words], passphrase }));
  const records = [];
  for (const { keyHandle } of keys) records.push((await sign('key.export', { keyHandle, script: 'p2wsh', account: 0 })).keyRecord);
  walletText = formatWalletFile(createWallet({ name: 'Cold', network: 'regtest', script: 'p2wsh', required: 2, cosigners: records.map((record, at) => ({ label: `Cosigner ${at + 1}`, record: parseKeyRecord(record) })) }));
  const { policyId, walletId } = await sign('wallet.policy', { wallet: walletText });
  const keyHandle = keys[1]?.keyHandle ?? '';
  cosigner = { keyHandle, walletId, registration: (await sign('wallet.register', { keyHandle, wallet: walletText, policyId })).registration };
});
afterAll(async () => {
  service.lockAll();
  await closeCompanion();
  rmSync(folder, { recursive: true, force: true });
  await node?.stop();
});

test('the node derives the same addresses from the keys', async () => {
  for (const paper of papers) {
    const { descriptor } = await node.rpc<{ descriptor: string }>('getdescriptorinfo', [privateDescriptor(paper)]);
    expect(await node.rpc('deriveaddresses', [descriptor])).toEqual([paper.address]);
  }
});

test('ten papers, WIF and BIP38, of every script and form: one transaction, planned from addresses, signed offline, mined', async () => {
  await node.rpc('sendmany', ['', Object.fromEntries(papers.map(({ address }) => [address, 0.01]))], 'bank');
  const bank = await node.rpc<string>('getnewaddress', [], 'bank');
  await node.rpc('generatetoaddress', [1, bank]);
  // Nobody's wallet knows the previous transaction from here on: it must be found by its block.
  await node.rpc('unloadwallet', ['bank']);

  const planned = await ask('sweep.plan-addresses', { addresses: papers.map(({ address }) => address).join('\n'), to: walletText, node: node.url, feeRate: '4' });
  expect(planned.plan).toMatchObject({ inputsSats: '10000000', leftHotSats: '0', skipped: [], change: null });
  expect(planned.plan.inputs).toHaveLength(10);
  expect(planned.found.every(({ outputs, amountSats }) => outputs === 1 && amountSats === '1000000')).toBe(true);

  const paperKeyHandles: string[] = [];
  for (const { text, form } of papers) paperKeyHandles.push((await sign('paper-key.open', { network: 'regtest', secret: text, passphrase: form === 'bip38' ? PAPER_PASSPHRASE : '' })).paperKeyHandle);
  const report = await sign('sweep.review', { paperKeyHandles, keyHandle: cosigner.keyHandle, registrations: [cosigner.registration], psbtFileBase64: planned.psbtBase64 });
  expect(report).toMatchObject({ verdict: 'ready', inputsSats: '10000000', feeSats: planned.plan.feeSats, payments: [{ address: planned.plan.destination?.address, to: { wallet: cosigner.walletId, branch: 'receive', childIndex: 0 } }] });
  const signed = await sign('sweep.sign', { reviewId: report.reviewId, acknowledged: [] });
  expect(signed.signedInputs).toBe(10);

  const final = await ask('psbt.finalize', { wallet: null, psbtFileBase64: signed.psbtBase64 });
  // The node finalizes our signatures to the same bytes: what we state is enough for another program.
  expect(await node.rpc('finalizepsbt', [signed.psbtBase64])).toMatchObject({ complete: true, hex: final.transactionHex });
  // And its own ECDSA signatures with the same keys are ours, byte for byte; Schnorr's take in chance there.
  const theirs = await node.rpc<{ hex: string; complete: boolean }>('descriptorprocesspsbt', [planned.psbtBase64, papers.map(privateDescriptor)]);
  expect(theirs.complete).toBe(true);
  const [own, other] = [final.transactionHex, theirs.hex].map((hex) => Transaction.fromBuffer(parseHex(hex)));
  const ecdsa = own?.ins.filter(({ witness }) => witness.length !== 1) ?? [];
  expect(ecdsa).toHaveLength(8);
  for (const [index, input] of (own?.ins ?? []).entries()) if (input.witness.length !== 1) expect(other?.ins[index]).toEqual(input);

  expect(await node.rpc('testmempoolaccept', [[final.transactionHex]])).toMatchObject([{ allowed: true, vsize: final.vsizeVb }]);
  expect(await ask('tx.broadcast', { transactionFileBase64: toBase64(utf8(final.transactionHex)), node: node.url, wallets: [walletText], references: [] })).toEqual({ txid: final.txid });
  // What waits already spends the papers: a second plan says so instead of double-spending.
  await node.rpc('syncwithvalidationinterfacequeue');
  await expect(ask('sweep.plan-addresses', { addresses: papers[0]?.address, to: walletText, node: node.url, feeRate: '4' })).rejects.toMatchObject({ code: 'plan.nothing-to-sweep' });
  await node.rpc('generatetoaddress', [1, bank]);
  const state = await ask('wallet.sync', { wallet: walletText, node: node.url });
  expect(state).toMatchObject({ balanceSats: planned.plan.paymentsSats, utxos: [{ txid: final.txid, branch: 'receive', index: 0, confirmations: 1 }] });
  expect(state.utxos[0]?.address).toBe(createAddressDeriver(parseWalletFile(walletText)).derive(0, 0).address);
});

test('a paper that holds a block\'s reward is swept when it is old enough', async () => {
  const paper = await paperOf(40, 'p2tr', 'wif', true);
  await node.rpc('generatetoaddress', [1, paper.address]);
  const plan = () => ask('sweep.plan-addresses', { addresses: paper.address, to: walletText, node: node.url, feeRate: '4' });
  await expect(plan()).rejects.toMatchObject({ code: 'plan.nothing-to-sweep' });
  const burn = addressOfScript(Uint8Array.from([0x00, 0x14, ...new Uint8Array(20).fill(9)]), 'regtest');
  await node.rpc('generatetoaddress', [99, burn]);
  const planned = await plan();
  expect(planned.plan.inputs).toMatchObject([{ confirmations: 100 }]);
  const { paperKeyHandle } = await sign('paper-key.open', { network: 'regtest', secret: paper.text });
  const report = await sign('sweep.review', { paperKeyHandles: [paperKeyHandle], keyHandle: null, registrations: [], psbtFileBase64: planned.psbtBase64 });
  expect(report.findings.map(({ code }) => code)).toContain('sweep.unproven-destination');
  const signed = await sign('sweep.sign', { reviewId: report.reviewId, acknowledged: ['sweep.unproven-destination'] });
  const { transactionHex } = await ask('psbt.finalize', { wallet: null, psbtFileBase64: signed.psbtBase64 });
  expect(await node.rpc('testmempoolaccept', [[transactionHex]])).toMatchObject([{ allowed: true }]);
});
