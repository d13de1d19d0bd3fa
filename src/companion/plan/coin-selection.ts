import { feeForVsize, type FeeRate } from '../../domain/fee-rate.ts';
import type { NetworkName } from '../../domain/network.ts';
import { dustLimitSats, scriptTypeOf } from '../../wallet/script-type.ts';
import { largestFirst, type Spendable } from './plan.ts';
import { inputVsizeVb, MAX_STANDARD_WEIGHT, outputVsizeVb, transactionVsizeVb, transactionWeight } from './vsize.ts';

/** What a selection has to pay for. */
export interface SelectionTask {
  readonly network: NetworkName;
  readonly candidates: readonly Spendable[];
  readonly paymentScripts: readonly Uint8Array[];
  readonly paymentsSats: bigint;
  readonly changeScript: Uint8Array;
  /** What spending the change later will take, in virtual bytes. */
  readonly changeInputVsizeVb: number;
  readonly feeRate: FeeRate;
  /** How long the search for an exact match may take; `EXACT_STEPS` where it is left out. */
  readonly exactSteps?: number;
}

/** Inputs that pay exactly: inputs = payments + change + fee. */
export interface Selection {
  readonly inputs: readonly Spendable[];
  /** 0 when no change comes back. */
  readonly changeSats: bigint;
  readonly feeSats: bigint;
  readonly vsizeVb: number;
}

export type SelectionFailure = { readonly failure: 'insufficient'; readonly missingSats: bigint } | { readonly failure: 'too-large' };

/** True when spending the output costs less than it brings. */
export const isWorthSpending = (output: Spendable, feeRate: FeeRate): boolean => output.amountSats > feeForVsize(inputVsizeVb(output.kind), feeRate);

/** How many candidates the search for an exact match takes on, and how many steps it makes. */
const EXACT_CANDIDATES = 60;
export const EXACT_STEPS = 20_000;
/** Virtual bytes, besides one an input, by which the parts' sizes may differ from the whole: rounding, counts, markers. */
const SLACK_VB = 8;

/**
 * Chooses the inputs of a payment. The result depends on the arguments alone:
 * 1. Outputs that cost more to spend than they bring are not considered.
 * 2. Largest first, until payments, fee and change are paid: the fewest inputs, so the least fee and the least to check
 *    at the Signer.
 * 3. Among the 60 largest, a bounded depth-first search looks for inputs that need no change: they pay payments and fee and
 *    exceed them by less than a change would cost, to make now and to spend later. Of those the cheapest, then the fewest
 *    inputs. It is taken where it costs no more than the first way and its change: it saves an output, and ties nothing
 *    of this payment to the next.
 * Change is made only where it is above dust and above what spending it later costs at this rate; a smaller rest is fee.
 */
export function selectInputs(task: SelectionTask): Selection | SelectionFailure {
  const ordered = task.candidates.filter((output) => isWorthSpending(output, task.feeRate)).sort(largestFirst);
  const exact = selectExactly(task, ordered.slice(0, EXACT_CANDIDATES));
  const largest = selectLargestFirst(task, ordered);
  if (exact === null) return largest;
  if ('failure' in largest) return exact;
  const laterSats = largest.changeSats > 0n ? feeForVsize(task.changeInputVsizeVb, task.feeRate) : 0n;
  return exact.feeSats <= largest.feeSats + laterSats ? exact : largest;
}

function selectLargestFirst(task: SelectionTask, ordered: readonly Spendable[]): Selection | SelectionFailure {
  const chosen: Spendable[] = [];
  let total = 0n;
  for (const output of ordered) {
    chosen.push(output);
    total += output.amountSats;
    // Sizes are looked at once the payments alone are covered: before, no size could make it enough.
    if (total < task.paymentsSats) continue;
    if (transactionWeight(kindsOf(chosen), [...task.paymentScripts, task.changeScript]) > MAX_STANDARD_WEIGHT) return { failure: 'too-large' };
    if (total >= minimumNeed(task, chosen)) return settle(task, chosen);
  }
  return { failure: 'insufficient', missingSats: minimumNeed(task, chosen) - total };
}

