import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret that may be found nowhere but where it belongs, in every form in which a program could spill it. */
export interface Canary {
  readonly name: string;
  readonly forms: readonly Uint8Array[];
}

/** A text as it would stand in a file, in a log, in a dump of memory (UTF-16) or encoded once more. */
export const canaryText = (name: string, text: string): Canary => ({ name, forms: [...spellings(text), ...spellings(JSON.stringify(text).slice(1, -1)), ...spellings(Buffer.from(text, 'utf8').toString('hex')), ...spellings(innerBase64(Buffer.from(text, 'utf8')))] });

/** Bytes as they are, in hexadecimal of either case, and in base64. */
export const canaryBytes = (name: string, bytes: Uint8Array): Canary => ({ name, forms: [bytes, ...spellings(Buffer.from(bytes).toString('hex')), ...spellings(Buffer.from(bytes).toString('hex').toUpperCase()), ...spellings(innerBase64(bytes))] });

const spellings = (text: string): Uint8Array[] => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];

/** The part of a base64 text that does not depend on what comes after the bytes. */
const innerBase64 = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 3))).toString('base64');

/** The names of the canaries that are in some bytes. */
export function canariesIn(bytes: Uint8Array, canaries: readonly Canary[]): string[] {
  const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return canaries.filter(({ forms }) => forms.some((form) => haystack.includes(Buffer.from(form)))).map(({ name }) => name);
}

/** Every file below a folder that holds a canary: `path: name`. Names of files are looked at too; what goes away meanwhile is not. */
export function canariesBelow(folder: string, canaries: readonly Canary[]): string[] {
  return filesBelow(folder).flatMap(({ path, name, isFile }) => {
    const inside = isFile ? canariesIn(contentOf(path), canaries) : [];
    return [...new Set([...canariesIn(Buffer.from(name), canaries), ...inside])].map((canary) => `${path.slice(folder.length + 1)}: ${canary}`);
  });
}

function filesBelow(folder: string): { readonly path: string; readonly name: string; readonly isFile: boolean }[] {
  return orNothing(() => readdirSync(folder, { withFileTypes: true }), []).flatMap((entry) => {
    const path = join(folder, entry.name);
    return [{ path, name: entry.name, isFile: entry.isFile() }, ...(entry.isDirectory() ? filesBelow(path) : [])];
  });
}

/** The content of a file; nothing for what went away meanwhile, and for sockets. */
export const contentOf = (path: string): Uint8Array => orNothing(() => readFileSync(path), new Uint8Array(0));

function orNothing<T>(read: () => T, nothing: T): T {
  try {
    return read();
  } catch {
    return nothing;
  }
}
