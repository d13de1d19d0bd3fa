import * as nodeCrypto from 'node:crypto';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { base64nopad } from '@scure/base';
import { Stanza, type Identity, type Recipient } from 'age-encryption';
import { concat, utf8 } from '../../domain/bytes.ts';

/**
 * age's passphrase recipient with the runtime's own scrypt: a second of work away from the main thread, where the package's own would
 * hold up the window for several. The Signer's has stricter bounds, since its files hold keys.
 * @see https://age-encryption.org/v1, "The scrypt recipient type"
 */

const SCRYPT_LABEL = utf8('age-encryption.org/v1/scrypt');
// Each key wraps one file key only, so the nonce is fixed.
const ZERO_NONCE = new Uint8Array(12);
const BLOCK_SIZE = 8;
/** Above, a planted file would take more memory than a machine may have: 1 KiB times 2^20. */
const MOST_WORK_FACTOR_LOG2 = 20;

export const passphraseRecipient = (passphrase: string, workFactorLog2: number): Recipient => ({
  async wrapFileKey(fileKey) {
    const salt = Uint8Array.from(nodeCrypto.randomBytes(16));
    const body = await withKey(passphrase, salt, workFactorLog2, (key) => chacha20poly1305(key, ZERO_NONCE).encrypt(fileKey));
    return [new Stanza(['scrypt', base64nopad.encode(salt), String(workFactorLog2)], body)];
  },
});

export const passphraseIdentity = (passphrase: string): Identity => ({
  async unwrapFileKey(stanzas) {
    const [stanza] = stanzas;
    // A passphrase stanza stands alone, or somebody else could open the file too.
    if (stanza === undefined || stanzas.length !== 1 || stanza.args[0] !== 'scrypt' || stanza.args.length !== 3) return null;
    const salt = base64nopad.decode(stanza.args[1] as string);
    const workFactor = stanza.args[2] as string;
    if (salt.length !== 16 || stanza.body.length !== 32 || !/^[1-9][0-9]?$/.test(workFactor) || Number(workFactor) > MOST_WORK_FACTOR_LOG2) return null;
    return withKey(passphrase, salt, Number(workFactor), (key) => chacha20poly1305(key, ZERO_NONCE).decrypt(stanza.body));
  },
});

/** Lends the key that scrypt makes of a passphrase; it is wiped afterwards. */
async function withKey<T>(passphrase: string, salt: Uint8Array, workFactorLog2: number, use: (key: Uint8Array) => T): Promise<T> {
  const secret = utf8(passphrase.normalize('NFC'));
  try {
    const key = await scrypt32(secret, concat(SCRYPT_LABEL, salt), 2 ** workFactorLog2);
    try {
      return use(key);
    } finally {
      key.fill(0);
    }
  } finally {
    secret.fill(0);
  }
}

function scrypt32(secret: Uint8Array, salt: Uint8Array, N: number): Promise<Uint8Array> {
  const maxmem = 128 * BLOCK_SIZE * (N + 33);
  // Electron's library may lack it.
  const native: typeof nodeCrypto.scrypt | undefined = nodeCrypto.scrypt;
  if (native === undefined) return scryptAsync(secret, salt, { N, r: BLOCK_SIZE, p: 1, dkLen: 32, maxmem });
  return new Promise((resolve, reject) => native(secret, salt, 32, { N, r: BLOCK_SIZE, p: 1, maxmem }, (fault, key) => {
    if (fault !== null) return reject(new RangeError('scrypt failed'));
    resolve(Uint8Array.from(key));
    key.fill(0);
  }));
}
