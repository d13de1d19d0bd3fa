import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { equalBytes } from '../domain/bytes.ts';
import { p2wshScript } from '../wallet/address.ts';
import { hash160 } from '../wallet/extended-public-key.ts';
import { scriptTypeOf } from '../wallet/script-type.ts';
import { isProvenEcdsa, readEcdsaSignature } from './ecdsa-signature.ts';
import { isProvenSchnorr } from './input-signatures.ts';
import { isKnown } from './proven-signatures.ts';
import type { TxOutput } from './psbt.ts';
import type { Sighasher, SigningRule } from './sighash.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT } from './sighash-types.ts';
import { keyHashScript } from './single-key-scripts.ts';

/** `unsupported`: of a kind that is not judged here; the node's own test will. */
export type SpendCheck = 'valid' | 'invalid' | 'unsupported';

const OP_CHECKMULTISIG = 0xae;

/**
 * Whether a signed transaction's input spends its previous output, for P2WSH multisig, P2WPKH (also in P2SH), P2PKH and
 * taproot key paths: the types that Strongroom and the usual hot wallets make. Only SIGHASH_ALL counts (DEFAULT too for
 * taproot). A last check against a faulty finalizer, not a script interpreter.
 * @param spent what the input spends
 * @param sighasher made with the previous outputs of all inputs, which taproot signatures commit to
 */
export function checkSpend(transaction: Transaction, index: number, { scriptPubKey }: TxOutput, sighasher: Sighasher): SpendCheck {
  const { script: scriptSig, witness } = transaction.ins[index] as Transaction['ins'][number];
  const type = scriptTypeOf(scriptPubKey);
  if (type !== 'p2pkh' && type !== 'p2sh' && scriptSig.length > 0) return 'invalid';
  const hashOf = (kind: 'legacy' | 'segwit-v0'): HashOf => (scriptCode) => sighasher.hash(index, { kind, scriptCode } satisfies SigningRule, SIGHASH_ALL);
  switch (type) {
    case 'p2wpkh':
      // An uncompressed key would pass the script and not the node (BIP143, "Restrictions on public key type").
      return witness[1]?.length === 65 ? 'invalid' : keyHashSpend(witness, scriptPubKey.subarray(2), hashOf('segwit-v0'));
    case 'p2sh': {
      const redeemScript = pushesOf(scriptSig)?.[0];
      if (redeemScript === undefined || scriptTypeOf(redeemScript) !== 'p2wpkh') return 'unsupported';
      const isItsHash = equalBytes(hash160(redeemScript), scriptPubKey.subarray(2, 22)) && pushesOf(scriptSig)?.length === 1;
      return isItsHash && witness[1]?.length !== 65 ? keyHashSpend(witness, redeemScript.subarray(2), hashOf('segwit-v0')) : 'invalid';
    }
    case 'p2pkh': {
      const pushes = pushesOf(scriptSig);
      if (pushes === null || witness.length > 0) return 'invalid';
      return keyHashSpend(pushes, scriptPubKey.subarray(3, 23), hashOf('legacy'), scriptSig);
    }
    case 'p2wsh':
      return multisigSpend(witness, scriptPubKey, hashOf('segwit-v0'));
    case 'p2tr':
      return taprootKeySpend(witness, scriptPubKey.subarray(2), (sighashType) => sighasher.hash(index, { kind: 'taproot-key' }, sighashType));
    default:
      return 'unsupported';
  }
}

/** `null` where an amount is not known. */
type HashOf = (scriptCode: Uint8Array) => Uint8Array | null;

/**
 * Signature and public key of a P2PKH or P2WPKH spend.
 * @param carrier the array that holds the signature, where that is not the item of a witness
 * @see BIP143: the script code of P2WPKH is the P2PKH script
 */
