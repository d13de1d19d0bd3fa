import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concat, equalBytes, toBase64 } from '../domain/bytes.ts';
import { bsmsKeyMessage, bsmsMessageHash } from '../wallet/dialects/bsms.ts';
import { formatKeyRecord, type KeyRecord } from '../wallet/key-record.ts';
import { libsecp256k1 } from './curve-libsecp256k1.ts';
import { nobleCurves } from './curve-noble.ts';
import { signAgreed } from './ecdsa-signer.ts';
import type { SigningKey } from './signing-key.ts';

/** The first byte of a signature by a compressed key: this, plus which of four points it was. */
const COMPRESSED_HEADER = 31;

/**
 * A key record of BIP129, signed by the account's own key, so that whoever makes the wallet knows that somebody holds it. Without a
 * token: the record is public.
 * @throws StrongroomError `key.locked`, `sign.disagreement`
 * @see BIP129, "Round 1"
 */
export function bsmsKeyRecord(key: SigningKey, record: KeyRecord, label: string): string {
  // The format knows ' alone.
  const keyText = formatKeyRecord(record, key.network).replace(/^\[[^\]]*\]/, (origin) => origin.replaceAll('h', "'"));
  const message = bsmsKeyMessage(keyText, label);
  const hash = bsmsMessageHash(message);
  const { publicKey } = record.key;
  const signature = key.usePrivateKeyAt(record.path, (privateKey) => signAgreed({ first: libsecp256k1, second: nobleCurves }, hash, privateKey, publicKey));
  return `${message}\n${toBase64(concat(Uint8Array.of(COMPRESSED_HEADER + recoveryOf(signature, hash, publicKey)), signature))}\n`;
}

/** Which of the four points that a signature fits is the key. */
function recoveryOf(signature: Uint8Array, hash: Uint8Array, publicKey: Uint8Array): number {
  const parsed = secp256k1.Signature.fromBytes(signature, 'compact');
  for (const bit of [0, 1, 2, 3]) {
    try {
      if (equalBytes(parsed.addRecoveryBit(bit).recoverPublicKey(hash).toBytes(true), publicKey)) return bit;
    } catch {
      // Not every number has a point.
    }
  }
  throw new TypeError('a signature that verifies belongs to one of the four points');
}
