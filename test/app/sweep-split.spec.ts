import { expect, test } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { acceptNames, chooseFiles, go, inGap, press, useNode } from '../support/app/ceremony.ts';
import { watch } from '../support/app/look.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { approve } from '../../src/review/approve.ts';
import { reviewPsbt } from '../../src/review/review-psbt.ts';
import { libsecp256k1 } from '../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../src/signer/curve-noble.ts';
import { PaperKey } from '../../src/signer/paper-key.ts';
import { signWithPaperKeys } from '../../src/signer/paper-key-sign.ts';
import { policyIdOf } from '../../src/wallet/policy-id.ts';
import { importWallet, openPracticeCompanion } from '../support/app/practice-companion.ts';
import { keyedWallet, reviewAs, signAs } from '../support/peers/keyed-wallet.ts';

/*
 * Hundreds of small outputs of a hot wallet, swept in as many standard-size transactions as it takes: a wallet of fifteen keys in the
 * oldest script, of whose outputs 141 fill a transaction.
 */

test.setTimeout(180_000);

const network = 'practice';
const cold = keyedWallet({ script: 'p2wsh', required: 2, total: 3, firstKey: 500, network });
const till = keyedWallet({ script: 'p2sh', required: 2, total: 15, firstKey: 540, network });
const OUTPUTS = 300;
const OUTPUTS_OF_ONE = 20;
/** Two of the fifteen. */
const signers = [till.keys[3], till.keys[11]] as const;

