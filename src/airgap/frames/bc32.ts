import { malformedFrame, wrongChecksum } from './frame-errors.ts';

/** Bech32's characters in the order of their values. @see BIP173 */
const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_CHARACTERS = 6;
/** What separates it from bech32, whose prefix and `1` it drops. */
const CONSTANT = 0x3fff_ffff;

const valueOfCode = new Int8Array(128).fill(-1);
for (let value = 0; value < 32; value += 1) valueOfCode[ALPHABET.charCodeAt(value)] = value;

/** @see BIP173, "Checksum" */
function checksumStep(checksum: number, value: number): number {
  const top = checksum >>> 25;
  let next = ((checksum & 0x1ff_ffff) << 5) ^ value;
  for (let bit = 0; bit < 5; bit += 1) if ((top >>> bit) & 1) next ^= GENERATOR[bit] as number;
  return next;
}

/** Bytes as BC32 text in lower case. @see BCR-2020-004 */
export function encodeBc32(bytes: Uint8Array): string {
  const values: number[] = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) values.push((held >>> (bits - 5)) & 31);
  }
  if (bits > 0) values.push((held << (5 - bits)) & 31);
  // The prefix that was dropped counts as one zero.
  let checksum = checksumStep(1, 0);
  for (const value of values) checksum = checksumStep(checksum, value);
  for (let count = 0; count < CHECKSUM_CHARACTERS; count += 1) checksum = checksumStep(checksum, 0);
  checksum ^= CONSTANT;
  for (let index = 0; index < CHECKSUM_CHARACTERS; index += 1) values.push((checksum >>> (5 * (5 - index))) & 31);
  return values.map((value) => ALPHABET.charAt(value)).join('');
}

/**
 * The bytes of BC32 text in lower case.
 * @throws StrongroomError `frames.malformed`, `frames.checksum`
 * @see BCR-2020-004
 */
export function decodeBc32(text: string): Uint8Array {
  const count = text.length - CHECKSUM_CHARACTERS;
  if (count < 0) throw malformedFrame('it is cut off');
  const bytes = new Uint8Array(Math.floor((count * 5) / 8));
  let checksum = checksumStep(1, 0);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const value = code < 128 ? (valueOfCode[code] as number) : -1;
    if (value < 0) throw malformedFrame('it holds a character that its encoding does not have');
    checksum = checksumStep(checksum, value);
    if (index >= count) continue;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >>> bits) & 0xff;
    }
  }
  if (checksum !== CONSTANT) throw wrongChecksum('the transfer');
  if (bits >= 5 || (held & ((1 << bits) - 1)) !== 0) throw malformedFrame('its last character says too much');
  return bytes;
}
