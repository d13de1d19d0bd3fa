import { parseBase64, parseHex, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { decodeBase43, leadingByteOf, looksLikeBase43 } from './base43.ts';
import { isPsbt, isTransaction, kindOfText, type Content } from './content.ts';
import { malformedFrame, tooLargeTransfer } from './frame-errors.ts';
import { MAX_TEXT_CHARACTERS } from './limits.ts';
import type { FrameFormat } from './collector.ts';

/**
 * A whole content in one text, told by what it decodes to: a PSBT or transaction in hexadecimal, base64 or Base43 (blanks and line
 * ends in the first two do not matter), or the text itself.
 * @throws StrongroomError `frames.malformed` for a text that begins as a PSBT does and is cut off, or is no text; `frames.too-large`
 */
export function readPlain(text: string): { readonly format: FrameFormat; readonly content: Content } {
  if (text.length > MAX_TEXT_CHARACTERS) throw tooLargeTransfer('characters', MAX_TEXT_CHARACTERS);
  const compact = text.replace(/\s+/g, '');
  const found = signable(bytesOf(compact));
  if (found !== null) return { format: 'plain', content: found };
  const base43 = looksLikeBase43(text) && mayBeSignable(text) ? signable(decodeBase43(text)) : null;
  if (base43 !== null) return { format: 'base43', content: base43 };
  if (compact.startsWith('cHNidP') || /^70736274ff/i.test(compact)) throw malformedFrame('it begins as a PSBT does, and is cut off or damaged');
  if (!text.isWellFormed()) throw malformedFrame('it is no text');
  return { format: 'plain', content: { kind: kindOfText(text), bytes: utf8(text) } };
}

/** A PSBT begins with 70 73, a transaction with its version, 01 to 03, and three zeros: other numbers are not worth computing. */
function mayBeSignable(base43: string): boolean {
  const lead = leadingByteOf(base43);
  return (lead > 112.4 && lead < 112.5) || Math.abs(lead - Math.round(Math.min(3, lead))) < 0.001;
}

export const contentOfText = (text: string): Content => readPlain(text).content;

/** What hexadecimal or base64 stands for, or `null`. */
function bytesOf(compact: string): Uint8Array | null {
  const decode = /^([0-9a-fA-F]{2})+$/.test(compact) ? parseHex : /^[A-Za-z0-9+/]+={0,2}$/.test(compact) && compact.length % 4 === 0 ? parseBase64 : null;
  if (decode === null) return null;
  try {
    return decode(compact);
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}

function signable(bytes: Uint8Array | null): Content | null {
  if (bytes === null) return null;
  return isPsbt(bytes) ? { kind: 'psbt', bytes } : isTransaction(bytes) ? { kind: 'transaction', bytes } : null;
}
