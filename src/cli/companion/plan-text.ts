import type { InferOutput } from 'valibot';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import { btc, inFours, satsText, table } from '../shared/text-layout.ts';
import type { TextStyle } from '../shared/text-style.ts';

type Plan = InferOutput<(typeof companionCoreContract)['sweep.plan']['output']>['plan'];

export const skippedWords = {
  unconfirmed: 'not confirmed yet',
  dust: 'costs more to spend than it is worth',
  locked: 'locked in the node\'s wallet',
  floor: 'kept back for the floor',
  'not-needed': 'not needed',
  limit: 'over the limit of one transaction',
  spent: 'another transaction that waits spends it',
  immature: 'a block\'s reward that is too young',
  frozen: 'frozen by you',
  age: 'not of the age that is swept',
  label: 'kept by its label or tag',
  wait: 'cheaper to move at a lower fee rate',
  budget: 'over the fee budget',
  excluded: 'left out by choice',
  reserved: 'held by a payment that waits',
} as const;

const noteWords = {
  'payments.duplicate': 'the same address, amount and reference stand more than once',
  'payments.same-address': 'one address is paid more than once',
} as const;

const privacyWords = {
  'privacy.payee-address-reused': 'an address that was paid before is paid again',
  'privacy.own-address-reused': 'an output on an address of ours that was paid more than once is spent',
  'privacy.address-left-behind': 'another output on the same address stays, and is tied to this payment',
  'privacy.joins-addresses': 'addresses that nothing tied together so far are spent together',
  'privacy.links-hot-and-cold': 'money that was swept from a hot wallet is spent with money that came otherwise',
  'privacy.round-amounts': 'all payments are round, so that the change shows',
  'privacy.change-type': 'no payment has the change\'s type of address, so that the change shows',
  'privacy.dust-coin': 'a tiny output on a used address is spent: it may have been sent to follow you; freeze it instead',
  'privacy.pays-own-wallet': 'the wallet pays itself',
} as const;

/** Where a note points to, as far as it fits a line. */
function placesOf({ lines, outpoints }: { readonly lines: readonly number[]; readonly outpoints: readonly string[] }): string {
  const places = lines.length > 0 ? lines.map((line) => `line ${line}`) : outpoints;
  return places.length === 0 ? '' : ` (${places.slice(0, 3).join(', ')}${places.length > 3 ? `, and ${places.length - 3} more` : ''})`;
}

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
    ...(plan.feeSavedSats === undefined || plan.payments.length < 2 ? [] : [`  one transaction each would cost ${satsText(plan.singlesFeeSats ?? '0')}: ${plan.feeSavedSats.startsWith('-') ? 'the batch saves nothing' : `the batch saves ${satsText(plan.feeSavedSats)}, ${plan.feeSavedPercent ?? '0'} %`}`]),
    ...(plan.privacy === undefined || plan.privacy.length === 0 ? [] : ['', '  what the chain will show:', ...plan.privacy.map((note) => `    ${privacyWords[note.code]}${placesOf(note)}`)]),
  ];
}
