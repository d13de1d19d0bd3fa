import { sha256 } from '@noble/hashes/sha2.js';
import { isMoney } from '../domain/amount.ts';
import { toHex } from '../domain/bytes.ts';
import { feeRateOf } from '../domain/fee-rate.ts';
import type { NetworkName } from '../domain/network.ts';
import { decodePsbt } from '../psbt/codec/decode.ts';
import { gatherFacts, type InputFacts, type OutputFacts, type ReviewContext } from './facts.ts';
import type { Finding } from './finding.ts';
import type { Review, ReviewedChange, ReviewedInput, ReviewedPayment, Verdict } from './review.ts';
import { amountProofFindings } from './rules/amount-proofs.ts';
import { changeFindings } from './rules/change.ts';
import { feeBasisPoints, feeFindings } from './rules/fee.ts';
import { locktimeFindings } from './rules/locktime-and-sequence.ts';
import { modifiableFindings } from './rules/modifiable.ts';
import { networkFindings } from './rules/network.ts';
import { outputFindings } from './rules/outputs.ts';
import { pathFindings } from './rules/paths-and-origins.ts';
import { quorumFindings, reviewedQuorum } from './rules/quorum.ts';
import { scriptFindings } from './rules/scripts-and-ownership.ts';
import { shapeFindings } from './rules/transaction-shape.ts';
import { signatureFindings } from './rules/sighash-and-signatures.ts';
import { sweepFindings } from './rules/sweep.ts';
import { unknownFieldFindings } from './rules/unknown-fields.ts';

export type { ReviewContext, ReviewKey, ReviewWallet } from './facts.ts';
export type { ReviewSingleKey } from './single-keys.ts';

/** Each family judges the same facts and knows of no other, so one bad thing never hides another. */
const ruleFamilies = [
  shapeFindings, networkFindings, amountProofFindings, scriptFindings, pathFindings, changeFindings, signatureFindings,
  outputFindings, sweepFindings, feeFindings, locktimeFindings, modifiableFindings, unknownFieldFindings,
] as const;

const genuineReviews = new WeakSet<object>();

/** Whether a review was made by `reviewPsbt` in this process; `approve` takes no other. */
export const isGenuineReview = (review: Review): boolean => genuineReviews.has(review);

/**
 * Reviews a PSBT as a hostile file: what it does as far as it can be proven from previous transactions and the registered
 * wallets, and everything that speaks against signing it. After decoding, nothing in the file makes it throw.
 * @throws StrongroomError `psbt.malformed`, `psbt.too-large`, `psbt.unsupported`
 */
export function reviewPsbt(psbtBytes: Uint8Array, context: ReviewContext): Review {
  const bytes = new Uint8Array(psbtBytes);
  const facts = gatherFacts(decodePsbt(bytes), context);
  const quorum = reviewedQuorum(facts);
  const findings = [...ruleFamilies.flatMap((findingsOf) => findingsOf(facts)), ...quorumFindings(facts, quorum)];
  const { inputsSats, paymentsSats, changeSats, feeSats, feeBase, vsizeVb } = facts.totals;
  const involved = new Set([...facts.inputs.map(({ own }) => own), ...facts.outputs.map(({ own, to }) => own ?? to)].flatMap((address) => (address === null ? [] : [address.wallet.walletId])));
  const review: Review = {
    verdict: verdictOf(findings),
    reviewId: toHex(sha256(bytes)),
    psbtVersion: facts.psbt.version,
    network: context.network,
    version: facts.psbt.transaction.version,
    locktime: facts.psbt.transaction.locktime,
    walletIds: [...new Set([...context.wallets, ...(context.destinations ?? [])].map((wallet) => wallet.walletId))].filter((walletId) => involved.has(walletId)),
    inputsSats,
    paymentsSats,
    changeSats,
    feeSats,
    feeRate: feeRateOf(feeSats, vsizeVb),
    feeBasisPoints: feeBasisPoints(feeSats, feeBase === 'payments' ? paymentsSats : 0n, inputsSats),
    payments: facts.outputs.flatMap(paymentOf),
    change: facts.outputs.flatMap(changeOf),
    inputs: facts.inputs.map((input) => inputOf(input, context.network)),
    quorum,
    findings,
  };
  deepFreeze(review);
  genuineReviews.add(review);
  return review;
}

function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some((finding) => finding.severity === 'refuse')) return 'refused';
  return findings.some((finding) => finding.severity === 'acknowledge') ? 'judgement' : 'ready';
}

function paymentOf({ index, isChange, address, scriptHex, amountSats, to }: OutputFacts): ReviewedPayment[] {
  if (isChange) return [];
  const proven = to === null ? null : { walletId: to.wallet.walletId, branch: to.derived.branch, childIndex: to.derived.index };
  return [{ index, address, scriptHex, amountSats, to: proven }];
}

function changeOf({ index, own, isChange, amountSats }: OutputFacts): ReviewedChange[] {
  if (own === null || !isChange) return [];
  const { address, branch, index: childIndex } = own.derived;
  return [{ index, address, amountSats, walletId: own.wallet.walletId, branch, childIndex }];
}

function inputOf({ index, txid, vout, sequence, previous, own, singleKey, signedBy }: InputFacts, network: NetworkName): ReviewedInput {
  const proven = previous.proof !== null && isMoney(previous.output.amountSats, network);
  return {
    index,
    txid,
    vout,
    sequence,
    amountSats: proven ? previous.output.amountSats : 0n,
    proof: proven ? previous.proof : null,
    walletId: own?.wallet.walletId ?? null,
    branch: own?.derived.branch ?? null,
    childIndex: own?.derived.index ?? null,
    singleKey: singleKey === null ? null : { fingerprint: singleKey.key.fingerprint, publicKeyHex: toHex(singleKey.key.publicKey), script: singleKey.output.script },
    signedBy,
  };
}

/** A verdict must not be changed between the eyes that saw it and the approval. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}
