import { isPrivate } from 'tiny-secp256k1';
import { concat } from '../../domain/bytes.ts';
import { chainParameters, networkNames, takesKeysOf, type NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { KeyRealm } from '../../domain/chains/chain.ts';
import { decodeBase58check, encodeBase58check } from './base58-secret.ts';
import { malformedSecret } from './malformed-secret.ts';
import { wipe } from './wipe.ts';

/** One private key, as a paper wallet holds it. */
export interface SinglePrivateKey {
  /** 32 bytes. A secret: wipe it after use. */
  readonly privateKey: Uint8Array;
  /** Whether its public key is used in its short form, which decides over its addresses. */
  readonly compressed: boolean;
}

const versions: ReadonlyMap<number, KeyRealm> = new Map(networkNames.map((name) => [chainParameters(name).wif, chainParameters(name).singleKeyRealm]));

/** Whether bytes have the size and version of a WIF. */
export const looksLikeWif = (bytes: Uint8Array): boolean => versions.has(bytes[0] as number) && (bytes.length === 33 || bytes.length === 34);

/**
 * A private key in wallet import format.
 * @throws StrongroomError `secret.malformed`
 */
export function parseWif(text: string): SinglePrivateKey & { readonly realm: KeyRealm } {
  const bytes = decodeBase58check(text.trim());
  if (bytes === null) throw malformedSecret('wif', 'its base58 checksum is wrong');
  try {
    const realm = versions.get(bytes[0] as number);
    if (realm === undefined) throw malformedSecret('wif', 'its version is of no known network');
    if (bytes.length !== 33 && bytes.length !== 34) throw malformedSecret('wif', 'it has not 33 or 34 bytes');
    if (bytes.length === 34 && bytes[33] !== 1) throw malformedSecret('wif', 'its last byte is not the mark of a compressed key');
    if (!isPrivate(bytes.subarray(1, 33))) throw malformedSecret('wif', 'its number is not on the curve');
    return { privateKey: bytes.slice(1, 33), compressed: bytes.length === 34, realm };
  } finally {
    wipe(bytes);
  }
}

/** @throws StrongroomError `secret.malformed` for a number that is no private key */
export function formatWif(key: SinglePrivateKey, network: NetworkName): string {
  if (!isPrivate(key.privateKey)) throw malformedSecret('wif', 'its number is not on the curve');
  const bytes = concat(Uint8Array.of(chainParameters(network).wif), key.privateKey, key.compressed ? Uint8Array.of(1) : new Uint8Array(0));
  const text = encodeBase58check(bytes);
  wipe(bytes);
  return text;
}

/**
 * Refuses a single key of another realm: a mainnet key on a test network, or the reverse; one of another coin.
 * @throws StrongroomError `key.network`
 */
export function requireSingleKeyRealm(realm: KeyRealm, network: NetworkName): void {
  if (realm !== chainParameters(network).singleKeyRealm) throw otherNetwork(realm, network);
}

/**
 * The same of an extended key: its version bytes must be some that the network's keys are read with.
 * @throws StrongroomError `key.network`
 */
export function requireRealm(realm: KeyRealm, network: NetworkName): void {
  if (!takesKeysOf(network, realm)) throw otherNetwork(realm, network);
}

const realmNames: Readonly<Record<KeyRealm, string>> = {
  main: 'mainnet', test: 'the test networks', litecoin: 'Litecoin', 'litecoin-test': 'Litecoin\'s test networks', dogecoin: 'Dogecoin', 'dogecoin-test': 'Dogecoin\'s testnet',
};

function otherNetwork(realm: KeyRealm, network: NetworkName): StrongroomError {
  return new StrongroomError('key.network', `The secret is for ${realmNames[realm]}, not for ${network}.`, { network, realm }, 'State the network that the secret was made for.');
}
