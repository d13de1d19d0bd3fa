import { networkNames } from '../../domain/network.ts';
import { walletScripts } from '../../domain/wallet-script.ts';
import { walletFormats } from '../../host/dialect-wire.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { optional, required } from '../shared/option.ts';
import { policyJson, policyLines } from '../shared/policy-text.ts';
import { facts } from '../shared/text-layout.ts';
import { choiceValue, inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { nameOfWalletFile } from '../shared/wallet-file-name.ts';
import { walletOption, withCompanion } from './session.ts';

/** An Electrum wallet with a long history. */
const FOREIGN_FILE_BYTES = 8_388_608;

interface Loss {
  readonly code: string;
  readonly text: string;
}

const lossLines = (losses: readonly Loss[]): readonly string[] => (losses.length === 0 ? [] : ['', 'What was left behind or taken for granted:', ...losses.map(({ code, text }) => `  ${code}: ${text}`)]);

const importWallet = defineCommand({
  name: 'wallet import',
  summary: 'Read a wallet that another program wrote, and make a wallet file of it',
  notes: [
    'Read are descriptors, wallet policies (BIP388), setup files of Coldcard and all that write them, BSMS (plain and encrypted), Specter, Sparrow, Caravan, Electrum (plain and encrypted), Bitcoin Core and UR; the content decides which. A private key anywhere in the file stops everything.',
    'What was left behind or taken for granted is listed. First addresses that the file states are compared. Test networks look alike in most formats: say which with --network.',
    'The policy id must still be compared with every cosigner before the wallet is used.',
  ],
  positionals: { file: required(inputFileValue, 'the wallet; - for standard input') },
  options: {
    out: required(outputFileValue, 'where the wallet file goes; an existing folder takes it under a suggested name'),
    name: optional(textValue('NAME'), 'what people call the wallet; the file\'s own name when left out'),
    network: optional(choiceValue('NETWORK', networkNames), 'the network, where the file does not tell'),
    script: optional(choiceValue('SCRIPT', walletScripts), 'the script type, where the file holds wallets of several'),
    'password-file': optional(inputFileValue, 'the password of an encrypted Electrum file, or the token of an encrypted BSMS file, in a file or on standard input (-)'),
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const file = await io.files.readText(values.file, FOREIGN_FILE_BYTES);
    const password = values['password-file'] === undefined ? null : await io.secrets.existing(values['password-file'], 'Password of the wallet file', '--password-file');
    return withCompanion(io, undefined, async (call) => {
      const { wallet, suggestedName, format, losses, ...policy } = await call('wallet.import', {
        file, name: values.name ?? null, fallbackName: nameOfWalletFile(values.file), network: values.network ?? null, script: values.script ?? null, password,
      });
      const out = await io.files.write(place, suggestedName, wallet);
      return {
        json: { ...policyJson(policy), format, losses, out },
        lines: [...policyLines(policy, io.style), '', ...facts([['read as', format], ['wallet file', out]]), ...lossLines(losses)],
      };
    });
  },
});

const exportWallet = defineCommand({
  name: 'wallet export',
  summary: 'Write a wallet in another program\'s format',
  notes: [
    'descriptor is read by nearly everything of today; coldcard by Coldcard, Passport, Keystone, SeedSigner, Krux, BlueWallet and Nunchuk; core is the argument of importdescriptors; ur is crypto-output.',
    'What the format has no place for is listed; a wallet that its readers cannot have is refused. Without --out it is printed.',
  ],
  positionals: {},
  options: {
    wallet: walletOption,
    format: required(choiceValue('FORMAT', walletFormats), 'the format'),
    out: optional(outputFileValue, 'where it goes; an existing folder takes it under a suggested name'),
    force: forceOption,
  },
  async run(values, io) {
    const place = values.out === undefined ? null : await io.files.place(values.out, values.force);
    const wallet = await io.files.readText(values.wallet);
    return withCompanion(io, undefined, async (call) => {
      const { content, format, losses, suggestedName } = await call('wallet.export', { wallet, format: values.format });
      const out = place === null ? null : await io.files.write(place, suggestedName, content);
      return {
        json: { format, losses, ...(out === null ? { content } : { out }) },
        lines: [...(out === null ? [content.trimEnd()] : facts([['format', format], ['file', out]])), ...lossLines(losses)],
        ...(out === null ? { content } : {}),
      };
    });
  },
});

export const walletDialectCommands = [importWallet, exportWallet];
