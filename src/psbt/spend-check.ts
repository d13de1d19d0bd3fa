import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { equalBytes } from '../domain/bytes.ts';
import { hash160 } from '../wallet/extended-public-key.ts';
import { keyHashScript, p2wshScript } from '../wallet/locking-script.ts';
import { scriptTypeOf } from '../wallet/script-type.ts';
import { isXOnlyPoint } from '../wallet/secp256k1-public.ts';
import { isProvenEcdsa, readEcdsaSignature } from './ecdsa-signature.ts';
import { singleLeafOutput } from '../wallet/taproot.ts';
import type { SigningRule } from '../wallet/signing-rule.ts';
import { isProvenSchnorr } from './input-signatures.ts';
import { isKnown } from './proven-signatures.ts';
import type { TxOutput } from './psbt.ts';
import { readMultisig, readMultisigLeaf, readPushes } from './script-pushes.ts';
import type { Sighasher } from './sighash.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT } from './sighash-types.ts';

/** `unsupported`: of a kind that is not judged here; the node's own test will. */
export type SpendCheck = 'valid' | 'invalid' | 'unsupported';

/**
 * Whether a signed transaction's input spends its previous output, for multisig in P2SH or P2WSH (also in P2SH), P2WPKH (also in
 * P2SH), P2PKH, taproot key paths and quorums in one leaf: the types that Strongroom and the usual hot wallets make. Only SIGHASH_ALL counts (DEFAULT too for
 * taproot). A last check against a faulty finalizer, not a script interpreter.
 * @param spent what the input spends
 * @param sighasher made with the previous outputs of all inputs, which taproot signatures commit to
 */
