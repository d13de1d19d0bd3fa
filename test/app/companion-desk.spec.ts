import { expect, test, type Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { honestFile } from '../support/attack-setups.ts';
import { acceptNames, chooseFiles, findBlock, go, inGap, press, sweep, useNode } from '../support/app/ceremony.ts';
import { openRehearsal } from '../support/app/rehearsal-windows.ts';

/*
 * A day at the Companion's desk, by what people see: a sweep, a payment that is planned and given up, coins that are frozen, books
 * that are closed and proven, the node's care, standing rules, a refill. No key is needed for any of it.
 */

test.setTimeout(240_000);

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('a day at the desk: sweep, coins, payment, queue, books, care, schedules, refill', async ({}, info) => {
  const { companion, gap, close } = await openRehearsal();
  const { page, app } = companion;
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  const violations: string[] = [];
  const resize = (width: number, height: number): Promise<void> => app.evaluate(({ BrowserWindow }, content) => BrowserWindow.getAllWindows()[0]?.setContentSize(content.width, content.height), { width, height });
  const look = async (name: string): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      violations.push(...(await violationsOfWcag(page)).map((violation) => `${name} (${colorScheme}): ${violation}`));
      await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}.png`) });
    }
    await resize(720, 560);
    await page.screenshot({ path: info.outputPath(`${name}-small.png`) });
    // Nothing may be cut off at the side of the smallest window.
    const cut = await page.evaluate(() => [...document.querySelectorAll('html, .workspace-body, .detail-pane, .list-pane')].filter((pane) => pane.scrollWidth > pane.clientWidth).map((pane) => `${pane.className} by ${pane.scrollWidth - pane.clientWidth} px`));
    violations.push(...cut.map((pane) => `${name}: cut off in ${pane}`));
    await page.getByRole('main').locator('.workspace-body').evaluate((body) => [body, ...body.querySelectorAll('.detail-pane')].forEach((pane) => pane.scrollTo(0, pane.scrollHeight)));
    await page.screenshot({ path: info.outputPath(`${name}-small-end.png`) });
    await resize(1280, 800);
    await page.screenshot({ path: info.outputPath(`${name}-end.png`) });
  };
  try {
    await useNode(page);
    await look('node');
    writeFileSync(join(gap, 'treasury.coldcard.txt'), honestFile('coldcard'));
    await go(page, 'Files');
    await page.getByRole('button', { name: 'Import treasury.coldcard.txt' }).click();
    await page.getByLabel('Network of the wallet').selectOption('practice');
    await page.getByLabel('Name of the wallet').fill('Treasury');
    await press(page, 'Add Treasury');
    await page.getByRole('list', { name: 'Policy id in eight words' }).waitFor();

    // Sweep: a preview costs nothing; a ceiling that is not reached says so; then as on any day.
    await go(page, 'Sweep');
    await page.getByText('More conditions').click();
    await page.getByLabel('Only above, in BTC').fill('9');
    await press(page, 'Plan the sweep');
    await expect(page.getByRole('alert')).toContainText('plan.below-ceiling');
    await page.getByLabel('Only above, in BTC').fill('1');
    await page.getByLabel('Fee budget, in sats').fill('50000');
    await page.getByLabel('Keep hot, in BTC').fill('0.25');
    await page.getByLabel('Fee rate, in sat/vB').fill('40');
    await press(page, 'Preview the cost');
    await expect(page.getByRole('table', { name: 'Cost at several fee rates' }).getByRole('row').nth(1)).toContainText('This sweep');
    await look('sweep-preview');
    await sweep(page, { floorBtc: '0.25', feeRate: '4' }, async (name) => { if (name === 'sweep-plan') await look(name); });
    await look('sweep-sent');
    await findBlock(page);

    // Coins: what is frozen is in no plan.
    await go(page, 'Coins');
    await page.getByRole('checkbox', { name: 'Tick all that are shown' }).check();
    await page.getByLabel('Tag', { exact: true }).fill('reserve');
    await press(page, 'Tag the ticked');
    await expect(page.getByRole('table')).toContainText('#reserve');
    await press(page, 'Freeze 1 output');
    await expect(page.getByRole('heading', { name: '1 output frozen' })).toBeVisible();
    await look('coins');
    await go(page, 'Pay');
    await press(page, 'Take the practice payments');
    await page.getByRole('button', { name: /^Plan \d+ payments$/ }).click();
    await expect(page.getByRole('alert')).toContainText('plan.insufficient-funds');
    await go(page, 'Coins');
    await page.getByRole('checkbox', { name: 'Tick all that are shown' }).check();
    await press(page, 'Free them again');
    await expect(page.getByRole('heading', { name: '1 output free again' })).toBeVisible();

    // A payment waits in the queue from the moment it is planned; its file is handed on; it is given up.
    await acceptNames(app);
    await go(page, 'Pay');
    await page.getByRole('button', { name: /^Plan \d+ payments$/ }).click();
    await press(page, 'Save unsigned PSBT');
    await press(page, 'Go to the Queue');
    await expect(page.getByRole('list', { name: 'Plans' })).toContainText('Unsigned');
    await page.getByRole('button', { name: /^Save the file for / }).first().click();
    await expect(page.getByRole('heading', { name: 'Saved, to be carried to the Signer' })).toBeVisible();
    expect(inGap(gap, '.psbt').length).toBeGreaterThan(0);
    await look('queue');
    await page.getByLabel('Why it is given up').fill('Paid by card');
    await press(page, 'Discard this plan');
    await expect(page.getByText(/Signatures that still come in for it are refused/)).toBeVisible();
    await page.getByRole('checkbox', { name: 'Show settled ones too' }).check();
    await expect(page.getByRole('list', { name: 'Plans' })).toContainText('Discarded');

    // The books: found again, noted, closed, and proven from the node alone.
    await go(page, 'Ledger');
    await press(page, 'Bring the books up to date');
    const entries = page.getByRole('table', { name: 'Entries, newest first' });
    await page.getByLabel('Search').fill('nothing of that name');
    await expect(entries.getByRole('row')).toHaveCount(2);
    await page.getByLabel('Search').fill('');
    await page.getByRole('button', { name: 'Note what it was for' }).first().click();
    await page.getByLabel('Reference').fill('Evening sweep');
    await page.getByLabel('Cost code').fill('4711');
    await press(page, 'Keep the note');
    await expect(entries).toContainText('Evening sweep');
    const tip = /Tip ([\d,]+)/.exec(await page.locator('body').innerText())?.[1]?.replaceAll(',', '') ?? '';
    await page.getByLabel('To block or day').fill(tip);
    await press(page, 'Close the period');
    await expect(page.getByRole('heading', { name: /^Closed with/ })).toBeVisible();
    await press(page, 'Save the close');
    await expect.poll(() => inGap(gap, '.json').length).toBeGreaterThan(0);
    await chooseFiles(app, inGap(gap, '.json').at(-1) ?? '');
    await press(page, 'Verify a close with the node');
    await expect(page.getByRole('heading', { name: 'The node comes to the same close' })).toBeVisible();
    await press(page, 'Check the whole books');
    await expect(page.getByRole('heading', { name: /^The books are whole/ })).toBeVisible();
    await look('ledger');

    // Care: of the node, and of this machine's own books.
    await go(page, 'Care');
    await press(page, 'Look at the node\'s health');
    await expect(page.getByRole('table', { name: 'What was looked at' })).toBeVisible();
    await look('care-health');
    await page.getByRole('radio', { name: 'Standby' }).check();
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
    await press(page, 'Export a standby bundle');
    await expect(page.getByRole('heading', { name: 'Exported and encrypted' })).toBeVisible({ timeout: 60_000 });
    await look('care-standby');

    // Standing rules prepare, and prepare nothing twice.
    await go(page, 'Schedules');
    await look('schedules-empty');
    await press(page, 'Add a rule');
    await page.getByLabel('Name of the rule').fill('nightly');
    await page.getByLabel('When above, in BTC').fill('0.1');
    await page.getByLabel('Down to, in BTC').fill('0.05');
    await page.getByLabel('At most, in sat/vB').fill('500');
    await look('schedules-add');
    await press(page, 'Add the rule');
    await expect(region(page, 'nightly')).toContainText('Not looked at yet.');
    await press(page, 'Prepare what is due now');
    await expect(page.getByRole('heading', { name: 'nightly: 1 transaction prepared' })).toBeVisible();
    await press(page, 'Prepare what is due now');
    await expect(page.getByRole('heading', { name: 'nightly: nothing is due' })).toBeVisible();
    await look('schedules');
    await press(page, 'Switch off');
    await expect(region(page, 'nightly')).toContainText('Off');
    await press(page, 'Remove');
    await press(page, 'Remove nightly for good');
    await expect(page.getByRole('heading', { name: 'No rule yet' })).toBeVisible();
    await go(page, 'Queue');
    await expect(page.getByRole('list', { name: 'Plans' })).toContainText('Sweep');

    // The other way round.
    await go(page, 'Sweep');
    await press(page, 'Plan another sweep');
    await page.getByRole('radio', { name: 'Refill hot from cold' }).check();
    await page.getByLabel('When below, in BTC').fill('0.5');
    await page.getByLabel('Up to, in BTC').fill('0.75');
    await page.getByLabel('Fee rate, in sat/vB').fill('3');
    await look('refill');
    await press(page, 'Plan the refill');
    await expect(region(page, 'Hot wallet')).toContainText('Make sure that the hot wallet itself shows it');
    await look('refill-plan');
    await press(page, 'Save unsigned PSBT');
    await press(page, 'Go to the Queue');

    // Two nodes that are one are refused before any is asked.
    await go(page, 'Node');
    await page.getByLabel('Further nodes that must agree, one a line').fill(await page.getByLabel('Node address').inputValue());
    await expect(region(page, 'Next step')).toContainText('a node cannot confirm itself');
    expect(violations).toEqual([]);
    expect(errors).toEqual([]);
  } finally {
    await close();
  }
});
