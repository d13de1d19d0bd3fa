import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, installDebianPackages } from './debian-packages.mjs';
import { cacheFolder, ensureFolder, inRoot } from './paths.mjs';
import { runQuietly } from './run.mjs';

/** Where the print service's files lie in a checkout's cache, relative. */
export const PRINT_SYSTEM = '.cache/print-system';

/** Newer name first, where Debian renamed one. */
const packages = [['cups-daemon'], ['cups-client'], ['cups-common'], ['libcups2t64', 'libcups2'], ['libcupsimage2t64', 'libcupsimage2'], ['libpaper1', 'libpaper2'], ['libavahi-client3'], ['libavahi-common3'], ['libusb-1.0-0']];

const known = (name) => spawnSync('apt-cache', ['show', '--no-all-versions', name], { stdio: 'ignore' }).status === 0;

/**
 * A print service (CUPS) for the app tests, unpacked from Debian's packages into the cache; nothing of it is installed on the
 * machine. Besides, what turns its prints into pictures (poppler), which is installed where it is missing and root runs this.
 * @returns the folder in the checkout, relative; or `{ missing }`, a sentence
 */
export function ensurePrintSystem({ log = console.error } = {}) {
  try {
    if (findOnPath('pdftoppm') === null) installDebianPackages('poppler', ['poppler-utils']);
    if (existsSync(inRoot(PRINT_SYSTEM, 'complete'))) return PRINT_SYSTEM;
    if (findOnPath('apt-get') === null || findOnPath('dpkg-deb') === null) return { missing: 'no print service: this system has no Debian packages to take CUPS from' };
    log('Fetching a print service for tests (CUPS, from Debian\'s packages)');
    ensureFolder(cacheFolder);
    const folder = mkdtempSync(join(cacheFolder, 'print-system-'));
    try {
      unpackInto(folder);
      writeFileSync(join(folder, 'complete'), '');
      rmSync(inRoot(PRINT_SYSTEM), { recursive: true, force: true });
      renameSync(folder, inRoot(PRINT_SYSTEM));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return PRINT_SYSTEM;
  } catch (fault) {
    return { missing: `no print service: ${fault.message.split('\n')[0]}` };
  }
}

function unpackInto(folder) {
  const names = () => packages.flatMap((choices) => choices.find(known) ?? choices.at(-1));
  const download = () => runQuietly('apt-get', ['download', '-o', 'APT::Sandbox::User=root', ...names()], { cwd: folder });
  try {
    download();
  } catch {
    // A fresh machine may have no package lists yet, or stale ones.
    runQuietly('apt-get', ['update', '-o', 'DPkg::Lock::Timeout=120']);
    download();
  }
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    runQuietly('dpkg-deb', ['--extract', join(folder, file), join(folder, 'root')]);
    rmSync(join(folder, file));
  }
}
