import { PICTURE_FILE_BYTES } from '../../node/shared/code-reading/picture-header.ts';
import { readCodesInPicture } from '../../node/shared/code-reading/read-codes.ts';
import type { CommandIo } from '../shared/command.ts';
import { optional, repeated, type Values } from '../shared/option.ts';
import { usageError } from '../shared/usage-error.ts';
import { inputFileValue } from '../shared/value-kinds.ts';

/** The texts of the codes of the largest batch. */
const SCANNED_BYTES = 262_144;

/** Three ways to show that a print is there. */
export const proofOptions = {
  image: repeated(inputFileValue, 0, 'a picture of the print, PNG or JPEG; may repeat'),
  scanned: optional(inputFileValue, 'the texts of the scanned codes, one a line, in a file or on standard input (-)'),
  words: optional(inputFileValue, 'the check words, three to a page and one page a line, in a file or on standard input (-)'),
};

/** What shows that somebody has the print in hand. */
export type Proof = { by: 'codes'; scanned: string[] } | { by: 'words'; words: string[] };

/**
 * The proof that the options give, or that a person types.
 * @throws StrongroomError `usage.malformed` for two kinds of proof, `file.*`, `picture.unreadable`, `picture.too-large`, `prompt.unavailable`
 */
export async function readProof(io: CommandIo, { image, scanned, words }: Values<typeof proofOptions>): Promise<Proof> {
  const ways = [...(image.length > 0 ? ['--image'] : []), ...(scanned === undefined ? [] : ['--scanned']), ...(words === undefined ? [] : ['--words'])];
  if (ways.length > 1) throw usageError(`${ways.join(' and ')} are ${ways.length === 2 ? 'two' : 'three'} ways to check.`, 'Give one of them.');
  if (image.length > 0) return { by: 'codes', scanned: await readPictures(io, image) };
  if (scanned !== undefined) return { by: 'codes', scanned: linesOf(await io.files.readText(scanned, SCANNED_BYTES), /\r?\n/) };
  const typed = words === undefined ? await io.secrets.typed('Check words of every page, pages parted by commas:', '--words') : await io.files.readText(words, SCANNED_BYTES);
  return { by: 'words', words: linesOf(typed, /[\r\n,;]+/) };
}

/** The texts of the codes on all pictures. @throws StrongroomError `file.*`, `picture.unreadable`, `picture.too-large` */
async function readPictures(io: CommandIo, paths: readonly string[]): Promise<string[]> {
  const texts = new Set<string>();
  for (const [index, path] of paths.entries()) {
    io.progress({ fraction: paths.length === 1 ? null : index / paths.length, activity: 'Looking for codes in the pictures' });
    for (const text of await readCodesInPicture(await io.files.readBytes(path, PICTURE_FILE_BYTES))) texts.add(text);
  }
  return [...texts];
}

const linesOf = (text: string, separator: RegExp): string[] => text.split(separator).filter((line) => line.trim() !== '');
