import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { InferInput, InferOutput } from 'valibot';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { rehearsalFaults, type dueDrills, type rehearseDrill } from '../../host/drill-wire.ts';
import { parseKeyRecord } from '../../wallet/key-record.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { optional, repeated, required, withDefault } from '../shared/option.ts';
import { table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, folderValue, inputFileValue, textValue } from '../shared/value-kinds.ts';
import { drillRunCommand } from './drill-run-command.ts';
import { openSigner } from './session.ts';

type Rehearsed = InferOutput<typeof rehearseDrill.output>;

const SUFFIX = '.drill.json';
/** A record of twenty wallets is about 30 kB; nothing near this size is one. */
const RECORD_BYTES = 131_072;

const rehearse = defineCommand({
  name: 'drill rehearse',
  summary: 'Show that a drill fails where it must: on throw-away keys with faults planted',
  notes: [
    'Makes keys, shares, sheets and backups that are thrown away, plants a fault, and brings them back with the code of every drill. What must come of each is known before: an error by its code, or another key, of which everything that is compared differs.',
    'Exit code 3: something was not as predicted. Then do not trust drills of this installation.',
  ],
  positionals: {},
  options: { fault: withDefault(choiceValue('FAULT', ['all', ...rehearsalFaults]), 'all', 'which fault is planted') },
  async run({ fault }, io) {
    const call = openSigner(io);
    const asked = fault === 'all' ? rehearsalFaults : [fault];
    const faults: Rehearsed[] = [];
    for (const [index, each] of asked.entries()) {
      io.progress({ fraction: index / asked.length, activity: `Rehearsing ${each}` });
      faults.push(await call('drill.rehearse', { fault: each }));
    }
    const surprises = faults.filter(({ asPredicted }) => !asPredicted).length;
    const rows = faults.flatMap((each) => {
      const [what, predicted, happened] = [each.what, each.predicted, each.happened].map((text) => text.split('; ')) as [string[], string[], string[]];
      return what.map((done, index) => [index === 0 ? each.fault : '', done, predicted[index] ?? '', predicted[index] === happened[index] ? 'as predicted' : `${happened[index] ?? 'nothing'} (NOT AS PREDICTED)`]);
    });
    return {
      json: { faults, asPredicted: surprises === 0 },
      lines: [
        ...table([['FAULT', 'PLANTED', 'PREDICTED', 'HAPPENED'], ...rows]),
        surprises === 0 ? `${faults.length} of ${faults.length} faults ended as predicted.` : io.style.bold(`${surprises} of ${faults.length} faults did not end as predicted. Do not trust drills of this installation.`),
      ],
      ...(surprises === 0 ? {} : { exit: 3 as const }),
    };
  },
});

const due = defineCommand({
  name: 'drill due',
  summary: 'Say which keys are due for a drill, overdue, failed, or were never drilled',
  notes: [
    'Reads the records of drills (*.drill.json) in a folder. Keys without a record are known only where their key records are given with --key-record. Records hold nothing secret; whoever can write to the folder can write one, so keep it where the organisation keeps its proofs.',
    'A drill is announced 30 days before its date. Ends with 0 when every key was drilled and none is overdue. Ends with 2 when a person must act: a drill failed or was given up after wrong answers, is overdue or was never made, a record cannot be read, or no key is known at all.',
  ],
  positionals: {},
  options: {
    records: required(folderValue, 'the folder with the records; folders inside it are not read'),
    'key-record': repeated(inputFileValue, 0, 'the public key record of a key that ought to be drilled; may repeat'),
    today: optional(textValue('DATE'), 'the day to judge by, for example 2026-11-22; the clock\'s when left out'),
  },
  async run(values, io) {
    if (values.today !== undefined && !isDate(values.today)) throw usageError('--today takes a date.', 'Write for example --today 2026-11-22.');
    const names = await recordsIn(values.records);
    const files = await Promise.all(names.map((name) => readRecord(io, join(values.records, name))));
    const readable = names.flatMap((name, index) => (typeof files[index] === 'string' ? [{ name, text: files[index] }] : []));
    const keys: InferInput<typeof dueDrills.input>['keys'] = [];
    for (const file of values['key-record']) {
      const { masterFingerprint } = parseKeyRecord((await io.files.readText(file)).trim());
      keys.push({ fingerprint: masterFingerprint, network: null, label: basename(file).slice(0, 100) });
    }
    const reply = await openSigner(io)('drill.due', { records: readable.map(({ text }) => text), keys, today: values.today ?? null });
    const unreadable = [
      ...names.flatMap((file, index) => (typeof files[index] === 'string' ? [] : [{ file, code: files[index]?.code ?? 'file.unreadable' }])),
      ...reply.malformed.map((index) => ({ file: readable[index]?.name ?? '', code: 'drill.record-malformed' })),
    ];
    const isCalm = reply.keys.length > 0 && unreadable.length === 0 && reply.keys.every(({ state }) => state === 'due' || state === 'later');
    return {
      json: { today: reply.today, keys: reply.keys, unreadable },
      lines: [
        ...table(reply.keys.map(({ fingerprint, label, network, state, nextDue, last }) => [io.style.bold(stateWords[state]), fingerprint, label, network ?? '', nextDue ?? '', last === null ? '' : `last ${last.outcome} on ${last.startedAt.slice(0, 10)}, from ${last.from}, by ${last.by}`])),
        ...(reply.keys.length === 0 ? ['No key is known: there are no records in this folder, and no key record was given.'] : []),
        ...(unreadable.length === 0 ? [] : ['Not readable, so nothing is known of their keys:', ...table(unreadable.map(({ file, code }) => [file, code]), [], '  ')]),
      ],
      ...(isCalm ? {} : { exit: 2 as const }),
    };
  },
});

const stateWords = { failed: 'FAILED', overdue: 'OVERDUE', never: 'NEVER DRILLED', due: 'due', later: 'later' } as const;

const isDate = (text: string): boolean => /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

async function recordsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  } catch (fault) {
    const isGone = (fault as NodeJS.ErrnoException).code === 'ENOENT';
    throw new StrongroomError(isGone ? 'file.not-found' : 'file.unreadable', `${basename(folder)}: the folder ${isGone ? 'is not there' : 'cannot be read'}.`, { name: basename(folder) }, 'Name a folder that holds records of drills.');
  }
}

/** One file that cannot be read must not hide the others. */
async function readRecord(io: CommandIo, file: string): Promise<string | StrongroomError> {
  try {
    return await io.files.readText(file, RECORD_BYTES);
  } catch (fault) {
    if (fault instanceof StrongroomError && fault.code.startsWith('file.')) return fault;
    throw fault;
  }
}

export const drillCommands = [drillRunCommand, rehearse, due];
