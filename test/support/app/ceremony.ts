import type { ElectronApplication, Page } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/*
 * The ceremony through both windows, found by what people see: roles and names. The app tests and the screenshots share it.
 */

/** Called at the moments that are worth a look. */
export type Look = (name: string) => Promise<void>;
const noLook: Look = async () => undefined;

/** Has the file dialog choose these files, once and from then on. */
export const chooseFiles = (app: ElectronApplication, ...paths: readonly string[]): Promise<void> =>
  app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths });
  }, [...paths]);

/** Has the save dialog take the name that it is offered; in a rehearsal that is in the gap folder. */
export const acceptNames = (app: ElectronApplication): Promise<void> =>
  app.evaluate(({ dialog }) => {
    dialog.showSaveDialog = (async (...args: readonly { readonly defaultPath?: string }[]) => ({ canceled: false, filePath: args.at(-1)?.defaultPath ?? '' })) as unknown as typeof dialog.showSaveDialog;
  });

export const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
export const go = (page: Page, place: string): Promise<void> => page.getByRole('navigation', { name: 'Workspaces' }).getByRole('button', { name: place }).click();

/** Files in the gap whose name ends so. */
export const inGap = (gap: string, ending: string): readonly string[] => readdirSync(gap).filter((name) => name.endsWith(ending)).sort().map((name) => join(gap, name));

/** Rolls that look like chance, and are the same in every run; a real ceremony has real dice. */
export function exampleRolls(count: number, seed: number): string {
  let state = seed;
  let rolls = '';
  while (rolls.length < count) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    rolls += String(1 + (Math.floor(state / 65_536) % 6));
  }
  return rolls;
}

/** Flips that look like chance, and are the same in every run. */
export const exampleFlips = (count: number, seed: number): string => exampleRolls(count, seed).replace(/[123]/g, 'H').replace(/[456]/g, 'T');

/** Makes a key by the whole ceremony. @returns its words */
export async function makeKey(page: Page, { label, seed, passphrase }: { readonly label: string; readonly seed: number; readonly passphrase: string }, look: Look = noLook): Promise<readonly string[]> {
  await go(page, 'Keys');
  await press(page, 'Make a key');
  await page.getByLabel('Label').fill(label);
  await press(page, 'Roll, flip or draw');
  await page.getByRole('textbox', { name: 'Rolls' }).fill(exampleRolls(61, seed));
  await look('dice');
  await page.getByRole('textbox', { name: 'Rolls' }).fill(exampleRolls(99, seed));
  await press(page, 'Choose a passphrase');
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Passphrase again').fill(passphrase);
  await press(page, 'Make the key');
  await page.getByRole('heading', { name: /Write the 24 words/ }).waitFor({ timeout: 60_000 });
  await look('words');
  await press(page, 'Uncover the words');
  const words = await wordsOnScreen(page);
  await press(page, 'I have written them down');
  await page.getByRole('heading', { name: 'Read three words back from the paper' }).waitFor();
  for (const field of await page.getByRole('textbox', { name: /^Word \d+$/ }).all()) {
    const label_ = await field.evaluate((element) => (element as HTMLInputElement).labels?.[0]?.textContent ?? '');
    await field.fill(words[Number(/\d+/.exec(label_)?.[0]) - 1] ?? '');
  }
  await press(page, 'Check the words');
  await page.getByRole('heading', { name: 'The paper is good' }).waitFor();
  await look('paper-good');
  await press(page, 'Save the key on this laptop');
  await page.getByRole('heading', { name: label, exact: true }).waitFor();
  return words;
}

export async function wordsOnScreen(page: Page): Promise<readonly string[]> {
  const list = page.getByRole('list', { name: 'Words', exact: true });
  await list.waitFor();
  return (await list.getByRole('listitem').allInnerTexts()).map((text) => /[a-z]+/.exec(text)?.[0] ?? '');
}

/** Opens the restore page with a sheet typed in that holds a slip, lets it be looked at, and leaves nothing. */
export async function lookAtRestore(page: Page, look: Look): Promise<void> {
  await go(page, 'Keys');
  await press(page, 'Restore a key');
  await page.getByLabel('Label').fill('Dora');
  const first = page.getByRole('list', { name: 'Words from the sheet' }).getByRole('textbox').first();
  await first.fill('legal winner thank year wave sausage worth usefull legal winner thank yellow');
  await page.getByText('One word is in no list').waitFor();
  await look('restore');
  await press(page, 'Stop and keep nothing');
}

export async function saveRecord(page: Page, app: ElectronApplication): Promise<void> {
  await acceptNames(app);
  await press(page, 'Show public key record');
  await press(page, 'Save key record');
  await page.getByRole('heading', { name: 'Saved' }).waitFor();
}

export async function useNode(page: Page, network = 'Practice network'): Promise<void> {
  await go(page, 'Node');
  await page.getByRole('button', { name: /^Check (and use this node|the node again)$/ }).click();
  await page.getByText('Connected and up to date').waitFor();
  await page.getByRole('definition').filter({ hasText: network }).waitFor();
}

/** Makes a wallet from every key record in the gap, and saves its file there. @returns its policy id */
export async function makeWallet(page: Page, app: ElectronApplication, gap: string, { name, required }: { readonly name: string; readonly required: number }, look: Look = noLook): Promise<string> {
  await go(page, 'Wallets');
  await press(page, 'New wallet');
  await chooseFiles(app, ...inGap(gap, '.key-record.txt'));
  await press(page, 'Open key records');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Signatures needed').selectOption(String(required));
  await look('new-wallet');
  await page.getByRole('button', { name: /^Make the \d-of-\d wallet$/ }).click();
  const words = page.getByRole('list', { name: 'Policy id in eight words' });
  await words.waitFor();
  await acceptNames(app);
  await press(page, 'Save wallet file');
  await page.getByRole('heading', { name: /^Saved/ }).waitFor();
  return (await words.getByRole('listitem').allInnerTexts()).map((text) => /[a-z]+/.exec(text)?.[0] ?? '').join(' ');
}

