import { unfitParameters } from '../malformed-secret.ts';
import { malformedShare, mismatch, tooFew } from '../malformed-share.ts';
import { takeRandom, type RandomSource } from '../random-source.ts';
import { codeForLength, residueOf, withChecksum } from './checksum.ts';
import { inverse32, multiply32 } from './field32.ts';

/** bech32's characters, each at its value. */
export const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
/** Share indices in the order in which they are given out: the alphabet's letters, then its digits, without `s`. */
const INDICES = 'acdefghjklmnpqrtuvwxyz023456789';
const SECRET_INDEX = 's';
/** Threshold, identifier and share index. */
const HEADER = 6;
const LEAST_LENGTH = 48;
const MOST_LENGTH = 127;

/** The part of a string that a mistake is in. */
export type Codex32Part = 'prefix' | 'threshold' | 'identifier' | 'index' | 'payload' | 'checksum';

/** A codex32 string that passed its checksum: a share, or the unshared secret. */
export interface Codex32 {
  /** `0` for a secret that was never split. */
  readonly threshold: number;
  /** Four characters of bech32's alphabet. */
  readonly identifier: string;
  /** `s` for the secret itself. */
  readonly index: string;
  /** Five bits each. A secret. */
  readonly payload: readonly number[];
}

/** Whether a text claims to be a codex32 string. */
export const looksLikeCodex32 = (text: string): boolean => /^ms1/i.test(text.trim());

/** In which part of a string a character stands. @param position from 0 in the whole text @param length of the whole text */
export function partAt(position: number, length: number): Codex32Part {
  if (position < 3) return 'prefix';
  if (position === 3) return 'threshold';
  if (position < 8) return 'identifier';
  if (position === 8) return 'index';
  return position < length - (codeForLength(length - 3)?.length ?? 13) ? 'payload' : 'checksum';
}

/**
 * A codex32 string, of which the checksum is verified and nothing corrected.
 * @throws StrongroomError `share.malformed`, which names the part and positions and never a character
 * @see BIP93
 */
export function parseCodex32(text: string): Codex32 {
  const given = text.trim();
  const lower = given.toLowerCase();
  if (given !== lower && given !== given.toUpperCase()) throw malformedShare('codex32', 'it mixes capital and small letters');
  if (!lower.startsWith('ms1')) throw malformedShare('codex32', 'it does not begin with MS1', { part: 'prefix' });
  const code = codeForLength(lower.length - 3);
  if (lower.length < LEAST_LENGTH || lower.length > MOST_LENGTH || code === null) throw malformedShare('codex32', 'it has a wrong number of characters', { given: lower.length });
  const values = [...lower.slice(3)].map((character) => ALPHABET.indexOf(character));
  const foreign = values.flatMap((value, index) => (value === -1 ? [index + 3] : []));
  if (foreign.length > 0) {
    throw malformedShare('codex32', 'characters are not of its alphabet', { positions: foreign.map((index) => index + 1).join(', '), part: partAt(foreign[0] as number, lower.length) });
  }
  const digit = lower.charAt(3);
  const index = lower.charAt(8);
  if (!/^[02-9]$/.test(digit)) throw malformedShare('codex32', 'its threshold is not a digit', { part: 'threshold' });
  if (digit === '0' && index !== SECRET_INDEX) throw malformedShare('codex32', 'its threshold is 0 and it is a share', { part: 'index' });
  if (residueOf(code, values) !== code.target) throw malformedShare('codex32', 'its checksum is wrong', { part: 'checksum' });
  const payload = values.slice(HEADER, -code.length);
  if ((payload.length * 5) % 8 > 4) throw malformedShare('codex32', 'its payload is no whole number of bytes', { part: 'payload' });
  return { threshold: Number(digit), identifier: lower.slice(4, 8), index, payload };
}

/** The text of a string, in capitals as people should write it. A secret. */
export function formatCodex32(codex: Codex32): string {
  const header = [...`${codex.threshold}${codex.identifier}${codex.index}`].map((character) => ALPHABET.indexOf(character));
  return `MS1${withChecksum([...header, ...codex.payload]).map((value) => ALPHABET[value]).join('').toUpperCase()}`;
}

/**
 * The BIP32 seed in an unshared secret: 16 to 64 bytes. A secret: wipe it after use.
 * @throws StrongroomError `share.too-few` for a share
 * @see BIP93, "Master seed format"
 */
export function seedOfCodex32(codex: Codex32): Uint8Array {
  if (codex.index !== SECRET_INDEX) throw tooFew('codex32', 1, codex.threshold);
  const seed = new Uint8Array(Math.floor((codex.payload.length * 5) / 8));
  let buffer = 0;
  let bits = 0;
  let filled = 0;
  for (const value of codex.payload) {
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      seed[filled] = buffer >>> bits;
      filled += 1;
      buffer &= (1 << bits) - 1;
    }
  }
  return seed;
}

