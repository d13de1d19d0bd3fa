import { expect, test, type Page, type TestInfo } from '@playwright/test';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { chooseFiles, go, press } from '../support/app/ceremony.ts';
import { chanceOf, codesOnScreen, videoOfCodes } from '../support/app/code-video.ts';
import { ask, launchEdition, type RunningEdition } from '../support/app/edition.ts';
import { largeSpend } from '../support/large-spend.ts';
import type { GreyPicture } from '../support/pictures.ts';

/*
 * A transaction crosses the gap as codes. One edition draws them in a real window; what it painted becomes a video, with pictures lost,
 * and Chromium's fake camera shows that to the other edition.
 */

test.describe.configure({ mode: 'serial' });
test.setTimeout(120_000);

const passphrase = 'correct horse battery';
const chance = chanceOf(7);
/** 52 kB. What spends the inputs of real previous transactions cannot be compressed, and here neither. */
const spend = largeSpend(84, () => Uint8Array.from({ length: 139 }, () => Math.floor(chance() * 256)));
const PER_SECOND = 10;
const signButton = 'Sign as cosigner Alice (73c5da0a)';
/** More than the worst case needs, so that the video does not begin again. */
const CODES = 64;

let folder: string;
let codes: readonly GreyPicture[];
let parts: number;
let replyCodes: readonly GreyPicture[];
let replyParts: number;

const value = async (page: Page, name: string, input: unknown): Promise<Record<string, string>> => {
  const reply = (await ask(page, name, input)) as { ok: boolean; value: Record<string, string> };
  expect(reply, name).toMatchObject({ ok: true });
  return reply.value;
};

/** The Companion with the wallet on its shelf, and that file opened as a reply that nobody has signed. */
async function companionWith(file: string, options: Parameters<typeof launchEdition>[1] = {}): Promise<RunningEdition> {
  const running = await launchEdition('companion', options);
  await value(running.page, 'shelf.add-wallet', { name: 'treasury.wallet.json', wallet: spend.walletFile });
  await running.page.reload();
  await go(running.page, 'Combine & send');
  await chooseFiles(running.app, file);
  await press(running.page, 'Open replies');
  await running.page.getByRole('heading', { name: '2 signatures still needed' }).waitFor({ timeout: 30_000 });
  return running;
}

/** The Signer with a key and the registered wallet, unlocked, before its camera. */
async function signerBefore(args: readonly string[], userData: string): Promise<RunningEdition> {
  const running = await launchEdition('signer', { userData, args });
  const { page } = running;
  const key = await value(page, 'key.restore', { network: 'regtest', label: 'Alice', secrets: [spend.mnemonic], passphrase });
  const registered = await value(page, 'wallet.register', { keyHandle: key['keyHandle'], wallet: spend.walletFile, policyId: spend.policyId });
  await value(page, 'shelf.add-key', { name: key['suggestedName'], keyFileBase64: key['keyFileBase64'] });
  await value(page, 'shelf.add-registration', { name: registered['suggestedName'], registration: registered['registration'] });
  await page.reload();
  await go(page, 'Keys');
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await press(page, 'Unlock');
  await page.getByText('Unlocked', { exact: true }).waitFor({ timeout: 60_000 });
  await go(page, 'Sign');
  return running;
}

