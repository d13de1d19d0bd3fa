import type { InferInput } from 'valibot';
import type { AppInfo } from '../../src/host/wire.ts';
import type { Edition } from './page-files.ts';
import { isOfficialRuntime, shownVersion } from './runtime-info.ts';
import type { Shell } from './start-edition.ts';

/** What the window must know of its host before anything else. */
export function appInfo(edition: Edition, shell: Shell): InferInput<typeof AppInfo> {
  return {
    edition,
    version: shownVersion,
    runtime: { electron: process.versions['electron'] ?? 'unknown', official: isOfficialRuntime() },
    rehearsal: shell.rehearsal === null ? null : { gapFolder: shell.rehearsal.gapFolder, node: shell.rehearsal.node },
  };
}
