import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PeerUnavailable, aptProxyOptions, debianMirror, findOnPath, installDebianPackages, isRoot, readIfThere } from './debian-packages.mjs';
import { cacheFolder, ensureFolder } from './paths.mjs';
import { CommandFailed, runQuietly } from './run.mjs';

/**
 * A node's program for tests: what is on PATH, else what a variable of the environment names, else the one of Debian's packages,
 * unpacked into the checkout's cache together with the libraries that it was built against. Nothing is installed on the machine
 * but, where it is missing, the program that unpacks Debian's packages. Never used with real keys or real money.
 */

const architectures = {
  x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

const peersFolder = join(cacheFolder, 'peers');

/** The version that a node's program says it has, such as `29.5.0.knots20260508`, or `null` where it does not run. */
function versionOf(command) {
  try {
    return /version v?([0-9][^\s]*)/.exec(runQuietly(command, ['--version']))?.[1] ?? null;
  } catch {
    return null;
  }
}

function findCached({ peer }) {
  const folders = existsSync(peersFolder) ? readdirSync(peersFolder).filter((name) => name.startsWith(`${peer}-`) && /^[0-9]/.test(name.slice(peer.length + 1))).sort().reverse() : [];
  for (const folder of folders) {
    const command = join(peersFolder, folder, peer);
    const version = readIfThere(join(peersFolder, folder, 'complete'))?.trim();
    if (version !== undefined && existsSync(command)) return { command, version, origin: 'debian' };
  }
  return null;
}

/**
 * The program that is on this machine already, or `null`.
 * @param wanted as `ensureProgram`
 */
export function findProgram(wanted) {
  const candidates = [[findOnPath(wanted.peer), 'path'], [process.env[wanted.variable] ?? null, 'environment']];
  for (const [command, origin] of candidates) {
    const version = command === null || command === '' ? null : versionOf(command);
    if (version !== null) return { command, version, origin };
  }
  return findCached(wanted);
}

/** Copies a program's libraries and its loader, so that it runs on a machine whose own C library is older. */
function collectLibraries(root, architecture, program, libraries) {
  const folder = join(root, 'usr', 'lib', architecture.triplet);
  const loader = join(folder, architecture.loader);
  const listed = runQuietly(loader, ['--library-path', folder, '--list', program]);
  for (const match of listed.matchAll(/=> (\S+)/g)) {
    if (match[1].startsWith(root)) copyFileSync(realpathSync(match[1]), join(libraries, basename(match[1])));
  }
  copyFileSync(realpathSync(loader), join(libraries, architecture.loader));
  chmodSync(join(libraries, architecture.loader), 0o755);
}

function writeLauncher(folder, program, architecture) {
  const script = `#!/bin/sh\nhere=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)\nexec "$here/lib/${architecture.loader}" --library-path "$here/lib" "$here/bin/${program}" "$@"\n`;
  writeFileSync(join(folder, program), script, { mode: 0o755 });
}

function fetchFromDebian(wanted) {
  const { peer, debianPackage, suites, programs, variable } = wanted;
  const architecture = architectures[process.arch];
  if (process.platform !== 'linux' || architecture === undefined) {
    throw new PeerUnavailable(peer, `Debian's packages run on Linux only and this is ${process.platform} ${process.arch}. ${wanted.otherwise} and put ${peer} on PATH, or name it in ${variable}.`);
  }
  const mirror = debianMirror(peer);
  if (findOnPath('mmdebstrap') === null) installDebianPackages(peer, ['mmdebstrap']);
  console.error(`No ${peer} on this machine: unpacking Debian's ${debianPackage} from ${mirror} (once; about 10 MB).`);
  const work = mkdtempSync(join(ensureFolder(peersFolder), 'unpacking-'));
  try {
    const root = join(work, 'root');
    // The variant `extract` runs no script of any package, so that nothing needs root or a namespace.
    const mode = isRoot() ? 'root' : 'chrootless';
    const sources = suites.map((suite) => `deb ${mirror} ${suite} main`);
    runQuietly('mmdebstrap', ['--quiet', `--mode=${mode}`, '--variant=extract', `--include=${debianPackage}`, ...aptProxyOptions(), suites[0], root, ...sources], { env: { ...process.env, TMPDIR: work } });
    const folder = join(work, 'peer');
    const libraries = ensureFolder(join(folder, 'lib'));
    ensureFolder(join(folder, 'bin'));
    for (const [program, place] of Object.entries(programs)) {
      const source = join(root, place);
      copyFileSync(source, join(folder, 'bin', program));
      collectLibraries(root, architecture, source, libraries);
      writeLauncher(folder, program, architecture);
    }
    const version = versionOf(join(folder, peer));
    if (version === null) throw new PeerUnavailable(peer, 'the unpacked program does not start on this machine.');
    writeFileSync(join(folder, 'complete'), `${version}\n`);
    const target = join(peersFolder, `${peer}-${version}`);
    try {
      renameSync(folder, target);
    } catch {
      // Another process was faster; a folder without its mark is one that was cut short.
      if (findCached(wanted) === null) {
        rmSync(target, { recursive: true, force: true });
        renameSync(folder, target);
      }
    }
  } catch (fault) {
    throw fault instanceof CommandFailed ? new PeerUnavailable(peer, `Debian's ${debianPackage} could not be fetched or unpacked.\n${fault.message}`) : fault;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return findCached(wanted);
}

/**
 * The program, fetched when there is none.
 * @param wanted `{ peer, variable, debianPackage, suites, programs, otherwise }`: the program's name, the variable that may name it,
 *   the package and the suites that it comes from, each program's place in the package, and what else to do about it
 * @returns `{ command, version, origin: 'path' | 'environment' | 'debian' }`
 * @throws PeerUnavailable with the reason and what to do
 */
export function ensureProgram(wanted) {
  const found = findProgram(wanted);
  const named = process.env[wanted.variable] ?? '';
  if (named !== '' && (found === null || found.origin === 'debian')) throw new PeerUnavailable(wanted.peer, `${wanted.variable} names ${named}, which does not run.`);
  return found ?? fetchFromDebian(wanted);
}

/** Prints where the program is: what these files do when they are run by themselves. */
export function printProgram(ensure) {
  try {
    const { command, version, origin } = ensure();
    console.log(`${command} (${version}, ${origin})`);
  } catch (fault) {
    console.error(fault instanceof PeerUnavailable ? fault.message : fault);
    process.exitCode = 1;
  }
}
