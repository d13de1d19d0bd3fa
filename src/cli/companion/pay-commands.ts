import type { InferOutput } from 'valibot';
import { parseBase64 } from '../../domain/bytes.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import { defineCommand, type CommandIo, type CommandResult } from '../shared/command.ts';
import { forceOption, qrForOption, qrOption } from '../shared/common-options.ts';
import { flag, optional, repeated, required, type Options, type Values } from '../shared/option.ts';
import { placeQrCodes, writeQrCodes } from '../shared/qr-output.ts';
import { btc, facts, satsText } from '../shared/text-layout.ts';
import { feeRateValue, inputFileValue, integerValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { planLines } from './plan-text.ts';
import { dbOption, nodeOption, walletOption, withCompanion, type CompanionCall } from './session.ts';

const feeRateOption = optional(feeRateValue, 'fee rate in sat/vB; the node\'s estimate when left out');
const higherRateOption = optional(feeRateValue, 'fee rate in sat/vB; the least that nodes take for a replacement when left out');
const planPositional = required(textValue('PLAN'), 'the plan\'s id or its transaction\'s, or the first eight digits of one');
const expiryOption = optional(integerValue('DAYS', 1, 365), 'days until the plan expires unsent; 14 when left out');
const PAYMENTS_BYTES = 4_194_304;

/** What every command that plans writes. */
const outputOptions = {
  out: required(outputFileValue, 'where the unsigned PSBT goes; an existing folder takes it under a suggested name'),
  db: dbOption, qr: qrOption, 'qr-for': qrForOption, force: forceOption,
} as const satisfies Options;

type Planned = InferOutput<(typeof companionCoreContract)['pay.plan']['output']>;

/** Plans, then writes the file and its codes. @param plan asks the handlers; its other facts go into the JSON */
async function planned<T extends Planned>(
  io: CommandIo, values: Values<typeof outputOptions>, plan: (call: CompanionCall) => Promise<T>, more: (reply: T) => { readonly json: Readonly<Record<string, unknown>>; readonly facts: readonly (readonly [string, string])[] },
): Promise<CommandResult> {
  const place = await io.files.place(values.out, values.force);
  const qrPlace = await placeQrCodes(io, values);
  return withCompanion(io, values.db, async (call) => {
    const made = await plan(call);
    const psbt = parseBase64(made.psbtBase64);
    const out = await io.files.write(place, made.suggestedName, psbt);
    const qr = await writeQrCodes(io, qrPlace, out, psbt);
    const also = more(made);
    return {
      json: { plan: made.plan, psbtSha256: made.psbtSha256, ...also.json, queue: made.queue, out, ...qr.json },
      lines: [
        ...planLines(made.plan, io.style), '',
        ...facts([...also.facts, ['plan', made.queue.planId], ['version', String(made.queue.version)], ['expires', made.queue.expiresAt], ['unsigned PSBT', out], ['SHA-256', made.psbtSha256], ...qr.facts]),
      ],
    };
  });
}

const pay = defineCommand({
  name: 'pay plan',
  summary: 'Plan one unsigned transaction that pays everybody in a CSV file',
  notes: [
    'The header of the CSV names its columns, in any order: address, which takes payment URIs (bitcoin:ADDRESS?amount=0.1) too; amount_sats or amount_btc, or amount with its unit behind it (0.1 BTC, 1000 sats) or in a column unit; reference and cost_code (optional). Lines that cannot be read are all named, and nothing is planned.',
    'Frozen outputs are never spent, and those that another payment waits for stay with it. --only, --exclude, --tag and --exclude-tag narrow down what is spent; OUTPOINT is TXID:N.',
    'The same payments planned again take the place of the plan that waits, as long as both spend a same output; --pay-again pays everybody once more.',
  ],
  positionals: {},
  options: {
    wallet: walletOption,
    payments: required(inputFileValue, 'the payments as CSV'),
    node: nodeOption,
    'fee-rate': feeRateOption,
    only: repeated(textValue('OUTPOINT'), 0, 'spend no other outputs than these'),
    exclude: repeated(textValue('OUTPOINT'), 0, 'leave this output'),
    tag: repeated(textValue('TAG'), 0, 'spend only outputs with one of these tags'),
    'exclude-tag': repeated(textValue('TAG'), 0, 'leave outputs with this tag'),
    'pay-again': flag('pay everybody, even where the same payments wait already'),
    'expires-days': expiryOption,
    ...outputOptions,
  },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
    const paymentsCsv = await io.files.readText(values.payments, PAYMENTS_BYTES);
    const coins = { only: values.only.length === 0 ? null : [...values.only], exclude: [...values.exclude], tags: values.tag.length === 0 ? null : [...values.tag], excludeTags: [...values['exclude-tag']] };
    return planned(io, values, (call) => call('pay.plan', { wallet, paymentsCsv, node: values.node, feeRate: values['fee-rate'] ?? null, coins, payAgain: values['pay-again'], ...expiry(values['expires-days']) }), () => ({ json: {}, facts: [] }));
  },
});

