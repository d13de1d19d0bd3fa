import { _electron } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Measures starts; run by scripts/bench.mjs, which gives it a display, a user and a runtime. The three take turns, so that
 * whatever else the machine does falls on all of them.
 */

const [runs, output] = [Number(process.argv[2]), process.argv[3]];

const empty = mkdtempSync(join(tmpdir(), 'strongroom-empty-'));
mkdirSync(empty, { recursive: true });
writeFileSync(join(empty, 'package.json'), '{"name":"empty","main":"main.cjs"}');
writeFileSync(join(empty, 'main.cjs'), "const { app, BrowserWindow } = require('electron'); app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('data:text/html,<h1>empty</h1>'));");

const measured = { empty: [], signer: [], companion: [] };
// The first round fills the system's caches and is not counted.
for (let run = 0; run <= runs; run += 1) {
  for (const [name, folder, usable] of [['empty', empty, 'h1'], ['signer', resolve('dist/signer'), 'button:not([disabled])'], ['companion', resolve('dist/companion'), 'button:not([disabled])']]) {
    const milliseconds = await start(folder, usable);
    if (run > 0) measured[name].push(milliseconds);
  }
}
rmSync(empty, { recursive: true, force: true });
writeFileSync(output, JSON.stringify(measured));

/** From the start of the process until something that a person can use is on the screen. */
async function start(folder, usable) {
  const userData = mkdtempSync(join(tmpdir(), 'strongroom-bench-'));
  const began = performance.now();
  const app = await _electron.launch({ executablePath: process.env.STRONGROOM_ELECTRON, args: [folder, `--user-data-dir=${userData}`], chromiumSandbox: true });
  const page = await app.firstWindow();
  await page.locator(usable).first().waitFor({ state: 'visible' });
  const took = Math.round(performance.now() - began);
  await app.close();
  rmSync(userData, { recursive: true, force: true });
  return took;
}
