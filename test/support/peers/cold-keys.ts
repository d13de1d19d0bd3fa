import { BIP32Factory } from 'bip32';
import { encode as encodeSignature } from 'bitcoinjs-lib/src/script_signature';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import * as ecc from 'tiny-secp256k1';
import { compareBytes, parseHex, reversed } from '../../../src/domain/bytes.ts';
import { keyVersions, type NetworkName } from '../../../src/domain/network.ts';
import { createAddressDeriver, type AddressDeriver } from '../../../src/wallet/address.ts';
import { parseKeyRecord } from '../../../src/wallet/key-record.ts';
import { createWallet, type Wallet } from '../../../src/wallet/wallet.ts';
import type { WalletUtxo } from '../../../src/companion/chain-source.ts';

/** A 2-of-3 wallet with its private keys, for tests. Signs by hand, with none of the program's own signing. */
export interface ColdKeys {
  readonly wallet: Wallet;
  readonly deriver: AddressDeriver;
  /** Seeds of the three masters. */
  readonly seeds: readonly Uint8Array[];
  /** Extended private keys of the three accounts, for peers that hold one. */
  readonly accountKeys: readonly string[];
  /** A final transaction of the wallet's outputs. */
  spend(spend: ColdSpend): Uint8Array;
}

export interface ColdSpend {
  readonly inputs: readonly Pick<WalletUtxo, 'txid' | 'vout' | 'amountSats' | 'branch' | 'index'>[];
  readonly outputs: readonly { readonly scriptPubKey: Uint8Array; readonly amountSats: bigint }[];
  readonly locktime?: number;
  readonly sequence?: number;
  /** How many of the three sign. */
  readonly signatures?: number;
  /** Signs another amount than the true one. */
  readonly signedAmountSats?: bigint;
}

const bip32 = BIP32Factory(ecc);
const ACCOUNT = "m/48'/1'/0'/2'";
const ORIGIN = '48h/1h/0h/2h';
const REPLACEABLE = 0xffff_fffd;

/** Keys that depend on nothing but the number. */
export function coldKeys(network: NetworkName, number: number): ColdKeys {
  const seeds = [1, 2, 3].map((position) => {
    const seed = new Uint8Array(32).fill(position);
    new DataView(seed.buffer).setUint32(0, number);
    return seed;
  });
  const masters = seeds.map((seed) => bip32.fromSeed(seed, keyVersions(network)));
  const accounts = masters.map((master) => master.derivePath(ACCOUNT));
  const wallet = createWallet({
    name: `Cold ${number}`,
    network,
    script: 'p2wsh',
    required: 2,
    cosigners: accounts.map((account, position) => ({
      label: `Cosigner ${position + 1}`,
      record: parseKeyRecord(`[${Buffer.from((masters[position] as (typeof masters)[number]).fingerprint).toString('hex')}/${ORIGIN}]${account.neutered().toBase58()}`),
    })),
  });
  const deriver = createAddressDeriver(wallet);
  return {
    wallet,
    deriver,
    seeds,
    accountKeys: accounts.map((account) => account.toBase58()),
    spend({ inputs, outputs, locktime = 0, sequence = REPLACEABLE, signatures = 2, signedAmountSats }) {
      const transaction = new Transaction();
      transaction.version = 2;
      transaction.locktime = locktime;
      for (const input of inputs) transaction.addInput(reversed(parseHex(input.txid)), input.vout, sequence);
      for (const output of outputs) transaction.addOutput(output.scriptPubKey, output.amountSats);
      const witnesses = inputs.map((input, index) => {
        const witnessScript = deriver.derive(input.branch, input.index).witnessScript as Uint8Array;
        const hash = transaction.hashForWitnessV0(index, witnessScript, signedAmountSats ?? input.amountSats, Transaction.SIGHASH_ALL);
        const keys = accounts.map((account) => account.derive(input.branch).derive(input.index)).sort((a, b) => compareBytes(a.publicKey, b.publicKey));
        return [new Uint8Array(0), ...keys.slice(0, signatures).map((key) => encodeSignature(key.sign(hash), Transaction.SIGHASH_ALL)), witnessScript];
      });
      witnesses.forEach((witness, index) => transaction.setWitness(index, witness));
      return transaction.toBuffer();
    },
  };
}
