import type { InferOutput } from 'valibot';
import { parseBase64, equalBytes } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { scheduleContract } from '../../host/schedule-wire.ts';
import { PSBT_FILE_BYTES, type OutputPlace } from '../shared/command-files.ts';
import { forceOption } from '../shared/common-options.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { flag, optional, repeated, required, withDefault } from '../shared/option.ts';
import { btc, facts } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, feeRateValue, folderValue, inputFileValue, integerValue, satsValue, textValue } from '../shared/value-kinds.ts';
import { readTarget, targetOptions } from './refill-commands.ts';
import { dbOption, nodeOption, withCompanion } from './session.ts';
import { policyOptions, readPolicy, readSource, sourceOptions } from './sweep-options.ts';

type Rule = InferOutput<(typeof scheduleContract)['schedule.list']['output']>['rules'][number];
type Outcome = InferOutput<(typeof scheduleContract)['schedule.run']['output']>['outcomes'][number];

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const nameArgument = required(textValue('NAME'), 'the rule\'s name: small letters, digits and hyphens');

const reasonWords = {
  off: 'it is switched off',
  day: 'today is not one of its days',
  time: 'it is outside its hours',
  interval: 'it prepared something too short a time ago',
  outstanding: 'what it prepared is still to be signed and sent',
  'below-ceiling': 'the hot wallet holds no more than the ceiling',
  'above-floor': 'the hot wallet holds at least the floor',
  'fee-rate': 'the fee rate is above what the rule permits',
} as const;

const list = defineCommand({
  name: 'schedule list',
  summary: 'List the rules that prepare sweeps and refills, and what they came to last',
  notes: [],
  positionals: {},
  options: { db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const { rules } = await call('schedule.list', {});
    return { json: { rules }, lines: rules.length === 0 ? ['No rules. Add one with "schedule add".'] : rules.flatMap((rule) => ruleLines(rule, io)) };
  }),
});

const add = defineCommand({
  name: 'schedule add',
  summary: 'Add a rule that prepares sweeps or refills; it never sends anything',
  notes: [
    'A rule of a sweep: --kind sweep, what is swept (--from, --from-wallet or --from-addresses), --cold the file of the cold wallet, --ceiling-sats, and any other limit of "sweep plan".',
    'A rule of a refill: --kind refill, --cold, the hot wallet (--to or --to-wallet), --floor-sats and --target-sats.',
    'The rule and its wallet files are kept in the ledger. Days and hours are UTC; a window such as 22:00 to 04:00 belongs to the day on which it begins.',
    'Have "schedule run" started by the system, every hour for instance: it looks at each rule and prepares what is due.',
  ],
  positionals: { name: nameArgument },
  options: {
    kind: required(choiceValue('KIND', ['sweep', 'refill']), 'what the rule prepares'),
    cold: required(inputFileValue, 'the cold wallet\'s file'),
    node: nodeOption,
    ...sourceOptions,
    ...targetOptions,
    ...policyOptions,
    'target-sats': optional(satsValue, 'of a refill: what the hot wallet is to hold then'),
    'fee-rate': optional(feeRateValue, 'always prepare at this rate, sat/vB; the node\'s estimate of then when left out'),
    'max-fee-rate': optional(feeRateValue, 'prepare nothing at a higher rate, sat/vB'),
    day: repeated(choiceValue('DAY', days), 0, 'prepare on this day of the week only'),
    'from-time': optional(textValue('HH:MM'), 'prepare from this time of day on, UTC'),
    'to-time': optional(textValue('HH:MM'), 'and before this one'),
    'min-hours': withDefault(integerValue('HOURS', 0, 8784), '0', 'hours that must lie between two preparations'),
    'renew-hours': optional(integerValue('HOURS', 1, 8784), 'prepare anew what was not sent within so many hours'),
    replace: flag('replace the rule of this name'),
    db: dbOption,
  },
  async run(values, io) {
    if ((values['from-time'] === undefined) !== (values['to-time'] === undefined)) throw usageError('A window has two ends.', 'Give --from-time and --to-time, or neither.');
    const cold = await io.files.readText(values.cold);
    const times = {
      name: values.name, node: values.node, feeRate: values['fee-rate'] ?? null, mostFeeRate: values['max-fee-rate'] ?? null, days: [...values.day],
      window: values['from-time'] === undefined || values['to-time'] === undefined ? null : { from: clock(values['from-time']), to: clock(values['to-time']) },
      leastHoursBetween: values['min-hours'], renewAfterHours: values['renew-hours'] ?? null,
    };
    const rule = values.kind === 'sweep'
      ? { kind: 'sweep' as const, ...times, source: await readSource(values, io), to: cold, policy: readPolicy(values) }
      : { kind: 'refill' as const, ...times, from: cold, target: await readTarget(values, io), floorSats: needed(values['floor-sats'], '--floor-sats'), targetSats: needed(values['target-sats'], '--target-sats') };
    return withCompanion(io, values.db, async (call) => {
      const added = await call('schedule.add', { rule, replace: values.replace });
      return { json: { rule: added.rule }, lines: ruleLines(added.rule, io) };
    });
  },
});

