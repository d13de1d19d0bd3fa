import { basename } from 'node:path';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { networkNames } from '../../domain/network.ts';
import { walletScripts } from '../../domain/wallet-script.ts';
import { scriptWords } from '../../domain/wallet-script-words.ts';
import { keyRecordFormats } from '../../host/dialect-wire.ts';
import { EntropyMode, MnemonicLanguageName } from '../../host/key-wire.ts';
import { copiesFacts } from '../../node/signer/key-copies.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption, passphraseFileOption } from '../shared/common-options.ts';
import { flag, optional, repeated, required, withDefault } from '../shared/option.ts';
import { facts } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, inputFileValue, integerValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { copyHint, ONLY_COPY, placeNewKey, secretInWords, writeNewKey } from './new-key-output.ts';
import { KEY_FILE_BYTES, openSigner, withKey } from './session.ts';
import { readUserEntropy, userEntropyOptions } from './user-entropy-options.ts';

const networkOption = required(choiceValue('NETWORK', networkNames), 'the network that the key is for');
const labelOption = withDefault(textValue('LABEL'), 'key', 'what people call the key, up to 60 characters');
const newPassphraseOption = optional(inputFileValue, 'the passphrase that will protect the key file, in a file or on standard input (-); asked for twice without echo when left out');
const keyOption = required(inputFileValue, 'the key file');
const outOption = required(outputFileValue, 'where the encrypted key file goes, its entropy record beside it; an existing folder takes both under suggested names');

const create = defineCommand({
  name: 'key create',
  summary: 'Make a new key from the system\'s entropy and yours, and write an encrypted key file',
  notes: [
    'Dice, coins, cards and typed characters are mixed with the system\'s random source so that either alone suffices. For 24 words roll a die 99 times, for 12 words 50 times; a coin needs 256 or 128 flips.',
    '--mode dice-only makes the key of the rolls and nothing else: SHA-256 of them as text, which can be repeated on any other machine. Whoever sees the rolls has the key.',
    'The key file is an age file: the age tool opens it with the same passphrase, without Strongroom. Beside it goes the entropy record, which tells how the key came to be and holds nothing secret: keep it.',
  ],
  positionals: {},
  options: {
    network: networkOption,
    out: outOption,
    words: withDefault(choiceValue('COUNT', ['12', '24']), '24', 'length of the mnemonic'),
    mode: withDefault(choiceValue('MODE', EntropyMode.options), 'mixed', 'mixed: the system\'s entropy and yours; dice-only: the rolls alone'),
    ...userEntropyOptions,
    label: labelOption,
    'passphrase-file': newPassphraseOption,
    force: forceOption,
  },
  async run(values, io) {
    const places = await placeNewKey(io, values.out, values.force);
    const entropy = await readUserEntropy(io, values);
    const passphrase = await io.secrets.fresh(values['passphrase-file'], 'New passphrase for the key file', '--passphrase-file');
    io.progress({ fraction: null, activity: 'Making and encrypting the key' });
    const call = openSigner(io);
    const key = await call('key.create', { network: values.network, label: values.label, words: values.words === '12' ? 12 : 24, mode: values.mode, ...entropy, passphrase });
    await call('key.lock', { keyHandle: key.keyHandle });
    const written = await writeNewKey(io, places, key);
    return {
      json: { ...written.json, mode: values.mode },
      lines: [
        `${io.style.bold(key.fingerprint)} is made: ${key.words} words on ${key.network}, from ${key.sources.join(' and ')}.`,
        ...facts(written.facts),
        ...written.lines,
        'Keep the passphrase apart from the file. Then: key export gives the public record that a wallet is made of.',
      ],
    };
  },
});

