import { malformedFrame } from './frame-errors.ts';

/** Electrum's 43 characters: those of a code's alphanumeric mode but the blank and the per cent sign, which texts lose. */
export const BASE43_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-./:';
const BASE = 43;

const valueOfCode = new Int8Array(128).fill(-1);
for (let value = 0; value < BASE; value += 1) valueOfCode[BASE43_ALPHABET.charCodeAt(value)] = value;

const valueAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  const value = code < 128 ? (valueOfCode[code] as number) : -1;
  if (value < 0) throw malformedFrame('it holds a character that its encoding does not have');
  return value;
};

/** Two bytes as three of the 43 characters, a last one as two: 97 of 100 bits that a code holds in alphanumeric mode. */
export function encodePairs(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    const value = isPair ? ((bytes[at] as number) << 8) | (bytes[at + 1] as number) : (bytes[at] as number);
    const low = BASE43_ALPHABET.charAt(value % BASE) + BASE43_ALPHABET.charAt(Math.floor(value / BASE) % BASE);
    parts.push(isPair ? low + BASE43_ALPHABET.charAt(Math.floor(value / (BASE * BASE))) : low);
  }
  return parts.join('');
}

/**
 * The bytes of such a text; each content has one text only.
 * @throws StrongroomError `frames.malformed`
 */
export function decodePairs(text: string): Uint8Array {
  if (text.length % 3 === 1) throw malformedFrame('it is cut off');
  const bytes = new Uint8Array(pairCharacters.bytesWithin(text.length));
  let at = 0;
  for (let start = 0; start < text.length; start += 3) {
    const isPair = start + 2 < text.length;
    const value = valueAt(text, start) + BASE * valueAt(text, start + 1) + (isPair ? BASE * BASE * valueAt(text, start + 2) : 0);
    if (value > (isPair ? 0xffff : 0xff)) throw malformedFrame('it holds a number that is too large');
    if (isPair) bytes[at++] = value >>> 8;
    bytes[at++] = value & 0xff;
  }
  return bytes;
}

export const pairCharacters = {
  /** Bytes that fit so many characters. */
  bytesWithin: (characters: number): number => Math.floor(characters / 3) * 2 + (characters % 3 === 2 ? 1 : 0),
};
