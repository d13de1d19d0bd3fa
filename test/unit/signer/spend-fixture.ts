import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import { serializeTransaction, transactionId } from '../../../src/psbt/transaction.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import { createAddressDeriver, type AddressDeriver, type DerivedAddress } from '../../../src/wallet/address.ts';
import type { Wallet } from '../../../src/wallet/wallet.ts';
import { noise } from './fixtures.ts';

/** A transaction out of nowhere that pays these amounts to the wallet's receive addresses 0, 1, ... */
export function fundingOf(deriver: AddressDeriver, amountsSats: readonly bigint[]): { txid: string; bytes: Uint8Array; derived: DerivedAddress[] } {
  const derived = amountsSats.map((_, index) => deriver.derive(0, index));
  const transaction = new Transaction();
  transaction.version = 2;
  transaction.ins.push({ hash: noise('previous', 32), index: 0, script: new Uint8Array(0), sequence: 0xffff_ffff, witness: [] });
  for (const [index, value] of amountsSats.entries()) transaction.outs.push({ script: (derived[index] as DerivedAddress).scriptPubKey, value });
  return { txid: transactionId(transaction), bytes: serializeTransaction(transaction, false), derived };
}

/** An unsigned payment out of the wallet: two inputs, one payment to a stranger, change to change address 3. */
export function unsignedSpend(wallet: Wallet, paymentSats = 150_000n, feeSats = 1_000n): Uint8Array {
  const deriver = createAddressDeriver(wallet);
  const funding = fundingOf(deriver, [100_000n, 90_000n]);
  const change = deriver.derive(1, 3);
  const stranger = Uint8Array.from([0x00, 0x14, ...noise('stranger', 20)]);
  const created = createPsbt({
    inputs: [0, 1].map((vout) => ({ txid: funding.txid, vout, sequence: 0xffff_fffd })),
    outputs: [{ scriptPubKey: stranger, amountSats: paymentSats }, { scriptPubKey: change.scriptPubKey, amountSats: 190_000n - paymentSats - feeSats }],
    locktime: 0,
  });
  return encodePsbt(updatePsbt(created, {
    inputs: funding.derived.map((derived) => ({ previousTransaction: funding.bytes, derived })),
    outputs: [{}, { derived: change }],
  }));
}

/** An unsigned payment of everything in so many inputs of one funding transaction. */
export function batchSpend(wallet: Wallet, inputs: number): Uint8Array {
  const funding = fundingOf(createAddressDeriver(wallet), Array.from({ length: inputs }, () => 10_000n));
  const created = createPsbt({
    inputs: funding.derived.map((_, vout) => ({ txid: funding.txid, vout, sequence: 0xffff_ffff })),
    outputs: [{ scriptPubKey: Uint8Array.from([0x00, 0x14, ...noise('stranger', 20)]), amountSats: BigInt(inputs) * 9_800n }],
    locktime: 0,
  });
  return encodePsbt(updatePsbt(created, { inputs: funding.derived.map((derived) => ({ previousTransaction: funding.bytes, derived })), outputs: [{}] }));
}