const kindsOf = (inputs: readonly Spendable[]) => inputs.map((input) => input.kind);
const totalOf = (inputs: readonly Spendable[]): bigint => inputs.reduce((sum, input) => sum + input.amountSats, 0n);

function feeOf(task: SelectionTask, inputs: readonly Spendable[], withChange: boolean): bigint {
  const outputs = withChange ? [...task.paymentScripts, task.changeScript] : task.paymentScripts;
  return feeForVsize(transactionVsizeVb(kindsOf(inputs), outputs), task.feeRate);
}

const minimumNeed = (task: SelectionTask, inputs: readonly Spendable[]): bigint => task.paymentsSats + feeOf(task, inputs, false);

/** The least change worth having: above dust and above the cost of spending it. */
function leastChangeSats(task: SelectionTask): bigint {
  const dust = dustLimitSats(scriptTypeOf(task.changeScript), task.network);
  const spending = feeForVsize(task.changeInputVsizeVb, task.feeRate);
  return spending > dust ? spending : dust;
}

/** What making a change and spending it later costs. */
const costOfChange = (task: SelectionTask): bigint => feeForVsize(outputVsizeVb(task.changeScript), task.feeRate) + leastChangeSats(task);

/** Change and fee of inputs that are enough. */
function settle(task: SelectionTask, inputs: readonly Spendable[]): Selection {
  const total = totalOf(inputs);
  const withChange = total - task.paymentsSats - feeOf(task, inputs, true);
  const changeSats = withChange >= leastChangeSats(task) ? withChange : 0n;
  const outputs = changeSats > 0n ? [...task.paymentScripts, task.changeScript] : task.paymentScripts;
  return { inputs: [...inputs], changeSats, feeSats: total - task.paymentsSats - changeSats, vsizeVb: transactionVsizeVb(kindsOf(inputs), outputs) };
}

function selectExactly(task: SelectionTask, ordered: readonly Spendable[]): Selection | null {
  // In effective values (amount less the cost of the input) the target does not depend on the inputs, up to rounding,
  // which `minimumNeed` below settles.
  const values = ordered.map((output) => output.amountSats - feeForVsize(inputVsizeVb(output.kind), task.feeRate));
  const remaining = values.map((_, index) => values.slice(index).reduce((sum, value) => sum + value, 0n));
  const fixedFee = feeOf(task, [], false);
  const slack = feeForVsize(SLACK_VB + ordered.length, task.feeRate) + BigInt(ordered.length) + 1n;
  const low = task.paymentsSats + fixedFee - slack;
  const high = task.paymentsSats + fixedFee + costOfChange(task) + slack;
  const mostSteps = task.exactSteps ?? EXACT_STEPS;
  const chosen: Spendable[] = [];
  let best: { readonly inputs: readonly Spendable[]; readonly total: bigint } | null = null;
  let steps = 0;

  const visit = (index: number, sum: bigint): void => {
    steps += 1;
    if (steps > mostSteps || sum > high) return;
    if (sum >= low && chosen.length > 0) {
      // Without change all that the payments leave is fee, so the least total is the cheapest.
      const total = totalOf(chosen);
      const excess = total - minimumNeed(task, chosen);
      const isCheaper = best === null || total < best.total || (total === best.total && chosen.length < best.inputs.length);
      if (isCheaper && excess >= 0n && excess < costOfChange(task)) best = { inputs: [...chosen], total };
    }
    const output = ordered[index];
    if (output === undefined || sum + (remaining[index] as bigint) < low) return;
    chosen.push(output);
    visit(index + 1, sum + (values[index] as bigint));
    chosen.pop();
    visit(index + 1, sum);
  };
  visit(0, 0n);

  const found = best as { readonly inputs: readonly Spendable[] } | null;
  if (found === null || transactionWeight(kindsOf(found.inputs), task.paymentScripts) > MAX_STANDARD_WEIGHT) return null;
  return settle(task, found.inputs);
}
