import type { InferOutput } from 'valibot';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import { btc, inFours, satsText, table } from '../shared/text-layout.ts';
import type { TextStyle } from '../shared/text-style.ts';

type Plan = InferOutput<(typeof companionCoreContract)['sweep.plan']['output']>['plan'];

const skippedWords = {
  unconfirmed: 'not confirmed yet',
  dust: 'costs more to spend than it is worth',
  locked: 'locked in the node\'s wallet',
  floor: 'kept back for the floor',
  'not-needed': 'not needed',
  limit: 'over the limit of one transaction',
  spent: 'another transaction that waits spends it',
  immature: 'a block\'s reward that is too young',
} as const;

const noteWords = {
  'payments.duplicate': 'the same address, amount and reference stand more than once',
  'payments.same-address': 'one address is paid more than once',
} as const;

/** A plan in the order of the review that the Signer will show, so that the two can be laid side by side. */
export function planLines(plan: Plan, style: TextStyle): readonly string[] {
  const changeSats = plan.change?.amountSats ?? '0';
  return [
    style.bold(plan.kind === 'sweep' ? 'Sweep, unsigned' : `Payment to ${plan.payments.length} ${plan.payments.length === 1 ? 'recipient' : 'recipients'}, unsigned`),
    ...table([['inputs', btc(plan.inputsSats)], ['- payments', btc(plan.paymentsSats)], ['- fee', btc(plan.feeSats)], ['= change', btc(changeSats)]], [1], '  '),
    '',
    ...plan.payments.flatMap((payment) => [
      `  ${btc(payment.amountSats)} to${payment.reference === '' ? '' : ` (${payment.reference})`}`,
      `    ${payment.address}`,
      `    ${style.dim(inFours(payment.address))}`,
    ]),
    ...(plan.destination === null ? [] : [`  the cold wallet's ${plan.destination.branch} address ${plan.destination.index}`]),
    ...(plan.change === null ? ['  no change'] : [`  ${btc(plan.change.amountSats)} change${plan.change.branch === null ? '' : ` at ${plan.change.branch} ${plan.change.index ?? ''}`}`, `    ${plan.change.address}`]),
    '',
    `  fee ${satsText(plan.feeSats)}, ${plan.feeRateSatPerVb} sat/vB over ${plan.vsizeVb} vB${plan.feePercent === null ? '' : `, ${plan.feePercent} %`}`,
    ...(plan.leftHotSats === null ? [] : [`  left in the hot wallet: ${btc(plan.leftHotSats)}`]),
    ...(plan.skipped.length === 0 ? [] : ['', '  not spent:', ...table(plan.skipped.map((utxo) => [btc(utxo.amountSats), skippedWords[utxo.reason], `${utxo.txid}:${utxo.vout}`]), [0], '    ')]),
    ...(plan.notes === undefined || plan.notes.length === 0 ? [] : ['', ...plan.notes.map((note) => `  look at lines ${note.lines.join(', ')}: ${noteWords[note.code]}`)]),
  ];
}
