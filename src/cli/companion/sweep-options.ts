import type { CommandIo } from '../shared/command.ts';
import { flag, optional, repeated, type Values } from '../shared/option.ts';
import { usageError } from '../shared/usage-error.ts';
import { feeRateValue, inputFileValue, integerValue, satsValue, textValue, type ValueKind } from '../shared/value-kinds.ts';

/** A percentage with at most two decimals. */
const percentValue: ValueKind<string> = {
  placeholder: 'PERCENT', choices: [], completes: 'nothing',
  parse(text, optionName) {
    if (!/^(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?$/.test(text)) throw usageError(`${optionName} takes a percentage with at most two decimals.`, `Write for example ${optionName} 0.5.`);
    return text;
  },
};

const MOST_CONFIRMATIONS = 10_000_000;
const MOST_HEIGHT = 100_000_000;

/** What is swept. */
export const sourceOptions = {
  from: optional(textValue('NAME'), 'the hot wallet: a wallet that the node itself keeps'),
  'from-wallet': repeated(inputFileValue, 0, 'the file of a hot wallet whose keys are elsewhere; several are swept together'),
  'from-addresses': repeated(inputFileValue, 0, 'an address of a paper wallet, or a file of them; - for standard input'),
};

/** When and how much is swept. */
export const policyOptions = {
  'floor-sats': optional(satsValue, 'leave at least this much in the hot wallet'),
  'ceiling-sats': optional(satsValue, 'sweep only when the hot wallet holds more than this, and then down to the floor'),
  'budget-sats': optional(satsValue, 'the most that all transactions may cost together'),
  'budget-percent': optional(percentValue, 'the most that each transaction may cost, of what it moves'),
  'long-term-fee-rate': optional(feeRateValue, 'what moving costs some day: outputs wait that would cost too much more now'),
  'premium-percent': optional(percentValue, 'how much more than at the long-term rate an output may cost now, of its amount; 1 when left out'),
  'min-confirmations': optional(integerValue('NUMBER', 1, MOST_CONFIRMATIONS), 'sweep outputs with at least so many confirmations'),
  'max-confirmations': optional(integerValue('NUMBER', 1, MOST_CONFIRMATIONS), 'sweep outputs with at most so many confirmations'),
  'from-height': optional(integerValue('HEIGHT', 0, MOST_HEIGHT), 'sweep outputs of this block and later ones'),
  'to-height': optional(integerValue('HEIGHT', 0, MOST_HEIGHT), 'sweep outputs of this block and earlier ones'),
  tag: repeated(textValue('TAG'), 0, 'sweep only outputs with one of these tags'),
  'exclude-tag': repeated(textValue('TAG'), 0, 'leave outputs with this tag'),
};

export const rateOptions = {
  'fee-rate': optional(feeRateValue, 'fee rate in sat/vB; the node\'s estimate when left out'),
  'target-blocks': optional(integerValue('NUMBER', 1, 1008), 'estimate the fee rate for confirmation within so many blocks; 6 when left out'),
  split: flag('make as many transactions as it takes, each as large as nodes relay and to an address of its own'),
};

type SourceValues = Values<typeof sourceOptions>;
type PolicyValues = Values<typeof policyOptions>;

/** The source as the contract has it. @throws StrongroomError `usage.malformed`, `file.*` */
export async function readSource(values: SourceValues, io: CommandIo) {
  const given = [values.from !== undefined, values['from-wallet'].length > 0, values['from-addresses'].length > 0].filter(Boolean).length;
  if (given !== 1) throw usageError('A sweep is of one thing: a hot wallet (--from or --from-wallet) or paper wallets (--from-addresses).', 'Give one of the three.');
  if (values.from !== undefined) return { kind: 'node-wallet', name: values.from } as const;
  if (values['from-wallet'].length > 0) {
    const wallets: string[] = [];
    for (const file of values['from-wallet']) wallets.push(await io.files.readText(file));
    return { kind: 'wallets', wallets } as const;
  }
  return { kind: 'addresses', addresses: await readAddresses(io, values['from-addresses']) } as const;
}

/** The policy as the contract has it. */
export const readPolicy = (values: PolicyValues) => ({
  floorSats: values['floor-sats'] ?? null,
  ceilingSats: values['ceiling-sats'] ?? null,
  budgetSats: values['budget-sats'] ?? null,
  budgetPercent: values['budget-percent'] ?? null,
  longTermFeeRate: values['long-term-fee-rate'] ?? null,
  premiumPercent: values['premium-percent'] ?? null,
  leastConfirmations: values['min-confirmations'] ?? null,
  mostConfirmations: values['max-confirmations'] ?? null,
  fromHeight: values['from-height'] ?? null,
  toHeight: values['to-height'] ?? null,
  tags: values.tag.length === 0 ? null : [...values.tag],
  excludeTags: values['exclude-tag'].length === 0 ? null : [...values['exclude-tag']],
});

/** Addresses as they stand, and the contents of files of them, as one list. */
async function readAddresses(io: CommandIo, given: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const each of given) texts.push(isAddressText(each) ? each : await io.files.readText(each));
  if (texts.length > 1 && texts.some((text) => text.includes(','))) throw usageError('A CSV of addresses stands alone.', 'Give one CSV, or files and addresses without columns.');
  return texts.map((text) => text.trim()).join('\n');
}

/** An address has no dot and no slash; a file of such a name can be given as ./NAME. */
export const isAddressText = (text: string): boolean => /^[A-Za-z0-9]{26,90}$/.test(text);
