import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { auditBooks, combineAndSend, findBlock, go, keysOnShelf, lookAtRestore, makeKey, makeWallet, planPayments, press, registerWallet, saveRecord, sign, sweep, useNode, type Look } from './ceremony.ts';
import type { RunningEdition } from './edition.ts';
import { openRehearsal } from './rehearsal-windows.ts';

/*
 * Takes the pictures of docs/screenshots: a whole ceremony on the practice network, in light and in dark. Started by
 * scripts/screenshots.mjs, which sets up display, user and runtime.   Argument: the folder for the pictures.
 */

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder for the pictures.');
mkdirSync(folder, { recursive: true });

for (const colorScheme of ['light', 'dark'] as const) {
  // A folder with a plain name: it stands in the pictures.
  const windows = await openRehearsal({ colorScheme, folder: `/tmp/rehearsal-${colorScheme}` });
  const { signer, companion, gap } = windows;
  const picture = async ({ page }: RunningEdition, name: string): Promise<void> => {
    // Pointer away and fonts drawn: nothing of the machine that took the picture is in it.
    await page.mouse.move(640, 2);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(150);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  };
  const looks = (running: RunningEdition, names: Readonly<Record<string, string>>): Look => async (name) => {
    const as = names[name];
    if (as !== undefined) await picture(running, as);
  };
  try {
    await picture(signer, 'signer-first-start');
    for (const { page } of [signer, companion]) await page.getByRole('button', { name: 'Hide', exact: true }).click();
    for (const [index, label] of ['Alice', 'Bruno', 'Chen'].entries()) {
      await makeKey(signer.page, { label, seed: 77 + index, passphrase: `correct horse battery ${index}` }, index === 0 ? looks(signer, { dice: 'signer-dice', 'paper-good': 'signer-entropy-record' }) : undefined);
      await saveRecord(signer.page, signer.app);
    }
    await picture(signer, 'signer-keys');
    await lookAtRestore(signer.page, looks(signer, { restore: 'signer-restore' }));
    const keys = await keysOnShelf(signer.page);
    await useNode(companion.page);
    await picture(companion, 'companion-node');
    const policyId = await makeWallet(companion.page, companion.app, gap, { name: 'Treasury', required: 2 }, looks(companion, { 'new-wallet': 'companion-new-wallet' }));
    for (const label of ['Alice', 'Bruno']) {
      await registerWallet(signer.page, signer.app, gap, { policyId, key: keys.get(label) ?? '' }, label === 'Alice' ? looks(signer, { register: 'signer-register' }) : undefined);
    }
    await picture(signer, 'signer-wallets');
    await sweep(companion.page, { floorBtc: '0.25', feeRate: '4' }, looks(companion, { sweep: 'companion-sweep', 'sweep-plan': 'companion-sweep-plan' }));
    await companion.page.getByRole('button', { name: 'Show the guide' }).click();
    await findBlock(companion.page);
    await picture(companion, 'companion-guide');
    await companion.page.getByRole('button', { name: 'Hide', exact: true }).click();
    await go(companion.page, 'Wallets');
    await companion.page.getByRole('button', { name: 'Sync Treasury' }).click();
    await companion.page.getByRole('region', { name: 'Unspent outputs' }).waitFor();
    await picture(companion, 'companion-wallets');
    await planPayments(companion.page, companion.app, { feeRate: '6' }, looks(companion, { 'pay-plan': 'companion-pay' }));
    await go(companion.page, 'Queue');
    await companion.page.getByRole('heading', { name: /payments out of Treasury/ }).waitFor();
    await picture(companion, 'companion-queue');
    for (const label of ['Alice', 'Bruno']) {
      await sign(signer.page, signer.app, gap, { key: keys.get(label) ?? '' }, label === 'Alice' ? looks(signer, { review: 'signer-review', signed: 'signer-signed' }) : undefined);
    }
    await combineAndSend(companion.page, companion.app, gap, looks(companion, { combine: 'companion-combine' }));
    await companion.page.getByRole('button', { name: 'Show the guide' }).click();
    await findBlock(companion.page);
    await companion.page.getByRole('button', { name: 'Hide', exact: true }).click();
    await auditBooks(companion.page, looks(companion, { ledger: 'companion-ledger' }));
    await go(companion.page, 'Coins');
    await companion.page.getByRole('checkbox', { name: 'Tick all that are shown' }).check();
    await companion.page.getByLabel('Tag', { exact: true }).fill('reserve');
    await press(companion.page, 'Tag the ticked');
    await companion.page.getByText('#reserve').first().waitFor();
    await picture(companion, 'companion-coins');
    await go(companion.page, 'Schedules');
    await press(companion.page, 'Add a rule');
    await companion.page.getByLabel('Name of the rule').fill('nightly');
    await companion.page.getByLabel('When above, in BTC').fill('0.1');
    await companion.page.getByLabel('Down to, in BTC').fill('0.05');
    await companion.page.getByLabel('At most, in sat/vB').fill('50');
    await press(companion.page, 'Add the rule');
    await companion.page.getByRole('region', { name: 'nightly', exact: true }).waitFor();
    await picture(companion, 'companion-schedules');
    await go(companion.page, 'Care');
    await companion.page.getByRole('radio', { name: 'Configuration' }).check();
    await picture(companion, 'companion-care');
  } finally {
    await windows.close();
  }
}
