import { networkNames, type NetworkName } from '../../domain/network.ts';
import { walletScripts, type WalletScript } from '../../domain/wallet-script.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption, passphraseFileOption } from '../shared/common-options.ts';
import { optional, required, withDefault } from '../shared/option.ts';
import { addressLines, policyJson, policyLines } from '../shared/policy-text.ts';
import { facts, inFours } from '../shared/text-layout.ts';
import { choiceValue, inputFileValue, integerValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { nameOfWalletFile } from '../shared/wallet-file-name.ts';
import { openSigner, withKey } from './session.ts';

const walletOption = required(inputFileValue, 'the wallet file, of whatever program');
/** What a file of another program may leave open. */
const foreignOptions = {
  network: optional(choiceValue('NETWORK', networkNames), 'the network, where a file of another program does not tell'),
  script: optional(choiceValue('SCRIPT', walletScripts), 'the script type, where the file holds wallets of several'),
  'wallet-password-file': optional(inputFileValue, 'the password of an encrypted Electrum file, or the token of an encrypted BSMS file, in a file'),
} as const;
/** An Electrum wallet with a long history. */
const FOREIGN_FILE_BYTES = 8_388_608;

async function foreignChoices(values: { readonly wallet: string; readonly network?: NetworkName | undefined; readonly script?: WalletScript | undefined; readonly 'wallet-password-file'?: string | undefined }, io: CommandIo) {
  const passwordFile = values['wallet-password-file'];
  const password = passwordFile === undefined ? null : await io.secrets.existing(passwordFile, 'Password of the wallet file', '--wallet-password-file');
  return { network: values.network ?? null, script: values.script ?? null, password, fallbackName: nameOfWalletFile(values.wallet) };
}
const keyOption = required(inputFileValue, 'the key file');

const register = defineCommand({
  name: 'wallet register',
  summary: 'Bind a wallet to this key, after its policy id was compared',
  notes: [
    'Compare the eight words with every cosigner by voice or in person before you type them: whoever controls the wallet file controls where change goes.',
    'Only a registered wallet is ever signed for. The registration is tied to this key; a changed or foreign one is refused.',
  ],
  positionals: {},
  options: {
    key: keyOption,
    wallet: walletOption,
    ...foreignOptions,
    'policy-id': optional(textValue('"EIGHT WORDS"'), 'the wallet\'s policy id as it was compared; asked for when left out'),
    out: required(outputFileValue, 'where the registration goes; an existing folder takes it under a suggested name'),
    'passphrase-file': passphraseFileOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const wallet = await io.files.readText(values.wallet, FOREIGN_FILE_BYTES);
    const choices = await foreignChoices(values, io);
    const policyId = values['policy-id'] ?? (await io.secrets.typed('Policy id, as compared with the cosigners (eight words):', '--policy-id'));
    return withKey(io, values.key, values['passphrase-file'], async (call, key) => {
      const done = await call('wallet.register', { keyHandle: key.keyHandle, wallet, policyId, ...choices });
      const out = await io.files.write(place, done.suggestedName, done.registration);
      return {
        json: { walletId: done.walletId, policyId: done.policyId, quorum: done.quorum, ownKey: done.ownKey, firstReceive: done.firstReceive, firstChange: done.firstChange, out },
        lines: [
          `Registered: ${done.quorum.required} of ${done.quorum.total} keys, this key is ${io.style.bold(done.ownKey)}.`,
          ...facts([['policy id', done.policyId], ['registration', out]]),
          'first receive address',
          `  ${done.firstReceive}`,
          `  ${io.style.dim(inFours(done.firstReceive))}`,
        ],
      };
    });
  },
});

const policy = defineCommand({
  name: 'wallet policy',
  summary: 'Show a wallet\'s policy without registering it',
  notes: ['The file may be of another program: a descriptor, a setup file of Coldcard, BSMS, Specter, Caravan, Electrum, Bitcoin Core.'],
  positionals: {},
  options: { wallet: walletOption, ...foreignOptions },
  async run(values, io) {
    const shown = await openSigner(io)('wallet.policy', { wallet: await io.files.readText(values.wallet, FOREIGN_FILE_BYTES), ...(await foreignChoices(values, io)) });
    return { json: policyJson(shown), lines: policyLines(shown, io.style) };
  },
});

const address = defineCommand({
  name: 'wallet address',
  summary: 'Derive addresses from a registration',
  notes: [],
  positionals: {},
  options: {
    registration: required(inputFileValue, 'the registration of the wallet'),
    key: keyOption,
    branch: withDefault(choiceValue('BRANCH', ['receive', 'change']), 'receive', 'which of the wallet\'s two branches'),
    index: required(integerValue('NUMBER', 0, 999_999), 'the first address\'s index'),
    count: withDefault(integerValue('NUMBER', 1, 1000), '1', 'how many addresses'),
    'passphrase-file': passphraseFileOption,
  },
  async run(values, io) {
    const registration = await io.files.readText(values.registration);
    return withKey(io, values.key, values['passphrase-file'], async (call, key) => {
      const derived = await call('wallet.address', { keyHandle: key.keyHandle, registration, branch: values.branch, index: values.index, count: values.count });
      return { json: { addresses: derived.addresses }, lines: addressLines(derived, io.style) };
    });
  },
});

export const walletCommands = [register, policy, address];