const camera = (video: string): readonly string[] => ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${video}`];

/** Starts the camera, and counts from its first picture until the scan is whole. @returns milliseconds */
async function scanned(page: Page): Promise<number> {
  const counted = page.evaluate(() => new Promise<number>((done) => {
    let began = 0;
    const look = (): void => {
      const live = document.querySelector('.camera-view[data-live="true"]') !== null;
      if (began === 0 && live) began = performance.now();
      if (began !== 0 && document.querySelector('dialog') === null) done(performance.now() - began);
      else requestAnimationFrame(look);
    };
    look();
  }));
  await press(page, 'Start the camera');
  return counted;
}

/** A new file each time: the last window may still have the one before open. */
function videoFile(pictures: readonly GreyPicture[], lost: number): string {
  const path = join(folder, `camera-${videos += 1}.y4m`);
  writeFileSync(path, videoOfCodes(pictures, { width: 800, height: 600, perSecond: PER_SECOND, lost, seed: 1 + Math.round(lost * 100) }));
  return path;
}
let videos = 0;

/** Notes how long a transfer took. @returns how many times as long as showing every code once takes */
function figure(testInfo: TestInfo, { what, parts: count, lost, tookMs }: { readonly what: string; readonly parts: number; readonly lost: number; readonly tookMs: number }): number {
  const idealMs = (count / PER_SECOND) * 1000;
  const ratio = tookMs / idealMs;
  const description = `${what}: ${count} codes, ${lost * 100} % lost: ${(tookMs / 1000).toFixed(1)} s, ${ratio.toFixed(2)} times the ideal`;
  console.log(description);
  testInfo.annotations.push({ type: 'figure', description });
  return ratio;
}

/** Opens the codes, pauses them at the first and takes pictures of so many. */
async function shownCodes({ app, page }: RunningEdition, name: string, count: number): Promise<{ readonly codes: readonly GreyPicture[]; readonly parts: number }> {
  await press(page, 'Show as codes');
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByRole('button', { name: 'Pause' }).click();
  const position = page.locator('[data-position]');
  await expect(position).toHaveText(/^Code \d+ of \d+$/);
  const of = Number(/of (\d+)/.exec(await position.innerText())?.[1]);
  while (Number(await position.getAttribute('data-position')) > 0) await press(page, 'Code before');
  return { codes: await codesOnScreen(app, page, count), parts: of };
}

/** The hash of the file that is on the screen for review. */
const reviewed = async (page: Page): Promise<{ readonly sha256: string }> => ({ sha256: /[0-9a-f]{64}/.exec(await page.getByRole('region', { name: 'File' }).innerText())?.[0] ?? '' });

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-frames-'));
  writeFileSync(join(folder, 'large.psbt'), spend.psbt);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('companion: a transaction is shown as codes, paced, paused and stepped through', async () => {
  const { app, page, close } = await companionWith(join(folder, 'large.psbt'));
  try {
    await press(page, 'Show as codes');
    const dialog = page.getByRole('dialog', { name: 'The combined transaction as codes' });
    await dialog.getByText(/^Code \d+ of \d+$/).waitFor();
    // It plays by itself; whatever the machine, some codes have passed.
    await expect.poll(async () => Number(await page.locator('[data-position]').getAttribute('data-position'))).toBeGreaterThan(5);
    expect(await violationsOfWcag(page)).toEqual([]);
    await press(page, 'Pause');
    const paused = await page.locator('[data-position]').getAttribute('data-position');
    await page.waitForTimeout(400);
    expect(await page.locator('[data-position]').getAttribute('data-position')).toBe(paused);
    // Opened anew, it begins anew.
    await dialog.getByRole('button', { name: 'Close' }).click();
    ({ codes, parts } = await shownCodes({ app, page } as RunningEdition, 'The combined transaction as codes', CODES));
    expect(parts).toBeGreaterThan(15);
    // No two are alike, and all are black on white.
    expect(new Set(codes.map(({ luma }) => Buffer.from(luma).toString('base64'))).size).toBe(CODES);
    expect(new Set(codes.flatMap(({ luma }) => [luma[0], luma[luma.length - 1]]))).toEqual(new Set([255]));
  } finally {
    await close();
  }
});

for (const { lost, limit } of [{ lost: 0.1, limit: 2 }, { lost: 0.3, limit: Infinity }]) {
  test(`signer: 52 kB are read from a video of ten codes a second with ${lost * 100} % of them lost, and come up for review`, async ({}, testInfo) => {
    const signer = await signerBefore(camera(videoFile(codes, lost)), join(folder, `signer-${lost}`));
    const { page } = signer;
    try {
      await press(page, 'Scan codes');
      await page.getByRole('dialog', { name: 'Scan the transaction' }).waitFor();
      if (lost === 0.1) expect(await violationsOfWcag(page)).toEqual([]);
      const ratio = figure(testInfo, { what: `${spend.psbt.length} bytes`, parts, lost, tookMs: await scanned(page) });
      expect(ratio).toBeLessThan(limit);
      await page.getByRole('button', { name: signButton }).waitFor({ timeout: 30_000 });
      await expect(page.getByText(/^transaction-[0-9a-f]{4}\.psbt/)).toBeVisible();
      // The review's id is the hash of the bytes: those that were shown.
      const { sha256 } = await reviewed(page);
      expect(sha256).toBe(createHash('sha256').update(spend.psbt).digest('hex'));
      if (lost === 0.1) return;
      await page.getByRole('button', { name: signButton }).click();
      await page.getByRole('heading', { name: /^Signed 84 inputs$/ }).waitFor({ timeout: 60_000 });
      ({ codes: replyCodes, parts: replyParts } = await shownCodes(signer, 'The signed transaction as codes', CODES));
    } finally {
      await signer.close();
    }
  });
}

test('companion: the signed reply comes back the same way, and is combined', async ({}, testInfo) => {
  const userData = join(folder, 'companion');
  const companion = await launchEdition('companion', { userData, args: camera(videoFile(replyCodes, 0.2)) });
  const { page } = companion;
  try {
    await value(page, 'shelf.add-wallet', { name: 'treasury.wallet.json', wallet: spend.walletFile });
    await page.reload();
    await go(page, 'Combine & send');
    await press(page, 'Scan codes');
    figure(testInfo, { what: 'The signed reply', parts: replyParts, lost: 0.2, tookMs: await scanned(page) });
    await page.getByRole('heading', { name: '1 signature still needed' }).waitFor({ timeout: 30_000 });
    await expect(page.getByText(/^transaction-[0-9a-f]{4}\.psbt$/)).toBeVisible();
  } finally {
    await companion.close();
  }
});
