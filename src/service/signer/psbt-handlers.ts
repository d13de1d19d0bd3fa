import { sha256 } from '@noble/hashes/sha2.js';
import { readPsbtFile } from '../../airgap/psbt-file.ts';
import { parseBase64, toBase64, toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { approve } from '../../review/approve.ts';
import { findingCatalog, type FindingCode } from '../../review/finding.ts';
import { reviewPsbt } from '../../review/review-psbt.ts';
import { toReviewReport } from '../../review/review-report.ts';
import type { Review } from '../../review/review.ts';
import { verifyRegistration, type RegisteredWallet } from '../../signer/registration.ts';
import { signPsbt } from '../../signer/sign.ts';
import type { SigningKey } from '../../signer/signing-key.ts';
import { parseRegistration } from '../../wallet/registration.ts';
import type { SignerEffects } from './effects.ts';
import type { RememberedReviews } from './remembered-reviews.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type PsbtHandlers = Pick<Handlers<typeof signerCoreContract>, 'psbt.review' | 'psbt.sign'>;

export const createPsbtHandlers = (effects: Pick<SignerEffects, 'curves'>, keys: UnlockedKeys, reviews: RememberedReviews): PsbtHandlers => ({
  'psbt.review': ({ keyHandle, psbtFileBase64, registrations }) => {
    const { key } = keys.use(keyHandle);
    const wallets = registrations.map((text) => verifyRegistration(key, parseRegistration(text)));
    const psbtBytes = readPsbtFile(parseBase64(psbtFileBase64));
    const review = reviewWith(key, wallets, psbtBytes);
    reviews.remember(keyHandle, { review, psbtBytes, wallets });
    return toReviewReport(review);
  },
  'psbt.sign': ({ keyHandle, reviewId, acknowledged }) => {
    const { key } = keys.use(keyHandle);
    const { review, psbtBytes, wallets } = reviews.recall(keyHandle, reviewId);
    const approval = approve(review, psbtBytes, acknowledged.filter(isFindingCode));
    const signed = signPsbt(approval, key, effects.curves, wallets);
    const signedBytes = encodePsbt(signed);
    const signedReview = reviewWith(key, wallets, signedBytes);
    // SECURITY: what leaves is read back as a stranger would read it; a signature that fails here never gets out.
    if (signedReview.verdict === 'refused') throw unfit();
    const report = toReviewReport(signedReview);
    const before = approval.review.inputs;
    return {
      psbtBase64: toBase64(signedBytes),
      psbtSha256: toHex(sha256(signedBytes)),
      signedInputs: signedReview.inputs.filter((input, index) => input.signedBy.length > (before[index]?.signedBy.length ?? 0)).length,
      quorum: report.quorum,
      findings: toReviewReport(review).findings,
    };
  },
});

const reviewWith = (key: SigningKey, wallets: readonly RegisteredWallet[], psbtBytes: Uint8Array): Review =>
  reviewPsbt(psbtBytes, {
    wallets: wallets.map(({ policyId, deriver }) => ({ walletId: policyId.walletId, deriver })),
    network: key.network,
    thisKey: { fingerprint: key.fingerprint, publicKeyAt: (path) => key.publicKeyAt(path) },
  });

const isFindingCode = (code: string): code is FindingCode => Object.hasOwn(findingCatalog, code);

const unfit = (): StrongroomError =>
  new StrongroomError('sign.disagreement', 'The signed file does not pass its own review. It was not given out.', {}, 'Review the file again. If it repeats, do not use this installation.');
