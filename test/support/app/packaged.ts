import { chromium, type Browser, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanEnvironment, type Edition } from './edition.ts';

/** A packaged application at work. Its fuses keep Playwright's own way in shut, so the page is reached as a browser's is. */
export interface RunningPackage {
  readonly page: Page;
  readonly browser: Browser;
  readonly process: ChildProcess;
  readonly userData: string;
  /** Everything that the program said. */
  readonly said: () => string;
  close(): Promise<void>;
}

export const packagedProgram = (edition: Edition): string => resolve('release', edition, 'linux-unpacked', `strongroom-${edition}`);

export async function launchPackaged(edition: Edition, environment: Readonly<Record<string, string>> = {}, more: readonly string[] = []): Promise<RunningPackage> {
  const userData = mkdtempSync(join(tmpdir(), `strongroom-${edition}-packaged-`));
  const child = spawn(packagedProgram(edition), [`--user-data-dir=${userData}`, '--remote-debugging-port=0', ...more], { env: cleanEnvironment(environment), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const endpoint = await new Promise<string>((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`No window after 30 s: ${said}`)), 30_000);
    const listen = (data: Buffer): void => {
      said += data.toString('utf8');
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      found(address);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (status) => failed(new Error(`It ended with ${status}: ${said}`)));
  });
  const { browser, page } = await findPage(endpoint, `app://${edition}/`);
  await page.waitForLoadState('load');
  return {
    page,
    browser,
    process: child,
    userData,
    said: () => said,
    async close() {
      await browser.close();
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await new Promise((ended) => child.once('exit', ended));
      rmSync(userData, { recursive: true, force: true });
    },
  };
}

/** The window's page. A connection made before the window is there may not be told of it: then it is made anew. */
async function findPage(endpoint: string, address: string): Promise<{ browser: Browser; page: Page }> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const browser = await chromium.connectOverCDP(endpoint);
    for (let tries = 0; tries < 30; tries += 1) {
      const page = browser.contexts().flatMap((context) => context.pages()).find((each) => each.url().startsWith(address));
      if (page !== undefined) return { browser, page };
      await new Promise((again) => setTimeout(again, 100));
    }
    await browser.close();
  }
  throw new Error(`No page of ${address} after 30 s.`);
}
