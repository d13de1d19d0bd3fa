import { toBase64, toHex } from '../../domain/bytes.ts';
import { readPsbtFile } from '../../airgap/psbt-file.ts';
import { withPracticeStore } from '../../node/companion/practice-mining.ts';
import { PracticeHotWallet } from '../../node/companion/practice-wallets.ts';
import { hotBalance, signFromHotWallet } from '../../node/practice/practice-network.ts';
import { readPracticeKeys } from '../../node/practice/practice-seed-file.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { defineCommand, type Command } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { optional, required, withDefault } from '../shared/option.ts';
import { choiceValue, inputFileValue, outputFileValue } from '../shared/value-kinds.ts';
import { folderOption } from './network-commands.ts';

const address = defineCommand({
  name: 'hot address',
  summary: 'Give a new address of the hot wallet',
  notes: [],
  positionals: {},
  options: { folder: folderOption, branch: withDefault(choiceValue('BRANCH', ['receive', 'change']), 'receive', 'which of the wallet\'s two branches') },
  async run(values) {
    const [given = ''] = withPracticeStore(values.folder, (store) => new PracticeHotWallet(store).newAddresses(values.branch === 'receive' ? 0 : 1, 1));
    return { json: { address: given, branch: values.branch }, lines: [given] };
  },
});

const balance = defineCommand({
  name: 'hot balance',
  summary: 'Show what the hot wallet holds',
  notes: [],
  positionals: {},
  options: { folder: folderOption },
  async run(values) {
    const utxos = withPracticeStore(values.folder, (store) => new PracticeHotWallet(store).utxos());
    const { balanceSats, unconfirmedSats } = hotBalance(utxos);
    return {
      json: { balanceSats: String(balanceSats), unconfirmedSats: String(unconfirmedSats), utxos: utxos.length },
      lines: [`${balanceSats} sats confirmed, ${unconfirmedSats} unconfirmed, in ${utxos.length} output(s).`],
    };
  },
});

const sign = defineCommand({
  name: 'hot sign',
  summary: 'Sign and finalize the hot wallet\'s inputs of a PSBT',
  notes: ['With --json the signed PSBT also stands in the reply.'],
  positionals: { psbt: required(inputFileValue, 'the PSBT; - is standard input') },
  options: {
    folder: folderOption,
    out: optional(outputFileValue, 'where the signed PSBT goes; an existing folder takes it under a suggested name'),
    force: forceOption,
  },
  async run(values, io) {
    const place = values.out === undefined ? null : await io.files.place(values.out, values.force);
    const keys = await readPracticeKeys(values.folder);
    const psbt = readPsbtFile(await io.files.readBytes(values.psbt, PSBT_FILE_BYTES));
    const signed = withPracticeStore(values.folder, (store) => signFromHotWallet(store, keys, psbt));
    const out = place === null ? null : await io.files.write(place, 'signed-hot.psbt', signed.psbt);
    return {
      json: {
        psbtBase64: toBase64(signed.psbt),
        signedInputs: signed.signedInputs,
        complete: signed.transaction !== null,
        txid: signed.txid,
        transactionHex: signed.transaction === null ? null : toHex(signed.transaction),
        ...(out === null ? {} : { out }),
      },
      lines: [`Signed ${signed.signedInputs} input(s).`, ...(signed.txid === null ? ['Inputs of others are not final yet.'] : [`  ${signed.txid}`]), ...(out === null ? [toBase64(signed.psbt)] : [`  ${out}`])],
    };
  },
});

export const hotCommands: readonly Command[] = [address, balance, sign];
