import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { parseHex, reversed } from '../domain/bytes.ts';
import { feeForVsize, type FeeRate } from '../domain/fee-rate.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { createSighasherV0 } from '../psbt/sighash-v0.ts';
import type { TxOutput } from '../psbt/psbt.ts';
import { serializeTransaction } from '../psbt/transaction.ts';
import { dustLimitSats, scriptTypeOf } from '../wallet/script-type.ts';
import { signKeyHashInput } from './key-hash-input.ts';
import type { PracticeKey } from './practice-keys.ts';

/** A spendable coin of the faucet. */
export interface FaucetCoin {
  readonly txid: string;
  readonly vout: number;
  readonly amountSats: bigint;
  readonly scriptPubKey: Uint8Array;
}

const OVERHEAD_VB = 11;
const KEY_HASH_INPUT_VB = 68;
const outputVb = (script: Uint8Array): number => 9 + script.length;

/** An amount in equal parts; the last takes what is left over. */
export function splitAmount(amountSats: bigint, parts: number): readonly bigint[] {
  const part = amountSats / BigInt(parts);
  return Array.from({ length: parts }, (_, index) => (index === parts - 1 ? amountSats - part * BigInt(parts - 1) : part));
}

/**
 * A signed payment out of the faucet, whose coins all pay one key; the change returns to it.
 * @throws StrongroomError `plan.dust`, `plan.insufficient-funds`
 */
export function createFaucetTransaction(coins: readonly FaucetCoin[], payments: readonly TxOutput[], feeRate: FeeRate, key: PracticeKey): Uint8Array {
  for (const { scriptPubKey, amountSats } of payments) {
    const leastSats = dustLimitSats(scriptTypeOf(scriptPubKey), 'practice');
    if (amountSats < leastSats) throw new StrongroomError('plan.dust', 'An output of the faucet would be below the dust limit.', { amountSats: String(amountSats), leastSats: String(leastSats) }, 'Ask for more, or for fewer outputs.');
  }
  const paymentsSats = payments.reduce((total, payment) => total + payment.amountSats, 0n);
  const paymentsVb = payments.reduce((total, payment) => total + outputVb(payment.scriptPubKey), OVERHEAD_VB);
  const chosen: FaucetCoin[] = [];
  let chosenSats = 0n;
  const feeSats = (): bigint => feeForVsize(paymentsVb + chosen.length * KEY_HASH_INPUT_VB + 31, feeRate);
  for (const coin of coins) {
    if (chosen.length > 0 && chosenSats >= paymentsSats + feeSats()) break;
    chosen.push(coin);
    chosenSats += coin.amountSats;
  }
  const changeSats = chosenSats - paymentsSats - feeSats();
  const [first] = chosen;
  if (first === undefined || changeSats < 0n) {
    throw new StrongroomError('plan.insufficient-funds', 'The faucet has not as much.', { amountSats: String(paymentsSats) }, 'Mine blocks first: each brings the faucet up to 50 BTC, spendable after 100 blocks.');
  }
  const outputs = changeSats >= dustLimitSats('p2wpkh', 'practice') ? [...payments, { scriptPubKey: first.scriptPubKey, amountSats: changeSats }] : payments;
  const transaction = new Transaction();
  transaction.version = 2;
  for (const { txid, vout } of chosen) transaction.addInput(reversed(parseHex(txid)), vout, 0xffff_fffd);
  for (const { scriptPubKey, amountSats } of outputs) transaction.addOutput(scriptPubKey, amountSats);
  const sighasher = createSighasherV0(transaction);
  const witnesses = chosen.map((coin, index) => signKeyHashInput(sighasher, index, coin, key));
  witnesses.forEach((witness, index) => transaction.setWitness(index, [...witness]));
  return serializeTransaction(transaction, true);
}
