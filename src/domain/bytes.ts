import { base64 as base64Codec } from '@scure/base';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { StrongroomError } from '../errors/strongroom-error.ts';

/** Bytes that are written at once. */
const HEX_CHUNK = 256;

/**
 * Lower-case hexadecimal of bytes. A text that is put together digit by digit is kept as a chain of its parts, of which each takes more
 * than a byte's digits do: thirty times the memory, for as long as the text lives. Joined parts are one text.
 */
export function toHex(bytes: Uint8Array): string {
  if (bytes.length <= HEX_CHUNK) return bytesToHex(bytes);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += HEX_CHUNK) parts.push(bytesToHex(bytes.subarray(start, start + HEX_CHUNK)));
  return parts.join('');
}

/**
 * Bytes of a hexadecimal text, either case, no prefix and no blanks.
 * @throws StrongroomError `input.not-hex`
 */
export function parseHex(text: string): Uint8Array {
  try {
    return hexToBytes(text);
  } catch {
    throw new StrongroomError('input.not-hex', 'The text is not hexadecimal.', {}, 'Expected an even number of the digits 0-9 and a-f.');
  }
}

/** Canonical padded base64 (RFC 4648 section 4) of bytes. */
export const toBase64 = (bytes: Uint8Array): string => base64Codec.encode(bytes);

/**
 * Bytes of a canonical base64 text (RFC 4648 section 4: padded, no blanks, unused bits zero).
 * @throws StrongroomError `input.not-base64`
 */
export function parseBase64(text: string): Uint8Array {
  try {
    return base64Codec.decode(text);
  } catch {
    throw new StrongroomError('input.not-base64', 'The text is not canonical base64.', {}, 'Export the file again; a copied text may have lost characters.');
  }
}

/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array => utf8ToBytes(text);

/** One array holding all parts in order. */
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => concatBytes(...parts);

/** True when both arrays hold the same bytes. Not constant in time: for public data only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  // Not every(): a function call for each byte of a previous transaction.
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** Lexicographic order of two byte strings: negative, zero or positive, as a sort function expects. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A copy with the byte order reversed: transaction ids are shown in the reverse of their hash order. */
export const reversed = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes).reverse();
