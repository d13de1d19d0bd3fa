/** A real bitcoind as second opinion on wallets of every script type: addresses, paper sheets, PSBTs, signatures. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { BIP32Factory } from 'bip32';
import * as ecc from 'tiny-secp256k1';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBitcoind } from '../../scripts/lib/bitcoind.mjs';
import type { ChainSource, ChainWork } from '../../src/companion/chain-source.ts';
import { toHex } from '../../src/domain/bytes.ts';
import { formatPath } from '../../src/domain/derivation-path.ts';
import { keyVersions } from '../../src/domain/network.ts';
import { isQuorumScript, maxCosigners, walletScripts, type WalletScript } from '../../src/domain/wallet-script.ts';
import { openChainSource } from '../../src/node/companion/chain-sources.ts';
import { walletSheet } from '../../src/paper/sheets/wallet.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../src/psbt/combiner.ts';
import { extractTransaction } from '../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../src/psbt/finalizer.ts';
import type { FinalTransaction } from '../../src/psbt/psbt.ts';
import type { DerivedAddress } from '../../src/wallet/address.ts';
import { descriptorChecksum } from '../../src/wallet/descriptor.ts';
import { walletDescriptor } from '../../src/wallet/wallet.ts';
import { Random } from '../fuzz/engine/random.ts';
import { openBank, type Bank } from '../support/peers/bank.ts';
import { relayOptions, startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import { keyedWallet, numberedSeed, reviewAs, signAs, type KeyedWallet } from '../support/peers/keyed-wallet.ts';
import { randomSpend, type Coin } from '../support/peers/random-spend.ts';

const work: ChainWork = { progress: () => undefined, isCancelled: () => false };
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const ADDRESSES = 100;
/** So many the node gives out one by one, which takes it a while each; the rest is derived from the descriptors that it then holds. */
const GIVEN_OUT = 5;
/** What spends may be locked until, and Signers are told. */
const TIP = 1;

let node: RegtestNode;
let bank: Bank;
let source: ChainSource;
beforeAll(async () => {
  node = await startBitcoind(relayOptions());
  bank = await openBank(node);
  source = await openChainSource(node.url);
});
afterAll(async () => {
  await source?.close();
  await node?.stop();
});

const shapes = walletScripts.flatMap((script): (readonly [name: string, script: WalletScript, required: number, total: number])[] => {
  const most = maxCosigners(script);
  return isQuorumScript(script) ? [[`${script} 2-of-3`, script, 2, 3], [`${script} ${most - 2}-of-${most}`, script, most - 2, most]] : [[script, script, 1, 1]];
});

