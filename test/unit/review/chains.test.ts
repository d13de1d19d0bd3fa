/** What differs from chain to chain in a review: bounds of amounts, dust, fees, scripts; and that a spend of each goes the whole way. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../src/domain/bytes.ts';
import type { NetworkName } from '../../../src/domain/network.ts';
import type { WalletScript } from '../../../src/domain/wallet-script.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { parseTransaction } from '../../../src/psbt/transaction.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { keyHashScript, p2trScript } from '../../../src/wallet/locking-script.ts';
import { contextOf, honestPsbt, signedAs, strangerScript, testWallet, type HonestSpend, type TestWallet } from '../support/psbt-builder.ts';

const COIN = 100_000_000n;
const legacy = keyHashScript(new Uint8Array(20).fill(0x33));
const walletOf = (network: NetworkName, script: WalletScript): TestWallet => testWallet(2, 3, network, 1, script);
const bitcoin = walletOf('regtest', 'p2sh');
const litecoin = walletOf('litecoin-regtest', 'p2sh');
const dogecoin = walletOf('dogecoin-regtest', 'p2sh');

/** One input, one payment, change that leaves this fee. */
const spend = (wallet: TestWallet, inputSats: bigint, paymentSats: bigint, feeSats: bigint, more: Partial<HonestSpend> = {}): Psbt =>
  honestPsbt({ wallet, inputs: [{ branch: 0, index: 0, amountSats: inputSats }], payments: [{ scriptPubKey: legacy, amountSats: paymentSats }], change: { branch: 1, index: 7, amountSats: inputSats - paymentSats - feeSats }, ...more });
const codes = (wallet: TestWallet, psbt: Psbt): string[] => reviewPsbt(encodePsbt(psbt), contextOf(wallet)).findings.map(({ code }) => code);

test.each([
  ['litecoin-regtest', 'p2wsh', 12_000n], ['litecoin-regtest', 'p2sh', 12_000n], ['litecoin-regtest', 'p2tr-multi', 12_000n], ['litecoin', 'p2wsh', 12_000n], ['dogecoin-regtest', 'p2sh', 1_000_000n], ['dogecoin', 'p2sh', 1_000_000n],
] as const)('%s, %s: an honest spend is ready, signed by two, and final', (network, script, feeSats) => {
  const wallet = walletOf(network, script);
  const psbt = spend(wallet, 50n * COIN, 20n * COIN, feeSats);
  const review = reviewPsbt(encodePsbt(psbt), contextOf(wallet));
  expect([review.verdict, review.network, review.feeSats, review.changeSats]).toEqual(['ready', network, feeSats, 30n * COIN - feeSats]);
  const signed = wallet.keys.slice(0, 2).map((key) => decodePsbt(encodePsbt(signedAs(psbt, wallet, key))));
  const transaction = extractTransaction(finalizePsbt(combinePsbts(signed, wallet.deriver).psbt, wallet.deriver), network);
  expect(transaction.feeSats).toBe(feeSats);
  expect(parseTransaction(transaction.bytes).txid).toBe(transaction.txid);
});

describe('amounts', () => {
  test.each([
    [bitcoin, 21_000_000n], [litecoin, 84_000_000n], [dogecoin, 10_000_000_000n],
  ])('an input of all that there is is read, one satoshi more is refused', (wallet, coins) => {
    const all = spend(wallet, coins * COIN, COIN, 10n * COIN);
    expect(codes(wallet, all)).not.toContain('input.amount-range');
    const altered = all.transaction.clone();
    altered.outs[0]!.value = coins * COIN + 1n;
    expect(codes(wallet, { ...all, transaction: altered })).toContain('output.amount-range');
  });
});

test.each([
  [bitcoin, 546n], [litecoin, 5_460n], [dogecoin, 1_000_000n],
])('dust begins where the chain has it', (wallet, limit) => {
  const paying = (amountSats: bigint): string[] => codes(wallet, spend(wallet, 50n * COIN, COIN, COIN / 100n, { payments: [{ scriptPubKey: legacy, amountSats: COIN }, { scriptPubKey: legacy, amountSats }], change: null }));
  expect(paying(limit - 1n)).toContain('output.dust');
  expect(paying(limit)).not.toContain('output.dust');
});

