import { expect, test, type Page } from '@playwright/test';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { chooseFiles, exampleFlips, exampleRolls, go, makeKey, press, wordsOnScreen } from '../support/app/ceremony.ts';
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

/** The same backwards, to a control whose text begins so. */
async function tabBackTo(page: Page, text: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    if ((await focused(page)).trim().startsWith(text)) return;
    await page.keyboard.press('Shift+Tab');
  }
  throw new Error(`Shift+Tab does not reach "${text}"`);
}

const wordField = (page: Page, number: number) => page.getByRole('list', { name: 'Words from the sheet' }).getByRole('textbox').nth(number - 1);

const twelveWords = `${'abandon '.repeat(11)}about`;

/** Two of three shares of an example seed, and the fingerprint of the key that they lead to. */
const slip39Shares = [
  'envelope clay academic acid analysis emphasis profile envy legs slim software predator glad away jury camera helpful ancestor ruler fiscal',
  'envelope clay academic agency dish liberty junction graduate hobo flash jewelry client photo paid leader infant divorce usual freshman fatigue',
] as const;
const slip39Fingerprint = '0de1b852';

/** `printf '%s' ROLLS | sha256sum`, turned into words by another BIP39 tool. */
const wordsOfRolls = 'gauge version salmon replace ginger index group verify mercy manual bubble insane tape shine gadget input story boil rally tiger bone fantasy toe nose';

test('the key ceremony runs by keyboard alone, with dice and coins, from the empty shelf to the saved key', async () => {
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
    await tabTo(page, 'Roll, flip or draw');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Roll, flip or draw, and type what you see' }).waitFor();
    await fieldIsFocused(page);
    await page.keyboard.type(exampleRolls(99, 7));
    await expect(page.getByRole('button', { name: /^Dice 99 of 99 rolls 255 bits enough alone/ })).toBeVisible();
    await tabBackTo(page, 'Coins');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: 'Flips' })).toBeFocused();
    await page.keyboard.type(exampleFlips(64, 9));
    await expect(page.getByRole('button', { name: /^Coins 64 of 256 flips 64 bits not enough alone/ })).toBeVisible();
    await tabTo(page, 'Choose a passphrase');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A passphrase for the key file' }).waitFor();
    await fieldIsFocused(page);
    await page.keyboard.type('correct horse battery');
    // The button beside it shows what was typed while it is held down, and no longer.
    await page.keyboard.press('Tab');
    await page.keyboard.down('Space');
    await expect(page.getByLabel('Passphrase', { exact: true })).toHaveAttribute('type', 'text');
    await page.keyboard.up('Space');
    await expect(page.getByLabel('Passphrase', { exact: true })).toHaveAttribute('type', 'password');
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
    // The record of its making names both sources and what they were worth.
    await expect(page.getByText('99 rolls of dice, worth 255 bits or more')).toBeVisible();
    await expect(page.getByText('64 flips of a coin, too few to be counted')).toBeVisible();
    await tabTo(page, 'Save the key on this laptop');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('list', { name: 'Keys on this laptop' }).getByRole('listitem')).toHaveCount(1);
    await expect(page.getByRole('region', { name: 'Key file' })).toContainText('This file is the only copy.');
    expect(await ask(page, 'shelf.list', {})).toMatchObject({ ok: true, value: { entropyRecords: [{ label: 'Alice', mode: 'mixed' }] } });
  } finally {
    await close();
  }
});

test('dice only: the key is SHA-256 of the rolls, and the window says how to replay it', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await press(page, 'Make a key');
    await page.getByLabel('Label').fill('Alice');
    await page.getByLabel('Dice only').check();
    await press(page, 'Roll the dice');
    await page.getByText('How to replay it on another machine').click();
    await expect(page.getByText('sha256sum')).toBeVisible();
    await page.getByRole('textbox', { name: 'Rolls' }).fill(exampleRolls(99, 7));
    expect(await violationsOfWcag(page)).toEqual([]);
    await press(page, 'Choose a passphrase');
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
    await page.getByLabel('Passphrase again').fill('correct horse battery');
    await press(page, 'Make the key');
    await page.getByRole('heading', { name: 'Write the 24 words on paper' }).waitFor({ timeout: 60_000 });
    await press(page, 'Uncover the words');
    expect((await wordsOnScreen(page)).join(' ')).toBe(wordsOfRolls);
  } finally {
    await close();
  }
});

