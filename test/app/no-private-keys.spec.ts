import { expect, test, type CDPSession, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canariesBelow, canariesIn, canaryText, type Canary } from '../support/canary.ts';
import { chooseFiles, go, press } from '../support/app/ceremony.ts';
import { launchEdition } from '../support/app/edition.ts';
import { secrets } from '../support/secret-samples.ts';

/*
 * Private keys are typed and opened in the Companion's real window. Each is refused by name, the form is empty afterwards, and neither
 * the page's memory nor a file of the program holds it.
 */

const samples = ['xprv', 'WIF of mainnet, compressed', '12 words in English', 'words in Japanese', 'a codex32 secret'].map((wanted) => secrets.find(({ name }) => name === wanted) as (typeof secrets)[number]);
const canaries: readonly Canary[] = samples.map(({ name, text }) => canaryText(name, text));

/** Every string of the page's memory, after the collection of what is no longer needed. */
async function memoryOf(session: CDPSession): Promise<string> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }): void => { chunks.push(chunk); };
  session.on('HeapProfiler.addHeapSnapshotChunk', take);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  session.off('HeapProfiler.addHeapSnapshotChunk', take);
  return (JSON.parse(chunks.join('')) as { strings: string[] }).strings.join('\n');
}

async function refusedAndCleared(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'A private key was refused' });
  await expect(dialog.getByRole('alert')).toContainText('wallet.private-key');
  expect(canariesIn(Buffer.from(await dialog.innerText()), canaries)).toEqual([]);
  await press(page, 'Go on with empty forms');
}

test('a private key typed into any field is refused, the form is empty afterwards, and memory and disk do not hold it', async () => {
  test.setTimeout(180_000);
  const home = mkdtempSync(join(tmpdir(), 'strongroom-keyless-'));
  for (const name of ['tmp', 'data']) mkdirSync(join(home, name), { mode: 0o700 });
  const said: Uint8Array[] = [];
  const { app, page, close } = await launchEdition('companion', { userData: join(home, 'data'), environment: { TMPDIR: join(home, 'tmp') } });
  try {
    for (const stream of [app.process().stdout, app.process().stderr]) stream?.on('data', (chunk: Uint8Array) => said.push(chunk));
    page.on('console', (message) => said.push(Buffer.from(message.text())));
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.enable');

    const field = page.getByLabel('Node address');
    for (const { text } of samples) {
      await field.fill(text);
      // The search works: what is in the form now is found. Once: each look at the whole memory takes seconds.
      if (text === samples[0]?.text) expect(canariesIn(Buffer.from(await memoryOf(session)), canaries)).toEqual(['xprv']);
      await press(page, 'Check and use this node');
      await refusedAndCleared(page);
      await expect(field).toHaveValue('');
    }
    expect(canariesIn(Buffer.from(await memoryOf(session)), canaries)).toEqual([]);

    // A file: what a person takes for a key record.
    const outside = mkdtempSync(join(tmpdir(), 'strongroom-outside-'));
    for (const [index, { text }] of samples.entries()) {
      const path = join(outside, `${index}.key-record.txt`);
      writeFileSync(path, text);
      await go(page, 'Wallets');
      await press(page, 'New wallet');
      await chooseFiles(app, path);
      await press(page, 'Open key records');
      await refusedAndCleared(page);
    }
    expect(canariesIn(Buffer.from(await memoryOf(session)), canaries)).toEqual([]);
    rmSync(outside, { recursive: true });
    expect(canariesIn(Buffer.from(await page.evaluate(() => document.documentElement.outerHTML)), canaries)).toEqual([]);
    expect(canariesBelow(home, canaries)).toEqual([]);
  } finally {
    await close();
  }
  expect(canariesIn(Buffer.concat(said), canaries)).toEqual([]);
  expect(canariesBelow(home, canaries)).toEqual([]);
  rmSync(home, { recursive: true, force: true });
});
