import { toHex } from '../../domain/bytes.ts';
import { readEcdsaSignature } from '../../psbt/ecdsa-signature.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT } from '../../psbt/sighash-types.ts';
import { tapKeySignatureOf } from '../../psbt/taproot-fields.ts';
import type { InputFacts, ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/** Findings of one kind that are listed one by one for an input; a hostile file could hold a hundred thousand. */
const MAX_LISTED = 20;

/**
 * Only SIGHASH_ALL, or taproot's DEFAULT, which signs the same: every other type lets somebody change inputs or outputs after a cosigner agreed. Signatures that are
 * already there must verify and be of a cosigner; one that does not shows that the file was altered after signing.
 * @see BIP143; BIP174, PSBT_IN_SIGHASH_TYPE and PSBT_IN_PARTIAL_SIG
 */
export function signatureFindings(facts: ReviewFacts): Finding[] {
  return facts.inputs.flatMap((input) => {
    const { index, fields } = input;
    const findings: Finding[] = [];
    const isAllowed = fields.sighashType === undefined || fields.sighashType === SIGHASH_ALL || (isTaproot(input) && fields.sighashType === SIGHASH_DEFAULT);
    if (!isAllowed) {
      findings.push(finding('sighash.forbidden', 'input', index, { sighashType: fields.sighashType as number, asked: true }));
    }
    return [...findings, ...presentSignatures(input), ...presentTaprootSignature(input), ...presentLeafSignatures(input)];
  });
}

const isTaproot = ({ own, singleKey }: InputFacts): boolean => (own?.derived ?? singleKey?.output)?.taproot != null;

/** @see BIP371, PSBT_IN_TAP_KEY_SIG */
function presentTaprootSignature(input: InputFacts): Finding[] {
  const { index, taprootSignature: checked, fields, spent } = input;
  const present = tapKeySignatureOf(fields);
  if (present === undefined) return [];
  const sighashType = present[64] ?? SIGHASH_DEFAULT;
  const isAllowed = present.length === 64 ? true : sighashType === SIGHASH_ALL;
  const reason = spent === null ? 'cannot be checked' : checked === null ? 'of no key at hand' : 'does not verify';
  return [
    ...(isAllowed ? [] : [finding('sighash.forbidden', 'input', index, { sighashType, asked: false })]),
    ...(checked?.verifies === true ? [] : [finding('signature.invalid', 'input', index, { reason, count: 1 })]),
  ];
}

/** Of wallets with a leaf; elsewhere the field itself is refused. @see BIP371, PSBT_IN_TAP_SCRIPT_SIG */
function presentLeafSignatures({ index, leafSignatures }: InputFacts): Finding[] {
  const forbidden = leafSignatures.flatMap(({ signature: { signature, publicKey } }) => {
    const sighashType = signature[64] ?? SIGHASH_DEFAULT;
    return signature.length === 64 || sighashType === SIGHASH_ALL ? [] : [finding('sighash.forbidden', 'input', index, { sighashType, publicKey: toHex(publicKey), asked: false })];
  });
  const invalid = leafSignatures.filter(({ verifies }) => !verifies)
    .map(({ signature, key }) => finding('signature.invalid', 'input', index, { publicKey: toHex(signature.publicKey), reason: key === null ? 'of no cosigner' : 'does not verify', count: leafSignatures.length }));
  return [...forbidden.slice(0, MAX_LISTED), ...invalid.slice(0, MAX_LISTED)];
}

function presentSignatures(input: InputFacts): Finding[] {
  const { index, own, singleKey, fields, signatures } = input;
  const forbidden: Finding[] = [];
  const invalid: Finding[] = [];
  fields.partialSignatures.forEach((partial, position) => {
    const sighashType = readEcdsaSignature(partial.signature)?.sighashType ?? null;
    const publicKey = toHex(partial.publicKey);
    if (sighashType !== null && sighashType !== SIGHASH_ALL) forbidden.push(finding('sighash.forbidden', 'input', index, { sighashType, publicKey, asked: false }));
    const checked = own === null && singleKey === null ? undefined : signatures[position];
    if (checked?.verifies === true) return;
    const reason = input.spent === null ? 'cannot be checked' : checked === undefined || checked.key === null ? 'of no cosigner' : checked.sighashType === null ? 'not a signature' : 'does not verify';
    invalid.push(finding('signature.invalid', 'input', index, { publicKey, reason, count: fields.partialSignatures.length }));
  });
  return [...forbidden.slice(0, MAX_LISTED), ...invalid.slice(0, MAX_LISTED)];
}
