import { utf8 as utf8Codec } from '@scure/base';
import { parseHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { KeyRealm } from '../../wallet/extended-public-key.ts';
import { readMnemonic, seedOfMnemonic, seedTextOf, splitWords, wordsOf, type Mnemonic } from '../mnemonic.ts';
import { masterKeyOf, type ExtendedPrivateKey } from '../private-derivation.ts';
import { decodeBase58check } from './base58-secret.ts';
import { looksLikeBip38, requireBip38 } from './bip38.ts';
import { looksLikeCodex32, parseCodex32, seedOfCodex32, type Codex32 } from './codex32/codex32.ts';
import { looksLikeExtendedKey, parseExtendedPrivateKey, type PlacedPrivateKey } from './extended-private-key.ts';
import { isMnemonicWordCount } from './mnemonic-coding.ts';
import { wordListOf } from './mnemonic-languages.ts';
import { parseCompactSeedQr, parseSeedQrDigits } from './seedqr.ts';
import { LEAST_SHARE_WORDS, parseSlip39Share, splitShareWords, type Slip39Share } from './slip39/share.ts';
import { slip39Words } from './slip39/words.ts';
import { wipe } from './wipe.ts';
import { looksLikeWif, parseWif, type SinglePrivateKey } from './wif.ts';

/**
 * What a person gave, recognised and checked. The first three kinds are whole master keys, which a key file can hold
 * (`masterKeyOfSecret`); the others need more: other shares, a passphrase, or are a single key to be swept.
 */
export type ParsedSecret =
  | { readonly kind: 'mnemonic'; readonly mnemonic: Mnemonic; readonly source: 'words' | 'seedqr' | 'compact-seedqr' }
  | { readonly kind: 'seed'; /** 16 to 64 bytes. A secret. */ readonly seed: Uint8Array; readonly source: 'codex32' | 'slip39' }
  | ({ readonly kind: 'extended-private-key' } & PlacedPrivateKey)
  | ({ readonly kind: 'private-key'; readonly realm: KeyRealm } & SinglePrivateKey)
  | { readonly kind: 'encrypted-private-key'; /** BIP38. */ readonly text: string }
  | { readonly kind: 'codex32-share'; readonly share: Codex32 }
  | { readonly kind: 'slip39-share'; readonly share: Slip39Share };

/**
 * Recognises a secret in a text that was typed or in the content of a QR code, and checks it:
 * a mnemonic in any language, a SeedQR's digits, a CompactSeedQR's 16 or 32 bytes (or those in hexadecimal), xprv and tprv
 * (with `[fingerprint/path]` before one that is no master), WIF, BIP38, a codex32 secret or share, a SLIP-39 share.
 * @param given bytes are a CompactSeedQR when there are 16 or 32 of them, otherwise UTF-8; nothing in them is wiped
 * @throws StrongroomError `secret.unknown`, `secret.malformed`, `share.malformed`, `mnemonic.malformed`,
 * `mnemonic.ambiguous`, `fingerprint.malformed`, `path.malformed`
 */
export function parseSecret(given: string | Uint8Array): ParsedSecret {
  if (typeof given !== 'string') return parseBytes(given);
  const text = given.trim();
  if (looksLikeCodex32(text)) return parseCodex32Secret(text);
  if (/^[0-9\s]{48,}$/.test(text)) return englishMnemonic(parseSeedQrDigits(text), 'seedqr');
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i.test(text)) return englishMnemonic(parseHex(text), 'compact-seedqr');
  if (/^(?:\[[^\]]*\])?[1-9A-HJ-NP-Za-km-z]+$/.test(text)) return parseBase58(text);
  const count = splitWords(text).length;
  // A SLIP-39 share has 20 words or 23 and more, a mnemonic never; a slip that changed the number is judged by the list.
  if (!isMnemonicWordCount(count) && count >= LEAST_SHARE_WORDS && isMostlySlip39(text)) return { kind: 'slip39-share', share: parseSlip39Share(text) };
  if (count > 1) return { kind: 'mnemonic', mnemonic: readMnemonic(text), source: 'words' };
  throw unknownSecret();
}

/**
 * The master key behind a secret. A secret: wipe it after use.
 * @param bip39Passphrase for a mnemonic; must be empty for the others, which know none
 * @throws StrongroomError `secret.not-a-master` for what is no master key alone; `secret.parameters` for a passphrase
 * that nothing would use; `path.malformed` where, once in 2^127, there is no master key
 */
