import { parseBase64 } from '../../domain/bytes.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption, qrForOption, qrOption } from '../shared/common-options.ts';
import { optional, repeated, required } from '../shared/option.ts';
import { placeQrCodes, writeQrCodes } from '../shared/qr-output.ts';
import { btc, facts, table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { feeRateValue, inputFileValue, outputFileValue, satsValue, textValue } from '../shared/value-kinds.ts';
import { planLines } from './plan-text.ts';
import { dbOption, nodeOption, walletOption, withCompanion } from './session.ts';

const feeRateOption = optional(feeRateValue, 'fee rate in sat/vB; the node\'s estimate when left out');
const outOption = required(outputFileValue, 'where the unsigned PSBT goes; an existing folder takes it under a suggested name');
const PAYMENTS_BYTES = 4_194_304;

const sweep = defineCommand({
  name: 'sweep plan',
  summary: 'Plan an unsigned sweep of a hot wallet, or of paper wallets, into the cold wallet',
  notes: [
    'The money goes to the cold wallet\'s next receive address, which the ledger then keeps for this plan. The PSBT holds full previous transactions, as a Signer demands.',
    '--from-addresses takes addresses, or files with one a line, or the CSV that "paper wallets" writes; the keys stay on the Signer, which signs with "sweep sign". Confirmed outputs are swept: of P2PKH (compressed or not), P2SH-P2WPKH, P2WPKH and P2TR addresses. P2PK outputs have no address and are not found.',
  ],
  positionals: {},
  options: {
    from: optional(textValue('NAME'), 'the hot wallet: a wallet that the node itself keeps'),
    'from-addresses': repeated(inputFileValue, 0, 'an address of a paper wallet, or a file of them; - for standard input'),
    to: required(inputFileValue, 'the cold wallet\'s file'),
    node: nodeOption,
    'floor-sats': optional(satsValue, 'leave at least this much in the hot wallet'),
    'fee-rate': feeRateOption,
    out: outOption,
    db: dbOption,
    qr: qrOption,
    'qr-for': qrForOption,
    force: forceOption,
  },
  async run(values, io) {
    const { from } = values;
    const isPaper = values['from-addresses'].length > 0;
    if (isPaper === (from !== undefined)) throw usageError('A sweep is of one thing: a hot wallet (--from) or paper wallets (--from-addresses).', 'Give one of the two.');
    if (isPaper && values['floor-sats'] !== undefined) throw usageError('--floor-sats is for hot wallets: nothing goes back to a paper wallet.', 'Leave it out.');
    const place = await io.files.place(values.out, values.force);
    const qrPlace = await placeQrCodes(io, values);
    const to = await io.files.readText(values.to);
    const addresses = isPaper ? await readAddresses(io, values['from-addresses']) : '';
    const feeRate = values['fee-rate'] ?? null;
    return withCompanion(io, values.db, async (call) => {
      const planned = from === undefined
        ? await call('sweep.plan-addresses', { addresses, to, node: values.node, feeRate })
        : { ...(await call('sweep.plan', { from, to, node: values.node, floorSats: values['floor-sats'] ?? null, feeRate })), found: null };
      const psbt = parseBase64(planned.psbtBase64);
      const out = await io.files.write(place, planned.suggestedName, psbt);
      const qr = await writeQrCodes(io, qrPlace, out, psbt);
      return {
        json: { plan: planned.plan, ...(planned.found === null ? {} : { found: planned.found }), psbtSha256: planned.psbtSha256, out, ...qr.json },
        lines: [...planLines(planned.plan, io.style), ...foundLines(planned.found ?? []), '', ...facts([['unsigned PSBT', out], ['SHA-256', planned.psbtSha256], ...qr.facts])],
      };
    });
  },
});

/** Addresses as they stand, and the contents of files of them, as one list. */
async function readAddresses(io: CommandIo, given: readonly string[]): Promise<string> {
  // An address has no dot and no slash; a file of such a name can be given as ./NAME.
  const isAddress = (text: string): boolean => /^[A-Za-z0-9]{26,90}$/.test(text);
  const texts: string[] = [];
  for (const each of given) texts.push(isAddress(each) ? each : await io.files.readText(each));
  if (texts.length > 1 && texts.some((text) => text.includes(','))) throw usageError('A CSV of addresses stands alone.', 'Give one CSV, or files and addresses without columns.');
  return texts.map((text) => text.trim()).join('\n');
}

const foundLines = (found: readonly { readonly address: string; readonly outputs: number; readonly amountSats: string }[]): readonly string[] =>
  found.length === 0 ? [] : ['', 'On the addresses', ...table(found.map(({ address, outputs, amountSats }) => [btc(amountSats), outputs === 1 ? '1 output' : `${outputs} outputs`, address]), [0, 1], '  ')];

const pay = defineCommand({
  name: 'pay plan',
  summary: 'Plan one unsigned transaction that pays everybody in a CSV file',
  notes: ['The header of the CSV names its columns, in any order: address, amount_sats or amount_btc, and reference (optional). Lines that cannot be read are all named, and nothing is planned.'],
  positionals: {},
  options: {
    wallet: walletOption,
    payments: required(inputFileValue, 'the payments as CSV'),
    node: nodeOption,
    'fee-rate': feeRateOption,
    out: outOption,
    db: dbOption,
    qr: qrOption,
    'qr-for': qrForOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const qrPlace = await placeQrCodes(io, values);
    const wallet = await io.files.readText(values.wallet);
    const paymentsCsv = await io.files.readText(values.payments, PAYMENTS_BYTES);
    return withCompanion(io, values.db, async (call) => {
      const planned = await call('pay.plan', { wallet, paymentsCsv, node: values.node, feeRate: values['fee-rate'] ?? null });
      const psbt = parseBase64(planned.psbtBase64);
      const out = await io.files.write(place, planned.suggestedName, psbt);
      const qr = await writeQrCodes(io, qrPlace, out, psbt);
      return {
        json: { plan: planned.plan, psbtSha256: planned.psbtSha256, out, ...qr.json },
        lines: [...planLines(planned.plan, io.style), '', ...facts([['unsigned PSBT', out], ['SHA-256', planned.psbtSha256], ...qr.facts])],
      };
    });
  },
});

export const planCommands = [sweep, pay];
