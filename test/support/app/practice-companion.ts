import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mineInto } from '../../../src/node/companion/practice-mining.ts';
import { PracticeStore } from '../../../src/node/companion/practice-store.ts';
import { createPracticeNetwork, payFromFaucet } from '../../../src/node/practice/practice-network.ts';
import { readPracticeKeys } from '../../../src/node/practice/practice-seed-file.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import type { Wallet } from '../../../src/wallet/wallet.ts';
import type { Page } from '@playwright/test';
import { go } from './ceremony.ts';
import { launchEdition, type RunningEdition } from './edition.ts';
import { USUAL_SIZE } from './look.ts';

/** The Companion alone, on a practice network that the test itself pays on: for more than a person would do by hand. */
export interface PracticeCompanion {
  readonly companion: RunningEdition;
  readonly gap: string;
  /** The node as its address stands in the window. */
  readonly node: string;
  /** Pays an address in several outputs of one transaction, which waits. */
  readonly pay: (address: string, amountSats: bigint, outputs?: number) => void;
  readonly mine: (blocks?: number) => void;
  close(): Promise<void>;
}

export async function openPracticeCompanion(): Promise<PracticeCompanion> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-practice-companion-'));
  const gap = join(folder, 'gap');
  const network = join(folder, 'practice');
  mkdirSync(gap);
  await createPracticeNetwork(network);
  const keys = await readPracticeKeys(network);
  const store = new PracticeStore(network);
  const companion = await launchEdition('companion', { environment: { STRONGROOM_REHEARSAL: folder, STRONGROOM_NODE: process.execPath } });
  companion.page.setDefaultTimeout(20_000);
  await companion.app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height), USUAL_SIZE);
  return {
    companion,
    gap,
    node: `practice://${network}`,
    pay: (to, amountSats, outputs = 1) => void payFromFaucet(store, keys, { amountSats, to, outputs, mine: false }),
    mine: (blocks = 1) => void mineInto(store, blocks),
    async close() {
      await companion.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Puts a wallet's file into the gap and imports it from there, as a person does; our own leaves nothing to be asked. */
export async function importWallet(page: Page, gap: string, wallet: Wallet): Promise<void> {
  const name = `${wallet.script}-${wallet.required}.wallet.json`;
  writeFileSync(join(gap, name), formatWalletFile(wallet));
  await go(page, 'Files');
  await page.getByRole('button', { name: `Import ${name}` }).click();
  await page.getByRole('heading', { name: wallet.name, exact: true }).waitFor();
  await page.getByRole('list', { name: 'Policy id in eight words' }).waitFor();
}
