import { equalBytes, parseBase64, parseHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { malformedPsbt, tooLargePsbt } from '../psbt/codec/byte-reader.ts';
import { PSBT_MAGIC } from '../psbt/codec/decode.ts';
import { MAX_PSBT_BYTES } from '../psbt/psbt.ts';
import { decodeBase43, looksLikeBase43 } from './frames/base43.ts';
import { assembleFrames } from './frames/frame-assembler.ts';
import { startsSeries } from './frames/read-frame.ts';

/** Hexadecimal doubles the size; frames add headers, and texts blanks and line ends. */
const MAX_FILE_BYTES = 2 * MAX_PSBT_BYTES + 1024 * 1024;

/**
 * The PSBT inside a file, whatever form it is in: binary, base64, hexadecimal, Base43, or the texts of QR frames of any format
 * that is scanned, one a line. Told by content, never by the file's name. Blanks and line ends around and within base64 and
 * hexadecimal do not matter.
 * @returns the PSBT's bytes, a copy; only the magic is checked, `decodePsbt` says whether the rest is one
 * @throws StrongroomError `psbt.malformed`, `psbt.too-large`, `frames.malformed`, `frames.incomplete`, `frames.checksum`,
 * `frames.other-transfer`, `frames.unsupported`
 */
export function readPsbtFile(content: Uint8Array): Uint8Array {
  if (content.length > MAX_FILE_BYTES) throw tooLargePsbt('bytes', MAX_PSBT_BYTES);
  return requirePsbt(startsWithMagic(content) ? new Uint8Array(content) : bytesOfText(textOf(content)));
}

function bytesOfText(text: string): Uint8Array {
  if (startsSeries(text)) return bytesOfFrames(text);
  const compact = text.replace(/\s+/g, '');
  const base43 = looksLikeBase43(text) ? decodeBase43(text) : null;
  if (base43 !== null && startsWithMagic(base43)) return base43;
  try {
    return /^[0-9a-fA-F]+$/.test(compact) && /^70736274ff/i.test(compact) ? parseHex(compact) : parseBase64(compact);
  } catch {
    throw malformedPsbt('it is neither binary nor base64, hexadecimal or QR frames');
  }
}

function bytesOfFrames(text: string): Uint8Array {
  // Specter's frames hold a blank; those of the others may be parted by blanks as well as by lines.
  const frames = text.split(/^p[0-9]/i.test(text) ? /[\r\n]+/ : /\s+/).filter((line) => line.trim() !== '');
  const { kind, bytes } = withinPsbtCap(() => assembleFrames(frames));
  if (kind !== 'psbt') {
    throw new StrongroomError('frames.malformed', 'The frames hold something other than a PSBT.', { kind }, 'Scan the frames of the transaction that is to be signed.');
  }
  return bytes;
}

/** Whatever form a PSBT that is too large comes in, it is refused under one name. */
function withinPsbtCap<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof StrongroomError && error.code === 'frames.too-large' ? tooLargePsbt('bytes', MAX_PSBT_BYTES) : error;
  }
}

function requirePsbt(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_PSBT_BYTES) throw tooLargePsbt('bytes', MAX_PSBT_BYTES);
  if (!startsWithMagic(bytes)) throw malformedPsbt('it does not begin with the magic bytes of a PSBT');
  return bytes;
}

const startsWithMagic = (bytes: Uint8Array): boolean => equalBytes(bytes.subarray(0, PSBT_MAGIC.length), PSBT_MAGIC);

/** ASCII text without blanks around it and without a byte order mark. */
function textOf(content: Uint8Array): string {
  const hasMark = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf;
  const bytes = hasMark ? content.subarray(3) : content;
  if (bytes.length === 0 || bytes.some((byte) => byte >= 0x7f || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d))) {
    throw malformedPsbt('it is neither binary nor text');
  }
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += 8192) chunks.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
  return chunks.join('').trim();
}
