import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

declare const __STRONGROOM_VERSION__: string | undefined;
declare const __STRONGROOM_BUILD__: string | undefined;

/** The program's version as people read it: `0.1.0 (3f9ac01d22aa-77b1c2d3e4f5)`; commit and source hash in brackets. */
export const programVersion = typeof __STRONGROOM_VERSION__ === 'string' ? `${__STRONGROOM_VERSION__} (${__STRONGROOM_BUILD__})` : '0.0.0 (source)';

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
