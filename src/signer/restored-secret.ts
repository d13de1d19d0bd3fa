import { unreachable } from '../domain/unreachable.ts';
import type { NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { RecordedSource } from './entropy/entropy-record.ts';
import type { KeptSecret } from './kept-secret.ts';
import { readMnemonic, splitWords, type Mnemonic } from './mnemonic.ts';
import { recoverCodex32, seedOfCodex32, looksLikeCodex32, parseCodex32 } from './secrets/codex32/codex32.ts';
import { malformedSecret } from './secrets/malformed-secret.ts';
import { mismatch } from './secrets/malformed-share.ts';
import type { MnemonicLanguage } from './secrets/mnemonic-languages.ts';
import { parseSecret, type ParsedSecret } from './secrets/parse-secret.ts';
import { joinSeedXor } from './secrets/seed-xor.ts';
import { LEAST_SHARE_WORDS, splitShareWords } from './secrets/slip39/share.ts';
import { recoverSlip39 } from './secrets/slip39/slip39.ts';
import type { SlowHashes } from './secrets/slow-hashes.ts';
import { requireRealm } from './secrets/wif.ts';
import { wipe } from './secrets/wipe.ts';

/** What people kept: one text, or several shares; a text may hold several shares, one a line. Secrets. */
export interface GivenSecret {
  readonly secrets: readonly string[];
  /** The list that the words are of, where it is known; it decides where words fit several. */
  readonly language: MnemonicLanguage | null;
  /** For a mnemonic; must be empty for everything else, which would not use it. */
  readonly bip39Passphrase: string;
  /** SLIP-39's own passphrase; must be empty for everything else. */
  readonly sharePassphrase: string;
  /** Several mnemonics are the parts of one (Seed XOR). Nothing in them tells, so it must be said. */
  readonly seedXor?: boolean;
}

/** A kept secret and the form that it came in, as key files and entropy records name it. */
export interface RestoredSecret {
  readonly secret: KeptSecret;
  readonly source: RecordedSource;
}

/**
 * What a key file keeps of a secret that exists already, in any form that leads to a master key: a mnemonic (as words, SeedQR
 * or CompactSeedQR in hexadecimal), Seed XOR parts of one, an xprv of depth 0, a codex32 secret or its shares, SLIP-39 shares.
 * A secret: wipe it after use (`wipeSecret`).
 * @param slow SLIP-39's decryption takes seconds without a runtime's own
 * @throws StrongroomError `key.secret-unsupported` for a single key, `secret.not-a-master` for an xprv below its master,
 * `key.network` for one of another network, `secret.parameters` for passphrases and texts that nothing would use; otherwise as
 * `parseSecret`, `recoverCodex32`, `recoverSlip39` and `joinSeedXor`
 */
export const restoreSecret = async (given: GivenSecret, network: NetworkName, slow: SlowHashes): Promise<KeptSecret> => (await restoreWithSource(given, network, slow)).secret;

/** As `restoreSecret`, with the form that the secret came in. */
export async function restoreWithSource(given: GivenSecret, network: NetworkName, slow: SlowHashes): Promise<RestoredSecret> {
  const texts = given.secrets.flatMap((text) => linesOrWhole(text, given.seedXor === true)).filter((text) => text.trim() !== '');
  if (given.seedXor === true) return restoreSeedXor(texts, given);
  const parsed = texts.map((text) => recognised(text, given.language));
  try {
    return await restoreParsed(texts, parsed, given, network, slow);
  } catch (fault) {
    wipe(...parsed.flatMap(bytesOf));
    throw fault;
  }
}

async function restoreParsed(texts: readonly string[], parsed: readonly ParsedSecret[], given: GivenSecret, network: NetworkName, slow: SlowHashes): Promise<RestoredSecret> {
  const [first, ...others] = parsed;
  if (first === undefined) throw new StrongroomError('secret.unknown', 'No secret was given.', {}, 'Give a mnemonic, a SeedQR, an xprv, or shares.');
  if (first.kind !== 'mnemonic') requireUnused('BIP39 passphrase', given.bip39Passphrase, 'Only a mnemonic has a BIP39 passphrase.');
  if (first.kind !== 'slip39-share') requireUnused('share passphrase', given.sharePassphrase, 'Only SLIP-39 shares have a passphrase of their own.');
  if (parsed.every(({ kind }) => kind === 'slip39-share')) {
    const seed = await recoverSlip39(texts, given.sharePassphrase, slow);
    wipe(...parsed.flatMap(bytesOf));
    return { secret: { kind: 'seed', seed, from: 'slip39' }, source: from('slip39', texts.length) };
  }
  if (parsed.every(({ kind }) => kind === 'codex32-share')) return restoreCodex32(texts);
  if (others.length > 0) throw notTogether(parsed);
  switch (first.kind) {
    case 'mnemonic':
      return { secret: keptMnemonic(first.mnemonic, given.bip39Passphrase), source: from(first.source === 'words' ? 'mnemonic' : first.source, 1) };
    case 'seed':
      return { secret: { kind: 'seed', seed: first.seed, from: first.source }, source: from(first.source, 1) };
    case 'extended-private-key':
      requireRealm(first.realm, network);
      if (first.key.depth !== 0) throw new StrongroomError('secret.not-a-master', 'The xprv stands below its master key.', { kind: first.kind, depth: first.key.depth }, 'Give the master key (depth 0), or the mnemonic that it was made from.');
      return { secret: { kind: 'master-key', key: first.key }, source: from('xprv', 1) };
    case 'private-key':
    case 'encrypted-private-key':
      throw singleKey(first.kind);
    case 'codex32-share':
    case 'slip39-share':
      throw notTogether(parsed);
    default:
      return unreachable(first);
  }
}

function restoreCodex32(texts: readonly string[]): RestoredSecret {
  const seed = seedOfCodex32(recoverCodex32(texts.map(parseCodex32)));
  return { secret: { kind: 'seed', seed, from: 'codex32' }, source: from('codex32', texts.length) };
}

/** @see secrets/seed-xor.ts */
function restoreSeedXor(texts: readonly string[], given: GivenSecret): RestoredSecret {
  requireUnused('share passphrase', given.sharePassphrase, 'Only SLIP-39 shares have a passphrase of their own.');
  const parts = texts.map((text) => {
    const part = recognised(text, given.language);
    if (part.kind === 'mnemonic') return part.mnemonic;
    wipe(...bytesOf(part));
    throw malformedSecret('seed-xor', 'a part is not a mnemonic');
  });
  try {
    const languages = new Set(parts.map(({ language }) => language));
    if (languages.size > 1) throw malformedSecret('seed-xor', 'its parts are in different languages', { languages: [...languages].join(', ') });
    const entropy = joinSeedXor(parts.map((part) => part.entropy));
    return { secret: { kind: 'mnemonic', language: (parts[0] as Mnemonic).language, entropy, bip39Passphrase: given.bip39Passphrase.normalize('NFKD') }, source: from('seed-xor', parts.length) };
  } finally {
    wipe(...parts.map((part) => part.entropy));
  }
}

const keptMnemonic = ({ language, entropy }: Mnemonic, bip39Passphrase: string): KeptSecret => ({ kind: 'mnemonic', language, entropy, bip39Passphrase: bip39Passphrase.normalize('NFKD') });

/** How much chance is behind a secret that came from elsewhere, nothing tells: it is recorded as none. */
const from = (source: string, count: number): RecordedSource => ({ source, count, bits: 0 });

/**
 * The shares of a text that has one a line; any other text whole, since a mnemonic may be written over several lines. Every
 * line must look like a share by itself: no mnemonic has a line of 20 words, or one that begins with MS1.
 */
function linesOrWhole(text: string, areParts: boolean): readonly string[] {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  if (lines.length < 2) return [text];
  const looksLikePart = (line: string): boolean => looksLikeCodex32(line) || splitShareWords(line).length >= LEAST_SHARE_WORDS || (areParts && splitWords(line).length >= 12);
  return lines.every(looksLikePart) ? lines : [text];
}

/** A secret, in the language that the person named where words are of several lists. */
function recognised(text: string, language: MnemonicLanguage | null): ParsedSecret {
  const found = parsedOrFault(text);
  if (language === null || (found instanceof StrongroomError ? !found.code.startsWith('mnemonic.') : found.kind !== 'mnemonic')) {
    if (found instanceof StrongroomError) throw found;
    return found;
  }
  if (!(found instanceof StrongroomError) && found.kind === 'mnemonic') {
    if (found.mnemonic.language === language) return found;
    wipe(found.mnemonic.entropy);
    // Silently read as English, it would lead to another wallet than the person believes to open.
    if (found.source !== 'words') throw new StrongroomError('secret.parameters', 'A SeedQR is of the English list.', { reason: 'language' }, 'Leave the language out, or state english.');
  }
  return { kind: 'mnemonic', mnemonic: readMnemonic(text, language), source: 'words' };
}

function parsedOrFault(text: string): ParsedSecret | StrongroomError {
  try {
    return parseSecret(text);
  } catch (fault) {
    if (fault instanceof StrongroomError) return fault;
    throw fault;
  }
}

/** A passphrase that nothing would use: silently dropped, it would lead to another wallet than the person believes to open. */
function requireUnused(what: string, passphrase: string, sentence: string): void {
  if (passphrase !== '') throw new StrongroomError('secret.parameters', sentence, { reason: 'passphrase' }, `Leave the ${what} empty.`);
}

/** Several texts that are not the shares of one standard. */
function notTogether(parsed: readonly ParsedSecret[]): StrongroomError {
  if (parsed.every(({ kind }) => kind === 'mnemonic')) {
    return new StrongroomError('secret.parameters', `${parsed.length} mnemonics were given.`, { reason: 'several' }, 'Give one mnemonic. Where they are the parts of one (Seed XOR), say so.');
  }
  const share = parsed.find(({ kind }) => kind === 'slip39-share') ?? parsed.find(({ kind }) => kind === 'codex32-share');
  if (share !== undefined) return mismatch(share.kind === 'slip39-share' ? 'slip39' : 'codex32', 'among them is something else than a share of this standard');
  return new StrongroomError('secret.parameters', 'Several secrets were given that are no shares.', { reason: 'several' }, 'Give one secret, or the shares of one.');
}

function singleKey(kind: 'private-key' | 'encrypted-private-key'): StrongroomError {
  const form = kind === 'private-key' ? 'a single private key (WIF)' : 'an encrypted single private key (BIP38)';
  return new StrongroomError('key.secret-unsupported', `This is ${form}. A key file keeps master keys only.`, { form }, 'It is one key and no wallet: sweep it.');
}

function bytesOf(secret: ParsedSecret): Uint8Array[] {
  switch (secret.kind) {
    case 'mnemonic':
      return [secret.mnemonic.entropy];
    case 'seed':
      return [secret.seed];
    case 'extended-private-key':
      return [secret.key.privateKey, secret.key.chainCode];
    case 'private-key':
      return [secret.privateKey];
    case 'slip39-share':
      return [secret.share.value];
    case 'codex32-share':
    case 'encrypted-private-key':
      return [];
    default:
      return unreachable(secret);
  }
}
