import { expect, test, type Page } from '@playwright/test';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { chooseFiles, go, press } from '../support/app/ceremony.ts';
import { ask, launchEdition, type RunningEdition } from '../support/app/edition.ts';

test.setTimeout(180_000);

// Of BIP39's published test vectors.
const WORDS = 'vessel ladder alter error federal sibling chat ability sun glass valve picture'.split(' ');
const PASSPHRASE = 'correct horse battery';

/** A Signer with one key on its shelf, which nobody has drilled. @returns the key file as a backup would have it */
async function signerWithKey(): Promise<RunningEdition & { readonly fingerprint: string; readonly keyFileBase64: string }> {
  const running = await launchEdition('signer');
  const made = (await ask(running.page, 'key.restore', { network: 'regtest', label: 'Reserve', secrets: [WORDS.join(' ')], passphrase: PASSPHRASE })) as { value: { keyFileBase64: string; suggestedName: string; fingerprint: string; keyHandle: string; entropyRecord: unknown } };
  const { keyFileBase64, suggestedName, fingerprint, keyHandle, entropyRecord } = made.value;
  expect(await ask(running.page, 'shelf.add-key', { name: suggestedName, keyFileBase64, entropyRecord })).toMatchObject({ ok: true });
  await ask(running.page, 'key.lock', { keyHandle });
  await running.page.reload();
  await go(running.page, 'Drills');
  await expect(running.page.getByText('never drilled')).toBeVisible();
  return { ...running, fingerprint, keyFileBase64 };
}

const word = (page: Page, number: number) => page.getByRole('textbox', { name: `Word ${number}`, exact: true });
const secretsInPage = (page: Page): Promise<readonly string[]> =>
  page.evaluate((words) => {
    const texts = [document.body.innerText, ...Array.from(document.querySelectorAll('input, textarea'), (field) => (field as HTMLInputElement).value)].join('\n');
    return words.filter((each) => texts.includes(each));
  }, [...WORDS.filter((each) => each.length > 5), PASSPHRASE]);

test('a key is drilled from paper: help with a smudged word, a wrong answer, the right one, and a record on the laptop', async () => {
  const { page, userData, fingerprint, close } = await signerWithKey();
  try {
    expect(await violationsOfWcag(page)).toEqual([]);
    await expect(page.getByRole('button', { name: 'Drill from paper' })).toBeDisabled();
    await page.getByLabel('Who drills').fill('Ada');
    await press(page, 'Drill from paper');
    await page.getByLabel('Number of words').selectOption('12');
    for (const [index, each] of WORDS.with(1, 'laddr').with(10, 'valid').entries()) await word(page, index + 1).fill(each);
    await press(page, 'Help with the words');
    await expect(page.getByText('Word 2 is not in the list')).toBeVisible();
    expect(await violationsOfWcag(page)).toEqual([]);
    await press(page, 'ladder');
    await press(page, 'Compare the key');
    await expect(page.getByText('The key did not come back')).toBeVisible();
    await word(page, 11).fill('valve');
    await press(page, 'Compare the key');
    await expect(page.getByText('The key came back from paper')).toBeVisible();
    await expect(page.getByText('.drill.json')).toBeVisible();
    expect(await violationsOfWcag(page)).toEqual([]);
    expect(await secretsInPage(page)).toEqual([]);
    const [name] = readdirSync(join(userData, 'drills'));
    expect(JSON.parse(readFileSync(join(userData, 'drills', name as string), 'utf8'))).toMatchObject({ format: 'strongroom-drill', fingerprint, outcome: 'passed', by: 'Ada', attempts: 2 });
    await press(page, 'Back to the keys');
    await expect(page.getByText(/^passed, due/)).toBeVisible();
    // A second record that cannot be read hides neither the key nor its drill.
    writeFileSync(join(userData, 'drills', 'bad.drill.json'), '{}');
    await page.reload();
    await go(page, 'Drills');
    await expect(page.getByText('A record cannot be read')).toBeVisible();
    await expect(page.getByText('bad.drill.json: it was changed, or is no record of a drill.')).toBeVisible();
    await expect(page.getByText(/^passed, due/)).toBeVisible();
    expect(await violationsOfWcag(page)).toEqual([]);
  } finally {
    await close();
  }
});

test('what was typed is gone when the page is left; the drill and its clock go on', async () => {
  const { app, page, keyFileBase64, userData, close } = await signerWithKey();
  try {
    await page.getByLabel('Who drills').fill('Ada');
    await press(page, 'Drill from paper');
    await page.getByLabel('Number of words').selectOption('12');
    // A whole mnemonic in the first field, as a scanner types it.
    await word(page, 1).fill(WORDS.join(' '));
    await expect(word(page, 12)).toHaveValue('picture');
    expect((await secretsInPage(page)).length).toBeGreaterThan(0);
    await go(page, 'Keys');
    expect(await secretsInPage(page)).toEqual([]);
    await go(page, 'Drills');
    await expect(page.getByRole('timer')).toBeVisible();
    await expect(word(page, 1)).toHaveValue('');
    expect(await secretsInPage(page)).toEqual([]);
    await press(page, 'Give up');
    await expect(page.getByText('The drill was given up')).toBeVisible();
    await press(page, 'Back to the keys');
    // No answer was given: it proves nothing.
    await expect(page.getByText('never drilled')).toBeVisible();

    const backup = join(userData, 'backup.key.age');
    writeFileSync(backup, Buffer.from(keyFileBase64, 'base64'));
    await chooseFiles(app, backup);
    await press(page, 'Drill from a backup');
    await press(page, 'Choose backup');
    await page.getByLabel('Passphrase of the key file', { exact: true }).fill(PASSPHRASE);
    expect(await violationsOfWcag(page)).toEqual([]);
    await press(page, 'Compare the key');
    await expect(page.getByText('The key came back from backup')).toBeVisible({ timeout: 30_000 });
    expect(await secretsInPage(page)).toEqual([]);
  } finally {
    await close();
  }
});

test('every fault of the rehearsal ends as predicted inside Electron', async () => {
  const { page, close } = await launchEdition('signer');
  try {
    await go(page, 'Drills');
    await expect(page.getByRole('heading', { name: 'Nothing to drill yet' })).toBeVisible();
    expect(await violationsOfWcag(page)).toEqual([]);
    await press(page, 'Rehearse with faults');
    await press(page, 'Plant the faults');
    await expect(page.getByRole('heading', { name: 'Every fault ended as predicted' })).toBeVisible({ timeout: 120_000 });
    expect(await violationsOfWcag(page)).toEqual([]);
  } finally {
    await close();
  }
});
