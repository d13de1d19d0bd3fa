import { feeForVsize, feeRateFromSatPerKvb, feeRateOf, formatFeeRate, type FeeRate } from '../../domain/fee-rate.ts';
import { chainParameters, type NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { dustLimitSats, scriptTypeOf } from '../../wallet/script-type.ts';
import type { MempoolEntry } from '../chain-source.ts';
import type { ControlledCoin } from '../coins/coin-control.ts';
import { isWorthSpending } from '../plan/coin-selection.ts';
import { requireSaneFee } from '../plan/fee-policy.ts';
import type { PaymentDraft } from '../plan/payment-plan.ts';
import { byOutpoint, largestFirst, type PlannedPayment, type Spendable } from '../plan/plan.ts';
import { inputVsizeVb, MAX_STANDARD_WEIGHT, transactionVsizeVb, transactionWeight, type SpendKind } from '../plan/vsize.ts';

/**
 * What nodes demand for carrying a replacement, beyond the fee of what it replaces: on Bitcoin 1 sat/vB of its own size, the default of
 * Bitcoin Core before version 30 and more than that of later ones. Nodes of the other chains ask for no more than their relay fee.
 * @see BIP125, rule 4
 */
export const incrementalRate = (network: NetworkName): FeeRate => feeRateFromSatPerKvb(chainParameters(network).fees.minRelaySatPerVb * 1_000n);

interface Common {
  readonly network: NetworkName;
  readonly ownKind: SpendKind;
  readonly changeScript: Uint8Array;
  /** The wallet's other outputs. Confirmed ones alone are added: BIP125's rule 2. */
  readonly candidates: readonly ControlledCoin[];
}

export interface ReplacementTask extends Common {
  /** What the replaced version spends: all of it is spent again, so that the two can never both confirm. */
  readonly inputs: readonly Spendable[];
  /** The same payments; none to take the money back. */
  readonly payments: readonly PlannedPayment[];
  /** The rate asked for; `null` for the least that nodes take. */
  readonly feeRate: FeeRate | null;
  /** The rate of the replaced version, which the new one must pass. */
  readonly replacedFeeRate: FeeRate;
  /** The highest fee of all versions that may be about, with everything that spends from them: rule 3. */
  readonly replacedFeeSats: bigint;
}

/**
 * A version of a payment with a higher fee. Its change pays for it; where that is not enough, confirmed outputs are added, the largest
 * first. It can drive out every earlier version by BIP125, also one that somebody else sends first.
 * @throws StrongroomError `bump.too-little`, `bump.not-possible` (nothing would be left of what is taken back), `plan.insufficient-funds`,
 * `plan.too-large`, `plan.fee-excessive`
 */
export function planReplacement(task: ReplacementTask): PaymentDraft {
  const { replacedFeeSats, replacedFeeRate, feeRate } = task;
  if (feeRate !== null && feeRate <= replacedFeeRate) {
    throw new StrongroomError('bump.too-little', `The payment pays ${formatFeeRate(replacedFeeRate)} sat/vB already.`, { askedSatPerVb: formatFeeRate(feeRate), paysSatPerVb: formatFeeRate(replacedFeeRate) }, 'Give a higher fee rate.');
  }
  const least = (vsizeVb: number): bigint => replacedFeeSats + feeForVsize(vsizeVb, incrementalRate(task.network));
  const feeFor = (vsizeVb: number): bigint => larger(feeRate === null ? 0n : feeForVsize(vsizeVb, feeRate), least(vsizeVb));
  return settled(task, task.inputs, feeFor, feeRate ?? replacedFeeRate);
}

export interface ChildTask extends Common {
  /** Outputs of the transaction that waits, ours and unspent. */
  readonly outputs: readonly Spendable[];
  /** What the node says of it and of what it waits for. */
  readonly parent: MempoolEntry;
  /** For the transaction, what it waits for, and the child together. */
  readonly feeRate: FeeRate;
  /** The least rate that the node relays. */
  readonly minimumFeeRate: FeeRate;
}

/** How many transactions may wait for one another (Bitcoin Core, `DEFAULT_ANCESTOR_LIMIT`). */
const MAX_ANCESTORS = 25;

/**
 * A child that pays for its parent: it sends what an unconfirmed transaction gave us back to ourselves, with so high a fee that whoever
 * mines takes both. What the fee lacks is added from confirmed outputs.
 * @throws StrongroomError `bump.not-possible`, `bump.too-little`, `plan.insufficient-funds`, `plan.fee-excessive`
 */
export function planChild(task: ChildTask): PaymentDraft {
  const { ancestors } = task.parent;
  const packageRate = feeRateOf(ancestors.feeSats, ancestors.vsizeVb);
  if (packageRate >= task.feeRate) {
    throw new StrongroomError('bump.too-little', `The transaction and what it waits for pay ${formatFeeRate(packageRate)} sat/vB already.`, { askedSatPerVb: formatFeeRate(task.feeRate), paysSatPerVb: formatFeeRate(packageRate) }, 'Give a higher fee rate.');
  }
  if (task.outputs.length === 0) throw notPossible('nothing-of-ours', 'The transaction has no unspent output of this wallet.', 'Replace it instead, if it is a payment of yours; or ask who made it.');
  if (ancestors.count >= MAX_ANCESTORS || task.parent.descendants.count >= MAX_ANCESTORS) throw notPossible('chain-too-long', 'Too many transactions wait for one another for one more.', 'Wait until some are confirmed.');
  const feeFor = (vsizeVb: number): bigint => larger(feeForVsize(ancestors.vsizeVb + vsizeVb, task.feeRate) - ancestors.feeSats, feeForVsize(vsizeVb, task.minimumFeeRate));
  const [first, ...others] = [...task.outputs].sort(largestFirst) as [Spendable, ...Spendable[]];
  return settled({ ...task, payments: [], more: others }, [first], feeFor, task.feeRate);
}

/** Change and fee of inputs that must be spent, with more added until they are enough. @param more spent before the candidates */
function settled(task: Common & { readonly payments: readonly PlannedPayment[]; readonly more?: readonly Spendable[] }, must: readonly Spendable[], feeFor: (vsizeVb: number) => bigint, rate: FeeRate): PaymentDraft {
  const { network, payments, changeScript, ownKind } = task;
  const paymentScripts = payments.map(({ scriptPubKey }) => scriptPubKey);
  const paymentsSats = payments.reduce((sum, { amountSats }) => sum + amountSats, 0n);
  const taken = new Set([...must, ...(task.more ?? [])].map(({ txid, vout }) => `${txid}:${vout}`));
  const added = task.candidates.filter((output) => output.leftBecause === undefined && output.confirmations >= 1 && !taken.has(`${output.txid}:${output.vout}`) && isWorthSpending(output, rate)).sort(largestFirst);
  const waiting = [...(task.more ?? []), ...added];
  const leastChangeSats = larger(dustLimitSats(scriptTypeOf(changeScript), network), feeForVsize(inputVsizeVb(ownKind), rate));
  const inputs = [...must];
  for (;;) {
    const kinds = inputs.map(({ kind }) => kind);
    const totalSats = inputs.reduce((sum, { amountSats }) => sum + amountSats, 0n);
    if (transactionWeight(kinds, [...paymentScripts, changeScript]) > MAX_STANDARD_WEIGHT) throw new StrongroomError('plan.too-large', 'With the inputs that the fee needs the transaction is larger than nodes relay.', { inputs: inputs.length }, 'Choose a lower fee rate.');
    const withChange = transactionVsizeVb(kinds, [...paymentScripts, changeScript]);
    const changeSats = totalSats - paymentsSats - feeFor(withChange);
    if (changeSats >= leastChangeSats) return draftOf(changeSats, withChange);
    const withoutChange = payments.length === 0 ? null : transactionVsizeVb(kinds, paymentScripts);
    if (withoutChange !== null && totalSats - paymentsSats >= feeFor(withoutChange)) return draftOf(0n, withoutChange);
    const next = waiting.shift();
    if (next === undefined) {
      const missingSats = (payments.length === 0 ? leastChangeSats : 0n) + paymentsSats + feeFor(withoutChange ?? withChange) - totalSats;
      throw new StrongroomError('plan.insufficient-funds', `The wallet lacks ${missingSats} sats for the higher fee.`, { paymentsSats: String(paymentsSats), missingSats: String(missingSats) }, 'Choose a lower fee rate, or wait until more is confirmed in the wallet.');
    }
    inputs.push(next);
  }

  function draftOf(changeSats: bigint, vsizeVb: number): PaymentDraft {
    const inputsSats = inputs.reduce((sum, { amountSats }) => sum + amountSats, 0n);
    const feeSats = inputsSats - paymentsSats - changeSats;
    const draft: PaymentDraft = {
      kind: 'pay', network, inputs: inputs.sort(byOutpoint), payments, changeSats, inputsSats, paymentsSats, feeSats,
      askedFeeRate: rate, feeRate: feeRateOf(feeSats, vsizeVb), vsizeVb, destination: null, leftHotSats: null, skipped: [], notes: [],
    };
    requireSaneFee(draft);
    return draft;
  }
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export const notPossible = (reason: string, sentence: string, hint: string): StrongroomError => new StrongroomError('bump.not-possible', sentence, { reason }, hint);
