import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { honestFile } from '../support/attack-setups.ts';
import { cleanEnvironment, electronExecutable, launchEdition, type Edition, type RunningEdition } from '../support/app/edition.ts';
import { watch } from '../support/app/look.ts';

/*
 * Files that the system hands to a program that runs already: by double click, or on the command line of a second start. The first
 * window lists them by name under Files, and opens nothing by itself.
 */

test.setTimeout(90_000);

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-handed-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the program again on the same data, in the folder of the files, and waits until it has ended. */
async function startAgain(edition: Edition, running: RunningEdition, ...files: readonly string[]): Promise<void> {
  const second = spawn(electronExecutable(), [resolve('dist', edition), `--user-data-dir=${running.userData}`, ...files], { cwd: folder, env: cleanEnvironment(), stdio: 'ignore' });
  expect(await new Promise((ended) => second.on('close', ended))).toBe(0);
}

const files = ({ page }: RunningEdition) => page.getByRole('navigation', { name: 'Workspaces' }).getByRole('button', { name: 'Files' });

test('Companion: what a second start names is listed, waits, and is opened by a person; what is no plain file is refused by name', async ({}, info) => {
  writeFileSync(join(folder, 'treasury.coldcard.txt'), honestFile('coldcard'));
  writeFileSync(join(folder, 'holiday.png'), 'a picture');
  symlinkSync(join(folder, 'treasury.coldcard.txt'), join(folder, 'linked.wallet.json'));
  mkdirSync(join(folder, 'folder.psbt'));
  writeFileSync(join(folder, 'huge.psbt'), '');
  truncateSync(join(folder, 'huge.psbt'), 20_000_000);
  writeFileSync(join(folder, `${'long '.repeat(39)}long.psbt`), 'psbt');
  const running = await launchEdition('companion');
  const { page } = running;
  const { look, faults } = watch(running, info);
  try {
    await expect(page.getByRole('heading', { name: 'Node', level: 1 })).toBeVisible();
    await startAgain('companion', running, 'treasury.coldcard.txt', 'linked.wallet.json', 'folder.psbt', 'huge.psbt', 'gone.psbt', 'holiday.png', `${'long '.repeat(39)}long.psbt`);
    // The sidebar says that something waits; where the person is, and what is there, stays.
    await expect(files(running)).toContainText('7');
    await expect(page.getByRole('heading', { name: 'Node', level: 1 })).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await files(running).click();
    await expect(page.getByRole('table', { name: 'Files handed over', exact: true }).getByRole('row')).toHaveText([/Name/, /treasury\.coldcard\.txt.*Import/]);
    const refused = page.getByRole('table', { name: 'Files handed over that are not opened' });
    for (const [name, code] of [['linked.wallet.json', 'file.not-regular'], ['folder.psbt', 'file.not-regular'], ['huge.psbt', 'file.too-large'], ['gone.psbt', 'file.not-found'], ['holiday.png', 'file.unknown-name'], ['long long', 'file.unknown-name']] as const) {
      await expect(refused.getByRole('row').filter({ hasText: name })).toContainText(code);
    }
    await look('handed-companion');
    // Put away is off the list for good; a file that vanished meanwhile is named, and the words stay.
    await page.getByRole('button', { name: 'Put away linked.wallet.json' }).click();
    await expect(refused).not.toContainText('linked.wallet.json');
    await page.getByRole('button', { name: 'Import treasury.coldcard.txt' }).click();
    await expect(page.getByLabel('Name of the wallet')).toBeVisible();
    expect(faults).toEqual([]);
  } finally {
    await running.close();
  }
});

test('a file that grows after it was listed is refused by name, and the words stay until something else is done', async ({}, info) => {
  writeFileSync(join(folder, 'pay.unsigned.psbt'), 'cHNidP8=');
  const running = await launchEdition('companion', { args: [join(folder, 'pay.unsigned.psbt')] });
  const { page } = running;
  const { look, faults } = watch(running, info);
  try {
    await expect(files(running)).toContainText('1');
    await files(running).click();
    const combine = page.getByRole('button', { name: 'Combine pay.unsigned.psbt' });
    await expect(combine).toBeVisible();
    // The page looks when it is opened, and every three seconds: between two looks the list says that the file is small.
    await page.waitForTimeout(700);
    truncateSync(join(folder, 'pay.unsigned.psbt'), 20_000_000);
    await combine.dispatchEvent('click');
    await expect(page.getByRole('alert')).toContainText('pay.unsigned.psbt: it is larger');
    // Drives are looked for every three seconds; that takes no words away.
    await page.waitForTimeout(3_500);
    await expect(page.getByRole('alert')).toContainText('file.too-large');
    await expect(page.getByRole('table', { name: 'Files handed over that are not opened' })).toContainText('pay.unsigned.psbt');
    await look('grown');
    await page.getByRole('button', { name: 'Put away pay.unsigned.psbt' }).click();
    await expect(page.getByRole('heading', { name: 'No stick is plugged in' })).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
    expect(faults).toEqual([]);
  } finally {
    await running.close();
  }
});

test('Signer: a transaction that a second start names waits in Files; nothing is read before it is opened', async ({}, info) => {
  writeFileSync(join(folder, 'pay-1.cold.unsigned.psbt'), 'not a transaction');
  symlinkSync('/dev/zero', join(folder, 'endless.psbt'));
  const running = await launchEdition('signer');
  const { page } = running;
  const { look, faults } = watch(running, info);
  try {
    const before = await page.getByRole('heading', { level: 1 }).first().innerText();
    await startAgain('signer', running, 'pay-1.cold.unsigned.psbt', 'endless.psbt');
    await expect(files(running)).toContainText('2');
    expect(await page.getByRole('heading', { level: 1 }).first().innerText()).toBe(before);
    await files(running).click();
    await expect(page.getByRole('table', { name: 'Files handed over that are not opened' })).toContainText('endless.psbt');
    await look('handed-signer');
    await page.getByRole('button', { name: 'Review pay-1.cold.unsigned.psbt' }).click();
    await expect(page.getByRole('heading', { name: 'Sign', level: 1 })).toBeVisible();
    expect(faults).toEqual([]);
  } finally {
    await running.close();
  }
});
