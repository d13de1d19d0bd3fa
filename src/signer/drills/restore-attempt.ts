import { utf8 as utf8Codec } from '@scure/base';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Registration } from '../../wallet/registration.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { decodeKeyFile, malformed, openSigningKey } from '../key-file.ts';
import { wipeSecret, type KeptSecret } from '../kept-secret.ts';
import { verifyRegistration } from '../registration.ts';
import { wipe } from '../secrets/wipe.ts';
import type { SigningKey } from '../signing-key.ts';
import type { DrillScore } from './drill-record.ts';

/** What must come back. Everything in it is public. */
export interface DrillSubject {
  readonly fingerprint: Fingerprint;
  readonly network: NetworkName;
  readonly label: string;
  /** Made by this very key, on this network. */
  readonly registrations: readonly Registration[];
}

/** A key that was brought back. Secret, both of it; whoever asked for it wipes it. */
export interface ScratchKey {
  readonly secret: KeptSecret;
  readonly key: SigningKey;
}

/** How one answer ended: with scores, or at an error. */
export interface AttemptResult {
  readonly scores: readonly DrillScore[];
  readonly failure: string | null;
  readonly isPassed: boolean;
}

/** A scratch key from a secret that was given on paper; the secret is wiped where there is no key for it. */
export async function scratchKeyFrom(restored: Promise<KeptSecret>, network: NetworkName): Promise<ScratchKey> {
  const secret = await restored;
  try {
    return { secret, key: openSigningKey({ secret, network }) };
  } catch (fault) {
    wipeSecret(secret);
    throw fault;
  }
}

/**
 * A scratch key from a key file's decrypted content, which is wiped.
 * @throws StrongroomError `key.file-malformed`; `key.network` for a key of another network
 */
export async function scratchKeyFromBackup(decrypted: Promise<Uint8Array>, network: NetworkName): Promise<ScratchKey> {
  const plaintext = await decrypted;
  try {
    const { file, key } = decodeKeyFile(textOf(plaintext));
    if (file.network === network) return { secret: file.secret, key };
    key.wipe();
    wipeSecret(file.secret);
    throw new StrongroomError('key.network', `The backup holds a key of ${file.network}, the drill is for ${network}.`, { keyNetwork: file.network, network }, 'Fetch the backup of the key that the drill is for.');
  } finally {
    wipe(plaintext);
  }
}

/**
 * Brings a key back and compares it. The key lives as long as the comparison and is wiped whatever happens.
 * @param restore makes the scratch key; its StrongroomErrors are results of the drill, anything else is a fault and thrown
 * @throws StrongroomError `host.cancelled`, which is nobody's failure
 */
export async function attemptRestore(subject: DrillSubject, restore: () => Promise<ScratchKey>): Promise<AttemptResult> {
  let scratch: ScratchKey;
  try {
    scratch = await restore();
  } catch (fault) {
    if (!(fault instanceof StrongroomError) || fault.code === 'host.cancelled') throw fault;
    // The code alone: positions of unknown words are no business of a record that lies in a folder.
    return { scores: [], failure: fault.code, isPassed: false };
  }
  try {
    const scores = scoreKey(subject, scratch.key);
    return { scores, failure: null, isPassed: scores.every(({ agrees }) => agrees) };
  } finally {
    scratch.key.wipe();
    wipeSecret(scratch.secret);
  }
}

/** A restored key against what it must be: its fingerprint, and of each wallet its registration and first addresses. */
export function scoreKey(subject: DrillSubject, key: SigningKey): readonly DrillScore[] {
  const fingerprint = score('fingerprint', null, subject.fingerprint, key.fingerprint);
  return [fingerprint, ...subject.registrations.flatMap((registration) => scoreWallet(registration, key))];
}

function scoreWallet(registration: Registration, key: SigningKey): readonly DrillScore[] {
  const { wallet } = registration;
  const { walletId } = policyIdOf(wallet);
  const expected = createAddressDeriver(wallet);
  const found = createAddressDeriver(withKeyInPlace(wallet, registration.ownKey, key));
  return [
    score('registration', wallet.name, walletId, isOwn(registration, key) ? walletId : null),
    score('first-receive', wallet.name, expected.derive(0, 0).address, found.derive(0, 0).address),
    score('first-change', wallet.name, expected.derive(1, 0).address, found.derive(1, 0).address),
  ];
}

/** Whether the key recognises the registration as its own: only the key itself can make its HMAC. */
function isOwn(registration: Registration, key: SigningKey): boolean {
  try {
    verifyRegistration(key, registration);
    return true;
  } catch (fault) {
    if (fault instanceof StrongroomError) return false;
    throw fault;
  }
}

/**
 * The wallet with the restored key where the lost one stood: derived from the secret, not copied from the registration, so
 * that its addresses prove the key and not the file.
 */
const withKeyInPlace = (wallet: Wallet, ownKey: Fingerprint, key: SigningKey): Wallet => ({
  ...wallet,
  cosigners: wallet.cosigners.map(({ label, record }) =>
    record.masterFingerprint === ownKey ? { label, record: { ...record, key: key.extendedPublicKeyAt(record.path) } } : { label, record },
  ),
});

const score = (what: DrillScore['what'], wallet: string | null, expected: string, found: string | null): DrillScore => ({ what, wallet, expected, found, agrees: expected === found });

function textOf(plaintext: Uint8Array): string {
  try {
    return utf8Codec.encode(plaintext);
  } catch {
    throw malformed('its content is not that of a key file');
  }
}
