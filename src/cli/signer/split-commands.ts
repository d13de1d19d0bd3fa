import { parseBase64 } from '../../domain/bytes.ts';
import type { InferInput } from 'valibot';
import type { signerCommandContract } from '../../host/signer-contract.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption, passphraseFileOption } from '../shared/common-options.ts';
import { optional, required, withDefault, type Values } from '../shared/option.ts';
import { facts } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, folderValue, inputFileValue, integerValue, textValue, type ValueKind } from '../shared/value-kinds.ts';
import { withKey } from './session.ts';

type Plan = InferInput<(typeof signerCommandContract)['key.split']['input']>['order']['plan'];
type Group = { readonly threshold: number; readonly count: number };

/** `2of3,3of5`: members needed and members there are, of each group. */
const groupsValue: ValueKind<readonly Group[]> = {
  placeholder: 'MofN,...',
  choices: [],
  completes: 'nothing',
  parse(text, optionName) {
    const groups = text.split(',').map((part) => /^([1-9][0-9]?)of([1-9][0-9]?)$/.exec(part.trim()));
    if (groups.some((group) => group === null)) throw usageError(`${optionName} takes groups such as 2of3 or 2of3,3of5.`, `Write for example ${optionName} 2of3.`);
    return groups.map((group) => ({ threshold: Number(group?.[1]), count: Number(group?.[2]) }));
  },
};

const splitOptions = {
  key: required(inputFileValue, 'the key file'),
  scheme: required(choiceValue('SCHEME', ['slip39', 'codex32', 'seed-xor']), 'how the key is divided'),
  out: required(folderValue, 'the folder that the shares go to; made if it is not there'),
  groups: optional(groupsValue, 'the groups, and of each how many shares are needed of how many; for slip39'),
  'group-threshold': optional(integerValue('NUMBER', 1, 16), 'how many groups are needed; 1 when left out; for slip39'),
  'share-passphrase-file': optional(inputFileValue, 'a SLIP-39 passphrase that is needed besides the shares, in a file or on standard input (-); none when left out; for slip39'),
  threshold: optional(integerValue('NUMBER', 2, 9), 'how many shares are needed; for codex32'),
  shares: optional(integerValue('NUMBER', 2, 31), 'how many shares there are; for codex32'),
  parts: optional(integerValue('NUMBER', 2, 4), 'how many parts, all of which are needed; for seed-xor'),
  label: optional(textValue('LABEL'), 'what people call it; the key\'s own label when left out'),
  serial: optional(textValue('SERIAL'), 'how the sheets\' serials begin, up to 21 capitals, digits and hyphens; made from the fingerprint when left out'),
  date: optional(textValue('DATE'), 'the date on the sheets, such as 2026-11-22; today when left out'),
  'page-size': withDefault(choiceValue('SIZE', ['a4', 'letter']), 'a4', 'the size of the paper'),
  'passphrase-file': passphraseFileOption,
  force: forceOption,
};
type SplitValues = Values<typeof splitOptions>;

/** The options that one scheme only knows. */
const schemeOf: Readonly<Partial<Record<keyof SplitValues, SplitValues['scheme']>>> = { groups: 'slip39', 'group-threshold': 'slip39', 'share-passphrase-file': 'slip39', threshold: 'codex32', shares: 'codex32', parts: 'seed-xor' };

const split = defineCommand({
  name: 'key split',
  summary: 'Divide a key into shares by SLIP-39, codex32 or Seed XOR, a sheet for each',
  notes: [
    'SLIP-39 and codex32 divide the key\'s BIP32 seed, Seed XOR its mnemonic. Before anything is written the key is brought back from its shares and compared by its fingerprint.',
    'Each share becomes a PDF to print and a text file. All of them together are the key in the clear: write them to a folder in memory, print each, hand it to its holder, and delete the folder.',
    'A read-back list is written beside them: hashes of what stands on the sheets, nothing secret. paper prove reads their prints against it.',
    'slip39: --groups 2of3, or --groups 2of3,3of5 --group-threshold 2. codex32: --threshold 2 --shares 3. seed-xor: --parts 3; every part is needed, and one that is lost loses the key.',
  ],
  positionals: {},
  options: splitOptions,
  async run(values, io) {
    for (const [name, scheme] of Object.entries(schemeOf)) {
      if (values[name as keyof SplitValues] !== undefined && scheme !== values.scheme) throw usageError(`--${name} means nothing for ${values.scheme}.`, `Leave it out; it is for --scheme ${scheme}.`);
    }
    const passphraseFile = values['share-passphrase-file'];
    const plan = planOf(values, passphraseFile === undefined ? '' : await io.secrets.existing(passphraseFile, 'SLIP-39 passphrase', '--share-passphrase-file'));
    const place = await io.files.placeFolder(values.out, values.force);
    return withKey(io, values.key, values['passphrase-file'], async (call, { keyHandle, fingerprint }) => {
      const { label = null, serial = null, date = null, 'page-size': pageSize } = values;
      const { shares, readBack } = await call('key.split', { order: { keyHandle, plan, label, serial, date, pageSize } });
      const files: { share: string; sheet: string; text: string }[] = [];
      for (const { share, text, document } of shares) {
        const textName = document.name.replace(/\.pdf$/, '.txt');
        files.push({ share, sheet: await io.files.write(place(document.name), document.name, parseBase64(document.contentBase64)), text: await io.files.write(place(textName), textName, `${text}\n`) });
      }
      const list = await io.files.write(place(readBack.name), readBack.name, parseBase64(readBack.contentBase64));
      return {
        json: { fingerprint, scheme: values.scheme, readBack: list, shares: shares.map(({ sheetId, serial: own, part, pages, date: made, share }, index) => ({ sheetId, serial: own, part, pages, date: made, share, sheet: files[index]?.sheet, text: files[index]?.text })) },
        lines: [
          `${io.style.bold(fingerprint)} is divided into ${shares.length} shares, and was brought back from them.`,
          ...facts([...files.map(({ share, sheet }) => [`share ${share}`, sheet] as const), ['read-back list', list]]),
          io.style.bold('TOGETHER THE SHARES\' FILES ARE THE KEY, IN THE CLEAR.'),
          'Keep the read-back list elsewhere: it holds no secret, and paper prove reads the prints against it. Print each sheet, give it to its holder, and delete the folder; printers and spoolers keep pages too. Then restore the key from printed shares once, on this machine, and compare the fingerprint.',
        ],
      };
    });
  },
});

/** @throws StrongroomError `usage.malformed` */
function planOf(values: SplitValues, passphrase: string): Plan {
  const given = <T>(value: T | undefined, option: string): T => {
    if (value === undefined) throw usageError(`${values.scheme} needs ${option}.`, `Add ${option}.`);
    return value;
  };
  if (values.scheme === 'slip39') return { scheme: 'slip39', groups: given(values.groups, '--groups MofN').map((group) => ({ ...group })), groupThreshold: values['group-threshold'] ?? 1, passphrase };
  if (values.scheme === 'codex32') return { scheme: 'codex32', threshold: given(values.threshold, '--threshold NUMBER'), count: given(values.shares, '--shares NUMBER') };
  return { scheme: 'seed-xor', parts: given(values.parts, '--parts NUMBER') };
}

export const splitCommands = [split];
