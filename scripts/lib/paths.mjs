import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A path inside the checkout. */
export const inRoot = (...parts) => join(root, ...parts);

/** Where fetched tools live. Ignored by git; may be deleted at any time. */
export const cacheFolder = inRoot('.cache');

/** The folder, made if it is not there. */
export function ensureFolder(path) {
  if (!existsSync(path)) mkdirSync(path, { recursive: true });
  return path;
}
