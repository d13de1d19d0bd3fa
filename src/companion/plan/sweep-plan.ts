import { feeForVsize, feeRateOf, type FeeRate } from '../../domain/fee-rate.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { DerivedAddress } from '../../wallet/address.ts';
import { dustLimitSats, scriptTypeOf } from '../../wallet/script-type.ts';
import { isWorthSpending } from './coin-selection.ts';
import { requireSaneFee } from './fee-policy.ts';
import { byOutpoint, largestFirst, skip, type Plan, type PlannedChange, type SkipReason, type Skipped, type Spendable } from './plan.ts';
import { MAX_STANDARD_WEIGHT, outputVsizeVb, transactionVsizeVb, transactionWeight } from './vsize.ts';

/**
 * An output that a sweep may take; `kind` is `null` where its script is none that a plan can size, or the node would not spend it.
 * `leftBecause`: it cannot be spent now.
 */
export type HotCandidate = Omit<Spendable, 'kind'> & { readonly kind: Spendable['kind'] | null; readonly leftBecause?: SkipReason };

export interface SweepTask {
  readonly network: NetworkName;
  readonly candidates: readonly HotCandidate[];
  /** The script of a cold receive address; every address of the wallet has the same size. */
  readonly destination: Pick<DerivedAddress, 'scriptPubKey'>;
  readonly feeRate: FeeRate;
  /** What must stay hot, in satoshis; `null` sweeps all. Only then may change go back to the hot wallet. */
  readonly floorSats: bigint | null;
  readonly hotChange: { readonly address: string; readonly scriptPubKey: Uint8Array } | null;
  /** No more inputs than this, where the PSBT became too large; otherwise as many as nodes relay. */
  readonly maxInputs?: number;
}

/** A sweep before it has an address: what is spent, what comes back, what arrives. */
export type SweepDraft = Omit<Plan, 'payments' | 'destination'>;

/**
 * Plans a sweep. Unconfirmed and locked outputs stay, and those that cost more than they bring. For a floor, the largest
 * outputs that fit under it stay whole (so that what remains hot is few and large, and the small ones are cleared away);
 * what is then missing of the floor comes back as change, and never less than it: the floor is a promise.
 * @throws StrongroomError `plan.nothing-to-sweep`, `plan.fee-excessive`
 */
export function planSweep(task: SweepTask): SweepDraft {
  const skipped: Skipped[] = [];
  const worthy: Spendable[] = [];
  for (const { kind, leftBecause, ...output } of task.candidates) {
    if (leftBecause !== undefined) skipped.push(skip(output, leftBecause));
    else if (output.confirmations < 1) skipped.push(skip(output, 'unconfirmed'));
    else if (kind === null) skipped.push(skip(output, 'locked'));
    else if (!isWorthSpending({ ...output, kind }, task.feeRate)) skipped.push(skip(output, 'dust'));
    else worthy.push({ ...output, kind });
  }
  const { kept, swept, missingSats } = splitByFloor(worthy.sort(largestFirst), task.floorSats ?? 0n);
  skipped.push(...kept.map((output) => skip(output, 'floor')));
  const change = changeFor(task, missingSats);
  const outputScripts = [task.destination.scriptPubKey, ...(change === null ? [] : [change.scriptPubKey])];
  const inputs = swept.slice(0, inputLimit(task, swept, outputScripts));
  skipped.push(...swept.slice(inputs.length).map((output) => skip(output, 'limit')));

  const vsizeVb = transactionVsizeVb(inputs.map((input) => input.kind), outputScripts);
  const inputsSats = inputs.reduce((sum, input) => sum + input.amountSats, 0n);
  const feeSats = feeForVsize(vsizeVb, task.feeRate);
  const paymentsSats = inputsSats - feeSats - (change?.amountSats ?? 0n);
  // What arrives must be worth what it costs to get there and to spend from there.
  const leastSats = dustLimitSats(scriptTypeOf(task.destination.scriptPubKey)) + feeForVsize(outputVsizeVb(task.destination.scriptPubKey), task.feeRate);
  if (inputs.length === 0 || paymentsSats < leastSats) {
    throw new StrongroomError('plan.nothing-to-sweep', 'No output is left to sweep after floor and fee.', { outputs: task.candidates.length, skipped: skipped.length }, 'Wait for confirmations, lower the floor, or choose a lower fee rate.');
  }
  const leftHotSats = skipped.reduce((sum, output) => sum + output.amountSats, 0n) + (change?.amountSats ?? 0n);
  const draft: SweepDraft = {
    kind: 'sweep',
    network: task.network,
    inputs: [...inputs].sort(byOutpoint),
    change,
    inputsSats,
    paymentsSats,
    feeSats,
    askedFeeRate: task.feeRate,
    feeRate: feeRateOf(feeSats, vsizeVb),
    vsizeVb,
    leftHotSats,
    skipped: skipped.sort(byOutpoint),
    notes: [],
  };
  requireSaneFee(draft);
  return draft;
}

/** The finished plan: the draft with the cold address that was reserved for it. */
export function completeSweep(draft: SweepDraft, destination: Pick<DerivedAddress, 'address' | 'scriptPubKey' | 'branch' | 'index'>): Plan {
  const { address, scriptPubKey, branch, index } = destination;
  return { ...draft, payments: [{ address, scriptPubKey, amountSats: draft.paymentsSats, reference: '' }], destination: { address, branch, index } };
}

/** Which outputs stay for the floor, which go, and what of the floor is then still missing. */
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
  const dust = dustLimitSats(scriptTypeOf(task.hotChange.scriptPubKey));
  return { ...task.hotChange, amountSats: missingSats > dust ? missingSats : dust, own: null };
}

/** How many of the inputs, largest first, fit the transaction. */
function inputLimit(task: SweepTask, ordered: readonly Spendable[], outputScripts: readonly Uint8Array[]): number {
  let count = Math.min(ordered.length, task.maxInputs ?? ordered.length);
  // Inputs differ in size by less than a factor of four: halving and growing would gain nothing over counting down.
  while (count > 0 && transactionWeight(ordered.slice(0, count).map((input) => input.kind), outputScripts) > MAX_STANDARD_WEIGHT) {
    const weight = transactionWeight(ordered.slice(0, count).map((input) => input.kind), outputScripts);
    count -= Math.max(1, Math.floor((weight - MAX_STANDARD_WEIGHT) / HEAVIEST_INPUT_WEIGHT));
  }
  return count;
}

/** No input of one key weighs more than a legacy one with an uncompressed key beside witnesses: 180 bytes and one. */
const HEAVIEST_INPUT_WEIGHT = 4 * 180 + 1;
