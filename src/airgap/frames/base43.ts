import { BASE43_ALPHABET } from './base43-pairs.ts';
import { doesNotFit, malformedFrame } from './frame-errors.ts';
import { MAX_BASE43_CHARACTERS } from './limits.ts';

/*
 * Electrum's Base43: the bytes as one large number in 43 digits, leading zero bytes as leading zeros. Reading takes the square
 * of the length, so one code is the most that is read.
 */

/** Digits are taken together while a group of them fits what is multiplied exactly: 43^5 < 2^28. */
const GROUP = 5;
const BASE = 43;
/** 43^9 < 2^53. */
const HEAD_DIGITS = 9;

export const looksLikeBase43 = (text: string): boolean => text.length <= MAX_BASE43_CHARACTERS && /^[0-9A-Z$*+\-./:]+$/.test(text);

/**
 * Leading byte of what a text stands for and, as a fraction, what follows it: 112.45 for `70 73…`. Found from the first digits and the
 * length alone, so that the whole number is computed only where it can be something.
 */
export function leadingByteOf(text: string): number {
  let head = 0;
  for (const character of text.slice(0, HEAD_DIGITS)) head = head * BASE + BASE43_ALPHABET.indexOf(character);
  const bits = Math.log2(head) + (text.length - Math.min(HEAD_DIGITS, text.length)) * Math.log2(BASE);
  return 2 ** (bits % 8);
}

/** @throws StrongroomError `frames.too-large` when it does not fit one code */
export function encodeBase43(bytes: Uint8Array, maxCharacters = MAX_BASE43_CHARACTERS): string {
  const zeros = bytes.findIndex((byte) => byte !== 0) < 0 ? bytes.length : bytes.findIndex((byte) => byte !== 0);
  // 5.43 bits a digit: what cannot fit is refused before it is computed.
  if (bytes.length * 8 > (Math.min(maxCharacters, MAX_BASE43_CHARACTERS) + 1) * Math.log2(BASE) + zeros * 8) throw doesNotFit(bytes.length, 'base43');
  const groups: number[] = [];
  const base = BASE ** GROUP;
  for (const byte of bytes.subarray(zeros)) {
    let carry = byte;
    for (let index = 0; index < groups.length; index += 1) {
      const value = (groups[index] as number) * 256 + carry;
      groups[index] = value % base;
      carry = Math.floor(value / base);
    }
    if (carry > 0) groups.push(carry);
  }
  const digits: string[] = [];
  for (const group of groups) {
    let rest = group;
    for (let index = 0; index < GROUP; index += 1) {
      digits.push(BASE43_ALPHABET.charAt(rest % BASE));
      rest = Math.floor(rest / BASE);
    }
  }
  while (digits.at(-1) === '0') digits.pop();
  const text = '0'.repeat(zeros) + digits.reverse().join('');
  if (text.length > maxCharacters) throw doesNotFit(bytes.length, 'base43');
  return text;
}

/** @throws StrongroomError `frames.malformed` for other characters or more than one code holds */
export function decodeBase43(text: string): Uint8Array {
  if (!looksLikeBase43(text)) throw malformedFrame('it is no Base43 of one code');
  const start = /[^0]/.exec(text)?.index ?? text.length;
  const limbs: number[] = [];
  const limb = 2 ** 24;
  for (let at = start; at < text.length; at += GROUP) {
    const group = text.slice(at, at + GROUP);
    let carry = 0;
    for (const character of group) carry = carry * BASE + BASE43_ALPHABET.indexOf(character);
    const factor = BASE ** group.length;
    for (let index = 0; index < limbs.length; index += 1) {
      const value = (limbs[index] as number) * factor + carry;
      limbs[index] = value % limb;
      carry = Math.floor(value / limb);
    }
    for (; carry > 0; carry = Math.floor(carry / limb)) limbs.push(carry % limb);
  }
  const bytes = limbs.flatMap((value) => [value & 0xff, (value >>> 8) & 0xff, value >>> 16]);
  while (bytes.at(-1) === 0) bytes.pop();
  return Uint8Array.from([...new Array<number>(start).fill(0), ...bytes.reverse()]);
}
