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

/** Reads files that a person dropped or chose. */
export async function readFiles(files: Iterable<File>): Promise<readonly FileContent[]> {
  return Promise.all(Array.from(files, async (file) => ({ name: file.name, contentBase64: base64OfBytes(new Uint8Array(await file.arrayBuffer())) })));
}
