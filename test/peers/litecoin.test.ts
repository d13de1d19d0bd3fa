import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatBtc } from '../../src/domain/amount.ts';
import { parseHex, toBase64, utf8 } from '../../src/domain/bytes.ts';
import { companionCoreContract } from '../../src/host/companion-contract.ts';
import { serve } from '../../src/host/serve.ts';
import { signerCoreContract } from '../../src/host/signer-contract.ts';
import { nodeCompanionEffects } from '../../src/node/companion/effects.ts';
import { nodeSignerEffects } from '../../src/node/signer/effects.ts';
import { startSigningThread } from '../../src/node/signer/signing-process/start-signing-thread.ts';
import { parseTransaction } from '../../src/psbt/transaction.ts';
import { createCompanionHandlers } from '../../src/service/companion/handlers.ts';
import { createSignerService } from '../../src/service/signer/handlers.ts';
import { PaperKey } from '../../src/signer/paper-key.ts';
import { parseWif } from '../../src/signer/secrets/wif.ts';
import { addressOfScript, scriptOfAddress } from '../../src/wallet/address.ts';
import { formatWalletFile, parseWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { walletDescriptor } from '../../src/wallet/wallet.ts';
import { startLitecoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import { coldKeys } from '../support/peers/cold-keys.ts';

/** The main job against a real litecoind: hot to cold, a payment out of cold by two of three, and books that agree with the node. */

const NETWORK = 'litecoin-regtest';
const COIN = 100_000_000n;
const mnemonics = [
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  'legal winner thank year wave sausage worth useful legal winner thank yellow',
  'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
];
const passphrase = 'only for this test';
const service = createSignerService(nodeSignerEffects({ version: 'test', build: 'source', startSigningProcess: startSigningThread }));
const context = { progress: () => undefined, isCancelled: () => false };

interface Planned { readonly psbtBase64: string; readonly plan: { readonly inputs: readonly unknown[]; readonly inputsSats: string; readonly paymentsSats: string; readonly feeSats: string; readonly feeRateSatPerVb: string; readonly leftHotSats: string | null } }
type Caller = <T = Record<string, never>>(name: string, input: unknown) => Promise<T>;

let node: RegtestNode;
let folder: string;
let ask: Caller;
let sign: Caller;
let closeCompanion: () => Promise<void> = () => Promise.resolve();
let bank: string;
let keyHandles: readonly string[];

const mine = (blocks: number): Promise<unknown> => node.rpc('generatetoaddress', [blocks, bank]);
const pay = async (address: string, amountSats: bigint): Promise<void> => void (await node.rpc('sendtoaddress', { address, amount: formatBtc(amountSats), fee_rate: 20 }, 'bank'));
const asFile = (hex: string): string => toBase64(utf8(hex));

beforeAll(async () => {
  node = await startLitecoind();
  for (const wallet of ['bank', 'hot']) await node.rpc('createwallet', [wallet]);
  bank = await node.rpc<string>('getnewaddress', [], 'bank');
  await mine(120);
  folder = mkdtempSync(join(tmpdir(), 'strongroom-litecoin-'));
  const companionEffects = nodeCompanionEffects({ ledgerFile: join(folder, 'ledger.db') });
  closeCompanion = companionEffects.close;
  const fault = (name: string, error: unknown): void => {
    throw new Error(`fault in ${name}`, { cause: error });
  };
  const caller = (dispatch: ReturnType<typeof serve>): Caller => async (name, input) => {
    const reply = await dispatch(name, input, context);
    if (!reply.ok) throw Object.assign(new Error(`${name}: ${reply.error.code}: ${reply.error.message}`), reply.error);
    return reply.value as never;
  };
  ask = caller(serve(companionCoreContract, createCompanionHandlers(companionEffects), fault));
  sign = caller(serve(signerCoreContract, service.handlers, fault));
  const keys = await Promise.all(mnemonics.map((words) => sign<{ keyHandle: string }>('key.restore', { network: NETWORK, label: 'cosigner', secrets: [words], passphrase })));
  keyHandles = keys.map(({ keyHandle }) => keyHandle);
});
afterAll(async () => {
  service.lockAll();
  await closeCompanion();
  rmSync(folder, { recursive: true, force: true });
  await node?.stop();
});

test('the node is known by its first block, not by what it calls its chain', async () => {
  expect(await ask('node.check', { node: node.url })).toMatchObject({ network: NETWORK, chain: 'regtest', synced: true, version: '21.4.0' });
});

test('a wallet of Bitcoin\'s regtest is refused by a node that calls its chain regtest too', async () => {
  await expect(ask('wallet.sync', { wallet: formatWalletFile(coldKeys('regtest', 1).wallet), node: node.url })).rejects.toMatchObject({ code: 'network.mismatch' });
});

test('its private keys and addresses are read and written as the node does', async () => {
  for (const [type, script] of [['legacy', 'p2pkh'], ['p2sh-segwit', 'p2sh-p2wpkh'], ['bech32', 'p2wpkh']] as const) {
    const address = await node.rpc<string>('getnewaddress', ['', type], 'bank');
    const key = parseWif(await node.rpc<string>('dumpprivkey', [address], 'bank'));
    expect(new PaperKey(key, NETWORK, 'wif').addresses()).toContainEqual({ script, address });
    const { scriptPubKey } = await node.rpc<{ scriptPubKey: string }>('getaddressinfo', [address], 'bank');
    expect(scriptOfAddress(address, NETWORK)).toEqual(parseHex(scriptPubKey));
    expect(addressOfScript(parseHex(scriptPubKey), NETWORK)).toBe(address);
  }
});

describe.each(['p2wsh', 'p2sh'] as const)('a 2-of-3 of %s', (script) => {
  let wallet: string;
  let walletId: string;
  const cosigners: { readonly keyHandle: string; readonly registration: string }[] = [];

  test('is made of the cosigners\' records, registered by each, and gives the addresses that the node derives', async () => {
    const keys: { keyHandle: string; keyRecord: string }[] = [];
    for (const keyHandle of keyHandles) keys.push({ keyHandle, ...(await sign<{ keyRecord: string }>('key.export', { keyHandle, script, account: 0 })) });
    const made = await ask<{ wallet: string; walletId: string; policyId: string; descriptor: string }>('wallet.create', { name: `Cold ${script}`, network: NETWORK, script, required: 2, cosigners: keys.map(({ keyRecord }, at) => ({ label: `Cosigner ${at + 1}`, record: keyRecord })) });
    ({ wallet, walletId } = made);
    for (const { keyHandle } of keys.slice(0, 2)) cosigners.push({ keyHandle, registration: (await sign<{ registration: string }>('wallet.register', { keyHandle, wallet, policyId: made.policyId })).registration });
    for (const [number, branch] of (['receive', 'change'] as const).entries()) {
      const { addresses } = await ask<{ addresses: { address: string }[] }>('wallet.address', { wallet, branch, index: 0, count: 20 });
      expect(await node.rpc('deriveaddresses', [walletDescriptor(parseWalletFile(wallet), number as 0 | 1), [0, 19]])).toEqual(addresses.map(({ address }) => address));
    }
  });

  test('is swept into from the node\'s own wallet: outputs of three types, down to the floor', async () => {
    for (const type of ['bech32', 'p2sh-segwit', 'legacy']) await pay(await node.rpc<string>('getnewaddress', ['', type], 'hot'), 2n * COIN);
    await mine(1);
    const planned = await ask<Planned>('sweep.plan', { from: 'hot', to: wallet, node: node.url, floorSats: String(COIN), feeRate: '12' });
    const signed = await ask<{ psbtBase64: string; txid: string }>('hot.sign', { from: 'hot', node: node.url, psbtFileBase64: planned.psbtBase64 });
    await ask('tx.broadcast', { transactionFileBase64: signed.psbtBase64, node: node.url, wallets: [wallet], references: [] });
    await mine(1);
    const state = await ask<{ balanceSats: string; utxos: readonly { txid: string }[] }>('wallet.sync', { wallet, node: node.url });
    expect(state).toMatchObject({ walletId, balanceSats: planned.plan.paymentsSats, utxos: [{ txid: signed.txid, branch: 'receive', index: 0 }] });
    expect(await ask('hot.balance', { node: node.url, from: 'hot' })).toMatchObject({ balanceSats: planned.plan.leftHotSats });
  });

  test('pays a file of addresses of every form, reviewed and signed by two, and the books agree with the node', async () => {
    const [bech32, p2sh, legacy] = [await node.rpc<string>('getnewaddress', ['', 'bech32'], 'bank'), await node.rpc<string>('getnewaddress', ['', 'p2sh-segwit'], 'bank'), await node.rpc<string>('getnewaddress', ['', 'legacy'], 'bank')];
    const paymentsCsv = `address,amount_ltc,reference\n${bech32},0.5,a\n${p2sh},0.25,b\n${legacy},0.125,c\n`;
    const planned = await ask<Planned>('pay.plan', { wallet, paymentsCsv, node: node.url, feeRate: '10' });
    expect(planned.plan).toMatchObject({ paymentsSats: '87500000' });

    const replies: string[] = [];
    for (const { keyHandle, registration } of cosigners) {
      const report = await sign<{ verdict: string; reviewId: string; network: string; feeSats: string; payments: unknown; change: unknown; findings: { code: string; severity: string }[] }>('psbt.review', { keyHandle, registrations: [registration], psbtFileBase64: planned.psbtBase64 });
      expect(report).toMatchObject({ verdict: 'ready', network: NETWORK, feeSats: planned.plan.feeSats, payments: expect.arrayContaining([expect.objectContaining({ address: p2sh, amountSats: '25000000' })]), change: [{ wallet: walletId, branch: 'change' }] });
      replies.push((await sign<{ psbtBase64: string }>('psbt.sign', { keyHandle, reviewId: report.reviewId, acknowledged: [] })).psbtBase64);
    }
    const combined = await ask<{ psbtBase64: string }>('psbt.combine', { wallet, psbtFilesBase64: replies });
    const final = await ask<{ transactionHex: string; txid: string; vsizeVb: number; feeSats: string }>('psbt.finalize', { wallet, psbtFileBase64: combined.psbtBase64, planFileBase64: planned.psbtBase64 });
    expect(final.feeSats).toBe(planned.plan.feeSats);
    // The node finalizes the same signatures to the same bytes, and takes them for the size that was planned for.
    expect(await node.rpc('finalizepsbt', [combined.psbtBase64])).toMatchObject({ complete: true, hex: final.transactionHex });
    expect(await node.rpc('testmempoolaccept', [[final.transactionHex]])).toMatchObject([{ allowed: true, vsize: final.vsizeVb }]);
    expect(await ask('tx.broadcast', { transactionFileBase64: asFile(final.transactionHex), node: node.url, wallets: [wallet], references: [] })).toEqual({ txid: final.txid });
    await mine(1);

    await ask('ledger.refresh', { wallets: [wallet], node: node.url });
    const audit = await ask<Record<string, unknown>>('ledger.audit', { wallet, node: node.url });
    expect(audit).toMatchObject({ walletId, agrees: true, differences: [] });
    const state = await ask<{ balanceSats: string; utxos: readonly { branch: string }[] }>('wallet.sync', { wallet, node: node.url });
    expect(audit['ledgerSats']).toBe(state.balanceSats);
    expect(state.utxos).toMatchObject([{ txid: final.txid, branch: 'change' }]);
  });
});

test('extension blocks (MWEB): their addresses and transactions are refused by name, never read as others', async () => {
  // From 432 blocks on; somebody has to move something in before any output can lie there.
  const height = await node.rpc<number>('getblockcount');
  await mine(Math.max(1, 431 - height));
  const inside = await node.rpc<string>('getnewaddress', ['', 'mweb'], 'bank');
  expect(inside).toMatch(/^tmweb1/);
  expect(() => scriptOfAddress(inside, NETWORK)).toThrow(expect.objectContaining({ code: 'address.extension-block' }));
  const txid = await node.rpc<string>('sendtoaddress', { address: inside, amount: '1.0', fee_rate: 20 }, 'bank');
  const { hex } = await node.rpc<{ hex: string }>('gettransaction', [txid], 'bank');
  const unsupported = expect.objectContaining({ code: 'psbt.unsupported', details: { reason: 'extension-block' } });
  expect(() => parseTransaction(parseHex(hex))).toThrow(unsupported);
  await mine(2);
  const { tx } = await node.rpc<{ tx: { hex: string }[] }>('getblock', [await node.rpc<string>('getbestblockhash'), 2]);
  expect(() => parseTransaction(parseHex(tx.at(-1)?.hex ?? ''))).toThrow(unsupported);
});
