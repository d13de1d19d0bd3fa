import { parseBase64 } from '../../domain/bytes.ts';
import { networkNames } from '../../domain/network.ts';
import { parseReadBackList, readListed } from '../../service/signer/read-back-list.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { optional, required, withDefault } from '../shared/option.ts';
import { facts } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, folderValue, inputFileValue, integerValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { custodyOf, custodyOptions } from './custody-options.ts';
import { proofOptions, readProof } from './paper-proof.ts';
import { openSigner } from './session.ts';
import { readUserEntropy, userEntropyOptions } from './user-entropy-options.ts';

/** Less than two thousand bytes a sheet, of a thousand sheets. */
const READ_BACK_LIST_BYTES = 2_097_152;

const inFours = (code: string): string => (code.match(/.{1,4}/g) ?? []).join(' ');

const wallets = defineCommand({
  name: 'paper wallets',
  summary: 'Make new single-key paper wallets: address sheets, key sheets, and a list of the addresses',
  notes: [
    'Each key is its own part of one entropy, mixed from the system\'s random source and yours: 99 rolls of a die, 256 flips of a coin, or as much of another source. Nothing of it is kept: the key sheets are all there is.',
    'wif: the key as it is. bip38: encrypted under one passphrase of yours. secure-print: encrypted under a code of twelve characters for each wallet, which is shown once and written on its sheet by hand, so that no printer ever held enough to spend.',
    'The file of key sheets holds the keys. Write it to a folder in memory, print it on a printer without a network and without memory, and delete it.',
    'SecurePrint\'s codes appear on a terminal only, or in the file that --hand-codes-file names.',
  ],
  positionals: {},
  options: {
    network: required(choiceValue('NETWORK', networkNames), 'the network that the wallets are for'),
    form: required(choiceValue('FORM', ['wif', 'bip38', 'secure-print']), 'how the keys stand on their sheets'),
    out: required(folderValue, 'the folder that the files go to; made if it is not there'),
    script: withDefault(choiceValue('SCRIPT', ['p2pkh', 'p2wpkh', 'p2tr']), 'p2wpkh', 'what the addresses are'),
    count: withDefault(integerValue('NUMBER', 1, 500), '1', 'how many wallets'),
    ...userEntropyOptions,
    'passphrase-file': optional(inputFileValue, 'the passphrase of BIP38, in a file or on standard input (-); asked for twice without echo when left out; for bip38'),
    'hand-codes-file': optional(outputFileValue, 'also write SecurePrint\'s codes to this file, a serial and a code a line; for secure-print'),
    label: optional(textValue('LABEL'), 'what people call the wallets'),
    serial: optional(textValue('SERIAL'), 'how the sheets\' serials begin, up to 18 capitals, digits and hyphens; made from date and address when left out'),
    date: optional(textValue('DATE'), 'the date on the sheets, such as 2026-11-22; today when left out'),
    'page-size': withDefault(choiceValue('SIZE', ['a4', 'letter']), 'a4', 'the size of the paper'),
    force: forceOption,
  },
  async run(values, io) {
    const { form, network, script, count, label = null, serial = null, date = null, 'page-size': pageSize } = values;
    const codesFile = values['hand-codes-file'];
    if (form !== 'bip38' && values['passphrase-file'] !== undefined) throw usageError(`--passphrase-file means nothing for ${form}.`, 'Leave it out; it is for --form bip38.');
    if (form !== 'secure-print' && codesFile !== undefined) throw usageError(`--hand-codes-file means nothing for ${form}.`, 'Leave it out; it is for --form secure-print.');
    // Before anything is made: wallets whose codes nobody saw can never be spent.
    if (form === 'secure-print' && codesFile === undefined && !io.interactive) throw usageError('There is no terminal to show the codes of SecurePrint on.', 'Run it on a terminal without --json, or add --hand-codes-file FILE.');
    const codesPlace = codesFile === undefined ? null : await io.files.place(codesFile, values.force);
    const place = await io.files.placeFolder(values.out, values.force);
    const entropy = await readUserEntropy(io, values);
    const secret = form === 'bip38' ? ({ form, passphrase: await newPassphrase(io, values['passphrase-file']) } as const) : ({ form } as const);
    const call = openSigner(io);
    const made = await call('paper.wallets', { order: { network, script, count, secret, ...entropy, label, serial, date, pageSize } });
    const files: string[] = [];
    // The record first: wallets that are there have theirs.
    for (const { name, contentBase64 } of [made.record, made.publicDocument, made.secretDocument, made.addresses, made.readBack]) files.push(await io.files.write(place(name), name, parseBase64(contentBase64)));
    const [record = '', addressSheets = '', keySheets = '', addresses = '', readBack = ''] = files;
    const handCodes = codesPlace === null ? null : await io.files.write(codesPlace, 'hand-codes.txt', made.handCodes.map((each) => `${each.serial} ${each.code}\n`).join(''));
    const shown = form === 'secure-print' && io.interactive;
    return {
      json: { network, script, form, count, wallets: made.wallets, sheets: made.sheets, addressSheets, keySheets, addresses, readBack, record, ...(handCodes === null ? {} : { handCodes }) },
      lines: [
        `${count === 1 ? 'A paper wallet is' : `${count} paper wallets are`} made on ${network}.`,
        ...facts([['address sheets', addressSheets], ['key sheets', keySheets], ['addresses', addresses], ['read-back list', readBack], ['entropy record', record], ...(handCodes === null ? [] : [['codes', handCodes] as const])]),
        ...(shown ? ['', 'Write each code by hand into the boxes of the key sheet of its serial. It is shown now and never again:', ...facts(made.handCodes.map((each) => [each.serial, inFours(each.code)] as const)), 'Then clear the terminal, its history of lines too.'] : []),
        form === 'wif' ? 'The file of key sheets holds the keys in the clear. Print it, then delete it; printers and spoolers keep pages too.' : 'Print the key sheets, then delete their file. The keys are nowhere else: without sheet and passphrase or code, the money is lost.',
        'Pay to no wallet before paper prove has read its printed sheets.',
      ],
    };
  },
});

