import { feeRateOf, type FeeRate } from '../../domain/fee-rate.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { DerivedAddress } from '../../wallet/address.ts';
import { dustLimitSats, scriptTypeOf } from '../../wallet/script-type.ts';
import type { ControlledCoin } from '../coins/coin-control.ts';
import { feeOfSingles } from '../payments/fee-saved.ts';
import type { Payments } from '../payments/payments.ts';
import { isWorthSpending, selectInputs } from './coin-selection.ts';
import { requireSaneFee } from './fee-policy.ts';
import { byOutpoint, skip, type Plan, type Skipped, type Spendable } from './plan.ts';
import { inputVsizeVb, type SpendKind } from './vsize.ts';

export interface PaymentTask {
  readonly network: NetworkName;
  /** Every unspent output of the wallet; those with a reason to stay are not spent. */
  readonly candidates: readonly ControlledCoin[];
  readonly payments: Payments;
  /** The wallet's own kind of input: what spending the change will cost. */
  readonly ownKind: SpendKind;
  /** The script of a change address; every address of the wallet has the same size. */
  readonly changeScript: Uint8Array;
  readonly feeRate: FeeRate;
}

/** A payment before its change has an address. */
export type PaymentDraft = Omit<Plan, 'change'> & { readonly changeSats: bigint };

/**
 * Plans one transaction that makes all payments. Unconfirmed outputs are not spent: whoever made them might replace them.
 * @throws StrongroomError `plan.dust`, `plan.insufficient-funds`, `plan.too-large`, `plan.fee-excessive`, `psbt.no-payment`
 */
export function planPayments(task: PaymentTask): PaymentDraft {
  const { payments, notes } = task.payments;
  if (payments.length === 0) throw new StrongroomError('psbt.no-payment', 'There is nothing to pay.', {}, 'Give a payments file with at least one payment.');
  requireNoDust(payments, task.network);
  const free = task.candidates.filter((output) => output.leftBecause === undefined);
  const confirmed = free.filter((output) => output.confirmations >= 1);
  const paymentsSats = payments.reduce((sum, payment) => sum + payment.amountSats, 0n);
  const selection = selectInputs({
    network: task.network,
    candidates: confirmed,
    paymentScripts: payments.map((payment) => payment.scriptPubKey),
    paymentsSats,
    changeScript: task.changeScript,
    changeInputVsizeVb: inputVsizeVb(task.ownKind),
    feeRate: task.feeRate,
  });
  if ('failure' in selection) {
    if (selection.failure === 'too-large') {
      throw new StrongroomError('plan.too-large', 'The payments need more inputs and outputs than nodes relay in one transaction.', { payments: payments.length }, 'Pay in several files, the largest amounts apart.');
    }
    const availableSats = totalOf(confirmed);
    const waitingSats = totalOf(free) - availableSats;
    const heldSats = totalOf(task.candidates) - totalOf(free);
    throw new StrongroomError(
      'plan.insufficient-funds',
      `The wallet lacks ${selection.missingSats} sats for payments and fee.`,
      { paymentsSats: String(paymentsSats), availableSats: String(availableSats), unconfirmedSats: String(waitingSats), missingSats: String(selection.missingSats), heldSats: String(heldSats) },
      heldSats > 0n ? 'Other outputs are frozen, left out, or held by a payment that waits: free them, discard that payment, or pay less.' : waitingSats > 0n ? 'Wait until what is on its way is confirmed, or pay less.' : 'Move more into the wallet first, or pay less.',
    );
  }
  const chosen = new Set(selection.inputs);
  const skipped = task.candidates.filter((output) => !chosen.has(output)).map((output): Skipped => skip(output, output.leftBecause ?? skipReason(output, task.feeRate)));
  const inputsSats = selection.inputs.reduce((sum, input) => sum + input.amountSats, 0n);
  const draft: PaymentDraft = {
    kind: 'pay',
    network: task.network,
    inputs: [...selection.inputs].sort(byOutpoint),
    payments: payments.map(({ address, scriptPubKey, amountSats, reference, costCode }) => ({ address, scriptPubKey, amountSats, reference, ...(costCode === undefined ? {} : { costCode }) })),
    changeSats: selection.changeSats,
    inputsSats,
    paymentsSats,
    feeSats: selection.feeSats,
    askedFeeRate: task.feeRate,
    feeRate: feeRateOf(selection.feeSats, selection.vsizeVb),
    vsizeVb: selection.vsizeVb,
    destination: null,
    leftHotSats: null,
    skipped: skipped.sort(byOutpoint),
    notes,
    singlesFeeSats: feeOfSingles({ ...task, candidates: confirmed, payments }),
  };
  requireSaneFee(draft);
  return draft;
}

/** The finished plan: the draft with the change address that was reserved for it, where change comes back. */
export function completePayment(draft: PaymentDraft, change: Pick<DerivedAddress, 'address' | 'scriptPubKey' | 'branch' | 'index'> | null): Plan {
  const { changeSats, ...plan } = draft;
  if (changeSats === 0n || change === null) return { ...plan, change: null };
  const { address, scriptPubKey, branch, index } = change;
  return { ...plan, change: { address, scriptPubKey, amountSats: changeSats, own: { branch, index } } };
}

const totalOf = (outputs: readonly Spendable[]): bigint => outputs.reduce((sum, output) => sum + output.amountSats, 0n);

function skipReason(output: Spendable, feeRate: FeeRate): Skipped['reason'] {
  if (output.confirmations < 1) return 'unconfirmed';
  return isWorthSpending(output, feeRate) ? 'not-needed' : 'dust';
}

function requireNoDust(payments: Payments['payments'], network: NetworkName): void {
  const dust = payments.filter((payment) => payment.amountSats < dustLimitSats(scriptTypeOf(payment.scriptPubKey), network));
  const [first] = dust;
  if (first === undefined) return;
  const limit = dustLimitSats(scriptTypeOf(first.scriptPubKey), network);
  throw new StrongroomError(
    'plan.dust',
    `The payment of line ${first.line} is below ${limit} sats, which nodes do not relay.`,
    { line: first.line, limitSats: String(limit), lines: dust.slice(0, 50).map((payment) => payment.line).join(' ') },
    'Raise these payments or leave them out.',
  );
}
