import { ecb } from '@noble/ciphers/aes.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { isPrivate, pointFromScalar } from 'tiny-secp256k1';
import { concat, equalBytes, utf8 } from '../../domain/bytes.ts';
import { chainParameters, networkNames, type NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { hash160, type KeyRealm } from '../../wallet/extended-public-key.ts';
import { decodeBase58check, encodeBase58check } from './base58-secret.ts';
import { malformedSecret } from './malformed-secret.ts';
import type { SlowHashes } from './slow-hashes.ts';
import { wipe } from './wipe.ts';
import type { SinglePrivateKey } from './wif.ts';

/** What a BIP38 text holds after decryption. */
export interface DecryptedBip38 extends SinglePrivateKey {
  /** Found by the address whose hash it carries. */
  readonly realm: KeyRealm;
  /** Of a key that was made by a printer from an owner's intermediate code, where the owner numbered it. */
  readonly lot: { readonly lot: number; readonly sequence: number } | null;
}

// BIP38, "Prefix": 0x0142 for a key that was encrypted, 0x0143 for one that was made by EC multiplication.
const SIZE = 39;
const PLAIN = 0x42;
const MULTIPLIED = 0x43;
const NOT_MULTIPLIED_BITS = 0xc0;
const COMPRESSED_BIT = 0x20;
const LOT_BIT = 0x04;
const SLOW = { N: 16_384, r: 8, p: 8 } as const;
const SECOND = { N: 1024, r: 1, p: 1 } as const;

/** Whether bytes have the size and prefix of a BIP38 key. */
export const looksLikeBip38 = (bytes: Uint8Array): boolean => bytes.length === SIZE && bytes[0] === 1 && (bytes[1] === PLAIN || bytes[1] === MULTIPLIED);

/** Checks prefix, size and flags without a passphrase. @throws StrongroomError `secret.malformed` */
export function requireBip38(text: string): void {
  readBip38(text);
}

/**
 * The private key in a BIP38 text, of any of its modes. Takes a second.
 * @param passphrase normalised to NFC
 * @throws StrongroomError `secret.malformed`, `secret.passphrase-wrong`
 * @see BIP38, "Decryption steps"
 */
export async function decryptBip38(text: string, passphrase: string, slow: SlowHashes): Promise<DecryptedBip38> {
  const { bytes, compressed, hasLot } = readBip38(text);
  const addressHash = bytes.subarray(3, 7);
  const password = utf8(passphrase.normalize('NFC'));
  try {
    const privateKey = bytes[1] === PLAIN ? await decryptPlain(bytes, password, slow) : await decryptMultiplied(bytes, hasLot, password, slow);
    const realm = privateKey === null ? undefined : [...addressVersions.keys()].find((each) => equalBytes(addressHashOf({ privateKey, compressed }, each), addressHash));
    if (privateKey === null || realm === undefined) {
      privateKey?.fill(0);
      throw new StrongroomError('secret.passphrase-wrong', 'The passphrase does not open the encrypted private key.', {}, 'Look for capital letters, blanks and accents; try how the passphrase was spelled at the time.');
    }
    const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(11);
    return { privateKey, compressed, realm, lot: hasLot ? { lot: number >>> 12, sequence: number & 0xfff } : null };
  } finally {
    wipe(password);
  }
}

/**
 * Encrypts a private key under a passphrase ("no EC multiply"). Takes a second.
 * @param passphrase normalised to NFC; its strength is all the protection that there is
 * @throws StrongroomError `secret.malformed` for a number that is no private key
 * @see BIP38, "Encryption when EC multiply flag is not used"
 */
export async function encryptBip38(key: SinglePrivateKey, network: NetworkName, passphrase: string, slow: SlowHashes): Promise<string> {
  if (!isPrivate(key.privateKey)) throw malformedSecret('bip38', 'its number is not on the curve');
  const addressHash = addressHashOf(key, chainParameters(network).singleKeyRealm);
  const password = utf8(passphrase.normalize('NFC'));
  const derived = await slow.scrypt(password, addressHash, SLOW, 64);
  const masked = xor(key.privateKey, derived.subarray(0, 32));
  const encrypted = aes(derived.subarray(32)).encrypt(masked);
  const flag = NOT_MULTIPLIED_BITS | (key.compressed ? COMPRESSED_BIT : 0);
  wipe(password, derived, masked);
  return encodeBase58check(concat(Uint8Array.of(1, PLAIN, flag), addressHash, encrypted));
}

function readBip38(text: string): { readonly bytes: Uint8Array; readonly compressed: boolean; readonly hasLot: boolean } {
  const bytes = decodeBase58check(text.trim());
  if (bytes === null) throw malformedSecret('bip38', 'its base58 checksum is wrong');
  if (!looksLikeBip38(bytes)) throw malformedSecret('bip38', 'its size or prefix is not that of an encrypted private key');
  const flag = bytes[2] as number;
  const isPlain = bytes[1] === PLAIN;
  const known = isPlain ? COMPRESSED_BIT : COMPRESSED_BIT | LOT_BIT;
  if ((flag & ~known) !== (isPlain ? NOT_MULTIPLIED_BITS : 0)) throw malformedSecret('bip38', 'it has flags that the standard does not define');
  return { bytes, compressed: (flag & COMPRESSED_BIT) !== 0, hasLot: (flag & LOT_BIT) !== 0 };
}

async function decryptPlain(bytes: Uint8Array, password: Uint8Array, slow: SlowHashes): Promise<Uint8Array | null> {
  const derived = await slow.scrypt(password, bytes.subarray(3, 7), SLOW, 64);
  const masked = aes(derived.subarray(32)).decrypt(bytes.subarray(7));
  const privateKey = xor(masked, derived.subarray(0, 32));
  wipe(derived, masked);
  return checked(privateKey);
}

/** @see BIP38, "Decryption steps", "EC multiplied keys" */
async function decryptMultiplied(bytes: Uint8Array, hasLot: boolean, password: Uint8Array, slow: SlowHashes): Promise<Uint8Array | null> {
  const ownerEntropy = bytes.subarray(7, 15);
  const before = await slow.scrypt(password, ownerEntropy.subarray(0, hasLot ? 4 : 8), SLOW, 32);
  const passFactor = hasLot ? sha256(sha256(concat(before, ownerEntropy))) : before;
  const passPoint = isPrivate(passFactor) ? (pointFromScalar(passFactor, true) as Uint8Array) : null;
  if (passPoint === null) return null;
  const derived = await slow.scrypt(passPoint, bytes.subarray(3, 15), SECOND, 64);
  const cipher = aes(derived.subarray(32));
  const second = xor(cipher.decrypt(bytes.subarray(23, 39)), derived.subarray(16, 32));
  // The first eight bytes of the second block are the last eight of the first block's ciphertext.
  const first = xor(cipher.decrypt(concat(bytes.subarray(15, 23), second.subarray(0, 8))), derived.subarray(0, 16));
  const seed = concat(first, second.subarray(8));
  const factor = sha256(sha256(seed));
  const privateKey = product(passFactor, factor);
  wipe(before, passFactor, derived, second, first, seed, factor);
  return privateKey;
}

/** The product of two private keys, modulo the group's order. It passes through integers, which nobody can wipe. */
function product(a: Uint8Array, b: Uint8Array): Uint8Array | null {
  if (!isPrivate(b)) return null;
  const { Fn } = secp256k1.Point;
  return Fn.toBytes(Fn.mul(Fn.fromBytes(a), Fn.fromBytes(b)));
}

function checked(privateKey: Uint8Array): Uint8Array | null {
  if (isPrivate(privateKey)) return privateKey;
  wipe(privateKey);
  return null;
}

/** Version bytes of P2PKH addresses, by whose they are. */
const addressVersions: ReadonlyMap<KeyRealm, number> = new Map(networkNames.map((name) => [chainParameters(name).singleKeyRealm, chainParameters(name).pubKeyHash]));

/** First four bytes of the hash of the key's P2PKH address, as text. */
function addressHashOf({ privateKey, compressed }: SinglePrivateKey, realm: KeyRealm): Uint8Array {
  const publicKey = pointFromScalar(privateKey, compressed) as Uint8Array;
  const version = addressVersions.get(realm) as number;
  const address = encodeBase58check(concat(Uint8Array.of(version), hash160(publicKey)));
  return sha256(sha256(utf8(address))).slice(0, 4);
}

// Single blocks under a key that is used once; the standard wants no chaining and no padding.
const aes = (key: Uint8Array): ReturnType<typeof ecb> => ecb(key, { disablePadding: true });

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, index) => byte ^ (b[index] as number));
