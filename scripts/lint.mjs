import { runShown } from './lib/run.mjs';
import { installIfStale } from './lib/install.mjs';
import { inRoot } from './lib/paths.mjs';

/*
 * npm run lint: what can be told without running the program. Each step by itself; all of them run, whatever one says.
 */

const environments = ['core', 'node', 'electron', 'preload', 'renderer', 'test', 'scripts'];
const tool = (path, ...args) => [process.execPath, [inRoot('node_modules', path), ...args]];

const steps = [
  ['style and slips (biome)', tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--no-errors-on-unmatched')],
  ...environments.map((name) => [`types: ${name}`, tool('typescript/bin/tsc', '-p', `tsconfig.${name}.json`)]),
  ['imports between zones (dependency-cruiser)', tool('dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.mjs', 'src', 'electron', 'renderer')],
  ['files and packages that nothing uses (knip)', tool('knip/bin/knip.js')],
];

installIfStale();
const failed = [];
for (const [name, [command, args]] of steps) {
  console.error(`== ${name}`);
  if ((await runShown(command, args)) !== 0) failed.push(name);
}
console.log(failed.length === 0 ? `${steps.length} checks passed` : `${failed.length} of ${steps.length} checks failed: ${failed.join('; ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