function keyHashSpend(items: readonly Uint8Array[], keyHash: Uint8Array, hashOf: HashOf, carrier?: Uint8Array): SpendCheck {
  const [signature, publicKey] = items;
  if (items.length !== 2 || signature === undefined || publicKey === undefined || !equalBytes(hash160(publicKey), keyHash)) return 'invalid';
  const parsed = readEcdsaSignature(signature);
  if (parsed === null || parsed.sighashType !== SIGHASH_ALL) return 'invalid';
  const hash = hashOf(keyHashScript(keyHash));
  return hash !== null && isProvenEcdsa(carrier ?? signature, hash, publicKey, parsed.compact) ? 'valid' : 'invalid';
}

/** @see BIP141, P2WSH; BIP147 */
function multisigSpend(witness: readonly Uint8Array[], scriptPubKey: Uint8Array, hashOf: HashOf): SpendCheck {
  const script = witness.at(-1);
  if (script === undefined || !equalBytes(p2wshScript(script), scriptPubKey)) return 'invalid';
  const multisig = readMultisig(script);
  if (multisig === null) return 'unsupported';
  const [dummy, ...signatures] = witness.slice(0, -1);
  if (dummy?.length !== 0 || signatures.length !== multisig.required) return 'invalid';
  const hash = hashOf(script);
  if (hash === null) return 'invalid';
  // CHECKMULTISIG walks keys and signatures in one direction: signatures must be in the order of their keys.
  let position = 0;
  for (const signature of signatures) {
    const parsed = readEcdsaSignature(signature);
    if (parsed === null || parsed.sighashType !== SIGHASH_ALL) return 'invalid';
    const { compact } = parsed;
    const keys = multisig.keys.slice(position);
    // Where it is known whose the signature is, the keys before need not be tried; else each is.
    const known = keys.findIndex((publicKey) => isKnown(signature, { hash, publicKey, signature: compact }));
    const found = known >= 0 ? known : keys.findIndex((publicKey) => isProvenEcdsa(signature, hash, publicKey, compact));
    if (found < 0) return 'invalid';
    position += found + 1;
  }
  return 'valid';
}

/** `OP_m <33-byte keys> OP_n OP_CHECKMULTISIG`, or `null`. */
function readMultisig(script: Uint8Array): { readonly required: number; readonly keys: readonly Uint8Array[] } | null {
  const required = (script[0] ?? 0) - 0x50;
  const total = (script.at(-2) ?? 0) - 0x50;
  if (script.at(-1) !== OP_CHECKMULTISIG || required < 1 || total < required || total > 16 || script.length !== 3 + 34 * total) return null;
  const keys = Array.from({ length: total }, (_, position) => script.subarray(1 + 34 * position, 35 + 34 * position));
  return keys.every((push) => push[0] === 33) ? { required, keys: keys.map((push) => push.subarray(1)) } : null;
}

/** @see BIP341, "Taproot key path spending signature validation" */
function taprootKeySpend(witness: readonly Uint8Array[], outputKey: Uint8Array, hashFor: (sighashType: number) => Uint8Array | null): SpendCheck {
  const [signature] = witness;
  if (witness.length !== 1 || signature === undefined) return 'unsupported';
  const sighashType = signature.length === 64 ? SIGHASH_DEFAULT : signature.length === 65 && signature[64] === SIGHASH_ALL ? SIGHASH_ALL : null;
  const hash = sighashType === null ? null : hashFor(sighashType);
  return hash !== null && isProvenSchnorr(signature, hash, outputKey, signature.subarray(0, 64)) ? 'valid' : 'invalid';
}

/** The pushes of a script that only pushes up to 75 bytes each, or `null`. */
function pushesOf(script: Uint8Array): readonly Uint8Array[] | null {
  const pushes: Uint8Array[] = [];
  for (let offset = 0; offset < script.length; ) {
    const length = script[offset] as number;
    if (length === 0 || length > 75 || offset + 1 + length > script.length) return null;
    pushes.push(script.subarray(offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  return pushes;
}
