import { parseBase64 } from '../../domain/bytes.ts';
import { defineCommand } from '../shared/command.ts';
import type { OutputPlace } from '../shared/command-files.ts';
import { forceOption } from '../shared/common-options.ts';
import { required, withDefault } from '../shared/option.ts';
import { facts } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, outputFileValue } from '../shared/value-kinds.ts';
import { custodyOf, custodyOptions } from './custody-options.ts';
import { requireFittingOptions, sheetOptions, withOrder } from './paper-options.ts';
import { proofOptions, readProof } from './paper-proof.ts';

interface SheetFacts {
  readonly sheetId: string;
  readonly kind: string;
  readonly part: 'public' | 'secret';
  readonly serial: string;
  readonly date: string;
  readonly pages: number;
  readonly codes: readonly { readonly id: string; readonly text?: string | undefined }[];
}

const jsonOf = ({ sheetId, kind, part, serial, date, pages, codes }: SheetFacts) => ({ sheetId, kind, part, serial, date, pages, codes });
const nameOf = (sheet: SheetFacts): string => `${sheet.kind}, ${sheet.part}, ${sheet.pages} ${sheet.pages === 1 ? 'page' : 'pages'}`;
const factsOf = (sheet: SheetFacts): (readonly [string, string])[] => [['serial', sheet.serial], ...(sheet.date === '' ? [] : [['date', sheet.date] as const]), ['sheet id', sheet.sheetId]];

const make = defineCommand({
  name: 'paper make',
  summary: 'Make a sheet to print: a cosigner card, a wallet, deposit addresses, a seed, or a blank template',
  notes: [
    'Each page is read back before anything is written: every code from its drawing, every text against its code.',
    'The file of a seed sheet holds the words in the clear. Write it to a folder in memory, print it on a printer without a network and without memory, and delete it, with the .previous beside it where --force replaced one. With --by-hand it holds no word.',
    'An SVG holds one page. For a sheet of several, --out names a folder that is there.',
  ],
  positionals: {},
  options: {
    ...sheetOptions,
    format: withDefault(choiceValue('FORMAT', ['pdf', 'svg']), 'pdf', 'a PDF of all pages, or an SVG for each'),
    out: required(outputFileValue, 'where the sheet goes; an existing folder takes it under a suggested name'),
    force: forceOption,
  },
  async run(values, io) {
    requireFittingOptions(values);
    const place = await io.files.place(values.out, values.force);
    return withOrder(io, values, async (call, order) => {
      const sheet = await call('paper.make', { order, format: values.format });
      if (sheet.documents.length > 1 && !isFolder(place)) throw usageError(`The sheet has ${sheet.pages} pages, and an SVG holds one.`, 'Name an existing folder with --out, or take --format pdf.');
      const files: string[] = [];
      for (const { name, contentBase64 } of sheet.documents) files.push(await io.files.write(place, name, parseBase64(contentBase64)));
      const holdsSecret = sheet.kind === 'seed' && !values['by-hand'];
      return {
        json: { ...jsonOf(sheet), out: files.length === 1 ? files[0] : values.out, files },
        lines: [
          `${io.style.bold(sheet.serial)}: ${nameOf(sheet)}.`,
          ...facts([...factsOf(sheet), ...files.map((file) => ['file', file] as const)]),
          ...(holdsSecret ? ['The file holds the secret in the clear. Print it, then delete it; printers and spoolers keep pages too.'] : []),
          'It counts as made when paper check has read the print, with the same options and the date above.',
        ],
      };
    });
  },
});

/** A folder gives each name a path of its own. */
const isFolder = (place: OutputPlace): boolean => place.path('1') !== place.path('2');

const check = defineCommand({
  name: 'paper check',
  summary: 'Read a printed sheet back: by its scanned codes, or by the check words at the foot of its pages',
  notes: [
    'Give the options that the sheet was made with, and the date that stands on it. Exit code 3: the print is not proven to be this sheet.',
    'Pictures are photographs or scans of the print, PNG or JPEG, one or several for each page. Scanned texts come one a line, for example from zbarimg --quiet --raw. Check words come one page a line; they are asked for when nothing is given.',
    'With --custody the register notes that the sheet is made, and that it was printed where it does not know of it yet.',
  ],
  positionals: {},
  options: {
    ...sheetOptions,
    ...proofOptions,
    ...custodyOptions,
  },
  async run(values, io) {
    requireFittingOptions(values);
    const noteMade = custodyOf(values);
    const proof = await readProof(io, values);
    return withOrder(io, values, async (call, order) => {
      const sheet = await call('paper.check', { order, proof });
      await noteMade([sheet]);
      return {
        json: { ...jsonOf(sheet), made: sheet.made, by: sheet.by },
        lines: [`${io.style.bold(sheet.serial)} is made: the print reads back by its ${sheet.by === 'codes' ? 'codes' : 'check words'}.`, ...facts([['sheet', nameOf(sheet)], ...factsOf(sheet)])],
      };
    });
  },
});

export const paperCommands = [make, check];
