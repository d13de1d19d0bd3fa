import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalBytes } from '../../../domain/bytes.ts';
import { takeRandom, type RandomSource } from '../random-source.ts';
import { wipe } from '../wipe.ts';
import { interpolate, type SharePoint } from './field256.ts';

const DIGEST_X = 254;
const SECRET_X = 255;
const DIGEST_BYTES = 4;

/**
 * Shares of a secret at x = 0, 1, ...: any `threshold` of them lead back to it, fewer say nothing. With a threshold of 1 each
 * share is the secret.
 * @see SLIP-39, "SplitSecret"
 */
export function splitSecret(threshold: number, count: number, secret: Uint8Array, random: RandomSource): readonly SharePoint[] {
  if (threshold === 1) return Array.from({ length: count }, (_, x) => ({ x, y: Uint8Array.from(secret) }));
  const free = Array.from({ length: threshold - 2 }, (_, x) => ({ x, y: takeRandom(random, secret.length) }));
  const padding = takeRandom(random, secret.length - DIGEST_BYTES);
  const digest = { x: DIGEST_X, y: concat(digestOf(secret, padding), padding) };
  const base = [...free, digest, { x: SECRET_X, y: secret }];
  const derived = Array.from({ length: count - free.length }, (_, index) => ({ x: free.length + index, y: interpolate(base, free.length + index) }));
  wipe(padding, digest.y);
  return [...free, ...derived];
}

/**
 * The secret behind exactly `threshold` shares, or `null` where they are not of one set: then its digest is wrong.
 * @see SLIP-39, "RecoverSecret"
 */
export function recoverSecret(threshold: number, points: readonly SharePoint[]): Uint8Array | null {
  if (threshold === 1) return Uint8Array.from((points[0] as SharePoint).y);
  const secret = interpolate(points, SECRET_X);
  const digest = interpolate(points, DIGEST_X);
  const fits = equalBytes(digest.subarray(0, DIGEST_BYTES), digestOf(secret, digest.subarray(DIGEST_BYTES)));
  wipe(digest);
  if (fits) return secret;
  wipe(secret);
  return null;
}

const digestOf = (secret: Uint8Array, padding: Uint8Array): Uint8Array => hmac(sha256, padding, secret).subarray(0, DIGEST_BYTES);