describe('fees', () => {
  // The size of the spend, by the review itself: limits by rate are met to the satoshi.
  const sizeOf = (wallet: TestWallet): bigint => {
    const [found] = reviewPsbt(encodePsbt(spend(wallet, 1_000n * COIN, COIN, 900n * COIN)), contextOf(wallet)).findings.filter(({ code }) => code === 'fee.excessive');
    return BigInt(found?.details['vsizeVb'] ?? 0);
  };
  test.each([
    ['bitcoin', bitcoin, 1n, 500n, 5_000n], ['litecoin', litecoin, 1n, 500n, 5_000n], ['dogecoin', dogecoin, 100n, 50_000n, 500_000n],
  ] as const)('%s: below what is relayed, high, and never meant, by rate', (_, wallet, least, high, excessive) => {
    const size = sizeOf(wallet);
    const at = (feeSats: bigint): string[] => codes(wallet, spend(wallet, 100_000n * COIN, 90_000n * COIN, feeSats));
    expect(at(least * size - 1n)).toEqual(['fee.below-relay']);
    expect(at(least * size)).toEqual([]);
    expect(at(high * size)).toEqual([]);
    expect(at(high * size + 1n)).toEqual(['fee.high']);
    expect(at(excessive * size)).toEqual(['fee.high']);
    expect(at(excessive * size + 1n)).toEqual(['fee.excessive', 'fee.high']);
  });

  test.each([
    ['bitcoin', bitcoin, 100_000n], ['litecoin', litecoin, 10_000_000n], ['dogecoin', dogecoin, 5_000_000_000n],
  ] as const)('%s: over a quarter of the inputs and over the chain\'s amount is never meant', (_, wallet, amount) => {
    const size = sizeOf(wallet);
    const at = (feeSats: bigint): string[] => codes(wallet, spend(wallet, feeSats * 3n, feeSats, feeSats));
    // By rate alone it would pass as well on chains where the amount is small beside it.
    const byRate = (feeSats: bigint, satPerVb: bigint): boolean => feeSats > satPerVb * size;
    const rate = wallet === dogecoin ? 500_000n : 5_000n;
    expect(at(amount).includes('fee.excessive')).toBe(byRate(amount, rate));
    expect(at(amount + 1n)).toContain('fee.excessive');
  });
});

test('on Dogecoin an output to a segwit or taproot script is no destination: nobody could spend it', () => {
  for (const scriptPubKey of [strangerScript(), p2trScript(parseHex('79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'))]) {
    expect(codes(dogecoin, spend(dogecoin, 50n * COIN, 20n * COIN, COIN / 100n, { payments: [{ scriptPubKey, amountSats: 20n * COIN }] }))).toContain('output.nonstandard');
    expect(codes(litecoin, spend(litecoin, 50n * COIN, 20n * COIN, 12_000n, { payments: [{ scriptPubKey, amountSats: 20n * COIN }] }))).not.toContain('output.nonstandard');
  }
});

test('a wallet of another chain in the context is a mismatch, though its keys and scripts are the same', () => {
  const psbt = encodePsbt(spend(litecoin, 50n * COIN, COIN, 12_000n));
  const context = { ...contextOf(litecoin), network: 'dogecoin-regtest' as const };
  expect(reviewPsbt(psbt, context).findings.map(({ code }) => code)).toContain('network.mismatch');
});

test('a previous transaction of Litecoin\'s extension blocks is refused by name, with or without witnesses', () => {
  const plain = '0200000001' + '11'.repeat(32) + '0000000000ffffffff01' + '00e1f50500000000' + '00';
  for (const flag of ['08', '09']) {
    const marked = `02000000${'00'}${flag}${plain.slice(8)}0000000000`;
    expect(() => parseTransaction(parseHex(marked))).toThrow(expect.objectContaining({ code: 'psbt.unsupported', details: { reason: 'extension-block' } }));
  }
});
