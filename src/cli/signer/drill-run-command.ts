import type { InferInput, InferOutput } from 'valibot';
import { toBase64 } from '../../domain/bytes.ts';
import { networkNames } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { answerDrill, DrillRecord } from '../../host/drill-wire.ts';
import { MnemonicLanguageName } from '../../host/key-wire.ts';
import { parseKeyRecord } from '../../wallet/key-record.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import type { OutputPlace } from '../shared/command-files.ts';
import { forceOption, passphraseFileOption } from '../shared/common-options.ts';
import { flag, optional, repeated, required, withDefault, type Values } from '../shared/option.ts';
import { facts, inFours, table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, inputFileValue, integerValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { openSigner } from './session.ts';

type Record = InferOutput<typeof DrillRecord>;
type Answer = InferInput<typeof answerDrill.input>['answer'];

/** An encrypted key file is a few hundred bytes; nothing near this size is one. */
const KEY_FILE_BYTES = 65_536;

const options = {
  fingerprint: optional(textValue('FINGERPRINT'), 'the fingerprint that must come back, eight hexadecimal digits'),
  record: optional(inputFileValue, 'the key record that must come back, in place of --fingerprint'),
  network: required(choiceValue('NETWORK', networkNames), 'the network that the key is for'),
  registration: repeated(inputFileValue, 0, 'a registration that the key must recognise as its own, and whose first addresses it must lead to; may repeat'),
  from: required(choiceValue('SOURCE', ['paper', 'backup']), 'what the key is brought back from'),
  'mnemonic-file': optional(inputFileValue, 'for paper: the mnemonic, SeedQR, xprv or codex32 secret, in a file or on standard input (-); asked for without echo when left out'),
  'share-file': repeated(inputFileValue, 0, 'for paper: a share (SLIP-39 or codex32), or several, one a line; may repeat'),
  'ask-shares': optional(integerValue('COUNT', 1, 64), 'for paper: ask for so many shares, one after the other and without echo'),
  'seed-xor': flag('for paper: the shares are mnemonics that are the parts of one (Seed XOR)'),
  language: optional(choiceValue('LANGUAGE', MnemonicLanguageName.options), 'for paper: the list that the words are of; found when left out'),
  'bip39-passphrase-file': optional(inputFileValue, 'for paper: the BIP39 passphrase, in a file or on standard input (-)'),
  'share-passphrase-file': optional(inputFileValue, 'for paper: the SLIP-39 passphrase, in a file or on standard input (-)'),
  key: optional(inputFileValue, 'for backup: the backup of the key file'),
  'passphrase-file': passphraseFileOption,
  label: withDefault(textValue('LABEL'), 'key', 'what people call the key'),
  by: required(textValue('NAME'), 'who drills'),
  months: withDefault(integerValue('NUMBER', 1, 36), '6', 'calendar months until the next drill is due'),
  out: required(outputFileValue, 'where the record goes; an existing folder takes it under a suggested name'),
  force: forceOption,
} as const;
type RunValues = Values<typeof options>;

const paperOptions = ['mnemonic-file', 'bip39-passphrase-file', 'share-passphrase-file', 'ask-shares', 'language'] as const;

export const drillRunCommand = defineCommand({
  name: 'drill run',
  summary: 'Bring a key back from paper or a backup alone, timed, and compare it with what it must be',
  notes: [
    'The key is brought back into memory only, compared, and wiped: its fingerprint, that it recognises its registrations, and the first receive and change address of each. The time runs from the start of the command to the answer, so start it before the safe is opened.',
    'One answer is given; whatever comes of it is recorded. The record holds no secret: keep it where the organisation keeps its proofs. A drill that failed is due again at once.',
    'Without --registration only the fingerprint is compared. Exit code 3: the key did not come back.',
  ],
  positionals: {},
  options,
  async run(values, io) {
    requireFittingOptions(values);
    const fingerprint = await fingerprintOf(values, io);
    const place = await io.files.place(values.out, values.force);
    const registrations: string[] = [];
    for (const file of values.registration) registrations.push(await io.files.readText(file));
    const call = openSigner(io);
    const { drillHandle } = await call('drill.begin', { subject: { fingerprint, network: values.network, label: values.label, registrations }, from: values.from });
    const answer = values.from === 'paper' ? await answerFromPaper(values, io) : await answerFromBackup(values, io);
    const { record } = await call('drill.answer', { drillHandle, answer, by: values.by, final: true, monthsToNext: values.months });
    const out = await writeRecord(io, place, record);
    const { outcome, seconds, failure, nextDue, scores, attempts } = record;
    return {
      json: { fingerprint, network: record.network, from: record.from, outcome, seconds, attempts, failure, scores, nextDue, out },
      lines: [
        io.style.bold(outcome === 'passed' ? `${fingerprint} came back from ${values.from} in ${durationText(seconds)}.` : `${fingerprint} did not come back from ${values.from}.`),
        ...(failure === null ? [] : [`The restore ended with ${failure}.`]),
        ...scoreLines(scores),
        ...facts([['next drill due', nextDue], ['record', out]]),
        ...(outcome === 'passed' ? [] : ['Do not rely on this key: move what it guards to a quorum that is whole, or find the copy that brings it back, and drill that.']),
      ],
      ...(outcome === 'passed' ? {} : { exit: 3 as const }),
    };
  },
});

function requireFittingOptions(values: RunValues): void {
  if ((values.fingerprint === undefined) === (values.record === undefined)) throw usageError('Exactly one of --fingerprint and --record says which key must come back.', 'Give one of them.');
  const forPaper = [...paperOptions.filter((name) => values[name] !== undefined), ...(values['share-file'].length > 0 ? ['share-file'] : []), ...(values['seed-xor'] ? ['seed-xor'] : [])];
  if (values.from === 'backup' && forPaper.length > 0) throw usageError(`--${forPaper[0]} is for a drill from paper.`, 'Leave it out, or drill --from paper.');
  if (values.from === 'backup' && values.key === undefined) throw usageError('--key is missing.', 'Add --key FILE: the backup of the key file.');
  if (values.from === 'paper' && values.key !== undefined) throw usageError('--key is for a drill from a backup.', 'Leave it out, or drill --from backup.');
  if (values.from === 'paper' && values['passphrase-file'] !== undefined) throw usageError('--passphrase-file is for a drill from a backup.', 'A BIP39 passphrase comes with --bip39-passphrase-file.');
  const ways = [values['mnemonic-file'] !== undefined, values['share-file'].length > 0, values['ask-shares'] !== undefined].filter(Boolean);
  if (ways.length > 1) throw usageError('--mnemonic-file, --share-file and --ask-shares are three ways to answer.', 'Give one of them.');
}

async function fingerprintOf(values: RunValues, io: CommandIo): Promise<string> {
  if (values.record !== undefined) return parseKeyRecord((await io.files.readText(values.record)).trim()).masterFingerprint;
  const fingerprint = (values.fingerprint ?? '').toLowerCase();
  if (!/^[0-9a-f]{8}$/.test(fingerprint)) throw usageError('--fingerprint takes eight hexadecimal digits.', 'Copy it from the key record or the wallet sheet.');
  return fingerprint;
}

async function answerFromPaper(values: RunValues, io: CommandIo): Promise<Answer> {
  const bip39File = values['bip39-passphrase-file'];
  const shareFile = values['share-passphrase-file'];
  return {
    from: 'paper',
    secrets: await secretsOf(values, io),
    language: values.language ?? null,
    bip39Passphrase: bip39File === undefined ? '' : await io.secrets.existing(bip39File, 'BIP39 passphrase', '--bip39-passphrase-file'),
    sharePassphrase: shareFile === undefined ? '' : await io.secrets.existing(shareFile, 'SLIP-39 passphrase', '--share-passphrase-file'),
    seedXor: values['seed-xor'],
  };
}

async function secretsOf(values: RunValues, io: CommandIo): Promise<string[]> {
  const shares: string[] = [];
  for (const file of values['share-file']) shares.push(await io.secrets.existing(file, 'Share', '--share-file'));
  const asked = values['ask-shares'] ?? 0;
  for (let number = 1; number <= asked; number += 1) shares.push(await io.secrets.existing(undefined, `Share ${number} of ${asked}`, '--share-file'));
  return shares.length > 0 ? shares : [await io.secrets.existing(values['mnemonic-file'], 'Mnemonic', '--mnemonic-file')];
}

async function answerFromBackup(values: RunValues, io: CommandIo): Promise<Answer> {
  const keyFileBase64 = toBase64(await io.files.readBytes(values.key as string, KEY_FILE_BYTES));
  return { from: 'backup', keyFileBase64, passphrase: await io.secrets.existing(values['passphrase-file'], 'Passphrase of the key file', '--passphrase-file') };
}

/** More drills of one key do not begin in a second. */
const MOST_NAMES = 100;

/** In a folder a record never fails for its name: the drill is over and cannot be given again, so it takes the next name that is free. */
async function writeRecord(io: CommandIo, place: OutputPlace, record: Record): Promise<string> {
  const content = `${JSON.stringify(record, null, 2)}\n`;
  const isFolder = place.path('1') !== place.path('2');
  for (let number = 1; ; number += 1) {
    try {
      return await io.files.write(place, fileNameOf(record, number), content);
    } catch (fault) {
      if (!isFolder || number >= MOST_NAMES || !(fault instanceof StrongroomError) || fault.code !== 'file.exists') throw fault;
    }
  }
}

/** `drill-73c5da0a-2026-11-22-100000.drill.json`, then `drill-73c5da0a-2026-11-22-100000-2.drill.json`: sorted by key and time in a folder. */
function fileNameOf({ fingerprint, startedAt }: Record, number: number): string {
  return `drill-${fingerprint}-${startedAt.slice(0, 10)}-${startedAt.slice(11, 19).replaceAll(':', '')}${number === 1 ? '' : `-${number}`}.drill.json`;
}

const scoreNames: { readonly [What in Record['scores'][number]['what']]: string } = { fingerprint: 'fingerprint', registration: 'registration', 'first-receive': 'first receive', 'first-change': 'first change' };

/** What was compared, a line each; where they differ, both, for comparing by eye. */
function scoreLines(scores: Record['scores']): readonly string[] {
  return table(scores.flatMap(({ what, wallet, expected, found, agrees }) => {
    const name = [scoreNames[what], ...(wallet === null ? [] : [wallet])].join(' of ');
    return agrees ? [['agrees', name, inFours(expected)]] : [['DIFFERS', name, inFours(expected)], ['', '  found', found === null ? 'nothing' : inFours(found)]];
  }), [], '  ');
}

/** `5 min 12 s` */
function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
