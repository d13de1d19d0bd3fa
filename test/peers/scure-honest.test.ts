/**
 * Honest PSBTs that @scure/btc-signer makes, out of scripts that it builds itself: of every script type and quorum, of version 0 and
 * 2, unsigned and co-signed by it. None is refused, each can be signed.
 */
import { p2ms, p2pkh, p2sh, p2tr, p2tr_ms, p2wpkh, p2wsh, TAPROOT_UNSPENDABLE_KEY, TEST_NETWORK, Transaction } from '@scure/btc-signer';
import { describe, expect, test } from 'vitest';
import { compareBytes, toHex } from '../../src/domain/bytes.ts';
import { walletScripts, type SingleKeyScript, type WalletScript } from '../../src/domain/wallet-script.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../src/psbt/psbt.ts';
import { approve, type Approval } from '../../src/review/approve.ts';
import { reviewPsbt, type ReviewContext } from '../../src/review/review-psbt.ts';
import { signWithPaperKeys } from '../../src/signer/paper-key-sign.ts';
import type { DerivedAddress } from '../../src/wallet/address.ts';
import { xOnly } from '../../src/wallet/locking-script.ts';
import { Random } from '../fuzz/engine/random.ts';
import { addressOf, arrivals, strangeScript } from '../support/attack/honest.ts';
import { oneOf, pairings, quorumsOf } from '../support/attack/spends.ts';
import { curves, signAs, type Treasury } from '../support/attack/treasury.ts';
import { testPaper } from '../unit/support/paper-sweep-builder.ts';
import { fundingTransaction, type TestKey } from '../unit/support/psbt-builder.ts';

const OF_EACH_WALLET = 5;
/** In a multisig script, as the library writes it. */
const MOST_KEYS = 16;
const OF_EACH_PAIR = 2;
const OF_EACH_PAPER = 6;
const LEAST = 200;

type InputUpdate = Parameters<Transaction['addInput']>[0];
type OutputUpdate = Parameters<Transaction['addOutput']>[0];
interface Payment { readonly script: Uint8Array; readonly redeemScript?: Uint8Array; readonly witnessScript?: Uint8Array }

/** The script of these keys as the library builds it. */
function paymentOf(script: WalletScript, required: number, publicKeys: readonly Uint8Array[]): Payment {
  const sorted = [...publicKeys].sort(compareBytes);
  const [key] = sorted as [Uint8Array];
  switch (script) {
    case 'p2sh': return p2sh(p2ms(required, sorted), TEST_NETWORK);
    case 'p2sh-p2wsh': return p2sh(p2wsh(p2ms(required, sorted), TEST_NETWORK), TEST_NETWORK);
    case 'p2wsh': return p2wsh(p2ms(required, sorted), TEST_NETWORK);
    // Taproot names and sorts keys by their x alone.
    case 'p2tr-multi': return p2tr(TAPROOT_UNSPENDABLE_KEY, { script: p2tr_ms(required, publicKeys.map(xOnly).sort(compareBytes)).script }, TEST_NETWORK);
    case 'p2pkh': return p2pkh(key, TEST_NETWORK);
    case 'p2sh-p2wpkh': return p2sh(p2wpkh(key, TEST_NETWORK), TEST_NETWORK);
    case 'p2wpkh': return p2wpkh(key, TEST_NETWORK);
    case 'p2tr': return p2tr(xOnly(key), undefined, TEST_NETWORK);
  }
}