test('words are covered again when the page is left, and are nowhere in it afterwards', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await press(page, 'Make a key');
    await page.getByLabel('Label').fill('Alice');
    await page.getByLabel('12 words (128 bits)').check();
    await press(page, 'Roll, flip or draw');
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

test('what was thrown and typed is dropped when the page is left, and the window says so', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await press(page, 'Make a key');
    await page.getByLabel('Label').fill('Alice');
    await press(page, 'Roll, flip or draw');
    await page.getByRole('textbox', { name: 'Rolls' }).fill(exampleRolls(99, 7));
    await press(page, 'Choose a passphrase');
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
    // What is typed is a field's value and no attribute: it is in no markup that could be kept.
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toMatch(/correct horse|534611562666/);
    await go(page, 'Sign');
    await go(page, 'Keys');
    await expect(page.getByRole('heading', { name: 'You left this page' })).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Rolls' })).toHaveValue('');
    await press(page, 'Stop and keep nothing');
    await press(page, 'Restore a key');
    await page.getByLabel('Label').fill('Bruno');
    await wordField(page, 1).fill(twelveWords);
    await page.getByLabel('BIP39 passphrase').fill('a canary');
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toMatch(/abandon|canary/);
    await go(page, 'Sign');
    await go(page, 'Keys');
    await expect(page.getByLabel('Label')).toHaveValue('Bruno');
    await expect(wordField(page, 12)).toHaveValue('');
    await expect(page.getByLabel('BIP39 passphrase')).toHaveValue('');
  } finally {
    await close();
  }
});

test('a key comes back from its words: slips are found while they are typed, and the fingerprint is compared before it is kept', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await press(page, 'Restore a key');
    await page.getByLabel('Label').fill('Bruno');
    // A text of several words spreads over the fields; a blank goes on to the next one.
    await wordField(page, 1).fill(twelveWords.replace('about', 'abot'));
    await expect(page.getByLabel('12', { exact: true })).toBeChecked();
    await page.getByRole('button', { name: 'about', exact: true }).click();
    await expect(page.getByText('The checksum fits')).toBeVisible();
    await wordField(page, 12).fill('above');
    await expect(page.getByText('Every word exists, but together they do not fit')).toBeVisible();
    expect(await violationsOfWcag(page)).toEqual([]);
    await wordField(page, 12).fill('');
    await press(page, 'Find the last word\u2026');
    await expect(page.getByText('128 words complete these')).toBeVisible();
    await page.getByRole('group', { name: 'Last words' }).getByRole('button', { name: 'about', exact: true }).click();
    await page.getByLabel('BIP39 passphrase').fill(' TREZOR');
    await press(page, 'Show it character by character');
    await expect(page.getByText(/A blank at its beginning or end \(place 1\)/)).toBeVisible();
    await expect(page.getByRole('table', { name: 'Characters of the passphrase' }).getByRole('row')).toHaveCount(8);
    expect(await violationsOfWcag(page)).toEqual([]);
    await page.getByLabel('BIP39 passphrase').fill('');
    await page.getByLabel('Passphrase for the key file', { exact: true }).fill('correct horse battery');
    await page.getByLabel('Passphrase for the key file again').fill('correct horse battery');
    await press(page, 'Restore the key');
    await page.getByRole('heading', { name: 'Compare the fingerprint' }).waitFor({ timeout: 60_000 });
    // Of the mnemonic that BIP39 and BIP84 give as their example.
    await expect(page.getByText('73c5da0a', { exact: true })).toBeVisible();
    await press(page, 'The fingerprint agrees: save the key');
    await expect(page.getByRole('heading', { name: 'Bruno' })).toBeVisible();
    await press(page, 'Show the words');
    expect(await wordsOnScreen(page)).toEqual(twelveWords.split(' '));
  } finally {
    await close();
  }
});

