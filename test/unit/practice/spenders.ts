import { sha256 } from '@noble/hashes/sha2.js';
import { taggedHash } from 'bitcoinjs-lib/src/crypto';
import { encode as encodeSignature } from 'bitcoinjs-lib/src/script_signature';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import * as ecc from 'tiny-secp256k1';
import { compareBytes, concat, parseHex, reversed } from '../../../src/domain/bytes.ts';
import { PracticeChain } from '../../../src/companion/practice/practice-chain.ts';
import { p2wpkhScript } from '../../../src/companion/practice/key-hash-account.ts';
import { hash160 } from '../../../src/wallet/extended-public-key.ts';
import type { Coin } from '../../../src/companion/practice/practice-transaction.ts';
import { p2wshScript, sortedMultisigScript } from '../../../src/wallet/locking-script.ts';

/** Keys and hand-made signatures of every script type that the practice network spends. */

const key = (number: number): { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array } => {
  const privateKey = sha256(Uint8Array.of(number, 77));
  return { privateKey, publicKey: ecc.pointFromScalar(privateKey, true) as Uint8Array };
};
const single = key(1);
const several = [key(2), key(3), key(4)].sort((a, b) => compareBytes(a.publicKey, b.publicKey));
const multisig = sortedMultisigScript(2, several.map(({ publicKey }) => publicKey));
const push = (...items: readonly Uint8Array[]): Uint8Array => concat(...items.map((item) => (item.length > 75 ? concat(Uint8Array.of(0x4c, item.length), item) : concat(Uint8Array.of(item.length), item))));
const p2shScript = (redeem: Uint8Array): Uint8Array => concat(Uint8Array.of(0xa9, 0x14), hash160(redeem), Uint8Array.of(0x87));
const keyHashCode = concat(Uint8Array.of(0x76, 0xa9, 0x14), hash160(single.publicKey), Uint8Array.of(0x88, 0xac));
const EMPTY = new Uint8Array(0);

const internalKey = single.publicKey.subarray(1);
const tweak = taggedHash('TapTweak', internalKey);
const outputKey = (ecc.xOnlyPointAddTweak(internalKey, tweak) as { xOnlyPubkey: Uint8Array }).xOnlyPubkey;
const evenKey = single.publicKey[0] === 2 ? single.privateKey : ecc.privateNegate(single.privateKey);
const tweakedKey = ecc.privateAdd(evenKey, tweak) as Uint8Array;

export interface SignatureFaults {
  readonly sighashType?: number;
  /** Signs as if the input were worth this. */
  readonly amountSats?: bigint;
}

export interface Spender {
  readonly name: string;
  readonly scriptPubKey: Uint8Array;
  /** Signs one input; the transaction is complete but for its signatures. */
  sign(transaction: Transaction, index: number, coins: readonly Coin[], faults?: SignatureFaults): void;
}

const ecdsa = (secret: Uint8Array, hash: Uint8Array, type: number): Uint8Array => encodeSignature(ecc.sign(hash, secret), type);
const amountOf = (coins: readonly Coin[], index: number, faults: SignatureFaults): bigint => faults.amountSats ?? (coins[index] as Coin).amountSats;
const typeOf = (faults: SignatureFaults): number => faults.sighashType ?? Transaction.SIGHASH_ALL;

const keyHashWitness = (transaction: Transaction, index: number, coins: readonly Coin[], faults: SignatureFaults): Uint8Array[] => {
  const hash = transaction.hashForWitnessV0(index, keyHashCode, amountOf(coins, index, faults), typeOf(faults));
  return [ecdsa(single.privateKey, hash, typeOf(faults)), single.publicKey];
};
const multisigWitness = (transaction: Transaction, index: number, coins: readonly Coin[], faults: SignatureFaults): Uint8Array[] => {
  const hash = transaction.hashForWitnessV0(index, multisig, amountOf(coins, index, faults), typeOf(faults));
  return [EMPTY, ...several.slice(1).map(({ privateKey }) => ecdsa(privateKey, hash, typeOf(faults))), multisig];
};

