import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { npm } from './run.mjs';

/** Whether node_modules is what package-lock.json says, compared package by package. */
export function isInstalled() {
  const there = inRoot('node_modules/.package-lock.json');
  if (!existsSync(there)) return false;
  const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(there, 'utf8')).packages;
  // Packages for other platforms stand in the lock file and are rightly not there.
  return Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional === true || entry.devOptional === true || (found[path]?.version === entry.version && found[path]?.integrity === entry.integrity));
}

/** Installs what the lock file names where something else, or nothing, is there. No package's script runs. */
export function installIfStale({ log = console.error } = {}) {
  if (isInstalled()) return;
  log('Installing what package-lock.json names (npm ci) ...');
  npm(['ci', '--no-audit', '--no-fund'], { stdio: ['ignore', 'ignore', 'pipe'] });
}
