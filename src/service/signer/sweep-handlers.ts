import { toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import type { SingleKeyOutput } from '../../psbt/single-key-scripts.ts';
import { openPaperKey, type PaperKey } from '../../signer/paper-key.ts';
import { verifyRegistration } from '../../signer/registration.ts';
import { parseRegistration } from '../../wallet/registration.ts';
import type { SignerEffects } from './effects.ts';
import { RememberedReviews } from './remembered-reviews.ts';
import type { SignerAtWork } from './signing/messages.ts';
import type { SigningDesk } from './signing/signing-desk.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';
import type { UnlockedPaperKeys } from './unlocked-paper-keys.ts';

type SweepHandlers = Pick<Handlers<typeof signerCoreContract>, 'paper-key.open' | 'paper-key.close' | 'sweep.review' | 'sweep.sign'>;
type PapersAtWork = Extract<SignerAtWork, { by: 'papers' }>;

/** A sweep's review, with what it takes to make it again. Nothing in it is secret. */
interface RememberedSweep {
  readonly reviewId: string;
  readonly psbtFileBase64: string;
  readonly paperKeyHandles: readonly string[];
  readonly destinations: PapersAtWork['destinations'];
}

/** All sweeps of a process stand under one name: a review id alone says which is meant. */
const SWEEPS = 'sweeps';

interface SweepDeps {
  readonly effects: Pick<SignerEffects, 'slow'>;
  readonly desk: SigningDesk;
  readonly keys: UnlockedKeys;
  readonly paperKeys: UnlockedPaperKeys;
}

export function createSweepHandlers({ effects, desk, keys, paperKeys }: SweepDeps): SweepHandlers {
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
      desk.endOf(paperKeyHandle);
      paperKeys.lock(paperKeyHandle);
      return {};
    },
    'sweep.review': async ({ paperKeyHandles, keyHandle, registrations, psbtFileBase64 }, context) => {
      const network = networkOf(paperKeys.use(paperKeyHandles));
      const destinations = destinationsOf(keyHandle, registrations, network);
      const signer = (): SignerAtWork => papersAtWork(paperKeys.use(paperKeyHandles), destinations, () => null);
      const report = await desk.review({ handles: paperKeyHandles, job: () => ({ psbtFileBase64, signer: signer(), consent: null }) }, context);
      reviews.remember(SWEEPS, { reviewId: report.reviewId, psbtFileBase64, paperKeyHandles, destinations });
      return report;
    },
    'sweep.sign': async ({ reviewId, acknowledged }, context) => {
      const { psbtFileBase64, paperKeyHandles, destinations } = reviews.recall(SWEEPS, reviewId);
      paperKeys.use(paperKeyHandles);
      const signer = (): SignerAtWork => papersAtWork(paperKeys.use(paperKeyHandles), destinations, privateKeyOf);
      return desk.sign({ handles: paperKeyHandles, job: () => ({ psbtFileBase64, signer: signer(), consent: { reviewId, acknowledged } }) }, context);
    },
  };

  /** The registered wallets that the sweep may go to: each registration must be the key's own. */
  function destinationsOf(keyHandle: string | null, registrations: readonly string[], network: PaperKey['network']): PapersAtWork['destinations'] {
    if (registrations.length === 0) return [];
    if (keyHandle === null) {
      throw new StrongroomError('host.bad-request', 'A registration is worth something only with the key that made it.', { command: 'sweep.review', fields: 'keyHandle' }, 'Unlock the key file of the cosigner who registered the wallet.');
    }
    const { key } = keys.use(keyHandle);
    if (key.network !== network) {
      throw new StrongroomError('key.network', `The key is for ${key.network}, the papers are for ${network}.`, { network, realm: key.network }, 'Sweep the papers into a wallet of their own network.');
    }
    // Here and not in the process that signs: a sweep is no reason to give it a cosigner's key.
    return registrations.map((registration) => ({ walletId: verifyRegistration(key, parseRegistration(registration)).policyId.walletId, registration }));
  }
}

/**
 * Papers as the process gets them. One may have been scanned twice.
 * @param privateKey gives a copy, which the desk wipes; `null` for a review
 */
function papersAtWork(open: readonly PaperKey[], destinations: PapersAtWork['destinations'], privateKey: (key: PaperKey) => Uint8Array | null): PapersAtWork {
  const distinct = new Map(open.map((key) => [toHex(key.publicKey), key]));
  return { by: 'papers', network: networkOf(open), keys: [...distinct.values()].map((key) => ({ publicKey: key.publicKey, privateKey: privateKey(key) })), destinations };
}

/** Pay-to-public-key-hash: every key has it, and spends it untweaked. */
const plainOutput = (key: PaperKey): SingleKeyOutput => key.outputs.find(({ script }) => script === 'p2pkh') as SingleKeyOutput;
const privateKeyOf = (key: PaperKey): Uint8Array => key.usePrivateKeyFor(plainOutput(key), (privateKey) => Uint8Array.from(privateKey));

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
