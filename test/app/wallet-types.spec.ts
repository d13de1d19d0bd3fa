import { expect, test } from '@playwright/test';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { acceptNames, chooseFiles, combineAndSend, findBlock, go, inGap, keysOnShelf, makeKey, planPayments, press, registerWallet, sign, sweep, useNode } from '../support/app/ceremony.ts';
import { openRehearsal } from '../support/app/rehearsal-windows.ts';

test.setTimeout(180_000);

test('a wallet of another script type through both windows: chosen where the record is shown, taken over where the wallet is made, said on each page, spent from', async () => {
  const { signer, companion, gap, close } = await openRehearsal();
  const violations: string[] = [];
  const look = async (page: typeof signer.page): Promise<void> => void violations.push(...(await violationsOfWcag(page)));
  try {
    await makeKey(signer.page, { label: 'Alice', seed: 91, passphrase: 'correct horse battery 9' });
    const choice = signer.page.getByLabel('For wallets of');
    await expect(choice).toHaveValue('p2wsh');
    await expect(signer.page.getByText('For new wallets: low fees, and every signer and node of today knows it.')).toBeVisible();
    await press(signer.page, 'Show public key record');
    const record = signer.page.getByRole('region', { name: 'Public record' });
    await expect(record).toContainText('48h/1h/0h/2h');
    // A record on screen follows the choice.
    await choice.selectOption('p2tr');
    await expect(record).toContainText('P2TR (taproot, one key), account 0, 86h/1h/0h');
    await expect(record).not.toContainText('48h/1h/0h/2h');
    await look(signer.page);
    await acceptNames(signer.app);
    await press(signer.page, 'Save key record');
    await signer.page.getByRole('heading', { name: 'Saved' }).waitFor();
    expect(inGap(gap, '-p2tr.key-record.txt')).toHaveLength(1);

    await useNode(companion.page);
    await go(companion.page, 'Wallets');
    await press(companion.page, 'New wallet');
    await expect(companion.page.getByLabel('Script type')).toHaveValue('p2wsh');
    await chooseFiles(companion.app, ...inGap(gap, '.key-record.txt'));
    await press(companion.page, 'Open key records');
    await expect(companion.page.getByLabel('Script type')).toHaveValue('p2tr');
    await expect(companion.page.getByLabel('Signatures needed')).toHaveCount(0);
    await companion.page.getByLabel('Name').fill('Petty cash');
    await companion.page.getByLabel('Script type').selectOption('p2wpkh');
    const caution = companion.page.getByRole('status').filter({ hasText: 'Not every key was exported for this script type' });
    await expect(caution).toContainText('86h/1h/0h is the path of P2TR (taproot, one key)');
    await look(companion.page);
    await companion.page.getByLabel('Script type').selectOption('p2tr');
    await expect(caution).toHaveCount(0);
    await press(companion.page, 'Make the one-key wallet');
    const words = companion.page.getByRole('list', { name: 'Policy id in eight words' });
    await words.waitFor();
    await expect(companion.page.getByRole('region', { name: 'Policy', exact: true })).toContainText('P2TR (taproot, one key)');
    await expect(companion.page.getByText('one key spends').first()).toBeVisible();
    await look(companion.page);
    const policyId = (await words.getByRole('listitem').allInnerTexts()).map((text) => /[a-z]+/.exec(text)?.[0] ?? '').join(' ');
    await acceptNames(companion.app);
    await press(companion.page, 'Save wallet file');
    await companion.page.getByRole('heading', { name: /^Saved/ }).waitFor();

    const key = (await keysOnShelf(signer.page)).get('Alice') ?? '';
    await registerWallet(signer.page, signer.app, gap, { policyId, key }, async () => expect(signer.page.getByText('P2TR (taproot, one key)').first()).toBeVisible());
    await look(signer.page);

    await sweep(companion.page, { floorBtc: '0', feeRate: '4' });
    await findBlock(companion.page);
    await planPayments(companion.page, companion.app, { feeRate: '6' });
    await expect(companion.page.getByRole('region', { name: 'Inputs' })).toContainText('From Petty cash: P2TR (taproot, one key), one key spends.');
    await sign(signer.page, signer.app, gap, { key }, async (name) => {
      if (name !== 'review') return;
      await expect(signer.page.getByRole('heading', { name: 'Ready to sign' })).toBeVisible();
      await expect(signer.page.getByRole('region', { name: 'Inputs' })).toContainText('From Petty cash: P2TR (taproot, one key), one key spends.');
      await look(signer.page);
    });
    expect(await combineAndSend(companion.page, companion.app, gap)).toBe('Broadcast 0.17885 BTC to 6 recipients');
    expect(violations).toEqual([]);
  } finally {
    await close();
  }
});
