import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { optional, repeated, required } from '../shared/option.ts';
import { btc, facts, table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { folderValue, inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { onlyOne } from './care-commands.ts';
import { dbOption, nodeOption, withCompanion } from './session.ts';

/** A wallet's file or a bundle, encrypted. */
export const LARGE_FILE_BYTES = 268_435_456;

export const lockOptions = {
  recipient: repeated(textValue('AGE1...'), 0, 'a public key of age that the file is encrypted for; may repeat'),
  'passphrase-file': optional(inputFileValue, 'the passphrase that opens the file, in a file or on standard input (-)'),
};
export const keyOptions = {
  'identity-file': optional(inputFileValue, 'the secret key of age that opens the file (AGE-SECRET-KEY-1...), in a file or on standard input (-)'),
  'passphrase-file': optional(inputFileValue, 'the passphrase that opens the file, in a file or on standard input (-)'),
};

/** For whom a file is encrypted, by the options; `null` where none was given. */
export async function lockOf(values: { readonly recipient: readonly string[]; readonly 'passphrase-file': string | undefined }, io: CommandIo, isAsked: boolean) {
  const file = values['passphrase-file'];
  if (values.recipient.length > 0) {
    if (file !== undefined) throw usageError('--recipient and --passphrase-file exclude each other.', 'Give one: age opens a file by keys or by a passphrase.');
    return { kind: 'recipients' as const, recipients: [...values.recipient] };
  }
  if (file === undefined && !isAsked) return null;
  return { kind: 'passphrase' as const, passphrase: await io.secrets.fresh(file, 'Passphrase for the file', '--passphrase-file') };
}

/** What opens a file, by the options; asked for where none was given. */
export async function keyOf(values: { readonly 'identity-file': string | undefined; readonly 'passphrase-file': string | undefined }, io: CommandIo) {
  if (values['identity-file'] !== undefined) {
    if (values['passphrase-file'] !== undefined) throw usageError('--identity-file and --passphrase-file exclude each other.', 'Give the one that the file was encrypted for.');
    return { kind: 'identity' as const, identity: await io.secrets.existing(values['identity-file'], 'Secret key of age', '--identity-file') };
  }
  return { kind: 'passphrase' as const, passphrase: await io.secrets.existing(values['passphrase-file'], 'Passphrase of the file', '--passphrase-file') };
}

export const fileNameOf = (path: string): string => (path === '-' ? 'standard-input' : (path.split(/[/\\]/).at(-1) as string));

const stagingOption = optional(folderValue, 'a folder that this program and the node may both write to; one in memory when left out');
const nodeWalletOption = required(textValue('NAME'), 'the wallet, by its name in the node');

const backup = defineCommand({
  name: 'node backup',
  summary: 'Save a node\'s wallet, encrypted with age',
  notes: [
    'The node writes its wallet\'s file into a folder that only you can look into, in memory where the system has that; it is encrypted, and the folder is removed whatever happens. The file is never looked into: it may hold private keys.',
    'The age tool opens it without Strongroom: age --decrypt, then bitcoin-cli restorewallet. A backup is one only after node backup-test.',
  ],
  positionals: {},
  options: { wallet: nodeWalletOption, node: nodeOption, out: required(outputFileValue, 'where the backup goes; an existing folder takes it under a suggested name'), ...lockOptions, staging: stagingOption, db: dbOption, force: forceOption },
  async run(values, io) {
    const node = onlyOne(values.node);
    const place = await io.files.place(values.out, values.force);
    const suggested = `${values.wallet.replace(/[^A-Za-z0-9._-]+/g, '-') || 'wallet'}.dat.age`;
    const lock = await lockOf(values, io, true);
    if (lock === null) throw usageError('It is not said whom the backup is encrypted for.', 'Give --recipient or --passphrase-file.');
    return withCompanion(io, values.db, async (call) => {
      const made = await call('node.backup', { node, wallet: values.wallet, lock, fileName: fileNameOf(place.path(suggested)) });
      const out = await io.files.write(place, suggested, parseBase64(made.backupBase64));
      return { json: { out, sha256: made.sha256, bytes: made.bytes }, lines: [...facts([['backup', out], ['bytes', String(made.bytes)], ['SHA-256', made.sha256]]), 'Test it now: node backup-test.'] };
    }, values.staging === undefined ? {} : { staging: values.staging });
  },
});

const test = defineCommand({
  name: 'node backup-test',
  summary: 'Restore a backup beside the living wallet and compare the two',
  notes: ['Descriptors, first addresses and confirmed outputs must be the same. The restored wallet is unloaded and removed afterwards, and the date of the test kept. Exit code 3 when the backup does not agree.'],
  positionals: { backup: required(inputFileValue, 'the encrypted backup') },
  options: { wallet: nodeWalletOption, node: nodeOption, ...keyOptions, staging: stagingOption, db: dbOption },
  async run(values, io) {
    const node = onlyOne(values.node);
    const backupBase64 = toBase64(await io.files.readBytes(values.backup, LARGE_FILE_BYTES));
    const key = await keyOf(values, io);
    return withCompanion(io, values.db, async (call) => {
      const outcome = await call('node.backup-test', { node, wallet: values.wallet, backupBase64, fileName: fileNameOf(values.backup), key });
      return {
        json: outcome,
        lines: [
          io.style.bold(outcome.good ? 'The backup restores, and agrees with the living wallet.' : 'THE BACKUP DOES NOT AGREE WITH THE LIVING WALLET. Make another.'),
          ...facts([['descriptors', String(outcome.descriptors)], ['first addresses', String(outcome.addresses)], ['outputs', String(outcome.outputs)], ['living', btc(outcome.amountSats)], ['restored', btc(outcome.restoredSats)]]),
          ...outcome.differences.map((difference) => `differs: ${difference}`),
        ],
        ...(outcome.good ? {} : { exit: 3 as const }),
      };
    }, values.staging === undefined ? {} : { staging: values.staging });
  },
});

const list = defineCommand({
  name: 'node backups',
  summary: 'List the backups and when each must be tested again',
  notes: ['A backup is due thirty days after it was last seen to restore. Exit code 2 when one is due, untested or failed.'],
  positionals: {},
  options: { db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const { backups } = await call('node.backups', {});
    return {
      json: { backups },
      lines: backups.length === 0 ? ['No backups yet.'] : table([['wallet', 'file', 'made', 'state', 'last good test', 'due'], ...backups.map((item) => [item.wallet === '' ? '(unnamed)' : item.wallet, item.file, item.madeAt.slice(0, 10), item.state, item.lastGoodTest?.slice(0, 10) ?? '-', item.dueAt?.slice(0, 10) ?? 'make another'])], []),
      ...(backups.every(({ state }) => state === 'good') ? {} : { exit: 2 as const }),
    };
  }),
});

export const backupCommands = [backup, test, list];
