import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What every edition is made with, beside the modules of its own bundles. */
const makers = ['package-lock.json', 'scripts/lib/build-hash.mjs', 'scripts/lib/bundles.mjs', 'scripts/lib/preact-without-chance.mjs'];

/** A module's name in the hash: the same wherever the checkout and its packages lie. */
const nameOf = (path) => /(?:^|\/)(node_modules\/.*)$/.exec(path)?.[1] ?? path;

/**
 * SHA-256 over exactly what an edition is built from, 64 hex digits: every module of its bundles as the bundler read them
 * (of packages too), the lock file, the build's own scripts, further files, and the version. Entropy records name a build
 * by it, so that keys of a weak one can be found again; two builds with one hash came from the same bytes.
 *
 * It is the hash of a text that other tools can make too: `version` and the version, then for each file, sorted by name, its
 * name and its SHA-256; the two of a line parted by a blank, each line ended by a line feed.
 * @param {{ folder: string, version: string, inputs: Iterable<string>, further?: readonly string[] }} what
 * `inputs`: the paths of the module graphs, relative to `folder`, in any order and number
 */
export function buildHash({ folder, version, inputs, further = [] }) {
  const files = new Map([...inputs, ...further, ...makers].map((path) => [nameOf(path), join(folder, path)]));
  const lines = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, path]) => `${name} ${sha256(readFileSync(path))}\n`);
  return sha256(`version ${version}\n${lines.join('')}`);
}

const sha256 = (content) => createHash('sha256').update(content).digest('hex');
