import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

declare const __STRONGROOM_VERSION__: string | undefined;
declare const __STRONGROOM_BUILD__: string | undefined;

/** SHA-256 of what the program was built from, 64 hex digits; `source` for a program run from its source. */
export const programBuild = typeof __STRONGROOM_BUILD__ === 'string' ? __STRONGROOM_BUILD__ : 'source';

/** The program's version as records keep it: `0.1.0`, the same as the command line's; the build stands beside it there. */
export const programVersion = typeof __STRONGROOM_VERSION__ === 'string' ? __STRONGROOM_VERSION__ : '0.0.0-source';

/** Both as people read them: `0.1.0 (77b1c2d3e4f5)`, with the beginning of the build's hash. */
export const shownVersion = programBuild === 'source' ? programVersion : `${programVersion} (${programBuild.slice(0, 12)})`;

/** The note that the build scripts leave beside a runtime that they fetched and checked. */
const NOTE = 'strongroom-runtime.json';

/**
 * Whether the runtime beside this executable is the Electron project's own package. What does not say so is not: a copy of
 * another origin serves development and tests, and the window says it.
 */
export function isOfficialRuntime(executable: string = process.execPath): boolean {
  try {
    const note = JSON.parse(readFileSync(join(dirname(executable), NOTE), 'utf8')) as { readonly official?: unknown };
    return note.official === true;
  } catch {
    return false;
  }
}
