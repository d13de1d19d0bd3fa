import { sha256 } from '@noble/hashes/sha2.js';

/** Every length of a mnemonic that BIP39 knows. */
export const mnemonicWordCounts = [12, 15, 18, 21, 24] as const;
export type MnemonicWordCount = (typeof mnemonicWordCounts)[number];

export const isMnemonicWordCount = (count: number): count is MnemonicWordCount => (mnemonicWordCounts as readonly number[]).includes(count);

/** Bytes of entropy under so many words: of every 33 bits, 32 are entropy. */
export const entropyBytesOfWords = (words: MnemonicWordCount): number => (words / 3) * 4;

/**
 * The places (0 to 2047) in a word list of the words for some entropy.
 * @param entropy 16, 20, 24, 28 or 32 bytes
 * @throws RangeError for another length: a mistake of the caller
 * @see BIP39, "Generating the mnemonic"
 */
export function wordPlacesOf(entropy: Uint8Array): number[] {
  if (entropy.length < 16 || entropy.length > 32 || entropy.length % 4 !== 0) throw new RangeError('entropy of a mnemonic has 16, 20, 24, 28 or 32 bytes');
  const checksum = sha256(entropy)[0] as number;
  const places: number[] = [];
  let buffer = 0;
  let bits = 0;
  // The checksum is a bit for each 32 of entropy, 8 at most, so that its first byte is enough; what is left over of it
  // never fills another word.
  for (const byte of [...entropy, checksum]) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    if (bits >= 11) {
      bits -= 11;
      places.push(buffer >>> bits);
      buffer &= (1 << bits) - 1;
    }
  }
  return places;
}

/** The entropy of word places, and whether their checksum fits it. The entropy is a secret: wipe it after use. */
export function entropyOfPlaces(places: readonly number[]): { readonly entropy: Uint8Array; readonly checksumFits: boolean } {
  const entropy = new Uint8Array(Math.floor(places.length / 3) * 4);
  let buffer = 0;
  let bits = 0;
  let filled = 0;
  for (const place of places) {
    buffer = (buffer << 11) | place;
    bits += 11;
    while (bits >= 8 && filled < entropy.length) {
      bits -= 8;
      entropy[filled] = buffer >>> bits;
      filled += 1;
      buffer &= (1 << bits) - 1;
    }
  }
  // What is left are the checksum's bits.
  return { entropy, checksumFits: buffer === (sha256(entropy)[0] as number) >>> (8 - bits) };
}
