import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { violationsOfWcag } from '../support/app/accessibility.ts';
import { auditBooks, combineAndSend, findBlock, go, keysOnShelf, lookAtRestore, makeKey, makeWallet, planPayments, registerWallet, saveRecord, sign, sweep, useNode, type Look } from '../support/app/ceremony.ts';
import { openRehearsal, type RehearsalWindows } from '../support/app/rehearsal-windows.ts';
import type { RunningEdition } from '../support/app/edition.ts';

test.describe.configure({ mode: 'serial' });
test.setTimeout(180_000);

/** Looks at every moment of the ceremony with axe, and keeps what it finds. */
function accessibilityLook(running: RunningEdition, found: string[]): Look {
  return async (name) => {
    found.push(...(await violationsOfWcag(running.page)).map((violation) => `${name}: ${violation}`));
  };
}

test('the whole ceremony through both windows: keys, wallet, registration, sweep, payment, two signatures, broadcast, books', async () => {
  const windows: RehearsalWindows = await openRehearsal();
  const { signer, companion, gap } = windows;
  const errors: string[] = [];
  for (const { page } of [signer, companion]) {
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  }
  const violations: string[] = [];
  const atSigner = accessibilityLook(signer, violations);
  const atCompanion = accessibilityLook(companion, violations);
  try {
    await expect(signer.page.getByText('OFFLINE SIGNER')).toBeVisible();
    await expect(companion.page.getByText('holds no private keys')).toBeVisible();
    await atSigner('no keys');
    for (const [index, label] of ['Alice', 'Bruno', 'Chen'].entries()) {
      await makeKey(signer.page, { label, seed: 77 + index, passphrase: `correct horse battery ${index}` }, index === 0 ? atSigner : undefined);
      await saveRecord(signer.page, signer.app);
    }
    await atSigner('keys');
    await lookAtRestore(signer.page, atSigner);
    const keys = await keysOnShelf(signer.page);

    await useNode(companion.page);
    await atCompanion('node');
    const policyId = await makeWallet(companion.page, companion.app, gap, { name: 'Treasury', required: 2 }, atCompanion);
    await atCompanion('wallet');
    expect(policyId.split(' ')).toHaveLength(8);
    // The Signer does not show the words before they were typed: typing them is the comparison.
    for (const label of ['Alice', 'Bruno']) {
      await registerWallet(signer.page, signer.app, gap, { policyId, key: keys.get(label) ?? '' }, async (name) => {
        expect(await signer.page.getByRole('main').innerText()).not.toContain(policyId.split(' ')[7] as string);
        if (label === 'Alice') await atSigner(name);
      });
    }
    await atSigner('wallets');

    await sweep(companion.page, { floorBtc: '0.25', feeRate: '4' }, atCompanion);
    await findBlock(companion.page);
    await go(companion.page, 'Wallets');
    await companion.page.getByRole('button', { name: 'Sync Treasury' }).click();
    await expect(companion.page.getByRole('region', { name: 'Balance' })).toContainText('1.27298572 BTC');
    await atCompanion('wallet with balance');

    await planPayments(companion.page, companion.app, { feeRate: '6' }, atCompanion);
    const queue = companion.page.getByRole('navigation', { name: 'Workspaces' }).getByRole('button', { name: 'Queue' });
    await go(companion.page, 'Combine & send');
    await expect(queue).toHaveText('Queue1');
    for (const label of ['Alice', 'Bruno']) {
      await sign(signer.page, signer.app, gap, { key: keys.get(label) ?? '' }, async (name) => {
        if (name === 'review') {
          await expect(signer.page.getByRole('heading', { name: 'Ready to sign' })).toBeVisible();
          // Enter never signs, not even on the button itself.
          await signer.page.getByRole('button', { name: /^Sign as cosigner/ }).focus();
          await signer.page.keyboard.press('Enter');
          await expect(signer.page.getByRole('region', { name: 'Payments' }).getByRole('listitem')).toHaveCount(6);
          await expect(signer.page.getByRole('region', { name: 'Change' })).toContainText('Derived by Treasury at \u2026/1/0');
        }
        await atSigner(name);
      });
    }
    expect(await combineAndSend(companion.page, companion.app, gap, atCompanion)).toBe('Broadcast 0.17885 BTC to 6 recipients');
    await findBlock(companion.page);
    await expect(queue).toHaveText('Queue');
    await auditBooks(companion.page, atCompanion);
    await expect(companion.page.getByRole('table', { name: 'Entries, newest first' }).getByRole('row').nth(1)).toContainText('Northgate Energy 88213');

    // What crossed is public: no word of a mnemonic, no private key, nothing but the kinds of files that may cross.
    const crossed = readdirSync(gap);
    expect(crossed.filter((name) => !/\.(key-record\.txt|wallet\.json|psbt)$/.test(name))).toEqual([]);
    expect(crossed.filter((name) => /[tx]prv|BEGIN|age-encryption/.test(readFileSync(join(gap, name), 'latin1')))).toEqual([]);
    expect(violations).toEqual([]);
    expect(errors).toEqual([]);
  } finally {
    await windows.close();
  }
});
