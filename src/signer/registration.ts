import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { parseHex, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { createAddressDeriver, type AddressDeriver } from '../wallet/address.ts';
import { formatExtendedPublicKey } from '../wallet/extended-public-key.ts';
import { isPolicyId, policyIdOf, type PolicyId } from '../wallet/policy-id.ts';
import { registrationMessage, type Registration } from '../wallet/registration.ts';
import type { Wallet } from '../wallet/wallet.ts';
import type { SigningKey } from './signing-key.ts';

declare const verified: unique symbol;

/** A wallet of which this key is proven to be one cosigner and which its holder has registered. Made here only. */
export interface RegisteredWallet {
  readonly [verified]: true;
  readonly wallet: Wallet;
  readonly policyId: PolicyId;
  readonly deriver: AddressDeriver;
  /** This key's place among the wallet's cosigners. */
  readonly ownPosition: number;
}

/**
 * Binds a wallet to this key, after a person typed the policy id that the other cosigners see too.
 * @param typedPolicyId eight words as typed
 * @throws StrongroomError `key.network`, `wallet.own-key-missing`, `wallet.own-key-twice`, `wallet.policy-mismatch`, `key.locked`
 */
export function registerWallet(key: SigningKey, wallet: Wallet, typedPolicyId: string): Registration {
  provenPosition(key, wallet);
  if (!isPolicyId(typedPolicyId, policyIdOf(wallet))) {
    throw new StrongroomError('wallet.policy-mismatch', 'The policy id that was typed is not this wallet\'s.', {}, 'Do not go on. Compare the eight words with the other cosigners, from the paper and not from this screen.');
  }
  return { wallet, ownKey: key.fingerprint, mac: toHex(registrationMac(key, wallet)) };
}

/**
 * The wallet of a registration, after proof that this very key made it and that nothing in it was changed since.
 * @throws StrongroomError `key.network`, `registration.forged`, `wallet.own-key-missing`, `wallet.own-key-twice`, `key.locked`
 */
export function verifyRegistration(key: SigningKey, registration: Registration): RegisteredWallet {
  const { wallet } = registration;
  requireNetwork(key, wallet);
  if (registration.ownKey !== key.fingerprint || !equalInConstantTime(parseHex(registration.mac), registrationMac(key, wallet))) {
    throw new StrongroomError('registration.forged', `The registration was not made by key ${key.fingerprint}, or was changed since.`, { fingerprint: key.fingerprint, claims: registration.ownKey }, 'Use the registration that this key made. If it is that one, somebody changed it: register the wallet again.');
  }
  const ownPosition = provenPosition(key, wallet);
  return { wallet, policyId: policyIdOf(wallet), deriver: createAddressDeriver(wallet), ownPosition } as RegisteredWallet;
}

function requireNetwork(key: SigningKey, wallet: Wallet): void {
  if (key.network !== wallet.network) {
    throw new StrongroomError('key.network', `Key ${key.fingerprint} was made for ${key.network}, the wallet is of ${wallet.network}.`, { fingerprint: key.fingerprint, keyNetwork: key.network, walletNetwork: wallet.network }, 'Use a key that was made for this network.');
  }
}

/**
 * This key's place in a wallet, proven by deriving: a fingerprint is four bytes that anybody can write down.
 * SECURITY: were the fingerprint believed, an attacker's key under our fingerprint would pass for ours, and the wallet
 * would hold one cosigner fewer than people count.
 */
function provenPosition(key: SigningKey, wallet: Wallet): number {
  requireNetwork(key, wallet);
  const claiming = wallet.cosigners.filter(({ record }) => record.masterFingerprint === key.fingerprint).length;
  const proven = wallet.cosigners.flatMap(({ record }, position) => {
    const derived = formatExtendedPublicKey(key.extendedPublicKeyAt(record.path), key.network);
    return derived === formatExtendedPublicKey(record.key, key.network) ? [position] : [];
  });
  const details = { fingerprint: key.fingerprint, claiming, proven: proven.length };
  const own = proven[0];
  if (own === undefined || claiming === 0) {
    throw new StrongroomError('wallet.own-key-missing', `Key ${key.fingerprint} is not one of the wallet's cosigners.`, details, claiming > 0 ? 'A cosigner bears this key\'s fingerprint but is another key. Do not use this wallet; find out who made it.' : 'Open the key file of a cosigner, or have the wallet made with this key\'s record.');
  }
  if (proven.length > 1 || claiming > 1) {
    throw new StrongroomError('wallet.own-key-twice', `Key ${key.fingerprint} stands in the wallet more than once.`, details, 'One person could then give several signatures. Have the wallet made with one record of each cosigner.');
  }
  return own;
}

const registrationMac = (key: SigningKey, wallet: Wallet): Uint8Array =>
  key.useOwnSecret('registration', (secret) => hmac(sha256, secret, registrationMessage(wallet, key.fingerprint)));

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  b.forEach((byte, index) => {
    difference |= byte ^ (a[index] ?? 0);
  });
  return difference === 0;
}
