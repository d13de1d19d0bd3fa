import { expect, test, type Page } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { go, press } from '../support/app/ceremony.ts';
import { launchEdition } from '../support/app/edition.ts';
import { watch } from '../support/app/look.ts';
import { hiding } from '../support/hostile/several-sources.ts';
import { TestChain } from '../support/hostile/test-chain.ts';
import { coldKeys } from '../support/peers/cold-keys.ts';
import { startElectrumServer, type ElectrumTestServer } from '../support/peers/electrum-server.ts';

/*
 * Three Electrum servers over one chain in the Companion's window: a plan while they agree, one that lags, one that lies, one that dies
 * while the window is open, and too few of them.
 */

test.setTimeout(180_000);

const cold = coldKeys('regtest', 61);
const payee = coldKeys('regtest', 62).deriver.derive(0, 0).address;

/** The same blocks in each: they depend on nothing but the order of what is asked for. */
function newChain(): { readonly chain: TestChain; readonly funding: string } {
  const chain = new TestChain();
  chain.mineMany(2);
  const funding = chain.pay({ script: cold.deriver.derive(0, 0).scriptPubKey, amountSats: 7_000_000n }, { script: cold.deriver.derive(0, 1).scriptPubKey, amountSats: 5_000_000n });
  chain.mine([funding]);
  const other = chain.pay({ script: cold.deriver.derive(0, 2).scriptPubKey, amountSats: 3_000_000n });
  chain.mine([other]);
  chain.mineMany(8);
  return { chain, funding: other.getId() };
}

const nodes = (page: Page) => page.getByRole('table', { name: 'The nodes one by one' });
const nextStep = (page: Page) => page.getByRole('region', { name: 'Next step' });

async function checkNodes(page: Page): Promise<void> {
  await go(page, 'Node');
  await nextStep(page).getByRole('button').click();
  await expect(page.getByRole('button', { name: 'Check the node again' })).toBeEnabled({ timeout: 30_000 });
}

async function plan(page: Page, sats: number): Promise<void> {
  await go(page, 'Pay');
  const another = page.getByRole('button', { name: /^Plan (another|other)/ });
  if (await another.isVisible()) await another.click();
  await page.getByRole('textbox', { name: 'Payments' }).fill(`address,amount_sats,reference\n${payee},${sats},Rent\n`);
  await page.getByLabel('Fee rate, in sat/vB').fill('2');
  await press(page, 'Plan 1 payment');
}

test('three servers of one chain: agreed, lagging, lying, dead', async ({}, info) => {
  const chains = [newChain(), newChain(), newChain()];
  const servers: ElectrumTestServer[] = await Promise.all(chains.map(({ chain }) => startElectrumServer(chain)));
  const names = servers.map(({ port }) => `127.0.0.1:${port}`);
  const [first, second, third] = servers as [ElectrumTestServer, ElectrumTestServer, ElectrumTestServer];
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-sources-'));
  const file = join(folder, 'cold.wallet.json');
  writeFileSync(file, formatWalletFile(cold.wallet));
  const running = await launchEdition('companion', { args: [file] });
  const { page } = running;
  const { look, faults } = watch(running, info);
  page.setDefaultTimeout(20_000);
  try {
    await go(page, 'Node');
    await page.getByLabel('Node address').fill(`electrum+tcp://${names[0]}`);
    await page.getByLabel('Further nodes that must agree, one a line').fill(names.slice(1).map((name) => `electrum+tcp://${name}`).join('\n'));
    await checkNodes(page);
    await expect(nodes(page).getByRole('row').filter({ hasText: 'Agrees' })).toHaveCount(3);
    await look('agree');
    await go(page, 'Files');
    await page.getByRole('button', { name: 'Import cold.wallet.json' }).click();
    await page.getByRole('list', { name: 'Policy id in eight words' }).waitFor();
    await go(page, 'Ledger');
    await press(page, 'Bring the books up to date');
    await expect(page.getByText('0.15000000').first()).toBeVisible({ timeout: 30_000 });
    await look('books');
    await plan(page, 1_000_000);
    await expect(page.getByRole('region', { name: 'Arithmetic' })).toBeVisible({ timeout: 30_000 });
    await look('plan');
    await press(page, 'Put the plan away');

    // The third is three blocks behind: nothing is planned, and it is named.
    chains.slice(0, 2).forEach(({ chain }) => chain.mineMany(3));
    await checkNodes(page);
    await expect(nodes(page).getByRole('row').filter({ hasText: names[2] ?? '' })).toContainText('Lags behind the others');
    await look('lagging');
    await plan(page, 1_100_000);
    await expect(page.getByRole('alert')).toContainText('node.lagging', { timeout: 30_000 });
    await expect(page.getByRole('alert')).toContainText(names[2] ?? '');
    await look('plan-lagging');
    chains[2]?.chain.mineMany(3);

    // It lies: what came in last is left out. An audit asks each by itself, and names it.
    third.meddle = hiding(chains[2]?.funding ?? '');
    await go(page, 'Ledger');
    await press(page, 'Audit');
    await expect(page.getByRole('heading', { name: 'The books and 1 of 3 nodes disagree' })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('list', { name: 'Each node by itself' }).getByRole('listitem').filter({ hasText: 'disagrees' })).toContainText(names[2] ?? '');
    await look('audit-lie');
    // It leaves out what is new, too. A balance is stated by all or not at all: after the patience that nodes need, it is refused.
    const news = chains.map(({ chain }) => {
      const arrived = chain.pay({ script: cold.deriver.derive(0, 3).scriptPubKey, amountSats: 2_000_000n });
      chain.mine([arrived]);
      return arrived.getId();
    });
    third.meddle = hiding(chains[2]?.funding ?? '', ...news);
    await press(page, 'Bring the books up to date');
    await expect(page.getByText('node.disagree')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('alert').filter({ hasText: 'node.disagree' })).toContainText(names[2] ?? '');
    await look('balance-refused');
    third.meddle = null;

    // It dies while the window is open: the two others go on, and it is named.
    await third.close();
    await checkNodes(page);
    await expect(nodes(page).getByRole('row').filter({ hasText: names[2] ?? '' })).toContainText('Cannot be reached');
    await look('dead');
    await plan(page, 1_200_000);
    await expect(page.getByRole('region', { name: 'Arithmetic' })).toBeVisible({ timeout: 30_000 });
    await press(page, 'Put the plan away');
    // One alone is not enough.
    await second.close();
    await plan(page, 1_300_000);
    await expect(page.getByRole('alert')).toContainText('node.unreachable', { timeout: 30_000 });
    await look('too-few');
    expect(faults).toEqual([]);
  } finally {
    await running.close();
    await Promise.all([first, second, third].map((server) => server.close().catch(() => undefined)));
    rmSync(folder, { recursive: true, force: true });
  }
});
