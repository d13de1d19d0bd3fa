import { equalBytes } from '../../domain/bytes.ts';
import { quorumProgress } from '../../psbt/input-signatures.ts';
import { cosignersOf } from '../../wallet/wallet.ts';
import { keysAtHand, type InputFacts, type OwnAddress, type ReviewFacts, type ReviewKey, type ReviewWallet } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';
import type { ReviewedQuorum } from '../review.ts';
import type { OwnSingleKey } from '../single-keys.ts';

/**
 * How far the quorum is. Where a transaction draws on several wallets, the one that lacks most signatures speaks for all.
 */
export function reviewedQuorum(facts: ReviewFacts): ReviewedQuorum {
  const keys = keysAtHand(facts.context).map(({ fingerprint }) => fingerprint);
  const atHand = { thisKey: keys[0] ?? null, ...(keys.length > 1 ? { keys } : {}) };
  const spending = [...new Set(ownInputs(facts).map((input) => input.own.wallet))];
  const wallets = spending.length > 0 ? spending : facts.context.wallets.slice(0, 1);
  const progress = wallets.map(({ deriver }): ReviewedQuorum => {
    const { required, cosigners } = deriver.wallet;
    const signedBy = ownInputs(facts).filter((input) => input.own.wallet.deriver === deriver).map((input) => input.signedBy);
    const { signed, stillNeeded } = quorumProgress(required, signedBy);
    return { required, total: cosigners.length, signed, ...atHand, stillNeeded: signedBy.length === 0 ? required : stillNeeded };
  });
  const papers = paperKeysProgress(facts);
  if (papers !== null) return [...(spending.length > 0 ? progress : []), { ...papers, ...atHand }].reduce((most, next) => (next.stillNeeded > most.stillNeeded ? next : most));
  const none: ReviewedQuorum = { required: 0, total: 0, signed: [], ...atHand, stillNeeded: 0 };
  return progress.reduce((most, next) => (next.stillNeeded > most.stillNeeded ? next : most), progress[0] ?? none);
}

/** Each paper key spends alone, so that all must sign which the transaction spends from; `null` where it spends from none. */
function paperKeysProgress(facts: ReviewFacts): Omit<ReviewedQuorum, 'thisKey' | 'keys'> | null {
  const byKey = Map.groupBy(facts.inputs.filter(({ singleKey }) => singleKey !== null), ({ singleKey }) => (singleKey as OwnSingleKey).key);
  if (byKey.size === 0) return null;
  const signed = [...byKey].flatMap(([key, inputs]) => (inputs.every((input) => input.signedBy.length > 0) ? [key.fingerprint] : []));
  return { required: byKey.size, total: byKey.size, signed, stillNeeded: byKey.size - signed.length };
}

/** Of each key at hand: whether its signature is possible, already there, or no longer needed. */
export function quorumFindings(facts: ReviewFacts, quorum: ReviewedQuorum): Finding[] {
  const findings: Finding[] = [];
  const inputs = ownInputs(facts);
  const spending = inputs.length > 0 ? [...new Set(inputs.map((input) => input.own.wallet))] : facts.context.wallets;
  for (const key of keysAtHand(facts.context)) {
    const { fingerprint } = key;
    const joined = spending.filter((wallet) => isCosigner(key, wallet));
    if (joined.length === 0) findings.push(finding('quorum.not-a-cosigner', 'global', 0, { fingerprint }));
    const mine = inputs.filter((input) => joined.includes(input.own.wallet));
    if (mine.length > 0 && mine.every((input) => input.signedBy.includes(fingerprint))) {
      findings.push(finding('quorum.already-signed', 'global', 0, { fingerprint }));
    }
  }
  const spends = inputs.length > 0 || facts.inputs.some(({ singleKey }) => singleKey !== null);
  if (spends && quorum.stillNeeded === 0) findings.push(finding('quorum.complete', 'global', 0, { required: quorum.required }));
  return findings;
}

const ownInputs = (facts: ReviewFacts): readonly (InputFacts & { readonly own: OwnAddress })[] =>
  facts.inputs.filter((input): input is InputFacts & { readonly own: OwnAddress } => input.own !== null);

/** By the public key and not by the fingerprint alone: fingerprints have 32 bits and can be made to collide. */
function isCosigner(key: ReviewKey, { deriver }: ReviewWallet): boolean {
  return cosignersOf(deriver.wallet, key.fingerprint).some(({ record }) => {
    try {
      return equalBytes(key.publicKeyAt(record.path), record.key.publicKey);
    } catch {
      return false;
    }
  });
}
