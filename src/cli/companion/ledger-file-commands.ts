import { backupLedger, restoreLedger } from '../../node/companion/ledger-copies.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { required } from '../shared/option.ts';
import { facts, table } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue } from '../shared/value-kinds.ts';
import { ledgerFile, ledgerPlace } from './ledger-place.ts';
import { dbOption, withCompanion } from './session.ts';

const check = defineCommand({
  name: 'ledger check',
  summary: 'Check the whole ledger: structure, zero sums, balances, unspent outputs, the chain of closes',
  notes: ['Goes through a copy, so that others may write meanwhile; it takes half a minute for a million entries. Exit code 3 when anything is wrong.'],
  positionals: {},
  options: { db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const result = await call('ledger.check', {});
    return {
      json: result,
      lines: [
        result.whole ? io.style.bold('The ledger is whole.') : io.style.bold('THE LEDGER IS NOT WHOLE. Restore it from a backup: strongroom-companion ledger restore FILE --force'),
        ...facts([['entries', String(result.entries)]]),
        ...table(result.faults.map(({ code, subject }) => [code, subject]), [], '  '),
      ],
      ...(result.whole ? {} : { exit: 3 as const }),
    };
  }),
});

const backup = defineCommand({
  name: 'ledger backup',
  summary: 'Copy the ledger, consistent and checked, with its checksum beside it',
  notes: ['Others may write to the ledger meanwhile. The copy is a ledger itself; FILE.sha256 is what sha256sum -c reads.'],
  positionals: {},
  options: { out: required(outputFileValue, 'where the copy goes'), db: dbOption, force: forceOption },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const path = place.path(`ledger-backup-${new Date().toISOString().slice(0, 10)}.db`);
    const made = await backupLedger(ledgerPlace(values.db, io.environment), path, values.force, io);
    return { json: { out: made.path, sha256: made.sha256, bytes: made.bytes }, lines: facts([['backup', made.path], ['SHA-256', made.sha256], ['bytes', String(made.bytes)]]) };
  },
});

const restore = defineCommand({
  name: 'ledger restore',
  summary: 'Put a backup in the ledger\'s place, once it is known to be whole',
  notes: ['With --force over a ledger that is there; that one, damaged or not, is kept beside it under another name. Refresh the books afterwards.'],
  positionals: { file: required(inputFileValue, 'the backup') },
  options: { db: dbOption, force: forceOption },
  async run(values, io) {
    const path = await ledgerFile(values.db, io.environment);
    const { replaced, sha256 } = await restoreLedger(values.file, path, values.force, new Date().toISOString(), io);
    return {
      json: { ledger: path, sha256, replaced },
      lines: [...facts([['ledger', path], ['SHA-256 of the backup', sha256], ...(replaced === null ? [] : [['the one before', replaced] as [string, string]])]), 'Refresh the books: strongroom-companion ledger refresh'],
    };
  },
});

export const ledgerFileCommands = [check, backup, restore];
