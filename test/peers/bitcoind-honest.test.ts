/** Honest PSBTs that a real bitcoind makes from our descriptors of every type and paper keys: none is refused, each can be signed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../src/psbt/psbt.ts';
import { approve, type Approval } from '../../src/review/approve.ts';
import { reviewPsbt, type ReviewContext } from '../../src/review/review-psbt.ts';
import { signWithPaperKeys } from '../../src/signer/paper-key-sign.ts';
import { addressOfScript } from '../../src/wallet/address.ts';
import { descriptorChecksum } from '../../src/wallet/descriptor.ts';
import { walletDescriptor } from '../../src/wallet/wallet.ts';
import { Random } from '../fuzz/engine/random.ts';
import { addressOf, arrivals, strangeScript } from '../support/attack/honest.ts';
import { curves, signAs, treasury, type Treasury } from '../support/attack/treasury.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import { testPaper } from '../unit/support/paper-sweep-builder.ts';
import { singleKeyScripts, type SingleKeyScript, type WalletScript } from '../../src/domain/wallet-script.ts';

const OF_EACH_WALLET = 22;
const OF_EACH_SCRIPT = 8;
const OF_EACH_PAIR = 6;
/** Wallets of every script type. */
const wallets: readonly Treasury[] = [
  treasury(2, 3, 'p2sh'), treasury(7, 11, 'p2sh'), treasury(1, 2, 'p2sh-p2wsh'), treasury(2, 3, 'p2sh-p2wsh'), treasury(1, 1, 'p2wsh'), treasury(2, 3, 'p2wsh'), treasury(3, 5, 'p2wsh'),
  treasury(11, 15, 'p2wsh'), treasury(20, 20, 'p2wsh'), treasury(2, 3, 'p2tr-multi'), treasury(3, 5, 'p2tr-multi'), ...singleKeyScripts.map((script) => treasury(1, 1, script)),
];
/** What the node calls the addresses that change goes to. */
const changeTypes: Readonly<Record<WalletScript, string>> = {
  p2sh: 'legacy', p2pkh: 'legacy', 'p2sh-p2wsh': 'p2sh-segwit', 'p2sh-p2wpkh': 'p2sh-segwit', p2wsh: 'bech32', p2wpkh: 'bech32', 'p2tr-multi': 'bech32m', p2tr: 'bech32m',
};
const scripts: readonly (readonly [SingleKeyScript, string])[] = [['p2pkh', 'pkh(KEY)'], ['p2sh-p2wpkh', 'sh(wpkh(KEY))'], ['p2wpkh', 'wpkh(KEY)'], ['p2tr', 'rawtr(KEY)']];

let node: RegtestNode;
let height = 0;
const inBtc = (satoshis: number): string => (satoshis / 100_000_000).toFixed(8);
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** A wallet of the node that watches a descriptor. */
async function watch(name: string, descriptors: readonly Record<string, unknown>[]): Promise<void> {
  await node.rpc('createwallet', { wallet_name: name, disable_private_keys: true, blank: true });
  const imported = await node.rpc<{ success: boolean }[]>('importdescriptors', [descriptors.map((each) => ({ timestamp: 0, ...each }))], name);
  expect(imported.every(({ success }) => success)).toBe(true);
}

const paperAt = (position: number) => testPaper(700 + position);
const descriptorOf = (position: number, text: string): string => text.replace('KEY', toHex(position === 3 ? paperAt(3).output('p2tr').signingKey : paperAt(position).publicKey));
const withChecksum = (text: string): string => `${text}#${descriptorChecksum(text)}`;

beforeAll(async () => {
  node = await startBitcoind();
  await node.rpc('createwallet', ['bank']);
  const bank = await node.rpc<string>('getnewaddress', [], 'bank');
  await node.rpc('generatetoaddress', [115, bank]);
  const random = new Random(5, 5);
  for (const wallet of wallets) {
    await watch(wallet.name, ([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet.wallet, branch), range: [0, 60], active: true, internal: branch === 1 })));
    const paid = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [addressOf(wallet, 0, index).address, inBtc(300_000 + random.int(3_000_000))]));
    await node.rpc('sendmany', ['', paid], 'bank');
  }
  for (const [position, [script, text]] of scripts.entries()) {
    await watch(`paper ${script}`, [{ desc: withChecksum(descriptorOf(position, text)) }]);
    const address = addressOfScript(paperAt(position).output(script).scriptPubKey, 'regtest') as string;
    for (let coin = 0; coin < 6; coin += 1) await node.rpc('sendtoaddress', [address, inBtc(300_000 + random.int(1_000_000))], 'bank');
  }
  await node.rpc('generatetoaddress', [1, bank]);
  height = await node.rpc<number>('getblockcount');
}, 240_000);
afterAll(async () => node?.stop());

const seen = new Set<string>();

