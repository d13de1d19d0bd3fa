import { feeForVsize, type FeeRate } from '../../domain/fee-rate.ts';
import type { NetworkName } from '../../domain/network.ts';
import { EXACT_STEPS, selectInputs } from '../plan/coin-selection.ts';
import type { Spendable } from '../plan/plan.ts';
import { inputVsizeVb, transactionVsizeVb, type SpendKind } from '../plan/vsize.ts';

/** What one transaction each would cost, beside a batch of the same payments. */
export interface SinglesTask {
  readonly network: NetworkName;
  /** What the batch may spend. */
  readonly candidates: readonly Spendable[];
  /** In the order of the file. */
  readonly payments: readonly { readonly scriptPubKey: Uint8Array; readonly amountSats: bigint }[];
  readonly ownKind: SpendKind;
  readonly changeScript: Uint8Array;
  readonly feeRate: FeeRate;
}

/** Steps of the search for exact inputs, over all payments together: beyond a hundred payments each gets fewer. */
const SEARCH_STEPS = 2_000_000;

/**
 * The fee of the payments made one after the other by this very wallet: each selects its inputs by the same rules and at the same rate,
 * out of what the one before it left, its change included once it is confirmed. A payment that the wallet could not make alone (its fees
 * are higher than the batch's) counts as one input, the payment and a change. Satoshis.
 */
export function feeOfSingles(task: SinglesTask): bigint {
  const exactSteps = Math.max(1, Math.min(EXACT_STEPS, Math.floor(SEARCH_STEPS / Math.max(1, task.payments.length))));
  const changeInputVsizeVb = inputVsizeVb(task.ownKind);
  let pool = task.candidates;
  let feeSats = 0n;
  task.payments.forEach(({ scriptPubKey, amountSats }, position) => {
    const selection = selectInputs({ network: task.network, candidates: pool, paymentScripts: [scriptPubKey], paymentsSats: amountSats, changeScript: task.changeScript, changeInputVsizeVb, feeRate: task.feeRate, exactSteps });
    if ('failure' in selection) {
      feeSats += feeForVsize(transactionVsizeVb([task.ownKind], [scriptPubKey, task.changeScript]), task.feeRate);
      return;
    }
    feeSats += selection.feeSats;
    const spent = new Set(selection.inputs);
    const change: Spendable = { txid: `change ${position}`, vout: 0, amountSats: selection.changeSats, scriptPubKey: task.changeScript, address: null, confirmations: 1, kind: task.ownKind, own: null };
    pool = [...pool.filter((output) => !spent.has(output)), ...(selection.changeSats > 0n ? [change] : [])];
  });
  return feeSats;
}
