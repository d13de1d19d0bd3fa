import { utf8 } from '../../../domain/bytes.ts';
import { malformedShare } from '../malformed-share.ts';
import type { CipherSettings } from './master-cipher.ts';
import { slip39Words } from './words.ts';

/** One share, as its words hold it. */
export interface Slip39Share extends CipherSettings {
  /** From 0. */
  readonly groupIndex: number;
  /** How many groups are needed, and how many there are. */
  readonly groupThreshold: number;
  readonly groupCount: number;
  /** From 0, in its group. */
  readonly memberIndex: number;
  /** How many members of this group are needed. How many there are, no share knows. */
  readonly memberThreshold: number;
  /** 16 to 32 bytes or more, an even number. A secret. */
  readonly value: Uint8Array;
}

const CHECKSUM_WORDS = 3;
const HEADER_WORDS = 4;
/** Header, 16 bytes and checksum. */
export const LEAST_SHARE_WORDS = 20;
/** Header, 64 bytes and checksum: no seed is longer. */
const MOST_SHARE_WORDS = 59;

const GENERATOR = [0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120];

/** Reed-Solomon over GF(1024): finds any three wrong words. @see SLIP-39, "Checksum" */
function polymod(values: readonly number[]): number {
  let residue = 1;
  for (const value of values) {
    const top = residue >>> 20;
    residue = ((residue & 0xfffff) << 10) ^ value;
    for (const [bit, term] of GENERATOR.entries()) residue ^= (top >> bit) & 1 ? term : 0;
  }
  return residue;
}

const customization = (extendable: boolean): number[] => [...utf8(extendable ? 'shamir_extendable' : 'shamir')];
const isExtendable = (places: readonly number[]): boolean => (((places[1] as number) >> 4) & 1) === 1;
const checksumFits = (places: readonly number[]): boolean => polymod([...customization(isExtendable(places)), ...places]) === 1;

/** The words of a share's text: lower case, parted by blanks of any kind. Not checked. */
export const splitShareWords = (text: string): string[] => text.trim().toLowerCase().split(/\s+/);

/**
 * A share from its words.
 * @throws StrongroomError `share.malformed`, which names positions and never a word
 * @see SLIP-39, "Format of the share mnemonic"
 */
export function parseSlip39Share(text: string): Slip39Share {
  const words = splitShareWords(text);
  if (words.length < LEAST_SHARE_WORDS || words.length > MOST_SHARE_WORDS) throw malformedShare('slip39', 'it has a wrong number of words', { given: words.length });
  const places = words.map((word) => slip39Words.indexOf(word));
  const unknown = places.flatMap((place, index) => (place === -1 ? [index + 1] : []));
  if (unknown.length > 0) throw malformedShare('slip39', 'words are not of its list', { positions: unknown.join(', ') });
  if (!checksumFits(places)) throw malformedShare('slip39', 'its checksum is wrong');
  const [first, second, third, fourth] = places as [number, number, number, number];
  const header = (third << 10) | fourth;
  const share = {
    identifier: (first << 5) | (second >> 5),
    extendable: isExtendable(places),
    iterationExponent: second & 15,
    groupIndex: header >> 16,
    groupThreshold: ((header >> 12) & 15) + 1,
    groupCount: ((header >> 8) & 15) + 1,
    memberIndex: (header >> 4) & 15,
    memberThreshold: (header & 15) + 1,
  };
  if (share.groupThreshold > share.groupCount) throw malformedShare('slip39', 'it demands more groups than there are');
  return { ...share, value: bytesOf(places.slice(HEADER_WORDS, -CHECKSUM_WORDS)) };
}

/** The words of a share. A secret. */
export function formatSlip39Share(share: Slip39Share): string {
  const header = (share.groupIndex << 16) | ((share.groupThreshold - 1) << 12) | ((share.groupCount - 1) << 8) | (share.memberIndex << 4) | (share.memberThreshold - 1);
  const places = [
    share.identifier >> 5,
    ((share.identifier & 31) << 5) | (share.extendable ? 16 : 0) | share.iterationExponent,
    header >> 10,
    header & 1023,
    ...placesOf(share.value),
  ];
  const residue = polymod([...customization(share.extendable), ...places, 0, 0, 0]) ^ 1;
  return [...places, (residue >> 20) & 1023, (residue >> 10) & 1023, residue & 1023].map((place) => slip39Words[place]).join(' ');
}

/**
 * For a share whose words all exist, or of which one cannot be read, and whose checksum is wrong: the one word that would
 * right it, if one does. Three wrong words never pass, so that one wrong word has one repair.
 * SECURITY: a suggestion, never taken without a person's word.
 * @returns position from 1 and the word, a secret; `null` when more than one word is wrong
 */
export function repairSlip39Word(text: string): { readonly position: number; readonly word: string } | null {
  const words = splitShareWords(text);
  const places = words.map((word) => slip39Words.indexOf(word));
  const unknown = places.flatMap((place, index) => (place === -1 ? [index] : []));
  if (words.length < LEAST_SHARE_WORDS || words.length > MOST_SHARE_WORDS || unknown.length > 1) return null;
  for (const index of unknown.length === 1 ? unknown : places.keys()) {
    for (const [place, word] of slip39Words.entries()) {
      if (place !== places[index] && checksumFits(places.with(index, place))) return { position: index + 1, word };
    }
  }
  return null;
}

/** The value's bytes: the words' bits, without the zeros in front that fill up the first word. */
function bytesOf(places: readonly number[]): Uint8Array {
  const padding = (places.length * 10) % 16;
  if (padding > 8) throw malformedShare('slip39', 'it has a wrong number of words', { given: places.length + HEADER_WORDS + CHECKSUM_WORDS });
  if ((places[0] as number) >> (10 - padding) !== 0) throw malformedShare('slip39', 'its padding is not zero');
  const bytes = new Uint8Array((places.length * 10 - padding) / 8);
  let buffer = 0;
  let bits = -padding;
  let filled = 0;
  for (const place of places) {
    buffer = (buffer << 10) | place;
    bits += 10;
    while (bits >= 8) {
      bits -= 8;
      bytes[filled] = buffer >>> bits;
      filled += 1;
      buffer &= (1 << bits) - 1;
    }
  }
  return bytes;
}

function placesOf(value: Uint8Array): number[] {
  const words = Math.ceil((value.length * 8) / 10);
  const places: number[] = [];
  let buffer = 0;
  let bits = words * 10 - value.length * 8;
  for (const byte of value) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    if (bits >= 10) {
      bits -= 10;
      places.push(buffer >>> bits);
      buffer &= (1 << bits) - 1;
    }
  }
  return places;
}
