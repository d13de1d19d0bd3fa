import { expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { chooseFiles, exampleRolls, go, press } from '../support/app/ceremony.ts';
import { launchEdition } from '../support/app/edition.ts';
import { checkWordsOnPage } from '../support/app/outline-reader.ts';
import { noPrintService, PRINTER, startPrintService } from '../support/app/print-service.ts';
import { picturesOfPdf, videoOf } from '../support/app/prints.ts';
import { pictureOfCodes } from '../support/pictures.ts';

/** Paper in the Signer's window, as a person goes through it: ordered, looked at, printed, read back, kept account of; and swept. */

test.setTimeout(180_000);

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
const choose = (page: Page, name: RegExp): Promise<void> => page.getByRole('list', { name: 'What can be made' }).getByRole('button', { name }).click();

/** Faults of the page, collected while it runs. */
function faultsOf(page: Page): readonly string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
  return faults;
}

/** The picture of the page on the screen, as the host serves it. */
async function pictureOnScreen(page: Page, app: ElectronApplication): Promise<string> {
  const address = await page.getByRole('group', { name: 'Page' }).getByRole('img').evaluate((image) => (image as HTMLImageElement).src);
  return app.evaluate(async ({ session }, url) => (await session.fromPartition('strongroom-signer').fetch(url, { bypassCustomProtocolHandlers: false })).text(), address);
}

/** A film in which every page is held before the camera for a second. */
function filmOf(pdfs: readonly Uint8Array[]): Uint8Array {
  const films = pdfs.flatMap((pdf) => picturesOfPdf(pdf, 130)).map((picture) => Buffer.from(videoOf(picture)));
  const headerOf = (film: Buffer): number => film.indexOf('\n') + 1;
  const held = films.map((film) => Buffer.concat(Array<Buffer>(5).fill(film.subarray(headerOf(film)))));
  const [first] = films;
  if (first === undefined) throw new Error('nothing was printed');
  return new Uint8Array(Buffer.concat([first.subarray(0, headerOf(first)), ...held]));
}