const restore = defineCommand({
  name: 'key restore',
  summary: 'Make a key file from a secret that exists already',
  notes: [
    'The secret is a mnemonic of 12 to 24 words in any published language, the digits of a SeedQR, the hexadecimal bytes of a CompactSeedQR, an xprv of depth 0, a codex32 secret or its shares, or SLIP-39 shares. Shares come one a line, or each in a file of its own with --share-file. Single keys (WIF, BIP38) are swept, not restored.',
    'A BIP39 passphrase is a part of the key, not of the file: another one gives another key. So does another SLIP-39 passphrase. Leave them out where none was used.',
    'Where words are of several languages, state the language. Several mnemonics are taken for parts of one (Seed XOR) only with --seed-xor: nothing in them tells.',
  ],
  positionals: {},
  options: {
    network: networkOption,
    'mnemonic-file': optional(inputFileValue, 'the secret, in a file or on standard input (-); asked for without echo when left out and no share file is given'),
    'share-file': repeated(inputFileValue, 0, 'a share, or a part with --seed-xor, in a file or on standard input (-)'),
    language: optional(choiceValue('LANGUAGE', MnemonicLanguageName.options), 'the language of the words; found when left out'),
    'seed-xor': flag('the mnemonics are the parts of one: all of them are needed'),
    'bip39-passphrase-file': optional(inputFileValue, 'the BIP39 passphrase, in a file or on standard input (-)'),
    'share-passphrase-file': optional(inputFileValue, 'the passphrase of SLIP-39 shares, in a file or on standard input (-)'),
    out: outOption,
    label: labelOption,
    'passphrase-file': newPassphraseOption,
    force: forceOption,
  },
  async run(values, io) {
    const places = await placeNewKey(io, values.out, values.force);
    const secrets: string[] = [];
    for (const file of values['share-file']) secrets.push(await io.secrets.existing(file, 'Share', '--share-file'));
    const mnemonicFile = values['mnemonic-file'];
    if (mnemonicFile !== undefined || secrets.length === 0) secrets.unshift(await io.secrets.existing(mnemonicFile, 'Mnemonic or other secret', '--mnemonic-file'));
    const passphraseIn = (file: string | undefined, what: string, option: string): Promise<string> => (file === undefined ? Promise.resolve('') : io.secrets.existing(file, what, option));
    const bip39Passphrase = await passphraseIn(values['bip39-passphrase-file'], 'BIP39 passphrase', '--bip39-passphrase-file');
    const sharePassphrase = await passphraseIn(values['share-passphrase-file'], 'Passphrase of the shares', '--share-passphrase-file');
    const passphrase = await io.secrets.fresh(values['passphrase-file'], 'New passphrase for the key file', '--passphrase-file');
    io.progress({ fraction: null, activity: 'Encrypting the key' });
    const call = openSigner(io);
    const key = await call('key.restore', { network: values.network, label: values.label, secrets, language: values.language ?? null, seedXor: values['seed-xor'], bip39Passphrase, sharePassphrase, passphrase });
    await call('key.lock', { keyHandle: key.keyHandle });
    const written = await writeNewKey(io, places, key);
    return {
      json: written.json,
      lines: [
        `${io.style.bold(key.fingerprint)} is restored on ${key.network} from ${key.sources.join(' and ')}: ${secretInWords(key)}.`,
        ...facts(written.facts),
        ...written.lines,
        'Compare the fingerprint with the one on the wallet sheet: a wrong passphrase or a part of another set shows there and nowhere else.',
      ],
    };
  },
});

const child = defineCommand({
  name: 'key child',
  summary: 'Derive a child key by BIP85, and write it as a key file of its own',
  notes: [
    'A child follows from its parent, its number of words and its index, and from nothing else: whoever has the parent has all children; no child leads back to it. Note index and words with the parent\'s backup, and the child needs none of its own.',
    'The child\'s key file has a passphrase of its own.',
  ],
  positionals: {},
  options: {
    key: required(inputFileValue, 'the parent\'s key file'),
    index: required(integerValue('NUMBER', 0, 2_147_483_647), 'the child\'s number'),
    words: withDefault(choiceValue('COUNT', ['12', '18', '24']), '24', 'length of the child\'s mnemonic; another length is another child'),
    out: outOption,
    label: labelOption,
    'passphrase-file': passphraseFileOption,
    'new-passphrase-file': newPassphraseOption,
    force: forceOption,
  },
  async run(values, io) {
    const places = await placeNewKey(io, values.out, values.force);
    return withKey(io, values.key, values['passphrase-file'], async (call, parent) => {
      const passphrase = await io.secrets.fresh(values['new-passphrase-file'], 'New passphrase for the child\'s key file', '--new-passphrase-file');
      io.progress({ fraction: null, activity: 'Encrypting the child key' });
      const words = ({ 12: 12, 18: 18, 24: 24 } as const)[values.words];
      const key = await call('key.child', { keyHandle: parent.keyHandle, words, index: values.index, label: values.label, passphrase });
      await call('key.lock', { keyHandle: key.keyHandle });
      const written = await writeNewKey(io, places, key);
      return {
        json: { ...written.json, parent: parent.fingerprint, index: values.index },
        lines: [`${io.style.bold(key.fingerprint)} is child ${values.index} (${key.words} words) of ${parent.fingerprint} on ${key.network}.`, ...facts(written.facts), ...written.lines],
      };
    });
  },
});

