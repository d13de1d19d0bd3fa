/** Honest PSBTs that a real bitcoind makes from our descriptors and paper keys: none is refused, each can be signed. */
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
import type { SingleKeyScript } from '../../src/domain/wallet-script.ts';

const OF_EACH_QUORUM = 45;
const OF_EACH_SCRIPT = 12;
const quorums: readonly Treasury[] = [treasury(1, 1), treasury(2, 3), treasury(3, 5), treasury(11, 15)];
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

const walletName = ({ required, total }: Treasury): string => `${required}-of-${total}`;
const paperAt = (position: number) => testPaper(700 + position);
const descriptorOf = (position: number, text: string): string => text.replace('KEY', toHex(position === 3 ? paperAt(3).output('p2tr').signingKey : paperAt(position).publicKey));
const withChecksum = (text: string): string => `${text}#${descriptorChecksum(text)}`;

beforeAll(async () => {
  node = await startBitcoind();
  await node.rpc('createwallet', ['bank']);
  const bank = await node.rpc<string>('getnewaddress', [], 'bank');
  await node.rpc('generatetoaddress', [115, bank]);
  const random = new Random(5, 5);
  for (const wallet of quorums) {
    await watch(walletName(wallet), ([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet.wallet, branch), range: [0, 60], active: true, internal: branch === 1 })));
    const paid = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [addressOf(wallet, 0, index).address, inBtc(200_000 + random.int(3_000_000))]));
    await node.rpc('sendmany', ['', paid], 'bank');
  }
  for (const [position, [script, text]] of scripts.entries()) {
    await watch(script, [{ desc: withChecksum(descriptorOf(position, text)) }]);
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

describe('payments out of quorum wallets', () => {
  test.each(quorums.map((wallet) => [walletName(wallet), wallet] as const))('%s', async (name, wallet) => {
    const random = new Random(6, wallet.total);
    for (let number = 0; number < OF_EACH_QUORUM; number += 1) {
      const outputs = Array.from({ length: 1 + random.int(4) }, () => ({ [addressOfScript(strangeScript(random), 'regtest') as string]: inBtc(60_000 + random.int(900_000)) }));
      const options = { fee_rate: 1 + random.int(8), change_type: 'bech32', replaceable: random.oneIn(2), ...(random.oneIn(3) ? { subtractFeeFromOutputs: [0] } : {}) };
      const { psbt } = await node.rpc<{ psbt: string }>('walletcreatefundedpsbt', { inputs: [], outputs, locktime: random.oneIn(2) ? 0 : height, options, bip32derivs: !random.oneIn(4) }, name);
      const cosigner = wallet.cosigner(random.int(wallet.total));
      expectSignable(fromBase64(psbt), { wallets: [wallet.reviewWallet], network: 'regtest', thisKey: cosigner.reviewKey, tipHeight: height }, (approval) => signAs(cosigner, [wallet], approval));
    }
  });
});

describe('sweeps of paper keys', () => {
  test.each(scripts.map(([script], position) => [script, position] as const))('%s', async (script, position) => {
    const random = new Random(8, position);
    const paper = paperAt(position);
    const unspent = await node.rpc<{ txid: string; vout: number; amount: number }[]>('listunspent', [], script);
    for (let number = 0; number < OF_EACH_SCRIPT; number += 1) {
      const inputs = unspent.slice(0, 1 + (number % unspent.length));
      const total = inputs.reduce((sum, { amount }) => sum + Math.round(amount * 100_000_000), 0);
      const { address } = addressOf(arrivals, 0, number);
      const { psbt } = await node.rpc<{ psbt: string }>('walletcreatefundedpsbt', { inputs: inputs.map(({ txid, vout }) => ({ txid, vout })), outputs: [{ [address]: inBtc(total) }], locktime: 0, options: { add_inputs: false, fee_rate: 2 + random.int(6), subtractFeeFromOutputs: [0], replaceable: true } }, script);
      const context: ReviewContext = { wallets: [], singleKeys: [paper], destinations: [arrivals.reviewWallet], network: 'regtest', thisKey: null, tipHeight: height };
      expectSignable(fromBase64(psbt), context, (approval) => signWithPaperKeys(approval, [paper.paperKey], curves));
      expect(decodePsbt(fromBase64(psbt)).inputs).toHaveLength(inputs.length);
    }
  });
});

test('these are more than two hundred different files', () => {
  expect(seen.size).toBeGreaterThan(200);
  console.info(`${seen.size} honest PSBTs by bitcoind ${node.version}`);
});
