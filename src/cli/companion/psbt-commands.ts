import { nextPsbtFileName, transactionFileName } from '../../airgap/file-names.ts';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption, qrOption } from '../shared/common-options.ts';
import { optional, repeated, required } from '../shared/option.ts';
import { placeQrCodes, writeQrCodes } from '../shared/qr-output.ts';
import { quorumFacts, reviewLines, verdictExit } from '../shared/review-text.ts';
import { facts, satsText } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { dbOption, nodeOption, walletOption, withCompanion } from './session.ts';

const psbtPositional = required(inputFileValue, 'the PSBT: binary, base64, hex, or QR frames one a line; - for standard input');
const readPsbt = async (io: CommandIo, file: string): Promise<string> => toBase64(await io.files.readBytes(file, PSBT_FILE_BYTES));

const review = defineCommand({
  name: 'psbt review',
  summary: 'Show what a transaction does, by the Signer\'s rules but without a key',
  notes: ['Exit codes: 0 ready, 2 findings need a person\'s judgement, 3 refused.'],
  positionals: { psbt: psbtPositional },
  options: { wallet: walletOption },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
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
  notes: [],
  positionals: { file: repeated(inputFileValue, 1, 'the signed PSBTs of one transaction') },
  options: { wallet: walletOption, out: required(outputFileValue, 'where the combined PSBT goes; an existing folder takes it under a suggested name'), qr: qrOption, force: forceOption },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const qrPlace = await placeQrCodes(io, values.qr, values.force);
    const wallet = await io.files.readText(values.wallet);
    const [first = '-'] = values.file;
    const psbtFilesBase64: string[] = [];
    for (const file of values.file) psbtFilesBase64.push(await readPsbt(io, file));
    return withCompanion(io, undefined, async (call) => {
      const combined = await call('psbt.combine', { wallet, psbtFilesBase64 });
      const psbt = parseBase64(combined.psbtBase64);
      const out = await io.files.write(place, first === '-' ? combined.suggestedName : nextPsbtFileName(first, 'combined'), psbt);
      const qr = await writeQrCodes(io, qrPlace, out, psbt);
      return {
        json: { quorum: combined.quorum, out, ...qr.json },
        lines: ['Every signature verifies.', ...facts([...quorumFacts(combined.quorum), ['combined PSBT', out], ...qr.facts])],
      };
    });
  },
});

const finalize = defineCommand({
  name: 'psbt finalize',
  summary: 'Make the final transaction from a PSBT whose quorum is reached, and check it',
  notes: ['The transaction is written as hexadecimal text. Nothing is broadcast.', 'Without --wallet the PSBT is a sweep of paper wallets: each input is spent by the one key that signed it.'],
  positionals: { psbt: psbtPositional },
  options: { wallet: optional(inputFileValue, 'the wallet file; left out for a sweep of paper wallets'), out: required(outputFileValue, 'where the final transaction goes; an existing folder takes it under a suggested name'), force: forceOption },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const wallet = values.wallet === undefined ? null : await io.files.readText(values.wallet);
    const psbtFileBase64 = await readPsbt(io, values.psbt);
    return withCompanion(io, undefined, async (call) => {
      const final = await call('psbt.finalize', { wallet, psbtFileBase64 });
      const out = await io.files.write(place, values.psbt === '-' ? final.suggestedName : transactionFileName(values.psbt), `${final.transactionHex}\n`);
      return {
        json: { txid: final.txid, vsizeVb: final.vsizeVb, feeSats: final.feeSats, feeRateSatPerVb: final.feeRateSatPerVb, out },
        lines: facts([
          ['transaction', io.style.bold(final.txid)], ['size', `${final.vsizeVb} vB`], ['fee', `${satsText(final.feeSats)}, ${final.feeRateSatPerVb} sat/vB`], ['final transaction', out],
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
