import { expect, test } from '@playwright/test';
import { go, press, useNode } from '../support/app/ceremony.ts';
import { ask } from '../support/app/edition.ts';
import { watch } from '../support/app/look.ts';
import { importWallet, openPracticeCompanion } from '../support/app/practice-companion.ts';
import { keyedWallet } from '../support/peers/keyed-wallet.ts';
import { formatWalletFile } from '../../src/wallet/dialects/strongroom.ts';

/*
 * An organisation that has been at it for a while: names as long as they may be, forty plans that wait, hundreds of entries. Nothing
 * may be cut off or lie over something else, in the smallest window too.
 */

test.setTimeout(180_000);

const ENTRIES = 200;
const PLANS = 40;
const REFERENCE = 'Invoice 2026-118 of the Northern Harbour Insurance Company: second instalment by order of the board';
const office = keyedWallet({ script: 'p2wsh', required: 2, total: 3, firstKey: 700, network: 'practice' });
const payees = keyedWallet({ script: 'p2wpkh', required: 1, total: 1, firstKey: 750, network: 'practice' });
/** Forty letters; the second has no blank to break at. */
const treasury = { ...office.wallet, name: 'Treasury of the Northern Harbour Company' };
const unbroken = { ...keyedWallet({ script: 'p2sh-p2wsh', required: 8, total: 15, firstKey: 720, network: 'practice' }).wallet, name: 'Donaudampfschifffahrtsgesellschaftskasse' };

test(`forty plans, ${ENTRIES} entries, and names of forty letters`, async ({}, info) => {
  expect([treasury.name.length, unbroken.name.length]).toEqual([40, 40]);
  const { companion, gap, node, pay, mine, close } = await openPracticeCompanion();
  const { page } = companion;
  const { look, faults } = watch(companion, info);
  try {
    for (let number = 0; number < ENTRIES; number += 1) {
      pay(office.deriver.derive(0, number % 20).address, BigInt(200_000 + number));
      if (number % 40 === 39) mine();
    }
    mine();
    await useNode(page);
    await importWallet(page, gap, unbroken);
    await importWallet(page, gap, treasury);
    await go(page, 'Wallets');
    await look('wallets');
    const wallet = formatWalletFile(treasury);
    for (let number = 0; number < PLANS; number += 1) {
      const lines = Array.from({ length: 1 + (number % 3) }, (_, line) => `${payees.deriver.derive(0, number * 3 + line).address},${20_000 + number * 10 + line},${number % 4 === 0 ? REFERENCE : `Invoice ${number}-${line}`}`);
      expect(await ask(page, 'pay.plan', { wallet, paymentsCsv: `address,amount_sats,reference\n${lines.join('\n')}\n`, node, feeRate: '2' })).toMatchObject({ ok: true });
    }
    await go(page, 'Queue');
    const plans = page.getByRole('list', { name: 'Plans' }).getByRole('listitem');
    await expect(plans).toHaveCount(PLANS);
    await plans.last().getByRole('button').click();
    await expect(page.getByRole('region', { name: 'Amounts' })).toBeVisible();
    await look('queue', { manyRows: true });
    // From one section to the next there is one rule.
    expect(await page.evaluate(() => [...document.querySelectorAll('.section + .section')].flatMap((section) => {
      const before = section.previousElementSibling?.querySelector('.section-body')?.lastElementChild;
      const last = before === null || before === undefined ? [] : [before, ...before.querySelectorAll(':scope > :last-child, tbody > tr:last-child > td')];
      return last.filter((element) => parseFloat(getComputedStyle(element).borderBottomWidth) > 0 && !element.matches('.button, textarea, input, .drop-zone, .notice')).map((element) => `${section.getAttribute('aria-label') ?? ''}: ${element.tagName}.${element.className}`);
    }))).toEqual([]);

    await go(page, 'Ledger');
    await press(page, 'Bring the books up to date');
    await expect(page.getByRole('table', { name: 'Entries, newest first' }).getByRole('row').nth(1)).toBeVisible();
    await look('ledger', { manyRows: true });
    await go(page, 'Coins');
    await page.getByRole('combobox', { name: 'Wallet', exact: true }).selectOption({ index: 1 });
    await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible();
    await look('coins', { manyRows: true });
    await go(page, 'Pay');
    await page.getByLabel('Cold wallet').selectOption({ index: 1 });
    await page.getByRole('textbox', { name: 'Payments' }).fill(`address,amount_sats,reference\n${payees.deriver.derive(0, 900).address},20000,${REFERENCE}\n`);
    await page.getByRole('button', { name: /^Plan 1 payment$/ }).click();
    await expect(page.getByRole('region', { name: 'Arithmetic' })).toBeVisible();
    await look('pay');
    await go(page, 'Sweep');
    await page.getByLabel('Fee rate, in sat/vB').waitFor();
    await look('sweep');
    await go(page, 'Combine & send');
    await look('combine');
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});
