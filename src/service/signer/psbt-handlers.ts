import { readPsbtFile } from '../../airgap/psbt-file.ts';
import { parseBase64 } from '../../domain/bytes.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { approve } from '../../review/approve.ts';
import { reviewPsbt } from '../../review/review-psbt.ts';
import { toReviewReport } from '../../review/review-report.ts';
import type { Review } from '../../review/review.ts';
import { verifyRegistration, type RegisteredWallet } from '../../signer/registration.ts';
import { signPsbt } from '../../signer/sign.ts';
import type { SigningKey } from '../../signer/signing-key.ts';
import { parseRegistration } from '../../wallet/registration.ts';
import type { SignerEffects } from './effects.ts';
import type { RememberedReviews } from './remembered-reviews.ts';
import { isFindingCode, signedReply } from './signed-reply.ts';
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
    return signedReply(review, signed, (bytes) => reviewWith(key, wallets, bytes));
  },
});

const reviewWith = (key: SigningKey, wallets: readonly RegisteredWallet[], psbtBytes: Uint8Array): Review =>
  reviewPsbt(psbtBytes, {
    wallets: wallets.map(({ policyId, deriver }) => ({ walletId: policyId.walletId, deriver })),
    network: key.network,
    thisKey: { fingerprint: key.fingerprint, publicKeyAt: (path) => key.publicKeyAt(path) },
  });