/** What the library is told of an own address: its own scripts, and where the keys come from. */
function fieldsOf(wallet: Treasury, derived: DerivedAddress, isBare: boolean): { readonly script: Uint8Array; readonly fields: Omit<InputUpdate, 'txid' | 'index'> & Omit<OutputUpdate, 'amount'> } {
  const payment = paymentOf(wallet.script, wallet.required, derived.keys.map(({ publicKey }) => publicKey));
  const { script, ...more } = payment;
  const origin = ({ masterFingerprint, path }: DerivedAddress['keys'][number]) => ({ fingerprint: Number.parseInt(masterFingerprint, 16), path: [...path] });
  const origins = derived.taproot === null
    ? { bip32Derivation: derived.keys.map((key): [Uint8Array, ReturnType<typeof origin>] => [key.publicKey, origin(key)]) }
    : { tapBip32Derivation: derived.keys.map((key): [Uint8Array, { hashes: Uint8Array[]; der: ReturnType<typeof origin> }] => [xOnly(key.publicKey), { hashes: derived.taproot?.leaf == null ? [] : [derived.taproot.leaf.hash], der: origin(key) }]) };
  const { redeemScript, witnessScript, tapInternalKey, tapLeafScript, tapMerkleRoot } = more as Record<string, Uint8Array | undefined>;
  const stated = Object.fromEntries(Object.entries({ redeemScript, witnessScript, tapInternalKey, tapLeafScript, tapMerkleRoot }).filter(([, value]) => value !== undefined));
  return { script, fields: { ...stated, ...(isBare ? {} : origins) } as Omit<InputUpdate, 'txid' | 'index'> };
}

interface Spending { readonly wallet: Treasury; readonly derived: DerivedAddress }

/** A payment with change, as a program that uses the library would make it. */
function made(random: Random, spending: readonly Spending[], signers: readonly TestKey[], version: 0 | 2): Uint8Array {
  const isBare = random.oneIn(4);
  const transaction = new Transaction({ version: 2, lockTime: 0, PSBTVersion: version, allowUnknownOutputs: true });
  let total = 0n;
  for (const { wallet, derived } of spending) {
    const { script, fields } = fieldsOf(wallet, derived, isBare);
    expect(toHex(script)).toBe(toHex(derived.scriptPubKey));
    const amount = 2_000_000n + BigInt(random.int(3_000_000));
    const { txid, bytes } = fundingTransaction([{ scriptPubKey: strangeScript(random), amountSats: 700n }, { scriptPubKey: script, amountSats: amount }], random.int(2 ** 31));
    total += amount;
    const isLegacy = derived.rule.kind === 'legacy';
    transaction.addInput({ ...fields, txid, index: 1, sequence: random.pick([0xffff_ffff, 0xffff_fffe, 0xffff_fffd]), nonWitnessUtxo: bytes, ...(isLegacy ? {} : { witnessUtxo: { script, amount } }) });
  }
  const [{ wallet }] = spending as [Spending];
  const change = addressOf(wallet, 1, random.int(50));
  const back = fieldsOf(wallet, change, isBare);
  const { tapLeafScript: _, tapMerkleRoot: __, ...ofOutput } = back.fields as Record<string, unknown>;
  const fee = 20_000n + BigInt(random.int(10_000));
  const changeSats = total / 5n;
  transaction.addOutput({ script: strangeScript(random), amount: total - fee - changeSats });
  transaction.addOutput({ ...ofOutput, script: back.script, amount: changeSats } as OutputUpdate);
  for (const key of signers) {
    spending.forEach(({ derived }, index) => {
      const own = derived.keys.find(({ masterFingerprint }) => masterFingerprint === key.fingerprint);
      if (own !== undefined) transaction.signIdx(own.path.reduce((node, step) => node.derive(step), key.root).privateKey as Uint8Array, index, undefined, new Uint8Array(32));
    });
  }
  return transaction.toPSBT(version);
}

const seen = new Set<string>();

/** Reviewed without refusal, and signed; version 2 of this library says that it may still be changed, and that is true. */
function expectSignable(name: string, bytes: Uint8Array, context: ReviewContext, sign: (approval: Approval) => Psbt): void {
  const review = reviewPsbt(bytes, context);
  const found = review.findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code);
  expect({ name, found: found.filter((code) => code !== 'psbt.modifiable') }).toEqual({ name, found: [] });
  const after = reviewPsbt(encodePsbt(sign(approve(review, bytes, ['psbt.modifiable']))), context);
  expect(after.verdict).not.toBe('refused');
  expect(after.inputs.every(({ signedBy }, index) => signedBy.length === (review.inputs[index]?.signedBy.length ?? 0) + 1)).toBe(true);
  seen.add(toHex(bytes));
}

