import { readPsbtFile } from '../../airgap/psbt-file.ts';
import { parseBase64, toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { approve } from '../../review/approve.ts';
import { reviewPsbt, type ReviewWallet } from '../../review/review-psbt.ts';
import { toReviewReport } from '../../review/review-report.ts';
import type { Review } from '../../review/review.ts';
import { openPaperKey, type PaperKey } from '../../signer/paper-key.ts';
import { signWithPaperKeys } from '../../signer/paper-key-sign.ts';
import { verifyRegistration } from '../../signer/registration.ts';
import { parseRegistration } from '../../wallet/registration.ts';
import type { SignerEffects } from './effects.ts';
import { RememberedReviews } from './remembered-reviews.ts';
import { isFindingCode, signedReply } from './signed-reply.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';
import type { UnlockedPaperKeys } from './unlocked-paper-keys.ts';

type SweepHandlers = Pick<Handlers<typeof signerCoreContract>, 'paper-key.open' | 'paper-key.close' | 'sweep.review' | 'sweep.sign'>;

/** A sweep's review, with what it takes to make it again. Nothing in it is secret. */
interface RememberedSweep {
  readonly review: Review;
  readonly psbtBytes: Uint8Array;
  readonly paperKeyHandles: readonly string[];
  readonly destinations: readonly ReviewWallet[];
}

/** All sweeps of a process stand under one name: a review id alone says which is meant. */
const SWEEPS = 'sweeps';

export function createSweepHandlers(effects: Pick<SignerEffects, 'curves' | 'slow'>, keys: UnlockedKeys, paperKeys: UnlockedPaperKeys): SweepHandlers {
  const reviews = new RememberedReviews<RememberedSweep>();
  return {
    'paper-key.open': async ({ network, secret, passphrase }, { progress }) => {
      progress({ fraction: null, activity: 'Opening the paper key' });
      const admit = paperKeys.admission();
      const key = await openPaperKey(secret, passphrase, network, effects.slow);
      const { fingerprint, form, compressed } = key;
      const addresses = [...key.addresses()];
      return { paperKeyHandle: admit(key), fingerprint, form, compressed, addresses };
    },
    'paper-key.close': ({ paperKeyHandle }) => {
      paperKeys.lock(paperKeyHandle);
      return {};
    },
    'sweep.review': ({ paperKeyHandles, keyHandle, registrations, psbtFileBase64 }) => {
      const open = paperKeys.use(paperKeyHandles);
      const destinations = destinationsOf(keyHandle, registrations, networkOf(open));
      const psbtBytes = readPsbtFile(parseBase64(psbtFileBase64));
      const review = reviewSweep(open, destinations, psbtBytes);
      reviews.remember(SWEEPS, { review, psbtBytes, paperKeyHandles, destinations });
      return toReviewReport(review);
    },
    'sweep.sign': ({ reviewId, acknowledged }) => {
      const { review, psbtBytes, paperKeyHandles, destinations } = reviews.recall(SWEEPS, reviewId);
      const open = paperKeys.use(paperKeyHandles);
      const approval = approve(review, psbtBytes, acknowledged.filter(isFindingCode));
      return signedReply(review, signWithPaperKeys(approval, open, effects.curves), (bytes) => reviewSweep(open, destinations, bytes));
    },
  };

  /** The registered wallets that the sweep may go to: each registration must be the key's own. */
  function destinationsOf(keyHandle: string | null, registrations: readonly string[], network: PaperKey['network']): readonly ReviewWallet[] {
    if (registrations.length === 0) return [];
    if (keyHandle === null) {
      throw new StrongroomError('host.bad-request', 'A registration is worth something only with the key that made it.', { command: 'sweep.review', fields: 'keyHandle' }, 'Unlock the key file of the cosigner who registered the wallet.');
    }
    const { key } = keys.use(keyHandle);
    if (key.network !== network) {
      throw new StrongroomError('key.network', `The key is for ${key.network}, the papers are for ${network}.`, { network, realm: key.network }, 'Sweep the papers into a wallet of their own network.');
    }
    return registrations.map((text) => {
      const { policyId, deriver } = verifyRegistration(key, parseRegistration(text));
      return { walletId: policyId.walletId, deriver };
    });
  }
}

function reviewSweep(open: readonly PaperKey[], destinations: readonly ReviewWallet[], psbtBytes: Uint8Array): Review {
  // One paper may have been scanned twice.
  const singleKeys = [...new Map(open.map(({ fingerprint, publicKey }) => [toHex(publicKey), { fingerprint, publicKey }])).values()];
  return reviewPsbt(psbtBytes, { wallets: [], singleKeys, destinations, network: networkOf(open), thisKey: null });
}

/** @throws StrongroomError `key.network` for papers of different networks */
function networkOf(open: readonly PaperKey[]): PaperKey['network'] {
  const [first, ...others] = open;
  if (first === undefined) throw new TypeError('no paper key');
  const other = others.find((key) => key.network !== first.network);
  if (other !== undefined) {
    throw new StrongroomError('key.network', `The papers are of different networks: ${first.network} and ${other.network}.`, { network: first.network, realm: other.network }, 'Sweep the papers of each network apart.');
  }
  return first.network;
}