test('a batch of two paper wallets: made, looked at, printed, codes copied by hand, read back by camera, sealed', async () => {
  const missing = noPrintService();
  test.skip(missing !== null, missing ?? '');
  const service = await startPrintService();
  const film = join(mkdtempSync(join(tmpdir(), 'strongroom-film-')), 'camera.y4m');
  const { page, close } = await launchEdition('signer', { environment: service.environment, args: ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`] });
  const faults = faultsOf(page);
  const violations: string[] = [];
  const look = async (moment: string): Promise<void> => { violations.push(...(await violationsOfWcag(page)).map((line) => `${moment}: ${line}`)); };
  try {
    await go(page, 'Paper');
    await choose(page, /^Paper wallets/);
    await page.getByLabel('Network').selectOption({ label: 'Practice network' });
    await page.getByLabel('How many').fill('2');
    await page.getByLabel('Label').fill('Cold box 3');
    await look('order');
    const order = page.getByRole('button', { name: 'Make 2 paper wallets' });
    await expect(order).toBeDisabled();
    await page.getByRole('textbox', { name: 'Rolls' }).fill(exampleRolls(99, 5));
    await order.click();

    await heading(page, 'Look at the pages').waitFor({ timeout: 60_000 });
    const picture = page.getByRole('group', { name: 'Page' }).getByRole('img');
    await expect(picture).toHaveAttribute('alt', /^Paper wallet: address PW-\d{8}-[0-9A-F]{4}-001-P, page 1 of 1 \(public\)/);
    await look('public page');
    await press(page, 'Secret, 2 pages');
    await expect(page.getByText('Covered. This page holds a secret.')).toBeVisible();
    await expect(picture).toHaveCount(0);
    await press(page, 'Show the secret pages');
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(100);
    await go(page, 'Keys');
    await go(page, 'Paper');
    await expect(page.getByText('Covered. This page holds a secret.')).toBeVisible();
    await look('covered page');

    await press(page, 'Print');
    const secretPrint = page.getByRole('button', { name: `Print 2 secret pages on ${PRINTER}` });
    await expect(secretPrint).toBeDisabled();
    await page.getByLabel('Who prints').fill('Ada');
    await press(page, `Print 2 public pages on ${PRINTER}`);
    await service.untilPrinted(1);
    await expect(secretPrint).toBeDisabled();
    for (const check of await page.getByRole('group', { name: 'Before a secret page is printed' }).getByRole('checkbox').all()) await check.check();
    await look('print');
    // Enter does not print; the space bar does.
    await expect(secretPrint).toBeEnabled();
    await secretPrint.focus();
    await page.keyboard.press('Enter');
    await expect(secretPrint).toBeFocused();
    await page.keyboard.press('Space');
    await service.untilPrinted(2);
    await expect(page.getByText(`Printed on ${PRINTER}, not proven`)).toHaveCount(2);

    await press(page, 'Copy the codes by hand');
    const codes: string[] = [];
    for (const number of [1, 2]) {
      await expect(page.getByText(`Code ${number} of 2`)).toBeVisible();
      await press(page, 'Show the code');
      codes.push(((await page.getByRole('status', { name: /^Code: / }).innerText()).match(/[A-Z0-9]/g) ?? []).join(''));
      if (number === 1) await look('code');
      await press(page, 'It is written on this sheet');
    }
    expect(codes.every((code) => /^[ACDEFGHJKLMNPRTVWXYZ3479]{12}$/.test(code))).toBe(true);
    expect(codes[0]).not.toBe(codes[1]);
    await expect(heading(page, 'All 2 codes are written down')).toBeVisible();
    expect((await page.evaluate(() => document.documentElement.outerHTML)).replace(/<[^>]*>/g, '')).not.toContain(codes[1]?.slice(0, 4));

    await press(page, 'Read the print back');
    await expect(heading(page, '0 of 4 sheets made')).toBeVisible();
    await look('read back');
    writeFileSync(film, filmOf(service.prints().map(({ pdf }) => pdf)));
    await press(page, 'Start the camera');
    await expect(heading(page, 'All 4 sheets count as made')).toBeVisible({ timeout: 60_000 });
    await look('made');
    await press(page, 'Done: forget the sheets');

    await press(page, 'Register');
    const sheets = page.getByRole('list', { name: 'Sheets in the register' }).getByRole('listitem');
    await expect(sheets).toHaveCount(4);
    await expect(page.getByRole('region', { name: 'Next step' })).toContainText('4 sheets: 4 made.');
    await sheets.filter({ hasText: '001-S' }).getByRole('button').click();
    await press(page, 'Note the seal');
    await page.getByLabel('Number of the bag').fill('B-1042');
    await page.getByLabel('Who says so').fill('Ada, Bo');
    await look('seal');
    await press(page, 'Write the seal into the register');
    await expect(page.getByRole('definition').filter({ hasText: 'B-1042' })).toBeVisible();
    await page.getByLabel('Show').selectOption({ label: 'Sealed' });
    await expect(sheets).toHaveCount(1);
    await page.getByLabel('Show').selectOption({ label: 'Made' });
    await sheets.filter({ hasText: '002-S' }).getByRole('button').click();
    await press(page, 'Void it');
    await expect(page.getByRole('button', { name: 'Write into the register that it is void' })).toBeDisabled();
    await page.getByRole('textbox', { name: 'Why' }).fill('burnt after a rehearsal');
    await page.getByLabel('Who says so').fill('Ada');
    await press(page, 'Write into the register that it is void');
    await expect(page.getByRole('region', { name: 'Next step' })).toContainText('4 sheets: 2 made; 1 sealed; 1 void.');
    await look('register');
    expect(violations).toEqual([]);
    expect(faults).toEqual([]);
  } finally {
    await close();
    service.close();
  }
});

test('a blank form, by keyboard alone: prepared, and proven by the three words at its foot, which the screen does not show', async () => {
  const { page, app, close } = await launchEdition('signer');
  const faults = faultsOf(page);
  const focused = (): Promise<string> => page.evaluate(() => ((document.activeElement as HTMLElement | null)?.innerText ?? '').trim());
  const tabTo = async (text: string): Promise<void> => {
    for (let step = 0; step < 80; step += 1) {
      if ((await focused()).startsWith(text)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not reach "${text}"`);
  };
  try {
    await heading(page, 'No key yet').waitFor();
    await tabTo('Paper');
    await page.keyboard.press('Enter');
    await heading(page, 'Seed sheet').waitFor();
    await tabTo('Blank forms');
    await page.keyboard.press('Enter');
    await tabTo('Prepare the form');
    await page.keyboard.press('Enter');
    await heading(page, 'Look at the pages').waitFor();
    const words = checkWordsOnPage(await pictureOnScreen(page, app), 297);
    expect(words).toMatch(/^[a-z]{5} [a-z]{5} [a-z]{5}$/);
    await tabTo('Print');
    await page.keyboard.press('Enter');
    await heading(page, 'Print').waitFor();
    await tabTo('Read the print back');
    await page.keyboard.press('Enter');
    await heading(page, 'Read the print back').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    const field = page.getByRole('textbox', { name: 'Check words' });
    await expect(page.getByRole('img')).toHaveCount(0);
    expect(await page.evaluate(() => document.body.innerText)).not.toContain(words.slice(0, 5));
    await page.keyboard.press('Tab');
    await expect(field).toBeFocused();
    await page.keyboard.type('gubad lufom kisav');
    await page.keyboard.press('Enter');
    await expect(heading(page, 'These are not the words of this sheet')).toBeVisible();
    expect(await violationsOfWcag(page)).toEqual([]);
    await field.fill('');
    await page.keyboard.type(words.toUpperCase());
    await page.keyboard.press('Enter');
    await expect(heading(page, 'The sheet counts as made')).toBeVisible();
    await expect(page.getByText('made: read back by its check words')).toBeVisible();
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});

test('what was typed for an order is gone when the workspace was left, and a print that is ended says what is lost', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await go(page, 'Paper');
    await choose(page, /^Paper wallets/);
    await page.getByLabel('BIP38: a passphrase').check();
    await page.getByLabel('BIP38 passphrase', { exact: true }).fill('canary horse battery');
    await page.getByRole('textbox', { name: 'Rolls' }).fill(exampleRolls(99, 5));
    await go(page, 'Wallets');
    await go(page, 'Paper');
    await expect(page.getByLabel('BIP38 passphrase', { exact: true })).toHaveValue('');
    await expect(page.getByRole('textbox', { name: 'Rolls' })).toHaveValue('');
    await expect(heading(page, 'You left this page')).toBeVisible();

    await page.getByLabel('SecurePrint: short code by hand').check();
    await page.getByRole('textbox', { name: 'Rolls' }).fill(exampleRolls(99, 6));
    await press(page, 'Make the paper wallet');
    await heading(page, 'Look at the pages').waitFor({ timeout: 60_000 });
    await press(page, 'End this print');
    const dialog = page.getByRole('dialog', { name: 'End this print?' });
    await expect(dialog).toContainText('2 sheets not printed from here');
    await expect(dialog).toContainText('1 short code not written down');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await press(page, 'Make');
    await expect(page.getByRole('region', { name: 'Next step' })).toContainText('Another print is open.');
    await press(page, 'Go to the open print');
    await press(page, 'End this print');
    await press(page, 'End it and forget the sheets');
    await press(page, 'Register');
    await expect(heading(page, 'No sheet is in the register')).toBeVisible();
    expect(await violationsOfWcag(page)).toEqual([]);
  } finally {
    await close();
  }
});

