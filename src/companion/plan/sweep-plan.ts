import { feeForVsize, feeRateOf, type FeeRate } from '../../domain/fee-rate.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { DerivedAddress } from '../../wallet/address.ts';
import { dustLimitSats, scriptTypeOf } from '../../wallet/script-type.ts';
import { requireSaneFee } from './fee-policy.ts';
import { byOutpoint, largestFirst, skip, type OwnPlace, type Plan, type PlannedChange, type SkipReason, type Skipped, type Spendable } from './plan.ts';
import { isWithin, openPolicy, type SweepPolicy } from './sweep-policy.ts';
import { sortOutputs, type CoinRule, type HotCandidate, type SortedOutputs } from './sweep-sorting.ts';
import { mostInputs, type InputLimits } from './sweep-size.ts';
import { inputWeight, outputVsizeVb, WeightCount } from './vsize.ts';

export type { HotCandidate };

export interface SweepTask {
  readonly network: NetworkName;
  readonly candidates: readonly HotCandidate[];
  /** The script of a cold receive address; every address of the wallet has the same size. */
  readonly destination: Pick<DerivedAddress, 'scriptPubKey'>;
  readonly feeRate: FeeRate;
  readonly policy?: SweepPolicy;
  /** Where the rest of the floor goes, in the hot wallet. */
  readonly hotChange: { readonly address: string; readonly scriptPubKey: Uint8Array; readonly own?: OwnPlace | null } | null;
  /** Height of the chain, where the policy asks for blocks. */
  readonly tipHeight?: number | null;
  readonly coinRule?: CoinRule;
  /** The most transactions; one where it is left out. */
  readonly maxTransactions?: number;
  readonly limits?: InputLimits;
}

/** A sweep before it has an address: what is spent, what comes back, what arrives. */
export type SweepDraft = Omit<Plan, 'payments' | 'destination'>;

export interface SweepDrafts {
  /** One for each transaction, at least one; no two spend the same output. */
  readonly drafts: readonly SweepDraft[];
  /** Every output that none of them spends. */
  readonly skipped: readonly Skipped[];
  /** What stays hot when all are confirmed: outputs that are not spent, and change. Satoshis. */
  readonly leftHotSats: bigint;
  /** What of the wallet could be spent now, satoshis. */
  readonly usableSats: bigint;
}

/** One transaction of a sweep: its inputs in the order of choice, and what it comes to. */
interface Part {
  readonly inputs: readonly Spendable[];
  readonly change: PlannedChange | null;
  readonly inputsSats: bigint;
  readonly feeSats: bigint;
  readonly vsizeVb: number;
}

/**
 * Plans a sweep in one transaction, or in as many as are permitted. Unconfirmed and locked outputs stay, and those that cost more
 * than they bring, and what the policy keeps. For a floor, what stays anyway counts first; then the largest outputs that fit under it
 * stay whole (so that what remains hot is few and large, and the small ones are cleared away); what is then missing of the floor comes
 * back as change of the first transaction, and never less than it: the floor is a promise, also while only some of them are sent.
 *
 * Each transaction is as large as nodes relay and PSBTs may be. Inputs are taken largest first; where a fee budget is given, by what
 * they bring for their size, so that the budget moves as much as it can. The result depends on the task alone.
 * @throws StrongroomError `plan.nothing-to-sweep`, `plan.below-ceiling`, `plan.over-budget`, `plan.fee-excessive`
 */
