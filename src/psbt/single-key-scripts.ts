import { singleKeyScript, type LockingScript } from '../wallet/locking-script.ts';
import type { SingleKeyScript } from '../domain/wallet-script.ts';

/** An output that one key spends, and everything that spending it takes but the private key. */
export interface SingleKeyOutput extends LockingScript {
  readonly script: SingleKeyScript;
  /** What its signature verifies with: the key itself (33 or 65 bytes), of taproot the output key (32 bytes). */
  readonly signingKey: Uint8Array;
}

export const isCompressedKey = (publicKey: Uint8Array): boolean => publicKey.length === 33;

/**
 * Every output that a key alone spends, in the form in which its public key is used. An uncompressed key has P2PKH only:
 * money sent to a segwit script of one could never be spent.
 * @param publicKey 33 or 65 bytes, on the curve
 * @see BIP143, "Restrictions on public key type"; BIP341: without a script tree; BIP86
 */
export function singleKeyOutputs(publicKey: Uint8Array): readonly SingleKeyOutput[] {
  return [...keyHashOutputs(publicKey), ...(isCompressedKey(publicKey) ? outputsOf(publicKey, ['p2tr']) : [])];
}

/** Those of them that are made of the key's hash: all but taproot, whose output key takes a multiplication on the curve. */
export function keyHashOutputs(publicKey: Uint8Array): readonly SingleKeyOutput[] {
  return outputsOf(publicKey, isCompressedKey(publicKey) ? ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh'] : ['p2pkh']);
}

function outputsOf(publicKey: Uint8Array, scripts: readonly SingleKeyScript[]): SingleKeyOutput[] {
  return scripts.flatMap((script) => {
    const output = singleKeyScript(script, publicKey);
    return output === null ? [] : [{ ...output, script, signingKey: output.taproot?.outputKey ?? publicKey }];
  });
}
