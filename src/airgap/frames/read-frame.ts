import { StrongroomError } from '../../errors/strongroom-error.ts';
import { looksLikeBbqrFrame, readBbqrFrame } from '../bbqr.ts';
import type { Frame, FrameFormat } from './collector.ts';
import { contentOfBytes, type Content } from './content.ts';
import { crc32 } from './crc32.ts';
import { malformedFrame, tooLargeTransfer } from './frame-errors.ts';
import { MAX_TEXT_CHARACTERS } from './limits.ts';
import { readPlain } from './plain.ts';
import { looksLikeSpecterFrame, readSpecterFrame } from './specter.ts';
import { looksLikeStrongroomFrame, readStrongroomFrame } from './strongroom-frames.ts';
import { looksLikeUr, readUrFrame } from './ur.ts';
import { utf8Text } from './utf8-text.ts';

const SERIES: readonly { looks(text: string): boolean; read(text: string): Frame }[] = [
  { looks: looksLikeStrongroomFrame, read: readStrongroomFrame },
  { looks: looksLikeBbqrFrame, read: readBbqrFrame },
  { looks: looksLikeUr, read: readUrFrame },
  { looks: looksLikeSpecterFrame, read: readSpecterFrame },
];

/** Whether a text begins with a frame that says which series it is of. */
export const startsSeries = (text: string): boolean => SERIES.some(({ looks }) => looks(text));

/**
 * What one scanned code is, told by its content alone. Bytes are those of a code in binary mode; what is text in them is read as
 * text.
 * @throws StrongroomError `frames.*`, `wallet.private-key`
 */
export function readFrame(scanned: string | Uint8Array): Frame {
  if (scanned.length > MAX_TEXT_CHARACTERS) throw tooLargeTransfer('characters', MAX_TEXT_CHARACTERS);
  if (scanned.length === 0) throw malformedFrame('it is empty');
  if (typeof scanned === 'string') return readText(scanned.trim());
  const content = contentOfBytes(scanned);
  if (content.kind === 'psbt' || content.kind === 'transaction' || content.kind === 'bytes') return wholeFrame('plain', { ...content, bytes: scanned.slice() });
  return readText((utf8Text(scanned) as string).trim());
}

function readText(text: string): Frame {
  const series = SERIES.find(({ looks }) => looks(text));
  if (series === undefined) return plainFrame(text);
  try {
    return series.read(text);
  } catch (error) {
    // A number in Base43 may begin like anything; what makes a PSBT or transaction of all its characters is one.
    const other = error instanceof StrongroomError && error.code !== 'frames.too-large' ? base43Frame(text) : null;
    if (other !== null) return other;
    throw error;
  }
}

function plainFrame(text: string): Frame {
  const { format, content } = readPlain(text);
  return wholeFrame(format, content);
}

function base43Frame(text: string): Frame | null {
  try {
    const { format, content } = readPlain(text);
    return format === 'base43' ? wholeFrame(format, content) : null;
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}

const wholeFrame = (format: FrameFormat, content: Content): Frame => ({
  sort: 'whole', read: () => content,
  transfer: { format, name: `${format} ${content.kind} ${crc32(content.bytes).toString(16).padStart(8, '0')}`, kind: content.kind, parts: 1 },
});
