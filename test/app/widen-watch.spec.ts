import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAddressDeriver } from '../../src/wallet/address.ts';
import { parseWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { honestFile } from '../support/attack-setups.ts';
import { go, press, useNode } from '../support/app/ceremony.ts';
import { openRehearsal } from '../support/app/rehearsal-windows.ts';

/* Money on an address too far out, by what people see: the audit names it, and the button beside it brings it into the books. */

test.setTimeout(180_000);

test('the audit shows money too far out, and the button beside it has it watched and booked', async ({}, info) => {
  const { companion: { page }, folder, gap, practice, close } = await openRehearsal();
  try {
    await useNode(page);
    writeFileSync(join(gap, 'treasury.coldcard.txt'), honestFile('coldcard'));
    await go(page, 'Files');
    await page.getByRole('button', { name: 'Import treasury.coldcard.txt' }).click();
    await page.getByLabel('Network of the wallet').selectOption('practice');
    await page.getByLabel('Name of the wallet').fill('Treasury');
    await press(page, 'Add Treasury');
    await page.getByRole('list', { name: 'Policy id in eight words' }).waitFor();
    const shelf = join(folder, 'companion-app', 'wallets');
    const deriver = createAddressDeriver(parseWalletFile(readFileSync(join(shelf, readdirSync(shelf).find((name) => name.endsWith('.json')) as string), 'utf8')));
    practice('faucet', '--to', deriver.derive(0, 0).address, '--amount-sats', '100000');

    await go(page, 'Ledger');
    await press(page, 'Bring the books up to date');
    await expect(page.getByRole('table', { name: 'Entries, newest first' })).toContainText('0.001');
    practice('faucet', '--to', deriver.derive(0, 260).address, '--amount-sats', '54321');
    await press(page, 'Audit');
    await expect(page.getByRole('table', { name: 'Differences' })).toContainText('At an address beyond those that are watched');
    expect(await violationsOfWcag(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath('too-far-out.png') });
    await press(page, 'Watch up to address 260 and book it');
    await expect(page.getByText(/^Audited at height [\d,]+: the node counts the same$/)).toBeVisible();
    await expect(page.getByRole('table', { name: 'Entries, newest first' })).toContainText('0.00054321');
    await page.screenshot({ path: info.outputPath('booked.png') });
  } finally {
    await close();
  }
});
