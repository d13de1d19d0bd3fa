import type { SigningKey } from '../../../signer/signing-key.ts';
import type { SignerAtWork } from './messages.ts';

/**
 * The key as the process gets it. The review needs it too: a file may claim a key at any path, and which public key belongs to a
 * hardened one only the private key tells.
 * @returns copies, which the desk wipes
 */
export function cosignerAtWork(key: SigningKey, registrations: string[]): Extract<SignerAtWork, { by: 'cosigner' }> {
  return {
    by: 'cosigner',
    network: key.network,
    privateKey: key.usePrivateKeyAt([], (privateKey) => Uint8Array.from(privateKey)),
    chainCode: Uint8Array.from(key.extendedPublicKeyAt([]).chainCode),
    registrations,
  };
}
