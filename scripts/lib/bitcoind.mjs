import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PeerUnavailable, aptProxyOptions, debianMirror, findOnPath, installDebianPackages, isRoot, readIfThere } from './debian-packages.mjs';
import { cacheFolder, ensureFolder } from './paths.mjs';
import { CommandFailed, runQuietly } from './run.mjs';

/**
 * A real bitcoind for tests: what is on PATH, else what the variable BITCOIND names, else the one of Debian's packages,
 * unpacked into the checkout's cache together with the libraries that it was built against. Nothing is installed on the
 * machine but, where it is missing, the program that unpacks Debian's packages. Never used with real keys or real money.
 */

const PEER = 'bitcoind';
/** The package and the suites that it comes from. Debian carries Knots, a bitcoind with a stricter relay policy. */
const PACKAGE = 'bitcoin-knots';
const SUITES = ['trixie', 'trixie-backports'];
const PROGRAMS = ['bitcoind', 'bitcoin-cli'];
const architectures = {
  x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

const peersFolder = join(cacheFolder, 'peers');

/** The version that a bitcoind says it has, such as `29.5.0.knots20260508`, or `null` where it does not run. */
function versionOf(command) {
  try {
    return /version v?([0-9][^\s]*)/.exec(runQuietly(command, ['--version']))?.[1] ?? null;
  } catch {
    return null;
  }
}

function findCached() {
  const folders = existsSync(peersFolder) ? readdirSync(peersFolder).filter((name) => /^bitcoind-[0-9]/.test(name)).sort().reverse() : [];
  for (const folder of folders) {
    const command = join(peersFolder, folder, 'bitcoind');
    const version = readIfThere(join(peersFolder, folder, 'complete'))?.trim();
    if (version !== undefined && existsSync(command)) return { command, version, origin: 'debian' };
  }
  return null;
}

/** A bitcoind that is on this machine already, or `null`. */
export function findBitcoind() {
  const onPath = findOnPath('bitcoind');
  const candidates = [[onPath, 'path'], [process.env.BITCOIND ?? null, 'environment']];
  for (const [command, origin] of candidates) {
    const version = command === null || command === '' ? null : versionOf(command);
    if (version !== null) return { command, version, origin };
  }
  return findCached();
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

function fetchFromDebian() {
  const architecture = architectures[process.arch];
  if (process.platform !== 'linux' || architecture === undefined) {
    throw new PeerUnavailable(PEER, `Debian's packages run on Linux only and this is ${process.platform} ${process.arch}. Install Bitcoin Core or Knots and put bitcoind on PATH, or name it in BITCOIND.`);
  }
  const mirror = debianMirror(PEER);
  if (findOnPath('mmdebstrap') === null) installDebianPackages(PEER, ['mmdebstrap']);
  console.error(`No bitcoind on this machine: unpacking Debian's ${PACKAGE} from ${mirror} (once; about 10 MB).`);
  const work = mkdtempSync(join(ensureFolder(peersFolder), 'unpacking-'));
  try {
    const root = join(work, 'root');
    // The variant `extract` runs no script of any package, so that nothing needs root or a namespace.
    const mode = isRoot() ? 'root' : 'chrootless';
    const sources = SUITES.map((suite) => `deb ${mirror} ${suite} main`);
    runQuietly('mmdebstrap', ['--quiet', `--mode=${mode}`, '--variant=extract', `--include=${PACKAGE}`, ...aptProxyOptions(), SUITES[0], root, ...sources], { env: { ...process.env, TMPDIR: work } });
    const folder = join(work, 'peer');
    const libraries = ensureFolder(join(folder, 'lib'));
    ensureFolder(join(folder, 'bin'));
    for (const program of PROGRAMS) {
      const source = join(root, 'usr', 'bin', program);
      copyFileSync(source, join(folder, 'bin', program));
      collectLibraries(root, architecture, source, libraries);
      writeLauncher(folder, program, architecture);
    }
    const version = versionOf(join(folder, 'bitcoind'));
    if (version === null) throw new PeerUnavailable(PEER, 'the unpacked program does not start on this machine.');
    writeFileSync(join(folder, 'complete'), `${version}\n`);
    const target = join(peersFolder, `bitcoind-${version}`);
    try {
      renameSync(folder, target);
    } catch {
      // Another process was faster; a folder without its mark is one that was cut short.
      if (findCached() === null) {
        rmSync(target, { recursive: true, force: true });
        renameSync(folder, target);
      }
    }
  } catch (fault) {
    throw fault instanceof CommandFailed ? new PeerUnavailable(PEER, `Debian's ${PACKAGE} could not be fetched or unpacked.\n${fault.message}`) : fault;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return findCached();
}

/**
 * A real bitcoind, fetched when there is none.
 * @returns `{ command, version, origin: 'path' | 'environment' | 'debian' }`
 * @throws PeerUnavailable with the reason and what to do
 */
export function ensureBitcoind() {
  const found = findBitcoind();
  const named = process.env.BITCOIND ?? '';
  if (named !== '' && (found === null || found.origin === 'debian')) throw new PeerUnavailable(PEER, `BITCOIND names ${named}, which does not run.`);
  return found ?? fetchFromDebian();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { command, version, origin } = ensureBitcoind();
    console.log(`${command} (${version}, ${origin})`);
  } catch (fault) {
    console.error(fault instanceof PeerUnavailable ? fault.message : fault);
    process.exitCode = 1;
  }
}
