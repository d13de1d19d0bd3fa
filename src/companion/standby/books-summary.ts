/** A plan that holds an address and outputs, in the words of the books. */
export interface SummaryPlan {
  readonly planId: string;
  readonly walletId: string;
  readonly plannedAt: string;
  /** `receive/7`, or `null` where the plan took no address. */
  readonly reserved: string | null;
}

/** What two machines' books are compared by, read from the ledger's file. */
export interface BooksSummary {
  /** Sorted by id. */
  readonly plans: readonly SummaryPlan[];
  /** Transactions that were to be sent: `txid state`, sorted. */
  readonly intents: readonly string[];
  /** By network: how far the books were brought up to date. */
  readonly tips: readonly { readonly network: string; readonly height: number; readonly refreshedAt: string }[];
  readonly entries: number;
  /** The largest row number of each table that only grows or is edited by people; a later state has no smaller ones. */
  readonly rows: Readonly<Record<string, number>>;
}

/** How two states of the same books lie to each other. */
export type BooksOrder = 'same' | 'newer' | 'older' | 'diverged';

/**
 * How `other` lies to `own`. Plans and intents are made by people at one machine, and are what cannot be recomputed from a node: a
 * state that has all of the other's and more is newer. Where each has some that the other has not, both machines planned.
 */
export function orderOfBooks(own: BooksSummary, other: BooksSummary): BooksOrder {
  const ownOnly = isMissing(own, other);
  const otherOnly = isMissing(other, own);
  if (ownOnly && otherOnly) return 'diverged';
  if (ownOnly) return 'older';
  if (otherOnly) return 'newer';
  const byTip = compareTips(own, other);
  if (byTip !== 0) return byTip < 0 ? 'newer' : 'older';
  const names = new Set([...Object.keys(own.rows), ...Object.keys(other.rows)]);
  const grown = [...names].map((name) => Math.sign((other.rows[name] ?? 0) - (own.rows[name] ?? 0)));
  if (grown.includes(-1)) return 'older';
  return grown.includes(1) ? 'newer' : 'same';
}

/** Whether a state has plans or sent transactions that the other lacks. */
function isMissing(from: BooksSummary, inside: BooksSummary): boolean {
  const plans = new Set(inside.plans.map(({ planId }) => planId));
  const txids = new Set(inside.intents.map((intent) => intent.split(' ')[0]));
  const settled = new Map(inside.intents.map((intent) => intent.split(' ') as [string, string]));
  return from.plans.some(({ planId }) => !plans.has(planId))
    || from.intents.some((intent) => {
      const [txid = '', state] = intent.split(' ');
      // What was intended becomes sent or refused, never the other way round.
      return !txids.has(txid) || (state !== 'intended' && settled.get(txid) === 'intended');
    });
}

function compareTips(own: BooksSummary, other: BooksSummary): number {
  const heights = (summary: BooksSummary): ReadonlyMap<string, string> => new Map(summary.tips.map((tip) => [tip.network, tip.refreshedAt]));
  const mine = heights(own);
  const theirs = heights(other);
  let order = 0;
  for (const network of new Set([...mine.keys(), ...theirs.keys()])) {
    const a = mine.get(network) ?? '';
    const b = theirs.get(network) ?? '';
    // Where networks disagree the older one wins: nothing newer may be overwritten.
    if (a > b) return 1;
    if (a < b) order = -1;
  }
  return order;
}

/** What two machines that both planned made without each other: it must be settled by people. */
export interface StandbyConflict {
  /** `own` or `other` made it; an address that both gave out is in it twice. */
  readonly side: 'own' | 'other';
  readonly planId: string;
  readonly walletId: string;
  readonly plannedAt: string;
  readonly reserved: string | null;
  /** Whether the other side gave the same address out too. */
  readonly addressTwice: boolean;
}

export function conflictsOf(own: BooksSummary, other: BooksSummary): readonly StandbyConflict[] {
  const only = (from: BooksSummary, inside: BooksSummary) => from.plans.filter(({ planId }) => !inside.plans.some((plan) => plan.planId === planId));
  const mine = only(own, other);
  const theirs = only(other, own);
  const key = ({ walletId, reserved }: SummaryPlan): string => `${walletId} ${reserved}`;
  const named = (side: 'own' | 'other', plans: readonly SummaryPlan[], against: readonly SummaryPlan[]): readonly StandbyConflict[] =>
    plans.map((plan) => ({ side, ...plan, addressTwice: plan.reserved !== null && against.some((item) => key(item) === key(plan)) }));
  return [...named('own', mine, theirs), ...named('other', theirs, mine)];
}
