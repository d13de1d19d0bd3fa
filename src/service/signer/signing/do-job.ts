import { readPsbtFile } from '../../../airgap/psbt-file.ts';
import { parseBase64 } from '../../../domain/bytes.ts';
import { unreachable } from '../../../domain/unreachable.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { decodePsbt } from '../../../psbt/codec/decode.ts';
import type { SignedPsbt } from '../../../psbt/psbt.ts';
import { approve, type Approval } from '../../../review/approve.ts';
import { reviewPsbt, type ReviewKey, type ReviewWallet } from '../../../review/review-psbt.ts';
import { toReviewReport } from '../../../review/review-report.ts';
import type { Review } from '../../../review/review.ts';
import type { Curves } from '../../../signer/ecdsa-signer.ts';
import { PaperKey } from '../../../signer/paper-key.ts';
import { signWithPaperKeys } from '../../../signer/paper-key-sign.ts';
import { verifyRegistration } from '../../../signer/registration.ts';
import { wipe } from '../../../signer/secrets/wipe.ts';
import { signPsbtTogether, type Cosigner } from '../../../signer/sign.ts';
import { SigningKey } from '../../../signer/signing-key.ts';
import { createAddressDeriver, type AddressDeriver } from '../../../wallet/address.ts';
import { fingerprintOf } from '../../../wallet/extended-public-key.ts';
import { parseRegistration } from '../../../wallet/registration.ts';
import { isFindingCode, signedReply } from '../signed-reply.ts';
import { secretsOf, type SignerAtWork, type SigningAnswer, type SigningJob, type SigningStep } from './messages.ts';

/** How far a job has come: so many of so many inputs, of a step. */
export type TellStep = (step: SigningStep, done: number, total: number) => void;

/** A key that is at hand for one job. */
interface OpenSigner {
  readonly review: (psbtBytes: Uint8Array, watch: (deriver: AddressDeriver) => AddressDeriver) => Review;
  readonly sign: (approval: Approval, curves: Curves, onProgress: (done: number, total: number) => void) => SignedPsbt;
  readonly wipe: () => void;
}

/**
 * Reviews a file, and signs it where a person agreed to the review. Everything is done here from the bytes: an approval counts only
 * in the process that reviewed (`approve`), so what is signed was reviewed by the very process that signs it.
 * @param job its secrets are wiped, whatever happens
 * @throws StrongroomError what reading, reviewing, approving and signing throw
 */
export function doSigningJob(job: SigningJob, curves: Curves, tell: TellStep): Extract<SigningAnswer, { kind: 'reviewed' | 'signed' }> {
  const { psbtFileBase64, consent } = job;
  let signer: OpenSigner | null = null;
  try {
    tell('open', 0, 0);
    signer = openSigner(job.signer);
    const { review: reviewAs, sign } = signer;
    const psbtBytes = readPsbtFile(parseBase64(psbtFileBase64));
    const { inputs, outputs } = decodePsbt(psbtBytes);
    const review = reviewAs(psbtBytes, counted('review', inputs.length + outputs.length, tell));
    if (consent === null) return { kind: 'reviewed', report: toReviewReport(review) };
    if (review.reviewId !== consent.reviewId) throw stale();
    const approval = approve(review, psbtBytes, consent.acknowledged.filter(isFindingCode));
    const signed = sign(approval, curves, (done, total) => tell('sign', done, total));
    return { kind: 'signed', reply: signedReply(review, signed, (bytes) => reviewAs(bytes, counted('check', inputs.length + outputs.length, tell))) };
  } finally {
    signer?.wipe();
    wipe(...secretsOf(job));
  }
}

function openSigner(signer: SignerAtWork): OpenSigner {
  switch (signer.by) {
    case 'cosigner':
      return openCosigners([signer]);
    case 'cosigners':
      return openCosigners(signer.cosigners);
    case 'papers':
      return openPapers(signer);
    default:
      return unreachable(signer);
  }
}

function openCosigners(given: readonly Extract<SignerAtWork, { by: 'cosigner' }>[]): OpenSigner {
  const keys: SigningKey[] = [];
  const wipeKeys = (): void => {
    for (const key of keys) key.wipe();
  };
  try {
    const cosigners = given.map(({ network, privateKey, chainCode, registrations }): Cosigner => {
      const key = SigningKey.fromMaster({ depth: 0, parentFingerprint: 0, childNumber: 0, chainCode, privateKey }, network);
      keys.push(key);
      return { key, wallets: registrations.map((text) => verifyRegistration(key, parseRegistration(text))) };
    });
    const [thisKey, ...furtherKeys] = keys.map((key): ReviewKey => ({ fingerprint: key.fingerprint, publicKeyAt: (path) => key.publicKeyAt(path) }));
    const [{ network }] = given as [(typeof given)[number]];
    // Two of the keys may be cosigners of one wallet, which is one wallet all the same.
    const wallets = new Map(cosigners.flatMap(({ wallets: own }) => own).map((registered) => [registered.policyId.walletId, registered.deriver]));
    return {
      review: (psbtBytes, watch) =>
        reviewPsbt(psbtBytes, { wallets: [...wallets].map(([walletId, deriver]) => ({ walletId, deriver: watch(deriver) })), network, thisKey: thisKey ?? null, furtherKeys }),
      sign: (approval, curves, onProgress) => signPsbtTogether(approval, cosigners, curves, onProgress),
      wipe: wipeKeys,
    };
  } catch (fault) {
    wipeKeys();
    throw fault;
  }
}

function openPapers({ network, keys, destinations }: Extract<SignerAtWork, { by: 'papers' }>): OpenSigner {
  const destinationWallets = destinations.map(({ walletId, registration }): ReviewWallet => ({ walletId, deriver: createAddressDeriver(parseRegistration(registration).wallet) }));
  const singleKeys = keys.map(({ publicKey }) => ({ publicKey, fingerprint: fingerprintOf(publicKey) }));
  const open = keys.flatMap(({ privateKey, publicKey }) => (privateKey === null ? [] : [new PaperKey({ privateKey, compressed: publicKey.length === 33 }, network, 'wif')]));
  return {
    // Inputs of paper keys are found without deriving anything: what is counted here are the outputs alone.
    review: (psbtBytes) => reviewPsbt(psbtBytes, { wallets: [], singleKeys, destinations: destinationWallets, network, thisKey: null }),
    sign: (approval, curves, onProgress) => signWithPaperKeys(approval, open, curves, onProgress),
    wipe: () => {
      for (const key of open) key.wipe();
    },
  };
}

/**
 * A deriver that tells when it is asked. The review asks for the address of each input and each own output, in order, which is as
 * near to its progress as anybody outside can see; where nothing is asked for, nothing is told.
 */
function counted(step: SigningStep, total: number, tell: TellStep): (deriver: AddressDeriver) => AddressDeriver {
  let asked = 0;
  tell(step, 0, total);
  return (deriver) => ({
    ...deriver,
    derive(branch, index) {
      asked += 1;
      if (asked < total) tell(step, asked, total);
      return deriver.derive(branch, index);
    },
  });
}

const stale = (): StrongroomError =>
  new StrongroomError('review.stale', 'The bytes to be signed are not those that were reviewed.', { scope: 'global', index: 0 }, 'Review the file again. If it repeats, do not sign: somebody changes it in between.');
