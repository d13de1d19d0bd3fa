import { expect, test } from '@playwright/test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ask } from '../support/app/edition.ts';
import { launchPackaged, packagedProgram } from '../support/app/packaged.ts';
import { internetSockets, isThere } from '../support/app/processes.ts';
import { largeSpend } from '../support/large-spend.ts';

/** The process that signs, in the application as people get it: from its archive, with its fuses and its native library. */

/** Utility processes of the application with these data that run Node. Chromium's own run none. */
const nodeProcesses = (userData: string): number[] =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return commandLine.includes('node.mojom.NodeService') && commandLine.includes(userData) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });

test('signer: a transaction is reviewed and signed, each in a process that is gone afterwards and listens to nobody', async () => {
  test.skip(!existsSync(packagedProgram('signer')), 'The application was not packaged: npm run package.');
  test.setTimeout(120_000);
  const spend = largeSpend(1000);
  const running = await launchPackaged('signer');
  const value = async (name: string, input: unknown): Promise<Record<string, any>> => {
    const reply = (await ask(running.page, name, input)) as { ok: boolean; value: Record<string, any> };
    expect(reply, name).toMatchObject({ ok: true });
    return reply.value;
  };
  try {
    const { keyHandle } = await value('key.restore', { network: 'regtest', label: 'Alice', secrets: [spend.mnemonic], passphrase: 'correct horse battery' });
    const { registration } = await value('wallet.register', { keyHandle, wallet: spend.walletFile, policyId: spend.policyId });
    expect(nodeProcesses(running.userData)).toEqual([]);
    const review = await value('psbt.review', { keyHandle, psbtFileBase64: Buffer.from(spend.psbt).toString('base64'), registrations: [registration] });
    expect(review).toMatchObject({ verdict: 'ready' });
    expect(nodeProcesses(running.userData)).toEqual([]);
    await running.page.evaluate((input) => {
      interface Bridge { readonly commands: Record<string, (input: unknown, onProgress: (progress: { activity: string }) => void) => { reply: Promise<unknown> }> }
      const { strongroom } = globalThis as unknown as { strongroom: Bridge };
      const signing: { activity: string; reply?: Promise<unknown> | undefined } = { activity: '' };
      signing.reply = strongroom.commands['psbt.sign']?.(input, ({ activity }) => { signing.activity = activity; }).reply;
      Object.assign(globalThis, { signing });
    }, { keyHandle, reviewId: review['reviewId'], acknowledged: [] });
    // At work: its program is loaded.
    await running.page.waitForFunction(() => /^(Reviewing|Signing)/.test((globalThis as unknown as { signing: { activity: string } }).signing.activity), undefined, { polling: 20 });
    const [pid = 0, ...others] = nodeProcesses(running.userData);
    expect(others).toEqual([]);
    process.kill(pid, 'SIGUSR1');
    await running.page.waitForTimeout(200);
    expect([isThere(pid), internetSockets(pid)]).toEqual([true, []]);
    const reply = await running.page.evaluate(() => (globalThis as unknown as { signing: { reply: Promise<unknown> } }).signing.reply);
    expect(reply).toMatchObject({ ok: true, value: { signedInputs: 1000, quorum: { signed: ['73c5da0a'] } } });
    expect([isThere(pid), nodeProcesses(running.userData)]).toEqual([false, []]);
  } finally {
    await running.close();
  }
});
