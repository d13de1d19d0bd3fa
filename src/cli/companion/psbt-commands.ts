import { basename } from 'node:path';
import { nextPsbtFileName, transactionFileName } from '../../airgap/file-names.ts';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption, qrForOption, qrOption } from '../shared/common-options.ts';
import { flag, optional, repeated, required } from '../shared/option.ts';
import { placeQrCodes, writeQrCodes } from '../shared/qr-output.ts';
import { quorumFacts, reviewLines, verdictExit } from '../shared/review-text.ts';
import { facts, satsText } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { dbOption, nodeOption, withCompanion } from './session.ts';

const psbtPositional = required(inputFileValue, 'the PSBT: binary, base64, hex, or QR frames one a line; - for standard input');
const readPsbt = async (io: CommandIo, file: string): Promise<string> => toBase64(await io.files.readBytes(file, PSBT_FILE_BYTES));

const walletsOption = repeated(inputFileValue, 1, 'the wallet file; of every wallet that the transaction spends from');
const readWallets = (io: CommandIo, files: readonly string[]): Promise<string[]> => inOrder(files, (file) => io.files.readText(file));

/** One after the other: standard input is read once, and two may be the same device. */
async function inOrder<T>(files: readonly string[], read: (file: string) => Promise<T>): Promise<T[]> {
  const contents: T[] = [];
  for (const file of files) contents.push(await read(file));
  return contents;
}

/** What errors call a file: its name without the folder, as far as it can be shown. */
const nameOf = (file: string, index: number): string => {
  const name = file === '-' ? 'standard input' : basename(file).replace(/\p{C}/gu, '').slice(0, 200);
  return name === '' ? `file ${index + 1}` : name;
};

const review = defineCommand({
  name: 'psbt review',
  summary: 'Show what a transaction does, by the Signer\'s rules but without a key',
  notes: ['Exit codes: 0 ready, 2 findings need a person\'s judgement, 3 refused.'],
  positionals: { psbt: psbtPositional },
  options: { wallet: walletsOption },
  async run(values, io) {
    const wallet = await readWallets(io, values.wallet);
    const psbtFileBase64 = await readPsbt(io, values.psbt);
    return withCompanion(io, undefined, async (call) => {
      const report = await call('psbt.review', { wallet, psbtFileBase64 });
      return { json: report, lines: reviewLines(report, io.style), ...verdictExit(report.verdict) };
    });
  },
});

const combine = defineCommand({
  name: 'psbt combine',
  summary: 'Put the cosigners\' signatures together; verify every one and say whose it is',
  notes: [
    'A reply may be a PSBT, also one that holds nothing but signatures, or a signed transaction (binary or hex). What it lacks comes from the other files, from --original, or from the plan in the ledger.',
    'Replies to a version of the payment that was replaced are refused by name: where the ledger knows that version, or --superseded does.',
  ],
  positionals: { file: repeated(inputFileValue, 1, 'the signed replies to one transaction') },
  options: {
    wallet: walletsOption,
    original: optional(inputFileValue, 'the unsigned PSBT that the replies answer; left out where one of the files, or the ledger, has what they lack'),
    superseded: repeated(inputFileValue, 0, 'a file of a version of the payment that was replaced'),
    'leave-out': flag('combine the good files even where others are not taken; those are named'),
    out: required(outputFileValue, 'where the combined PSBT goes; an existing folder takes it under a suggested name'),
    db: dbOption, qr: qrOption, 'qr-for': qrForOption, force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const qrPlace = await placeQrCodes(io, values);
    const wallet = await readWallets(io, values.wallet);
    const [first = '-'] = values.file;
    const psbtFilesBase64 = await inOrder(values.file, (file) => readPsbt(io, file));
    const originalFileBase64 = values.original === undefined ? null : await readPsbt(io, values.original);
    const supersededFilesBase64 = await inOrder(values.superseded, (file) => readPsbt(io, file));
    return withCompanion(io, values.db, async (call) => {
      const combined = await call('psbt.combine', { wallet, psbtFilesBase64, names: values.file.map(nameOf), originalFileBase64, supersededFilesBase64, leaveOutBad: values['leave-out'] });
      const { quorum, quorums, leftOut = [] } = combined;
      const psbt = parseBase64(combined.psbtBase64);
      const out = await io.files.write(place, first === '-' ? combined.suggestedName : nextPsbtFileName(first, 'combined'), psbt);
      const qr = await writeQrCodes(io, qrPlace, out, psbt);
      const perWallet = Object.entries(quorums ?? {}).flatMap(([walletId, each]) => quorumFacts(each).map(([name, text]): [string, string] => [`${walletId}: ${name}`, text]));
      return {
        json: { quorum, ...(quorums === undefined ? {} : { quorums }), ...(values['leave-out'] ? { leftOut } : {}), out, ...qr.json },
        lines: [
          ...leftOut.map(({ file, message, hint }) => `Not taken: ${file}. ${message} ${hint}`),
          'Every signature verifies.',
          ...facts([...(quorums === undefined ? quorumFacts(quorum) : perWallet), ['combined PSBT', out], ...qr.facts]),
        ],
      };
    });
  },
});

