import { hash160 } from '../../wallet/extended-public-key.ts';
import { concat, equalBytes, toHex } from '../../domain/bytes.ts';
import { INPUT } from '../../psbt/codec/field-types.ts';
import type { PsbtInput } from '../../psbt/psbt.ts';
import { p2wshScript } from '../../wallet/address.ts';
import { scriptTypeOf } from '../../wallet/script-type.ts';
import type { InputFacts, ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

const LEAF_FIELDS: readonly number[] = [INPUT.tapScriptSignature, INPUT.tapLeafScript, INPUT.tapMerkleRoot];

/**
 * An input is signed only when its script is rebuilt from a registered wallet, and the scripts that the file encloses are
 * the rebuilt ones. An input without an own script could be anything, so one of them refuses the whole transaction.
 * @see BIP174, "Signer"; BIP141
 */
export function scriptFindings(facts: ReviewFacts): Finding[] {
  return facts.inputs.flatMap((input) => {
    const { index, own, spent, fields } = input;
    const findings: Finding[] = [];
    if (own === null) findings.push(finding('input.foreign', 'input', index, spent === null ? {} : { scriptType: scriptTypeOf(spent.scriptPubKey), scriptHex: shortHex(spent.scriptPubKey) }));
    if (!scriptsFit(input)) findings.push(finding('input.script-hash', 'input', index, evidence(fields)));
    if (fields.finalScriptSig !== undefined || fields.finalScriptWitness !== undefined) findings.push(finding('input.already-final', 'input', index));
    // These wallets spend by P2WSH and have no taproot leaf; a field that says otherwise is an attack or a fault.
    if (fields.otherFields.some((field) => LEAF_FIELDS.includes(field.keyType))) findings.push(finding('taproot.script-path', 'input', index));
    return findings;
  });
}

function scriptsFit({ own, spent, fields }: InputFacts): boolean {
  const { redeemScript, witnessScript } = fields;
  if (own !== null) {
    // P2WSH has no redeem script; a witness script may be left out, since it is rebuilt.
    return redeemScript === undefined && (witnessScript === undefined || equalBytes(witnessScript, own.derived.witnessScript));
  }
  if (spent === null) return redeemScript === undefined || witnessScript === undefined || equalBytes(redeemScript, p2wshScript(witnessScript));
  const type = scriptTypeOf(spent.scriptPubKey);
  if (redeemScript !== undefined && (type !== 'p2sh' || !equalBytes(p2shScript(redeemScript), spent.scriptPubKey))) return false;
  if (witnessScript === undefined) return true;
  return equalBytes(p2wshScript(witnessScript), type === 'p2sh' && redeemScript !== undefined ? redeemScript : spent.scriptPubKey);
}

const p2shScript = (redeemScript: Uint8Array): Uint8Array => concat(Uint8Array.of(0xa9, 0x14), hash160(redeemScript), Uint8Array.of(0x87));

function evidence(fields: PsbtInput): Record<string, string> {
  return {
    ...(fields.redeemScript === undefined ? {} : { redeemScriptHex: shortHex(fields.redeemScript) }),
    ...(fields.witnessScript === undefined ? {} : { witnessScriptHex: shortHex(fields.witnessScript) }),
  };
}

/** Evidence for a person, not a way to fill the report: at most 520 bytes, the longest script that ever was standard. */
const shortHex = (bytes: Uint8Array): string => toHex(bytes.subarray(0, 520));