const remove = defineCommand({
  name: 'schedule remove',
  summary: 'Remove a rule; what it prepared stays in its files and in the ledger',
  notes: [],
  positionals: { name: nameArgument },
  options: { db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    await call('schedule.remove', { name: values.name });
    return { json: { name: values.name }, lines: [`Removed ${values.name}.`] };
  }),
});

const change = defineCommand({
  name: 'schedule switch',
  summary: 'Switch a rule on or off',
  notes: [],
  positionals: { name: nameArgument },
  options: { to: required(choiceValue('STATE', ['on', 'off']), 'on or off'), db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const { rule } = await call('schedule.switch', { name: values.name, isOn: values.to === 'on' });
    return { json: { rule }, lines: ruleLines(rule, io) };
  }),
});

const run = defineCommand({
  name: 'schedule run',
  summary: 'Look at every rule against the node now, and write what is due as unsigned PSBTs',
  notes: [
    'Nothing is signed and nothing is sent. Run twice, it prepares nothing twice: while what a rule prepared is still to be sent, the rule waits, and its files are written again where they are missing from the folder.',
    'A rule that cannot be looked at (its node is away, say) is named and the others go on; the exit code is then 2.',
  ],
  positionals: {},
  options: { name: optional(textValue('NAME'), 'this rule alone'), out: required(folderValue, 'the folder for the PSBTs; made where it is not there'), db: dbOption, force: forceOption },
  async run(values, io) {
    const at = await io.files.placeFolder(values.out, values.force);
    return withCompanion(io, values.db, async (call) => {
      const { outcomes } = await call('schedule.run', { name: values.name ?? null });
      const written: { readonly name: string; readonly outcome: Outcome['outcome']; readonly files: readonly string[]; readonly [more: string]: unknown }[] = [];
      for (const outcome of outcomes) written.push(await writeOutcome(io, at, outcome));
      const failed = outcomes.some((outcome) => outcome.outcome === 'failed');
      return { json: { outcomes: written }, lines: outcomes.length === 0 ? ['No rules.'] : outcomes.flatMap((outcome, position) => outcomeLines(outcome, written[position]?.files ?? [])), ...(failed ? { exit: 2 as const } : {}) };
    });
  },
});