const finalize = defineCommand({
  name: 'psbt finalize',
  summary: 'Make the final transaction from a PSBT whose quorum is reached, and check it',
  notes: [
    'The transaction is written as hexadecimal text. Nothing is broadcast.',
    'Without --wallet the PSBT is a sweep of paper wallets: each input is spent by the one key that signed it.',
    'With --plan, or where the ledger has the plan, inputs, outputs, locktime, sequences and fee must be those that were planned.',
  ],
  positionals: { psbt: psbtPositional },
  options: {
    wallet: repeated(inputFileValue, 0, 'the wallet file; of every wallet that the transaction spends from; left out for a sweep of paper wallets'),
    plan: optional(inputFileValue, 'the unsigned PSBT as it was planned'),
    out: required(outputFileValue, 'where the final transaction goes; an existing folder takes it under a suggested name'),
    db: dbOption, force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const wallets = await readWallets(io, values.wallet);
    const psbtFileBase64 = await readPsbt(io, values.psbt);
    const planFileBase64 = values.plan === undefined ? null : await readPsbt(io, values.plan);
    return withCompanion(io, values.db, async (call) => {
      const final = await call('psbt.finalize', { wallet: wallets.length === 0 ? null : wallets, psbtFileBase64, planFileBase64 });
      const out = await io.files.write(place, values.psbt === '-' ? final.suggestedName : transactionFileName(values.psbt), `${final.transactionHex}\n`);
      return {
        json: { txid: final.txid, vsizeVb: final.vsizeVb, feeSats: final.feeSats, feeRateSatPerVb: final.feeRateSatPerVb, matchesPlan: final.matchesPlan === true, out },
        lines: facts([
          ['transaction', io.style.bold(final.txid)], ['size', `${final.vsizeVb} vB`], ['fee', `${satsText(final.feeSats)}, ${final.feeRateSatPerVb} sat/vB`],
          ['plan', final.matchesPlan === true ? 'it is what was planned' : 'not known here: compare it yourself'], ['final transaction', out],
        ]),
      };
    });
  },
});

const broadcast = defineCommand({
  name: 'tx broadcast',
  summary: 'Test a final transaction against the node, send it, and book it',
  notes: ['The node\'s own test comes first; when it refuses, nothing is sent. The ledger takes the transaction for every wallet that is named with --wallet.'],
  positionals: { file: required(inputFileValue, 'the final transaction (binary or hex) or a final PSBT') },
  options: {
    node: nodeOption,
    wallet: repeated(inputFileValue, 0, 'a wallet that the transaction pays to or from'),
    reference: repeated(textValue('TEXT'), 0, 'what the payment is booked under, such as an invoice number'),
    db: dbOption,
  },
  async run(values, io) {
    const transactionFileBase64 = await readPsbt(io, values.file);
    const wallets: string[] = [];
    for (const file of values.wallet) wallets.push(await io.files.readText(file));
    return withCompanion(io, values.db, async (call) => {
      const sent = await call('tx.broadcast', { transactionFileBase64, node: values.node, wallets, references: [...values.reference] });
      return { json: { txid: sent.txid }, lines: [`Sent and booked: ${io.style.bold(sent.txid)}`] };
    });
  },
});

export const psbtCommands = [review, combine, finalize, broadcast];
