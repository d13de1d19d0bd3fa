import { expect, test, type Page } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseFiles, go, press } from '../support/app/ceremony.ts';
import { ask, launchEdition, type RunningEdition } from '../support/app/edition.ts';
import { largeSpend, type LargeSpend } from '../support/large-spend.ts';
import { internetSockets, isThere, signingProcesses } from '../support/app/processes.ts';

/*
 * A thousand inputs are signed while the window is used. What reviews and signs is a process of its own, which can be stopped, killed
 * and looked at, and which is gone afterwards.
 */

test.describe.configure({ mode: 'serial' });
test.setTimeout(180_000);

const passphrase = 'correct horse battery';
const spend: LargeSpend = largeSpend(1000);
/** For what happens in the middle: so many that the middle lasts. */
const larger: LargeSpend = largeSpend(3000);
let folder: string;
let running: RunningEdition;
let page: Page;

const value = async (name: string, input: unknown): Promise<Record<string, string>> => {
  const reply = (await ask(page, name, input)) as { ok: boolean; value: Record<string, string> };
  expect(reply, name).toMatchObject({ ok: true });
  return reply.value;
};

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-signing-'));
  writeFileSync(join(folder, 'large.unsigned.psbt'), spend.psbt);
  writeFileSync(join(folder, 'larger.unsigned.psbt'), larger.psbt);
  running = await launchEdition('signer', { userData: join(folder, 'data') });
  page = running.page;
  const key = await value('key.restore', { network: 'regtest', label: 'Alice', secrets: [spend.mnemonic], passphrase });
  const registered = await value('wallet.register', { keyHandle: key['keyHandle'], wallet: spend.walletFile, policyId: spend.policyId });
  await value('shelf.add-key', { name: key['suggestedName'], keyFileBase64: key['keyFileBase64'] });
  await value('shelf.add-registration', { name: registered['suggestedName'], registration: registered['registration'] });
  await page.reload();
  await unlock();
});
test.afterAll(async () => {
  // The last case has closed it; a case that failed before has not.
  await running.close().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

async function unlock(): Promise<void> {
  await go(page, 'Keys');
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await press(page, 'Unlock');
  await page.getByText('Unlocked', { exact: true }).waitFor({ timeout: 60_000 });
}

const signButton = () => page.getByRole('button', { name: 'Sign as cosigner Alice (73c5da0a)' });

/** The id of the process that reviews or signs, once it is there. */
async function processAtWork(): Promise<number> {
  await expect.poll(() => signingProcesses(running.app), { timeout: 20_000, intervals: [20] }).toHaveLength(1);
  const [pid = 0] = await signingProcesses(running.app);
  return pid;
}
/** Begins to sign, and waits until inputs are being signed and the window says how far. @returns the process */
async function signSome(): Promise<number> {
  await signButton().click({ timeout: 60_000 });
  const pid = await processAtWork();
  await page.waitForFunction(() => /Signing input [\d,]+ of 3,000/.test(document.body.innerText), undefined, { polling: 50, timeout: 60_000 });
  return pid;
}

async function openAndReview(name = 'large'): Promise<void> {
  await go(page, 'Sign');
  await chooseFiles(running.app, join(folder, `${name}.unsigned.psbt`));
  await page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Open PSBT' }).click();
}

interface Measured {
  isOver: boolean;
  readonly times: number[];
}

/** Begins to measure, in the page: how long the host takes to answer and the page to draw, milliseconds, again and again. */
const beginMeasuring = (): Promise<void> =>
  page.evaluate(() => {
    const { strongroom } = globalThis as unknown as { strongroom: { commands: Record<string, (input: unknown) => { reply: Promise<{ ok: boolean }> }> } };
    const measured: Measured = { isOver: false, times: [] };
    Object.assign(globalThis, { measured });
    void (async () => {
      while (!measured.isOver) {
        const started = performance.now();
        const reply = await strongroom.commands['app.info']?.({}).reply;
        if (reply?.ok !== true) throw new Error('the host does not answer');
        await new Promise((drawn) => requestAnimationFrame(drawn));
        measured.times.push(performance.now() - started);
        await new Promise((rested) => setTimeout(rested, 20));
      }
    })();
  });
const measuredTimes = (): Promise<readonly number[]> =>
  page.evaluate(() => {
    const { measured } = globalThis as unknown as { measured: Measured };
    measured.isOver = true;
    return measured.times;
  });
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

test('reviewing: progress is shown, the window answers, and the process is gone when the review is there', async () => {
  await beginMeasuring();
  await openAndReview();
  const pid = await processAtWork();
  await signButton().waitFor({ timeout: 60_000 });
  const times = await measuredTimes();
  expect(times.length).toBeGreaterThan(5);
  expect(median(times)).toBeLessThan(100);
  await expect(page.getByRole('heading', { name: 'Ready to sign' })).toBeVisible();
  expect([await signingProcesses(running.app), isThere(pid)]).toEqual([[], false]);
});

test('signing: the window is used meanwhile, and the process that had the key is gone when the signature is there', async () => {
  await beginMeasuring();
  await signButton().click();
  const pid = await processAtWork();

  // Another place of the window, a field, a word: nobody waits for a thousand signatures.
  await go(page, 'Keys');
  await press(page, 'Restore a key');
  await page.getByLabel('Label').fill('typed while signing');
  await expect(page.getByLabel('Label')).toHaveValue('typed while signing');
  expect(isThere(pid)).toBe(true);
  await go(page, 'Sign');
  await page.getByRole('heading', { name: 'Signed 1,000 inputs' }).waitFor({ timeout: 60_000 });
  const times = await measuredTimes();
  expect(times.length).toBeGreaterThan(5);
  expect(median(times)).toBeLessThan(100);
  expect([await signingProcesses(running.app), isThere(pid)]).toEqual([[], false]);

  await running.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as unknown as typeof dialog.showSaveDialog;
  }, join(folder, 'large.signed.psbt'));
  await press(page, 'Save signed PSBT');
  await page.getByRole('heading', { name: 'Saved' }).waitFor();
  expect(readFileSync(join(folder, 'large.signed.psbt')).length).toBeGreaterThan(spend.psbt.length + 1000 * 100);
  await press(page, 'Sign another transaction');
  await go(page, 'Keys');
  await press(page, 'Stop and keep nothing');
});

