import { toHex } from '../domain/bytes.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { singleKeyOutputs, type SingleKeyOutput } from '../psbt/single-key-scripts.ts';

/** The public half of a paper wallet's key, as far as a review needs it. */
export interface ReviewSingleKey {
  /** Of the public key in the form in which it is used. */
  readonly fingerprint: Fingerprint;
  /** 33 bytes, or 65 of an uncompressed key; on the curve. */
  readonly publicKey: Uint8Array;
  /** The one output that it spends, where no more of it is known: who has taproot's signature knows the output key alone. */
  readonly onlyOutput?: SingleKeyOutput;
}

/** An output that was rebuilt from a key at hand. */
export interface OwnSingleKey {
  readonly key: ReviewSingleKey;
  readonly output: SingleKeyOutput;
}

/**
 * Finds the key that spends a script: by rebuilding every script of every key, never by what a file says. An uncompressed key
 * has no segwit script, so none is ever found for it.
 */
export function ownSingleKeys(keys: readonly ReviewSingleKey[]): (scriptPubKey: Uint8Array) => OwnSingleKey | null {
  const byScript = new Map<string, OwnSingleKey>();
  for (const key of keys) {
    for (const output of key.onlyOutput === undefined ? singleKeyOutputs(key.publicKey) : [key.onlyOutput]) byScript.set(toHex(output.scriptPubKey), { key, output });
  }
  return (scriptPubKey) => (byScript.size === 0 ? null : (byScript.get(toHex(scriptPubKey)) ?? null));
}