const spenderOf = (name: string, scriptPubKey: Uint8Array, sign: (transaction: Transaction, index: number, coins: readonly Coin[], faults: SignatureFaults) => void): Spender => ({
  name,
  scriptPubKey,
  sign: (transaction, index, coins, faults = {}) => sign(transaction, index, coins, faults),
});

const wrappedKeyHash = p2wpkhScript(single.publicKey);
const wrappedMultisig = p2wshScript(multisig);

export const p2wpkh = spenderOf('P2WPKH', wrappedKeyHash, (transaction, index, coins, faults) => transaction.setWitness(index, keyHashWitness(transaction, index, coins, faults)));
export const p2wsh = spenderOf('P2WSH multisig', wrappedMultisig, (transaction, index, coins, faults) => transaction.setWitness(index, multisigWitness(transaction, index, coins, faults)));
export const p2pkh = spenderOf('P2PKH', keyHashCode, (transaction, index, _coins, faults) => {
  const hash = transaction.hashForSignature(index, keyHashCode, typeOf(faults));
  transaction.setInputScript(index, push(ecdsa(single.privateKey, hash, typeOf(faults)), single.publicKey));
});
export const p2sh = spenderOf('P2SH multisig', p2shScript(multisig), (transaction, index, _coins, faults) => {
  const hash = transaction.hashForSignature(index, multisig, typeOf(faults));
  const signatures = several.slice(0, 2).map(({ privateKey }) => ecdsa(privateKey, hash, typeOf(faults)));
  transaction.setInputScript(index, concat(Uint8Array.of(0), push(...signatures, multisig)));
});
export const p2shP2wpkh = spenderOf('P2SH-P2WPKH', p2shScript(wrappedKeyHash), (transaction, index, coins, faults) => {
  transaction.setInputScript(index, push(wrappedKeyHash));
  transaction.setWitness(index, keyHashWitness(transaction, index, coins, faults));
});
export const p2shP2wsh = spenderOf('P2SH-P2WSH multisig', p2shScript(wrappedMultisig), (transaction, index, coins, faults) => {
  transaction.setInputScript(index, push(wrappedMultisig));
  transaction.setWitness(index, multisigWitness(transaction, index, coins, faults));
});
export const p2tr = spenderOf('P2TR key path', concat(Uint8Array.of(0x51, 0x20), outputKey), (transaction, index, coins, faults) => {
  const type = faults.sighashType ?? Transaction.SIGHASH_DEFAULT;
  const amounts = coins.map((coin, position) => (position === index ? amountOf(coins, index, faults) : coin.amountSats));
  const hash = transaction.hashForWitnessV1(index, coins.map((coin) => coin.scriptPubKey), amounts, type);
  const signature = ecc.signSchnorr(hash, tweakedKey);
  transaction.setWitness(index, [type === Transaction.SIGHASH_DEFAULT ? signature : concat(signature, Uint8Array.of(type))]);
});