test('what the process has and has not: no environment of ours, no debugger, no internet socket', async () => {
  await openAndReview('larger');
  const pid = await signSome();
  // Held, so that the window can be looked at while it shows how far it is. Before a second has gone by nothing is said of the rest.
  process.kill(pid, 'SIGSTOP');
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.waitForTimeout(1_100);
  process.kill(pid, 'SIGCONT');
  await page.waitForFunction(() => /(a few|about \d+) seconds left/.test(document.body.innerText), undefined, { polling: 50, timeout: 10_000 });
  process.kill(pid, 'SIGSTOP');
  const names = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter((entry) => entry !== '').map((entry) => entry.split('=')[0]);
  expect(names).toEqual(['LANG']);
  const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
  expect(commandLine).toContain('--utility-sub-type=node.mojom.NodeService');
  expect(commandLine).not.toMatch(/--inspect|--remote-debugging/);
  expect(commandLine).toContain('--js-flags=--max-old-space-size=2048 --disallow-code-generation-from-strings');
  // Asked by this signal, a Node would open a debugger to everybody on this computer.
  process.kill(pid, 'SIGCONT');
  process.kill(pid, 'SIGUSR1');
  await page.waitForTimeout(300);
  expect(isThere(pid)).toBe(true);
  expect(internetSockets(pid)).toEqual([]);
  await press(page, 'Stop this');
  await expect(signButton()).toBeEnabled();
});

test('stopping leaves no signature and no process; the review stays, and nothing is called a failure', async () => {
  const pid = await signSome();
  await press(page, 'Stop this');
  await expect(signButton()).toBeEnabled();
  expect([await signingProcesses(running.app), isThere(pid)]).toEqual([[], false]);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: /^Signed/ })).toHaveCount(0);
});

test('a process that is killed while it signs is an error by name; after it the same review is signed', async () => {
  const pid = await signSome();
  process.kill(pid, 'SIGKILL');
  await expect(page.getByText('sign.process-ended')).toBeVisible();
  expect(await signingProcesses(running.app)).toEqual([]);
  await signButton().click();
  await expect(page.getByRole('heading', { name: 'Signed 3,000 inputs' })).toBeVisible({ timeout: 60_000 });
  await press(page, 'Throw this signature away');
});

test('a process that was stopped by the system and hears nothing is killed all the same', async () => {
  await openAndReview('larger');
  const pid = await processAtWork();
  process.kill(pid, 'SIGSTOP');
  await press(page, 'Stop this');
  await expect.poll(() => isThere(pid), { timeout: 10_000 }).toBe(false);
  await expect(page.getByRole('region', { name: 'Next step' }).getByRole('button', { name: 'Open PSBT' })).toBeEnabled();
});

test('locking the laptop while inputs are signed ends the process, and the key is locked', async () => {
  await openAndReview('larger');
  const pid = await signSome();
  await running.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('lock-screen'));
  await expect.poll(() => isThere(pid)).toBe(false);
  await expect(page.getByText('The key of this review was locked.')).toBeVisible();
  await press(page, 'Put away unsigned');
});

test('a window that is reloaded ends the process, and so does one that is closed', async () => {
  await unlock();
  await openAndReview('larger');
  const first = await signSome();
  await page.reload();
  await expect.poll(() => isThere(first)).toBe(false);
  await unlock();
  await openAndReview('larger');
  const second = await signSome();
  // Not even one that hears nothing outlives the program.
  process.kill(second, 'SIGSTOP');
  await running.close();
  await expect.poll(() => isThere(second)).toBe(false);
});