const expiry = (days: number | undefined): { readonly expiresInDays?: number } => (days === undefined ? {} : { expiresInDays: days });

const replacementOptions = { node: nodeOption, 'fee-rate': higherRateOption, 'expires-days': expiryOption, ...outputOptions } as const satisfies Options;
type Replaced = InferOutput<(typeof companionCoreContract)['pay.bump']['output']>;

const replacementFacts = ({ replaces, replacedFeeSats }: Replaced) => ({
  json: { replaces, replacedFeeSats },
  facts: [['replaces', replaces.planId], ['which pays', `${satsText(replaces.feeSats)}, ${replaces.feeRateSatPerVb} sat/vB`]] as const,
});

const bump = defineCommand({
  name: 'pay bump',
  summary: 'Plan the same payment with a higher fee, in place of the version that waits',
  notes: [
    'The version may be unsigned, partly signed or sent. The new one spends all that it spends, pays the same, and takes the higher fee from the change; confirmed outputs are added where that is not enough. Its fee passes that of every earlier version by BIP125, rules 3 and 4.',
    'Replies to earlier versions are refused by name from then on.',
  ],
  positionals: { plan: planPositional },
  options: replacementOptions,
  run: (values, io) => planned(io, values, (call) => call('pay.bump', { plan: values.plan, node: values.node, feeRate: values['fee-rate'] ?? null, ...expiry(values['expires-days']) }), replacementFacts),
});

const cancel = defineCommand({
  name: 'pay cancel',
  summary: 'Plan a version that pays the money back to the wallet itself',
  notes: ['For a payment that was sent and is not confirmed, or whose signed files are about. What nobody has signed is discarded with "queue discard".'],
  positionals: { plan: planPositional },
  options: replacementOptions,
  run: (values, io) => planned(io, values, (call) => call('pay.cancel', { plan: values.plan, node: values.node, feeRate: values['fee-rate'] ?? null, ...expiry(values['expires-days']) }), replacementFacts),
});

const cpfp = defineCommand({
  name: 'pay cpfp',
  summary: 'Plan a child that pulls an unconfirmed transaction along by its fee',
  notes: ['The child spends what the transaction gave the wallet, change or receipt, and sends it back to the wallet. The rate is that of the whole package: the transaction, what it waits for, and the child.'],
  positionals: { txid: required(textValue('TXID'), 'the transaction that waits') },
  options: { wallet: walletOption, node: nodeOption, 'fee-rate': required(feeRateValue, 'fee rate of the package in sat/vB'), 'expires-days': expiryOption, ...outputOptions },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
    return planned(io, values, (call) => call('pay.cpfp', { wallet, txid: values.txid, node: values.node, feeRate: values['fee-rate'], ...expiry(values['expires-days']) }), (made) => ({
      json: { package: made.package },
      facts: [['package', `${made.package.transactions} transactions, ${made.package.vsizeVb} vB, ${made.package.feeRateSatPerVb} sat/vB`], ['package fee', btc(made.package.feeSats)]],
    }));
  },
});

export const payCommands = [pay, bump, cancel, cpfp];
