import { StrongroomError } from '../../errors/strongroom-error.ts';
import { checkCopies, copiesPathOf, copyKeyFile, factsOf, readCopies, writeCopies, type MadeCopy } from '../../node/signer/key-copies.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { repeated, required } from '../shared/option.ts';
import { facts, table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { folderValue, inputFileValue } from '../shared/value-kinds.ts';
import { copyHint, ONLY_COPY } from './new-key-output.ts';

const keyOption = required(inputFileValue, 'the key file; not standard input');

function requireFile(key: string): void {
  if (key === '-') throw usageError('Copies are of a file.', 'Name the key file.');
}

const now = (): string => new Date().toISOString();

const copy = defineCommand({
  name: 'key copy',
  summary: 'Write encrypted copies of a key file to folders or memory sticks, and read each back',
  notes: [
    'Each copy is the same encrypted file: it opens with the same passphrase. Beside the key file a list (.copies.json) keeps where each lies and its SHA-256, for key copies.',
    'A copy that the list knows is replaced by a newer one; any other file of the same name only with --force. Its last generation stays beside it as .previous.',
    'What is read back may come from the computer\'s memory: take the stick out, put it in again, and run key copies. Exit code 2: some copies could not be made.',
  ],
  positionals: {},
  options: { key: keyOption, to: repeated(folderValue, 1, 'a folder that is there, for example a memory stick\'s'), force: forceOption },
  async run({ key, to, force }, io) {
    requireFile(key);
    let list = await readCopies(key);
    const made: MadeCopy[] = [];
    const failed: { readonly folder: string; readonly fault: StrongroomError }[] = [];
    for (const [index, folder] of to.entries()) {
      if (io.isCancelled()) break;
      io.progress({ fraction: index / to.length, activity: `Copying to ${folder}` });
      try {
        const one = await copyKeyFile(key, folder, { list, overwrite: force, at: now() });
        // Kept after each: a stick that is pulled out next must not make the last one forgotten.
        await writeCopies(key, one.list);
        list = one.list;
        made.push(one);
      } catch (fault) {
        if (!(fault instanceof StrongroomError)) throw fault;
        failed.push({ folder, fault });
      }
    }
    const [first] = failed;
    if (list === null || made.length === 0) throw first?.fault ?? new StrongroomError('host.cancelled', 'The step was stopped before it made a copy.', {}, 'Start it again.');
    const elsewhere = made.some(({ sameDisk }) => !sameDisk);
    return {
      json: {
        sha256: list.sha256, list: copiesPathOf(key), ...factsOf(list, list.sha256),
        made: made.map(({ copy: { place, madeAt }, sameDisk }) => ({ place, madeAt, sameDisk })), failed: failed.map(({ folder, fault }) => ({ folder, code: fault.code, message: fault.message })),
      },
      lines: [
        ...facts([...made.map(({ copy: { place }, sameDisk }) => [sameDisk ? 'on the same disk' : 'copy', place] as const), ...failed.map(({ folder, fault }) => ['not made', `${folder}: ${fault.message} [${fault.code}]`] as const), ['sha256', list.sha256], ['list', copiesPathOf(key)]]),
        ...(elsewhere ? [] : [io.style.bold('No copy lies on another disk than the key file. A lost or broken disk loses them all.')]),
        'Take each stick out, put it in again, and run key copies: only then is it certain what stands on it.',
      ],
      ...(failed.length > 0 ? { exit: 2 as const } : {}),
    };
  },
});

const inWords = { intact: 'intact', changed: 'holds something else than the key file', absent: 'not there', unreadable: 'cannot be read' } as const;

const copies = defineCommand({
  name: 'key copies',
  summary: 'Read every copy of a key file again and compare it with the key file',
  notes: [
    'Exit code 2: a copy is not intact, or there is none. A stick that is not plugged in is "not there"; after a change of the passphrase every copy holds something else until it is made again.',
    'Nothing is decrypted, so no passphrase is asked for.',
  ],
  positionals: {},
  options: { key: keyOption },
  async run({ key }, io) {
    requireFile(key);
    const before = await readCopies(key);
    io.progress({ fraction: null, activity: 'Reading the copies' });
    const list = await checkCopies(key, before, now());
    // What was found is worth telling where it cannot be kept, on a write-protected disk.
    const recorded = before !== null && (await writeCopies(key, list).then(() => true, () => false));
    const known = factsOf(list, list.sha256);
    const allIntact = list.copies.every(({ state }) => state === 'intact');
    return {
      json: { sha256: list.sha256, ...known, allIntact, recorded, places: list.copies.map(({ place, state, madeAt, checkedAt }) => ({ place, state, madeAt, checkedAt })) },
      lines: [
        ...table(list.copies.map(({ place, state, madeAt }) => [state === 'intact' ? inWords.intact : io.style.bold(inWords[state]), place, `made ${madeAt.slice(0, 10)}`])),
        ...facts([['sha256', list.sha256]]),
        ...(known.onlyCopy ? [io.style.bold(ONLY_COPY), copyHint(key)] : []),
        ...(before !== null && !recorded ? ['The list beside the key file could not be written.'] : []),
      ],
      ...(allIntact && !known.onlyCopy ? {} : { exit: 2 as const }),
    };
  },
});

export const keyCopyCommands = [copy, copies];
