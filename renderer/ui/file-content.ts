/** A file as the contract carries it: a name and its bytes as base64. The window never sees a path. */
export interface FileContent {
  readonly name: string;
  readonly contentBase64: string;
}

/** Base64 of bytes, in pieces that fit on the call stack. */
export function base64OfBytes(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x8000) binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(binary);
}

export const base64OfText = (text: string): string => base64OfBytes(new TextEncoder().encode(text));

/** The text of a file; bytes that are no UTF-8 become the replacement character, and the host will refuse them. */
export function textOfBase64(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

/** The largest file of any kind that is dropped here: a PSBT in its longest form that is read. */
export const MOST_DROPPED_BYTES = 17_825_792;
/** The most files of one drop; as many as the host's dialog gives. */
export const MOST_DROPPED_FILES = 30;

/** Why files are not read, in words, or `null`. Asked before anything of them is. */
export function dropProblem(files: readonly { readonly name: string; readonly size: number }[]): string | null {
  if (files.length > MOST_DROPPED_FILES) return `These are ${files.length} files; at most ${MOST_DROPPED_FILES} are taken at once.`;
  const large = files.find(({ size }) => size > MOST_DROPPED_BYTES);
  return large === undefined ? null : `${large.name} is larger than anything of this kind. It was not read.`;
}

/** Reads files that a person dropped or chose. */
export async function readFiles(files: Iterable<File>): Promise<readonly FileContent[]> {
  return Promise.all(Array.from(files, async (file) => ({ name: file.name, contentBase64: base64OfBytes(new Uint8Array(await file.arrayBuffer())) })));
}
