import { stat } from 'node:fs/promises';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { flag, optional, repeated, required } from '../shared/option.ts';
import { btc, facts, table } from '../shared/text-layout.ts';
import { folderValue, inputFileValue, outputFileValue } from '../shared/value-kinds.ts';
import { keyOf, keyOptions, LARGE_FILE_BYTES, lockOf, lockOptions } from './backup-commands.ts';
import { onlyOne } from './care-commands.ts';
import { dbOption, nodeOption, withCompanion } from './session.ts';

const AGE_MARK = 'age-encryption.org/v1';

const exportBundle = defineCommand({
  name: 'standby export',
  summary: 'Write wallets, books and settings into one file for a second machine',
  notes: ['The books are copied in one consistent state, also while they are written to. Without --recipient or --passphrase-file the file is not encrypted: whoever reads it sees every balance and payment. Format: docs/standby.md; tar opens it.'],
  positionals: {},
  options: {
    wallet: repeated(inputFileValue, 1, 'a wallet file; may repeat'), settings: optional(inputFileValue, 'the window\'s settings.json'),
    out: required(outputFileValue, 'where the bundle goes; an existing folder takes it under a suggested name'), ...lockOptions, db: dbOption, force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const wallets: string[] = [];
    for (const file of values.wallet) wallets.push(await io.files.readText(file));
    const settings = values.settings === undefined ? null : await io.files.readText(values.settings);
    const lock = await lockOf(values, io, false);
    return withCompanion(io, values.db, async (call) => {
      const { bundleBase64, suggestedName, ...made } = await call('standby.export', { wallets, settings, lock });
      const out = await io.files.write(place, suggestedName, parseBase64(bundleBase64));
      return {
        json: { out, ...made },
        lines: [...facts([['bundle', out], ['wallets', String(made.wallets.length)], ['entries', String(made.entries)], ...made.tips.map((tip) => [`books of ${tip.network}`, `height ${tip.height}`] as [string, string]), ['SHA-256', made.sha256]]), ...(made.encrypted ? [] : ['It is NOT encrypted.'])],
      };
    });
  },
});

const importBundle = defineCommand({
  name: 'standby import',
  summary: 'Unpack a bundle into a folder of this machine',
  notes: ['Newer books in that folder are not overwritten by an older bundle, and where both machines planned, nothing is: the plans and addresses are named. --force overwrites; the books before stay beside as ledger.db.previous. The folder is laid out like the window\'s own data folder; on the command line use --db FOLDER/ledger.db.'],
  positionals: { bundle: required(inputFileValue, 'the bundle') },
  options: { into: required(folderValue, 'the folder; made if it is not there'), ...keyOptions, force: flag('overwrite newer or diverged books') },
  async run(values, io) {
    const { bundleBase64, key } = await bundleOf(values.bundle, values, io);
    return withCompanion(io, undefined, async (call) => {
      const done = await call('standby.import', { bundleBase64, key, into: values.into, force: values.force });
      return {
        json: done,
        lines: [...facts([['into', values.into], ['made', done.madeAt], ['wallets', String(done.wallets.length)], ['entries', String(done.entries)], ['against what was there', done.order]]), ...conflictLines(done.conflicts), 'Compare it with a node before you rely on it: standby verify.'],
      };
    });
  },
});

const verify = defineCommand({
  name: 'standby verify',
  summary: 'Compare a standby\'s books with what a node says',
  notes: ['The books are brought up to date in a copy, and made anew from the node alone; balances, entries, outputs and next addresses must be the same. Nothing is changed. Exit code 3 when they differ, or when two machines planned without each other.'],
  positionals: { bundle: required(inputFileValue, 'a bundle, or a folder that one was imported into') },
  options: { node: nodeOption, ...keyOptions, db: dbOption },
  async run(values, io) {
    const node = onlyOne(values.node);
    const isFolder = await stat(values.bundle).then((found) => found.isDirectory(), () => false);
    const given = isFolder ? null : await bundleOf(values.bundle, values, io);
    return withCompanion(io, values.db, async (call) => {
      const outcome = given === null ? await call('standby.verify-folder', { folder: values.bundle, node }) : await call('standby.verify', { ...given, node });
      const agrees = outcome.agrees && outcome.conflicts.length === 0;
      return {
        json: outcome,
        lines: [
          io.style.bold(outcome.agrees ? 'The standby and the node agree.' : 'THE STANDBY AND THE NODE DISAGREE.'),
          ...facts([['made', outcome.madeAt], ['at height', String(outcome.height)]]),
          ...table(outcome.wallets.map((wallet) => [wallet.name, btc(wallet.confirmedSats), btc(wallet.nodeSats), wallet.agrees ? 'agrees' : `DIFFERS: ${wallet.differences.join(', ')}`]), [1, 2], '  '),
          ...conflictLines(outcome.conflicts),
        ],
        ...(agrees ? {} : { exit: 3 as const }),
      };
    });
  },
});

async function bundleOf(path: string, values: Parameters<typeof keyOf>[0], io: CommandIo) {
  const bytes = await io.files.readBytes(path, LARGE_FILE_BYTES);
  const isEncrypted = new TextDecoder().decode(bytes.subarray(0, AGE_MARK.length)) === AGE_MARK;
  return { bundleBase64: toBase64(bytes), key: isEncrypted ? await keyOf(values, io) : null };
}

interface Conflict {
  readonly side: 'own' | 'other';
  readonly planId: string;
  readonly plannedAt: string;
  readonly reserved: string | null;
  readonly addressTwice: boolean;
}

const conflictLines = (conflicts: readonly Conflict[]): readonly string[] =>
  conflicts.length === 0 ? [] : ['Both machines planned without each other:', ...conflicts.map(({ side, planId, plannedAt, reserved, addressTwice }) => `  ${side === 'own' ? 'here' : 'bundle'} ${plannedAt} ${planId} ${reserved ?? ''}${addressTwice ? ' ADDRESS GIVEN OUT TWICE' : ''}`)];

export const standbyCommands = [exportBundle, importBundle, verify];
