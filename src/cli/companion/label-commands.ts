import { defineCommand } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { optional, required } from '../shared/option.ts';
import { facts } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { dbOption, nodeOption, walletOption, withCompanion } from './session.ts';

const LABELS_BYTES = 33_554_432;

const importLabels = defineCommand({
  name: 'labels import',
  summary: 'Take labels of transactions, addresses and outputs from a file (BIP329)',
  notes: ['One JSON object a line, as wallets export them. Fields and types that are not known here are kept and given out again byte for byte. Lines that cannot be read are all named, and nothing is taken. "spendable": false freezes an output.'],
  positionals: { file: required(inputFileValue, 'the labels') },
  options: { db: dbOption },
  async run(values, io) {
    const content = await io.files.readText(values.file, LABELS_BYTES);
    return withCompanion(io, values.db, async (call) => {
      const taken = await call('labels.import', { content });
      return { json: taken, lines: facts([['labels', String(taken.records)], ['of frozen outputs', String(taken.frozen)], ['of unknown types', String(taken.unknownTypes)]]) };
    });
  },
});

const exportLabels = defineCommand({
  name: 'labels export',
  summary: 'Write all labels to a file (BIP329)',
  notes: ['Without --out the labels are printed. Tags stand in a field "strongroom_tags".'],
  positionals: {},
  options: { out: optional(outputFileValue, 'where they go; an existing folder takes them under a suggested name'), db: dbOption, force: forceOption },
  async run(values, io) {
    const place = values.out === undefined ? null : await io.files.place(values.out, values.force);
    return withCompanion(io, values.db, async (call) => {
      const { content, records, suggestedName } = await call('labels.export', {});
      if (place === null) return { json: { records, content }, lines: content.trimEnd().split('\n'), content };
      const out = await io.files.write(place, suggestedName, content);
      return { json: { records, out }, lines: facts([['labels', String(records)], ['file', out]]) };
    });
  },
});

const nextAddress = defineCommand({
  name: 'wallet next-address',
  summary: 'Give out the wallet\'s next receive address, once and never again',
  notes: ['Before it is shown to a payer, derive it on a Signer too: this program is online and could show another.'],
  positionals: {},
  options: { wallet: walletOption, node: nodeOption, label: optional(textValue('LABEL'), 'to whom or for what'), db: dbOption },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
    return withCompanion(io, values.db, async (call) => {
      const next = await call('wallet.next-address', { wallet, node: values.node, label: values.label ?? null });
      return { json: next, lines: [`receive ${next.index}`, `  ${next.address}`] };
    });
  },
});

export const labelCommands = [importLabels, exportLabels, nextAddress];
