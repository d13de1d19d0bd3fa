import { compareBytes, concat, equalBytes } from '../domain/bytes.ts';
import type { DerivedAddress, DerivedKey } from '../wallet/address.ts';
import type { TaprootParts } from '../wallet/locking-script.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { isProvenEcdsa, readEcdsaSignature } from './ecdsa-signature.ts';
import { isProvenSchnorr, type HashForType } from './input-signatures.ts';
import { carryProof } from './proven-signatures.ts';
import type { PsbtInput } from './psbt.ts';
import { pushOf, readPushes } from './script-pushes.ts';
import { SIGHASH_DEFAULT } from './sighash-types.ts';

/** What makes an input final. */
export type FinalScripts = Pick<PsbtInput, 'finalScriptSig' | 'finalScriptWitness'>;

/** A signature as it stands in a script, with its sighash type where it has one, and whose it is. */
export interface KeySignature {
  readonly key: DerivedKey;
  readonly signature: Uint8Array;
}

const EMPTY = new Uint8Array(0);

/**
 * The final scripts of a wallet's input: exactly as many signatures as the quorum requires, in the order of the keys in the
 * script; where there are more, the first in that order, so that everybody builds the same transaction.
 * @param signatures at most one of each key
 * @returns `null` where signatures are lacking
 * @see BIP16, BIP141, BIP147 (the empty first item of CHECKMULTISIG), BIP342 (an empty item for each key that did not sign)
 */
export function finalScripts({ script, required }: Wallet, derived: DerivedAddress, signatures: readonly KeySignature[]): FinalScripts | null {
  const signingKeys = derived.keys.map((key) => key.signingKey).sort(compareBytes);
  const bySigningKey = signingKeys.map((signingKey) => signatures.find(({ key }) => equalBytes(key.signingKey, signingKey))?.signature ?? null);
  const chosen = bySigningKey.filter((signature) => signature !== null).slice(0, required);
  const [first] = chosen;
  if (first === undefined || chosen.length < required) return null;
  const { publicKey } = derived.keys[0] as DerivedKey;
  const nested: FinalScripts = derived.redeemScript === null ? {} : { finalScriptSig: pushOf(derived.redeemScript) };
  switch (script) {
    case 'p2sh':
      return { finalScriptSig: scriptSigOf([EMPTY, ...chosen, derived.redeemScript as Uint8Array], chosen) };
    case 'p2sh-p2wsh':
    case 'p2wsh':
      return { ...nested, finalScriptWitness: [EMPTY, ...chosen, derived.witnessScript as Uint8Array] };
    case 'p2tr-multi': {
      const { script: leaf, controlBlock } = (derived.taproot as TaprootParts).leaf as NonNullable<TaprootParts['leaf']>;
      // The script takes them from the end: the first key's signature is the last item.
      const items = bySigningKey.map((signature) => (signature !== null && chosen.includes(signature) ? signature : EMPTY)).reverse();
      return { finalScriptWitness: [...items, leaf, controlBlock] };
    }
    case 'p2pkh':
      return { finalScriptSig: scriptSigOf([first, publicKey], chosen) };
    case 'p2sh-p2wpkh':
    case 'p2wpkh':
      return { ...nested, finalScriptWitness: [first, publicKey] };
    case 'p2tr':
      return { finalScriptWitness: [first] };
  }
}

function scriptSigOf(items: readonly Uint8Array[], signatures: readonly Uint8Array[]): Uint8Array {
  const scriptSig = concat(...items.map(pushOf));
  for (const signature of signatures) carryProof(signature, scriptSig);
  return scriptSig;
}

/**
 * The signatures inside the final scripts of a wallet's input, each attributed to the key that it verifies with; `null` when
 * the scripts are of another form. Programs that see the quorum complete finalize at once and drop the partial signatures, so this
 * is where they are then.
 * @param hashFor the hash that a signature of a sighash type signs, by the address's rule
 */
export function signaturesOfFinal({ finalScriptSig = EMPTY, finalScriptWitness = [] }: FinalScripts, { script }: Wallet, derived: DerivedAddress, hashFor: HashForType): readonly KeySignature[] | null {
  const stack = signatureItems(finalScriptSig, finalScriptWitness, script, derived);
  if (stack === null) return null;
  const signatures: KeySignature[] = [];
  for (const signature of stack) {
    const key = signerOf(signature, derived, hashFor);
    if (key === undefined) return null;
    signatures.push({ key, signature });
  }
  return signatures;
}

/** The items that must be signatures, where everything beside them is the wallet's own; `null` where it is not. */
function signatureItems(scriptSig: Uint8Array, witness: readonly Uint8Array[], script: Wallet['script'], derived: DerivedAddress): readonly Uint8Array[] | null {
  const isBare = derived.redeemScript === null ? scriptSig.length === 0 : equalBytes(scriptSig, pushOf(derived.redeemScript));
  const { publicKey } = derived.keys[0] as DerivedKey;
  switch (script) {
    case 'p2sh': {
      const pushes = witness.length > 0 ? null : readPushes(scriptSig);
      return pushes === null ? null : multisigItems(pushes, derived.redeemScript as Uint8Array, derived);
    }
    case 'p2sh-p2wsh':
    case 'p2wsh':
      return isBare ? multisigItems(witness, derived.witnessScript as Uint8Array, derived) : null;
    case 'p2tr-multi': {
      const leaf = derived.taproot?.leaf;
      const items = witness.slice(0, -2);
      const isLeaf = leaf != null && equalBytes(witness.at(-2) ?? EMPTY, leaf.script) && equalBytes(witness.at(-1) ?? EMPTY, leaf.controlBlock);
      return isBare && isLeaf && items.length === derived.keys.length ? items.filter((item) => item.length > 0) : null;
    }
    case 'p2pkh': {
      const pushes = witness.length > 0 ? null : readPushes(scriptSig);
      return pushes === null ? null : keyItems(pushes, publicKey);
    }
    case 'p2sh-p2wpkh':
    case 'p2wpkh':
      return isBare ? keyItems(witness, publicKey) : null;
    case 'p2tr':
      return isBare && witness.length === 1 ? witness : null;
  }
}

/** An empty item holds the place of a signature that is still missing, as programs write it that sign transactions and not PSBTs. */
function multisigItems([dummy, ...items]: readonly Uint8Array[], script: Uint8Array, { keys }: DerivedAddress): readonly Uint8Array[] | null {
  const stated = items.pop();
  const isOwn = dummy?.length === 0 && stated !== undefined && equalBytes(stated, script) && items.length <= keys.length;
  return isOwn ? items.filter((item) => item.length > 0) : null;
}

const keyItems = (items: readonly Uint8Array[], publicKey: Uint8Array): readonly Uint8Array[] | null =>
  items.length === 2 && equalBytes(items[1] as Uint8Array, publicKey) ? items.slice(0, 1) : null;

function signerOf(signature: Uint8Array, { rule, keys }: DerivedAddress, hashFor: HashForType): DerivedKey | undefined {
  if (rule.kind === 'taproot-key' || rule.kind === 'taproot-leaf') {
    const hash = signature.length === 64 || signature.length === 65 ? hashFor(signature[64] ?? SIGHASH_DEFAULT) : null;
    return hash === null ? undefined : keys.find((key) => isProvenSchnorr(signature, hash, key.signingKey, signature.subarray(0, 64)));
  }
  const parsed = readEcdsaSignature(signature);
  const hash = parsed === null ? null : hashFor(parsed.sighashType);
  return parsed === null || hash === null ? undefined : keys.find((key) => isProvenEcdsa(signature, hash, key.signingKey, parsed.compact));
}
