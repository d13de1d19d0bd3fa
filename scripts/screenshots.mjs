import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installIfStale } from './lib/install.mjs';
import { ensureNode } from './lib/node-runtime.mjs';
import { inRoot } from './lib/paths.mjs';
import { runShown } from './lib/run.mjs';

/*
 * Takes docs/screenshots/*.png anew: both editions in a real Electron at 1280x800, light and dark, on the practice network,
 * through a whole ceremony. Nothing in them is painted: what they show is what the program did.
 */

async function main() {
  installIfStale();
  await ensureNode();
  const { buildEverything } = await import('./lib/bundles.mjs');
  const { openWindowPlace } = await import('./lib/app-suite.mjs');
  await buildEverything();
  const place = await openWindowPlace();
  if ('missing' in place) {
    console.error(place.missing);
    return 69;
  }
  try {
    const output = join(place.user.home, 'screenshots');
    const [name, parameters] = place.user.command(place.user.node, [join(place.user.checkout, 'test/support/app/take-screenshots.ts'), output]);
    const status = await runShown(name, parameters, { cwd: place.user.checkout, env: place.environment });
    if (status !== 0) return status;
    mkdirSync(inRoot('docs/screenshots'), { recursive: true });
    cpSync(output, inRoot('docs/screenshots'), { recursive: true });
    console.log(`Took ${readdirSync(output).length} pictures into docs/screenshots/.`);
    return 0;
  } finally {
    place.close();
  }
}

process.exitCode = await main();
