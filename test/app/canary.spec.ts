import { expect, test, type CDPSession, type Page } from '@playwright/test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '../../src/domain/bytes.ts';
import { readMnemonic, seedOfMnemonic } from '../../src/signer/mnemonic.ts';
import { masterKeyOf } from '../../src/signer/private-derivation.ts';
import { canariesBelow, canariesIn, canaryBytes, canaryText, type Canary } from '../support/canary.ts';
import { go, press } from '../support/app/ceremony.ts';
import { launchEdition } from '../support/app/edition.ts';

/*
 * Secrets that are known to the test go through the window: typed, shown, laid out as a page, left. Afterwards they are
 * looked for in the page's memory, in everything that the program said and wrote, and in what other programs may see of it.
 */

// One of BIP39's published test vectors; passphrases that are nowhere else.
const MNEMONIC = 'cat swing flag economy stadium alone churn speed unique patch report train';
const FILE_PASSPHRASE = 'canary window file passphrase 5a1e';
const BIP39_PASSPHRASE = 'canary window bip39 passphrase c07d';
const master = masterKeyOf(seedOfMnemonic(MNEMONIC, BIP39_PASSPHRASE));
const canaries: readonly Canary[] = [
  canaryText('mnemonic', MNEMONIC),
  canaryText('first words', MNEMONIC.split(' ').slice(0, 3).join(' ')),
  canaryText('middle words', MNEMONIC.split(' ').slice(4, 7).join(' ')),
  canaryText('last words', MNEMONIC.split(' ').slice(-3).join(' ')),
  canaryBytes('entropy', readMnemonic(MNEMONIC).entropy),
  canaryBytes('master private key', master.privateKey),
  canaryText('file passphrase', FILE_PASSPHRASE),
  canaryText('BIP39 passphrase', BIP39_PASSPHRASE),
];

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

/** The words that are strings of their own in that memory. The page has no word list: each of them came from the secret. */
const wordsIn = (memory: string): string[] => {
  const strings = new Set(memory.split('\n'));
  return MNEMONIC.split(' ').filter((word) => strings.has(word));
};

const wordField = (page: Page, number: number) => page.getByRole('list', { name: 'Words from the sheet' }).getByRole('textbox').nth(number - 1);

/** Arguments and environment of every process of the program, as its user may read them. */
function seenFromOutside(userData: string): Uint8Array {
  const own = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`);
      if (!commandLine.includes(userData)) return [];
      // A sandboxed process shows its environment to nobody.
      try { return [commandLine, readFileSync(`/proc/${pid}/environ`)]; } catch { return [commandLine]; }
    } catch {
      return [];
    }
  });
  expect(own.length).toBeGreaterThan(1);
  return Buffer.concat(own);
}

test('a secret that went through the window is nowhere afterwards but in its key file', async () => {
  test.setTimeout(180_000);
  const home = mkdtempSync(join(tmpdir(), 'strongroom-canary-'));
  for (const name of ['tmp', 'data', 'run']) mkdirSync(join(home, name), { mode: 0o700 });
  const said: Uint8Array[] = [];
  const { app, page, userData, close } = await launchEdition('signer', { userData: join(home, 'data'), environment: { TMPDIR: join(home, 'tmp') } });
  try {
    for (const stream of [app.process().stdout, app.process().stderr]) stream?.on('data', (chunk: Uint8Array) => said.push(chunk));
    page.on('console', (message) => said.push(Buffer.from(message.text())));
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.enable');
    // Words of the language that the page's own texts happen to hold.
    const before = wordsIn(await memoryOf(session));
    expect(before.length).toBeLessThan(6);

    await press(page, 'Restore a key');
    await page.getByLabel('Label').fill('Canary');
    await wordField(page, 1).fill(MNEMONIC);
    await page.getByLabel('BIP39 passphrase').fill(BIP39_PASSPHRASE);
    await page.getByLabel('Passphrase for the key file', { exact: true }).fill(FILE_PASSPHRASE);
    await page.getByLabel('Passphrase for the key file again').fill(FILE_PASSPHRASE);
    // The search works: what is on the page now is found.
    expect(wordsIn(await memoryOf(session)).length).toBeGreaterThan(8);
    await press(page, 'Restore the key');
    await page.getByRole('heading', { name: 'Compare the fingerprint' }).waitFor({ timeout: 60_000 });
    await press(page, 'The fingerprint agrees: save the key');
    await press(page, 'Show the words');
    await expect(page.getByText('economy')).toBeVisible();
    await press(page, 'Print the seed sheet\u2026');
    await press(page, 'Prepare the seed sheet');
    await page.getByRole('heading', { name: 'Look at the pages' }).waitFor({ timeout: 60_000 });
    await press(page, 'Show the secret pages');
    await expect(page.getByRole('group', { name: 'Page' }).getByRole('img')).toBeVisible();
    await go(page, 'Wallets');
    await expect(page.getByRole('heading', { name: 'Wallets' }).first()).toBeVisible();

    const memory = await memoryOf(session);
    expect(canariesIn(Buffer.from(memory), canaries)).toEqual([]);
    expect(wordsIn(memory).filter((word) => !before.includes(word))).toEqual([]);
    expect(canariesIn(Buffer.from(await page.evaluate(() => document.documentElement.outerHTML)), canaries)).toEqual([]);
    expect(canariesIn(seenFromOutside(userData), canaries)).toEqual([]);
    expect(canariesBelow(home, canaries)).toEqual([]);
    expect(readdirSync(join(userData, 'keys')).filter((name) => name.endsWith('.age'))).toHaveLength(1);
  } finally {
    await close();
  }
  expect(canariesIn(Buffer.concat(said), canaries)).toEqual([]);
  expect(canariesBelow(home, canaries)).toEqual([]);
  expect(toHex(master.privateKey)).toHaveLength(64);
  rmSync(home, { recursive: true, force: true });
});