test('a key comes back from SLIP-39 shares, one by one; a share that was given twice is refused by name', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await press(page, 'Restore a key');
    await page.getByLabel('Label').fill('Chen');
    await page.getByLabel('SLIP-39 shares').check();
    await page.getByLabel('First share').fill(slip39Shares[0]);
    await press(page, 'Take this share');
    await expect(page.getByText('1 of 2 shares given')).toBeVisible();
    await page.getByLabel('Next share').fill(slip39Shares[0]);
    await press(page, 'Take this share');
    await expect(page.getByRole('alert')).toContainText('share.mismatch');
    expect(await violationsOfWcag(page)).toEqual([]);
    await page.getByLabel('Next share').fill(slip39Shares[1]);
    await press(page, 'Take this share');
    await expect(page.getByText('2 of 2 shares given')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(slip39Shares[0].split(' ').slice(4, 7).join(' '));
    await page.getByLabel('Passphrase for the key file', { exact: true }).fill('correct horse battery');
    await page.getByLabel('Passphrase for the key file again').fill('correct horse battery');
    await press(page, 'Restore the key');
    await page.getByRole('heading', { name: 'Compare the fingerprint' }).waitFor({ timeout: 60_000 });
    await expect(page.getByText(slip39Fingerprint, { exact: true })).toBeVisible();
    await press(page, 'The fingerprint agrees: save the key');
    await expect(page.getByRole('heading', { name: 'Chen' })).toBeVisible();
    // There are no words that lead to a seed.
    await expect(page.getByRole('button', { name: 'Show the words' })).toBeHidden();
  } finally {
    await close();
  }
});

test('a key file is copied to a folder and looked at again; a new passphrase leaves the copy with the old one, and the window says so', async () => {
  const { page, app, userData, close } = await launchEdition('signer');
  try {
    await makeKey(page, { label: 'Alice', seed: 7, passphrase: 'correct horse battery' });
    await expect(page.getByRole('region', { name: 'Key file' })).toContainText('This file is the only copy.');
    const folder = join(userData, 'stick');
    mkdirSync(folder);
    await chooseFiles(app, folder);
    await press(page, 'Copy to another folder or stick\u2026');
    await expect(page.getByRole('table', { name: 'Copies of the key file' })).toContainText('intact');
    const [copy] = readdirSync(folder);
    expect(copy).toMatch(/^alice-[0-9a-f]{8}\.key\.age$/);
    expect(await violationsOfWcag(page)).toEqual([]);
    await press(page, 'Change the passphrase\u2026');
    await page.getByLabel('Passphrase now').fill('correct horse battery');
    await page.getByLabel('New passphrase', { exact: true }).fill('another horse battery');
    await page.getByLabel('New passphrase again').fill('another horse battery');
    expect(await violationsOfWcag(page)).toEqual([]);
    await press(page, 'Change the passphrase');
    await expect(page.getByRole('dialog', { name: 'The passphrase was changed' })).toContainText('differs from this file', { timeout: 60_000 });
    await press(page, 'Done');
    rmSync(join(folder, copy as string));
    await press(page, 'Check all copies again');
    await expect(page.getByRole('table', { name: 'Copies of the key file' })).toContainText('not there now');
    await press(page, 'Lock');
    await page.getByLabel('Passphrase', { exact: true }).fill('another horse battery');
    await press(page, 'Unlock');
    await expect(page.getByRole('button', { name: 'Show public key record' })).toBeVisible({ timeout: 30_000 });
  } finally {
    await close();
  }
});

test('a child key is a key file of its own', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await makeKey(page, { label: 'Alice', seed: 7, passphrase: 'correct horse battery' });
    await press(page, 'Make a child key\u2026');
    await page.getByLabel('Label').fill('Till');
    await page.getByLabel('Passphrase for its key file', { exact: true }).fill('child horse battery');
    await page.getByLabel('Passphrase for its key file again').fill('child horse battery');
    await press(page, 'Make the child key');
    await expect(page.getByRole('heading', { name: 'Till' })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('list', { name: 'Keys on this laptop' }).getByRole('listitem')).toHaveCount(2);
    await expect(page.getByText(/^Derived from another key/)).toBeVisible();
  } finally {
    await close();
  }
});

test('a ceremony that is stopped keeps nothing', async () => {
  const { page, userData, close } = await launchEdition('signer');
  try {
    await press(page, 'Make a key');
    await page.getByLabel('Label').fill('Alice');
    await press(page, 'Roll, flip or draw');
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
    await page.getByLabel('Passphrase', { exact: true }).fill('wrong horse battery');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('key.passphrase-wrong', { timeout: 30_000 });
    await expect(page.getByLabel('Passphrase', { exact: true })).toHaveValue('');
    expect(await violationsOfWcag(page)).toEqual([]);
    await page.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
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
    await press(page, 'Put it away');
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
    expect(await page.getByRole('dialog').getByRole('option').allInnerTexts()).toEqual(['Keys', 'Wallets', 'Sign', 'Messages', 'Files', 'Paper', 'Drills']);
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
