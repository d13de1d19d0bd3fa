import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import type { RememberedReviews } from './remembered-reviews.ts';
import { cosignerAtWork } from './signing/cosigner-at-work.ts';
import type { SignerAtWork } from './signing/messages.ts';
import type { SigningDesk } from './signing/signing-desk.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type PsbtHandlers = Pick<Handlers<typeof signerCoreContract>, 'psbt.review' | 'psbt.sign'>;

export const createPsbtHandlers = (desk: SigningDesk, keys: UnlockedKeys, reviews: RememberedReviews): PsbtHandlers => ({
  'psbt.review': async ({ keyHandle, psbtFileBase64, registrations }, context) => {
    keys.use(keyHandle);
    const signer = (): SignerAtWork => cosignerAtWork(keys.use(keyHandle).key, registrations);
    const report = await desk.review({ handles: [keyHandle], job: () => ({ psbtFileBase64, signer: signer(), consent: null }) }, context);
    reviews.remember(keyHandle, { reviewId: report.reviewId, psbtFileBase64, registrations });
    return report;
  },
  'psbt.sign': async ({ keyHandle, reviewId, acknowledged }, context) => {
    keys.use(keyHandle);
    const { psbtFileBase64, registrations } = reviews.recall(keyHandle, reviewId);
    const signer = (): SignerAtWork => cosignerAtWork(keys.use(keyHandle).key, registrations);
    return desk.sign({ handles: [keyHandle], job: () => ({ psbtFileBase64, signer: signer(), consent: { reviewId, acknowledged } }) }, context);
  },
});
