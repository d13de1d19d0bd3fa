import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check, utf8 as utf8Codec } from '@scure/base';
import { utf8 } from '../domain/bytes.ts';

/**
 * What private keys look like, told without any word list: the Companion has none, so that nothing in it could make use of a
 * mnemonic. What has no look of its own cannot be told: raw hexadecimal or binary keys (they look like transaction ids), brain wallets,
 * Chinese words written without spaces, and pictures. docs/node-care.md says so too.
 */
export type SecretShape =
  | 'extended-key' | 'wif' | 'bip38' | 'mini-key' | 'mnemonic' | 'seedqr' | 'codex32' | 'age-identity' | 'key-file' | 'wallet-database' | 'wallet-dump' | 'pem-key' | 'secret-code';

const base58check = createBase58check(sha256);
const B58 = '1-9A-HJ-NP-Za-km-z';
const alone = (pattern: string, flags = 'g'): RegExp => new RegExp(`(?<![${B58}])${pattern}(?![${B58}])`, flags);

/** Bitcoin's prefixes (BIP32, SLIP-132) and those of Litecoin and Dogecoin. */
const extendedKey = new RegExp(`(^|[^${B58}])([xyztuvYZUV]prv|[LM]tpv|ttpv|dgpv|tgpv)[${B58}]{20,}`);
/** Any key of 32 bytes with one byte before it: which chain's is told by that byte, and whether it is one by the checksum. */
const wifLength = alone(`[${B58}]{51,52}`);
/** Bitcoin, its test networks, Litecoin, Dogecoin and its test network. */
const wifVersions: ReadonlySet<number> = new Set([0x80, 0xef, 0xb0, 0x9e, 0xf1]);
/** With a letter misread it is as much of a secret. Only in short texts: long ones may hold such a run by chance. */
const wifLook = alone(`(?![1-9a-f]{51})(5[HJK][${B58}]{49}|[KLc][${B58}]{51}|9[${B58}]{50})`, '');
const bip38 = alone(`6P[${B58}]{56}`);
const miniKey = alone(`S[${B58}]{21,29}`);
/** BIP93: `ms`, a separator, a threshold, four letters, an index, data and a checksum; one case throughout. */
const codex32 = /(^|[^a-z0-9])ms1[02-9][02-9ac-hj-np-z]{44,}/i;
const ageIdentity = /AGE-SECRET-KEY-(PQ-)?1[02-9ac-hj-np-z]{20,}/i;
const ageFile = /^\s*(age-encryption\.org\/v1|-----BEGIN AGE ENCRYPTED FILE-----)/;
const pemKey = /-----BEGIN [A-Z ]*PRIVATE KEY/;
/** Bitcoin Core's `dumpwallet` and `bitcoin-wallet dump`. */
const dump = /^(BITCOIN_CORE_WALLET_DUMP,|# Wallet dump created by)/m;
/** Types of Blockchain Commons' registry that hold secrets. */
const secretCode = /(^|\s)ur:(crypto-)?(seed|bip39|sskr|eckey)\//i;
/** Four digits a word, 12 to 24 words. */
const seedQr = /(?<![0-9A-Za-z])([0-9]{48}|[0-9]{60}|[0-9]{72}|[0-9]{84}|[0-9]{96})(?![0-9A-Za-z])/g;

/** Lines beyond this are histories and transactions; runs of letters in them look like anything by chance. */
const MAX_JUDGED_CHARACTERS = 1_000;
/** Longer lists are no mnemonic of any scheme; the longest is a SLIP-39 share of 59 words. */
const MAX_WORDS = 60;
const LEAST_WORDS = 12;

const latinWord = /^\p{Script=Latin}{3,8}$/u;
const shortScriptWord = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{1,8}$/u;

/** Words of a text; numbers of one or two digits before them (`1. abandon`) are dropped, and so is what stands between. */
const wordsOf = (text: string): readonly string[] => text.normalize('NFKC').split(/[\s\p{P}\p{S}]+/u).filter((word) => word !== '' && !/^[0-9]{1,2}$/.test(word));

/** Whether the longest run of words of a mnemonic's length is as long as the shortest mnemonic. */
function hasRunOfWords(text: string): boolean {
  let latin = 0;
  let short = 0;
  for (const word of wordsOf(text)) {
    latin = latinWord.test(word) ? latin + 1 : 0;
    short = shortScriptWord.test(word) ? short + 1 : 0;
    if (latin >= LEAST_WORDS || short >= LEAST_WORDS) return true;
  }
  return false;
}

/** Whether a text is nothing but such words. */
function isListOfWords(text: string): boolean {
  const words = wordsOf(text);
  return words.length >= LEAST_WORDS && words.length <= MAX_WORDS && (words.every((word) => latinWord.test(word)) || words.every((word) => shortScriptWord.test(word)));
}

function decodes(text: string, isOne: (data: Uint8Array) => boolean): boolean {
  try {
    const data = base58check.decode(text);
    const found = isOne(data);
    data.fill(0);
    return found;
  } catch {
    return false;
  }
}

/** How much a text may look like a mnemonic by chance: `prose` is written by people for people, and only whole lines count there. */
export type Judging = 'anything' | 'prose';

/**
 * The kind of private key that a text holds, or `null`. Errs to the side of finding one.
 * @param text of any length
 */
export function secretShapeOf(text: string, judging: Judging = 'anything'): SecretShape | null {
  const certain = certainShapeOf(text);
  if (certain !== null) return certain;
  const json = parseJson(text);
  if (json !== undefined) return shapeInJson(json, judging);
  if (text.length <= 4_000 && isListOfWords(text)) return 'mnemonic';
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.length === 0 || line.length > MAX_JUDGED_CHARACTERS) continue;
    if (wifLook.test(line)) return 'wif';
    if (judging === 'anything' ? hasRunOfWords(line) : isListOfWords(line)) return 'mnemonic';
  }
  return null;
}