const addressesOf = (random: Random, wallet: Treasury, count: number): Spending[] =>
  Array.from({ length: count }, (_, position) => ({ wallet, derived: addressOf(wallet, random.oneIn(3) ? 1 : 0, position * 10 + random.int(10)) }));

describe('payments out of wallets', () => {
  test.each(walletScripts.flatMap((script) => quorumsOf(script)).filter(({ script, total }) => script === 'p2tr-multi' || total <= MOST_KEYS).map((wallet, position) => [wallet.name, wallet, position] as const))('%s', (name, wallet, position) => {
    const random = new Random(11, position);
    for (let number = 0; number < OF_EACH_WALLET; number += 1) {
      const spending = addressesOf(random, wallet, 1 + random.int(wallet.total > 5 ? 2 : 4));
      const signing = random.int(wallet.total);
      const before = wallet.keys.filter((_, at) => at !== signing).slice(0, number < 2 ? 0 : random.int(Math.min(wallet.required, 4)));
      const cosigner = wallet.cosigner(signing);
      const bytes = made(random, spending, before, number % 2 === 0 ? 0 : 2);
      expectSignable(`${name} ${number}`, bytes, { wallets: [wallet.reviewWallet], network: 'regtest', thisKey: cosigner.reviewKey }, (approval) => signAs(cosigner, [wallet], approval));
    }
  });
});

describe('payments out of two wallets', () => {
  test.each(pairings.map((pair, position) => [pair.map(({ name }) => name).join(' and '), pair, position] as const))('%s', (name, pair, position) => {
    const random = new Random(12, position);
    for (let number = 0; number < OF_EACH_PAIR; number += 1) {
      const spending = pair.flatMap((wallet) => addressesOf(random, wallet, 1 + random.int(2)));
      const cosigner = pair[0].cosigner(0);
      const bytes = made(random, spending, [], number % 2 === 0 ? 0 : 2);
      expectSignable(`${name} ${number}`, bytes, { wallets: pair.map(({ reviewWallet }) => reviewWallet), network: 'regtest', thisKey: cosigner.reviewKey }, (approval) => signAs(cosigner, pair, approval));
    }
  });
});

describe('sweeps of paper keys', () => {
  const papers: readonly SingleKeyScript[] = ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2tr'];
  test.each(papers.map((script, position) => [script, position] as const))('%s', (script, position) => {
    const random = new Random(13, position);
    for (let number = 0; number < OF_EACH_PAPER; number += 1) {
      const paper = testPaper(800 + position * 10 + number);
      const payment = paymentOf(script, 1, [paper.publicKey]);
      const transaction = new Transaction({ PSBTVersion: number % 2 === 0 ? 0 : 2 });
      let total = 0n;
      for (let input = 0; input <= number % 3; input += 1) {
        const amount = 900_000n + BigInt(random.int(900_000));
        const { txid, bytes } = fundingTransaction([{ scriptPubKey: payment.script, amountSats: amount }], random.int(2 ** 31));
        total += amount;
        const { script: _, ...more } = payment;
        const { redeemScript, tapInternalKey } = more as Record<string, Uint8Array | undefined>;
        transaction.addInput({ txid, index: 0, nonWitnessUtxo: bytes, ...(script === 'p2pkh' ? {} : { witnessUtxo: { script: payment.script, amount } }), ...(redeemScript === undefined ? {} : { redeemScript }), ...(tapInternalKey === undefined ? {} : { tapInternalKey }) });
      }
      const to = [arrivals, oneOf('p2tr-multi'), oneOf('p2sh')][number % 3] as Treasury;
      transaction.addOutput({ script: addressOf(to, 0, random.int(40)).scriptPubKey, amount: total - 5_000n });
      const context: ReviewContext = { wallets: [], singleKeys: [paper], destinations: [to.reviewWallet], network: 'regtest', thisKey: null };
      expectSignable(`${script} ${number}`, transaction.toPSBT(number % 2 === 0 ? 0 : 2), context, (approval) => signWithPaperKeys(approval, [paper.paperKey], curves));
    }
  });
});

test(`these are more than ${LEAST} different files`, () => {
  expect(seen.size).toBeGreaterThan(LEAST);
  console.info(`${seen.size} honest PSBTs by @scure/btc-signer`);
});