export function planSweeps(task: SweepTask): SweepDrafts {
  const policy = task.policy ?? openPolicy;
  const sorted = sortedBy(task);
  if (policy.ceilingSats !== null && sorted.usableSats <= policy.ceilingSats) {
    throw new StrongroomError('plan.below-ceiling', 'The hot wallet holds no more than its ceiling; it is not swept.', { usableSats: String(sorted.usableSats), ceilingSats: String(policy.ceilingSats) }, 'Wait until it holds more, or lower the ceiling.');
  }
  const skipped: Skipped[] = [...sorted.skipped, ...sorted.held.map(({ output, reason }) => skip(output, reason))];
  const heldSats = sorted.held.reduce((sum, { output }) => sum + output.amountSats, 0n);
  const floorSats = policy.floorSats ?? 0n;
  const { kept, swept, missingSats } = splitByFloor([...sorted.eligible].sort(largestFirst), floorSats > heldSats ? floorSats - heldSats : 0n);
  skipped.push(...kept.map((output) => skip(output, 'floor')));

  const { parts, left, isOverBudget } = divide(task, policy, swept, changeFor(task, missingSats));
  skipped.push(...left);
  if (parts.length === 0) {
    const details = { outputs: task.candidates.length, skipped: skipped.length };
    if (isOverBudget) throw new StrongroomError('plan.over-budget', 'Every sweep at this fee rate would cost more than the fee budget.', details, 'Wait for a lower fee rate, or raise the budget.');
    throw new StrongroomError('plan.nothing-to-sweep', 'No output is left to sweep after floor and fee.', details, 'Wait for confirmations, lower the floor, or choose a lower fee rate.');
  }
  const changeSats = parts.reduce((sum, part) => sum + (part.change?.amountSats ?? 0n), 0n);
  const leftHotSats = skipped.reduce((sum, output) => sum + output.amountSats, 0n) + changeSats;
  skipped.sort(byOutpoint);
  const drafts = parts.map(({ inputs, change, inputsSats, feeSats, vsizeVb }): SweepDraft => ({
    kind: 'sweep',
    network: task.network,
    inputs: [...inputs].sort(byOutpoint),
    change,
    inputsSats,
    paymentsSats: inputsSats - feeSats - (change?.amountSats ?? 0n),
    feeSats,
    askedFeeRate: task.feeRate,
    feeRate: feeRateOf(feeSats, vsizeVb),
    vsizeVb,
    leftHotSats,
    skipped,
    notes: [],
  }));
  drafts.forEach(requireSaneFee);
  return { drafts, skipped, leftHotSats, usableSats: sorted.usableSats };
}

const sortedBy = ({ candidates, feeRate, policy = openPolicy, tipHeight = null, coinRule = () => null }: SweepTask): SortedOutputs => sortOutputs({ candidates, feeRate, policy, tipHeight, coinRule });

/** What of the hot wallet could be spent now, satoshis: what floor and ceiling are measured by. */
export const usableSatsOf = (task: SweepTask): bigint => sortedBy(task).usableSats;

/** A sweep in one transaction. @throws StrongroomError as `planSweeps` */
export const planSweep = (task: SweepTask): SweepDraft => planSweeps({ ...task, maxTransactions: 1 }).drafts[0] as SweepDraft;

/** The finished plan: the draft with the cold address that was reserved for it. */
export function completeSweep(draft: SweepDraft, destination: Pick<DerivedAddress, 'address' | 'scriptPubKey' | 'branch' | 'index'>): Plan {
  const { address, scriptPubKey, branch, index } = destination;
  return { ...draft, payments: [{ address, scriptPubKey, amountSats: draft.paymentsSats, reference: '' }], destination: { address, branch, index } };
}

/** Which outputs stay for the floor, which go, and what of the floor is then still missing: less than any that goes. */
function splitByFloor(ordered: readonly Spendable[], floorSats: bigint): { readonly kept: readonly Spendable[]; readonly swept: readonly Spendable[]; readonly missingSats: bigint } {
  const kept: Spendable[] = [];
  const swept: Spendable[] = [];
  let missingSats = floorSats;
  for (const output of ordered) {
    if (output.amountSats <= missingSats) {
      kept.push(output);
      missingSats -= output.amountSats;
    } else swept.push(output);
  }
  return { kept, swept, missingSats };
}