/**
 * A seed as an unshared secret; the bits that fill up its last character are zero.
 * @param seed 16 to 64 bytes
 * @param identifier four characters of bech32's alphabet
 * @throws StrongroomError `secret.parameters`
 */
export function codex32OfSeed(seed: Uint8Array, identifier: string, threshold = 0): Codex32 {
  if (seed.length < 16 || seed.length > 64) throw unfitParameters('a codex32 seed has 16 to 64 bytes');
  const name = identifier.toLowerCase();
  if (name.length !== 4 || ![...name].every((character) => ALPHABET.includes(character))) throw unfitParameters('a codex32 identifier has four letters or digits, without 1, b, i and o');
  if (threshold !== 0 && !(Number.isInteger(threshold) && threshold >= 2 && threshold <= 9)) throw unfitParameters('a codex32 threshold is 2 to 9');
  const payload: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const byte of seed) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      payload.push(buffer >>> bits);
      buffer &= (1 << bits) - 1;
    }
  }
  if (bits > 0) payload.push(buffer << (5 - bits));
  return { threshold, identifier: name, index: SECRET_INDEX, payload };
}

/**
 * The unshared secret behind shares. Shares beyond the threshold must agree with the rest.
 * @throws StrongroomError `share.mismatch`, `share.too-few`
 * @see BIP93, "Recovering Secret"
 */
export const recoverCodex32 = (shares: readonly Codex32[]): Codex32 => deriveCodex32(shares, SECRET_INDEX);

/**
 * Another string of the set that the given ones are of: a further share, or the secret.
 * @throws StrongroomError `share.mismatch`, `share.too-few`
 * @see BIP93, "Generating Shares"
 */
export function deriveCodex32(shares: readonly Codex32[], index: string): Codex32 {
  const first = requireOneCodex32Set(shares);
  if (first.threshold === 0) throw mismatch('codex32', 'a secret that was never split has no shares');
  if (shares.length < first.threshold) throw tooFew('codex32', shares.length, first.threshold);
  const needed = shares.slice(0, first.threshold);
  for (const surplus of shares.slice(first.threshold)) {
    const expected = interpolateAt(needed, surplus.index);
    if (expected.some((value, place) => value !== surplus.payload[place])) throw mismatch('codex32', 'a share more than needed contradicts the rest');
  }
  return { ...first, index, payload: interpolateAt(needed, index) };
}

/** All of one set, each once. @returns the first of them @throws StrongroomError `share.mismatch`, `share.too-few` for none */
export function requireOneCodex32Set(shares: readonly Codex32[]): Codex32 {
  const [first] = shares;
  if (first === undefined) throw tooFew('codex32', 0, 2);
  for (const field of ['threshold', 'identifier'] as const) {
    if (shares.some((share) => share[field] !== first[field])) throw mismatch('codex32', `they differ in ${field}`, { field });
  }
  if (shares.some((share) => share.payload.length !== first.payload.length)) throw mismatch('codex32', 'they differ in length');
  if (new Set(shares.map((share) => share.index)).size !== shares.length) throw mismatch('codex32', 'a share was given twice');
  return first;
}

/**
 * Splits a seed into shares, any `threshold` of which lead back to it.
 * @param count up to 31
 * @param random for the first `threshold - 1` shares
 * @returns secrets
 * @throws StrongroomError `secret.parameters`
 * @see BIP93, "For an existing master seed"
 */
export function splitCodex32(seed: Uint8Array, { identifier, threshold, count }: { readonly identifier: string; readonly threshold: number; readonly count: number }, random: RandomSource): readonly Codex32[] {
  if (threshold === 0 || !Number.isInteger(count) || count < threshold || count > INDICES.length) throw unfitParameters('codex32 makes up to 31 shares, and no fewer than are needed');
  const secret = codex32OfSeed(seed, identifier, threshold);
  const free = [...INDICES.slice(0, threshold - 1)].map((index): Codex32 => ({ ...secret, index, payload: [...takeRandom(random, secret.payload.length)].map((byte) => byte & 31) }));
  const base = [...free, secret];
  return [...INDICES.slice(0, count)].map((index, place) => free[place] ?? deriveCodex32(base, index));
}

/** The payload at an index, by Lagrange's formula. */
function interpolateAt(points: readonly Codex32[], index: string): number[] {
  const x = ALPHABET.indexOf(index);
  const at = points.map((point) => ALPHABET.indexOf(point.index));
  const weights = at.map((own, place) => {
    const others = at.filter((_, other) => other !== place);
    const over = others.reduce((product, other) => multiply32(product, other ^ x), 1);
    return multiply32(over, inverse32(others.reduce((product, other) => multiply32(product, other ^ own), 1)));
  });
  const [first] = points as [Codex32, ...Codex32[]];
  return first.payload.map((_, place) => points.reduce((sum, point, which) => sum ^ multiply32(weights[which] as number, point.payload[place] as number), 0));
}