test(`a sweep of ${OUTPUTS} outputs in three transactions: planned, saved, signed, brought back in any order, sent`, async ({}, info) => {
  const { companion, gap, pay, mine, close } = await openPracticeCompanion();
  const { page, app } = companion;
  const { look, faults } = watch(companion, info);
  try {
    for (let number = 0; number < OUTPUTS; number += OUTPUTS_OF_ONE) pay(till.deriver.derive(0, number / OUTPUTS_OF_ONE).address, BigInt(OUTPUTS_OF_ONE) * 50_000n, OUTPUTS_OF_ONE);
    mine();
    await useNode(page);
    await importWallet(page, gap, cold.wallet);
    await importWallet(page, gap, till.wallet);
    await acceptNames(app);

    await go(page, 'Sweep');
    await page.getByLabel('To the cold wallet').selectOption(policyIdOf(cold.wallet).walletId);
    await page.getByLabel('Sweep from').selectOption({ label: 'A wallet that is watched here' });
    await page.getByLabel('Fee rate, in sat/vB').fill('2');
    // In one transaction goes what one takes; the rest is named and waits.
    await press(page, 'Plan the sweep');
    await expect(page.getByRole('region', { name: 'Arithmetic' })).toBeVisible();
    await look('one');
    await press(page, 'Put the plan away');
    await page.getByText('More conditions').click();
    await page.getByRole('checkbox', { name: /^Split into as many transactions/ }).check();
    await press(page, 'Plan the sweep');
    const moves = page.getByRole('list', { name: 'Transactions' }).getByRole('listitem');
    await expect(moves).toHaveCount(3);
    await expect(page.getByRole('region', { name: 'All together' })).toContainText(String(OUTPUTS));
    await look('split');
    await moves.nth(2).getByRole('button').click();
    await look('split-last');
    await press(page, 'Save all 3 unsigned PSBTs');
    await expect(page.getByRole('button', { name: 'Go to the Queue' })).toBeVisible();
    const files = inGap(gap, '.unsigned.psbt');
    expect(files).toHaveLength(3);
    await look('split-saved');
    // Two officers sign all three, each on a Signer of their own.
    const replies = files.map((file) => signers.flatMap((key) => {
      if (key === undefined) return [];
      const psbt = new Uint8Array(readFileSync(file));
      const review = reviewAs(key, [till], psbt);
      const reply = file.replace('.unsigned.psbt', `.signed-${key.fingerprint}.psbt`);
      writeFileSync(reply, signAs(key, [till], review, psbt, review.findings.filter(({ severity }) => severity === 'acknowledge').map(({ code }) => code)));
      return [reply];
    }));
    await go(page, 'Queue');
    const plans = page.getByRole('list', { name: 'Plans' }).getByRole('listitem');
    await expect(plans).toHaveCount(3);
    await look('queue');
    // Its drop area takes the replies of two of the three, of any plan and in any order: each finds its own, and is verified against
    // the wallet that is swept.
    await chooseFiles(app, ...[replies[1]?.[1], replies[0]?.[0], replies[1]?.[0]].flatMap((name) => name ?? []));
    await press(page, 'Open replies');
    await expect(plans.filter({ hasText: 'Ready to send' })).toHaveCount(1, { timeout: 30_000 });
    await expect(plans.filter({ hasText: '1 signature missing' })).toHaveCount(1);
    await expect(plans.filter({ hasText: 'Unsigned' })).toHaveCount(1);
    await look('queue-partly');
    await plans.filter({ hasText: '1 signature missing' }).getByRole('button').click();
    const signatures = page.getByRole('region', { name: 'Signatures' });
    await expect(signatures).toContainText('Signed by the cosigners of p2sh 2 of 15');
    await expect(signatures.getByRole('img', { name: '1 signature of 2' })).toBeVisible();
    await chooseFiles(app, ...[replies[0]?.[1]].flatMap((name) => name ?? []));
    await press(page, 'Open replies');
    await expect(plans.filter({ hasText: 'Ready to send' })).toHaveCount(2, { timeout: 30_000 });
    for (const left of [1, 0]) {
      await plans.filter({ hasText: 'Ready to send' }).first().getByRole('button').click();
      await press(page, `Broadcast the sweep into ${cold.wallet.name}`);
      await expect(plans.filter({ hasText: 'Ready to send' })).toHaveCount(left, { timeout: 30_000 });
    }
    await expect(plans.filter({ hasText: 'Sent, not in a block' })).toHaveCount(2);
    await look('queue-sent');

    // The third comes together under Combine & send, where the wallet is chosen; a reply to another of the three is left out by name, and is
    // no earlier version of this one.
    const combine = async (...names: readonly (string | undefined)[]): Promise<void> => {
      await go(page, 'Combine & send');
      await page.getByRole('combobox', { name: 'Wallet', exact: true }).selectOption(policyIdOf(till.wallet).walletId);
      await chooseFiles(app, ...names.flatMap((name) => name ?? []));
      await page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Open signed replies' }).click();
    };
    await combine(replies[2]?.[1], replies[0]?.[0]);
    await expect(page.getByRole('alert')).toContainText('psbt.mixed-transactions', { timeout: 30_000 });
    await look('mixed');
    const putAway = page.getByRole('button', { name: 'Put away unsent' });
    if (await putAway.isVisible()) await putAway.click();
    await combine(replies[2]?.[1], replies[2]?.[0]);
    const broadcast = page.getByRole('button', { name: /^Broadcast .* BTC to 1 recipient$/ });
    await expect(broadcast).toBeVisible({ timeout: 30_000 });
    await look('combined');
    await broadcast.click();
    await expect(page.getByRole('heading', { name: /are on their way/ })).toBeVisible({ timeout: 30_000 });
    mine();
    await go(page, 'Ledger');
    await press(page, 'Bring the books up to date');
    await expect(page.getByRole('table', { name: 'Entries, newest first' })).toContainText('p2wsh 2 of 3');
    await look('ledger');
    await go(page, 'Queue');
    await expect(page.getByRole('heading', { name: 'Nothing waits to be signed' })).toBeVisible();
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});

test('a sweep of papers: planned from addresses, signed with their keys elsewhere, reviewed, finalized and sent where replies come together', async ({}, info) => {
  const { companion, gap, pay, mine, close } = await openPracticeCompanion();
  const { page, app } = companion;
  const { look, faults } = watch(companion, info);
  const papers = [1, 2].map((number) => new PaperKey({ privateKey: new Uint8Array(32).fill(number), compressed: true }, network, 'wif'));
  const addresses = papers.flatMap((paper) => paper.addresses().filter(({ script }) => script === 'p2tr' || script === 'p2pkh')).map(({ address }) => address);
  try {
    for (const address of addresses) pay(address, 100_000n);
    mine();
    await useNode(page);
    await importWallet(page, gap, cold.wallet);
    await acceptNames(app);
    await go(page, 'Sweep');
    await page.getByLabel('Sweep from').selectOption('addresses');
    await page.getByLabel('Addresses, one a line').fill(addresses.join('\n'));
    await page.getByLabel('Fee rate, in sat/vB').fill('2');
    await press(page, 'Plan the sweep');
    await press(page, 'Save unsigned PSBT');
    await press(page, 'Go to the Queue');
    const plans = page.getByRole('list', { name: 'Plans' }).getByRole('listitem');
    await expect(plans).toHaveCount(1);
    await plans.getByRole('button').click();
    await expect(page.getByRole('region', { name: 'Signatures' })).toContainText('The Signer signs this with the keys of the papers.');
    await look('papers-queue');

    const [unsigned = ''] = inGap(gap, '.unsigned.psbt');
    const bytes = new Uint8Array(readFileSync(unsigned));
    const review = reviewPsbt(bytes, { wallets: [], singleKeys: papers, destinations: [cold.reviewWallet], network, thisKey: null });
    const signed = unsigned.replace('.unsigned.', '.signed.');
    writeFileSync(signed, encodePsbt(signWithPaperKeys(approve(review, bytes, []), papers, { first: libsecp256k1, second: nobleCurves })));

    await go(page, 'Combine & send');
    const open = page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Open signed replies' });
    // What no paper has signed is named as that.
    await chooseFiles(app, unsigned);
    await open.click();
    await expect(page.getByRole('alert')).toContainText('psbt.incomplete');
    await chooseFiles(app, signed);
    await open.click();
    const broadcast = page.getByRole('button', { name: /^Broadcast .* BTC to 1 recipient$/ });
    await expect(broadcast).toBeEnabled({ timeout: 30_000 });
    await expect(page.getByRole('region', { name: 'Replies' })).toContainText('signed with all of their keys');
    await expect(page.getByRole('region', { name: 'Replies' })).toContainText('It is what was planned here');
    await expect(page.getByRole('region', { name: 'Payments' })).toContainText(`Proven: an address of ${cold.wallet.name}`);
    await page.getByText('4 inputs', { exact: true }).click();
    await expect(page.getByRole('region', { name: 'Inputs' })).toContainText(/paper key [0-9a-f]{8}, P2TR/);
    await look('papers-combined');
    await broadcast.click();
    await expect(page.getByRole('heading', { name: /are on their way/ })).toBeVisible({ timeout: 30_000 });
    await go(page, 'Queue');
    await expect(plans.filter({ hasText: 'Sent, not in a block' })).toHaveCount(1);
    expect(faults).toEqual([]);
  } finally {
    await close();
  }
});