/** A quorum of two of three in the one leaf of a tree, under an internal key that nobody holds. Built with nothing but the library. */
const leafKeys = several.map(({ privateKey, publicKey }) => ({ privateKey, xOnly: publicKey.subarray(1) })).sort((a, b) => compareBytes(a.xOnly, b.xOnly));
export const leafScript = concat(...leafKeys.map(({ xOnly }, at) => concat(Uint8Array.of(0x20), xOnly, Uint8Array.of(at === 0 ? 0xac : 0xba))), Uint8Array.of(0x52, 0x9c));
const leafHash = taggedHash('TapLeaf', concat(Uint8Array.of(0xc0, leafScript.length), leafScript));
const nobody = parseHex('50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0');
const leafOutput = ecc.xOnlyPointAddTweak(nobody, taggedHash('TapTweak', concat(nobody, leafHash))) as { xOnlyPubkey: Uint8Array; parity: number };
export const controlBlock = concat(Uint8Array.of(0xc0 | leafOutput.parity), nobody);
export const p2trMulti = spenderOf('P2TR quorum in a leaf', concat(Uint8Array.of(0x51, 0x20), leafOutput.xOnlyPubkey), (transaction, index, coins, faults) => {
  const type = faults.sighashType ?? Transaction.SIGHASH_DEFAULT;
  const amounts = coins.map((coin, position) => (position === index ? amountOf(coins, index, faults) : coin.amountSats));
  const hash = transaction.hashForWitnessV1(index, coins.map((coin) => coin.scriptPubKey), amounts, type, leafHash);
  const signatures = leafKeys.map(({ privateKey }) => ecc.signSchnorr(hash, privateKey)).map((signature) => (type === Transaction.SIGHASH_DEFAULT ? signature : concat(signature, Uint8Array.of(type))));
  // The last key's item comes first; the second key does not sign.
  transaction.setWitness(index, [signatures[2] as Uint8Array, EMPTY, signatures[0] as Uint8Array, leafScript, controlBlock]);
});

export const spenders: readonly Spender[] = [p2pkh, p2sh, p2shP2wpkh, p2shP2wsh, p2wpkh, p2wsh, p2tr, p2trMulti];
const spenderOfScript = (script: Uint8Array): Spender => {
  const found = spenders.find((spender) => compareBytes(spender.scriptPubKey, script) === 0);
  if (found === undefined) throw new TypeError('no spender for this script');
  return found;
};

export interface Draft {
  readonly coins: readonly Coin[];
  readonly outputs: readonly { readonly script: Uint8Array; readonly sats: bigint }[];
  readonly version?: number;
  readonly locktime?: number;
  readonly sequence?: number;
  readonly faults?: SignatureFaults;
}

/** A signed transaction. */
export function spend({ coins, outputs, version = 2, locktime = 0, sequence = 0xffff_fffd, faults }: Draft): Transaction {
  const transaction = new Transaction();
  transaction.version = version;
  transaction.locktime = locktime;
  for (const coin of coins) transaction.addInput(reversed(parseHex(coin.txid)), coin.vout, sequence);
  for (const output of outputs) transaction.addOutput(output.script, output.sats);
  coins.forEach((coin, index) => spenderOfScript(coin.scriptPubKey).sign(transaction, index, coins, faults));
  return transaction;
}

export const GENESIS_TIME = 1_700_000_000;
export const BLOCK_SECONDS = 600;
export const SUBSIDY = 5_000_000_000n;

/** A chain that is `blocks` high, ten minutes a block, its rewards paid to one script. */
export function chainOf(blocks: number, script: Uint8Array = p2wpkh.scriptPubKey): PracticeChain {
  const chain = new PracticeChain('11'.repeat(32), GENESIS_TIME);
  mine(chain, blocks, script);
  return chain;
}

export function mine(chain: PracticeChain, blocks = 1, script: Uint8Array = p2wpkh.scriptPubKey): void {
  for (let count = 0; count < blocks; count += 1) chain.mine({ scriptPubKey: script, time: GENESIS_TIME + (chain.height + 1) * BLOCK_SECONDS, includeMempool: true });
}

/** The reward of the block at a height. */
export function rewardOf(chain: PracticeChain, height: number): Coin {
  const txid = chain.blockAt(height)?.transactions[0]?.txid ?? '';
  const coin = chain.utxos.get(`${txid}:0`);
  if (coin === undefined) throw new TypeError('no such reward');
  return coin;
}

/** Output `vout` of a transaction as a coin of the mempool. */
export const outputOf = (transaction: Transaction, vout: number): Coin => {
  const output = transaction.outs[vout] as Transaction['outs'][number];
  return { txid: transaction.getId(), vout, amountSats: output.value, scriptPubKey: output.script, height: null, coinbase: false };
};
