import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Debian package (newer name first) that brings each library Electron links against and a bare system lacks. */
/** @type {[RegExp, string[]][]} */
const packageOfLibrary = [
  [/^libgtk-3\.|^libgdk-3\./, ['libgtk-3-0t64', 'libgtk-3-0']],
  [/^libnss3\.|^libnssutil3\.|^libsmime3\./, ['libnss3']],
  [/^libnspr4\.|^libplc4\.|^libplds4\./, ['libnspr4']],
  [/^libasound\./, ['libasound2t64', 'libasound2']],
  [/^libgbm\./, ['libgbm1']],
  [/^libXss\./, ['libxss1']],
  [/^libatk-bridge/, ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0']],
  [/^libatspi\./, ['libatspi2.0-0t64', 'libatspi2.0-0']],
  [/^libatk-1/, ['libatk1.0-0t64', 'libatk1.0-0']],
  [/^libcups\./, ['libcups2t64', 'libcups2']],
  [/^libdrm\./, ['libdrm2']],
  [/^libxkbcommon\./, ['libxkbcommon0']],
  [/^libnotify\./, ['libnotify4']],
  [/^libdbus-1\./, ['libdbus-1-3']],
  [/^libexpat\./, ['libexpat1']],
  [/^libpango-/, ['libpango-1.0-0']],
  [/^libcairo\./, ['libcairo2']],
  [/^libglib-2|^libgobject-2|^libgio-2|^libgmodule-2/, ['libglib2.0-0t64', 'libglib2.0-0']],
  [/^libudev\./, ['libudev1']],
  [/^libX11\./, ['libx11-6']],
  [/^libxcb\./, ['libxcb1']],
  [/^libXcomposite\./, ['libxcomposite1']],
  [/^libXdamage\./, ['libxdamage1']],
  [/^libXext\./, ['libxext6']],
  [/^libXfixes\./, ['libxfixes3']],
  [/^libXrandr\./, ['libxrandr2']],
];

/** Libraries that an executable asks for and this system does not have. */
function missingLibraries(executable) {
  const result = spawnSync('ldd', [executable], { encoding: 'utf8' });
  if (result.status !== 0) return [];
  return result.stdout.split('\n').filter((line) => line.includes('not found')).map((line) => line.trim().split(/\s/)[0]);
}

/** A program's path on PATH, or `null`. */
export function which(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
  }
  return null;
}

/**
 * What this system lacks to show an Electron window, each with the Debian packages that bring it.
 * @param executable Electron's
 * @param withoutDisplay whether a virtual display is needed besides (tests)
 */
export function missingForElectron(executable, { withoutDisplay = false } = {}) {
  if (process.platform !== 'linux') return [];
  const libraries = missingLibraries(executable).map((library) => ({
    what: library,
    packages: packageOfLibrary.find(([pattern]) => pattern.test(library))?.[1] ?? [],
  }));
  return withoutDisplay && which('Xvfb') === null ? [...libraries, { what: 'Xvfb', packages: ['xvfb'] }] : libraries;
}

/** The one command that brings what is missing, with the names that this release of the system knows. */
export function installCommand(missing) {
  const names = missing.flatMap(({ packages }) => packages.find((name) => packageIsKnown(name)) ?? packages.at(-1) ?? []);
  const unique = [...new Set(names)].sort();
  return unique.length === 0 ? null : `apt-get install --yes --no-install-recommends ${unique.join(' ')}`;
}

const packageIsKnown = (name) => spawnSync('apt-cache', ['show', '--no-all-versions', name], { encoding: 'utf8' }).status === 0;

/** Says what is missing and how to get it. */
export function describeMissing(missing) {
  const command = installCommand(missing);
  return `Electron cannot start here: ${missing.map(({ what }) => what).join(', ')} not found.${command === null ? '' : `\nInstall what is missing with:\n  sudo apt-get update && sudo ${command}`}`;
}

/**
 * Installs what is missing: for test machines, and only for root, who asked for it by running the tests.
 * @returns what is still missing afterwards
 */
export function installMissing(missing, { log = console.error, again }) {
  if (missing.length === 0 || process.getuid?.() !== 0 || which('apt-get') === null) return missing;
  const run = (command) => {
    log(`$ ${command}`);
    return spawnSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  };
  const wanted = () => installCommand(missing);
  const known = missing.every(({ packages }) => packages.some((name) => packageIsKnown(name)));
  // The lists of a fresh machine are empty or stale; a first failure may only mean that.
  if (!known) run('apt-get update --quiet --quiet');
  const first = wanted();
  if (first !== null && !run(`${first} --quiet --quiet`)) {
    run('apt-get update --quiet --quiet');
    run(`${wanted()} --quiet --quiet`);
  }
  return again();
}
