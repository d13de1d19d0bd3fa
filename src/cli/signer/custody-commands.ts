import { parse } from 'valibot';
import { entryOfNote } from '../../custody/events.ts';
import type { KeptSheet, Register } from '../../custody/register.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { CustodyNote, CustodySheet } from '../../host/custody-wire.ts';
import { openCustodyFile } from '../../node/signer/custody-file.ts';
import { defineCommand, type CommandResult } from '../shared/command.ts';
import { optional, required, withDefault } from '../shared/option.ts';
import { facts, table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, inputFileValue, textValue } from '../shared/value-kinds.ts';

/** The custody register on the command line: what a person says of sheets. That one was printed or read back comes from the paper commands. */

const registerOption = required(inputFileValue, 'the custody register, the same file that paper check and paper prove were given with --custody');
const byOption = required(textValue('NAME'), 'who says so');
const remarkOption = withDefault(textValue('TEXT'), '', 'a remark; nothing secret is accepted');
const sheetPositional = required(textValue('SHEET'), 'a sheet: its id, or its serial where only one sheet has it');

const list = defineCommand({
  name: 'custody list',
  summary: 'List the sheets of a custody register and where each stands',
  notes: [
    'The register is checked as a whole: a line that was changed, removed or moved since it was written is an error (custody.damaged).',
    'That the last lines were cut off cannot be seen in the file. Note the number of entries and the last hash in the minutes, and compare them.',
  ],
  positionals: {},
  options: { register: registerOption, state: optional(choiceValue('STATE', ['printed', 'made', 'sealed', 'reprinted', 'void']), 'only the sheets in this state') },
  async run({ register: path, state }) {
    requireFile(path);
    const { register, entries, head } = await openCustodyFile(path).read();
    const sheets = [...register.values()].filter((sheet) => state === undefined || sheet.state === state);
    return {
      json: { sheets: sheets.map(shownSheet), entries, head },
      lines: [
        ...(sheets.length === 0 ? ['No sheets.'] : table([['serial', 'state', 'kind', 'part', 'pages', 'bag', 'label', 'sheet id'], ...sheets.map((sheet) => [sheet.serial, sheet.state, sheet.kind, sheet.part, String(sheet.pages), sheet.seal ?? '', sheet.label, sheet.sheetId])], [4])),
        ...facts([['entries', String(entries)], ['last hash', head]]),
      ],
    };
  },
});

const seal = defineCommand({
  name: 'custody seal',
  summary: 'Note that a sheet lies in a sealed bag',
  notes: ['Only a sheet that was read back can be sealed. A sealed one may be sealed again, in another bag.'],
  positionals: { sheet: sheetPositional },
  options: { register: registerOption, seal: required(textValue('NUMBER'), 'the number of the bag'), by: byOption, remark: remarkOption },
  run: ({ register, sheet, seal: number, by, remark }) => note(register, sheet, (sheetId) => ({ event: 'sealed', sheetId, seal: number, by, remark })),
});

const voidSheet = defineCommand({
  name: 'custody void',
  summary: 'Note that a sheet was destroyed or is spoilt',
  notes: ['What is void stays void. A sheet that was only printed badly may simply be printed again.'],
  positionals: { sheet: sheetPositional },
  options: { register: registerOption, by: byOption, remark: required(textValue('TEXT'), 'why; nothing secret is accepted') },
  run: ({ register, sheet, by, remark }) => note(register, sheet, (sheetId) => ({ event: 'void', sheetId, by, remark })),
});

const replace = defineCommand({
  name: 'custody replace',
  summary: 'Note that another sheet took a sheet\'s place',
  notes: ['Both must be in the register, and be sheets of the same kind and key.'],
  positionals: { sheet: sheetPositional },
  options: { register: registerOption, with: required(textValue('SHEET'), 'the sheet that took its place'), by: byOption, remark: remarkOption },
  run: ({ register, sheet, with: other, by, remark }) => note(register, sheet, (sheetId, present) => ({ event: 'reprinted', sheetId, replacement: findSheet(present, other).sheetId, by, remark })),
});

/** Adds what a person said, after the same checks as in the window. */
async function note(path: string, sheet: string, say: (sheetId: string, register: Register) => unknown): Promise<CommandResult> {
  requireFile(path);
  let sheetId = '';
  const { register } = await openCustodyFile(path).append((journal) => {
    sheetId = findSheet(journal.register, sheet).sheetId;
    return [entryOfNote(parseNote(say(sheetId, journal.register)), Date.now())];
  });
  const kept = register.get(sheetId) as KeptSheet;
  return { json: { sheet: shownSheet(kept) }, lines: facts([['serial', kept.serial], ['state', kept.state], ...(kept.seal === null ? [] : [['bag', kept.seal] as const]), ['sheet id', kept.sheetId]]) };
}

function parseNote(value: unknown): ReturnType<typeof parse<typeof CustodyNote>> {
  try {
    return parse(CustodyNote, value);
  } catch {
    throw usageError('A name, a remark or the number of a bag is too long or has characters that it may not have.', 'Names and remarks: one line of at most 200 characters. Numbers of bags: at most 40 letters, digits, blanks, dots, slashes and hyphens.');
  }
}

/** @throws StrongroomError `custody.unknown-sheet`, `usage.malformed` */
function findSheet(register: Register, text: string): KeptSheet {
  const byId = register.get(text.toLowerCase());
  if (byId !== undefined) return byId;
  const named = [...register.values()].filter(({ serial }) => serial === text.toUpperCase());
  if (named.length > 1) throw usageError(`${named.length} sheets have the serial ${text}.`, 'Name the sheet by its id.');
  const [only] = named;
  if (only === undefined) throw new StrongroomError('custody.unknown-sheet', 'The custody register has no such sheet.', {}, 'Compare with custody list. A sheet comes into the register when paper check or paper prove reads it back with --custody.');
  return only;
}

function requireFile(path: string): void {
  if (path === '-') throw usageError('--register takes a file, not standard input.', 'Name the register\'s file.');
}

/** The sheet as the window shows it too. */
const shownSheet = (sheet: KeptSheet) => parse(CustodySheet, sheet);

export const custodyCommands = [list, seal, voidSheet, replace];