const prove = defineCommand({
  name: 'paper prove',
  summary: 'Read printed paper wallets or shares back against the list that was written with them',
  notes: [
    'Each sheet is proven by its code or by its check words. Exit code 3: some are not proven yet, or something is on none of them.',
    'A SecurePrint sheet is proven as printed. Whether the code was written on it rightly shows only when the key is opened: open one of each batch.',
    'With --custody the register notes each proven sheet as made, and as printed where it does not know of it yet, also while others are missing.',
  ],
  positionals: {},
  options: { list: required(inputFileValue, 'the read-back list (its name ends in -read-back.json)'), ...proofOptions, ...custodyOptions },
  async run(values, io) {
    const noteMade = custodyOf(values);
    const list = parseReadBackList(await io.files.readText(values.list, READ_BACK_LIST_BYTES));
    const proof = await readProof(io, values);
    const { sheets, foreign } = readListed(list, proof.by === 'codes' ? { scanned: proof.scanned, words: [] } : { scanned: [], words: proof.words });
    const missing = sheets.filter(({ by }) => by === null);
    await noteMade(sheets.flatMap(({ by, ...sheet }) => (by === null ? [] : [{ ...sheet, by }])));
    return {
      json: { made: sheets.length - missing.length, missing: missing.length, foreign, sheets: sheets.map(({ sheetId, serial, part, by }) => ({ sheetId, serial, part, made: by !== null, by })) },
      lines: [
        `${sheets.length - missing.length} of ${sheets.length} sheets are made.`,
        ...(missing.length === 0 ? [] : [`Not proven: ${missing.map(({ serial }) => serial).join(', ')}.`]),
        ...(foreign === 0 ? [] : [`${foreign} scanned or typed texts are on none of them: another sheet, an older print, or a damaged one. Put it aside.`]),
      ],
      ...(missing.length === 0 && foreign === 0 ? {} : { exit: 3 as const }),
    };
  },
});

const newPassphrase = (io: CommandIo, file: string | undefined): Promise<string> => io.secrets.fresh(file, 'New passphrase for the paper wallets', '--passphrase-file');

export const paperWalletCommands = [wallets, prove];
