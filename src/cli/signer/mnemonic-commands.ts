import type { InferOutput } from 'valibot';
import { MnemonicLanguageName, type checkWords, type codePoints } from '../../host/key-wire.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { flag, optional } from '../shared/option.ts';
import { table, wrap } from '../shared/text-layout.ts';
import { choiceValue, inputFileValue } from '../shared/value-kinds.ts';
import { openSigner } from './session.ts';

type Check = InferOutput<typeof checkWords.output>;
type Character = InferOutput<typeof codePoints.output>['characters'][number];

/** Repairs that are shown; of a wrong checksum there can be hundreds, and the likeliest come first. */
const MOST_REPAIRS = 20;

const revealOption = flag('put out parts of the secret also where standard output is no terminal, or JSON');

/** SECURITY: suggestions and last words are parts of the secret. Where output goes to a file or a program, it must be said. */
const mayReveal = (io: CommandIo, reveal: boolean): boolean => reveal || io.interactive;
const WITHHELD = 'What helps is a part of the secret and is withheld here: run this on a terminal, or add --reveal.';

const check = defineCommand({
  name: 'mnemonic check',
  summary: 'Check the words of a sheet, and help with those that cannot be read or do not fit',
  notes: [
    'For each word that no list holds, the nearest ones; for a wrong checksum, the words and neighbouring swaps that would put it right; with --last-word, every last word that completes 11, 14, 17, 20 or 23 words. A suggestion is a guess: only the fingerprint on the wallet sheet proves a mnemonic.',
    'Words come from a file, standard input or a prompt without echo, never from arguments. Suggestions go to a terminal only, unless --reveal is given; JSON without it has positions and counts. Nothing is kept.',
    'Exit code 2: words are missing, unknown, or the checksum is wrong.',
  ],
  positionals: {},
  options: {
    'mnemonic-file': optional(inputFileValue, 'the words, in a file or on standard input (-); asked for without echo when left out'),
    language: optional(choiceValue('LANGUAGE', MnemonicLanguageName.options), 'the list that the words are of; found when left out'),
    'last-word': flag('find every last word for words that lack it'),
    reveal: revealOption,
  },
  async run(values, io) {
    const text = await io.secrets.existing(values['mnemonic-file'], 'Words', '--mnemonic-file');
    const call = openSigner(io);
    const found = await call('mnemonic.check-words', { text, language: values.language ?? null });
    const shown = mayReveal(io, values.reveal);
    if (values['last-word']) {
      const { words } = await call('mnemonic.last-words', { text, language: values.language ?? found.language ?? 'english' });
      return {
        json: { language: found.language, given: found.words.length, lastWords: words.length, ...(shown ? { words } : {}) },
        lines: [`${words.length} last words complete the ${found.words.length} that were given.`, ...(shown ? wrap(words.join(' '), 96, '  ') : [WITHHELD])],
      };
    }
    const unknown = found.words.filter(({ known }) => !known);
    const hasHelp = unknown.length > 0 || found.repairs.length > 0;
    return {
      json: {
        language: found.language, given: found.words.length, unknown: unknown.map(({ position }) => position), checksum: found.checksum, repairs: found.repairs.length,
        ...(shown ? { suggestions: unknown.map(({ position, suggestions }) => ({ position, suggestions })), repairsFound: found.repairs } : {}),
      },
      lines: [summaryOf(found), ...(hasHelp && !shown ? [WITHHELD] : []), ...(shown ? helpLines(found) : [])],
      ...(found.checksum === 'fits' ? {} : { exit: 2 as const }),
    };
  },
});

function summaryOf({ language, words, checksum }: Check): string {
  const unknown = words.filter(({ known }) => !known).map(({ position }) => position);
  if (checksum === 'fits') return `${words.length} words (${language}), and the checksum fits. Whose they are, only the fingerprint tells.`;
  if (checksum === 'wrong') return `${words.length} words (${language}) that all exist, but the checksum is wrong: a word is another one, or two changed places.`;
  if (unknown.length > 0) return `${words.length} words${language === null ? '' : ` (${language})`}; not of the list: word ${unknown.join(', ')}.`;
  return `${words.length} words${language === null ? '' : ` (${language})`} so far; a mnemonic has 12, 15, 18, 21 or 24.`;
}

function helpLines({ words, repairs }: Check): readonly string[] {
  const nearest = words.filter(({ known }) => !known).map(({ position, suggestions }) => [`word ${position}`, suggestions.length === 0 ? 'nothing in the list is near' : suggestions.join(', ')]);
  const ways = repairs.slice(0, MOST_REPAIRS).map((repair) => (repair.kind === 'swap' ? [`words ${repair.positions.join(' and ')}`, 'swapped'] : [`word ${repair.position}`, `${repair.word} (${repair.distance} ${repair.distance === 1 ? 'letter' : 'letters'} apart)`]));
  return [
    ...(nearest.length === 0 ? [] : ['Nearest words:', ...table(nearest, [], '  ')]),
    ...(ways.length === 0 ? [] : ['The checksum would fit with:', ...table(ways, [], '  '), ...(repairs.length > MOST_REPAIRS ? [`  and ${repairs.length - MOST_REPAIRS} others, less likely`] : [])]),
  ];
}

const passphrase = defineCommand({
  name: 'passphrase check',
  summary: 'Show a passphrase character by character, as the keyboard really sent it',
  notes: [
    'Blanks at an end, marks that nobody sees, curled quotation marks and accents that another keyboard composes otherwise lead to another key. Compare the code points with what you meant to type.',
    'The characters go to a terminal only, unless --reveal is given; JSON without it has counts. Exit code 2: something in it is unseen, at an edge, or not kept as typed (NFKD).',
  ],
  positionals: {},
  options: { 'passphrase-file': optional(inputFileValue, 'the passphrase, in a file or on standard input (-); asked for without echo when left out'), reveal: revealOption },
  async run(values, io) {
    const text = await io.secrets.existing(values['passphrase-file'], 'Passphrase', '--passphrase-file');
    const { characters } = await openSigner(io)('passphrase.code-points', { text });
    const shown = mayReveal(io, values.reveal);
    const count = (is: (character: Character) => boolean): number => characters.filter(is).length;
    const counts = {
      length: characters.length, invisible: count(({ invisible }) => invisible), edgeBlanks: count(({ edgeBlank }) => edgeBlank),
      nonAscii: count(({ nonAscii }) => nonAscii), normalised: count(({ normalised }) => normalised),
    };
    const isPlain = counts.invisible + counts.edgeBlanks + counts.normalised === 0;
    return {
      json: { ...counts, ...(shown ? { characters } : {}) },
      lines: [
        `${counts.length} characters; ${counts.invisible} unseen, ${counts.edgeBlanks} blanks at an end, ${counts.nonAscii} outside ASCII, ${counts.normalised} not kept as typed.`,
        ...(shown ? table(characters.map((character) => [String(character.position), character.shown ?? '', character.codePoint, character.kind, noteOf(character)]), [0], '  ') : [WITHHELD]),
      ],
      ...(isPlain ? {} : { exit: 2 as const }),
    };
  },
});

const noteOf = ({ name, invisible, edgeBlank, combining, normalised }: Character): string =>
  [...(name === null ? [] : [name]), ...(invisible ? ['unseen'] : []), ...(edgeBlank ? ['at an end'] : []), ...(combining ? ['joins the one before'] : []), ...(normalised ? ['not kept as typed'] : [])].join(', ');

export const mnemonicCommands = [check, passphrase];
