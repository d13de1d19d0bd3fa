import { sha256 } from '@noble/hashes/sha2.js';
import { psbtFileName } from '../../airgap/file-names.ts';
import type { ChainSource, NodeStatus, WalletTransaction } from '../../companion/chain-source.ts';
import { nextFreeIndex, usedIndices } from '../../companion/ledger/addresses.ts';
import type { Ledger, Reservation } from '../../companion/ledger/ledger.ts';
import { chooseFeeRate, DEFAULT_TARGET_BLOCKS } from '../../companion/plan/fee-policy.ts';
import { planOutpoints, type Plan } from '../../companion/plan/plan.ts';
import { plannedPsbt, type SourceDerivers } from '../../companion/plan/planned-psbt.ts';
import { toBase64, toHex } from '../../domain/bytes.ts';
import { parseFeeRate, type FeeRate } from '../../domain/fee-rate.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
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

/** How many transactions are asked for at once, where the source cannot answer many in one. */
const CONCURRENT_LOOKUPS = 8;
/** How many are asked for in one: the answers of more would be held in memory at once. */
const LOOKUPS_OF_ONE = 500;

/** The previous transactions of a draft's inputs, added to those that are known already. */
export async function previousTransactions(source: ChainSource, draft: Pick<Plan, 'inputs'>, known: Map<string, Uint8Array>): Promise<ReadonlyMap<string, Uint8Array>> {
  const heights = new Map(draft.inputs.map(({ txid, height }) => [txid, height]));
  const missing = (): readonly (readonly [string, number | undefined])[] => [...heights].filter(([txid]) => !known.has(txid));
  if (source.rawTransactions !== undefined) {
    const wanted = missing();
    for (let start = 0; start < wanted.length; start += LOOKUPS_OF_ONE) {
      const found = await source.rawTransactions(wanted.slice(start, start + LOOKUPS_OF_ONE).map(([txid, height]) => ({ txid, height })));
      for (const [txid, bytes] of found) known.set(txid, bytes);
    }
  }
  const single = missing();
  for (let start = 0; start < single.length; start += CONCURRENT_LOOKUPS) {
    const asked = single.slice(start, start + CONCURRENT_LOOKUPS);
    const found = await Promise.all(asked.map(([txid, height]) => source.rawTransaction(txid, height)));
    asked.forEach(([txid], position) => known.set(txid, found[position] as Uint8Array));
  }
  return known;
}

/** Another wallet that Strongroom watches and that gives an address to a plan: for the change of a sweep, or to be refilled. */
export interface OtherWallet {
  readonly walletId: string;
  readonly deriver: AddressDeriver;
  readonly transactions: readonly WalletTransaction[];
  readonly branch: Branch;
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
  /**
   * Finishes the plan; asks for the wallet's next unused address of a branch where it needs one, at most once, and for that of the
   * other wallet.
   */
  readonly complete: (nextAddress: (branch: Branch) => DerivedAddress, otherAddress: () => DerivedAddress) => Plan;
  /** Of the wallets that are spent from, where they are other ones than the plan is of. */
  readonly sources?: SourceDerivers;
  readonly otherWallet?: OtherWallet;
}

/**
 * Finishes a draft with an address of the wallet, makes its PSBT, and books plan and address, all or nothing: two programs
 * that plan at once cannot take the same address, and a plan that fails takes none.
 * @throws StrongroomError `plan.address-gap`, `plan.too-large`, `node.malformed`, and what the ledger throws
 */
export const psbtWithReservation = (task: ReservationTask): PlannedPsbt => task.ledger.atomically(() => bookPlan(task));

/** The same for several plans at once, all or nothing. @param alsoBook is written with them */
export const psbtsWithReservations = (ledger: Ledger, tasks: readonly ReservationTask[], alsoBook: (planned: readonly PlannedPsbt[]) => void = () => undefined): readonly PlannedPsbt[] =>
  ledger.atomically(() => {
    const planned = tasks.map(bookPlan);
    alsoBook(planned);
    return planned;
  });

function bookPlan(task: ReservationTask): PlannedPsbt {
  const { ledger, deriver, otherWallet } = task;
  const { wallet } = deriver;
  const { walletId } = policyIdOf(wallet);
  const outpoints = task.draft.inputs.map(formatOutpoint);
  const nextIndex = (id: string, transactions: readonly WalletTransaction[], branch: Branch): number =>
    nextFreeIndex(usedIndices(transactions, branch), [...ledger.reservations(id, branch), ...offeredTo(ledger, id, branch)], outpoints);
  let reserved: { readonly branch: Branch; readonly index: number } | null = null;
  const alsoReserved: { readonly walletId: string; readonly branch: Branch; readonly index: number }[] = [];
  const plan = task.complete(
    (branch) => {
      const index = nextIndex(walletId, task.transactions, branch);
      reserved = { branch, index };
      return deriver.derive(branch, index);
    },
    () => {
      if (otherWallet === undefined) throw new TypeError('no other wallet');
      const { branch } = otherWallet;
      const index = nextIndex(otherWallet.walletId, otherWallet.transactions, branch);
      alsoReserved.push({ walletId: otherWallet.walletId, branch, index });
      return otherWallet.deriver.derive(branch, index);
    },
  );
  const psbt = plannedPsbt(plan, task.previous, deriver, task.sources);
  ledger.saveWallet({ walletId, name: wallet.name, network: wallet.network });
  ledger.savePlan({
    planId: transactionId(psbt.transaction),
    kind: plan.kind,
    walletId,
    plannedAt: task.plannedAt,
    outpoints: planOutpoints(plan),
    references: [...new Set(plan.payments.map((payment) => payment.reference).filter((reference) => reference !== ''))],
    reserved,
    alsoReserved,
    psbt: encodePsbt(psbt),
  });
  return { plan, psbt };
}

/** Addresses that somebody was given to pay to: no plan may take them. */
const offeredTo = (ledger: Ledger, walletId: string, branch: Branch): readonly Reservation[] => ledger.coins.offered(walletId, branch).map((index) => ({ index, outpoints: [] }));

/** The rate that was asked for, or the node's estimate. @throws StrongroomError as `chooseFeeRate`; `fee-rate.malformed` */
export async function feeRateFor(source: ChainSource, asked: string | null, status: NodeStatus, targetBlocks = DEFAULT_TARGET_BLOCKS): Promise<FeeRate> {
  return chooseFeeRate(asked === null ? null : parseFeeRate(asked), asked === null ? await source.estimateFeeRate(targetBlocks) : null, status);
}

/** Who signs a plan next, for its file's name. */
export type NextSigners = 'hot' | 'cold' | 'paper';

/** The name of a plan's file. @param date of the plan, ISO 8601 */
export const plannedName = (kind: Plan['kind'], bytes: Uint8Array, signers: NextSigners, date: string): string =>
  psbtFileName({ kind, date, psbtSha256: toHex(sha256(bytes)), signers, step: 'unsigned' });

/** A plan and its PSBT as they cross the boundary. @param signers who signs next, for the file's name */
export function plannedReply({ plan, psbt }: PlannedPsbt, signers: NextSigners, now: string) {
  const bytes = encodePsbt(psbt);
  return { plan: planReport(plan), psbtBase64: toBase64(bytes), psbtSha256: toHex(sha256(bytes)), suggestedName: plannedName(plan.kind, bytes, signers, now) };
}
