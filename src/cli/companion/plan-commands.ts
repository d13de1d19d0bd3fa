import { parseBase64 } from '../../domain/bytes.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption, qrOption } from '../shared/common-options.ts';
import { optional, required } from '../shared/option.ts';
import { placeQrCodes, writeQrCodes } from '../shared/qr-output.ts';
import { facts } from '../shared/text-layout.ts';
import { feeRateValue, inputFileValue, outputFileValue, satsValue } from '../shared/value-kinds.ts';
import { planLines } from './plan-text.ts';
import { dbOption, hotWalletOption, nodeOption, walletOption, withCompanion } from './session.ts';

const feeRateOption = optional(feeRateValue, 'fee rate in sat/vB; the node\'s estimate when left out');
const outOption = required(outputFileValue, 'where the unsigned PSBT goes; an existing folder takes it under a suggested name');
const PAYMENTS_BYTES = 4_194_304;

const sweep = defineCommand({
  name: 'sweep plan',
  summary: 'Plan an unsigned sweep of a hot wallet into the cold wallet',
  notes: ['The money goes to the cold wallet\'s next receive address, which the ledger then keeps for this plan. The PSBT holds full previous transactions, as a Signer demands.'],
  positionals: {},
  options: {
    from: hotWalletOption,
    to: required(inputFileValue, 'the cold wallet\'s file'),
    node: nodeOption,
    'floor-sats': optional(satsValue, 'leave at least this much in the hot wallet'),
    'fee-rate': feeRateOption,
    out: outOption,
    db: dbOption,
    qr: qrOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const qrPlace = await placeQrCodes(io, values.qr, values.force);
    const to = await io.files.readText(values.to);
    return withCompanion(io, values.db, async (call) => {
      const planned = await call('sweep.plan', { from: values.from, to, node: values.node, floorSats: values['floor-sats'] ?? null, feeRate: values['fee-rate'] ?? null });
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
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const qrPlace = await placeQrCodes(io, values.qr, values.force);
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
