import { malformedSecret } from './malformed-secret.ts';
import { entropyOfPlaces, isMnemonicWordCount, wordPlacesOf } from './mnemonic-coding.ts';

/**
 * A SeedQR's content: four digits for each word, its place in the English list from 0. A secret.
 * @param entropy 16, 20, 24, 28 or 32 bytes; readers elsewhere expect 16 or 32
 * @see SeedSigner, "SeedQR Specification"
 */
export const seedQrDigits = (entropy: Uint8Array): string => wordPlacesOf(entropy).map((place) => String(place).padStart(4, '0')).join('');

/**
 * The entropy in a SeedQR's digits. Blanks are ignored.
 * @throws StrongroomError `secret.malformed`
 */
export function parseSeedQrDigits(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (!/^[0-9]+$/.test(digits)) throw malformedSecret('seedqr', 'it holds other characters than digits');
  if (digits.length % 4 !== 0 || !isMnemonicWordCount(digits.length / 4)) throw malformedSecret('seedqr', 'it has not 48, 60, 72, 84 or 96 digits', { digits: digits.length });
  const places = (digits.match(/.{4}/g) as string[]).map(Number);
  const outside = places.flatMap((place, index) => (place < 2048 ? [] : [index + 1]));
  if (outside.length > 0) throw malformedSecret('seedqr', 'a number is above 2047', { words: outside.join(', ') });
  const { entropy, checksumFits } = entropyOfPlaces(places);
  if (checksumFits) return entropy;
  entropy.fill(0);
  throw malformedSecret('seedqr', 'the mnemonic\'s checksum is wrong');
}

/** A CompactSeedQR's content: the entropy itself, as bytes. @see SeedSigner, "CompactSeedQR Specification" */
export const compactSeedQrBytes = (entropy: Uint8Array): Uint8Array => parseCompactSeedQr(entropy);

/**
 * The entropy in a CompactSeedQR, in an array of its own. It has no checksum: any 16 or 32 bytes are one.
 * @throws StrongroomError `secret.malformed`
 */
export function parseCompactSeedQr(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 16 && bytes.length !== 32) throw malformedSecret('compact-seedqr', 'it has not 16 or 32 bytes', { bytes: bytes.length });
  return Uint8Array.from(bytes);
}