export function masterKeyOfSecret(secret: ParsedSecret, bip39Passphrase: string): ExtendedPrivateKey {
  if (secret.kind === 'mnemonic') {
    const seed = seedOfMnemonic(seedTextOf(secret.mnemonic), bip39Passphrase);
    const master = masterKeyOf(seed);
    wipe(seed);
    return master;
  }
  // Silently dropped, it would lead to another wallet than the person believes to open.
  if (bip39Passphrase !== '') throw new StrongroomError('secret.parameters', 'Only a mnemonic has a BIP39 passphrase.', { reason: 'passphrase' }, 'Leave the BIP39 passphrase empty.');
  if (secret.kind === 'seed') return masterKeyOf(secret.seed);
  if (secret.kind === 'extended-private-key' && secret.key.depth === 0) {
    return { ...secret.key, chainCode: Uint8Array.from(secret.key.chainCode), privateKey: Uint8Array.from(secret.key.privateKey) };
  }
  throw new StrongroomError('secret.not-a-master', 'The secret alone is no master key.', { kind: secret.kind }, hints[secret.kind]);
}

const hints = {
  'extended-private-key': 'Give the master key (depth 0), or the mnemonic that it was made from.',
  'private-key': 'Sweep the single key instead.',
  'encrypted-private-key': 'Decrypt it with its passphrase and sweep the single key.',
  'codex32-share': 'Give as many shares as its threshold says.',
  'slip39-share': 'Give as many shares as their thresholds say.',
} as const;

function parseBytes(bytes: Uint8Array): ParsedSecret {
  if (bytes.length === 16) return englishMnemonic(parseCompactSeedQr(bytes), 'compact-seedqr');
  // 32 bytes of chance are never all hexadecimal digits: that is the text of 16 bytes.
  const text = decodeUtf8(bytes);
  if (bytes.length === 32 && !(text !== null && /^[0-9a-f]+$/i.test(text))) return englishMnemonic(parseCompactSeedQr(bytes), 'compact-seedqr');
  if (text === null) throw unknownSecret();
  return parseSecret(text);
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8Codec.encode(bytes);
  } catch {
    return null;
  }
}

function englishMnemonic(entropy: Uint8Array, source: 'seedqr' | 'compact-seedqr'): ParsedSecret {
  return { kind: 'mnemonic', mnemonic: { language: 'english', words: wordsOf(entropy, wordListOf('english')), entropy }, source };
}

function parseCodex32Secret(text: string): ParsedSecret {
  const codex = parseCodex32(text);
  return codex.index === 's' ? { kind: 'seed', seed: seedOfCodex32(codex), source: 'codex32' } : { kind: 'codex32-share', share: codex };
}

/** By size and version, which base58's checksum protects; by its first letters where that checksum is wrong. */
function parseBase58(text: string): ParsedSecret {
  const body = text.replace(/^\[[^\]]*\]/, '');
  const bytes = decodeBase58check(body);
  const looksLike = (decoded: (bytes: Uint8Array) => boolean, start: RegExp): boolean => (bytes === null ? start.test(body) : decoded(bytes));
  try {
    if (looksLike(looksLikeExtendedKey, /^(?:[xtyzuvYZUV](?:prv|pub)|[LMt]t(?:pv|ub)|dg(?:pv|ub))/)) return { kind: 'extended-private-key', ...parseExtendedPrivateKey(text) };
    if (looksLike(looksLikeBip38, /^6P/)) {
      requireBip38(text);
      return { kind: 'encrypted-private-key', text };
    }
    if (looksLike(looksLikeWif, /^(?:[5KL9cTQ6][1-9A-Za-z]{50,51})$/)) return { kind: 'private-key', ...parseWif(text) };
    throw unknownSecret();
  } finally {
    if (bytes !== null) wipe(bytes);
  }
}

const isMostlySlip39 = (text: string): boolean => {
  const words = splitShareWords(text);
  return words.filter((word) => slip39Words.includes(word)).length * 2 > words.length;
};

const unknownSecret = (): StrongroomError =>
  new StrongroomError('secret.unknown', 'This is no secret of a form that Strongroom knows.', {}, 'Give a mnemonic, a SeedQR, an xprv, a WIF or BIP38 key, or a codex32 or SLIP-39 share.');
