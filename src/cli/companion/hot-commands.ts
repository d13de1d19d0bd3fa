import { nextPsbtFileName } from '../../airgap/file-names.ts';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { required } from '../shared/option.ts';
import { btc, facts } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue } from '../shared/value-kinds.ts';
import { hotWalletOption, nodeOption, withCompanion } from './session.ts';

const balance = defineCommand({
  name: 'hot balance',
  summary: 'Show what the node\'s own hot wallet holds',
  notes: [],
  positionals: {},
  options: { from: hotWalletOption, node: nodeOption },
  run: (values, io) => withCompanion(io, undefined, async (call) => {
    const state = await call('hot.balance', { from: values.from, node: values.node });
    return { json: state, lines: facts([['balance', io.style.bold(btc(state.balanceSats))], ['unspent outputs', String(state.utxos)]]) };
  }),
});

const sign = defineCommand({
  name: 'hot sign',
  summary: 'Have the node sign a sweep with its own hot wallet',
  notes: ['The node\'s wallet holds the keys; this program only hands the PSBT over and takes the final one back. Nothing is broadcast.'],
  positionals: { psbt: required(inputFileValue, 'the unsigned sweep') },
  options: {
    from: hotWalletOption,
    node: nodeOption,
    out: required(outputFileValue, 'where the final PSBT goes; an existing folder takes it under a suggested name'),
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const psbtFileBase64 = toBase64(await io.files.readBytes(values.psbt, PSBT_FILE_BYTES));
    return withCompanion(io, undefined, async (call) => {
      const signed = await call('hot.sign', { from: values.from, node: values.node, psbtFileBase64 });
      const out = await io.files.write(place, values.psbt === '-' ? `transaction-${signed.txid.slice(0, 4)}.final.psbt` : nextPsbtFileName(values.psbt, 'final'), parseBase64(signed.psbtBase64));
      return { json: { txid: signed.txid, out }, lines: facts([['transaction', io.style.bold(signed.txid)], ['final PSBT', out]]) };
    });
  },
});

export const hotCommands = [balance, sign];
