import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeModules } from '../../src/airgap/frames/code-modules.ts';
import { frameSequence } from '../../src/airgap/frames/frame-sequence.ts';
import { calibrationText } from '../../src/service/shared/calibration-codes.ts';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { chooseFiles, go, press } from '../support/app/ceremony.ts';
import { videoOfCodes } from '../support/app/code-video.ts';
import { ask, launchEdition, type RunningEdition } from '../support/app/edition.ts';
import { largeSpend } from '../support/large-spend.ts';
import { pictureOfCodes, pngOf, type GreyPicture } from '../support/pictures.ts';

/* The ways beside the camera's, what is said of codes that belong elsewhere, and the measuring of a camera. */

test.describe.configure({ mode: 'serial' });
test.setTimeout(90_000);

const spend = largeSpend(9);
const framesOf = (bytes: Uint8Array): readonly string[] => {
  const sequence = frameSequence({ kind: 'psbt', bytes }, { format: 'bbqr', version: 10 });
  return Array.from({ length: sequence.parts }, (_, position) => sequence.frame(position));
};
const frames = framesOf(spend.psbt);
const [stray] = framesOf(largeSpend(30).psbt) as [string];

let folder: string;
let running: RunningEdition;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-frames-scan-'));
  const codes = [10, 14, 20].flatMap((version) => Array.from({ length: 12 }, (_, number) => drawn(calibrationText(version, number), version)));
  writeFileSync(join(folder, 'calibration.y4m'), videoOfCodes(codes, { width: 640, height: 480, perSecond: 8, lost: 0, seed: 1 }));
  running = await launchEdition('companion', { args: ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${join(folder, 'calibration.y4m')}`] });
  expect(await ask(running.page, 'shelf.add-wallet', { name: 'treasury.wallet.json', wallet: spend.walletFile })).toMatchObject({ ok: true });
  await running.page.reload();
  await go(running.page, 'Combine & send');
});
test.afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

function drawn(text: string, version: number, modulePx = 4): GreyPicture {
  const { size, rows } = codeModules(text, version);
  const side = (size + 8) * modulePx;
  const luma = new Uint8Array(side * side).fill(255);
  const stride = (size + 7) >> 3;
  for (let y = 0; y < size * modulePx; y += 1) {
    for (let x = 0; x < size * modulePx; x += 1) {
      const [row, column] = [Math.floor(y / modulePx), Math.floor(x / modulePx)];
      if ((((rows[row * stride + (column >> 3)] as number) >> (7 - (column & 7))) & 1) === 1) luma[(y + 4 * modulePx) * side + x + 4 * modulePx] = 0;
    }
  }
  return { width: side, height: side, luma };
}

const pictureFile = (name: string, texts: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, pngOf(pictureOfCodes(texts, 3)));
  return path;
};

test('pictures from files: several codes in one, the missing ones are named, another transfer is told apart, and the reply is combined', async () => {
  const { app, page } = running;
  expect(frames.length).toBeGreaterThan(3);
  await press(page, 'Scan codes');
  const dialog = page.getByRole('dialog', { name: 'Scan a signed reply' });
  await chooseFiles(app, pictureFile('first.png', [frames[0] as string, frames[2] as string, stray]));
  await press(page, 'Choose pictures of the codes');
  await expect(dialog.getByRole('heading', { name: 'BBQr: a transaction to sign' })).toBeVisible();
  await expect(dialog.getByText(new RegExp(`^2 of ${frames.length} codes; missing: 2, 4`))).toBeVisible();
  await expect(dialog.getByText(/Codes of another transfer are in view/)).toBeVisible();
  expect(await violationsOfWcag(page)).toEqual([]);
  await chooseFiles(app, pictureFile('second.png', frames.filter((_, index) => index % 2 === 1)), pictureFile('third.png', frames.filter((_, index) => index % 2 === 0)));
  await press(page, 'Choose pictures of the codes');
  await page.getByRole('heading', { name: '2 signatures still needed' }).waitFor({ timeout: 30_000 });
  await press(page, 'Put away unsent');
});

test('a code that holds something else is named and not taken; starting over forgets what was begun', async () => {
  const { app, page } = running;
  await press(page, 'Scan codes');
  const dialog = page.getByRole('dialog', { name: 'Scan a signed reply' });
  await chooseFiles(app, pictureFile('text.png', ['https://example.org/', stray]));
  await press(page, 'Choose pictures of the codes');
  await expect(dialog.getByText('A code in view holds a text (plain text), which is not what is read here.')).toBeVisible();
  await expect(dialog.getByText(/^1 of \d+ codes/)).toBeVisible();
  await press(page, 'Start over');
  await expect(dialog.getByText(/^Nothing read yet/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
});

test('a camera is measured by the other machine\'s codes, and what it reads is kept', async () => {
  const { page } = running;
  await press(page, 'Scan codes');
  await press(page, 'Measure this camera');
  const dialog = page.getByRole('dialog', { name: 'Which density does this camera read?' });
  await press(page, 'Start the camera');
  await expect(dialog.getByRole('heading', { name: 'This camera reads density 20 here' })).toBeVisible({ timeout: 30_000 });
  await press(page, 'Stop the camera');
  expect(await violationsOfWcag(page)).toEqual([]);
  await press(page, 'Show this machine\'s codes at density 20 too');
  await expect(dialog.getByText('Kept: this machine shows its own codes at density 20 too.')).toBeVisible();
  expect(await ask(page, 'frames.settings', {})).toEqual({ ok: true, value: { version: 20, codesPerSecond: 10 } });
  await dialog.getByRole('button', { name: 'Close' }).click();
});

test('codes for measuring are shown with rising density, and the answer becomes the density of what is shown', async () => {
  const { app, page } = running;
  const file = join(folder, 'reply.psbt');
  writeFileSync(file, largeSpend(40).psbt);
  await chooseFiles(app, file);
  await press(page, 'Open replies');
  await page.getByRole('heading', { name: '2 signatures still needed' }).waitFor({ timeout: 30_000 });
  await press(page, 'Show as codes');
  await expect(page.locator('.range output').first()).toHaveText('20 of 40');
  await press(page, 'Find the best density');
  await expect(page.getByText('Density 10', { exact: true })).toBeVisible();
  await expect(page.getByText('Density 12', { exact: true })).toBeVisible({ timeout: 15_000 });
  expect(await violationsOfWcag(page)).toEqual([]);
  await page.getByLabel('It reads density').selectOption('14');
  await press(page, 'Show codes at density 14 from now on');
  await expect(page.locator('.range output').first()).toHaveText('14 of 40');
  // By keyboard: one step denser.
  await page.getByLabel('Density').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.range output').first()).toHaveText('17 of 40');
  await page.getByLabel('Who reads it').selectOption('Electrum');
  await expect(page.getByRole('alert')).toContainText('frames.too-large');
  await expect(page.locator('svg.code')).toHaveCount(0);
  await page.getByLabel('Who reads it').selectOption('Coldcard Q');
  await expect(page.getByText('Shown as BBQr.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('who asked the system for less motion gets codes that stand still until they are played', async () => {
  const { page } = running;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await press(page, 'Show as codes');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(page.getByText(/^Paused, since this system is set to less motion/)).toBeVisible();
  await page.waitForTimeout(500);
  expect(await page.locator('[data-position]').getAttribute('data-position')).toBe('0');
  await press(page, 'Next code');
  await expect(page.locator('[data-position="1"]')).toBeVisible();
});
