import type { BookedPlan, Ledger } from '../../companion/ledger/ledger.ts';
import type { NetworkName } from '../../domain/network.ts';
import { decodePsbt } from '../../psbt/codec/decode.ts';
import { factsOf, knownOutputs, spentOutpoints, supersededBy, type PaymentVersion, type VersionFacts } from '../../psbt/payment-versions.ts';
import type { Psbt } from '../../psbt/psbt.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { parseTransaction, transactionId } from '../../psbt/transaction.ts';
import { stateOf, whyClosed } from './queueing.ts';

/** Versions of one payment that are compared: nobody replaces a payment more often. */
const MOST_VERSIONS = 20;

/** What the books know of the payment that files are of. */
export interface RememberedPayment {
  /** Of all plans that the files are of, the latest; `null` where they are of none. */
  readonly plan: BookedPlan | null;
  /** Its file, as it was planned. */
  readonly original: Psbt | null;
  /** The other plans that spend an output which this plan spends too. Another plan among the files is no version of it. */
  readonly versions: readonly PaymentVersion[];
}

/** @param replaced ids of plans that a person has named as replaced: the files are of none of them */
export function rememberedPayment(ledger: Ledger, psbts: readonly Psbt[], replaced: readonly string[]): RememberedPayment {
  const planIds = [...new Set(psbts.map((psbt) => transactionId(psbt.transaction)))];
  const spent = [...new Set(psbts.flatMap((psbt) => spentOutpoints(psbt.transaction)))];
  const plans = ledger.plansSpending(spent);
  const plan = plans.find(({ planId }) => planIds.includes(planId) && !replaced.includes(planId)) ?? null;
  const planned = plan === null ? null : new Set(plan.outpoints);
  return {
    plan,
    original: plan === null ? null : keptPsbt(ledger, plan.planId),
    versions: plans.filter((other) => other !== plan && (planned === null || other.outpoints.some((outpoint) => planned.has(outpoint)))).slice(0, MOST_VERSIONS).flatMap((other) => versionIn(ledger, other) ?? []),
  };
}

function versionIn(ledger: Ledger, { planId, plannedAt }: BookedPlan): PaymentVersion | null {
  const bytes = ledger.plannedPsbt(planId);
  if (bytes === null) return null;
  let decoded: Psbt | null = null;
  return {
    planId,
    label: `the one planned at ${plannedAt} (transaction ${planId})`,
    // Hardly ever asked for, and as large as any file.
    get psbt() {
      decoded ??= decodePsbt(bytes);
      return decoded;
    },
  };
}

/** The file of a plan, where the books keep it. */
export function keptPsbt(ledger: Ledger, planId: string): Psbt | null {
  const bytes = ledger.plannedPsbt(planId);
  return bytes === null ? null : decodePsbt(bytes);
}

/**
 * That no version of a payment which was planned later was sent already: then this one is what was replaced. Were it planned later
 * itself, it would be the replacement.
 * @param now ISO 8601, UTC
 * @throws StrongroomError `psbt.superseded`; `queue.discarded`, `queue.expired`, `queue.spent-otherwise` as the signing queue has it
 */
export function requireNotReplaced(ledger: Ledger, network: NetworkName, planId: string, file: string, now: string): void {
  const plan = ledger.plan(planId);
  if (plan === null) return;
  const later = new Set(ledger.plansSpending(plan.outpoints).filter(({ plannedAt }) => plannedAt > plan.plannedAt).map((other) => other.planId));
  const sent = later.size === 0 ? undefined : ledger.intents(network, 'sent').findLast((intent) => later.has(intent.planId));
  if (sent !== undefined) throw supersededBy({ file }, { planId, feeRate: null }, sentFacts(ledger, sent.planId, sent.transaction));
  requireOnBoard(ledger, planId, now, file);
}

/** That the version board has not put another version in its place, nor closed it. */
function requireOnBoard(ledger: Ledger, planId: string, now: string, file: string): void {
  const entry = ledger.queue.entry(planId);
  if (entry === null) return;
  const closed = whyClosed(ledger, entry, stateOf(ledger, entry, now));
  if (closed !== null) throw new StrongroomError(closed.code, `${file}: ${closed.message}`, { ...closed.details, file }, closed.hint);
}

function sentFacts(ledger: Ledger, planId: string, transaction: Uint8Array): VersionFacts {
  const psbt = keptPsbt(ledger, planId);
  return psbt === null ? { planId, feeRate: null } : factsOf(psbt, knownOutputs([psbt]), [], parseTransaction(transaction).transaction.virtualSize());
}
