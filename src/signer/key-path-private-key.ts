import { pointFromScalar, privateAdd, privateNegate } from 'tiny-secp256k1';
import { equalBytes } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { wipe } from './secrets/wipe.ts';

/**
 * Lends the private key of a taproot output key; it is wiped when `use` returns.
 * @param privateKey of the internal key
 * @param tweak of the internal key, 32 bytes
 * @param outputKey what the result must be the key of, 32 bytes
 * @throws StrongroomError `sign.disagreement` when it is not
 * @see BIP341, `taproot_tweak_seckey`
 */
export function useKeyPathPrivateKey<T>(privateKey: Uint8Array, tweak: Uint8Array, outputKey: Uint8Array, use: (tweaked: Uint8Array) => T): T {
  const hasOddY = pointFromScalar(privateKey, true)?.[0] === 3;
  const even = hasOddY ? privateNegate(privateKey) : Uint8Array.from(privateKey);
  const tweaked = privateAdd(even, tweak);
  wipe(even);
  if (tweaked === null || !equalBytes((pointFromScalar(tweaked, true) as Uint8Array).subarray(1), outputKey)) {
    if (tweaked !== null) wipe(tweaked);
    throw new StrongroomError('sign.disagreement', 'The tweaked private key is not that of the taproot output. Nothing was signed.', {}, 'Do not use this installation. Install Strongroom again and compare its checksum.');
  }
  try {
    return use(tweaked);
  } finally {
    wipe(tweaked);
  }
}
