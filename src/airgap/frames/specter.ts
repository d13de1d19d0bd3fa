import type { Frame } from './collector.ts';
import { doesNotFit, malformedFrame, tooLargeTransfer } from './frame-errors.ts';
import { MAX_PARTS } from './limits.ts';
import { contentOfText } from './plain.ts';
import { evenSlices } from './slices.ts';

/*
 * Specter's frames, `p1of3 …`: slices of a text, usually a PSBT in base64, with neither checksum nor name. Two transfers of as many
 * frames are told apart only where they disagree about a frame.
 */
export const looksLikeSpecterFrame = (text: string): boolean => /^p[0-9]+of[0-9]+ /i.test(text);

/** @throws StrongroomError `frames.malformed`, `frames.too-large` */
export function readSpecterFrame(text: string): Frame {
  const match = /^p([0-9]{1,6})of([0-9]{1,6}) (.*)$/is.exec(text);
  const number = Number(match?.[1]);
  const parts = Number(match?.[2]);
  if (match === null || !(number >= 1 && number <= parts)) throw malformedFrame('its header is none');
  if (parts > MAX_PARTS) throw tooLargeTransfer('frames', MAX_PARTS);
  return {
    sort: 'numbered', index: number - 1, data: match[3] as string, isEven: false,
    transfer: { format: 'specter', name: `specter ${parts}`, kind: null, parts },
    finish: (all) => contentOfText(all.join('')),
  };
}

/** @throws StrongroomError `frames.too-large` */
export function encodeSpecter(text: string, maxCharacters: number): string[] {
  // The header grows with the numbers in it.
  for (let digits = 1; digits <= String(MAX_PARTS).length; digits += 1) {
    const room = maxCharacters - 'pof '.length - 2 * digits;
    if (room < 1 || text.length / room > MAX_PARTS) continue;
    const slices = evenSlices(text, room);
    if (String(slices.length).length <= digits) return slices.map((slice, index) => `p${index + 1}of${slices.length} ${slice}`);
  }
  throw doesNotFit(text.length, 'specter');
}
