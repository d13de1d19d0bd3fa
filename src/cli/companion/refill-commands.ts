import { parseBase64 } from '../../domain/bytes.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption, qrForOption, qrOption } from '../shared/common-options.ts';
import { optional, required } from '../shared/option.ts';
import { placeQrCodes, writeQrCodes } from '../shared/qr-output.ts';
import { btc, facts, inFours } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { feeRateValue, inputFileValue, outputFileValue, satsValue, textValue } from '../shared/value-kinds.ts';
import { planLines } from './plan-text.ts';
import { dbOption, nodeOption, walletOption, withCompanion } from './session.ts';
import { isAddressText } from './sweep-options.ts';

export const targetOptions = {
  to: optional(textValue('HOT'), 'the hot wallet: a wallet that the node itself keeps, or a single address'),
  'to-wallet': optional(inputFileValue, 'the file of a hot wallet whose keys are elsewhere'),
};

/** The hot wallet as the contract has it. @throws StrongroomError `usage.malformed`, `file.*` */
export async function readTarget(values: { readonly to: string | undefined; readonly 'to-wallet': string | undefined }, io: CommandIo) {
  if ((values.to === undefined) === (values['to-wallet'] === undefined)) throw usageError('A refill is of one hot wallet.', 'Give --to or --to-wallet.');
  if (values.to === undefined) return { kind: 'wallet', wallet: await io.files.readText(values['to-wallet'] ?? '') } as const;
  return isAddressText(values.to) ? ({ kind: 'address', address: values.to } as const) : ({ kind: 'node-wallet', name: values.to } as const);
}

const plan = defineCommand({
  name: 'refill plan',
  summary: 'Plan an unsigned payment that brings a hot wallet from below its floor up to a target',
  notes: [
    'The payment goes from the cold wallet to a new receive address of the hot wallet, and its cosigners sign it as any other payment. Compare the address that is shown with what the hot wallet itself shows.',
    'What is on its way to the hot wallet counts as held, so that a refill is not made twice. Of a lone address only what is on that address counts.',
  ],
  positionals: {},
  options: {
    wallet: walletOption,
    ...targetOptions,
    node: nodeOption,
    'floor-sats': required(satsValue, 'refill when the hot wallet holds less than this'),
    'target-sats': required(satsValue, 'what it is to hold then'),
    'fee-rate': optional(feeRateValue, 'fee rate in sat/vB; the node\'s estimate when left out'),
    out: required(outputFileValue, 'where the unsigned PSBT goes; an existing folder takes it under a suggested name'),
    db: dbOption,
    qr: qrOption,
    'qr-for': qrForOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const qrPlace = await placeQrCodes(io, values);
    const wallet = await io.files.readText(values.wallet);
    const to = await readTarget(values, io);
    return withCompanion(io, values.db, async (call) => {
      const planned = await call('refill.plan', { wallet, to, node: values.node, feeRate: values['fee-rate'] ?? null, floorSats: values['floor-sats'], targetSats: values['target-sats'] });
      const psbt = parseBase64(planned.psbtBase64);
      const out = await io.files.write(place, planned.suggestedName, psbt);
      const qr = await writeQrCodes(io, qrPlace, out, psbt);
      const signers = planned.signers.kind === 'wallets' ? planned.signers.wallets : [];
      return {
        json: { plan: planned.plan, hot: planned.hot, signers: planned.signers, psbtSha256: planned.psbtSha256, out, ...qr.json },
        lines: [
          ...planLines(planned.plan, io.style),
          '',
          ...facts([['hot wallet holds', btc(planned.hot.balanceSats)], ['floor', btc(planned.hot.floorSats)], ['target', btc(planned.hot.targetSats)]], '  '),
          `  compare the hot address: ${inFours(planned.hot.address)}`,
          ...signers.map(({ name, quorum, fingerprints }) => `  signed by ${quorum.required} of ${quorum.total} of ${name}: ${fingerprints.join(' ')}`),
          '',
          ...facts([['unsigned PSBT', out], ['SHA-256', planned.psbtSha256], ...qr.facts]),
        ],
      };
    });
  },
});

export const refillCommands = [plan];