test('without a camera the picture file stands beside it, and says what to do', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await go(page, 'Paper');
    await choose(page, /^Blank forms/);
    await press(page, 'Prepare the form');
    await press(page, 'Print');
    await press(page, 'Read the print back');
    await press(page, 'Start the camera');
    await expect(heading(page, 'No camera was found')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Choose pictures of the print' })).toBeEnabled();
    expect(await violationsOfWcag(page)).toEqual([]);
  } finally {
    await close();
  }
});

/* A sweep. Private key 1 is nobody's; its practice address holds 100,000 sats of a transaction that is only in this file. */
const WIF_OF_ONE = 'cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA';
const ADDRESS_OF_ONE = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';

function sweepPsbt(): Uint8Array {
  const le = (value: number, bytes: number): string => Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index).toString(16).slice(-2).padStart(2, '0')).join('');
  const pay = (sats: number, keyHash: string): string => `${le(sats, 8)}160014${keyHash}`;
  const transaction = (txid: string, output: string): string => `0200000001${txid}0000000000ffffffff01${output}00000000`;
  const previous = transaction('aa'.repeat(32), pay(100_000, '751e76e8199196d454941c45d1b3a323f1433bd6'));
  const hash = (hex: string): string => createHash('sha256').update(createHash('sha256').update(Buffer.from(hex, 'hex')).digest()).digest('hex');
  const spend = transaction(hash(previous), pay(99_000, '06afd46bcdfd22ef94ac122aa11f241244a37ecc'));
  const field = (hex: string): string => `0100${le(hex.length / 2, 1)}${hex}`;
  return new Uint8Array(Buffer.from(`70736274ff${field(spend)}00${field(previous)}0000`, 'hex'));
}

