import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../domain/bytes.ts';
import { formatPath, HARDENED, type DerivationPath } from '../domain/derivation-path.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { fingerprintOf, type ExtendedPublicKey } from '../wallet/extended-public-key.ts';
import { derivePrivateChild, derivePrivatePath, masterKeyOf, neuter, publicKeyOf, wipeKey, type ExtendedPrivateKey } from './private-derivation.ts';

// "STR" as a number: a hardened branch of the key that no wallet standard uses, for secrets of Strongroom's own.
const OWN_SECRETS_PATH: DerivationPath = [HARDENED + 0x535452, HARDENED];
/** Branches (the parents of address keys) that are kept: both of a wallet, for two wallets in turn. */
const MOST_BRANCHES = 4;
/** Public keys that are kept: the review asks for that of each input of the largest transaction, and signing asks again. */
const MOST_PUBLIC_KEYS = 10_000;

/** The parent of address keys, with its public key, which each of them is derived from. */
interface Branch {
  readonly key: ExtendedPrivateKey;
  readonly publicKey: Uint8Array;
}

/**
 * A master key that can sign. Opaque: its secret is in a private field, which no serialisation, inspection or spread
 * reaches, and leaves it only as a loan that is wiped afterwards. `wipe()` ends it.
 */
export class SigningKey {
  readonly fingerprint: Fingerprint;
  readonly network: NetworkName;
  #master: ExtendedPrivateKey | null;
  /**
   * The parents of the keys that were used last, by path: a transaction asks for thousands of keys of one branch, and each
   * would cost the six steps from the master. Nothing that the master beside them does not give away; wiped with it.
   */
  readonly #branches = new Map<string, Branch>();
  readonly #publicKeys = new Map<string, Uint8Array>();

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

  /** @param master depth 0; copied, so the caller wipes its own */
  static fromMaster(master: ExtendedPrivateKey, network: NetworkName): SigningKey {
    return new SigningKey({ ...master, chainCode: Uint8Array.from(master.chainCode), privateKey: Uint8Array.from(master.privateKey) }, network);
  }

  /**
   * The public key at a path from the master, 33 bytes.
   * @throws StrongroomError `key.locked` after `wipe()`, `path.malformed`
   */
  publicKeyAt(path: DerivationPath): Uint8Array {
    const name = formatPath(path);
    const known = this.#publicKeys.get(name);
    if (known !== undefined) return known.slice();
    const publicKey = this.#useKeyAt(path, publicKeyOf);
    if (this.#publicKeys.size >= MOST_PUBLIC_KEYS) this.#publicKeys.clear();
    this.#publicKeys.set(name, publicKey);
    return publicKey.slice();
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
    for (const branch of this.#branches.values()) wipeKey(branch.key);
    this.#branches.clear();
    this.#publicKeys.clear();
  }

  #useKeyAt<T>(path: DerivationPath, use: (key: ExtendedPrivateKey) => T): T {
    if (this.#master === null) {
      throw new StrongroomError('key.locked', `Key ${this.fingerprint} is locked.`, { fingerprint: this.fingerprint }, 'Unlock its key file again.');
    }
    const last = path.at(-1);
    const branch = last === undefined ? null : this.#branchAt(this.#master, path.slice(0, -1));
    const key = branch === null || last === undefined ? derivePrivatePath(this.#master, path) : derivePrivateChild(branch.key, last, branch.publicKey);
    try {
      return use(key);
    } finally {
      wipeKey(key);
    }
  }

  #branchAt(master: ExtendedPrivateKey, path: DerivationPath): Branch {
    const name = formatPath(path);
    const kept = this.#branches.get(name);
    if (kept !== undefined) return kept;
    const key = derivePrivatePath(master, path);
    const branch: Branch = { key, publicKey: publicKeyOf(key) };
    const [oldest] = this.#branches;
    if (oldest !== undefined && this.#branches.size >= MOST_BRANCHES) {
      this.#branches.delete(oldest[0]);
      wipeKey(oldest[1].key);
    }
    this.#branches.set(name, branch);
    return branch;
  }
}
