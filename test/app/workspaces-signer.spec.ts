import { expect, test, type Page } from '@playwright/test';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { chooseFiles, exampleRolls, go, makeKey, press, wordsOnScreen } from '../support/app/ceremony.ts';
import { ask, launchEdition } from '../support/app/edition.ts';

test.setTimeout(120_000);

const focused = (page: Page): Promise<string> => page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText ?? '');

/** Waits until the step has put the focus into its first field: keys that are pressed before go nowhere. */
const fieldIsFocused = (page: Page): Promise<void> => expect.poll(() => page.evaluate(() => document.activeElement?.matches('input, textarea, select') ?? false)).toBe(true);

/** Tabs until the element with that text has the focus. A person who cannot use a pointer does the same. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    if ((await focused(page)).trim() === text) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach "${text}"`);
}

test('the key ceremony runs by keyboard alone, from the empty shelf to the saved key', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await page.getByRole('heading', { name: 'No key yet' }).waitFor();
    await tabTo(page, 'Make a key');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What is this key for?' }).waitFor();
    // The step begins at its first field: the network. Tab goes on to the label.
    await fieldIsFocused(page);
    await page.keyboard.press('Tab');
    await page.keyboard.type('Alice');
    await tabTo(page, 'Roll the dice');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Roll the dice and type what you see' }).waitFor();
    await fieldIsFocused(page);
    await page.keyboard.type(exampleRolls(99, 7));
    await expect(page.getByText('99 of 99')).toBeVisible();
    await tabTo(page, 'Choose a passphrase');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A passphrase for the key file' }).waitFor();
    await fieldIsFocused(page);
    await page.keyboard.type('correct horse battery');
    await page.keyboard.press('Tab');
    await page.keyboard.type('correct horse battery');
    await tabTo(page, 'Make the key');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Write the 24 words on paper' }).waitFor({ timeout: 60_000 });
    await tabTo(page, 'Uncover the words');
    await page.keyboard.press('Enter');
    const words = await wordsOnScreen(page);
    expect(words).toHaveLength(24);
    await tabTo(page, 'I have written them down');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Read three words back from the paper' }).waitFor();
    await fieldIsFocused(page);
    for (let field = 0; field < 3; field += 1) {
      const label = await page.evaluate(() => (document.activeElement as HTMLInputElement).labels?.[0]?.textContent ?? '');
      await page.keyboard.type(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
      await page.keyboard.press('Tab');
    }
    await tabTo(page, 'Check the words');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The paper is good' }).waitFor();
    await tabTo(page, 'Save the key on this laptop');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('list', { name: 'Keys on this laptop' }).getByRole('listitem')).toHaveCount(1);
  } finally {
    await close();
  }
});

test('words are covered again when the page is left, and are nowhere in it afterwards', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await press(page, 'Make a key');
    await page.getByLabel('Label').fill('Alice');
    await page.getByLabel('12 words (128 bits, 50 rolls)').check();
    await press(page, 'Roll the dice');
    await page.getByRole('textbox', { name: 'Rolls' }).fill(exampleRolls(60, 7));
    await press(page, 'Choose a passphrase');
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
    await page.getByLabel('Passphrase again').fill('correct horse battery');
    await press(page, 'Make the key');
    await page.getByRole('heading', { name: 'Write the 12 words on paper' }).waitFor({ timeout: 60_000 });
    expect(await page.getByRole('list', { name: 'Words, covered' }).innerText()).not.toMatch(/[a-z]{3}/);
    await press(page, 'Uncover the words');
    const words = await wordsOnScreen(page);
    expect(words).toHaveLength(12);
    await go(page, 'Wallets');
    await go(page, 'Keys');
    await expect(page.getByRole('list', { name: 'Words, covered' })).toBeVisible();
    const text = await page.evaluate(() => document.documentElement.outerHTML);
    expect(words.filter((word) => new RegExp(`>${word}<`).test(text))).toEqual([]);
  } finally {
    await close();
  }
});

test('a ceremony that is stopped keeps nothing', async () => {
  const { page, userData, close } = await launchEdition('signer');
  try {
    await press(page, 'Make a key');
    await page.getByLabel('Label').fill('Alice');
    await press(page, 'Roll the dice');
    await press(page, 'Stop and keep nothing');
    await page.getByRole('heading', { name: 'No key yet' }).waitFor();
    expect(await ask(page, 'shelf.list', {})).toMatchObject({ ok: true, value: { keys: [] } });
    expect(readdirSync(userData).includes('keys') ? readdirSync(join(userData, 'keys')) : []).toEqual([]);
  } finally {
    await close();
  }
});

test('a locked key stays locked for a wrong passphrase, and says so by name', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await makeKey(page, { label: 'Alice', seed: 7, passphrase: 'correct horse battery' });
    await press(page, 'Lock');
    await page.getByLabel('Passphrase').fill('wrong horse battery');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('key.passphrase-wrong', { timeout: 30_000 });
    await expect(page.getByLabel('Passphrase')).toHaveValue('');
    expect(await violationsOfWcag(page)).toEqual([]);
    await page.getByLabel('Passphrase').fill('correct horse battery');
    await press(page, 'Unlock');
    await expect(page.getByRole('button', { name: 'Show public key record' })).toBeVisible({ timeout: 30_000 });
  } finally {
    await close();
  }
});

test('a file that is no wallet is refused by name, and nothing is registered', async () => {
  const { page, app, userData, close } = await launchEdition('signer');
  const path = join(userData, 'not-a-wallet.json');
  writeFileSync(path, '{"hello":"world"}');
  try {
    await go(page, 'Wallets');
    await chooseFiles(app, path);
    await page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Open wallet file' }).click();
    await expect(page.getByRole('alert')).toContainText('wallet.malformed');
    await expect(page.getByRole('heading', { name: 'No wallet is registered' })).toBeVisible();
  } finally {
    await close();
  }
});

test('without a registered wallet nothing can be opened to sign, and the way there is named', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await go(page, 'Sign');
    await expect(page.getByRole('region', { name: 'Next step' })).toContainText('No wallet is registered yet');
    await press(page, 'Go to Wallets');
    await expect(page.getByRole('heading', { name: 'Wallets', level: 1 })).toBeVisible();
  } finally {
    await close();
  }
});

test('the palette goes places by keyboard and does nothing else; Escape leaves it', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await page.getByRole('heading', { name: 'No key yet' }).waitFor();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Go to a workspace' })).toBeVisible();
    expect(await page.getByRole('dialog').getByRole('option').allInnerTexts()).toEqual(['Keys', 'Wallets', 'Sign']);
    expect(await violationsOfWcag(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: 'Workspace' })).toBeFocused();
    await page.keyboard.type('wal');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Wallets', level: 1 })).toBeVisible();
  } finally {
    await close();
  }
});

test('light, dark and the choice between them: every text keeps its contrast', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, close } = await launchEdition('signer', { colorScheme });
    try {
      await page.getByRole('heading', { name: 'No key yet' }).waitFor();
      expect(await violationsOfWcag(page)).toEqual([]);
      await page.getByLabel('Appearance').selectOption(colorScheme === 'light' ? 'dark' : 'light');
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(colorScheme === 'light' ? 'rgb(18, 19, 22)' : 'rgb(246, 246, 243)');
      expect(await violationsOfWcag(page)).toEqual([]);
    } finally {
      await close();
    }
  }
});
