import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseHex, toHex } from '../../src/domain/bytes.ts';
import { combinePsbts } from '../../src/psbt/combiner.ts';
import { createPsbt } from '../../src/psbt/creator.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { extractTransaction } from '../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../src/psbt/finalizer.ts';
import { updatePsbt } from '../../src/psbt/updater.ts';
import { descriptorChecksum } from '../../src/wallet/descriptor.ts';
import { walletDescriptor } from '../../src/wallet/wallet.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import { coldKeys } from '../support/peers/cold-keys.ts';
import { testSigner } from '../support/peers/signer.ts';

/** A real bitcoind as a reader of our descriptors and PSBTs, and as one of the three cosigners. */

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

const cold = coldKeys('regtest', 42);
const { deriver, wallet } = cold;
const signers = cold.seeds.map((seed) => testSigner(seed, wallet));

let node: RegtestNode;
let bank: string;
let funding: { readonly txid: string; readonly bytes: Uint8Array; readonly vouts: readonly number[] };

beforeAll(async () => {
  node = await startBitcoind();
  await node.rpc('createwallet', ['bank']);
  bank = await node.rpc<string>('getnewaddress', [], 'bank');
  await node.rpc('generatetoaddress', [110, bank]);
  const addresses = [0, 1].map((index) => deriver.derive(0, index).address);
  const txid = await node.rpc<string>('sendmany', ['', { [addresses[0] as string]: 0.3, [addresses[1] as string]: 0.2 }], 'bank');
  await node.rpc('generatetoaddress', [1, bank]);
  const { hex } = await node.rpc<{ hex: string }>('gettransaction', [txid], 'bank');
  const { vout } = await node.rpc<{ vout: { scriptPubKey: { address?: string } }[] }>('decoderawtransaction', [hex]);
  funding = { txid, bytes: parseHex(hex), vouts: addresses.map((address) => vout.findIndex((output) => output.scriptPubKey.address === address)) };
});
afterAll(async () => node?.stop());

/** Both coins: 0.4 BTC to the bank, the rest but for 20,000 sats to our change 3. */
function unsigned(): Uint8Array {
  const change = deriver.derive(1, 3);
  const created = createPsbt({
    inputs: funding.vouts.map((vout) => ({ txid: funding.txid, vout, sequence: 0xffff_fffd })),
    outputs: [{ scriptPubKey: deriver.derive(0, 9).scriptPubKey, amountSats: 40_000_000n }, { scriptPubKey: change.scriptPubKey, amountSats: 9_980_000n }],
    locktime: 0,
  });
  return encodePsbt(updatePsbt(created, { inputs: [0, 1].map((index) => ({ previousTransaction: funding.bytes, derived: deriver.derive(0, index) })), outputs: [{ derived: deriver.derive(0, 9) }, { derived: change }] }));
}

describe('descriptors', () => {
  test.each([0, 1] as const)('the node derives the same first 100 addresses of branch %i', async (branch) => {
    const addresses = await node.rpc<string[]>('deriveaddresses', [walletDescriptor(wallet, branch), [0, 99]]);
    expect(addresses).toHaveLength(100);
    expect(addresses).toEqual(addresses.map((_, index) => deriver.derive(branch, index).address));
  });

  test('the node reads our descriptor of both branches with our checksum', async () => {
    const descriptor = walletDescriptor(wallet);
    const info = await node.rpc<{ checksum: string; isrange: boolean; hasprivatekeys: boolean }>('getdescriptorinfo', [descriptor]);
    expect(info).toMatchObject({ isrange: true, hasprivatekeys: false });
    expect(descriptor.endsWith(`#${info.checksum}`)).toBe(true);
    const imported = await (async () => {
      await node.rpc('createwallet', { wallet_name: 'reader', disable_private_keys: true, blank: true });
      return node.rpc<{ success: boolean }[]>('importdescriptors', [[{ desc: descriptor, timestamp: 0, range: [0, 99], active: true }]], 'reader');
    })();
    expect(imported.map(({ success }) => success)).toEqual([true]);
    expect(await node.rpc('getbalance', [], 'reader')).toBe(0.5);
    const first = await node.rpc<string>('getnewaddress', ['', 'bech32'], 'reader');
    expect(first).toBe(deriver.derive(0, 2).address);
    expect(await node.rpc<string>('getrawchangeaddress', ['bech32'], 'reader')).toBe(deriver.derive(1, 0).address);
  });
});

