import { formatPath, HARDENED, parsePath, type DerivationPath } from '../domain/derivation-path.ts';
import { parseFingerprint, type Fingerprint } from '../domain/fingerprint.ts';
import { chainParameters, takesKeysOf, type NetworkName } from '../domain/network.ts';
import type { WalletScript } from '../domain/wallet-script.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { fingerprintOf, formatExtendedPublicKey, parseExtendedPublicKey, type ExtendedPublicKey, type KeyRealm } from './extended-public-key.ts';

/** What a cosigner hands out: the public key of an account and where it comes from (BIP380, "Key Expressions"). */
export interface KeyRecord {
  readonly masterFingerprint: Fingerprint;
  readonly path: DerivationPath;
  readonly key: ExtendedPublicKey;
  readonly realm: KeyRealm;
}

/**
 * A key record from `[fingerprint/48h/1h/0h/2h]tpub...`, blanks around it ignored.
 * @throws StrongroomError `key.record-malformed`, `wallet.depth-path`, `wallet.private-key`
 */
export function parseKeyRecord(text: string): KeyRecord {
  const trimmed = text.trim();
  rejectPrivateKeyText(trimmed);
  const match = /^\[([0-9a-fA-F]{8})((?:\/[0-9]+[hH']?)*)\]([1-9A-HJ-NP-Za-km-z]{100,120})$/.exec(trimmed);
  if (match === null) {
    throw new StrongroomError('key.record-malformed', 'A key record has the form [fingerprint/path]xpub.', {}, 'Export it again on the signing device, with its key origin.');
  }
  const { key, realm } = parseExtendedPublicKey(match[3] as string);
  const path = parsePath((match[2] as string).replace(/^\//, ''));
  const masterFingerprint = parseFingerprint(match[1] as string);
  return requireDepth({ masterFingerprint, path, key, realm });
}

/**
 * The record, if its key can stand at its path.
 * @throws StrongroomError `wallet.depth-path`
 */
export function requireDepth(record: KeyRecord): KeyRecord {
  const { masterFingerprint, path, key } = record;
  const last = path.at(-1) ?? 0;
  // A depth that contradicts the path makes every address underivable by the holder of the key.
  if (key.depth !== path.length || key.childNumber !== last || (path.length === 0 && fingerprintOf(key.publicKey) !== masterFingerprint)) {
    throw new StrongroomError('wallet.depth-path', `The extended key is of depth ${key.depth}, its path has ${path.length} steps or another last step.`, { depth: key.depth, steps: path.length }, 'Export the key record again; key and path must come from the same device.');
  }
  return record;
}

/**
 * The record of a key that came without its origin, where the key itself says it: a master key, or a child of one.
 * @throws StrongroomError `key.origin-missing` for one further down, which its holder could not find again
 */
export function recordWithoutOrigin(key: ExtendedPublicKey, realm: KeyRealm): KeyRecord {
  if (key.depth === 0) return { masterFingerprint: fingerprintOf(key.publicKey), path: [], key, realm };
  if (key.depth === 1) return { masterFingerprint: parseFingerprint(key.parentFingerprint.toString(16).padStart(8, '0')), path: [key.childNumber], key, realm };
  throw new StrongroomError('key.origin-missing', 'A key comes without the fingerprint of its master and the path that leads to it.', { depth: key.depth }, 'Export it with its key origin ([fingerprint/path]xpub), or add the origin from the device that holds the key.');
}

/**
 * A prefix that names a script must name the one that the key is used for: who wrote the file meant two things at once.
 * @throws StrongroomError `wallet.prefix-script`
 */
export function requirePrefix(prefixScript: WalletScript | null, script: WalletScript): void {
  if (prefixScript === null || prefixScript === script) return;
  throw new StrongroomError('wallet.prefix-script', `An extended key's prefix says ${prefixScript}, the wallet says ${script}.`, { prefixScript, script }, 'Find out which is meant: ask for the key record again, for this script type.');
}

/** The record's text: `[fingerprint/path]xpub`, hardened steps marked by h. */
export function formatKeyRecord(record: KeyRecord, network: NetworkName): string {
  const path = record.path.length === 0 ? '' : `/${formatPath(record.path)}`;
  return `[${record.masterFingerprint}${path}]${formatExtendedPublicKey(record.key, network)}`;
}

/** BIP44 family: purposes whose second step is a coin type. */
const PURPOSES: readonly number[] = [44, 45, 48, 49, 84, 86].map((purpose) => purpose + HARDENED);

/** SLIP-44: Bitcoin, every test network, Litecoin, Dogecoin. */
const COIN_TYPES: readonly number[] = [0, 1, 2, 3];

/** Whether a path says that it is of another network, by its coin type (BIP44, SLIP-44). */
export function isOtherCoinPath(path: DerivationPath, network: NetworkName): boolean {
  const [purpose = 0, coin = 0] = path;
  return PURPOSES.includes(purpose) && COIN_TYPES.includes(coin - HARDENED) && coin - HARDENED !== chainParameters(network).coinType;
}

/** Whether a path says that it is of this network's coin. */
export const isOwnCoinPath = ([purpose = 0, coin]: DerivationPath, network: NetworkName): boolean => PURPOSES.includes(purpose) && coin === HARDENED + chainParameters(network).coinType;

/**
 * SECURITY: the version bytes of an extended key can be rewritten by anybody, its path cannot: a "practice" wallet of mainnet
 * keys would have a rehearsal sign away real money.
 * @throws StrongroomError `network.mismatch` when the record's version bytes or its path's coin type are of the other realm
 */
export function requireRealm(record: KeyRecord, network: NetworkName): void {
  if (isOtherCoinPath(record.path, network)) {
    throw new StrongroomError('network.mismatch', `The path of key ${record.masterFingerprint} is of another network than ${network}.`, { fingerprint: record.masterFingerprint, path: formatPath(record.path.slice(0, 20)), network }, 'Export a key record made for this network.');
  }
  if (!takesKeysOf(network, record.realm)) {
    throw new StrongroomError('network.mismatch', `Key ${record.masterFingerprint} is of ${realmWords[record.realm]}, the wallet of ${network}.`, { fingerprint: record.masterFingerprint, network }, 'Export a key record made for this network.');
  }
}

const realmWords: Readonly<Record<KeyRealm, string>> = {
  main: 'mainnet', test: 'a test network', litecoin: 'Litecoin', 'litecoin-test': 'a test network of Litecoin', dogecoin: 'Dogecoin', 'dogecoin-test': 'a test network of Dogecoin',
};

/**
 * Refuses a text that holds private-key material, before any of it is kept or shown.
 * @throws StrongroomError `wallet.private-key`
 */
export function rejectPrivateKeyText(text: string): void {
  const extendedPrivate = /(^|[^1-9A-HJ-NP-Za-km-z])(?:[xyztuvYZUV]prv|[LMt]tpv|dgpv)[1-9A-HJ-NP-Za-km-z]{20,}/;
  // Not a piece of hexadecimal between two zeros: the digit 0 is none of base58's.
  const wif = /(^|[^1-9A-HJ-NP-Za-km-z])(?![1-9a-f]{51})(5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KLcTQ][1-9A-HJ-NP-Za-km-z]{51}|[96][1-9A-HJ-NP-Za-km-z]{50})($|[^1-9A-HJ-NP-Za-km-z])/;
  if (extendedPrivate.test(text) || wif.test(text) || /^\s*([a-z]{3,8}\s+){11,23}[a-z]{3,8}\s*$/.test(text)) {
    throw new StrongroomError('wallet.private-key', 'The text holds a PRIVATE key or a mnemonic where a public key belongs.', {}, 'Treat that key as exposed. Export only the public key record on the signing device.');
  }
}
