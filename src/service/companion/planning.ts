import type { ChainSource, WalletTransaction } from '../../companion/chain-source.ts';
import { nextFreeIndex, usedIndices } from '../../companion/ledger/addresses.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { planOutpoints, type Plan } from '../../companion/plan/plan.ts';
import { plannedPsbt } from '../../companion/plan/planned-psbt.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import type { UpdatedPsbt } from '../../psbt/psbt.ts';
import { transactionId } from '../../psbt/transaction.ts';
import type { AddressDeriver, Branch, DerivedAddress } from '../../wallet/address.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';

export interface PlannedPsbt {
  readonly plan: Plan;
  readonly psbt: UpdatedPsbt;
}

/** How many transactions are asked for at once. */
const CONCURRENT_LOOKUPS = 8;

/** The previous transactions of a draft's inputs, added to those that are known already. */
export async function previousTransactions(source: ChainSource, draft: Pick<Plan, 'inputs'>, known: Map<string, Uint8Array>): Promise<ReadonlyMap<string, Uint8Array>> {
  const missing = [...new Set(draft.inputs.map((input) => input.txid))].filter((txid) => !known.has(txid));
  for (let start = 0; start < missing.length; start += CONCURRENT_LOOKUPS) {
    const txids = missing.slice(start, start + CONCURRENT_LOOKUPS);
    const found = await Promise.all(txids.map((txid) => source.rawTransaction(txid)));
    txids.forEach((txid, position) => known.set(txid, found[position] as Uint8Array));
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
    });
    return { plan, psbt };
  });
}
