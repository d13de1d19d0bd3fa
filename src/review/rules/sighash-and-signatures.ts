import { toHex } from '../../domain/bytes.ts';
import { readEcdsaSignature } from '../../psbt/ecdsa-signature.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT } from '../../psbt/sighash-types.ts';
import { tapKeySignatureOf } from '../../psbt/taproot-fields.ts';
import type { InputFacts, ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/** Findings of one kind that are listed one by one for an input; a hostile file could hold a hundred thousand. */
const MAX_LISTED = 20;
/**
 * Of all inputs together, beside the first of each kind that every input has: a file of 9,000 inputs with forty bad signatures each
 * would make a report of 80 MiB, and nobody reads the hundredth.
 */
const MAX_FURTHER = 2_000;

/** How many more may be listed beside the first of an input. */
interface Further {
  left: number;
}

/** Findings of one kind on one input, of which no more are made than are listed. */
class Listed {
  readonly found: Finding[] = [];
  private readonly further: Further;

  constructor(further: Further) {
    this.further = further;
  }

  add(make: () => Finding): void {
    const { found, further } = this;
    if (found.length > 0 && (found.length >= MAX_LISTED || further.left === 0)) return;
    if (found.length > 0) further.left -= 1;
    found.push(make());
  }
}

/**
 * Only SIGHASH_ALL, or taproot's DEFAULT, which signs the same: every other type lets somebody change inputs or outputs after a cosigner agreed. Signatures that are
 * already there must verify and be of a cosigner; one that does not shows that the file was altered after signing.
 * @see BIP143; BIP174, PSBT_IN_SIGHASH_TYPE and PSBT_IN_PARTIAL_SIG
 */
export function signatureFindings(facts: ReviewFacts): Finding[] {
  const further: Further = { left: MAX_FURTHER };
  return facts.inputs.flatMap((input) => {
    const { index, fields } = input;
    const findings: Finding[] = [];
    const isAllowed = fields.sighashType === undefined || fields.sighashType === SIGHASH_ALL || (isTaproot(input) && fields.sighashType === SIGHASH_DEFAULT);
    if (!isAllowed) {
      findings.push(finding('sighash.forbidden', 'input', index, { sighashType: fields.sighashType as number, asked: true }));
    }
    return [...findings, ...presentSignatures(input, further), ...presentTaprootSignature(input), ...presentLeafSignatures(input, further)];
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
function presentLeafSignatures({ index, leafSignatures }: InputFacts, further: Further): Finding[] {
  const forbidden = new Listed(further);
  const invalid = new Listed(further);
  for (const { signature: { signature, publicKey }, verifies, key } of leafSignatures) {
    const sighashType = signature[64] ?? SIGHASH_DEFAULT;
    if (signature.length !== 64 && sighashType !== SIGHASH_ALL) forbidden.add(() => finding('sighash.forbidden', 'input', index, { sighashType, publicKey: toHex(publicKey), asked: false }));
    if (!verifies) invalid.add(() => finding('signature.invalid', 'input', index, { publicKey: toHex(publicKey), reason: key === null ? 'of no cosigner' : 'does not verify', count: leafSignatures.length }));
  }
  return [...forbidden.found, ...invalid.found];
}

function presentSignatures(input: InputFacts, further: Further): Finding[] {
  const { index, own, singleKey, fields, signatures } = input;
  const forbidden = new Listed(further);
  const invalid = new Listed(further);
  fields.partialSignatures.forEach(({ publicKey, signature }, position) => {
    const sighashType = readEcdsaSignature(signature)?.sighashType ?? null;
    if (sighashType !== null && sighashType !== SIGHASH_ALL) forbidden.add(() => finding('sighash.forbidden', 'input', index, { sighashType, publicKey: toHex(publicKey), asked: false }));
    const checked = own === null && singleKey === null ? undefined : signatures[position];
    if (checked?.verifies === true) return;
    const reason = input.spent === null ? 'cannot be checked' : checked === undefined || checked.key === null ? 'of no cosigner' : checked.sighashType === null ? 'not a signature' : 'does not verify';
    invalid.add(() => finding('signature.invalid', 'input', index, { publicKey: toHex(publicKey), reason, count: fields.partialSignatures.length }));
  });
  return [...forbidden.found, ...invalid.found];
}
