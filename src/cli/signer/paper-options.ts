import type { InferInput } from 'valibot';
import { networkNames } from '../../domain/network.ts';
import { walletScripts } from '../../domain/wallet-script.ts';
import type { signerCommandContract } from '../../host/signer-contract.ts';
import { templateNames } from '../../paper/sheets/template.ts';
import type { CommandIo } from '../shared/command.ts';
import { passphraseFileOption } from '../shared/common-options.ts';
import { flag, optional, required, withDefault, type Values } from '../shared/option.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, inputFileValue, integerValue, textValue } from '../shared/value-kinds.ts';
import { openSigner, withKey, type SignerCall } from './session.ts';

type Order = InferInput<(typeof signerCommandContract)['paper.make']['input']>['order'];

const kinds = ['cosigner-card', 'seed', 'wallet', 'deposit-addresses', 'template'] as const;
type Kind = (typeof kinds)[number];

/** What a sheet is made of: the same options make it and check a print of it. */
export const sheetOptions = {
  kind: required(choiceValue('KIND', kinds), 'what the sheet is'),
  key: optional(inputFileValue, 'the key file; for every kind but template'),
  registration: optional(inputFileValue, 'the registration of the wallet; for wallet and deposit-addresses'),
  script: optional(choiceValue('SCRIPT', walletScripts), 'the type of wallet that a cosigner card is for; p2wsh when left out'),
  account: optional(integerValue('NUMBER', 0, 999), 'account number of a cosigner card; 0 when left out'),
  'by-hand': flag('leave the words of a seed sheet to be written by hand: no secret is printed'),
  'born-at': optional(integerValue('SECONDS', 0, 4_294_967_295), 'time before a wallet\'s first payment in Unix seconds, from which a node scans; the whole chain when left out'),
  index: optional(integerValue('NUMBER', 0, 999_999), 'the first deposit address\'s index; 0 when left out'),
  count: optional(integerValue('NUMBER', 1, 50), 'how many deposit addresses; 8 when left out'),
  template: optional(choiceValue('NAME', templateNames), 'which blank sheet; for template'),
  network: optional(choiceValue('NETWORK', networkNames), 'the network of a template; mainnet when left out'),
  label: optional(textValue('LABEL'), 'what people call it; the key\'s own label when left out'),
  serial: optional(textValue('SERIAL'), 'the sheet\'s serial, up to 24 capitals, digits and hyphens; made from kind and fingerprint when left out'),
  date: optional(textValue('DATE'), 'the date on the sheet, such as 2026-11-22; today when left out, and none on a template'),
  'page-size': withDefault(choiceValue('SIZE', ['a4', 'letter']), 'a4', 'the size of the paper'),
  'passphrase-file': passphraseFileOption,
};
type SheetValues = Values<typeof sheetOptions>;

/** The options that only some kinds know. An option that would be ignored is a misunderstanding, and said to be one. */
const kindsOf: Readonly<Partial<Record<keyof SheetValues, readonly Kind[]>>> = {
  key: ['cosigner-card', 'seed', 'wallet', 'deposit-addresses'],
  registration: ['wallet', 'deposit-addresses'],
  script: ['cosigner-card'],
  account: ['cosigner-card'],
  'by-hand': ['seed'],
  'born-at': ['wallet'],
  index: ['deposit-addresses'],
  count: ['deposit-addresses'],
  template: ['template'],
  network: ['template'],
  label: ['cosigner-card', 'seed', 'template'],
};

/** @throws StrongroomError `usage.malformed` */
export function requireFittingOptions(values: SheetValues): void {
  for (const [name, fitting] of Object.entries(kindsOf)) {
    const value = values[name as keyof SheetValues];
    if (value !== undefined && value !== false && !fitting.includes(values.kind)) throw usageError(`--${name} means nothing for a sheet of kind ${values.kind}.`, `Leave it out; it is for ${fitting.join(', ')}.`);
  }
}

/**
 * Opens the key where the kind needs one, and hands over the order for the sheet.
 * @throws StrongroomError `usage.malformed` and whatever opening a key file throws
 */
export async function withOrder<T>(io: CommandIo, values: SheetValues, work: (call: SignerCall, order: Order) => Promise<T>): Promise<T> {
  const { kind, serial = null, date = null, label = null, 'page-size': pageSize } = values;
  const ordered = (content: Order['content']): Order => ({ content, serial, date, pageSize });
  if (kind === 'template') {
    return work(openSigner(io), ordered({ kind, template: given(values.template, '--template NAME', kind), network: values.network ?? 'mainnet', label }));
  }
  const keyFile = given(values.key, '--key FILE', kind);
  const needsRegistration = kind === 'wallet' || kind === 'deposit-addresses';
  const registration = needsRegistration ? await io.files.readText(given(values.registration, '--registration FILE', kind)) : '';
  return withKey(io, keyFile, values['passphrase-file'], (call, { keyHandle }) => {
    const contents: Readonly<Record<Exclude<Kind, 'template'>, Order['content']>> = {
      'cosigner-card': { kind: 'cosigner-card', keyHandle, script: values.script ?? 'p2wsh', account: values.account ?? 0, label },
      seed: { kind: 'seed', keyHandle, filling: values['by-hand'] ? 'by-hand' : 'printed', label },
      wallet: { kind: 'wallet', keyHandle, registration, bornAt: values['born-at'] ?? 0 },
      'deposit-addresses': { kind: 'deposit-addresses', keyHandle, registration, index: values.index ?? 0, count: values.count ?? 8 },
    };
    return work(call, ordered(contents[kind]));
  });
}

function given<T>(value: T | undefined, option: string, kind: Kind): T {
  if (value === undefined) throw usageError(`A sheet of kind ${kind} needs ${option}.`, `Add ${option}.`);
  return value;
}
