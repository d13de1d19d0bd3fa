import { expect, test, type Page } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { agreedPolicyId, honestFile, mnemonic, otherMnemonic } from '../support/attack-setups.ts';
import { acceptNames, chooseFiles, go, inGap, press } from '../support/app/ceremony.ts';
import { ask, launchEdition } from '../support/app/edition.ts';
import { openRehearsal } from '../support/app/rehearsal-windows.ts';

/*
 * Wallets of other programs through both windows, files on a stick and dropped on the window, and a message that two officers sign.
 */

test.setTimeout(180_000);

const passphrase = 'correct horse battery';

/** Drops files on the middle of the window, as a person does who misses every drop zone. */
const dropFile = (page: Page, name: string, text: string): Promise<void> =>
  page.evaluate(([fileName, content]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([content as string], fileName as string));
    document.querySelector('h1')?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: carried }));
  }, [name, text]);

test('wallets, files and messages of other programs through both windows', async ({}, info) => {
  const { signer, companion, gap, close } = await openRehearsal();
  const violations: string[] = [];
  const look = async (page: Page, name: string): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      violations.push(...(await violationsOfWcag(page)));
      await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}.png`) });
    }
  };
  const value = async (name: string, input: unknown): Promise<Record<string, string>> => {
    const reply = (await ask(signer.page, name, input)) as { ok: boolean; value: Record<string, string> };
    expect(reply, name).toMatchObject({ ok: true });
    return reply.value;
  };
  try {
    // A file of another program on the stick; the list shows it and opens nothing.
    writeFileSync(join(gap, 'treasury.coldcard.txt'), honestFile('coldcard'));
    writeFileSync(join(gap, 'treasury.bsms'), honestFile('bsms'));
    writeFileSync(join(gap, 'autorun.inf'), 'x');
    await go(companion.page, 'Files');
    await expect(companion.page.getByRole('region', { name: 'gap' })).toContainText('treasury.coldcard.txt');
    await expect(companion.page.getByRole('region', { name: 'gap' })).not.toContainText('autorun.inf');
    await look(companion.page, 'companion-files');
    await companion.page.getByRole('button', { name: 'Import treasury.coldcard.txt' }).click();
    await expect(companion.page.getByText('Read as Coldcard setup file')).toBeVisible();
    await expect(companion.page.getByRole('list', { name: 'Left behind or taken for granted' })).toContainText('(branches)');
    await companion.page.getByLabel('Network of the wallet').selectOption('practice');
    await companion.page.getByLabel('Name of the wallet').fill('Cold');
    await look(companion.page, 'companion-import');
    await press(companion.page, 'Add Cold');
    const words = companion.page.getByRole('list', { name: 'Policy id in eight words' });
    await words.waitFor();
    expect((await words.getByRole('listitem').allInnerTexts()).map((text) => /[a-z]+/.exec(text)?.[0] ?? '').join(' ')).toBe(agreedPolicyId);

    const exported = companion.page.getByRole('region', { name: 'For other programs' });
    await exported.getByLabel('Format').selectOption('electrum');
    await expect(exported.getByRole('list', { name: 'What this format has no place for' })).toContainText('(labels)');
    await look(companion.page, 'companion-export');
    await acceptNames(companion.app);
    await press(companion.page, 'Save cold.electrum');
    await companion.page.getByRole('heading', { name: /^Saved/ }).waitFor();
    expect(JSON.parse(readFileSync(inGap(gap, '.electrum')[0] ?? '', 'utf8'))).toMatchObject({ wallet_type: '2of3' });

    // The Signer: keys on its shelf, the wallet by a file that is dropped beside every drop zone.
    const keys: Record<string, string>[] = [];
    for (const [label, secret] of [['Alice', mnemonic], ['Bob', otherMnemonic]] as const) {
      const key = await value('key.restore', { network: 'practice', label, secrets: [secret], passphrase });
      await value('shelf.add-key', { name: key['suggestedName'], keyFileBase64: key['keyFileBase64'] });
      keys.push(key);
      if (label === 'Bob') {
        const registered = await value('wallet.register', { keyHandle: key['keyHandle'], wallet: honestFile('strongroom'), policyId: agreedPolicyId });
        await value('shelf.add-registration', { name: registered['suggestedName'], registration: registered['registration'] });
      }
    }
    await signer.page.reload();
    const origin = signer.page.url();
    for (const label of ['Alice', 'Bob']) {
      await go(signer.page, 'Keys');
      await signer.page.getByRole('button', { name: new RegExp(label, 'i') }).first().click();
      await signer.page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
      await press(signer.page, 'Unlock');
      await signer.page.getByText('Unlocked', { exact: true }).waitFor({ timeout: 60_000 });
    }
    await signer.page.getByLabel('Written as').selectOption('coldcard');
    await press(signer.page, 'Show public key record');
    await expect(signer.page.getByRole('region', { name: 'Public record' })).toContainText('"p2wsh"');
    await look(signer.page, 'signer-key-export');
    await dropFile(signer.page, 'notes.txt', 'hello');
    await expect(signer.page.getByRole('dialog', { name: 'Not taken' })).toContainText('notes.txt');
    await press(signer.page, 'Close');
    await dropFile(signer.page, 'treasury.bsms', honestFile('bsms'));
    await expect(signer.page.getByText('Read as BSMS record (BIP129)')).toBeVisible();
    expect(signer.page.url()).toBe(origin);
    await look(signer.page, 'signer-register');
    await signer.page.getByLabel('The eight words').fill(agreedPolicyId);
    await signer.page.getByRole('button', { name: /^Register / }).click();
    await signer.page.getByRole('list', { name: 'Policy id in eight words' }).waitFor();

    // Two officers sign one message.
    await go(signer.page, 'Messages');
    const sign = async (key: RegExp): Promise<void> => {
      await signer.page.getByLabel('Wallet and key').selectOption({ label: await signer.page.getByLabel('Wallet and key').locator('option').filter({ hasText: key }).innerText() });
      await signer.page.getByRole('textbox', { name: 'Message' }).fill('We hold this address.');
      await press(signer.page, 'Sign the message');
      await signer.page.getByRole('region', { name: 'Signatures' }).waitFor();
    };
    await acceptNames(signer.app);
    await sign(/Alice/);
    await press(signer.page, 'Save the signed message');
    await signer.page.getByRole('heading', { name: 'Saved' }).waitFor();
    await chooseFiles(signer.app, ...inGap(gap, '.psbt'));
    await press(signer.page, 'Open signed messages');
    await sign(/Bob/);
    await expect(signer.page.getByRole('region', { name: 'Signatures' })).toContainText('Complete');
    await look(signer.page, 'signer-message');
    await press(signer.page, 'Check this signature');
    await press(signer.page, 'Check the signature');
    await expect(signer.page.getByRole('status').getByRole('heading', { name: /The signature is valid/ })).toBeVisible();
    await look(signer.page, 'signer-message-check');
    await signer.page.getByRole('textbox', { name: 'Message' }).fill('We hold that address.');
    await press(signer.page, 'Check the signature');
    await expect(signer.page.getByRole('heading', { name: /NOT valid/ })).toBeVisible();

    await go(companion.page, 'Messages');
    await companion.page.getByLabel('Wallet', { exact: true }).selectOption({ index: 1 });
    await companion.page.getByRole('textbox', { name: 'Message' }).fill('We hold this address.');
    await chooseFiles(companion.app, ...inGap(gap, '.psbt'));
    await press(companion.page, 'Open signed messages');
    await press(companion.page, 'Bring the signatures together');
    await expect(companion.page.getByRole('region', { name: 'Signatures' })).toContainText('1 more needed');
    await look(companion.page, 'companion-message');
    expect(violations).toEqual([]);
  } finally {
    await close();
  }
});

test('a file that the system hands over is listed and waits; links and files of other kinds are named, and cannot be opened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-handed-'));
  const paths = ['pay.cold.unsigned.psbt', 'notes.txt', 'linked.psbt'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(paths[0], 'cHNidP8=');
  writeFileSync(paths[1], 'x');
  symlinkSync(paths[0], paths[2]);
  const { page, close } = await launchEdition('signer', { userData: join(folder, 'data'), args: paths });
  try {
    await expect(page.getByRole('navigation').getByRole('button', { name: 'Files' })).toContainText('3');
    await go(page, 'Sign');
    await expect(page.getByText('No transaction is open')).toBeVisible();
    await go(page, 'Files');
    const handed = page.getByRole('table', { name: 'Files handed over', exact: true });
    const refused = page.getByRole('table', { name: 'Files handed over that are not opened' });
    await expect(handed.getByRole('row')).toHaveText([/Name/, /pay\.cold\.unsigned\.psbt/]);
    await expect(refused.getByRole('row')).toHaveCount(3);
    for (const [name, code] of [['notes.txt', 'file.unknown-name'], ['linked.psbt', 'file.not-regular']] as const) await expect(refused.getByRole('row').filter({ hasText: name })).toContainText(code);
    // Handles are the host's own; a path is none, and another handle leads nowhere.
    for (const file of [paths[0], '0'.repeat(32)]) expect(await ask(page, 'files.open', { file })).toMatchObject({ ok: false });
    await press(page, 'Put away pay.cold.unsigned.psbt');
    await expect(handed).toHaveCount(0);
    await expect(refused.getByRole('row')).toHaveCount(3);
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});
