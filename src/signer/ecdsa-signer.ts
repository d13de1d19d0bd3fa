import { equalBytes } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { verify } from '../wallet/secp256k1-public.ts';
import type { SchnorrSigner } from './schnorr-signer.ts';

/** One implementation of deterministic ECDSA on secp256k1. */
export interface EcdsaSigner {
  /** Names the implementation in errors. */
  readonly name: string;
  /**
   * RFC 6979 with SHA-256.
   * @param hash 32 bytes, signed as it is
   * @param extraEntropy 32 bytes for RFC 6979 section 3.6, or `undefined` for none
   * @returns 64 bytes: r and s, s in the lower half
   */
  sign(hash: Uint8Array, privateKey: Uint8Array, extraEntropy: Uint8Array | undefined): Uint8Array;
}

/** One implementation of both kinds of signature. */
export type CurveSigner = EcdsaSigner & SchnorrSigner;

/** Two implementations that share no code. */
export interface Curves {
  readonly first: CurveSigner;
  readonly second: CurveSigner;
}

// Half of all signatures have a low r; that 128 in a row have not happens never.
const MOST_TRIES = 128;

/**
 * A signature with r in the lower half, so that its DER form never has more than 71 bytes: without extra entropy first,
 * then with the counter 1, 2, ... as 32 little-endian bytes, as Bitcoin Core does.
 * @see Bitcoin Core, `CKey::Sign`
 */
export function signLowR(signer: EcdsaSigner, hash: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return grind(signer, hash, privateKey).signature;
}

function grind(signer: EcdsaSigner, hash: Uint8Array, privateKey: Uint8Array): { readonly signature: Uint8Array; readonly counter: number } {
  for (let counter = 0; counter < MOST_TRIES; counter += 1) {
    const signature = signer.sign(hash, privateKey, extraEntropyOf(counter));
    if (signature.length === 64 && (signature[0] as number) < 0x80) return { signature, counter };
  }
  throw new StrongroomError('sign.disagreement', `${signer.name} finds no signature with a low r.`, { implementation: signer.name }, 'Do not use this installation. Install Strongroom again and compare its checksum.');
}

function extraEntropyOf(counter: number): Uint8Array | undefined {
  if (counter === 0) return undefined;
  const extraEntropy = new Uint8Array(32);
  // Little-endian, and below 256. A view of the array would cost more than the hashes of the nonce.
  extraEntropy[0] = counter;
  return extraEntropy;
}

/** Whether the second implementation repeats every attempt of the first, or the last one alone. */
export type Repetition = 'every-attempt' | 'last-attempt';

/**
 * A signature that two implementations agree on byte for byte, and that verifies. A fault in either, by mistake or by
 * malice (a biased nonce gives the private key away), is seen here before anything leaves.
 * @param repetition SECURITY: with the last attempt alone, an implementation could call an earlier one high that was low, and so
 * say something by how often it does. Which signatures are repeated in full must be nothing that it can foresee.
 * @returns 64 bytes: r and s, both in the lower half
 * @throws StrongroomError `sign.disagreement`
 */
export function signAgreed(curves: { readonly first: EcdsaSigner; readonly second: EcdsaSigner }, hash: Uint8Array, privateKey: Uint8Array, publicKey: Uint8Array, repetition: Repetition = 'every-attempt'): Uint8Array {
  const { signature: first, counter } = grind(curves.first, hash, privateKey);
  const second = repetition === 'every-attempt' ? signLowR(curves.second, hash, privateKey) : curves.second.sign(hash, privateKey, extraEntropyOf(counter));
  // Strict: a signature with s in the upper half does not verify; nodes do not relay it (BIP146).
  if (!equalBytes(first, second) || !verify(hash, publicKey, first, true)) {
    throw new StrongroomError('sign.disagreement', `${curves.first.name} and ${curves.second.name} do not make the same valid signature. None was given out.`, { first: curves.first.name, second: curves.second.name }, 'Do not use this installation. Install Strongroom again and compare its checksum.');
  }
  return first;
}