describe('PSBTs', () => {
  test('the node reads an unsigned PSBT of ours as we mean it', async () => {
    const psbt = unsigned();
    const decoded = await node.rpc<{ tx: { txid: string }; psbt_version: number; fee: number; inputs: { bip32_derivs: { pubkey: string; master_fingerprint: string; path: string }[]; witness_script: { hex: string }; non_witness_utxo: { txid: string } }[] }>('decodepsbt', [base64(psbt)]);
    expect(decoded).toMatchObject({ tx: { txid: decodePsbt(psbt).transaction.getId() }, psbt_version: 0, fee: 0.0002 });
    decoded.inputs.forEach((input, index) => {
      const { keys, witnessScript } = deriver.derive(0, index);
      expect(input.non_witness_utxo.txid).toBe(funding.txid);
      expect(input.witness_script.hex).toBe(toHex(witnessScript as Uint8Array));
      const theirs = input.bip32_derivs.map((origin) => `${origin.pubkey} ${origin.master_fingerprint} ${origin.path.replaceAll("'", 'h')}`);
      expect(theirs.sort()).toEqual(keys.map((key) => `${toHex(key.publicKey)} ${key.masterFingerprint} m/48h/1h/0h/2h/0/${index}`).sort());
    });
  });

  test('the node says what is still missing', async () => {
    const analysis = async (psbt: Uint8Array): Promise<{ next: string; inputs: { next: string; missing?: { signatures?: string[] } }[] }> => node.rpc('analyzepsbt', [base64(psbt)]);
    const psbt = unsigned();
    expect((await analysis(psbt)).next).toBe('signer');
    const once = (signers[0] as (typeof signers)[number]).sign(psbt);
    const after = await analysis(once);
    expect(after.next).toBe('signer');
    const twice = (signers[2] as (typeof signers)[number]).sign(once);
    expect(await analysis(twice)).toMatchObject({ next: 'finalizer', inputs: [{ next: 'finalizer' }, { next: 'finalizer' }] });
  });

  test.each([[0, 1], [0, 2], [1, 2]] as const)('the node finalizes the signatures of cosigners %i and %i to the same transaction as we do', async (one, other) => {
    const psbt = unsigned();
    const replies = [one, other].map((position) => (signers[position] as (typeof signers)[number]).sign(psbt));
    const combined = combinePsbts(replies.map(decodePsbt), deriver);
    const final = extractTransaction(finalizePsbt(combined.psbt, deriver));
    const theirCombination = await node.rpc<string>('combinepsbt', [replies.map(base64)]);
    for (const input of [base64(encodePsbt(combined.psbt)), theirCombination]) {
      const finalized = await node.rpc<{ complete: boolean; hex: string }>('finalizepsbt', [input]);
      expect(finalized.complete).toBe(true);
      expect(finalized.hex).toBe(toHex(final.bytes));
    }
    expect(await node.rpc('testmempoolaccept', [[toHex(final.bytes)]])).toMatchObject([{ txid: final.txid, allowed: true, vsize: final.vsizeVb, fees: { base: 0.0002 } }]);
  });

  test('the node as a cosigner: its signature and ours combine', async () => {
    await node.rpc('createwallet', { wallet_name: 'cosigner', blank: true });
    const descriptors = ([0, 1] as const).map((branch) => {
      const [body = ''] = walletDescriptor(wallet, branch).split('#');
      const { record } = wallet.cosigners[1] as (typeof wallet.cosigners)[number];
      const keys = body.replace(new RegExp(`(\\[${record.masterFingerprint}[^\\]]*\\])tpub[1-9A-HJ-NP-Za-km-z]+`), (_, origin: string) => origin + (cold.accountKeys[1] as string));
      expect(keys).not.toBe(body);
      return { desc: `${keys}#${descriptorChecksum(keys)}`, timestamp: 'now', range: [0, 99], active: true, internal: branch === 1 };
    });
    const imported = await node.rpc<{ success: boolean }[]>('importdescriptors', [descriptors], 'cosigner');
    expect(imported.map(({ success }) => success)).toEqual([true, true]);
    const psbt = unsigned();
    const theirs = await node.rpc<{ psbt: string; complete: boolean }>('walletprocesspsbt', [base64(psbt), true, 'ALL', true, false], 'cosigner');
    expect(theirs.complete).toBe(false);
    const { psbt: combined, quorum } = combinePsbts([fromBase64(theirs.psbt), (signers[0] as (typeof signers)[number]).sign(psbt)].map(decodePsbt), deriver);
    expect([...quorum.signed].sort()).toEqual([0, 1].map((position) => wallet.cosigners[position]?.record.masterFingerprint).sort());
    const final = extractTransaction(finalizePsbt(combined, deriver));
    expect(await node.rpc('testmempoolaccept', [[toHex(final.bytes)]])).toMatchObject([{ allowed: true }]);

    // The other way round: our Signer after the node.
    const review = (signers[0] as (typeof signers)[number]).review(fromBase64(theirs.psbt));
    expect(review.findings.filter((finding) => finding.severity === 'refuse')).toEqual([]);
    const after = (signers[0] as (typeof signers)[number]).sign(fromBase64(theirs.psbt));
    expect(toHex(extractTransaction(finalizePsbt(combinePsbts([decodePsbt(after)], deriver).psbt, deriver)).bytes)).toBe(toHex(final.bytes));
  });

  test('a node makes a PSBT of its own from the descriptor; we review and sign it', async () => {
    await node.rpc('createwallet', { wallet_name: 'planner', disable_private_keys: true, blank: true });
    await node.rpc('importdescriptors', [([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet, branch), timestamp: 0, range: [0, 99], active: true, internal: branch === 1 }))], 'planner');
    const { psbt } = await node.rpc<{ psbt: string }>('walletcreatefundedpsbt', { inputs: [], outputs: [{ [bank]: 0.45 }], options: { fee_rate: 10, change_type: 'bech32' }, bip32derivs: true }, 'planner');
    const bytes = fromBase64(psbt);
    const [first, , third] = signers as [(typeof signers)[number], (typeof signers)[number], (typeof signers)[number]];
    const review = first.review(bytes);
    // The node sets a locktime of its own height against fee sniping, and the Signer knows no height.
    expect(review.findings.filter((finding) => finding.severity !== 'note').map((finding) => finding.code)).toEqual(['locktime.future']);
    expect(review).toMatchObject({ inputsSats: 50_000_000n, paymentsSats: 45_000_000n, payments: [{ address: bank }], change: [{ branch: 1 }] });
    const { psbt: combined } = combinePsbts([first, third].map((signer) => decodePsbt(signer.sign(bytes, ['locktime.future']))), deriver);
    const final = extractTransaction(finalizePsbt(combined, deriver));
    expect(await node.rpc('sendrawtransaction', [toHex(final.bytes)])).toBe(final.txid);
  });
});