/** Reviewed without refusal, and signed; what remains to be judged is named. */
function expectSignable(bytes: Uint8Array, context: ReviewContext, sign: (approval: Approval) => Psbt): void {
  const review = reviewPsbt(bytes, context);
  expect(review.findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  expect(review.verdict).toBe('ready');
  const signed = encodePsbt(sign(approve(review, bytes, [])));
  expect(reviewPsbt(signed, context).inputs.every(({ signedBy }) => signedBy.length === 1)).toBe(true);
  seen.add(toHex(bytes));
}

/** Payments to strangers of every type. */
const strangePayments = (random: Random, most: number) => Array.from({ length: 1 + random.int(most) }, () => ({ [addressOfScript(strangeScript(random), 'regtest') as string]: inBtc(60_000 + random.int(900_000)) }));
interface Unspent { readonly txid: string; readonly vout: number; readonly amount: number }

describe('payments out of wallets', () => {
  test.each(wallets.map((wallet) => [wallet.name, wallet] as const))('%s', async (name, wallet) => {
    const random = new Random(6, wallet.total);
    for (let number = 0; number < OF_EACH_WALLET; number += 1) {
      // The node takes a taproot spend for one by key, which is smaller than the leaf; its rate is for that.
      const rate = (wallet.script === 'p2tr-multi' ? 6 : 1) + random.int(8);
      const options = { fee_rate: rate, change_type: changeTypes[wallet.script], replaceable: random.oneIn(2), ...(random.oneIn(3) ? { subtractFeeFromOutputs: [0] } : {}) };
      const { psbt } = await node.rpc<{ psbt: string }>('walletcreatefundedpsbt', { inputs: [], outputs: strangePayments(random, 4), locktime: random.oneIn(2) ? 0 : height, options, bip32derivs: !random.oneIn(4) }, name);
      const cosigner = wallet.cosigner(random.int(wallet.total));
      expectSignable(fromBase64(psbt), { wallets: [wallet.reviewWallet], network: 'regtest', thisKey: cosigner.reviewKey, tipHeight: height }, (approval) => signAs(cosigner, [wallet], approval));
    }
  });
});

describe('payments out of two wallets', () => {
  /** Each wallet once with the one before it and once with one further off. */
  const pairs = wallets.flatMap((wallet, position) => [1, 4].map((step) => [wallet, wallets[(position + step) % wallets.length] as Treasury] as const));
  test.each(pairs.map(([first, second]) => [first.name, second.name, first, second] as const))('%s and %s', async (_first, _second, first, second) => {
    const random = new Random(7, first.total * 100 + second.total);
    const both = first.total < second.total ? [first, second] : [second, first];
    const unspent = await Promise.all(both.map((wallet) => node.rpc<Unspent[]>('listunspent', [], wallet.name)));
    for (let number = 0; number < OF_EACH_PAIR; number += 1) {
      const chosen = unspent.flatMap((list) => Array.from({ length: 1 + random.int(2) }, () => list.splice(random.int(list.length), 1)).flat());
      const total = chosen.reduce((sum, { amount }) => sum + Math.round(amount * 100_000_000), 0);
      const change = addressOf(both[0] as Treasury, 1, random.int(20)).address;
      const fee = Math.round(total / 60);
      const changeSats = Math.round(total / 5);
      const outputs = [{ [addressOfScript(strangeScript(random), 'regtest') as string]: inBtc(total - fee - changeSats) }, { [change]: inBtc(changeSats) }];
      const created = await node.rpc<string>('createpsbt', [chosen.map(({ txid, vout }) => ({ txid, vout })), outputs, 0, true]);
      // Each wallet of the node tells what it knows, signs nothing, and finalizes nothing.
      let psbt = created;
      for (const wallet of both) psbt = (await node.rpc<{ psbt: string }>('walletprocesspsbt', { psbt, sign: false, bip32derivs: true, finalize: false }, wallet.name)).psbt;
      const cosigner = (both[0] as Treasury).cosigner(0);
      expectSignable(fromBase64(psbt), { wallets: both.map(({ reviewWallet }) => reviewWallet), network: 'regtest', thisKey: cosigner.reviewKey, tipHeight: height }, (approval) => signAs(cosigner, both, approval));
    }
  });
});

describe('sweeps of paper keys', () => {
  test.each(scripts.map(([script], position) => [script, position] as const))('%s', async (script, position) => {
    const random = new Random(8, position);
    const paper = paperAt(position);
    const unspent = await node.rpc<{ txid: string; vout: number; amount: number }[]>('listunspent', [], `paper ${script}`);
    for (let number = 0; number < OF_EACH_SCRIPT; number += 1) {
      const inputs = unspent.slice(0, 1 + (number % unspent.length));
      const total = inputs.reduce((sum, { amount }) => sum + Math.round(amount * 100_000_000), 0);
      const { address } = addressOf(arrivals, 0, number);
      const { psbt } = await node.rpc<{ psbt: string }>('walletcreatefundedpsbt', { inputs: inputs.map(({ txid, vout }) => ({ txid, vout })), outputs: [{ [address]: inBtc(total) }], locktime: 0, options: { add_inputs: false, fee_rate: 2 + random.int(6), subtractFeeFromOutputs: [0], replaceable: true } }, `paper ${script}`);
      const context: ReviewContext = { wallets: [], singleKeys: [paper], destinations: [arrivals.reviewWallet], network: 'regtest', thisKey: null, tipHeight: height };
      expectSignable(fromBase64(psbt), context, (approval) => signWithPaperKeys(approval, [paper.paperKey], curves));
      expect(decodePsbt(fromBase64(psbt)).inputs).toHaveLength(inputs.length);
    }
  });
});

test('these are more than five hundred different files', () => {
  expect(seen.size).toBeGreaterThan(500);
  console.info(`${seen.size} honest PSBTs by bitcoind ${node.version}`);
});
