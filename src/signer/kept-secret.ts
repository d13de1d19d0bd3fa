import { parseHex, toHex } from '../domain/bytes.ts';
import { takesKeysOf, type NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { readMnemonic, seedOfMnemonic, seedTextOf, wordsOf } from './mnemonic.ts';
import { masterKeyOf, wipeKey, type ExtendedPrivateKey } from './private-derivation.ts';
import { formatExtendedPrivateKey, parseExtendedPrivateKey } from './secrets/extended-private-key.ts';
import { wordListOf, type MnemonicLanguage } from './secrets/mnemonic-languages.ts';
import { wipe } from './secrets/wipe.ts';

/** What a key file keeps, in the form in which it can be written down again. A secret: wipe it after use. */
export type KeptSecret =
  | {
      readonly kind: 'mnemonic';
      readonly language: MnemonicLanguage;
      /** 16, 20, 24, 28 or 32 bytes. */
      readonly entropy: Uint8Array;
      /** NFKD. The empty text is none. */
      readonly bip39Passphrase: string;
    }
  /** A BIP32 seed that came as shares, which no mnemonic leads to. 16 to 64 bytes. */
  | { readonly kind: 'seed'; readonly seed: Uint8Array; readonly from: 'codex32' | 'slip39' }
  /** Depth 0. */
  | { readonly kind: 'master-key'; readonly key: ExtendedPrivateKey };

/** A kept secret as text, as it stands in a key file's JSON. */
export type WrittenSecret =
  | { readonly kind: 'mnemonic'; readonly language: MnemonicLanguage; readonly words: string; readonly bip39Passphrase: string }
  | { readonly kind: 'seed'; readonly hex: string; readonly from: 'codex32' | 'slip39' }
  | { readonly kind: 'master-key'; readonly xprv: string };

/** The master key behind a kept secret. A secret of its own: wipe it after use. @throws StrongroomError `path.malformed`, once in 2^127 */
export function masterKeyOfKept(secret: KeptSecret): ExtendedPrivateKey {
  if (secret.kind === 'master-key') return { ...secret.key, chainCode: Uint8Array.from(secret.key.chainCode), privateKey: Uint8Array.from(secret.key.privateKey) };
  const seed = seedOfKept(secret);
  try {
    return masterKeyOf(seed);
  } finally {
    wipe(seed);
  }
}

/** The BIP32 seed behind a kept secret; a master key has none that could be found. A secret: wipe it after use. */
export function seedOfKept(secret: Exclude<KeptSecret, { kind: 'master-key' }>): Uint8Array {
  if (secret.kind === 'seed') return Uint8Array.from(secret.seed);
  return seedOfMnemonic(seedTextOf({ words: wordsOf(secret.entropy, wordListOf(secret.language)) }), secret.bip39Passphrase);
}

/**
 * The words as people read them (NFC), for writing down.
 * @throws StrongroomError `key.no-mnemonic`
 */
export function shownWords(secret: KeptSecret): readonly string[] {
  if (secret.kind === 'mnemonic') return wordsOf(secret.entropy, wordListOf(secret.language)).map((word) => word.normalize('NFC'));
  const kept = secret.kind === 'seed' ? 'a seed that came as shares' : 'a master key (xprv)';
  throw new StrongroomError('key.no-mnemonic', `The key file keeps ${kept}, which no words lead to.`, { secret: secret.kind }, 'Back it up as shares, or as copies of the key file.');
}

/** As it stands in a key file's JSON. A secret. */
export function writeSecret(secret: KeptSecret, network: NetworkName): WrittenSecret {
  switch (secret.kind) {
    case 'mnemonic':
      return { kind: 'mnemonic', language: secret.language, words: seedTextOf({ words: wordsOf(secret.entropy, wordListOf(secret.language)) }), bip39Passphrase: secret.bip39Passphrase };
    case 'seed':
      return { kind: 'seed', hex: toHex(secret.seed), from: secret.from };
    case 'master-key':
      return { kind: 'master-key', xprv: formatExtendedPrivateKey(secret.key, network) };
  }
}

/** @returns `null` for what no secret is written like, or is of another network; which of it is wrong would tell something of it */
export function readSecret(written: WrittenSecret, network: NetworkName): KeptSecret | null {
  try {
    if (written.kind === 'mnemonic') {
      const { entropy } = readMnemonic(written.words, written.language);
      return { kind: 'mnemonic', language: written.language, entropy, bip39Passphrase: written.bip39Passphrase };
    }
    if (written.kind === 'seed') return { kind: 'seed', seed: parseHex(written.hex), from: written.from };
    const { key, realm } = parseExtendedPrivateKey(written.xprv);
    return key.depth === 0 && takesKeysOf(network, realm) ? { kind: 'master-key', key } : null;
  } catch {
    return null;
  }
}

export function wipeSecret(secret: KeptSecret): void {
  if (secret.kind === 'mnemonic') wipe(secret.entropy);
  else if (secret.kind === 'seed') wipe(secret.seed);
  else wipeKey(secret.key);
}
