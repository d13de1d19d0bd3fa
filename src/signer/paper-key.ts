import { pointFromScalar } from 'tiny-secp256k1';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { chainParameters, type NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { singleKeyOutputs, type SingleKeyOutput } from '../psbt/single-key-scripts.ts';
import { addressOfScript } from '../wallet/address.ts';
import { fingerprintOf } from '../wallet/extended-public-key.ts';
import { keyPathTweak } from '../wallet/taproot.ts';
import type { SingleKeyScript } from '../domain/wallet-script.ts';
import { useKeyPathPrivateKey } from './key-path-private-key.ts';
import { decodeBase58check } from './secrets/base58-secret.ts';
import { decryptBip38, looksLikeBip38 } from './secrets/bip38.ts';
import type { SlowHashes } from './secrets/slow-hashes.ts';
import { looksLikeWif, parseWif, requireSingleKeyRealm, type SinglePrivateKey } from './secrets/wif.ts';
import { wipe } from './secrets/wipe.ts';

/** How a paper wallet's key was written down. */
export type PaperKeyForm = 'wif' | 'bip38';

/**
 * A paper wallet's key that can sign. Opaque: its secret is in a private field, which no serialisation, inspection or spread
 * reaches, and leaves it only as a loan that is wiped afterwards. `wipe()` ends it.
 */
export class PaperKey {
  readonly network: NetworkName;
  readonly form: PaperKeyForm;
  /** 33 bytes, or 65 where the paper says that the key is used uncompressed. */
  readonly publicKey: Uint8Array;
  readonly fingerprint: Fingerprint;
  /** Everything that it can spend from. */
  readonly outputs: readonly SingleKeyOutput[];
  #privateKey: Uint8Array | null;

  /** @param key copied, so the caller wipes its own */
  constructor(key: SinglePrivateKey, network: NetworkName, form: PaperKeyForm) {
    this.network = network;
    this.form = form;
    this.publicKey = pointFromScalar(key.privateKey, key.compressed) as Uint8Array;
    this.fingerprint = fingerprintOf(this.publicKey);
    this.outputs = singleKeyOutputs(this.publicKey).filter(({ script }) => chainParameters(network).scripts.includes(script));
    this.#privateKey = Uint8Array.from(key.privateKey);
  }

  get compressed(): boolean {
    return this.publicKey.length === 33;
  }

  /** The addresses that it can spend from, by script. */
  addresses(): readonly { readonly script: SingleKeyScript; readonly address: string }[] {
    return this.outputs.map(({ script, scriptPubKey }) => ({ script, address: addressOfScript(scriptPubKey, this.network) as string }));
  }

  /**
   * Lends the private key that spends one of its outputs, of taproot the tweaked one; it is wiped when `use` returns, so `use`
   * must not keep it and must not be asynchronous.
   * @throws StrongroomError `key.locked` after `wipe()`
   */
  usePrivateKeyFor<T>({ script, signingKey }: SingleKeyOutput, use: (privateKey: Uint8Array) => T): T {
    if (this.#privateKey === null) {
      throw new StrongroomError('key.locked', `Paper key ${this.fingerprint} is locked.`, { fingerprint: this.fingerprint }, 'Scan or type the paper again.');
    }
    const copy = Uint8Array.from(this.#privateKey);
    try {
      return script === 'p2tr' ? useKeyPathPrivateKey(copy, keyPathTweak(this.publicKey.subarray(1)), signingKey, use) : use(copy);
    } finally {
      wipe(copy);
    }
  }

  /** Overwrites the secret. Every later use fails with `key.locked`. */
  wipe(): void {
    if (this.#privateKey !== null) wipe(this.#privateKey);
    this.#privateKey = null;
  }
}

/** A WIF has 51 or 52 characters, BIP38 58; papers show them in groups. */
const SINGLE_KEY_TEXT = /^[1-9A-HJ-NP-Za-km-z]{50,58}$/;

/**
 * Opens a paper wallet's key, in WIF or BIP38. Takes a second where it is encrypted.
 * @param text as typed or scanned, in groups or not
 * @param passphrase BIP38's; a WIF has none, and nothing is made of one that stands beside it
 * @throws StrongroomError `secret.not-a-single-key` for any other secret; `secret.malformed`, `secret.passphrase-wrong`,
 * `key.network`
 */
export async function openPaperKey(text: string, passphrase: string, network: NetworkName, slow: SlowHashes): Promise<PaperKey> {
  const compact = text.replace(/\s+/g, '');
  const bytes = decodeBase58check(compact);
  const isEncrypted = bytes === null ? compact.startsWith('6P') : looksLikeBip38(bytes);
  const isSingleKey = SINGLE_KEY_TEXT.test(compact) && (bytes === null || isEncrypted || looksLikeWif(bytes));
  if (bytes !== null) wipe(bytes);
  if (!isSingleKey) {
    throw new StrongroomError('secret.not-a-single-key', 'This is not a single private key.', {}, 'Give the key of a paper wallet: WIF, or BIP38 (it begins with 6P). A mnemonic, share or extended key is restored as a key file instead.');
  }
  const key = isEncrypted ? await decryptBip38(compact, passphrase, slow) : parseWif(compact);
  try {
    requireSingleKeyRealm(key.realm, network);
    return new PaperKey(key, network, isEncrypted ? 'bip38' : 'wif');
  } finally {
    wipe(key.privateKey);
  }
}
