import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { MAX_RECORD_BYTES, recallOf, type FoundRecord, type RecalledKey, type RecalledPapers } from '../../service/signer/recall.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { repeated, required } from '../shared/option.ts';
import { table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { folderValue, inputFileValue, textValue } from '../shared/value-kinds.ts';

const SUFFIX = '.entropy.json';
/** A key's record is about a thousand bytes, a batch's up to forty thousand; nothing near this size is one. */
const RECORD_BYTES = MAX_RECORD_BYTES;

export const recallCommand = defineCommand({
  name: 'key recall',
  summary: 'Name the keys and paper wallets that a range of builds made, from their entropy records',
  notes: [
    'For the day on which a build turns out to have made weak keys. An entropy record (*.entropy.json) lies beside each key file, and among the files of each batch of paper wallets, that was made here; the window keeps those of keys in the folder keys of its data, and those of paper wallets in the folder papers. It holds nothing secret, so the records of all keys can be kept in one place and searched on any machine.',
    'A range is written 0.1.0..0.2.3 with both ends included, 0.2.0.. or ..0.2.3, one version alone, or at least the first 12 digits of a build hash; "source" is a program that was run from its source. Versions are ordered as Semantic Versioning says. Keys derived (BIP85) from a named key are named too. A key that was restored was not made by the program that restored it; it is named all the same, and says so.',
    'Ends with 0 only when at least one record was read and none is named. Ends with 2 when keys are named, when a record cannot be read, or when no record was found: then a person must judge.',
  ],
  positionals: { file: repeated(inputFileValue, 0, 'entropy records') },
  options: {
    builds: required(textValue('A..B'), 'versions or build hash that are called back'),
    in: repeated(folderValue, 0, 'a folder whose entropy records are read; folders inside it are not'),
  },
  async run(values, io) {
    const recall = recallOf(values.builds);
    if (values.file.length + values.in.length === 0) throw usageError('There is nothing to search.', 'Name a folder with --in, or record files.');
    const files = [...values.file];
    for (const folder of values.in) files.push(...(await recordsIn(folder)));
    const found: FoundRecord[] = [];
    for (const file of new Set(files)) found.push(await readRecord(io, file));
    const { records, keys, papers, unreadable } = recall(found);
    const named = keys.length + papers.length;
    return {
      json: { builds: values.builds, records, keys, papers, unreadable },
      lines: [
        ...(keys.length === 0 ? [] : [io.style.bold(`${keys.length} ${keys.length === 1 ? 'key was' : 'keys were'} made by ${values.builds}:`), ...table(keys.map(rowOf), [], '  ')]),
        ...(papers.length === 0 ? [] : [io.style.bold(`Paper wallets that were made by ${values.builds}:`), ...table(papers.map(rowOfPapers), [], '  ')]),
        ...(records > 0 ? [named === 0 ? `None of ${records} records is of a key or wallet that was made by ${values.builds}.` : `${named} of ${records} records are named.`] : []),
        ...(found.length === 0 ? ['No entropy record was found: nothing is known of any key or paper wallet.'] : []),
        ...(unreadable.length === 0 ? [] : ['Not readable, so nothing is known of what they are of:', ...table(unreadable.map(({ file, code }) => [file, code]), [], '  ')]),
        ...(keys.length === 0 ? [] : ['Move what these keys guard to keys that another build made, with dice.']),
        ...(papers.length === 0 ? [] : ['Sweep these paper wallets to keys that another build made, with dice. --json lists their addresses.']),
      ],
      ...(named > 0 || unreadable.length > 0 || found.length === 0 ? { exit: 2 as const } : {}),
    };
  },
});

async function recordsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort().map((name) => join(folder, name));
  } catch (fault) {
    const isGone = (fault as NodeJS.ErrnoException).code === 'ENOENT';
    throw new StrongroomError(isGone ? 'file.not-found' : 'file.unreadable', `${basename(folder)}: the folder ${isGone ? 'is not there' : 'cannot be read'}.`, { name: basename(folder) }, 'Name a folder that holds entropy records.');
  }
}

/** One file that cannot be read must not hide the others. */
async function readRecord(io: CommandIo, file: string): Promise<FoundRecord> {
  try {
    return { file, text: await io.files.readText(file, RECORD_BYTES) };
  } catch (fault) {
    if (fault instanceof StrongroomError && fault.code.startsWith('file.')) return { file, code: fault.code };
    throw fault;
  }
}

const ways: Readonly<Record<RecalledKey['mode'], string>> = { mixed: 'made', 'dice-only': 'made of dice alone', restored: 'restored, not made', derived: 'derived' };

const rowOf = ({ fingerprint, label, network, mode, because, programVersion, build, madeAt, sources }: RecalledKey): string[] => [
  fingerprint, label, network, because === 'parent' ? 'derived from a named key' : ways[mode], programVersion, build.slice(0, 12), madeAt.slice(0, 10), sources.map(({ source, count }) => `${source}:${count}`).join(' '),
];

/** `2 paper wallets, serial PW-20261122-3F9A` */
const rowOfPapers = ({ serial, addresses, label, network, programVersion, build, madeAt, sources }: RecalledPapers): string[] => [
  `${addresses.length} paper ${addresses.length === 1 ? 'wallet' : 'wallets'}, serial ${serial}`, label, network, programVersion, build.slice(0, 12), madeAt.slice(0, 10), sources.map(({ source, count }) => `${source}:${count}`).join(' '),
];
