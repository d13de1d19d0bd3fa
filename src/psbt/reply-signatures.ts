import { compareBytes, equalBytes, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { DerivedKey } from '../wallet/address.ts';
import { signaturesOfFinal, type KeySignature } from './final-scripts.ts';
import { checkOwnInput, type HashForType } from './input-signatures.ts';
import type { Owner } from './owner.ts';
import type { PaymentVersion } from './payment-versions.ts';
import type { KeyValue, PsbtInput } from './psbt.ts';
import { replyDetails, type Reply } from './reply.ts';
import { SIGHASH_ALL } from './sighash-types.ts';
import type { VersionHashes } from './stale-signatures.ts';
import { isTapSignature } from './taproot-fields.ts';

/** One signature that a file states, alone in an input that holds nothing else; or everything that a final input holds. */
interface SignedPart {
  readonly reply: Reply;
  readonly fields: PsbtInput;
}

/** An own input of a combination. */
export interface SignedInput {
  readonly index: number;
  /** What it spends, `txid:vout`. */
  readonly outpoint: string;
  readonly owner: Owner;
  readonly hashFor: HashForType;
}

const NOTHING: PsbtInput = { partialSignatures: [], bip32Derivations: [], otherFields: [] };

/**
 * One valid signature of each key that signed an own input, out of all files and out of final scripts too.
 *
 * Two valid signatures of one key differ only by their nonces. The lesser by bytes is taken, which is the same choice for everybody,
 * in whatever order and whatever portions the files are brought together.
 * @throws StrongroomError `psbt.signature-stale` for one that was made for another version of the payment, `psbt.signature-invalid`
 * for any other that does not verify, is of no cosigner, or is not of SIGHASH_ALL; both name the file
 */
export function validSignatures(replies: readonly Reply[], input: SignedInput, versions: VersionHashes): readonly KeySignature[] {
  const byKey = new Map<DerivedKey, Uint8Array>();
  for (const part of distinctParts(replies, input.index)) {
    const signatures = signaturesIn(part, input.owner, input.hashFor);
    if (signatures === null) throw faultOf(part, input, versions);
    for (const { key, signature } of signatures) {
      const known = byKey.get(key);
      if (known === undefined || compareBytes(signature, known) < 0) byKey.set(key, signature);
    }
  }
  return [...byKey].map(([key, signature]) => ({ key, signature }));
}

/** What the files state, each statement once, as the first file that holds it. */
function distinctParts(replies: readonly Reply[], index: number): readonly SignedPart[] {
  const parts: SignedPart[] = [];
  const add = (reply: Reply, fields: PsbtInput): void => {
    if (!parts.some((known) => isSame(known.fields, fields))) parts.push({ reply, fields });
  };
  for (const reply of replies) {
    const { partialSignatures, otherFields, finalScriptSig, finalScriptWitness } = reply.psbt.inputs[index] as PsbtInput;
    for (const partial of partialSignatures) add(reply, { ...NOTHING, partialSignatures: [partial] });
    for (const field of otherFields) if (isTapSignature(field)) add(reply, { ...NOTHING, otherFields: [field] });
    if ((finalScriptSig !== undefined && finalScriptSig.length > 0) || finalScriptWitness !== undefined) {
      add(reply, { ...NOTHING, ...(finalScriptSig === undefined ? {} : { finalScriptSig }), ...(finalScriptWitness === undefined ? {} : { finalScriptWitness }) });
    }
  }
  return parts;
}

function isSame(a: PsbtInput, b: PsbtInput): boolean {
  const [partial, other] = [a.partialSignatures[0], b.partialSignatures[0]];
  if (partial !== undefined || other !== undefined) {
    return partial !== undefined && other !== undefined && equalBytes(partial.signature, other.signature) && equalBytes(partial.publicKey, other.publicKey);
  }
  const [field, otherField] = [a.otherFields[0], b.otherFields[0]];
  if (field !== undefined || otherField !== undefined) return field !== undefined && otherField !== undefined && isSameField(field, otherField);
  return sameBytes(a.finalScriptSig, b.finalScriptSig) && sameStack(a.finalScriptWitness, b.finalScriptWitness);
}

const isSameField = (a: KeyValue, b: KeyValue): boolean => a.keyType === b.keyType && equalBytes(a.value, b.value) && equalBytes(a.keyData, b.keyData);
const sameBytes = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean => (a === undefined || b === undefined ? a === b : equalBytes(a, b));
const sameStack = (a: readonly Uint8Array[] | undefined, b: readonly Uint8Array[] | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.length === b.length && a.every((item, position) => equalBytes(item, b[position] as Uint8Array));

/** The signatures of a part, each with its key; `null` where one does not count. */
function signaturesIn({ fields }: SignedPart, { deriver, derived }: Owner, hashFor: HashForType): readonly KeySignature[] | null {
  if (fields.finalScriptSig !== undefined || fields.finalScriptWitness !== undefined) {
    const isAll = (signature: Uint8Array): boolean => (derived.taproot !== null && signature.length === 64) || signature.at(-1) === SIGHASH_ALL;
    const final = signaturesOfFinal(fields, deriver.wallet, derived, hashFor);
    return final?.every(({ signature }) => isAll(signature)) === true ? final : null;
  }
  const { signatures, leafSignatures, taprootSignature } = checkOwnInput(fields, derived, hashFor);
  const [counted] = [...signatures, ...leafSignatures].filter(({ counts }) => counts);
  if (counted !== undefined) return [{ key: counted.key as DerivedKey, signature: counted.signature.signature }];
  return taprootSignature?.counts === true ? [{ key: derived.keys[0] as DerivedKey, signature: (fields.otherFields[0] as KeyValue).value }] : null;
}

function faultOf(part: SignedPart, { index, outpoint, owner }: SignedInput, versions: VersionHashes): StrongroomError {
  const signer = signerIn(part.fields, owner);
  const { reply } = part;
  for (const { version, hashFor } of versions.hashesFor(outpoint, owner.derived.rule)) {
    const made = signaturesIn(part, owner, hashFor);
    if (made !== null && made.length > 0) return stale(index, signer, reply, version);
  }
  return new StrongroomError('psbt.signature-invalid', `A signature on input ${index} in ${reply.label} does not verify, is not of SIGHASH_ALL, or is of no cosigner: ${signer}.`, { index, signer, ...replyDetails(reply) }, 'Leave out the file that holds it and ask that cosigner to sign again.');
}

const stale = (index: number, signer: string, reply: Reply, version: PaymentVersion): StrongroomError =>
  new StrongroomError('psbt.signature-stale', `The signature of ${signer} on input ${index} in ${reply.label} was made for another version of this payment: ${version.label}.`, { index, signer, ...replyDetails(reply), txid: version.planId }, 'Have that cosigner sign the file of the current version. Destroy the old one, so that nobody sends it.');

/** Whose key a signature names, by fingerprint; or the key itself, where it is of no cosigner. */
function signerIn({ partialSignatures: [partial], otherFields: [field] }: PsbtInput, { derived: { keys, rule } }: Owner): string {
  const named = partial?.publicKey ?? (field === undefined ? undefined : field.keyData.length === 64 ? field.keyData.subarray(0, 32) : rule.kind === 'taproot-key' ? keys[0]?.signingKey : undefined);
  if (named === undefined) return field === undefined ? 'final scripts' : 'taproot';
  return keys.find(({ signingKey }) => equalBytes(signingKey, named))?.masterFingerprint ?? toHex(named);
}
