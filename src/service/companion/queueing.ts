import { sha256 } from '@noble/hashes/sha2.js';
import type { InferInput } from 'valibot';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { planOutpoints } from '../../companion/plan/plan.ts';
import type { SourceDerivers } from '../../companion/plan/planned-psbt.ts';
import { expiryOf, type QueuedWallet, type QueueEntry, type QueueSigners, type VersionReason } from '../../companion/queue/queue.ts';
import { isWaiting, queueState, type QueueState } from '../../companion/queue/queue-state.ts';
import { toHex } from '../../domain/bytes.ts';
import { feeRateOf, formatFeeRate } from '../../domain/fee-rate.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { transactionId } from '../../psbt/transaction.ts';
import { formatWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { labelIn, signingWalletsOf } from './plan-signers.ts';
import type { PlannedPsbt } from './planning.ts';

type QueueEntryReport = InferInput<(typeof companionCoreContract)['queue.details']['output']>['entry'];

export interface QueueTask {
  readonly ledger: Ledger;
  /** The one that the plan is of. */
  readonly wallet: Wallet;
  readonly planned: PlannedPsbt;
  readonly signers: QueueSigners;
  /** Derivers of the watched wallets that a sweep may spend from, by wallet id. */
  readonly sources?: SourceDerivers;
  /** ISO 8601, UTC. */
  readonly plannedAt: string;
  readonly expiresInDays: number;
  /** The payment that it is a version of; a payment of its own when left out or null. */
  readonly versionOf?: { readonly paymentId: string | null; readonly reason: VersionReason };
  readonly parentTxid?: string;
}

/** Puts a plan into the queue; to be called in the unit of work that books it. @returns its entry */
export function enqueue({ ledger, wallet, planned, signers, sources = new Map(), plannedAt, expiresInDays, versionOf, parentTxid }: QueueTask): QueueEntry {
  const { queue } = ledger;
  const { plan, psbt } = planned;
  const { walletId } = policyIdOf(wallet);
  const planId = transactionId(psbt.transaction);
  const signing = [...new Set(plan.inputs.flatMap(({ own }) => own?.walletId ?? []))].flatMap((id) => sources.get(id)?.wallet ?? []);
  for (const each of [wallet, ...signing]) queue.saveWallet(queuedWallet(each));
  const known = queue.entry(planId);
  const earlier = versionOf === undefined && plan.kind === 'sweep' ? overlapping(ledger, planned, plannedAt) : null;
  const paymentId = known?.paymentId ?? versionOf?.paymentId ?? earlier?.paymentId ?? planId;
  const latest = queue.versions(paymentId).at(-1)?.version ?? 0;
  queue.add(
    {
      planId, paymentId, version: known?.version ?? latest + 1, reason: known?.reason ?? versionOf?.reason ?? (earlier === null ? 'planned' : 'planned-again'), kind: plan.kind, walletId, network: plan.network, signers,
      plannedAt, expiresAt: expiryOf(plannedAt, expiresInDays),
      inputsSats: plan.inputsSats, paymentsSats: plan.paymentsSats, changeSats: plan.change?.amountSats ?? 0n, feeSats: plan.feeSats, vsizeVb: plan.vsizeVb, paymentCount: plan.payments.length,
      psbtSha256: toHex(sha256(encodePsbt(psbt))), parentTxid: parentTxid ?? null, stillNeeded: signers === 'cold' ? wallet.required : signing.length === 0 ? null : Math.max(...signing.map(({ required }) => required)),
      signingWallets: signing.map((each) => ({ walletId: policyIdOf(each).walletId, name: each.name, required: each.required, stillNeeded: each.required })),
    },
    plan.payments.map(({ address, amountSats, reference, costCode }) => ({ address, amountSats, reference, costCode: costCode ?? null })),
  );
  return queue.entry(planId) as QueueEntry;
}

const queuedWallet = (wallet: Wallet): QueuedWallet => ({
  walletId: policyIdOf(wallet).walletId, text: formatWalletFile(wallet), required: wallet.required, cosigners: wallet.cosigners.map(({ label, record }) => ({ label, fingerprint: record.masterFingerprint })),
});

/** A sweep that waits and takes any of the same outputs: planned again, the new one takes its place. */
function overlapping(ledger: Ledger, { plan, psbt }: PlannedPsbt, now: string): QueueEntry | null {
  const planId = transactionId(psbt.transaction);
  const others = ledger.plansSpending(planOutpoints(plan)).filter((other) => other.kind === 'sweep' && other.planId !== planId);
  return others.flatMap((other) => ledger.queue.entry(other.planId) ?? []).find((entry) => isWaiting(stateOf(ledger, entry, now))) ?? null;
}

/** The states of all versions of a payment, by plan. */
export function versionStates(ledger: Ledger, paymentId: string, now: string): ReadonlyMap<string, { readonly entry: QueueEntry; readonly state: QueueState }> {
  const versions = ledger.queue.versions(paymentId).map((entry) => ({ entry, evidence: ledger.queue.evidence(entry.planId) }));
  const tips = new Map(ledger.tips().map(({ network, height }) => [network, height]));
  return new Map(versions.map((version) => [version.entry.planId, { entry: version.entry, state: queueState(version, versions, tips.get(version.entry.network) ?? null, now) }]));
}

export const stateOf = (ledger: Ledger, entry: QueueEntry, now: string): QueueState => versionStates(ledger, entry.paymentId, now).get(entry.planId)?.state ?? { state: 'unsigned' };

/** Plans of a wallet that still wait to be signed or sent. */
export const waitingEntries = (ledger: Ledger, walletId: string, now: string): readonly QueueEntry[] =>
  ledger.queue.entries(walletId, MOST_ENTRIES).filter((entry) => entry.expiresAt > now && entry.discarded === null && isWaiting(stateOf(ledger, entry, now)));

/** Entries that are looked through: more than anybody has waiting. */
export const MOST_ENTRIES = 1_000;

/**
 * The plan of an id's beginning; where several versions fit, none is guessed at.
 * @throws StrongroomError `queue.unknown`, `queue.ambiguous`
 */
export function requireEntry(ledger: Ledger, start: string): QueueEntry {
  const found = ledger.queue.find(start);
  const [first, second] = found;
  if (first === undefined) throw new StrongroomError('queue.unknown', 'The signing queue holds no plan of this id.', { id: start }, 'Look it up with "queue list --all".');
  if (second !== undefined) throw new StrongroomError('queue.ambiguous', `${found.length} plans begin so.`, { id: start, plans: found.map(({ planId }) => planId).join(' ') }, 'Give more digits of the id.');
  return first;
}

/** An entry as it crosses the boundary. */
export function entryReport(ledger: Ledger, entry: QueueEntry, now: string): QueueEntryReport {
  const state = stateOf(ledger, entry, now);
  const wallets = signingWalletsOf(ledger, entry);
  const quorums = wallets.map(({ walletId, required, cosigners }) => {
    const swept = entry.signingWallets.find((each) => each.walletId === walletId);
    return { walletId, name: swept?.name ?? '', required, total: cosigners.length, stillNeeded: swept?.stillNeeded ?? entry.stillNeeded ?? 0, cosigners };
  });
  const [first, ...others] = quorums;
  // The one that lacks most speaks for all, so that nothing counts as complete before everything is.
  const worst = first === undefined ? null : others.reduce((most, next) => (next.stillNeeded > most.stillNeeded ? next : most), first);
  const lacking = quorums.filter(({ stillNeeded }) => stillNeeded > 0);
  // Whoever is a cosigner of several is awaited once.
  const awaited = lacking.flatMap(({ cosigners }, position) => cosigners.filter(({ fingerprint }) => !lacking.slice(0, position).some((other) => other.cosigners.some((known) => known.fingerprint === fingerprint))));
  const signed = new Set<string>(entry.signatures.map(({ fingerprint }) => fingerprint));
  const isAwaiting = state.state === 'unsigned' || state.state === 'partly-signed';
  return {
    planId: entry.planId, paymentId: entry.paymentId, version: entry.version, reason: entry.reason, kind: entry.kind,
    walletId: entry.walletId, walletName: ledger.wallets().find(({ walletId }) => walletId === entry.walletId)?.name ?? '', network: entry.network, signers: entry.signers,
    state: state.state, confirmations: state.state === 'confirmed' ? state.confirmations : 0, by: 'by' in state ? state.by : null,
    plannedAt: entry.plannedAt, expiresAt: entry.expiresAt,
    inputsSats: String(entry.inputsSats), paymentsSats: String(entry.paymentsSats), changeSats: String(entry.changeSats), feeSats: String(entry.feeSats),
    feeRateSatPerVb: formatFeeRate(feeRateOf(entry.feeSats, entry.vsizeVb)), vsizeVb: entry.vsizeVb, payments: entry.paymentCount,
    references: [...(ledger.plan(entry.planId)?.references ?? [])].slice(0, 100), psbtSha256: entry.psbtSha256, parentTxid: entry.parentTxid,
    quorum: entry.stillNeeded === null || worst === null ? null : { required: worst.required, total: worst.total, stillNeeded: worst.stillNeeded },
    ...(entry.signingWallets.length === 0 ? {} : { signingWallets: quorums.map(({ cosigners: _, ...quorum }) => quorum) }),
    signedBy: entry.signatures.map(({ fingerprint, receivedAt, fileName }) => ({ fingerprint, label: labelIn(wallets, fingerprint), receivedAt, file: fileName })),
    awaited: !isAwaiting ? [] : awaited.filter(({ fingerprint }) => !signed.has(fingerprint)).map(({ fingerprint, label }) => ({
      fingerprint, label, handedAt: entry.handovers.find((handover) => handover.fingerprint === fingerprint)?.handedAt ?? null,
    })),
    final: entry.final === null ? null : { ...entry.final }, discarded: entry.discarded === null ? null : { ...entry.discarded },
  };
}

/** Why a plan takes no signatures and is not handed out; `null` where it does. `file`: what errors call the reply. */
export function whyClosed(ledger: Ledger, entry: QueueEntry, state: QueueState): StrongroomError | null {
  const details = { plan: entry.planId };
  switch (state.state) {
    case 'expired':
      return new StrongroomError('queue.expired', `The plan expired at ${entry.expiresAt}.`, { ...details, expiresAt: entry.expiresAt }, 'Plan the payment again, at today\'s fee rate.');
    case 'discarded':
      return new StrongroomError('queue.discarded', `The plan was discarded: ${entry.discarded?.reason ?? ''}`, { ...details, discardedAt: entry.discarded?.at ?? '' }, 'Do not sign it. Plan the payment again, if it is to be made.');
    case 'spent-otherwise':
      return new StrongroomError('queue.spent-otherwise', 'An output that the plan is to spend was spent by another transaction.', { ...details, by: state.by }, 'Find out what that transaction is, then plan the payment again.');
    case 'superseded': {
      const current = ledger.queue.entry(state.by);
      return new StrongroomError(
        'psbt.superseded', `This is version ${entry.version} of the payment; version ${current?.version ?? '?'} took its place.`,
        { txid: entry.planId, feeRateSatPerVb: formatFeeRate(feeRateOf(entry.feeSats, entry.vsizeVb)), currentTxid: state.by, ...(current === null ? {} : { currentFeeRateSatPerVb: formatFeeRate(feeRateOf(current.feeSats, current.vsizeVb)) }) },
        'Have the cosigner sign the file of the current version. Destroy the old one, so that nobody sends it.',
      );
    }
    default:
      return null;
  }
}
