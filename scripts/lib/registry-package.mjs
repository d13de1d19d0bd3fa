import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ensureFolder } from './paths.mjs';
import { npm, runQuietly } from './run.mjs';

/**
 * Fetches one package of the npm registry as an archive, compares it with the pinned hash, and unpacks it. No script of the
 * package runs. The folder appears whole or not at all.
 * @param spec name@version
 * @param integrity `sha512-...`, as a lock file states it
 * @param folder where the package's content is to be
 * @param prepare called with the unpacked folder before it is put in place
 */
export async function unpackRegistryPackage(spec, integrity, folder, prepare) {
  const parent = ensureFolder(dirname(folder));
  const work = mkdtempSync(join(parent, '.fetch-'));
  try {
    const answer = JSON.parse(npm(['pack', spec, '--json', '--ignore-scripts', '--pack-destination', work], { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] }));
    // npm 11 answers with a list, npm 12 with a record by name.
    const [{ filename }] = Array.isArray(answer) ? answer : Object.values(answer);
    const archive = join(work, filename.replace(/^@/, '').replaceAll('/', '-'));
    await requireIntegrity(archive, integrity, spec);
    runQuietly('tar', ['-xzf', archive, '-C', work, '--no-same-owner']);
    const unpacked = join(work, 'package');
    await prepare?.(unpacked);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function requireIntegrity(archive, integrity, spec) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  const actual = `sha512-${hash.digest('base64')}`;
  // SECURITY: what is fetched here is run; it must be the very bytes that were looked at when the pin was made.
  if (actual !== integrity) throw new Error(`${spec} is not the package that is pinned here. Expected ${integrity}, got ${actual}. Nothing was unpacked.`);
}
