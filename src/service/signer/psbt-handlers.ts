import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import type { RememberedReviews } from './remembered-reviews.ts';
import { cosignersAtWork, registrationsByKey } from './signing/cosigner-at-work.ts';
import type { SignerAtWork } from './signing/messages.ts';
import type { SigningDesk } from './signing/signing-desk.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type PsbtHandlers = Pick<Handlers<typeof signerCoreContract>, 'psbt.review' | 'psbt.sign'>;

export const createPsbtHandlers = (desk: SigningDesk, keys: UnlockedKeys, reviews: RememberedReviews): PsbtHandlers => {
  const keysOf = (handles: readonly string[]) => handles.map((handle) => keys.use(handle).key);
  return {
    'psbt.review': async ({ keyHandle, furtherKeyHandles, psbtFileBase64, registrations }, context) => {
      const handles = [keyHandle, ...furtherKeyHandles];
      registrationsByKey(keysOf(handles), registrations);
      const signer = (): SignerAtWork => cosignersAtWork(keysOf(handles), registrations);
      const report = await desk.review({ handles, job: () => ({ psbtFileBase64, signer: signer(), consent: null }) }, context);
      reviews.remember(keyHandle, { reviewId: report.reviewId, psbtFileBase64, registrations, furtherKeyHandles });
      return report;
    },
    'psbt.sign': async ({ keyHandle, reviewId, acknowledged }, context) => {
      keys.use(keyHandle);
      const { psbtFileBase64, registrations, furtherKeyHandles } = reviews.recall(keyHandle, reviewId);
      const handles = [keyHandle, ...furtherKeyHandles];
      keysOf(handles);
      const signer = (): SignerAtWork => cosignersAtWork(keysOf(handles), registrations);
      return desk.sign({ handles, job: () => ({ psbtFileBase64, signer: signer(), consent: { reviewId, acknowledged } }) }, context);
    },
  };
};
