import type { InferOutput } from 'valibot';
import { nextPsbtFileName, type PsbtStep } from '../../airgap/file-names.ts';
import type { FrameReader } from '../../airgap/frames/frame-choice.ts';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { PSBT_FILE_BYTES, type OutputPlace } from '../shared/command-files.ts';
import type { CommandIo, CommandResult } from '../shared/command.ts';
import { forceOption, qrForOption, qrOption } from '../shared/common-options.ts';
import { optional, repeated, required } from '../shared/option.ts';
import { placeQrCodes, withoutFramesEnding, writeQrCodes, type QrFolder } from '../shared/qr-output.ts';
import { codesToAcknowledge, quorumFacts, reviewLines } from '../shared/review-text.ts';
import { facts } from '../shared/text-layout.ts';
import { inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { findingCodesValue } from './finding-codes-value.ts';

type Report = InferOutput<(typeof signerCoreContract)['psbt.review']['output']>;
type SignedReply = InferOutput<(typeof signerCoreContract)['psbt.sign']['output']>;

/** What signing with a cosigner's key and with paper keys has in common on the command line. */
export const psbtPositional = required(inputFileValue, 'the PSBT: binary, base64, hex, or QR frames one a line; - for standard input');
export const signingOptions = {
  'review-id': optional(textValue('HEX'), 'sign only the bytes that were reviewed under this id'),
  acknowledge: repeated(findingCodesValue, 0, 'codes of the findings that you judged and accept'),
  out: required(outputFileValue, 'where the signed PSBT goes; an existing folder takes it under a suggested name'),
  qr: qrOption,
  'qr-for': qrForOption,
  force: forceOption,
} as const;
export const signingNotes: readonly string[] = [
  'Nothing is signed when the review refuses, when findings that need judgement are not all acknowledged, or when --review-id names other bytes.',
  'At a terminal and without --review-id, the review is shown and the word "sign" is asked for first.',
];

/** The contents of small text files, in order. */
export async function readTexts(io: CommandIo, files: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const file of files) texts.push(await io.files.readText(file));
  return texts;
}

interface SigningValues {
  readonly psbt: string;
  readonly 'review-id': string | undefined;
  readonly acknowledge: readonly (readonly string[])[];
  readonly out: string;
  readonly qr: string | undefined;
  readonly 'qr-for': FrameReader | undefined;
  readonly force: boolean;
}

export interface PreparedSigning {
  readonly values: SigningValues;
  readonly place: OutputPlace;
  readonly qrPlace: QrFolder | null;
  readonly psbtFileBase64: string;
}

/** Looks at the output's place and reads the PSBT, before anybody types a passphrase. */
export async function prepareSigning(io: CommandIo, values: SigningValues): Promise<PreparedSigning> {
  const place = await io.files.place(values.out, values.force);
  const qrPlace = await placeQrCodes(io, values);
  return { values, place, qrPlace, psbtFileBase64: toBase64(await io.files.readBytes(values.psbt, PSBT_FILE_BYTES)) };
}

/** Who signs, and how. */
export interface ReviewAndSign {
  /** As a person calls the signer: a fingerprint, "3 paper keys". */
  readonly as: string;
  readonly step: PsbtStep;
  readonly review: () => Promise<Report>;
  readonly sign: (reviewId: string, acknowledged: string[]) => Promise<SignedReply>;
}

/**
 * Reviews, asks where a person is there to be asked, signs, and writes the result.
 * @throws StrongroomError `review.stale`, `host.cancelled`, and what review and signing throw
 */
export async function signReviewed(io: CommandIo, { values, place, qrPlace }: PreparedSigning, steps: ReviewAndSign): Promise<CommandResult> {
  const report = await steps.review();
  const reviewId = values['review-id']?.toLowerCase() ?? report.reviewId;
  if (reviewId !== report.reviewId) {
    throw new StrongroomError('review.stale', 'These are not the bytes that were reviewed under this review id.', { reviewed: reviewId.replace(/[^0-9a-f]/g, '').slice(0, 64), found: report.reviewId }, 'Review this file, then sign under its own review id.');
  }
  const given = values.acknowledge.flat();
  const open = codesToAcknowledge(report.findings).filter((code) => !given.includes(code));
  if (values['review-id'] === undefined && io.interactive) {
    io.show([...reviewLines(report, io.style), '']);
    if (report.verdict !== 'refused' && open.length === 0) await askToSign(io, steps.as, report.findings.length);
  }
  const signed = await steps.sign(reviewId, given);
  const psbt = parseBase64(signed.psbtBase64);
  const suggestedName = nextPsbtFileName(values.psbt === '-' ? '' : withoutFramesEnding(values.psbt), steps.step);
  const out = await io.files.write(place, suggestedName, psbt);
  const qr = await writeQrCodes(io, qrPlace, out, psbt);
  return {
    json: { signedInputs: signed.signedInputs, psbtSha256: signed.psbtSha256, quorum: signed.quorum, findings: signed.findings, out, ...qr.json },
    lines: [
      `Signed ${signed.signedInputs} ${signed.signedInputs === 1 ? 'input' : 'inputs'} as ${io.style.bold(steps.as)}.`,
      ...facts([...quorumFacts(signed.quorum), ['signed PSBT', out], ['SHA-256', signed.psbtSha256], ...qr.facts]),
    ],
  };
}

/** Enter never signs: the word itself is asked for. */
async function askToSign(io: CommandIo, signer: string, findings: number): Promise<void> {
  const typed = await io.secrets.typed(`Type "sign" to sign as ${signer}${findings === 0 ? '' : ', findings above included'}:`, '--review-id');
  if (typed.trim().toLowerCase() !== 'sign') {
    throw new StrongroomError('host.cancelled', 'The word was not typed; nothing was signed.', {}, 'Start again when you are ready.');
  }
}
