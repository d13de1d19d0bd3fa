import { toHex } from '../../domain/bytes.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { scriptTypeOf } from '../../wallet/script-type.ts';
import type { WalletTransaction } from '../chain-source.ts';
import type { Payments } from './payments.ts';
import type { Plan, Spendable } from '../plan/plan.ts';

/**
 * What a transaction tells whoever reads the chain, beyond what it must.
 * - `privacy.payee-address-reused`: a payment goes to an address that this Companion has paid before.
 * - `privacy.own-address-reused`: an input lies on an address of ours that was paid more than once.
 * - `privacy.address-left-behind`: another output on the same address stays unspent, and is tied to this payment all the same.
 * - `privacy.joins-addresses`: inputs of addresses that nothing has tied together so far are spent together.
 * - `privacy.links-hot-and-cold`: money that came by a sweep of a hot wallet is spent together with money that came otherwise.
 * - `privacy.round-amounts`: all payments are round and the change is not, so that it shows as the change.
 * - `privacy.change-type`: no payment has the change's type of script, so that it shows as the change.
 * - `privacy.dust-coin`: a tiny input on an address that was used before: such are sent to see where they go.
 * - `privacy.pays-own-wallet`: a payment goes to the wallet that it is made from.
 */
export const privacyCodes = [
  'privacy.payee-address-reused', 'privacy.own-address-reused', 'privacy.address-left-behind', 'privacy.joins-addresses', 'privacy.links-hot-and-cold',
  'privacy.round-amounts', 'privacy.change-type', 'privacy.dust-coin', 'privacy.pays-own-wallet',
] as const;

export interface PrivacyNote {
  readonly code: (typeof privacyCodes)[number];
  /** Of the payments file, where it is about payments. */
  readonly lines: readonly number[];
  /** `txid:vout` of the inputs, or of what is left behind. */
  readonly outpoints: readonly string[];
}

export interface PrivacyFacts {
  readonly plan: Pick<Plan, 'inputs'> & { readonly changeSats: bigint };
  readonly payments: Payments['payments'];
  readonly changeScript: Uint8Array;
  /** Every unspent output of the wallet. */
  readonly candidates: readonly Spendable[];
  /** The wallet's history. */
  readonly transactions: readonly WalletTransaction[];
  /** Addresses that earlier plans paid. */
  readonly paidBefore: ReadonlySet<string>;
  /** Transactions that brought money from a hot wallet. */
  readonly sweeps: ReadonlySet<string>;
  /** Whether a script is the wallet's own. */
  readonly isOwn: (scriptPubKey: Uint8Array) => boolean;
}

/** Below this an output on a used address is taken for bait: no order of anybody is so small. Satoshis. */
const DUST_COIN_SATS = 2_000n;
/** What people call a round amount: whole thousands of satoshis. */
const ROUND_SATS = 1_000n;
/** How many places a note names. */
const NAMED = 50;

/** All notes on a payment, in the order of the codes. The same facts in any order give the same notes. */
export function privacyNotes(facts: PrivacyFacts): readonly PrivacyNote[] {
  const { plan, payments } = facts;
  const { inputs } = plan;
  const live = facts.transactions.filter((transaction) => transaction.confirmations >= 0);
  const receipts = countBy(live.flatMap(({ received }) => received.map(placeOf)));
  const chosen = new Set(inputs.map(formatOutpoint));
  const spentScripts = new Set(inputs.map(({ scriptPubKey }) => toHex(scriptPubKey)));
  const isReused = ({ own }: Spendable): boolean => own !== null && (receipts.get(placeOf(own)) ?? 0) > 1;
  const swept = inputs.filter(({ txid }) => facts.sweeps.has(txid));
  const hasChange = plan.changeSats > 0n;
  const notes: readonly (readonly [PrivacyNote['code'], readonly { readonly line: number }[], readonly Spendable[]])[] = [
    ['privacy.payee-address-reused', payments.filter(({ address }) => facts.paidBefore.has(address)), []],
    ['privacy.own-address-reused', [], inputs.filter(isReused)],
    ['privacy.address-left-behind', [], facts.candidates.filter((output) => !chosen.has(formatOutpoint(output)) && spentScripts.has(toHex(output.scriptPubKey)))],
    ['privacy.joins-addresses', [], joined(inputs, live)],
    // Change of earlier payments is ours either way; what counts is where money came in.
    ['privacy.links-hot-and-cold', [], swept.length > 0 && inputs.some((input) => input.own?.branch === 0 && !facts.sweeps.has(input.txid)) ? swept : []],
    ['privacy.round-amounts', hasChange && plan.changeSats % ROUND_SATS !== 0n && payments.every(({ amountSats }) => amountSats % ROUND_SATS === 0n) ? payments : [], []],
    ['privacy.change-type', hasChange && payments.every(({ scriptPubKey }) => scriptTypeOf(scriptPubKey) !== scriptTypeOf(facts.changeScript)) ? payments : [], []],
    ['privacy.dust-coin', [], inputs.filter((input) => input.amountSats <= DUST_COIN_SATS && isReused(input))],
    ['privacy.pays-own-wallet', payments.filter(({ scriptPubKey }) => facts.isOwn(scriptPubKey)), []],
  ];
  return notes.filter(([, about, outputs]) => about.length + outputs.length > 0).map(([code, about, outputs]) => ({
    code, lines: about.map(({ line }) => line).slice(0, NAMED), outpoints: outputs.map(formatOutpoint).sort().slice(0, NAMED),
  }));
}

const placeOf = ({ branch, index }: { readonly branch: number; readonly index: number }): string => `${branch}/${index}`;

const countBy = (keys: readonly string[]): ReadonlyMap<string, number> => new Map([...Map.groupBy(keys, (key) => key)].map(([key, same]) => [key, same.length]));

/** The inputs, where they are of addresses that no earlier spend has tied together; none otherwise. */
function joined(inputs: readonly Spendable[], history: readonly WalletTransaction[]): readonly Spendable[] {
  const places = new Set(inputs.flatMap(({ own }) => (own === null ? [] : [placeOf(own)])));
  if (places.size < 2) return [];
  const cluster = new Map<string, string>();
  const rootOf = (place: string): string => {
    let root = place;
    for (let next = cluster.get(root); next !== undefined; next = cluster.get(root)) root = next;
    return root;
  };
  const placeOfOutput = new Map(history.flatMap(({ txid, received }) => received.map((output) => [formatOutpoint({ txid, vout: output.vout }), placeOf(output)] as const)));
  for (const { spent, received } of history) {
    // Whoever spends several outputs shows that they are one owner's; so does change, which comes back to the wallet.
    const together = spent.length === 0 ? [] : [...spent.flatMap((outpoint) => placeOfOutput.get(formatOutpoint(outpoint)) ?? []), ...received.map(placeOf)];
    const [first, ...others] = together.map(rootOf);
    for (const other of others) if (first !== undefined && rootOf(other) !== rootOf(first)) cluster.set(rootOf(other), rootOf(first));
  }
  return new Set([...places].map(rootOf)).size > 1 ? inputs : [];
}
