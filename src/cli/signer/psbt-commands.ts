import { nextPsbtFileName } from '../../airgap/file-names.ts';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { PSBT_FILE_BYTES } from '../shared/command-files.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption, passphraseFileOption, qrOption } from '../shared/common-options.ts';
import { optional, repeated, required } from '../shared/option.ts';
import { placeQrCodes, writeQrCodes } from '../shared/qr-output.ts';
import { codesToAcknowledge, quorumFacts, reviewLines, verdictExit } from '../shared/review-text.ts';
import { facts } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { findingCodesValue } from './finding-codes-value.ts';
import { withKey } from './session.ts';

const psbtPositional = required(inputFileValue, 'the PSBT: binary, base64, hex, or QR frames one a line; - for standard input');
const registrationOption = repeated(inputFileValue, 1, 'the registration of a wallet that the transaction draws on or pays back to');
const keyOption = required(inputFileValue, 'the key file of the cosigner');

async function readRegistrations(io: CommandIo, files: readonly string[]): Promise<string[]> {
  const registrations: string[] = [];
  for (const file of files) registrations.push(await io.files.readText(file));
  return registrations;
}

const review = defineCommand({
  name: 'psbt review',
  summary: 'Show what a transaction does and what speaks against signing it; sign nothing',
  notes: ['Exit codes: 0 ready, 2 findings need your judgement, 3 refused. The review id is the SHA-256 of the reviewed bytes; psbt sign --review-id refuses any other bytes.'],
  positionals: { psbt: psbtPositional },
  options: { registration: registrationOption, key: keyOption, 'passphrase-file': passphraseFileOption },
  async run(values, io) {
    const psbtFileBase64 = toBase64(await io.files.readBytes(values.psbt, PSBT_FILE_BYTES));
    const registrations = await readRegistrations(io, values.registration);
    return withKey(io, values.key, values['passphrase-file'], async (call, key) => {
      const report = await call('psbt.review', { keyHandle: key.keyHandle, psbtFileBase64, registrations });
      return { json: report, lines: reviewLines(report, io.style), ...verdictExit(report.verdict) };
    });
  },
});

const sign = defineCommand({
  name: 'psbt sign',
  summary: 'Review a transaction again, then add this key\'s signatures',
  notes: [
    'Nothing is signed when the review refuses, when findings that need judgement are not all acknowledged, or when --review-id names other bytes.',
    'At a terminal and without --review-id, the review is shown and the word "sign" is asked for first.',
  ],
  positionals: { psbt: psbtPositional },
  options: {
    registration: registrationOption,
    key: keyOption,
    'review-id': optional(textValue('HEX'), 'sign only the bytes that were reviewed under this id'),
    acknowledge: repeated(findingCodesValue, 0, 'codes of the findings that you judged and accept'),
    out: required(outputFileValue, 'where the signed PSBT goes; an existing folder takes it under a suggested name'),
    qr: qrOption,
    'passphrase-file': passphraseFileOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const qrPlace = await placeQrCodes(io, values.qr, values.force);
    const psbtFileBase64 = toBase64(await io.files.readBytes(values.psbt, PSBT_FILE_BYTES));
    const registrations = await readRegistrations(io, values.registration);
    return withKey(io, values.key, values['passphrase-file'], async (call, key) => {
      const report = await call('psbt.review', { keyHandle: key.keyHandle, psbtFileBase64, registrations });
      const reviewId = values['review-id']?.toLowerCase() ?? report.reviewId;
      if (reviewId !== report.reviewId) {
        throw new StrongroomError('review.stale', 'These are not the bytes that were reviewed under this review id.', { reviewed: reviewId.replace(/[^0-9a-f]/g, '').slice(0, 64), found: report.reviewId }, 'Review this file, then sign under its own review id.');
      }
      const given = values.acknowledge.flat();
      const open = codesToAcknowledge(report.findings).filter((code) => !given.includes(code));
      if (values['review-id'] === undefined && io.interactive) {
        io.show([...reviewLines(report, io.style), '']);
        if (report.verdict !== 'refused' && open.length === 0) await askToSign(io, key.fingerprint, report.findings.length);
      }
      const signed = await call('psbt.sign', { keyHandle: key.keyHandle, reviewId, acknowledged: given });
      const psbt = parseBase64(signed.psbtBase64);
      const suggestedName = nextPsbtFileName(values.psbt === '-' ? '' : values.psbt.replace(/\.bbqr\.txt$/, ''), `signed-${parseFingerprint(key.fingerprint)}`);
      const out = await io.files.write(place, suggestedName, psbt);
      const qr = await writeQrCodes(io, qrPlace, out, psbt);
      return {
        json: { signedInputs: signed.signedInputs, psbtSha256: signed.psbtSha256, quorum: signed.quorum, findings: signed.findings, out, ...qr.json },
        lines: [
          `Signed ${signed.signedInputs} ${signed.signedInputs === 1 ? 'input' : 'inputs'} as ${io.style.bold(key.fingerprint)}.`,
          ...facts([...quorumFacts(signed.quorum), ['signed PSBT', out], ['SHA-256', signed.psbtSha256], ...qr.facts]),
        ],
      };
    });
  },
});

/** Enter never signs: the word itself is asked for. */
async function askToSign(io: CommandIo, fingerprint: string, findings: number): Promise<void> {
  const typed = await io.secrets.typed(`Type "sign" to sign as ${fingerprint}${findings === 0 ? '' : ', findings above included'}:`, '--review-id');
  if (typed.trim().toLowerCase() !== 'sign') {
    throw new StrongroomError('host.cancelled', 'The word was not typed; nothing was signed.', {}, 'Start again when you are ready.');
  }
}

export const psbtCommands = [review, sign];
