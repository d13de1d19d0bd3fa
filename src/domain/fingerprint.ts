import { StrongroomError } from '../errors/strongroom-error.ts';

/** Fingerprint of a master key: eight lower-case hex digits, the first four bytes of HASH160 of its public key (BIP32). */
export type Fingerprint = string & { readonly __brand: 'Fingerprint' };

/**
 * @throws StrongroomError `fingerprint.malformed`
 */
export function parseFingerprint(text: string): Fingerprint {
  if (!/^[0-9a-fA-F]{8}$/.test(text)) {
    throw new StrongroomError('fingerprint.malformed', 'A key fingerprint has eight hexadecimal digits.', {}, 'Copy it again from the key record.');
  }
  return text.toLowerCase() as Fingerprint;
}
