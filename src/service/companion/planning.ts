import { sha256 } from '@noble/hashes/sha2.js';
import { psbtFileName } from '../../airgap/file-names.ts';
import type { ChainSource, NodeStatus, WalletTransaction } from '../../companion/chain-source.ts';
import { nextFreeIndex, usedIndices } from '../../companion/ledger/addresses.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { chooseFeeRate, DEFAULT_TARGET_BLOCKS } from '../../companion/plan/fee-policy.ts';
import { planOutpoints, type Plan } from '../../companion/plan/plan.ts';
import { plannedPsbt } from '../../companion/plan/planned-psbt.ts';
import { planSweep, type SweepDraft, type SweepTask } from '../../companion/plan/sweep-plan.ts';
import { toBase64, toHex } from '../../domain/bytes.ts';
import { parseFeeRate, type FeeRate } from '../../domain/fee-rate.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import type { UpdatedPsbt } from '../../psbt/psbt.ts';
import { transactionId } from '../../psbt/transaction.ts';
import type { AddressDeriver, Branch, DerivedAddress } from '../../wallet/address.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { planReport } from './plan-report.ts';

export interface PlannedPsbt {
  readonly plan: Plan;
  readonly psbt: UpdatedPsbt;
}

/** How many transactions are asked for at once. */
const CONCURRENT_LOOKUPS = 8;

/** The previous transactions of a draft's inputs, added to those that are known already. */
export async function previousTransactions(source: ChainSource, draft: Pick<Plan, 'inputs'>, known: Map<string, Uint8Array>): Promise<ReadonlyMap<string, Uint8Array>> {
  const missing = [...new Map(draft.inputs.map(({ txid, height }) => [txid, height]))].filter(([txid]) => !known.has(txid));
  for (let start = 0; start < missing.length; start += CONCURRENT_LOOKUPS) {
    const asked = missing.slice(start, start + CONCURRENT_LOOKUPS);
    const found = await Promise.all(asked.map(([txid, height]) => source.rawTransaction(txid, height)));
    asked.forEach(([txid], position) => known.set(txid, found[position] as Uint8Array));
  }
  return known;
}

export interface ReservationTask {
  readonly ledger: Ledger;
  readonly deriver: AddressDeriver;
  /** The wallet's transactions: the addresses that were paid. */
  readonly transactions: readonly WalletTransaction[];
  readonly draft: Pick<Plan, 'inputs'>;
  readonly previous: ReadonlyMap<string, Uint8Array>;
  /** ISO 8601, UTC. */
  readonly plannedAt: string;
  /** Finishes the plan; asks for the wallet's next unused address of a branch where it needs one, at most once. */
  readonly complete: (nextAddress: (branch: Branch) => DerivedAddress) => Plan;
}

/**
 * Finishes a draft with an address of the wallet, makes its PSBT, and books plan and address, all or nothing: two programs
 * that plan at once cannot take the same address, and a plan that fails takes none.
 * @throws StrongroomError `plan.address-gap`, `plan.too-large`, `node.malformed`, and what the ledger throws
 */
export function psbtWithReservation(task: ReservationTask): PlannedPsbt {
  const { ledger, deriver, transactions } = task;
  const { wallet } = deriver;
  const { walletId } = policyIdOf(wallet);
  const outpoints = task.draft.inputs.map(formatOutpoint);
  return ledger.atomically(() => {
    let reserved: { readonly branch: Branch; readonly index: number } | null = null;
    const plan = task.complete((branch) => {
      const index = nextFreeIndex(usedIndices(transactions, branch), ledger.reservations(walletId, branch), outpoints);
      reserved = { branch, index };
      return deriver.derive(branch, index);
    });
    const psbt = plannedPsbt(plan, task.previous, deriver);
    ledger.saveWallet({ walletId, name: wallet.name, network: wallet.network });
    ledger.savePlan({
      planId: transactionId(psbt.transaction),
      kind: plan.kind,
      walletId,
      plannedAt: task.plannedAt,
      outpoints: planOutpoints(plan),
      references: [...new Set(plan.payments.map((payment) => payment.reference).filter((reference) => reference !== ''))],
      reserved,
      psbt: encodePsbt(psbt),
    });
    return { plan, psbt };
  });
}

/**
 * The largest sweep that fits a PSBT: old outputs may hang on previous transactions that are together larger than one may be, so
 * that fewer are swept then.
 * @throws StrongroomError what `planSweep` and `finish` throw
 */
export async function sweepThatFits(task: SweepTask, finish: (draft: SweepDraft) => Promise<PlannedPsbt>): Promise<PlannedPsbt> {
  for (let draft = planSweep(task); ; draft = planSweep({ ...task, maxInputs: Math.floor(draft.inputs.length / 2) })) {
    try {
      return await finish(draft);
    } catch (error) {
      if (!(error instanceof StrongroomError) || error.code !== 'plan.too-large' || draft.inputs.length === 1) throw error;
    }
  }
}

/** The rate that was asked for, or the node's estimate. @throws StrongroomError as `chooseFeeRate`; `fee-rate.malformed` */
export async function feeRateFor(source: ChainSource, asked: string | null, status: NodeStatus): Promise<FeeRate> {
  return chooseFeeRate(asked === null ? null : parseFeeRate(asked), asked === null ? await source.estimateFeeRate(DEFAULT_TARGET_BLOCKS) : null, status);
}

/** A plan and its PSBT as they cross the boundary. @param signers who signs next, for the file's name */
export function plannedReply({ plan, psbt }: PlannedPsbt, signers: 'hot' | 'cold' | 'paper', now: string) {
  const bytes = encodePsbt(psbt);
  const psbtSha256 = toHex(sha256(bytes));
  return { plan: planReport(plan), psbtBase64: toBase64(bytes), psbtSha256, suggestedName: psbtFileName({ kind: plan.kind, date: now, psbtSha256, signers, step: 'unsigned' }) };
}
