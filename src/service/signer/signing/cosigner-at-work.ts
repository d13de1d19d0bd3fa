import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { SigningKey } from '../../../signer/signing-key.ts';
import { parseRegistration } from '../../../wallet/registration.ts';
import type { SignerAtWork } from './messages.ts';

type CosignerAtWork = Extract<SignerAtWork, { by: 'cosigner' }>;

/**
 * The key as the process gets it. The review needs it too: a file may claim a key at any path, and which public key belongs to a
 * hardened one only the private key tells.
 * @returns copies, which the desk wipes
 */
export function cosignerAtWork(key: SigningKey, registrations: string[]): CosignerAtWork {
  return {
    by: 'cosigner',
    network: key.network,
    privateKey: key.usePrivateKeyAt([], (privateKey) => Uint8Array.from(privateKey)),
    chainCode: Uint8Array.from(key.extendedPublicKeyAt([]).chainCode),
    registrations,
  };
}

/**
 * Which of the registrations each key made, as they say; the process that signs proves it.
 * @returns one list a key, in the order of the keys; of one key all of them
 * @throws StrongroomError `registration.malformed`, `registration.forged` for one of no key at hand; `key.not-a-cosigner` for a key
 * that made none of them; `key.network`, `host.bad-request` for keys of different networks and for one that is given twice
 */
export function registrationsByKey(keys: readonly SigningKey[], registrations: readonly string[]): readonly string[][] {
  const [first, ...others] = keys;
  if (first === undefined || others.length === 0) return [[...registrations]];
  const fingerprints = keys.map(({ fingerprint }) => fingerprint);
  const list = fingerprints.join(', ');
  if (new Set(fingerprints).size < keys.length) {
    throw new StrongroomError('host.bad-request', 'A key is given twice.', { command: 'psbt.review', fields: 'furtherKeyHandles', fingerprints: list }, 'Give each key once.');
  }
  const other = others.find(({ network }) => network !== first.network);
  if (other !== undefined) {
    throw new StrongroomError('key.network', `Key ${first.fingerprint} was made for ${first.network}, key ${other.fingerprint} for ${other.network}.`, { fingerprint: other.fingerprint, keyNetwork: other.network, network: first.network }, 'Sign with keys of one network.');
  }
  const claims = registrations.map((text) => ({ text, ownKey: parseRegistration(text).ownKey }));
  const stray = claims.find(({ ownKey }) => !fingerprints.includes(ownKey));
  if (stray !== undefined) {
    throw new StrongroomError('registration.forged', `A registration was made by key ${stray.ownKey}, which is none of the keys at hand.`, { fingerprint: list, claims: stray.ownKey }, 'Give the key that made it as well, or leave the registration out.');
  }
  const idle = fingerprints.find((fingerprint) => !claims.some(({ ownKey }) => ownKey === fingerprint));
  if (idle !== undefined) {
    throw new StrongroomError('key.not-a-cosigner', `None of the registrations was made by key ${idle}.`, { fingerprint: idle }, 'Give the registration that this key made of its wallet, or leave the key out.');
  }
  return fingerprints.map((fingerprint) => claims.filter(({ ownKey }) => ownKey === fingerprint).map(({ text }) => text));
}

/** One or several keys as the process gets them. @throws StrongroomError as `registrationsByKey` */
export function cosignersAtWork(keys: readonly SigningKey[], registrations: readonly string[]): SignerAtWork {
  // SECURITY: sorted out before the first key is copied, so that nothing has to be wiped when it fails.
  const shares = registrationsByKey(keys, registrations);
  const cosigners = keys.map((key, position) => cosignerAtWork(key, shares[position] as string[]));
  const [only] = cosigners;
  return cosigners.length === 1 && only !== undefined ? only : { by: 'cosigners', cosigners };
}
