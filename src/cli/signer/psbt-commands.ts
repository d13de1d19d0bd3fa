import { toBase64 } from '../../domain/bytes.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { defineCommand } from '../shared/command.ts';
import { repeated } from '../shared/option.ts';
import { reviewLines, verdictExit } from '../shared/review-text.ts';
import { inputFileValue } from '../shared/value-kinds.ts';
import { prepareSigning, psbtPositional, readTexts, signingNotes, signingOptions, signReviewed } from './review-and-sign.ts';
import { withKeys } from './session.ts';

/** Of both commands: wallets and cosigners, one or several of each. */
const keyOptions = {
  registration: repeated(inputFileValue, 1, 'the registration of a wallet that the transaction draws on or pays back to'),
  key: repeated(inputFileValue, 1, 'the key file of a cosigner; of several where the transaction draws on wallets of several keys'),
  'passphrase-file': repeated(inputFileValue, 0, 'the passphrase of the key file, in a file or on standard input (-); of several keys one for all or one for each, in their order; asked for without echo when left out'),
} as const;
const severalKeysNote = 'Each registration counts for the key that made it. Several keys sign in one step: each the inputs of its own wallets.';

/** What the review is asked with beside the file. */
const keysOf = (keys: readonly { readonly keyHandle: string }[]) => {
  const [first, ...others] = keys.map(({ keyHandle }) => keyHandle);
  return { keyHandle: first as string, furtherKeyHandles: others };
};

const review = defineCommand({
  name: 'psbt review',
  summary: 'Show what a transaction does and what speaks against signing it; sign nothing',
  notes: ['Exit codes: 0 ready, 2 findings need your judgement, 3 refused. The review id is the SHA-256 of the reviewed bytes; psbt sign --review-id refuses any other bytes.', severalKeysNote],
  positionals: { psbt: psbtPositional },
  options: keyOptions,
  async run(values, io) {
    const psbtFileBase64 = toBase64(await io.files.readBytes(values.psbt, PSBT_FILE_BYTES));
    const registrations = await readTexts(io, values.registration);
    return withKeys(io, values.key, values['passphrase-file'], async (call, keys) => {
      const report = await call('psbt.review', { ...keysOf(keys), psbtFileBase64, registrations });
      return { json: report, lines: reviewLines(report, io.style), ...verdictExit(report.verdict) };
    });
  },
});

const sign = defineCommand({
  name: 'psbt sign',
  summary: 'Review a transaction again, then add this key\'s signatures',
  notes: [...signingNotes, severalKeysNote],
  positionals: { psbt: psbtPositional },
  options: { ...keyOptions, ...signingOptions },
  async run(values, io) {
    const prepared = await prepareSigning(io, values);
    const registrations = await readTexts(io, values.registration);
    return withKeys(io, values.key, values['passphrase-file'], (call, keys) => {
      const { keyHandle, furtherKeyHandles } = keysOf(keys);
      return signReviewed(io, prepared, {
        as: keys.map(({ fingerprint }) => fingerprint).join(', '),
        step: `signed-${parseFingerprint(keys[0]?.fingerprint ?? '')}`,
        review: () => call('psbt.review', { keyHandle, furtherKeyHandles, psbtFileBase64: prepared.psbtFileBase64, registrations }),
        sign: (reviewId, acknowledged) => call('psbt.sign', { keyHandle, reviewId, acknowledged }),
      });
    });
  },
});

export const psbtCommands = [review, sign];
