import { expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseFiles, go, press } from '../support/app/ceremony.ts';
import { launchEdition, type RunningEdition } from '../support/app/edition.ts';
import { writeManyEntries } from '../support/books/many-entries.ts';

/*
 * Work on the whole of the books, by what people see: while it goes on the window and its host answer, a Stop ends it, and backup and restore
 * work without a command line. A check of so many entries takes some seconds; STRONGROOM_LEDGER_ENTRIES tries more.
 */

const ENTRIES = Number(process.env['STRONGROOM_LEDGER_ENTRIES'] ?? 60_000);
const words = (count: number): string => `${count.toLocaleString('en-GB')} entries`;
/** A frozen window answers nothing until the work is over; a free one on a busy machine within this, milliseconds. */
const ANSWERED_WITHIN_MS = 1_000;

/** Long work is waited for as long as it takes on a slow machine, milliseconds. */
const PATIENTLY = { timeout: 30_000 + ENTRIES / 5 };

test.setTimeout(180_000 + ENTRIES);

const saveAs = (app: ElectronApplication, path: string): Promise<void> => app.evaluate(({ dialog }, filePath) => {
  dialog.showSaveDialog = async () => ({ canceled: false, filePath });
}, path);

/** Asks the host and draws in the page, over and over, while something is so. @returns how often, and the longest that an answer took */
const askWhile = (page: Page, shown: string): Promise<{ times: number; worstMs: number; lastedMs: number }> => page.evaluate(async (text) => {
  const { commands } = (globalThis as unknown as { strongroom: { commands: Record<string, (input: unknown) => { reply: Promise<{ ok: boolean }> }> } }).strongroom;
  const began = performance.now();
  let [times, worstMs] = [0, 0];
  while (document.querySelector('.progress')?.textContent?.includes(text) === true) {
    const asked = performance.now();
    const { ok } = await (commands['ledger.list'] as (input: unknown) => { reply: Promise<{ ok: boolean }> })({ walletId: null, newestFirst: true, limit: 100 }).reply;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (!ok) throw new Error('the host refused');
    times += 1;
    worstMs = Math.max(worstMs, performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { times, worstMs: Math.round(worstMs), lastedMs: Math.round(performance.now() - began) };
}, shown);

test.describe(`books of ${words(ENTRIES)}`, () => {
  let folder: string;
  let userData: string;
  let running: RunningEdition;
  test.beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strongroom-ledger-work-'));
    userData = join(folder, 'data');
    mkdirSync(userData);
    writeManyEntries(join(userData, 'ledger.db'), ENTRIES);
    running = await launchEdition('companion', { userData });
    running.page.setDefaultTimeout(60_000);
    await go(running.page, 'Ledger');
    await running.page.getByRole('region', { name: 'Balances' }).getByText('Treasury').waitFor();
  });
  test.afterEach(async () => {
    // Some cases have closed theirs.
    await running.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });
  /** The books' own files. */
  const booksFiles = (): readonly string[] => readdirSync(userData).filter((name) => name.includes('ledger.db')).sort();

  test('are checked while the window and its host answer; Stop ends it, and leaves nothing', async ({}, info) => {
    const { page } = running;
    await press(page, 'Check the whole books');
    await page.getByRole('button', { name: 'Stop this' }).waitFor();
    const { times, worstMs, lastedMs } = await askWhile(page, '');
    console.log(`The check took ${lastedMs} ms; meanwhile the window was asked ${times} times, and answered within ${worstMs} ms.`);
    info.annotations.push({ type: 'answers', description: `${times} in ${lastedMs} ms, the slowest after ${worstMs} ms` });
    await expect(page.getByRole('heading', { name: `The books are whole: ${words(ENTRIES)}, every one adds up to zero` })).toBeVisible(PATIENTLY);
    expect(times).toBeGreaterThan(3);
    expect(worstMs).toBeLessThan(ANSWERED_WITHIN_MS);
    expect(booksFiles()).toEqual(['ledger.db']);

    await press(page, 'Check the whole books');
    await press(page, 'Stop this');
    await expect(page.getByRole('button', { name: 'Check the whole books' })).toBeEnabled({ timeout: 2_000 });
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(page.getByRole('heading', { name: /^The books are whole/ })).toHaveCount(0);
    await expect.poll(booksFiles).toEqual(['ledger.db']);

    // A window that is closed in the middle leaves nothing either.
    await press(page, 'Check the whole books');
    await page.getByRole('button', { name: 'Stop this' }).waitFor();
    await expect.poll(booksFiles).toHaveLength(2);
    await running.close();
    expect(booksFiles()).toEqual(['ledger.db']);
  });

  test('are exported whole, backed up and restored in the window; what is replaced is named first, and kept', async ({}, info) => {
    const { app, page } = running;
    const csv = join(folder, 'books.csv');
    await saveAs(app, csv);
    await press(page, 'Export CSV');
    await expect(page.getByRole('heading', { name: `Exported: ${words(ENTRIES)}` })).toBeVisible(PATIENTLY);
    expect(readFileSync(csv, 'utf8').trimEnd().split('\n')).toHaveLength(ENTRIES + 1);

    const backup = join(folder, 'copy.db');
    await saveAs(app, backup);
    await press(page, 'Back up the books');
    await expect(page.getByRole('heading', { name: 'Backed up, and checked by every rule' })).toBeVisible(PATIENTLY);
    expect(readdirSync(folder).sort()).toEqual(['books.csv', 'copy.db', 'copy.db.sha256', 'data']);

    // An older backup: looked at, left alone by Escape, then taken.
    const older = join(folder, 'older.db');
    writeManyEntries(older, 120, 'Treasury');
    await chooseFiles(app, older);
    await press(page, 'Restore the books from a backup');
    const dialog = page.getByRole('dialog', { name: 'Restore the books from this backup?' });
    await expect(dialog).toContainText(`The backup has ${words(ENTRIES - 120)} fewer`);
    await expect(dialog).toContainText('120 entries');
    await page.screenshot({ path: info.outputPath('restore.png') });
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    expect(booksFiles()).toEqual(['ledger.db']);
    await press(page, 'Restore the books from a backup');
    await dialog.getByRole('button', { name: `Replace books of ${words(ENTRIES)} with 120 entries` }).click();
    await expect(page.getByRole('heading', { name: 'The books are restored' })).toBeVisible(PATIENTLY);
    await expect(page.getByRole('region', { name: 'Balances' })).toContainText('0.0012', PATIENTLY);
    await page.screenshot({ path: info.outputPath('restored.png') });
    const kept = booksFiles().filter((name) => name !== 'ledger.db');
    expect(kept).toEqual([expect.stringMatching(/^ledger\.db\.before-restore-/)]);

    // Nothing was lost: the books that were put aside, and the backup, come back the same way.
    await chooseFiles(app, backup);
    await press(page, 'Restore the books from a backup');
    await page.getByRole('button', { name: `Replace books of 120 entries with ${words(ENTRIES)}` }).click();
    await expect(page.getByRole('heading', { name: 'The books are restored' })).toBeVisible(PATIENTLY);
    await press(page, 'Check the whole books');
    await expect(page.getByRole('heading', { name: `The books are whole: ${words(ENTRIES)}, every one adds up to zero` })).toBeVisible(PATIENTLY);
    expect(booksFiles()).toHaveLength(3);
  });

  test('are no backup of themselves; damaged ones are named, and replaced by a backup', async () => {
    const { app, page } = running;
    const copy = join(folder, 'copy.db');
    writeManyEntries(copy, 50);
    await chooseFiles(app, join(userData, 'ledger.db'));
    await press(page, 'Restore the books from a backup');
    await expect(page.getByRole('alert')).toContainText('file.exists');
    await running.close();

    rmSync(join(userData, 'ledger.db'));
    writeManyEntries(join(userData, 'ledger.db'), 50);
    truncateSync(join(userData, 'ledger.db'), 20_000);
    running = await launchEdition('companion', { userData });
    await go(running.page, 'Ledger');
    await expect(running.page.getByRole('alert')).toContainText('ledger.malformed');
    await chooseFiles(running.app, copy);
    await press(running.page, 'Restore the books from a backup');
    await running.page.getByRole('button', { name: 'Replace the damaged books' }).click();
    await expect(running.page.getByRole('region', { name: 'Balances' })).toContainText('0.0005');
    await expect(running.page.getByRole('alert')).toHaveCount(0);
  });
});