function changeFor(task: SweepTask, missingSats: bigint): PlannedChange | null {
  if (missingSats === 0n || task.hotChange === null) return null;
  const { address, scriptPubKey, own } = task.hotChange;
  const dust = dustLimitSats(scriptTypeOf(scriptPubKey), task.network);
  return { address, scriptPubKey, amountSats: missingSats > dust ? missingSats : dust, own: own ?? null };
}

/** What an input brings for its size, largest first: compared by cross-multiplication, which rounds nothing. */
function bestValueFirst(a: Spendable, b: Spendable): number {
  const left = a.amountSats * BigInt(inputWeight(b.kind));
  const right = b.amountSats * BigInt(inputWeight(a.kind));
  return left === right ? largestFirst(a, b) : left > right ? -1 : 1;
}

interface Division {
  readonly parts: readonly Part[];
  readonly left: readonly Skipped[];
  readonly isOverBudget: boolean;
}

/** Divides what is swept among transactions, each disjoint from the others, until everything is in one or a limit is reached. */
function divide(task: SweepTask, policy: SweepPolicy, swept: readonly Spendable[], change: PlannedChange | null): Division {
  const { mostSats, mostOfMoved } = policy.budget;
  const ordered = [...swept].sort(mostSats === null && mostOfMoved === null ? largestFirst : bestValueFirst);
  const parts: Part[] = [];
  let budgetSats = mostSats;
  let start = 0;
  let reason: SkipReason = 'limit';
  while (start < ordered.length && parts.length < (task.maxTransactions ?? 1)) {
    const ownChange = parts.length === 0 ? change : null;
    const outputScripts = [task.destination.scriptPubKey, ...(ownChange === null ? [] : [ownChange.scriptPubKey])];
    const count = mostInputs(ordered, start, outputScripts, task.limits ?? {});
    const part = largestWithin(ordered.slice(start, start + count), outputScripts, ownChange, task.feeRate, budgetSats, mostOfMoved);
    if (part === null) {
      reason = 'budget';
      break;
    }
    // What arrives must be worth what it costs to get there and to spend from there.
    const leastSats = dustLimitSats(scriptTypeOf(task.destination.scriptPubKey), task.network) + feeForVsize(outputVsizeVb(task.destination.scriptPubKey), task.feeRate);
    if (part.inputsSats - part.feeSats - (ownChange?.amountSats ?? 0n) < leastSats) {
      reason = 'dust';
      break;
    }
    parts.push(part);
    start += part.inputs.length;
    if (budgetSats !== null) budgetSats -= part.feeSats;
    if (part.inputs.length < count) {
      // What would have fitted and costs too much is followed by nothing that costs less for its size.
      reason = 'budget';
      break;
    }
  }
  return { parts, left: ordered.slice(start).map((output) => skip(output, reason)), isOverBudget: reason === 'budget' };
}

/** As many of the inputs, from the first, as the budget permits; `null` where it permits none. */
function largestWithin(inputs: readonly Spendable[], outputScripts: readonly Uint8Array[], change: PlannedChange | null, feeRate: FeeRate, mostSats: bigint | null, mostOfMoved: bigint | null): Part | null {
  const size = new WeightCount(outputScripts);
  const backSats = change?.amountSats ?? 0n;
  let inputsSats = 0n;
  let best: { readonly count: number; readonly inputsSats: bigint; readonly feeSats: bigint; readonly vsizeVb: number } | null = null;
  for (const [position, input] of inputs.entries()) {
    size.add(input.kind);
    inputsSats += input.amountSats;
    const { vsizeVb } = size;
    const feeSats = feeForVsize(vsizeVb, feeRate);
    const fits = (mostSats === null || feeSats <= mostSats) && (mostOfMoved === null || isWithin(feeSats, inputsSats - backSats, mostOfMoved));
    if (fits) best = { count: position + 1, inputsSats, feeSats, vsizeVb };
  }
  return best === null ? null : { ...best, inputs: inputs.slice(0, best.count), change };
}
