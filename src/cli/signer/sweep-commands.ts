import { toBase64 } from '../../domain/bytes.ts';
import { networkNames, type NetworkName } from '../../domain/network.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { passphraseFileOption } from '../shared/common-options.ts';
import { optional, repeated, required } from '../shared/option.ts';
import { reviewLines, verdictExit } from '../shared/review-text.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, inputFileValue } from '../shared/value-kinds.ts';
import { prepareSigning, psbtPositional, readTexts, signingNotes, signingOptions, signReviewed } from './review-and-sign.ts';
import { openSigner, withKey, type SignerCall } from './session.ts';

const MOST_PAPER_KEYS = 500;

const paperOptions = {
  network: required(choiceValue('NETWORK', networkNames), 'the network of the paper wallets'),
  'secret-file': repeated(inputFileValue, 0, 'private keys (WIF or BIP38), one a line; - for standard input; one is asked for without echo when left out'),
  'bip38-passphrase-file': optional(inputFileValue, 'the passphrase of BIP38 keys, in a file or on standard input (-); asked for without echo when left out'),
  key: optional(inputFileValue, 'the key file of a cosigner of the wallet that the sweep goes to'),
  registration: repeated(inputFileValue, 0, 'that wallet\'s registration by this key: proves the destination'),
  'passphrase-file': passphraseFileOption,
} as const;

const destinationNote = 'With --key and --registration the destination is proven to be your registered wallet\'s; without, the finding sweep.unproven-destination asks you to compare the address.';

interface PaperValues {
  readonly network: NetworkName;
  readonly 'secret-file': readonly string[];
  readonly 'bip38-passphrase-file': string | undefined;
  readonly key: string | undefined;
  readonly registration: readonly string[];
  readonly 'passphrase-file': string | undefined;
}

/** What `sweep.review` is asked with, and the fingerprints of the papers. */
interface OpenPapers {
  readonly paperKeyHandles: string[];
  readonly keyHandle: string | null;
  readonly registrations: string[];
}

/** Opens the papers, and the key that proves the destination; wipes all of them whatever happens. */
async function withPapers<T>(io: CommandIo, values: PaperValues, work: (call: SignerCall, papers: OpenPapers) => Promise<T>): Promise<T> {
  if (values.registration.length > 0 !== (values.key !== undefined)) throw usageError('--key and --registration belong together.', 'Give both, or neither.');
  const registrations = await readTexts(io, values.registration);
  const secrets = await readSecrets(io, values['secret-file']);
  const isEncrypted = (secret: string): boolean => secret.startsWith('6P');
  const passphrase = secrets.some(isEncrypted) ? await io.secrets.existing(values['bip38-passphrase-file'], 'Passphrase of the BIP38 keys', '--bip38-passphrase-file') : '';
  const open = async (call: SignerCall, keyHandle: string | null): Promise<T> => {
    const paperKeyHandles: string[] = [];
    try {
      for (const [position, secret] of secrets.entries()) {
        io.progress({ fraction: position / secrets.length, activity: 'Opening the paper keys' });
        paperKeyHandles.push((await call('paper-key.open', { network: values.network, secret, passphrase: isEncrypted(secret) ? passphrase : '' })).paperKeyHandle);
      }
      return await work(call, { paperKeyHandles, keyHandle, registrations });
    } finally {
      for (const paperKeyHandle of paperKeyHandles) await call('paper-key.close', { paperKeyHandle });
    }
  };
  return values.key === undefined ? open(openSigner(io), null) : withKey(io, values.key, values['passphrase-file'], (call, key) => open(call, key.keyHandle));
}

/** One secret a line; blank lines and lines that begin with # are passed over. */
async function readSecrets(io: CommandIo, files: readonly string[]): Promise<readonly string[]> {
  const texts = files.length === 0 ? [await io.secrets.existing(undefined, 'Private key (WIF or BIP38)', '--secret-file')] : await readTexts(io, files);
  const secrets = texts.flatMap((text) => text.split(/\r?\n/)).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (secrets.length === 0 || secrets.length > MOST_PAPER_KEYS) throw usageError(`A sweep signs with 1 to ${MOST_PAPER_KEYS} paper keys.`, 'Write one private key a line.');
  return secrets;
}

const review = defineCommand({
  name: 'sweep review',
  summary: 'Show what a sweep of paper wallets does and what speaks against signing it; sign nothing',
  notes: ['Exit codes: 0 ready, 2 findings need your judgement, 3 refused.', destinationNote],
  positionals: { psbt: psbtPositional },
  options: paperOptions,
  async run(values, io) {
    const psbtFileBase64 = toBase64(await io.files.readBytes(values.psbt, PSBT_FILE_BYTES));
    return withPapers(io, values, async (call, papers) => {
      const report = await call('sweep.review', { ...papers, psbtFileBase64 });
      return { json: report, lines: reviewLines(report, io.style), ...verdictExit(report.verdict) };
    });
  },
});

const sign = defineCommand({
  name: 'sweep sign',
  summary: 'Review a sweep of paper wallets again, then sign it with their keys',
  notes: [...signingNotes, destinationNote],
  positionals: { psbt: psbtPositional },
  options: { ...paperOptions, ...signingOptions },
  async run(values, io) {
    const prepared = await prepareSigning(io, values);
    return withPapers(io, values, (call, papers) =>
      signReviewed(io, prepared, {
        as: papers.paperKeyHandles.length === 1 ? '1 paper key' : `${papers.paperKeyHandles.length} paper keys`,
        step: 'signed-paper',
        review: () => call('sweep.review', { ...papers, psbtFileBase64: prepared.psbtFileBase64 }),
        sign: (reviewId, acknowledged) => call('sweep.sign', { reviewId, acknowledged }),
      }));
  },
});

export const sweepCommands = [review, sign];