/** Runs a sheet's commands in a shell, as a person would type them; `bitcoin-cli` is the real one, told the way to this test's node. */
function typed(commands: readonly string[]): string[] {
  const [, port, cookie] = /:(\d+)\?cookie=(.*)$/.exec(node.url) as unknown as readonly [string, string, string];
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-cli-'));
  try {
    writeFileSync(join(folder, 'bitcoin-cli'), `#!/bin/sh\nexec '${join(dirname(ensureBitcoind().command), 'bitcoin-cli')}' -rpcport=${port} -rpccookiefile='${cookie}' "$@"\n`, { mode: 0o755 });
    return commands.map((command) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', timeout: 120_000, env: { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` } });
      if (status !== 0) throw new Error(`${command.slice(0, 80)}: ${stderr}`);
      return stdout.trim();
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reviews and signs as these cosigners do, one after the other. */
function signedInTurn(wallet: KeyedWallet, unsigned: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const files = [unsigned];
  for (const position of positions) {
    const key = wallet.keys[position] as KeyedWallet['keys'][number];
    const given = files.at(-1) as Uint8Array;
    files.push(signAs(key, [wallet], reviewAs(key, [wallet], given, TIP), given));
  }
  return files;
}

const finalOf = (wallet: KeyedWallet, replies: readonly Uint8Array[]): FinalTransaction =>
  extractTransaction(finalizePsbt(combinePsbts(replies.map(decodePsbt), wallet.deriver).psbt, wallet.deriver));

describe.each(shapes)('%s', (name, script, required, total) => {
  const wallet = keyedWallet({ script, required, total, firstKey: 5_000 + 100 * shapes.findIndex(([each]) => each === name) });
  const { deriver } = wallet;
  const first = Array.from({ length: required }, (_, position) => position);
  const addressesOf = (branch: 0 | 1): string[] => Array.from({ length: ADDRESSES }, (_, index) => deriver.derive(branch, index).address);
  let coins: readonly Coin[];
  /** Both coins to strangers, with change or without; never locked, so that nothing has to be judged. */
  const unsigned = (): Uint8Array => {
    for (let stream = 0; ; stream += 1) {
      const { psbt, expected } = randomSpend(new Random(77, stream), wallet, coins, TIP);
      if (psbt.version === 0 && expected.length === 0) return encodePsbt(psbt);
    }
  };

  test('the commands on its sheet give the same first 100 receive and change addresses', async () => {
    const sheet = walletSheet({ serial: 'SR-1', date: '2026-11-23' }, wallet.wallet, 0);
    const printed = sheet.blocks.flatMap((block) => (block.type === 'commands' ? block.commands : []));
    const walletName = `recovered-${script}-${total}`;
    const [, imported, receive, change] = typed(printed.map((command) => command.replaceAll('recovered', walletName)));
    expect((JSON.parse(imported as string) as { success: boolean }[]).map(({ success }) => success)).toEqual([true, true]);
    const type = /getnewaddress address_type=(\S+)$/.exec(printed[2] as string)?.[1];
    const further = async (method: string): Promise<string[]> => {
      const given: string[] = [];
      for (let count = 1; count < GIVEN_OUT; count += 1) given.push(await node.rpc<string>(method, { address_type: type }, walletName));
      return given;
    };
    expect([receive, ...(await further('getnewaddress'))]).toEqual(addressesOf(0).slice(0, GIVEN_OUT));
    expect([change, ...(await further('getrawchangeaddress'))]).toEqual(addressesOf(1).slice(0, GIVEN_OUT));
    const { descriptors } = await node.rpc<{ descriptors: readonly { desc: string; active: boolean; internal: boolean }[] }>('listdescriptors', [false], walletName);
    expect(descriptors.map(({ active }) => active)).toEqual([true, true]);
    for (const { desc, internal } of descriptors) expect(await node.rpc('deriveaddresses', [desc, [0, ADDRESSES - 1]])).toEqual(addressesOf(internal ? 1 : 0));
    await node.rpc('unloadwallet', [walletName]);
  });

  test('the node reads the descriptor of both branches with our checksum', async () => {
    const info = await node.rpc<{ checksum: string; isrange: boolean; issolvable: boolean; hasprivatekeys: boolean }>('getdescriptorinfo', [walletDescriptor(wallet.wallet)]);
    expect(info).toMatchObject({ isrange: true, issolvable: true, hasprivatekeys: false });
    expect(walletDescriptor(wallet.wallet).endsWith(`#${info.checksum}`)).toBe(true);
  });

  test('the node watches it for us: outputs of both branches, transactions, and the set of unspent outputs', async () => {
    await source.watch(wallet.wallet, work);
    const orders = ([[0, 3], [1, 8]] as const).map(([branch, index], position) => ({ wallet, derived: deriver.derive(branch, index), amountSats: 3_000_000n + BigInt(position) }));
    coins = await bank.pay(orders);
    await node.rpc('syncwithvalidationinterfacequeue');
    const expected = coins.map(({ spendable: { txid, vout, amountSats, scriptPubKey } }) => ({ txid, vout, amountSats, scriptPubKey }));
    // Three confirmations, of which the tip is one.
    const height = (await node.rpc<number>('getblockcount')) - 2;
    const byAmount = (a: { amountSats: bigint }, b: { amountSats: bigint }): number => Number(a.amountSats - b.amountSats);
    expect([...(await source.utxos(wallet.wallet))].sort(byAmount)).toMatchObject(expected.map((each, position) => ({ ...each, branch: position, index: position === 0 ? 3 : 8, confirmations: 3 })));
    expect([...(await source.scanUtxoSet(wallet.wallet, work)).utxos].sort(byAmount)).toEqual(expected.map((each, position) => ({ ...each, height, place: { branch: position, index: position === 0 ? 3 : 8 } })));
    expect((await source.transactions(wallet.wallet)).flatMap(({ received }) => received)).toHaveLength(2);
    // Called again, it finds its descriptors again and imports nothing.
    await source.watch(wallet.wallet, { progress: () => { throw new Error('scanned twice'); }, isCancelled: () => false });
  });

  test('the node reads our unsigned PSBT as we mean it', async () => {
    const psbt = unsigned();
    const ours = decodePsbt(psbt);
    const decoded = await node.rpc<{ tx: { txid: string }; psbt_version: number; fee: number; inputs: readonly Record<string, unknown>[] }>('decodepsbt', [base64(psbt)]);
    expect(decoded).toMatchObject({ tx: { txid: ours.transaction.getId() }, psbt_version: 0 });
    expect(Math.round(decoded.fee * 1e8)).toBe(Number(reviewAs(wallet.keys[0] as KeyedWallet['keys'][number], [wallet], psbt).feeSats));
    for (const [position, input] of decoded.inputs.entries()) {
      const spent = coins.find(({ spendable }) => ours.transaction.ins[position]?.index === spendable.vout) as Coin;
      expectRead(input, deriver.derive(spent.spendable.own?.branch ?? 0, spent.spendable.own?.index ?? 0));
    }
  });

  test('the node says what is still missing, and finalizes our signatures to the transaction that we make of them', async () => {
    const files = signedInTurn(wallet, unsigned(), first);
    const next = async (psbt: Uint8Array): Promise<string> => (await node.rpc<{ next: string }>('analyzepsbt', [base64(psbt)])).next;
    // Of taproot the node does not count what is missing, and says that of any PSBT that lacks a signature.
    const waiting = deriver.derive(0, 0).taproot === null ? 'signer' : 'updater';
    expect(await Promise.all(files.slice(0, -1).map(next))).toEqual(first.map(() => waiting));
    expect(await next(files.at(-1) as Uint8Array)).toBe('finalizer');

    const alone = first.map((position) => signedInTurn(wallet, files[0] as Uint8Array, [position])[1] as Uint8Array);
    const final = finalOf(wallet, alone);
    const combined = combinePsbts(alone.map(decodePsbt), deriver).psbt;
    const theirs = await node.rpc<string>('combinepsbt', [alone.map(base64)]);
    for (const psbt of [base64(files.at(-1) as Uint8Array), base64(encodePsbt(combined)), theirs]) {
      expect(await node.rpc('finalizepsbt', [psbt])).toMatchObject({ complete: true, hex: toHex(final.bytes) });
    }
    // A PSBT that the node finalized is final for us too, and still tells who signed.
    const { psbt: finalized } = await node.rpc<{ psbt: string }>('finalizepsbt', [theirs, false]);
    expect(toHex(finalOf(wallet, [fromBase64(finalized)]).bytes)).toBe(toHex(final.bytes));
    expect(await node.rpc('testmempoolaccept', [[toHex(final.bytes)]])).toMatchObject([{ txid: final.txid, allowed: true, vsize: final.vsizeVb }]);
  });

  test('the node as a cosigner: its signature and ours make one transaction, in either order', async () => {
    const position = total - 1;
    const cosigner = `cosigner-${script}-${total}`;
    await node.rpc('createwallet', { wallet_name: cosigner, blank: true });
    const imported = await node.rpc<{ success: boolean }[]>('importdescriptors', [([0, 1] as const).map((branch) => ({ desc: privateDescriptor(wallet, position, branch), timestamp: 'now', range: [0, 20] }))], cosigner);
    expect(imported.map(({ success }) => success)).toEqual([true, true]);
    const psbt = unsigned();
    const theirs = async (file: Uint8Array): Promise<Uint8Array> => fromBase64((await node.rpc<{ psbt: string }>('walletprocesspsbt', { psbt: base64(file), sign: true, bip32derivs: true, finalize: false }, cosigner)).psbt);
    const others = first.slice(0, -1);
    const before = signedInTurn(wallet, psbt, others).at(-1) as Uint8Array;
    const after = signedInTurn(wallet, await theirs(psbt), others).at(-1) as Uint8Array;
    for (const replies of [[await theirs(before)], [after], [before, await theirs(psbt)]]) {
      const { psbt: combined, quorum } = combinePsbts(replies.map(decodePsbt), deriver);
      expect(quorum).toMatchObject({ stillNeeded: 0 });
      expect(quorum.signed).toContain(wallet.keys[position]?.fingerprint);
      const final = extractTransaction(finalizePsbt(combined, deriver));
      expect(await node.rpc('testmempoolaccept', [[toHex(final.bytes)]])).toMatchObject([{ txid: final.txid, allowed: true }]);
    }
    await node.rpc('unloadwallet', [cosigner]);
  });
});

interface ReadOrigin { readonly pubkey: string; readonly master_fingerprint: string; readonly path: string }

/** What the node shows of an own input: its scripts and every key's origin. */
function expectRead(input: Readonly<Record<string, unknown>>, derived: DerivedAddress): void {
  const { keys, redeemScript, witnessScript, taproot } = derived;
  expect(input['redeem_script']).toEqual(redeemScript === null ? undefined : expect.objectContaining({ hex: toHex(redeemScript) }));
  expect(input['witness_script']).toEqual(witnessScript === null ? undefined : expect.objectContaining({ hex: toHex(witnessScript) }));
  expect(input['taproot_internal_key']).toBe(taproot === null ? undefined : toHex(taproot.internalKey));
  expect(input['taproot_merkle_root']).toBe(taproot?.leaf == null ? undefined : toHex(taproot.leaf.hash));
  expect(input['taproot_scripts']).toEqual(taproot?.leaf == null ? undefined : [{ script: toHex(taproot.leaf.script), leaf_ver: 0xc0, control_blocks: [toHex(taproot.leaf.controlBlock)] }]);
  const theirs = (input[taproot === null ? 'bip32_derivs' : 'taproot_bip32_derivs'] as ReadOrigin[]).map(({ pubkey, master_fingerprint, path }) => `${pubkey} ${master_fingerprint} ${path.replaceAll('\'', 'h')}`);
  const ours = keys.map(({ publicKey, masterFingerprint, path }) => `${toHex(taproot === null ? publicKey : publicKey.subarray(1))} ${masterFingerprint} m/${formatPath(path)}`);
  expect(theirs.sort()).toEqual(ours.sort());
}

const bip32 = BIP32Factory(ecc);

/** A branch's descriptor in which one cosigner's account is private. */
function privateDescriptor({ wallet }: KeyedWallet, position: number, branch: 0 | 1): string {
  const { record } = wallet.cosigners[position] as KeyedWallet['wallet']['cosigners'][number];
  const [body = ''] = walletDescriptor(wallet, branch).split('#');
  const seed = numberedSeed(Number(/^Key (\d+)$/.exec(wallet.cosigners[position]?.label ?? '')?.[1]));
  const account = bip32.fromSeed(seed, keyVersions(wallet.network)).derivePath(`m/${formatPath(record.path).replaceAll('h', '\'')}`);
  const text = body.replace(new RegExp(`(\\[${record.masterFingerprint}[^\\]]*\\])tpub[1-9A-HJ-NP-Za-km-z]+`), (_, origin: string) => origin + account.toBase58());
  if (text === body) throw new Error('the key is not in the descriptor');
  return `${text}#${descriptorChecksum(text)}`;
}

test('a wallet of the node without native segwit keys gives a change address of a type that it has', async () => {
  const account = bip32.fromSeed(numberedSeed(9_000), keyVersions('regtest')).derivePath("m/44'/1'/0'");
  await node.rpc('createwallet', { wallet_name: 'old-hot', blank: true });
  const text = `pkh(${account.toBase58()}/1/*)`;
  await node.rpc('importdescriptors', [[{ desc: `${text}#${descriptorChecksum(text)}`, timestamp: 'now', range: [0, 20], active: true, internal: true }]], 'old-hot');
  expect(await source.hotChangeAddress('old-hot')).toMatch(/^[mn]/);
  await node.rpc('createwallet', { wallet_name: 'no-hot', blank: true });
  await expect(source.hotChangeAddress('no-hot')).rejects.toMatchObject({ code: 'node.wallet' });
});
