import * as v from 'valibot';
import { unreachable } from '../../../domain/unreachable.ts';
import { errorCatalog } from '../../../errors/catalog.ts';
import { signMessage } from '../../../host/message-wire.ts';
import { signerCoreContract } from '../../../host/signer-contract.ts';
import { FileBase64, Network, Sha256Hex, SmallText } from '../../../host/wire.ts';

/*
 * What the Signer's host and the process that reviews and signs say to each other: one job in, one answer out, progress in between.
 * Both sides parse what they hear. The process reads hostile files, so the host believes it no more than it believes a page; and the
 * process takes nothing that is not a whole job, so that no half of one is ever signed.
 */

const bytes = (length: number) => v.pipe(v.custom<Uint8Array>((value) => value instanceof Uint8Array), v.length(length));
const Registrations = signerCoreContract['psbt.review'].input.entries.registrations;

/** A cosigner: the master key (BIP32), for this job alone, and the wallets that it registered. The two arrays are secrets. */
const CosignerAtWork = v.strictObject({
  by: v.literal('cosigner'),
  network: Network,
  privateKey: bytes(32),
  chainCode: bytes(32),
  registrations: Registrations,
});

/** Several cosigners of one step, each with its own wallets. */
const CosignersAtWork = v.strictObject({ by: v.literal('cosigners'), cosigners: v.pipe(v.array(CosignerAtWork), v.minLength(2), v.maxLength(20)) });

/** Paper keys. What is only reviewed needs no private key, and none comes along. */
const PapersAtWork = v.strictObject({
  by: v.literal('papers'),
  network: Network,
  keys: v.pipe(
    v.array(v.strictObject({ publicKey: v.union([bytes(33), bytes(65)]), privateKey: v.nullable(bytes(32)) })),
    v.minLength(1),
    v.maxLength(500),
  ),
  /** Wallets that the sweep may go to, whose registration the host has verified with the key that made it. */
  destinations: v.pipe(v.array(v.strictObject({ walletId: v.pipe(v.string(), v.maxLength(100)), registration: SmallText })), v.maxLength(20)),
});

/** One file to be reviewed, and to be signed where a person agreed to its review. */
export const SigningJob = v.strictObject({
  psbtFileBase64: FileBase64,
  signer: v.variant('by', [CosignerAtWork, CosignersAtWork, PapersAtWork]),
  consent: v.nullable(v.strictObject({ reviewId: Sha256Hex, acknowledged: signerCoreContract['psbt.sign'].input.entries.acknowledged })),
});
export type SigningJob = v.InferOutput<typeof SigningJob>;
export type SignerAtWork = SigningJob['signer'];

const { registration, branch, index, message, psbtFilesBase64 } = signMessage.input.entries;
/** A message to be signed by the keys of an address; the wallet is the one registration of the cosigner. */
export const MessageJob = v.strictObject({ message: v.strictObject({ registration, branch, index, message, psbtFilesBase64 }), signer: CosignerAtWork });
export type MessageJob = v.InferOutput<typeof MessageJob>;

/** Whatever a process can be asked for. */
export const AnyJob = v.union([SigningJob, MessageJob]);
export type AnyJob = SigningJob | MessageJob;

/** The steps of a job, in order; those after `review` only where it signs. */
export const signingSteps = ['open', 'review', 'sign', 'check'] as const;
export type SigningStep = (typeof signingSteps)[number];

const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const Detail = v.union([v.pipe(v.string(), v.maxLength(20_000)), v.number(), v.boolean()]);
const Text = v.pipe(v.string(), v.maxLength(20_000));

/** An error as it crosses: of our own codes, and bounded. */
const ErrorAsData = v.strictObject({
  code: v.pipe(v.string(), v.check((code) => Object.hasOwn(errorCatalog, code))),
  message: Text,
  details: v.pipe(v.record(v.pipe(v.string(), v.maxLength(60)), Detail), v.check((details) => Object.keys(details).length <= 40)),
  hint: Text,
});

export const SigningAnswer = v.variant('kind', [
  /** The process is there and waits for its job. Only now does a key leave the host. */
  v.strictObject({ kind: v.literal('ready') }),
  v.strictObject({ kind: v.literal('progress'), step: v.picklist(signingSteps), done: Count, total: Count }),
  v.strictObject({ kind: v.literal('reviewed'), report: signerCoreContract['psbt.review'].output }),
  v.strictObject({ kind: v.literal('signed'), reply: signerCoreContract['psbt.sign'].output }),
  v.strictObject({ kind: v.literal('message-signed'), reply: signMessage.output }),
  v.strictObject({ kind: v.literal('failed'), error: ErrorAsData }),
  /** An exception that nobody foresaw: its kind and places in the program, never its text. */
  v.strictObject({ kind: v.literal('fault'), places: Text }),
]);
export type SigningAnswer = v.InferInput<typeof SigningAnswer>;
export type Reviewed = v.InferOutput<(typeof signerCoreContract)['psbt.review']['output']>;
export type Signed = v.InferOutput<(typeof signerCoreContract)['psbt.sign']['output']>;
export type MessageSigned = v.InferOutput<typeof signMessage.output>;

/** The arrays of a job that are secrets, so that whoever has passed it on wipes them. */
export function secretsOf({ signer }: AnyJob): readonly Uint8Array[] {
  switch (signer.by) {
    case 'cosigner':
      return [signer.privateKey, signer.chainCode];
    case 'cosigners':
      return signer.cosigners.flatMap(({ privateKey, chainCode }) => [privateKey, chainCode]);
    case 'papers':
      return signer.keys.flatMap(({ privateKey }) => (privateKey === null ? [] : [privateKey]));
    default:
      return unreachable(signer);
  }
}
