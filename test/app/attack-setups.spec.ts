import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agreedPolicyId, attackSetups, forgeries, honestFile, mnemonic, otherMnemonic } from '../support/attack-setups.ts';
import { chooseFiles, go, press } from '../support/app/ceremony.ts';
import { ask, launchEdition } from '../support/app/edition.ts';

/*
 * Wallet files that are handed to an officer in place of the one that was agreed on, in the Signer's window: opened by its dialog, with
 * the words of the wallet that was agreed on typed in. Each in one dialect, another one each time; all of them run behind the same
 * boundary in the unit suite.
 */

test.setTimeout(120_000);

test('every false wallet is refused in the window with its code; the wallet that was agreed on is registered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-setups-'));
  const { app, page, close } = await launchEdition('signer', { userData: join(folder, 'data') });
  const value = async (name: string, input: unknown): Promise<Record<string, string>> => {
    const reply = (await ask(page, name, input)) as { ok: boolean; value: Record<string, string> };
    expect(reply, name).toMatchObject({ ok: true });
    return reply.value;
  };
  try {
    const passphrase = 'correct horse battery';
    const other = await value('key.restore', { network: 'practice', label: 'Bob', secrets: [otherMnemonic], passphrase });
    const others = await value('wallet.register', { keyHandle: other['keyHandle'], wallet: honestFile('strongroom'), policyId: agreedPolicyId });
    const key = await value('key.restore', { network: 'practice', label: 'Alice', secrets: [mnemonic], passphrase });
    await value('shelf.add-key', { name: key['suggestedName'], keyFileBase64: key['keyFileBase64'] });
    await page.reload();
    await go(page, 'Keys');
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await press(page, 'Unlock');
    await page.getByText('Unlocked', { exact: true }).waitFor({ timeout: 60_000 });
    await go(page, 'Wallets');

    const open = async (name: string, text: string): Promise<void> => {
      writeFileSync(join(folder, name), text);
      await chooseFiles(app, join(folder, name));
      await page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Open wallet file' }).click();
      await page.getByText('Its content decides what it is').waitFor();
    };
    for (const [number, { name, code, byReading, files }] of attackSetups.entries()) {
      await test.step(name, async () => {
        const { dialect, text } = files[(number * 3 + 1) % files.length] as (typeof files)[number];
        await open(`evil.${dialect}`, text);
        if (!byReading) {
          await page.getByLabel('The eight words').fill(agreedPolicyId);
          const button = page.getByRole('button', { name: /^Register / });
          // Without a key that claims a place in the wallet there is nobody to register it with.
          if (await button.isDisabled()) {
            await expect(page.getByText('No unlocked key belongs to this wallet')).toBeVisible();
            await press(page, 'Do not register');
            return;
          }
          await button.click();
        }
        await expect(page.getByRole('alert').getByText(code, { exact: true })).toBeVisible();
        await press(page, byReading ? 'Put it away' : 'Do not register');
      });
    }

    await open('honest.wallet.json', honestFile('strongroom'));
    await expect(page.getByText('Read as Strongroom wallet file')).toBeVisible();
    await page.getByLabel('The eight words').fill(agreedPolicyId);
    await page.getByRole('button', { name: /^Register / }).click();
    await page.getByRole('list', { name: 'Policy id in eight words' }).waitFor();

    // Registrations that this key did not make, or that were changed since.
    const shelf = (await ask(page, 'shelf.list', {})) as { value: { registrations: { registration: string }[] } };
    const mine = shelf.value.registrations[0]?.registration ?? '';
    const { value: unlocked } = (await ask(page, 'key.restore', { network: 'practice', label: 'Alice', secrets: [mnemonic], passphrase })) as { value: { keyHandle: string } };
    for (const forge of Object.values(forgeries)) {
      const derived = await ask(page, 'wallet.address', { keyHandle: unlocked.keyHandle, registration: forge(mine, others['registration'] ?? ''), branch: 'receive', index: 0, count: 1 });
      expect(derived).toMatchObject({ ok: false, error: { code: 'registration.forged' } });
    }
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});
