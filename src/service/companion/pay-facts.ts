import type { WalletTransaction } from '../../companion/chain-source.ts';
import { controlCoins, NO_COIN_CONTROL, type CoinControl, type ControlledCoin } from '../../companion/coins/coin-control.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { usedIndices } from '../../companion/ledger/addresses.ts';
import type { Payment } from '../../companion/payments/payments.ts';
import type { PrivacyFacts } from '../../companion/payments/privacy-notes.ts';
import type { Spendable } from '../../companion/plan/plan.ts';
import type { QueueEntry } from '../../companion/queue/queue.ts';
import { toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { AddressDeriver } from '../../wallet/address.ts';
import { waitingEntries } from './queueing.ts';

/** What the queue knows of a wallet's plans that wait, when another one is to be made. */
export interface WaitingPlans {
  /** Those of the same payments. */
  readonly same: readonly QueueEntry[];
  /** What the others are to spend: `txid:vout`. */
  readonly reserved: ReadonlySet<string>;
}

interface Order {
  readonly address: string;
  readonly amountSats: bigint;
  readonly reference: string;
}

/** @param payments of the new plan; `null` where it makes none of its own */
export function waitingPlans(ledger: Ledger, walletId: string, payments: readonly Order[] | null, now: string): WaitingPlans {
  const keyOf = (orders: readonly Order[]): string => JSON.stringify(orders.map(({ address, amountSats, reference }) => `${address} ${amountSats} ${reference}`).sort());
  const wanted = payments === null ? null : keyOf(payments);
  const waiting = waitingEntries(ledger, walletId, now);
  const same = waiting.filter((entry) => entry.paymentCount === payments?.length && keyOf(ledger.queue.payments(entry.planId)) === wanted);
  const others = waiting.filter((entry) => !same.includes(entry));
  return { same, reserved: new Set(others.flatMap(({ planId }) => ledger.queue.outpoints(planId))) };
}

/** The outputs that waiting plans are to spend, but those of plans whose place the new one may take. */
export const reservedBeside = (ledger: Ledger, walletId: string, isInItsPlace: (payments: readonly Order[]) => boolean, now: string): ReadonlySet<string> =>
  new Set(waitingEntries(ledger, walletId, now).filter(({ planId }) => !isInItsPlace(ledger.queue.payments(planId))).flatMap(({ planId }) => ledger.queue.outpoints(planId)));

/**
 * That a plan of payments which wait already can only be sent in place of that one, never beside it.
 * @throws StrongroomError `payments.waiting`
 */
export function requireOneOfTwo(ledger: Ledger, same: readonly QueueEntry[], outpoints: readonly string[]): void {
  const spends = new Set(outpoints);
  const apart = same.find(({ planId }) => !ledger.queue.outpoints(planId).some((outpoint) => spends.has(outpoint)));
  if (apart === undefined) return;
  throw new StrongroomError(
    'payments.waiting', `The same payments wait in a plan of ${apart.plannedAt}, which spends other outputs: both could be sent.`, { plan: apart.planId, plannedAt: apart.plannedAt },
    'Replace that one ("pay bump"), or discard it ("queue discard") if nobody has signed it; or say that everybody is to be paid once more (--pay-again).',
  );
}

/** The wallet's outputs with what a person chose and what the books say of them. @throws as `controlCoins` */
export const controlled = (ledger: Ledger, outputs: readonly Spendable[], control: CoinControl = NO_COIN_CONTROL, reserved: ReadonlySet<string> = new Set()): readonly ControlledCoin[] =>
  controlCoins(outputs, control, { frozen: ledger.coins.frozen(), tags: ledger.coins.tags(), reserved });

/** Addresses past the last used one that are looked through for payments to oneself. */
const OWN_GAP = 20;

/** What the books and the wallet's history know for the privacy notes of a plan. */
export function privacyFacts(ledger: Ledger, walletId: string, deriver: AddressDeriver, transactions: readonly WalletTransaction[], payments: readonly Payment[]): Pick<PrivacyFacts, 'transactions' | 'paidBefore' | 'sweeps' | 'isOwn'> {
  let own: ReadonlySet<string> | null = null;
  const ownScripts = (): ReadonlySet<string> => {
    own ??= new Set(([0, 1] as const).flatMap((branch) => {
      const used = usedIndices(transactions, branch);
      const next = Math.max(-1, ...used) + 1;
      return [...used, ...Array.from({ length: OWN_GAP }, (_, index) => next + index)].map((index) => toHex(deriver.derive(branch, index).scriptPubKey));
    }));
    return own;
  };
  const size = deriver.derive(0, 0).scriptPubKey.length;
  const sweeps = new Set(transactions.filter(({ received, spent }) => received.length > 0 && spent.length === 0).map(({ txid }) => txid).filter((txid) => ledger.plan(ledger.intent(txid)?.planId ?? txid)?.kind === 'sweep'));
  return {
    transactions, sweeps,
    paidBefore: ledger.queue.paidAddresses(walletId, payments.map(({ address }) => address)),
    // Deriving takes time: only where the script could be the wallet's by its look.
    isOwn: (script) => script.length === size && ownScripts().has(toHex(script)),
  };
}
