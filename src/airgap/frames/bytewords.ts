import { crc32 } from './crc32.ts';
import { malformedFrame, wrongChecksum } from './frame-errors.ts';

/** First and last letter of each of the 256 words, in the order of the bytes they stand for. @see BCR-2020-012 */
const MINIMAL =
  'aeadaoaxaaahamatayasbkbdbnbtbabsbebybgbwbbbzcmchcscfcycwcecackctcxclcpcndkdadsdidedtdrdndwdpdmdldyeheyeoeeecenemetesftfrfnfsfmfh' +
  'fzfpfwfxfyfefgflfdgagegrgsgtglgwgdgygmgughgohfhghdhkhthphhhlhyhehnhsidiaieihiyioisinimjejzjnjtjljojsjpjkjykpkoktkskkknkgkekikblb' +
  'lalylflslrlplnltloldlelulklgmnmymhmemomumwmdmtmsmknlnyndnsntnnnenboyoeotoxonolospdptpkpypspmplpepfpaprqdqzrerprlrorhrdrkrfryrnrs' +
  'rtsesasrssskswstspsosgsbsfsntotktitttdtetytltbtstptatnuyuoutueurvtvyvovlvevwvavdvswlwdwmwpwewywswtwnwzwfwkykynylyaytzszoztzczezm';
const LETTERS = 26;
const CODE_A = 97;

/** Byte of each pair of letters, -1 where the pair is no word. */
const byteOfPair = new Int16Array(LETTERS * LETTERS).fill(-1);
for (let byte = 0; byte < 256; byte += 1) byteOfPair[pairAt(MINIMAL, 2 * byte)] = byte;

function pairAt(text: string, at: number): number {
  const first = text.charCodeAt(at) - CODE_A;
  const last = text.charCodeAt(at + 1) - CODE_A;
  return first >= 0 && first < LETTERS && last >= 0 && last < LETTERS ? first * LETTERS + last : -1;
}

/** Bytes and their CRC-32 as minimal bytewords, two lower-case letters a byte. @see BCR-2020-012 */
export function encodeBytewords(bytes: Uint8Array): string {
  const checksum = crc32(bytes);
  let text = '';
  for (const byte of bytes) text += MINIMAL.slice(2 * byte, 2 * byte + 2);
  for (let shift = 24; shift >= 0; shift -= 8) {
    const byte = (checksum >>> shift) & 0xff;
    text += MINIMAL.slice(2 * byte, 2 * byte + 2);
  }
  return text;
}

/**
 * The bytes of minimal bytewords in lower case, without their checksum.
 * @throws StrongroomError `frames.malformed` for letters that are no words, `frames.checksum`
 */
export function decodeBytewords(text: string): Uint8Array {
  const count = text.length / 2;
  if (!Number.isInteger(count) || count < 5) throw malformedFrame('its words are too few or cut off');
  const bytes = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const pair = pairAt(text, 2 * index);
    const byte = pair < 0 ? -1 : (byteOfPair[pair] as number);
    if (byte < 0) throw malformedFrame('it holds letters that are no words');
    bytes[index] = byte;
  }
  const content = bytes.slice(0, count - 4);
  if (crc32(content) !== new DataView(bytes.buffer).getUint32(count - 4)) throw wrongChecksum('a frame');
  return content;
}
