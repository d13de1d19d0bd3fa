import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../domain/bytes.ts';
import { HARDENED, type DerivationPath } from '../domain/derivation-path.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { fingerprintOf, type ExtendedPublicKey } from '../wallet/extended-public-key.ts';
import { derivePrivatePath, masterKeyOf, neuter, publicKeyOf, wipeKey, type ExtendedPrivateKey } from './private-derivation.ts';

// "STR" as a number: a hardened branch of the key that no wallet standard uses, for secrets of Strongroom's own.
const OWN_SECRETS_PATH: DerivationPath = [HARDENED + 0x535452, HARDENED];

/**
 * A master key that can sign. Opaque: its secret is in a private field, which no serialisation, inspection or spread
 * reaches, and leaves it only as a loan that is wiped afterwards. `wipe()` ends it.
 */
export class SigningKey {
  readonly fingerprint: Fingerprint;
  readonly network: NetworkName;
  #master: ExtendedPrivateKey | null;

  private constructor(master: ExtendedPrivateKey, network: NetworkName) {
    this.#master = master;
    this.network = network;
    this.fingerprint = fingerprintOf(publicKeyOf(master));
  }

  /**
   * @param seed 16 to 64 bytes; the caller wipes it
   * @throws StrongroomError `path.malformed` for a seed without a master key
   */
  static fromSeed(seed: Uint8Array, network: NetworkName): SigningKey {
    return new SigningKey(masterKeyOf(seed), network);
  }

  /**
   * The public key at a path from the master, 33 bytes.
   * @throws StrongroomError `key.locked` after `wipe()`, `path.malformed`
   */
  publicKeyAt(path: DerivationPath): Uint8Array {
    return this.extendedPublicKeyAt(path).publicKey;
  }

  /** @throws StrongroomError `key.locked` after `wipe()`, `path.malformed` */
  extendedPublicKeyAt(path: DerivationPath): ExtendedPublicKey {
    return this.#useKeyAt(path, neuter);
  }

  /**
   * Lends the private key at a path; it is wiped when `use` returns, so `use` must not keep it and must not be asynchronous.
   * @throws StrongroomError `key.locked` after `wipe()`, `path.malformed`
   */
  usePrivateKeyAt<T>(path: DerivationPath, use: (privateKey: Uint8Array) => T): T {
    return this.#useKeyAt(path, (key) => use(key.privateKey));
  }

  /**
   * Lends a secret of 32 bytes that belongs to this key, its network and the purpose, and from which the key cannot be
   * found. Wiped when `use` returns.
   * @throws StrongroomError `key.locked` after `wipe()`
   */
  useOwnSecret<T>(purpose: string, use: (secret: Uint8Array) => T): T {
    return this.#useKeyAt(OWN_SECRETS_PATH, ({ privateKey }) => {
      const secret = hkdf(sha256, privateKey, utf8('strongroom own secret 1'), utf8(`${this.network}/${purpose}`), 32);
      try {
        return use(secret);
      } finally {
        secret.fill(0);
      }
    });
  }

  /** Overwrites the secret. Every later use fails with `key.locked`. */
  wipe(): void {
    if (this.#master !== null) wipeKey(this.#master);
    this.#master = null;
  }

  #useKeyAt<T>(path: DerivationPath, use: (key: ExtendedPrivateKey) => T): T {
    if (this.#master === null) {
      throw new StrongroomError('key.locked', `Key ${this.fingerprint} is locked.`, { fingerprint: this.fingerprint }, 'Unlock its key file again.');
    }
    const key = derivePrivatePath(this.#master, path);
    try {
      return use(key);
    } finally {
      wipeKey(key);
    }
  }
}
