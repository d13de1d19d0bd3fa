/** Final PSBTs of the single-key types that a hot wallet makes: one valid and one damaged of each. Shared within this folder. */
import * as secp from 'tiny-secp256k1';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { concat, parseHex } from '../../../src/domain/bytes.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import type { Psbt, PsbtInput } from '../../../src/psbt/psbt.ts';
import { createSighasherV0 } from '../../../src/psbt/sighash-v0.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import { hash160 } from '../../../src/wallet/extended-public-key.ts';
import { derSignature, fundingTransaction, strangerScript } from '../support/psbt-builder.ts';

const secret = new Uint8Array(32).fill(7);
const publicKey = secp.pointFromScalar(secret, true) as Uint8Array;
const keyHash = hash160(publicKey);
const p2pkh = concat(parseHex('76a914'), keyHash, parseHex('88ac'));
const p2wpkh = concat(parseHex('0014'), keyHash);
const p2shP2wpkh = concat(parseHex('a914'), hash160(p2wpkh), parseHex('87'));
const xOnly = publicKey.subarray(1);
const p2tr = concat(parseHex('5120'), xOnly);
const push = (bytes: Uint8Array): Uint8Array => concat(Uint8Array.of(bytes.length), bytes);

type Finals = Pick<PsbtInput, 'finalScriptSig' | 'finalScriptWitness'>;

function spend(type: string, scriptPubKey: Uint8Array, finalsOf: (transaction: Transaction, damage: number) => Finals): { type: string; final: Psbt; damaged: Psbt } {
  const funding = fundingTransaction([{ scriptPubKey, amountSats: 10_000n }]);
  const created = createPsbt({ inputs: [{ txid: funding.txid, vout: 0, sequence: 0xffff_ffff }], outputs: [{ scriptPubKey: strangerScript(), amountSats: 9000n }], locktime: 0 });
  const psbt = updatePsbt(created, { inputs: [{ previousTransaction: funding.bytes }], outputs: [{}] });
  const withFinals = (damage: number): Psbt => ({ ...psbt, inputs: [{ ...psbt.inputs[0]!, ...finalsOf(psbt.transaction, damage) }] });
  return { type, final: withFinals(0), damaged: withFinals(1) };
}

const flip = (bytes: Uint8Array, damage: number): Uint8Array => bytes.map((byte, at) => (at === 20 ? byte ^ damage : byte));
const ecdsa = (hash: Uint8Array, damage: number): Uint8Array => derSignature(flip(secp.sign(hash, secret), damage));
const witnessSignature = (transaction: Transaction, damage: number): Uint8Array => ecdsa(createSighasherV0(transaction).hash(0, p2pkh, 10_000n, 1), damage);

export const payments = [
  spend('p2pkh', p2pkh, (transaction, damage) => ({ finalScriptSig: concat(push(ecdsa(transaction.hashForSignature(0, p2pkh, 1), damage)), push(publicKey)) })),
  spend('p2wpkh', p2wpkh, (transaction, damage) => ({ finalScriptWitness: [witnessSignature(transaction, damage), publicKey] })),
  spend('p2sh-p2wpkh', p2shP2wpkh, (transaction, damage) => ({ finalScriptSig: push(p2wpkh), finalScriptWitness: [witnessSignature(transaction, damage), publicKey] })),
  // The output key is taken untweaked, which BIP341 permits to the owner; the check is the same.
  spend('p2tr', p2tr, (transaction, damage) => ({
    finalScriptWitness: [flip(secp.signSchnorr(transaction.hashForWitnessV1(0, [p2tr], [10_000n], Transaction.SIGHASH_DEFAULT), publicKey[0] === 2 ? secret : secp.privateNegate(secret), new Uint8Array(32)), damage)],
  })),
];
