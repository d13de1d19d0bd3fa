import { existsSync, rmSync } from 'node:fs';
import { describeFinding, inspectArchive } from './lib/artifact-gate.mjs';
import { buildEverything, editions, titles } from './lib/bundles.mjs';
import { ensureElectron } from './lib/electron.mjs';
import { ensureNode, withNode } from './lib/node-runtime.mjs';
import { packagedArchive, packagedFolder } from './lib/packaging.mjs';
import { inRoot } from './lib/paths.mjs';
import { runQuietly } from './lib/run.mjs';

/*
 * npm run package: both editions as applications, unpacked, without any download. What comes out is inspected at once; an
 * application that holds what it must not hold is deleted.
 */

/** @param electron what `ensureElectron` gave */
export function packageEdition(edition, node, electron) {
  rmSync(inRoot('release', edition), { recursive: true, force: true });
  const facts = {
    appId: `org.strongroom.${edition}`,
    productName: titles[edition],
    'linux.executableName': `strongroom-${edition}`,
    'linux.icon': `icon-${edition}.png`,
    'directories.app': `dist/${edition}`,
    'directories.output': `release/${edition}`,
    electronDist: electron.folder,
    electronVersion: electron.version,
  };
  const environment = withNode(node, { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1', CSC_IDENTITY_AUTO_DISCOVERY: 'false' });
  const options = Object.entries(facts).map(([name, value]) => `--config.${name}=${value}`);
  runQuietly(node, [inRoot('node_modules/electron-builder/cli.js'), '--linux', 'dir', '--config', 'electron-builder.yml', '--publish', 'never', ...options], { env: environment });
  const archive = packagedArchive(edition);
  if (!existsSync(archive)) throw new Error(`${archive} was not made.`);
  const found = inspectArchive(archive, edition);
  if (found.length > 0) {
    rmSync(inRoot('release', edition), { recursive: true, force: true });
    throw new Error(`The packaged ${edition} was deleted:\n  ${found.map(describeFinding).join('\n  ')}`);
  }
  return packagedFolder(edition);
}

export async function packageBoth({ build = true, log = console.error } = {}) {
  const node = await ensureNode();
  const electron = await ensureElectron({ log });
  if (build) await buildEverything();
  if (!electron.official) log('The applications get a stand-in runtime, for tests on this machine only. Never give them to anybody.');
  return editions.map((edition) => packageEdition(edition, node, electron));
}

if (process.argv[1] === inRoot('scripts/package.mjs')) {
  try {
    for (const folder of await packageBoth()) console.log(`Packaged ${folder}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
