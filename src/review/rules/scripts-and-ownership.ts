import { equalBytes, toHex } from '../../domain/bytes.ts';
import { INPUT } from '../../psbt/codec/field-types.ts';
import type { PsbtInput } from '../../psbt/psbt.ts';
import { tapInputFits, tapInternalKeyOf } from '../../psbt/taproot-fields.ts';
import type { DerivedAddress } from '../../wallet/address.ts';
import { p2wshScript, scriptHashScript } from '../../wallet/locking-script.ts';
import { scriptTypeOf } from '../../wallet/script-type.ts';
import type { InputFacts, ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

const LEAF_FIELDS: readonly number[] = [INPUT.tapScriptSignature, INPUT.tapLeafScript, INPUT.tapMerkleRoot];

const ANNEX_TAG = 0x50;

/**
 * An input is signed only when its script is rebuilt from a registered wallet or a paper key, and the scripts that the file encloses are
 * the rebuilt ones. An input without an own script could be anything, so one of them refuses the whole transaction.
 * @see BIP174, "Signer"; BIP141
 */
export function scriptFindings(facts: ReviewFacts): Finding[] {
  return facts.inputs.flatMap((input) => {
    const { index, own, singleKey, spent, fields } = input;
    const findings: Finding[] = [];
    if (own === null && singleKey === null) findings.push(finding('input.foreign', 'input', index, spent === null ? {} : { scriptType: scriptTypeOf(spent.scriptPubKey), scriptHex: shortHex(spent.scriptPubKey) }));
    if (!scriptsFit(input)) findings.push(finding('input.script-hash', 'input', index, evidence(fields)));
    if (fields.finalScriptSig !== undefined || fields.finalScriptWitness !== undefined) findings.push(finding('input.already-final', 'input', index));
    // Only a wallet of taproot quorums has a leaf, and that one is checked above; elsewhere a field of a script tree is an attack or a fault.
    const hasOwnLeaf = own !== null && own.derived.taproot?.leaf != null;
    const hasStrayLeaf = !hasOwnLeaf && fields.otherFields.some((field) => LEAF_FIELDS.includes(field.keyType));
    if (hasStrayLeaf || hasAnnex(input)) findings.push(finding('taproot.script-path', 'input', index));
    return findings;
  });
}

/** The last of two or more witness items of a taproot input, where it begins with 0x50: it has no meaning yet. @see BIP341, "Script validation rules" */
function hasAnnex({ spent, fields: { finalScriptWitness = [] } }: InputFacts): boolean {
  return spent !== null && scriptTypeOf(spent.scriptPubKey) === 'p2tr' && finalScriptWitness.length > 1 && finalScriptWitness.at(-1)?.[0] === ANNEX_TAG;
}

function scriptsFit({ own, singleKey, spent, fields }: InputFacts): boolean {
  const { redeemScript, witnessScript } = fields;
  if (singleKey !== null) {
    const { script, redeemScript: rebuilt } = singleKey.output;
    const internalKey = tapInternalKeyOf(fields);
    const isInternalKey = internalKey === undefined || (script === 'p2tr' && equalBytes(internalKey, singleKey.key.publicKey.subarray(1)));
    // A redeem script may be left out, since it is rebuilt.
    return witnessScript === undefined && isInternalKey && isRebuilt(redeemScript, rebuilt);
  }
  if (own !== null) return isRebuilt(redeemScript, own.derived.redeemScript) && isRebuilt(witnessScript, own.derived.witnessScript) && ownTaprootFits(fields, own.derived);
  if (spent === null) return redeemScript === undefined || witnessScript === undefined || equalBytes(redeemScript, p2wshScript(witnessScript));
  const type = scriptTypeOf(spent.scriptPubKey);
  if (redeemScript !== undefined && (type !== 'p2sh' || !equalBytes(scriptHashScript(redeemScript), spent.scriptPubKey))) return false;
  if (witnessScript === undefined) return true;
  return equalBytes(p2wshScript(witnessScript), type === 'p2sh' && redeemScript !== undefined ? redeemScript : spent.scriptPubKey);
}

/** Scripts may be left out, since they are rebuilt. */
const isRebuilt = (stated: Uint8Array | undefined, rebuilt: Uint8Array | null): boolean => stated === undefined || (rebuilt !== null && equalBytes(stated, rebuilt));

/** Fields of a script tree on an output without one are a finding of their own. */
const ownTaprootFits = (fields: PsbtInput, derived: DerivedAddress): boolean =>
  tapInputFits(derived.taproot?.leaf == null ? { ...fields, otherFields: fields.otherFields.filter((field) => !LEAF_FIELDS.includes(field.keyType)) } : fields, derived);

function evidence(fields: PsbtInput): Record<string, string> {
  const internalKey = tapInternalKeyOf(fields);
  return {
    ...(internalKey === undefined ? {} : { internalKeyHex: toHex(internalKey) }),
    ...(fields.redeemScript === undefined ? {} : { redeemScriptHex: shortHex(fields.redeemScript) }),
    ...(fields.witnessScript === undefined ? {} : { witnessScriptHex: shortHex(fields.witnessScript) }),
  };
}

/** Evidence for a person, not a way to fill the report: at most 520 bytes, the longest script that ever was standard. */
const shortHex = (bytes: Uint8Array): string => toHex(bytes.subarray(0, 520));
