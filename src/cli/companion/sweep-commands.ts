import type { InferOutput } from 'valibot';
import { parseBase64 } from '../../domain/bytes.ts';
import type { sweepContract } from '../../host/sweep-wire.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption, qrForOption, qrOption } from '../shared/common-options.ts';
import { required, type Values } from '../shared/option.ts';
import { placeQrCodes, writeQrCodes } from '../shared/qr-output.ts';
import { btc, facts, satsText, table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { inputFileValue, outputFileValue } from '../shared/value-kinds.ts';
import { planLines, skippedWords } from './plan-text.ts';
import { dbOption, nodeOption, withCompanion } from './session.ts';
import { policyOptions, rateOptions, readPolicy, readSource, sourceOptions } from './sweep-options.ts';

type Prepared = InferOutput<(typeof sweepContract)['sweep.prepare']['output']>;
type Preview = InferOutput<(typeof sweepContract)['sweep.preview']['output']>;

const toOption = required(inputFileValue, 'the cold wallet\'s file');
const requestOptions = { ...sourceOptions, to: toOption, node: nodeOption, ...policyOptions, ...rateOptions };

async function readRequest(values: Values<typeof requestOptions>, io: CommandIo) {
  if (values['from-addresses'].length > 0 && values['floor-sats'] !== undefined) throw usageError('--floor-sats is for hot wallets: nothing goes back to a paper wallet.', 'Leave it out.');
  const source = await readSource(values, io);
  return { source, to: await io.files.readText(values.to), node: values.node, feeRate: values['fee-rate'] ?? null, targetBlocks: values['target-blocks'] ?? null, policy: readPolicy(values), split: values.split };
}

const plan = defineCommand({
  name: 'sweep plan',
  summary: 'Plan an unsigned sweep of a hot wallet, or of paper wallets, into the cold wallet',
  notes: [
    'The money goes to the cold wallet\'s next receive address, which the ledger then keeps for this plan. The PSBT holds full previous transactions, as a Signer demands.',
    '--split makes several PSBTs where one transaction cannot hold everything: each no larger than nodes relay (100,000 vB) and than a PSBT may be (16 MiB), each to an address of its own, no output in two of them. --out is then a folder.',
    '--from-wallet plans from the file of a wallet whose keys are held elsewhere (one key or a quorum). Its PSBT has key origins, and change for a floor goes back to that wallet.',
    '--from-addresses takes addresses, or files with one a line, or the CSV that "paper wallets" writes; the keys stay on the Signer, which signs with "sweep sign". Confirmed outputs are swept: of P2PKH (compressed or not), P2SH-P2WPKH, P2WPKH and P2TR addresses. P2PK outputs have no address and are not found.',
    'Each output that stays is named with its reason; frozen ones always stay.',
  ],
  positionals: {},
  options: {
    ...requestOptions,
    out: required(outputFileValue, 'where the unsigned PSBT goes; an existing folder takes it under a suggested name'),
    db: dbOption,
    qr: qrOption,
    'qr-for': qrForOption,
    force: forceOption,
  },
  async run(values, io) {
    if (values.split && values.qr !== undefined) throw usageError('--qr is for one transaction.', 'Leave out --split, or make the codes of each file with "psbt qr".');
    const folder = values.split ? await io.files.placeFolder(values.out, values.force) : null;
    const place = folder === null ? await io.files.place(values.out, values.force) : null;
    const qrPlace = await placeQrCodes(io, values);
    const request = await readRequest(values, io);
    return withCompanion(io, values.db, async (call) => {
      const prepared = await call('sweep.prepare', request);
      const { plans, ...rest } = prepared;
      const [first] = plans;
      if (place !== null && first !== undefined) {
        const psbt = parseBase64(first.psbtBase64);
        const out = await io.files.write(place, first.suggestedName, psbt);
        const qr = await writeQrCodes(io, qrPlace, out, psbt);
        return {
          json: { plan: first.plan, ...rest, psbtSha256: first.psbtSha256, out, ...qr.json },
          lines: [...planLines(first.plan, io.style), ...moreLines(prepared), '', ...facts([['unsigned PSBT', out], ['SHA-256', first.psbtSha256], ...qr.facts])],
        };
      }
      const outs: string[] = [];
      for (const [position, { suggestedName, psbtBase64 }] of plans.entries()) {
        // Two of one day whose hashes begin alike would have one name.
        const name = plans.some((other, before) => before < position && other.suggestedName === suggestedName) ? suggestedName.replace(/\./, `-${position + 1}.`) : suggestedName;
        outs.push(await io.files.write((folder as NonNullable<typeof folder>)(name), name, parseBase64(psbtBase64)));
      }
      return {
        json: { plans: plans.map(({ plan: each, psbtSha256 }, position) => ({ plan: each, psbtSha256, out: outs[position] })), ...rest },
        lines: [
          io.style.bold(`Sweep in ${plans.length} ${plans.length === 1 ? 'transaction' : 'transactions'}, unsigned`),
          ...plans.flatMap(({ plan: each, psbtSha256 }, position) => [
            `  ${position + 1}. ${btc(each.paymentsSats)} from ${each.inputs.length} outputs, fee ${satsText(each.feeSats)}, ${each.vsizeVb} vB${each.change === null ? '' : `, ${btc(each.change.amountSats)} back`}`,
            `     to ${each.destination?.address ?? ''} (receive address ${each.destination?.index ?? ''})`,
            `     ${outs[position] ?? ''}`,
            `     ${io.style.dim(psbtSha256)}`,
          ]),
          '',
          ...facts([
            ['arrives', btc(prepared.totals.paymentsSats)], ['fees', `${satsText(prepared.totals.feeSats)}${prepared.totals.feePercent === null ? '' : `, ${prepared.totals.feePercent} % of what is moved`}`],
            ['stays hot', btc(prepared.totals.leftHotSats)],
          ], '  '),
          ...leftLines(prepared),
          ...moreLines(prepared),
        ],
      };
    });
  },
});

const preview = defineCommand({
  name: 'sweep preview',
  summary: 'Show what a sweep would cost now and at lower fee rates; plans nothing',
  notes: ['The percentage is of what leaves the hot wallet. No address of the cold wallet is taken.'],
  positionals: {},
  options: { ...requestOptions, db: dbOption },
  async run(values, io) {
    const request = await readRequest(values, io);
    return withCompanion(io, values.db, async (call) => {
      const shown = await call('sweep.preview', request);
      return { json: shown, lines: [...facts([['could be swept', btc(shown.hot.usableSats)], ['outputs', String(shown.hot.outputs)]]), ...previewLines(shown)] };
    });
  },
});

/** Reasons by how many outputs each keeps. */
function leftLines({ skipped }: Prepared): readonly string[] {
  const byReason = [...Map.groupBy(skipped, ({ reason }) => reason)];
  return skipped.length === 0 ? [] : ['', '  not spent:', ...table(byReason.map(([reason, outputs]) => [String(outputs.length), btc(String(outputs.reduce((sum, { amountSats }) => sum + BigInt(amountSats), 0n))), wordsOf(reason)]), [0, 1], '    ')];
}

const wordsOf = (reason: string): string => (Object.hasOwn(skippedWords, reason) ? skippedWords[reason as keyof typeof skippedWords] : reason);

function moreLines(prepared: Prepared): readonly string[] {
  const { economics, found, signers } = prepared;
  return [
    ...(signers.kind === 'wallets' ? ['', ...signers.wallets.map(({ name, quorum, fingerprints }) => `  signed by ${quorum.required} of ${quorum.total} of ${name}: ${fingerprints.join(' ')}`)] : []),
    ...(economics === null ? [] : ['', `  moving these costs ${satsText(economics.movedNowSats)} now and ${satsText(economics.movedLaterSats)} at ${economics.longTermFeeRateSatPerVb} sat/vB`,
      ...(economics.waiting === 0 ? [] : [`  ${economics.waiting} outputs wait: ${satsText(economics.waitingNowSats)} now, ${satsText(economics.waitingLaterSats)} then`])]),
    ...(found === undefined || found.length === 0 ? [] : ['', 'On the addresses', ...table(found.map(({ address, outputs, amountSats }) => [btc(amountSats), outputs === 1 ? '1 output' : `${outputs} outputs`, address]), [0, 1], '  ')]),
    ...previewLines(prepared),
  ];
}

function previewLines({ preview: lines, targets }: Preview): readonly string[] {
  const rows = lines.map((line) => (line.swept
    ? [`${line.feeRateSatPerVb} sat/vB`, satsText(line.feeSats), line.percent === null ? '' : `${line.percent} %`, `${line.inputs} outputs in ${line.transactions}`, `${line.outputsLeft} left`, line.withinBudget ? '' : 'over the budget']
    : [`${line.feeRateSatPerVb} sat/vB`, 'nothing to sweep']));
  const estimates = targets.filter(({ feeRateSatPerVb }) => feeRateSatPerVb !== null).map(({ blocks, feeRateSatPerVb }) => `${feeRateSatPerVb} within ${blocks} blocks`);
  return ['', '  what it would cost', ...table(rows, [0, 1, 2], '    '), ...(estimates.length === 0 ? [] : [`  the node estimates, sat/vB: ${estimates.join(', ')}`])];
}

export const sweepCommands = [plan, preview];