/** Registers the wallet file of the gap with a key, having been read the eight words. */
export async function registerWallet(page: Page, app: ElectronApplication, gap: string, { policyId, key }: { readonly policyId: string; readonly key: string }, look: Look = noLook): Promise<void> {
  await go(page, 'Wallets');
  await chooseFiles(app, ...inGap(gap, '.wallet.json'));
  await page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Open wallet file' }).click();
  const choice = page.getByLabel('Register with key');
  await page.getByLabel('The eight words').waitFor();
  if (await choice.isVisible()) await choice.selectOption({ label: key });
  await page.getByLabel('The eight words').fill(policyId.split(' ').slice(0, 5).join(' '));
  await look('register');
  await page.getByLabel('The eight words').fill(policyId);
  await page.getByRole('button', { name: /^Register / }).click();
  await page.getByRole('list', { name: 'Policy id in eight words' }).waitFor();
}

export async function sweep(page: Page, { floorBtc, feeRate }: { readonly floorBtc: string; readonly feeRate: string }, look: Look = noLook): Promise<void> {
  await go(page, 'Sweep');
  await page.getByText('Leaves, fee included').waitFor();
  await page.getByLabel('Keep hot, in BTC').fill(floorBtc);
  await page.getByLabel('Fee rate, in sat/vB').fill(feeRate);
  await look('sweep');
  await press(page, 'Plan the sweep');
  await page.getByRole('region', { name: 'Arithmetic' }).waitFor();
  await look('sweep-plan');
  await page.getByRole('button', { name: /^Have the node sign/ }).click();
  await page.getByRole('heading', { name: 'Signed by the node' }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: /^Broadcast / }).click();
  await page.getByRole('heading', { name: /are on their way/ }).waitFor();
}

export async function findBlock(page: Page): Promise<void> {
  await press(page, 'Find a block');
  await page.getByText(/^Height \d/).waitFor();
}

/** Plans the practice payments and saves the unsigned PSBT into the gap. */
export async function planPayments(page: Page, app: ElectronApplication, { feeRate }: { readonly feeRate: string }, look: Look = noLook): Promise<void> {
  await go(page, 'Pay');
  await press(page, 'Take the practice payments');
  await page.getByLabel('Fee rate, in sat/vB').fill(feeRate);
  await page.getByRole('button', { name: /^Plan \d+ payments?$/ }).click();
  await page.getByRole('region', { name: 'Payments' }).getByRole('listitem').first().waitFor();
  await look('pay-plan');
  await acceptNames(app);
  await press(page, 'Save unsigned PSBT');
  await page.getByRole('heading', { name: 'Saved' }).waitFor();
}

/** Reviews the newest unsigned PSBT of the gap with a key, signs it, and saves the reply there. */
export async function sign(page: Page, app: ElectronApplication, gap: string, { key }: { readonly key: string }, look: Look = noLook): Promise<void> {
  await go(page, 'Sign');
  const another = page.getByRole('button', { name: 'Sign another transaction' });
  if (await another.isVisible()) await another.click();
  await chooseFiles(app, inGap(gap, '.unsigned.psbt').at(-1) ?? '');
  await page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Open PSBT' }).click();
  await page.getByRole('region', { name: 'Arithmetic' }).waitFor();
  const choice = page.getByLabel('Sign with');
  if (await choice.isVisible()) {
    await choice.selectOption({ label: key });
    await page.getByRole('button', { name: `Sign as cosigner ${key}` }).waitFor();
  }
  await look('review');
  await page.getByRole('button', { name: `Sign as cosigner ${key}` }).click();
  await page.getByRole('heading', { name: /^Signed \d/ }).waitFor();
  await acceptNames(app);
  await press(page, 'Save signed PSBT');
  await page.getByRole('heading', { name: 'Saved' }).waitFor();
  await look('signed');
}

export async function combineAndSend(page: Page, app: ElectronApplication, gap: string, look: Look = noLook): Promise<string> {
  await go(page, 'Combine & send');
  await chooseFiles(app, ...inGap(gap, '.psbt').filter((name) => /\.signed-[0-9a-f]{8}\.psbt$/.test(name)));
  await page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Open signed replies' }).click();
  const broadcast = page.getByRole('button', { name: /^Broadcast .* BTC to \d+ recipients?$/ });
  await broadcast.waitFor();
  await look('combine');
  const words = await broadcast.innerText();
  await broadcast.click();
  await page.getByRole('heading', { name: /are on their way/ }).waitFor();
  return words;
}

export async function auditBooks(page: Page, look: Look = noLook): Promise<void> {
  await go(page, 'Ledger');
  await press(page, 'Bring the books up to date');
  await page.getByRole('button', { name: 'Audit' }).click();
  await page.getByText('the node counts the same').waitFor();
  await look('ledger');
}

/** Keys on the shelf as the list shows them: `Alice` -> `Alice (73c5da0a)`. */
export async function keysOnShelf(page: Page): Promise<ReadonlyMap<string, string>> {
  await go(page, 'Keys');
  const rows = await page.getByRole('list', { name: 'Keys on this laptop' }).getByRole('listitem').allInnerTexts();
  return new Map(rows.map((text) => [/^\w+/.exec(text)?.[0] ?? '', `${/^\w+/.exec(text)?.[0] ?? ''} (${/[0-9a-f]{8}/.exec(text)?.[0] ?? ''})`]));
}
