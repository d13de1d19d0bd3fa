import { toBase64 } from '../../domain/bytes.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { defineCommand } from '../shared/command.ts';
import { passphraseFileOption } from '../shared/common-options.ts';
import { repeated, required } from '../shared/option.ts';
import { reviewLines, verdictExit } from '../shared/review-text.ts';
import { inputFileValue } from '../shared/value-kinds.ts';
import { prepareSigning, psbtPositional, readTexts, signingNotes, signingOptions, signReviewed } from './review-and-sign.ts';
import { withKey } from './session.ts';

const registrationOption = repeated(inputFileValue, 1, 'the registration of a wallet that the transaction draws on or pays back to');
const keyOption = required(inputFileValue, 'the key file of the cosigner');

const review = defineCommand({
  name: 'psbt review',
  summary: 'Show what a transaction does and what speaks against signing it; sign nothing',
  notes: ['Exit codes: 0 ready, 2 findings need your judgement, 3 refused. The review id is the SHA-256 of the reviewed bytes; psbt sign --review-id refuses any other bytes.'],
  positionals: { psbt: psbtPositional },
  options: { registration: registrationOption, key: keyOption, 'passphrase-file': passphraseFileOption },
  async run(values, io) {
    const psbtFileBase64 = toBase64(await io.files.readBytes(values.psbt, PSBT_FILE_BYTES));
    const registrations = await readTexts(io, values.registration);
    return withKey(io, values.key, values['passphrase-file'], async (call, key) => {
      const report = await call('psbt.review', { keyHandle: key.keyHandle, psbtFileBase64, registrations });
      return { json: report, lines: reviewLines(report, io.style), ...verdictExit(report.verdict) };
    });
  },
});

const sign = defineCommand({
  name: 'psbt sign',
  summary: 'Review a transaction again, then add this key\'s signatures',
  notes: signingNotes,
  positionals: { psbt: psbtPositional },
  options: {
    registration: registrationOption,
    key: keyOption,
    'passphrase-file': passphraseFileOption,
    ...signingOptions,
  },
  async run(values, io) {
    const prepared = await prepareSigning(io, values);
    const registrations = await readTexts(io, values.registration);
    return withKey(io, values.key, values['passphrase-file'], (call, key) =>
      signReviewed(io, prepared, {
        as: key.fingerprint,
        step: `signed-${parseFingerprint(key.fingerprint)}`,
        review: () => call('psbt.review', { keyHandle: key.keyHandle, psbtFileBase64: prepared.psbtFileBase64, registrations }),
        sign: (reviewId, acknowledged) => call('psbt.sign', { keyHandle: key.keyHandle, reviewId, acknowledged }),
      }));
  },
});

export const psbtCommands = [review, sign];