/** Writes the files of an outcome that are not there yet. */
async function writeOutcome(io: CommandIo, at: (name: string) => OutputPlace, outcome: Outcome) {
  const { name } = outcome;
  switch (outcome.outcome) {
    case 'prepared': {
      const files: string[] = [];
      for (const { suggestedName, psbtBase64 } of outcome.plans) files.push(await writeOnce(io, at(suggestedName), suggestedName, parseBase64(psbtBase64)));
      return { name, outcome: outcome.outcome, files, plans: outcome.plans.map(({ plan, psbtSha256 }, position) => ({ plan, psbtSha256, out: files[position] })) };
    }
    case 'waiting': {
      const files: string[] = [];
      for (const { fileName, psbtBase64 } of outcome.outstanding) files.push(await writeOnce(io, at(fileName), fileName, parseBase64(psbtBase64)));
      const { reasons, hotSats, feeRateSatPerVb } = outcome;
      return { name, outcome: outcome.outcome, files, reasons, hotSats, feeRateSatPerVb, outstanding: outcome.outstanding.map(({ planId, preparedAt, fileName }) => ({ planId, preparedAt, fileName })) };
    }
    case 'failed':
      return { name, outcome: outcome.outcome, files: [], code: outcome.code, message: outcome.message, hint: outcome.hint };
  }
}

/** A file that holds these bytes already is left as it is. @throws StrongroomError `file.exists` where it holds others */
async function writeOnce(io: CommandIo, place: OutputPlace, name: string, bytes: Uint8Array): Promise<string> {
  const path = place.path(name);
  const held = await io.files.readBytes(path, PSBT_FILE_BYTES).catch((error: unknown) => {
    if (error instanceof StrongroomError && error.code === 'file.not-found') return null;
    throw error;
  });
  return held !== null && equalBytes(held, bytes) ? path : io.files.write(place, name, bytes);
}

function outcomeLines(outcome: Outcome, files: readonly string[]): readonly string[] {
  switch (outcome.outcome) {
    case 'prepared':
      return [`${outcome.name}: prepared ${outcome.plans.length} ${outcome.plans.length === 1 ? 'transaction' : 'transactions'}, unsigned`, ...files.map((file) => `  ${file}`)];
    case 'waiting':
      return [`${outcome.name}: nothing prepared`, ...outcome.reasons.map((reason) => `  ${reasonWords[reason]}`), ...facts([['hot wallet', btc(outcome.hotSats)], ['fee rate', `${outcome.feeRateSatPerVb} sat/vB`]], '  '), ...files.map((file) => `  ${file}`)];
    case 'failed':
      return [`${outcome.name}: could not be looked at (${outcome.code})`, `  ${outcome.message}`, `  ${outcome.hint}`];
  }
}

function ruleLines(rule: Rule, io: CommandIo): readonly string[] {
  const hot = rule.hot.names.length === 0 ? 'single addresses' : rule.hot.names.join(', ');
  return [
    io.style.bold(`${rule.name}${rule.isOn ? '' : ' (off)'}`),
    ...facts([
      [rule.kind === 'sweep' ? 'sweeps' : 'refills', `${hot} ${rule.kind === 'sweep' ? 'into' : 'from'} ${rule.cold.name}`],
      ['floor', btc(rule.floorSats)],
      [rule.kind === 'sweep' ? 'ceiling' : 'target', btc(rule.ceilingSats)],
      ['fee rate', rule.feeRate !== null ? `${rule.feeRate} sat/vB` : rule.mostFeeRate === null ? 'the node\'s estimate' : `the node's estimate, at most ${rule.mostFeeRate} sat/vB`],
      ['when', `${rule.days.length === 0 ? 'every day' : rule.days.join(' ')}${rule.window === null ? '' : `, ${rule.window.from} to ${rule.window.to} UTC`}${rule.leastHoursBetween === 0 ? '' : `, ${rule.leastHoursBetween} hours apart`}`],
      ['last run', rule.lastRun === null ? 'never' : `${rule.lastRun.ranAt} ${rule.lastRun.outcome} ${rule.lastRun.details.join(' ')}`.trim()],
      ...rule.prepared.slice(0, 5).map(({ preparedAt, fileName }): [string, string] => ['prepared', `${preparedAt} ${fileName}`]),
    ], '  '),
  ];
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined) throw usageError(`${option} is missing.`, `Add ${option} SATS.`);
  return value;
}

function clock(text: string): string {
  if (!/^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(text)) throw usageError('A time of day is written as hours and minutes.', 'Write for example 22:30.');
  return text;
}

export const scheduleCommands = [list, add, remove, change, run];
