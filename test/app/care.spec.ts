import { expect, test, type ElectronApplication } from '@playwright/test';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseFiles, go, press } from '../support/app/ceremony.ts';
import { launchEdition } from '../support/app/edition.ts';
import { watch } from '../support/app/look.ts';
import { noNodeProgram } from '../support/app/node-program.ts';
import { startBitcoind } from '../support/peers/bitcoind.ts';
import { startElectrumServer } from '../support/peers/electrum-server.ts';
import { servedBitcoind } from '../support/peers/served-chain.ts';

/*
 * Care of a real bitcoind in the window: its health, a backup that is made and test-restored, a repair from the first step to the last,
 * a configuration; and the choice of the node where an Electrum server stands beside it.
 */

test.setTimeout(180_000);

const PASSPHRASE = 'correct horse battery staple';

/** Has the save dialog put every file into a folder, under the name that it is offered. */
const saveInto = (app: ElectronApplication, folder: string): Promise<void> =>
  app.evaluate(({ dialog }, to) => {
    dialog.showSaveDialog = (async (...args: readonly { readonly defaultPath?: string }[]) => ({ canceled: false, filePath: `${to}/${(args.at(-1)?.defaultPath ?? '').split('/').at(-1)}` })) as unknown as typeof dialog.showSaveDialog;
  }, folder);

test('a node is looked after: health, backup and its test, repair, configuration', async ({}, info) => {
  test.skip(noNodeProgram() !== null, noNodeProgram() ?? '');
  const node = await startBitcoind();
  await node.rpc('createwallet', ['hot']);
  await node.rpc('generatetoaddress', [105, await node.rpc<string>('getnewaddress', [], 'hot')]);
  const electrum = await startElectrumServer(servedBitcoind(node));
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-care-window-'));
  const running = await launchEdition('companion');
  const { page, app } = running;
  page.setDefaultTimeout(20_000);
  const { look, faults } = watch(running, info);
  const pane = (name: string): Promise<void> => page.getByRole('radio', { name, exact: true }).check();
  try {
    await saveInto(app, folder);
    await page.getByLabel('Node address').fill(node.url);
    await page.getByLabel('Further nodes that must agree, one a line').fill(`electrum+tcp://127.0.0.1:${electrum.port}`);
    await page.getByLabel('Hot wallet on the node').fill('hot');
    await press(page, 'Check and use these nodes');
    await page.getByText('Connected and up to date').waitFor();

    // The node is chosen; what was read of one says nothing about the other.
    await go(page, 'Care');
    const choice = page.getByLabel('Node', { exact: true });
    await expect(choice.getByRole('option')).toHaveCount(2);
    await press(page, 'Look at the node\'s health');
    await expect(page.getByRole('table', { name: 'What was looked at' })).toContainText('Wallets');
    await look('health');
    await choice.selectOption({ index: 1 });
    await expect(page.getByText('Not asked yet.')).toBeVisible();
    await press(page, 'Look at the node\'s health');
    await expect(page.getByRole('table', { name: 'What was looked at' }).or(page.getByRole('alert'))).toBeVisible();
    await look('health-electrum');
    await pane('Backups');
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await press(page, 'Back up and encrypt');
    await expect(page.getByRole('alert')).toContainText('care.not-a-node');
    await choice.selectOption({ index: 0 });
    await expect(page.getByRole('alert')).toHaveCount(0);

    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await press(page, 'Back up and encrypt');
    await expect(page.getByRole('heading', { name: /^Backed up/ })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('table', { name: 'Backups, with their tests' })).toContainText('Never tested');
    await look('backup-made');
    await chooseFiles(app, join(folder, 'hot.backup.age'));
    await page.getByLabel('Passphrase', { exact: true }).fill('another passphrase');
    await press(page, 'Test a backup by restoring it');
    await expect(page.getByRole('alert')).toContainText(/passphrase/i, { timeout: 60_000 });
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await press(page, 'Test a backup by restoring it');
    await expect(page.getByRole('heading', { name: 'The restored wallet is the same' })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('table', { name: 'Backups, with their tests' })).toContainText('Restores');
    await look('backup-tested');
    expect(await node.rpc<string[]>('listwallets')).toEqual(['hot']);

    await pane('Repair');
    await press(page, 'Begin a repair');
    const steps = page.getByRole('region', { name: 'Steps' });
    await expect(steps).toBeVisible();
    await look('repair-begun');
    for (let count = 0; count < 12; count += 1) {
      const [program, person] = [steps.getByRole('button', { name: 'Have the program do it' }), steps.getByRole('button', { name: 'I have done it' })];
      if (!(await person.isVisible())) break;
      const before = await steps.innerText();
      await (await program.isVisible() ? program : person).click();
      await expect.poll(async () => (await page.getByRole('progressbar').count()) === 0 && (await steps.innerText()) !== before, { timeout: 30_000 }).toBe(true);
      if (count === 3) await look('repair-half');
    }
    await expect(page.getByRole('region', { name: 'Next step' })).toContainText('All steps are done or skipped.');
    await look('repair-done');
    await press(page, 'Save the record of the repair');
    await expect(page.getByRole('heading', { name: 'The record of the repair is saved' })).toBeVisible();

    await pane('Configuration');
    await page.getByLabel('What it is for').selectOption({ label: 'Keeps the hot wallet' });
    await press(page, 'Write the configuration');
    await expect(page.getByRole('table', { name: 'Lines of the configuration' })).toContainText('rpcauth');
    await look('configuration');
    await page.getByRole('button', { name: /^Save the login/ }).click();
    await expect(page.getByRole('heading', { name: /^Login saved/ })).toBeVisible();
    await page.getByRole('button', { name: 'Save bitcoin.conf', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Configuration saved' })).toBeVisible();
    expect(readdirSync(folder).sort()).toEqual(expect.arrayContaining(['bitcoin.conf', 'hot.backup.age', 'repair.json']));
    expect(existsSync(join(folder, 'hot.backup.age'))).toBe(true);
    expect(faults).toEqual([]);
  } finally {
    await running.close();
    await electrum.close();
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