test('a paper wallet is swept: its key shows its addresses, the review names it, the signed file is saved, and leaving forgets it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-sweep-'));
  const unsigned = join(folder, 'sweep.unsigned.psbt');
  writeFileSync(unsigned, sweepPsbt());
  const film = join(folder, 'camera.y4m');
  writeFileSync(film, videoOf(pictureOfCodes([ADDRESS_OF_ONE, WIF_OF_ONE], 6)));
  const { page, app, close } = await launchEdition('signer', { args: ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`] });
  const faults = faultsOf(page);
  const violations: string[] = [];
  try {
    await go(page, 'Sign');
    await press(page, 'Sweep paper wallets');
    await page.getByLabel('Network').selectOption({ label: 'Practice network' });
    const secret = page.getByLabel('Private key from the sheet', { exact: true });
    await secret.fill(WIF_OF_ONE.replace('cMah', 'cMaH'));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('secret.');
    await secret.fill(WIF_OF_ONE);
    await page.keyboard.press('Enter');
    const addresses = page.getByRole('list', { name: /^Addresses of key / });
    await expect(addresses).toContainText('P2WPKH');
    expect((await addresses.innerText()).replace(/\s/g, '')).toContain(ADDRESS_OF_ONE);
    await expect(secret).toHaveValue('');
    violations.push(...(await violationsOfWcag(page)));
    // Leaving closes the key.
    await go(page, 'Wallets');
    await go(page, 'Sign');
    await press(page, 'Sweep paper wallets');
    await expect(page.getByRole('button', { name: 'Open PSBT and review' })).toBeDisabled();

    await page.getByLabel('Network').selectOption({ label: 'Practice network' });
    // This time by camera; the address on the same page is no key and is left alone.
    await press(page, 'Scan keys instead');
    await press(page, 'Start the camera');
    await addresses.waitFor();
    await press(page, 'Put the camera away');
    await expect(page.locator('video')).toHaveCount(0);
    await expect(page.getByRole('list', { name: 'Open keys' }).getByRole('button')).toHaveCount(1);
    await chooseFiles(app, unsigned);
    await press(page, 'Open PSBT and review');
    await page.getByRole('region', { name: 'Arithmetic' }).waitFor();
    await page.getByText('1 input', { exact: true }).click();
    await expect(page.getByRole('region', { name: 'Inputs' })).toContainText(/paper key [0-9a-f]{8}, P2WPKH/);
    await expect(page.getByRole('region', { name: 'Findings' })).toContainText('sweep.unproven-destination');
    await expect(page.getByRole('button', { name: 'Sign for 1 paper key' })).toBeDisabled();
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    violations.push(...(await violationsOfWcag(page)));
    const sign = page.getByRole('button', { name: 'Sign for 1 paper key' });
    await sign.focus();
    await page.keyboard.press('Enter');
    await expect(sign).toBeVisible();
    await sign.click();
    await heading(page, 'Signed 1 input').waitFor();
    await app.evaluate(({ dialog }, filePath) => void (dialog.showSaveDialog = async () => ({ canceled: false, filePath })), join(folder, 'signed.psbt'));
    await press(page, 'Save signed PSBT');
    await heading(page, 'Saved').waitFor();
    const signed = readFileSync(join(folder, 'signed.psbt'));
    expect(signed.length).toBeGreaterThan(sweepPsbt().length + 100);
    expect((await page.evaluate(() => document.documentElement.outerHTML))).not.toContain(WIF_OF_ONE);
    violations.push(...(await violationsOfWcag(page)));
    expect(violations).toEqual([]);
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});
