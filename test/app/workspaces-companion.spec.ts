import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { chooseFiles, go, press } from '../support/app/ceremony.ts';
import { launchEdition } from '../support/app/edition.ts';

test.setTimeout(90_000);

// Public keys of BIP32's first test vector and two of its children, as a test network writes them, are not needed here:
// these texts only have to have the form of a record.
const broken = 'this is no key record\n';

test('a node that cannot be reached is named, and nothing is kept', async () => {
  const { page, close } = await launchEdition('companion');
  try {
    await page.getByLabel('Node address').fill('bitcoind://127.0.0.1:1?cookie=/nowhere/.cookie');
    await press(page, 'Check and use this node');
    await expect(page.getByRole('alert')).toContainText(/node\.(unreachable|unauthorised)|file\.not-found/);
    await expect(page.getByText('No node asked yet')).toBeVisible();
    expect(await violationsOfWcag(page)).toEqual([]);
  } finally {
    await close();
  }
});

test('a credential in the node\'s address is refused', async () => {
  const { page, close } = await launchEdition('companion');
  try {
    await page.getByLabel('Node address').fill('bitcoind://user:secret@127.0.0.1:8332');
    await press(page, 'Check and use this node');
    await expect(page.getByRole('alert')).toContainText('node.url');
    expect(await page.getByRole('alert').innerText()).not.toContain('secret');
  } finally {
    await close();
  }
});

test('every workspace without a wallet or node teaches what to do first, and can be reached by name', async () => {
  const { page, close } = await launchEdition('companion');
  try {
    for (const [place, heading] of [['Wallets', 'No wallet yet'], ['Coins', 'No node is set'], ['Sweep', 'No hot wallet is set'], ['Schedules', 'No node is set'], ['Pay', 'No node is set'], ['Queue', 'Nothing waits to be signed'], ['Combine & send', 'No wallet yet'], ['Ledger', 'The books are empty'], ['Care', 'No node is set'], ['Node', 'Node']] as const) {
      await go(page, place);
      await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
      expect(await violationsOfWcag(page)).toEqual([]);
    }
  } finally {
    await close();
  }
});

test('files that hold no key record are named one by one, and a wallet cannot be made of them', async () => {
  const { page, app, userData, close } = await launchEdition('companion');
  const paths = ['a.key-record.txt', 'b.key-record.txt'].map((name) => join(userData, name));
  for (const path of paths) writeFileSync(path, broken);
  try {
    await go(page, 'Wallets');
    await press(page, 'New wallet');
    await chooseFiles(app, ...paths);
    await press(page, 'Open key records');
    await expect(page.getByRole('alert')).toContainText('a.key-record.txt: The file is not one that Strongroom reads');
    await expect(page.getByRole('alert')).toContainText('b.key-record.txt: The file is not one that Strongroom reads');
    await expect(page.getByRole('button', { name: /^Make the/ })).toBeDisabled();
    await expect(page.getByRole('region', { name: 'Next step' })).toContainText('Add the key records of the cosigners first.');
  } finally {
    await close();
  }
});

test('a file can be dropped where it belongs, and anywhere on the window where its name says what it is', async () => {
  const { page, close } = await launchEdition('companion');
  try {
    await go(page, 'Wallets');
    await press(page, 'New wallet');
    const drop = async (selector: string, name: string): Promise<void> => {
      await page.evaluate(([target, content, fileName]) => {
        const data = new DataTransfer();
        data.items.add(new File([content as string], fileName as string));
        document.querySelector(target as string)?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      }, [selector, broken, name] as const);
    };
    for (const [target, name] of [['h1', 'first.key-record.txt'], ['.drop-zone', 'second.key-record.txt']] as const) {
      await drop(target, name);
      await expect(page.getByRole('alert')).toContainText(`${name}: The file is not one that Strongroom reads`);
    }
  } finally {
    await close();
  }
});
