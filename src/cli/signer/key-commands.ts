import { parseBase64 } from '../../domain/bytes.ts';
import { networkNames } from '../../domain/network.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption, passphraseFileOption } from '../shared/common-options.ts';
import { flag, optional, required, withDefault } from '../shared/option.ts';
import { facts } from '../shared/text-layout.ts';
import { choiceValue, inputFileValue, integerValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { openSigner, withKey } from './session.ts';

const networkOption = required(choiceValue('NETWORK', networkNames), 'the network that the key is for');
const labelOption = withDefault(textValue('LABEL'), 'key', 'what people call the key, up to 60 characters');
const newPassphraseOption = optional(inputFileValue, 'the passphrase that will protect the key file, in a file or on standard input (-); asked for twice without echo when left out');
const keyOption = required(inputFileValue, 'the key file');
/** Rolls and flips as people keep them: any blanks and line breaks between them. */
const readRolls = async (io: CommandIo, file: string | undefined): Promise<string> => (file === undefined ? '' : (await io.files.readText(file, 16_384)).replace(/\s+/g, ''));

const create = defineCommand({
  name: 'key create',
  summary: 'Make a new key from the system\'s entropy and yours, and write an encrypted key file',
  notes: [
    'Dice and coins are mixed with the system\'s random source so that either alone suffices. For 24 words roll a die 99 times, for 12 words 50 times; a coin needs 256 or 128 flips.',
    'The key file is an age file: the age tool opens it with the same passphrase, without Strongroom.',
  ],
  positionals: {},
  options: {
    network: networkOption,
    out: required(outputFileValue, 'where the encrypted key file goes; an existing folder takes it under a suggested name'),
    words: withDefault(choiceValue('COUNT', ['12', '24']), '24', 'length of the mnemonic'),
    dice: optional(inputFileValue, 'rolls of a six-sided die, digits 1 to 6, in a file or on standard input (-)'),
    coins: optional(inputFileValue, 'coin flips, digits 0 and 1 or letters h and t, in a file or on standard input (-)'),
    label: labelOption,
    'passphrase-file': newPassphraseOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const dice = await readRolls(io, values.dice);
    const coins = await readRolls(io, values.coins);
    const passphrase = await io.secrets.fresh(values['passphrase-file'], 'New passphrase for the key file', '--passphrase-file');
    io.progress({ fraction: null, activity: 'Making and encrypting the key' });
    const call = openSigner(io);
    const key = await call('key.create', { network: values.network, label: values.label, words: values.words === '12' ? 12 : 24, dice, coins, passphrase });
    await call('key.lock', { keyHandle: key.keyHandle });
    const out = await io.files.write(place, key.suggestedName, parseBase64(key.keyFileBase64));
    return {
      json: { fingerprint: key.fingerprint, words: key.words, sources: key.sources, network: key.network, label: key.label, out },
      lines: [
        `${io.style.bold(key.fingerprint)} is made: ${key.words} words on ${key.network}, from ${key.sources.join(' and ')}.`,
        ...facts([['key file', out]]),
        'Keep the passphrase apart from the file. Next: key export gives the public record that a wallet is made of.',
      ],
    };
  },
});

const restore = defineCommand({
  name: 'key restore',
  summary: 'Make a key file from a mnemonic that exists already',
  notes: [
    'The mnemonic is English and has 12 or 24 words; it may also be given as the digits of a SeedQR or the hexadecimal bytes of a CompactSeedQR. Other secrets are recognised and refused by name.',
    'A BIP39 passphrase is a part of the key, not of the file: another one gives another key. Leave it out where none was used.',
  ],
  positionals: {},
  options: {
    network: networkOption,
    'mnemonic-file': optional(inputFileValue, 'the mnemonic or SeedQR, in a file or on standard input (-); asked for without echo when left out'),
    'bip39-passphrase-file': optional(inputFileValue, 'the BIP39 passphrase, in a file or on standard input (-)'),
    out: required(outputFileValue, 'where the encrypted key file goes; an existing folder takes it under a suggested name'),
    label: labelOption,
    'passphrase-file': newPassphraseOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const mnemonic = await io.secrets.existing(values['mnemonic-file'], 'Mnemonic', '--mnemonic-file');
    const bip39File = values['bip39-passphrase-file'];
    const bip39Passphrase = bip39File === undefined ? '' : await io.secrets.existing(bip39File, 'BIP39 passphrase', '--bip39-passphrase-file');
    const passphrase = await io.secrets.fresh(values['passphrase-file'], 'New passphrase for the key file', '--passphrase-file');
    io.progress({ fraction: null, activity: 'Encrypting the key' });
    const call = openSigner(io);
    const key = await call('key.restore', { network: values.network, label: values.label, mnemonic, bip39Passphrase, passphrase });
    await call('key.lock', { keyHandle: key.keyHandle });
    const out = await io.files.write(place, key.suggestedName, parseBase64(key.keyFileBase64));
    return {
      json: { fingerprint: key.fingerprint, words: key.words, sources: key.sources, network: key.network, label: key.label, out },
      lines: [
        `${io.style.bold(key.fingerprint)} is restored on ${key.network} from ${key.words} words.`,
        ...facts([['key file', out]]),
        'Compare the fingerprint with the one on the wallet sheet: a wrong BIP39 passphrase shows there and nowhere else.',
      ],
    };
  },
});

const show = defineCommand({
  name: 'key show',
  summary: 'Show the public facts of a key file',
  notes: [],
  positionals: {},
  options: { key: keyOption, 'passphrase-file': passphraseFileOption },
  run: (values, io) => withKey(io, values.key, values['passphrase-file'], async (_call, key) => ({
    json: { fingerprint: key.fingerprint, network: key.network, label: key.label, createdBy: key.createdBy, createdAt: key.createdAt, words: key.words, sources: key.sources },
    lines: facts([
      ['fingerprint', io.style.bold(key.fingerprint)], ['label', key.label], ['network', key.network],
      ['made by', key.createdBy], ['made at', key.createdAt], ['words', String(key.words)], ['entropy', key.sources.join(' and ')],
    ]),
  })),
});

const exportRecord = defineCommand({
  name: 'key export',
  summary: 'Write the public key record that a wallet is made of',
  notes: ['The record holds no private key. Without --out it is printed.'],
  positionals: {},
  options: {
    key: keyOption,
    script: withDefault(choiceValue('SCRIPT', ['p2wsh', 'p2sh-p2wsh', 'p2sh', 'p2wpkh', 'p2tr']), 'p2wsh', 'the wallet\'s script type; this version makes p2wsh'),
    account: withDefault(integerValue('NUMBER', 0, 999), '0', 'account number in the derivation path'),
    format: withDefault(choiceValue('FORMAT', ['descriptor']), 'descriptor', 'how the record is written'),
    out: optional(outputFileValue, 'where the record goes; an existing folder takes it under a suggested name'),
    'passphrase-file': passphraseFileOption,
    force: flag('replace an output file that is there already'),
  },
  async run(values, io) {
    const place = values.out === undefined ? null : await io.files.place(values.out, values.force);
    return withKey(io, values.key, values['passphrase-file'], async (call, key) => {
      const record = await call('key.export', { keyHandle: key.keyHandle, script: values.script, account: values.account });
      const out = place === null ? null : await io.files.write(place, record.suggestedName, `${record.keyRecord.trimEnd()}\n`);
      return {
        json: { keyRecord: record.keyRecord, fingerprint: record.fingerprint, path: record.path, xpub: record.xpub, ...(out === null ? {} : { out }) },
        lines: out === null ? [record.keyRecord.trimEnd()] : [...facts([['fingerprint', io.style.bold(record.fingerprint)], ['path', record.path], ['key record', out]]), record.keyRecord.trimEnd()],
      };
    });
  },
});

export const keyCommands = [create, restore, show, exportRecord];