export function checkSpend(transaction: Transaction, index: number, { scriptPubKey }: TxOutput, sighasher: Sighasher): SpendCheck {
  const { script: scriptSig, witness } = transaction.ins[index] as Transaction['ins'][number];
  const type = scriptTypeOf(scriptPubKey);
  if (type !== 'p2pkh' && type !== 'p2sh' && scriptSig.length > 0) return 'invalid';
  const hashOf = (kind: 'legacy' | 'segwit-v0'): HashOf => (scriptCode) => sighasher.hash(index, { kind, scriptCode }, SIGHASH_ALL);
  switch (type) {
    case 'p2wpkh':
      // An uncompressed key would pass the script and not the node (BIP143, "Restrictions on public key type").
      return witness[1]?.length === 65 ? 'invalid' : keyHashSpend(witness, scriptPubKey.subarray(2), hashOf('segwit-v0'));
    case 'p2sh':
      return scriptHashSpend(scriptSig, witness, scriptPubKey.subarray(2, 22), hashOf);
    case 'p2pkh': {
      const pushes = readPushes(scriptSig);
      if (pushes === null || witness.length > 0) return 'invalid';
      return keyHashSpend(pushes, scriptPubKey.subarray(3, 23), hashOf('legacy'), scriptSig);
    }
    case 'p2wsh':
      return witnessScriptSpend(witness, scriptPubKey, hashOf('segwit-v0'));
    case 'p2tr':
      return taprootSpend(witness, scriptPubKey.subarray(2), (rule, sighashType) => sighasher.hash(index, rule, sighashType));
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

/** @see BIP16; BIP141, "P2WPKH nested in BIP16 P2SH" and P2WSH: the scriptSig is then the push of the program and nothing else */
function scriptHashSpend(scriptSig: Uint8Array, witness: readonly Uint8Array[], scriptHash: Uint8Array, hashOf: (kind: 'legacy' | 'segwit-v0') => HashOf): SpendCheck {
  const pushes = readPushes(scriptSig);
  const redeemScript = pushes?.at(-1);
  if (pushes === null || redeemScript === undefined) return 'unsupported';
  if (!equalBytes(hash160(redeemScript), scriptHash)) return 'invalid';
  const type = scriptTypeOf(redeemScript);
  if (type === 'p2wpkh') return pushes.length === 1 && witness[1]?.length !== 65 ? keyHashSpend(witness, redeemScript.subarray(2), hashOf('segwit-v0')) : 'invalid';
  if (type === 'p2wsh') return pushes.length === 1 ? witnessScriptSpend(witness, redeemScript, hashOf('segwit-v0')) : 'invalid';
  return witness.length > 0 ? 'invalid' : multisigSpend(pushes.slice(0, -1), redeemScript, hashOf('legacy'), scriptSig);
}

/** @see BIP141, P2WSH */
function witnessScriptSpend(witness: readonly Uint8Array[], program: Uint8Array, hashOf: HashOf): SpendCheck {
  const script = witness.at(-1);
  if (script === undefined || !equalBytes(p2wshScript(script), program)) return 'invalid';
  return multisigSpend(witness.slice(0, -1), script, hashOf);
}

/**
 * @param carrier the array that holds the signatures, where that are not the items
 * @see BIP147
 */
function multisigSpend([dummy, ...signatures]: readonly Uint8Array[], script: Uint8Array, hashOf: HashOf, carrier?: Uint8Array): SpendCheck {
  const multisig = readMultisig(script);
  if (multisig === null) return 'unsupported';
  if (dummy?.length !== 0 || signatures.length !== multisig.required) return 'invalid';
  const hash = hashOf(script);
  if (hash === null) return 'invalid';
  // CHECKMULTISIG walks keys and signatures in one direction: signatures must be in the order of their keys.
  let position = 0;
  for (const signature of signatures) {
    const parsed = readEcdsaSignature(signature);
    if (parsed === null || parsed.sighashType !== SIGHASH_ALL) return 'invalid';
    const { compact } = parsed;
    const keys = multisig.publicKeys.slice(position);
    const held = carrier ?? signature;
    // Where it is known whose the signature is, the keys before need not be tried; else each is.
    const known = keys.findIndex((publicKey) => isKnown(held, { hash, publicKey, signature: compact }));
    const found = known >= 0 ? known : keys.findIndex((publicKey) => isProvenEcdsa(held, hash, publicKey, compact));
    if (found < 0) return 'invalid';
    position += found + 1;
  }
  return 'valid';
}

type RuleHash = (rule: SigningRule, sighashType: number) => Uint8Array | null;

/** @see BIP341, "Script validation rules" */
function taprootSpend(witness: readonly Uint8Array[], outputKey: Uint8Array, hashFor: RuleHash): SpendCheck {
  const [signature] = witness;
  if (signature === undefined) return 'unsupported';
  if (witness.length === 1) return isTaprootSignature(signature, outputKey, (sighashType) => hashFor({ kind: 'taproot-key' }, sighashType)) ? 'valid' : 'invalid';
  return leafSpend(witness, outputKey, hashFor);
}

/**
 * The one leaf of a tree: a quorum by `multi_a`.
 * @see BIP342; BIP387
 */
function leafSpend(witness: readonly Uint8Array[], outputKey: Uint8Array, hashFor: RuleHash): SpendCheck {
  const script = witness.at(-2) as Uint8Array;
  const controlBlock = witness.at(-1) as Uint8Array;
  const multisig = readMultisigLeaf(script);
  // An annex begins with 0x50, which is no leaf version (BIP341); deeper trees have longer control blocks.
  if (multisig === null || controlBlock.length !== 33) return 'unsupported';
  // The curve library throws for an internal key that is no point; anybody may write one into a file.
  const internalKey = controlBlock.subarray(1);
  const output = isXOnlyPoint(internalKey) ? singleLeafOutput(internalKey, script) : null;
  if (output === null || !equalBytes(output.outputKey, outputKey) || !equalBytes(output.controlBlock, controlBlock)) return 'invalid';
  const items = witness.slice(0, -2).reverse();
  const signatures = items.filter((item) => item.length > 0);
  if (items.length !== multisig.publicKeys.length || signatures.length !== multisig.required) return 'invalid';
  const areTheirs = items.every((signature, position) =>
    signature.length === 0 || isTaprootSignature(signature, multisig.publicKeys[position] as Uint8Array, (sighashType) => hashFor({ kind: 'taproot-leaf', leafHash: output.leafHash }, sighashType)));
  return areTheirs ? 'valid' : 'invalid';
}

/** Whether it is of DEFAULT or ALL, and the key's. @see BIP341, "Taproot key path spending signature validation" */
function isTaprootSignature(signature: Uint8Array, publicKey: Uint8Array, hashFor: (sighashType: number) => Uint8Array | null): boolean {
  const sighashType = signature.length === 64 ? SIGHASH_DEFAULT : signature.length === 65 && signature[64] === SIGHASH_ALL ? SIGHASH_ALL : null;
  const hash = sighashType === null ? null : hashFor(sighashType);
  return hash !== null && isProvenSchnorr(signature, hash, publicKey, signature.subarray(0, 64));
}
