import { concat, equalBytes } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { scriptTypeOf } from '../wallet/script-type.ts';
import { isPoint } from '../wallet/secp256k1-public.ts';
import type { FinalScripts } from './final-scripts.ts';
import { finalInput } from './finalizer.ts';
import { checkSignatures, checkTaprootSignature, type HashForType } from './input-signatures.ts';
import { previousOutputs } from './previous-outputs.ts';
import { carryProof } from './proven-signatures.ts';
import type { FinalizedPsbt, Psbt, PsbtInput, TxOutput } from './psbt.ts';
import { pushOf } from './script-pushes.ts';
import { createSighasher, type Sighasher } from './sighash.ts';
import { keyHashOutputs, type SingleKeyOutput } from './single-key-scripts.ts';
import { tapKeySignatureOf } from './taproot-fields.ts';
import { unproven } from './updater.ts';

/**
 * BIP174's Input Finalizer for inputs that one key alone spends: P2PKH (either form of the key), P2SH-P2WPKH, P2WPKH and
 * taproot's key path. No wallet says whose they are: each script is rebuilt from the public key that signed, and every
 * signature must verify. Inputs that are final already stay as they are; the extractor checks them all.
 * @throws StrongroomError `psbt.incomplete` naming the inputs that lack a signature; `psbt.input-unproven`,
 * `psbt.signature-invalid`, `psbt.foreign-input` for an input of another kind
 */
export function finalizeSingleKeys(psbt: Psbt): FinalizedPsbt {
  const spent = previousOutputs(psbt).map((previous, index): TxOutput => {
    if (previous.proof === null) throw unproven(index);
    return previous.output;
  });
  const sighasher = createSighasher(psbt.transaction, spent);
  const lacking: number[] = [];
  const inputs = psbt.inputs.map((input, index): PsbtInput => {
    if (input.finalScriptSig !== undefined || input.finalScriptWitness !== undefined) return input;
    const scripts = finalScripts(input, index, spent[index] as TxOutput, sighasher);
    if (scripts === null) lacking.push(index);
    return finalInput(input, scripts ?? {});
  });
  if (lacking.length > 0) {
    throw new StrongroomError('psbt.incomplete', `${lacking.length} of ${inputs.length} inputs lack their key's signature.`, { inputs: lacking.slice(0, 20).join(', '), required: 1 }, 'Have every key sign that the transaction spends from.');
  }
  const finalized: Psbt = { ...psbt, inputs };
  return finalized as FinalizedPsbt;
}

/** The final scripts of an input, or `null` where it is not signed. */
function finalScripts(input: PsbtInput, index: number, { scriptPubKey }: TxOutput, sighasher: Sighasher): FinalScripts | null {
  const type = scriptTypeOf(scriptPubKey);
  if (type === 'p2tr') {
    const signature = tapKeySignatureOf(input);
    if (signature === undefined) return null;
    const hashFor: HashForType = (sighashType) => sighasher.hash(index, { kind: 'taproot-key' }, sighashType);
    if (checkTaprootSignature(input, scriptPubKey.subarray(2), hashFor)?.counts !== true) throw invalid(index);
    return { finalScriptWitness: [signature] };
  }
  if (type !== 'p2pkh' && type !== 'p2sh' && type !== 'p2wpkh') throw foreign(index, type);
  const [signature, ...others] = input.partialSignatures;
  if (signature === undefined) return null;
  // The key that signed leads to the script, or this is no input of a single key.
  const output = isPoint(signature.publicKey) ? keyHashOutputs(signature.publicKey).find((candidate) => equalBytes(candidate.scriptPubKey, scriptPubKey)) : undefined;
  if (output === undefined || others.length > 0) throw foreign(index, type);
  const [checked] = checkSignatures(input, [signature], (sighashType) => sighasher.hash(index, output.rule, sighashType));
  if (checked?.counts !== true) throw invalid(index);
  return scriptsOf(output, signature.signature, signature.publicKey);
}

/** @see BIP16, BIP141 ("P2WPKH nested in BIP16 P2SH") */
function scriptsOf({ script, redeemScript }: SingleKeyOutput, signature: Uint8Array, publicKey: Uint8Array): FinalScripts {
  if (script === 'p2pkh') {
    const finalScriptSig = concat(pushOf(signature), pushOf(publicKey));
    carryProof(signature, finalScriptSig);
    return { finalScriptSig };
  }
  return { ...(redeemScript === null ? {} : { finalScriptSig: pushOf(redeemScript) }), finalScriptWitness: [signature, publicKey] };
}

function foreign(index: number, scriptType: string): StrongroomError {
  return new StrongroomError('psbt.foreign-input', `Input ${index} is not one that a single key spends.`, { index, scriptType }, 'Finalize it with the wallet that it belongs to.');
}

function invalid(index: number): StrongroomError {
  return new StrongroomError('psbt.signature-invalid', `The signature on input ${index} does not verify, or is not of SIGHASH_ALL.`, { index, signer: 'single key' }, 'Start again from the unsigned file.');
}