const passphrase = defineCommand({
  name: 'key passphrase',
  summary: 'Put a key file under another passphrase',
  notes: [
    'With --force the key file itself is replaced, and its last generation stays beside it as .previous. Otherwise --out names the new file.',
    'What the file holds stays the same. The new file is opened with the new passphrase before it takes its name.',
    'Copies and .previous open with the old passphrase as before: who knows it and has one of them has the key. Make the copies again, and destroy what must not open any more.',
  ],
  positionals: {},
  options: {
    key: keyOption,
    out: optional(outputFileValue, 'where the new key file goes; the key file itself, with --force, when left out'),
    'passphrase-file': passphraseFileOption,
    'new-passphrase-file': newPassphraseOption,
    force: forceOption,
  },
  async run(values, io) {
    if (values.out === undefined && !values.force) throw usageError('Where the new key file goes is not said.', 'Add --out FILE, or --force to replace the key file and keep its last generation as .previous.');
    if (values.out === undefined && values.key === '-') throw usageError('Standard input cannot be replaced.', 'Add --out FILE.');
    const place = await io.files.place(values.out ?? values.key, values.force);
    const keyFileBase64 = toBase64(await io.files.readBytes(values.key, KEY_FILE_BYTES));
    const old = await io.secrets.existing(values['passphrase-file'], 'Passphrase of the key file', '--passphrase-file');
    const newPassphrase = await io.secrets.fresh(values['new-passphrase-file'], 'New passphrase for the key file', '--new-passphrase-file');
    const changed = await openSigner(io)('key.change-passphrase', { keyFileBase64, passphrase: old, newPassphrase });
    const out = await io.files.write(place, basename(values.key), parseBase64(changed.keyFileBase64));
    return {
      json: { fingerprint: changed.fingerprint, out, ...(await copiesFacts(out)) },
      lines: [
        `${io.style.bold(changed.fingerprint)} opens with the new passphrase.`,
        ...facts([['key file', out]]),
        'Its copies and the .previous beside it still open with the old one.',
        copyHint(out),
      ],
    };
  },
});

const show = defineCommand({
  name: 'key show',
  summary: 'Show the public facts of a key file: what it keeps, how it came to be, and whether it has copies',
  notes: [],
  positionals: {},
  options: { key: keyOption, 'passphrase-file': passphraseFileOption },
  run: (values, io) => withKey(io, values.key, values['passphrase-file'], async (_call, key) => {
    // Of a key file from standard input nobody knows where it lies.
    const known = values.key === '-' ? null : await copiesFacts(values.key);
    const record = key.entropyRecord;
    return {
      json: {
        fingerprint: key.fingerprint, network: key.network, label: key.label, createdBy: key.createdBy, createdAt: key.createdAt, secret: key.secret, words: key.words, language: key.language,
        hasBip39Passphrase: key.hasBip39Passphrase, sources: key.sources, entropyRecord: record, ...known,
      },
      lines: [
        ...facts([
          ['fingerprint', io.style.bold(key.fingerprint)], ['label', key.label], ['network', key.network], ['keeps', secretInWords(key)],
          ['made by', key.createdBy], ['made at', key.createdAt], ['entropy', key.sources.join(' and ')],
          ...(record === null ? [['record', 'none: the file is older than entropy records'] as const] : [['record', `${record.mode}, ${record.sources.map(recordedSource).join(', ')}`] as const, ['build', record.build] as const]),
          ...(known === null ? [] : [['copies', known.onlyCopy ? 'none is known' : `${known.copies - 1} intact when last checked`] as const]),
        ]),
        ...(known?.onlyCopy === true ? [io.style.bold(ONLY_COPY), copyHint(values.key)] : []),
      ],
    };
  }),
});

const recordedSource = ({ source, count, bits }: { readonly source: string; readonly count: number; readonly bits: number }): string => (bits === 0 ? `${source} (${count})` : `${source} (${count}, at least ${Math.floor(bits)} bits)`);

const exportRecord = defineCommand({
  name: 'key export',
  summary: 'Write the public key record that a wallet is made of',
  notes: [
    'The record holds no private key. Without --out it is printed.',
    'Each script type has its own path, so each type of wallet has a record of its own:',
    ...walletScripts.map((script) => `${script}: ${scriptWords[script].kind}. ${scriptWords[script].advice}`),
  ],
  positionals: {},
  options: {
    key: keyOption,
    script: withDefault(choiceValue('SCRIPT', walletScripts), 'p2wsh', 'the type of wallet that the record is for'),
    account: withDefault(integerValue('NUMBER', 0, 999), '0', 'account number in the derivation path'),
    format: withDefault(choiceValue('FORMAT', keyRecordFormats), 'descriptor', 'how the record is written: [fingerprint/path]xpub, Coldcard\'s JSON, a signed BSMS record (BIP129), or UR (crypto-hdkey)'),
    out: optional(outputFileValue, 'where the record goes; an existing folder takes it under a suggested name'),
    'passphrase-file': passphraseFileOption,
    force: flag('replace an output file that is there already'),
  },
  async run(values, io) {
    const place = values.out === undefined ? null : await io.files.place(values.out, values.force);
    return withKey(io, values.key, values['passphrase-file'], async (call, key) => {
      const record = await call('key.export', { keyHandle: key.keyHandle, script: values.script, account: values.account, format: values.format });
      const out = place === null ? null : await io.files.write(place, record.suggestedName, `${record.keyRecord.trimEnd()}\n`);
      return {
        json: { keyRecord: record.keyRecord, fingerprint: record.fingerprint, path: record.path, xpub: record.xpub, ...(out === null ? {} : { out }) },
        lines: out === null ? [record.keyRecord.trimEnd()] : [...facts([['fingerprint', io.style.bold(record.fingerprint)], ['path', record.path], ['key record', out]]), record.keyRecord.trimEnd()],
      };
    });
  },
});

export const keyCommands = [create, restore, child, show, passphrase, exportRecord];