/** What is a secret by its checksum or its prefix, wherever it stands. */
function certainShapeOf(text: string): SecretShape | null {
  if (extendedKey.test(text)) return 'extended-key';
  for (const [found] of text.matchAll(wifLength)) if (decodes(found, (data) => (data.length === 33 || data.length === 34) && wifVersions.has(data[0] as number))) return 'wif';
  for (const [found] of text.matchAll(bip38)) if (text.length <= MAX_JUDGED_CHARACTERS || decodes(found, (data) => data.length === 39)) return 'bip38';
  for (const [found] of text.matchAll(miniKey)) if ([22, 26, 30].includes(found.length) && sha256(utf8(`${found}?`))[0] === 0) return 'mini-key';
  for (const [found] of text.matchAll(seedQr)) if ((found.match(/.{4}/g) ?? []).every((word) => Number(word) < 2048)) return 'seedqr';
  if (codex32.test(text)) return 'codex32';
  if (ageIdentity.test(text)) return 'age-identity';
  if (ageFile.test(text)) return 'key-file';
  if (pemKey.test(text)) return 'pem-key';
  if (dump.test(text)) return 'wallet-dump';
  if (secretCode.test(text)) return 'secret-code';
  return null;
}

function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Texts, names, and lists of texts: words may stand one in each. */
function shapeInJson(value: unknown, judging: Judging): SecretShape | null {
  // Not by recursion: a file may be nested deeper than the stack.
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') {
      const found = next.length <= MAX_JUDGED_CHARACTERS ? secretShapeOf(/^\s*[[{]/.test(next) ? ` ${next.trim().slice(1)}` : next, judging) : null;
      if (found !== null) return found;
    }
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next) && next.length <= MAX_WORDS && next.every((word) => typeof word === 'string') && isListOfWords(next.join(' '))) return 'mnemonic';
    for (const member of Object.values(next)) if (member !== undefined && member !== null) open.push(member);
  }
  return null;
}

const sqlite = utf8('SQLite format 3\0');
/** Berkeley DB's, at byte 12, in either order: wallet.dat of older nodes. */
const berkeley = [[0x62, 0x31, 0x05, 0x00], [0x00, 0x05, 0x31, 0x62]] as const;

/**
 * The kind of private key that a file's bytes hold, or `null`: by the beginnings of wallet databases, and as a text where they are one.
 * @param bytes of any length; more than a mebibyte is judged by its beginning only
 */
export function secretShapeOfBytes(bytes: Uint8Array, judging: Judging = 'anything'): SecretShape | null {
  const startsWith = (mark: ArrayLike<number>, at: number): boolean => Array.from(mark).every((byte, index) => bytes[at + index] === byte);
  if (startsWith(sqlite, 0) || berkeley.some((mark) => startsWith(mark, 12))) return 'wallet-database';
  if (bytes.length > 1_048_576) return null;
  const text = asText(bytes);
  return text === null ? null : secretShapeOf(text, judging);
}

/** UTF-8 or, with its mark, UTF-16 as Windows writes it; `null` for what is no text. */
function asText(bytes: Uint8Array): string | null {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    const high = bytes[0] === 0xff ? 1 : 0;
    const units = Array.from({ length: (bytes.length - 2) >> 1 }, (_, index) => ((bytes[2 + 2 * index + high] as number) << 8) | (bytes[2 + 2 * index + 1 - high] as number));
    // In pieces: a function takes only so many arguments.
    let text = '';
    for (let start = 0; start < units.length; start += 4096) text += String.fromCharCode(...units.slice(start, start + 4096));
    return text;
  }
  try {
    const text = utf8Codec.encode(bytes);
    return /[\0\ufffd]/.test(text) ? null : text;
  } catch {
    return null;
  }
}
