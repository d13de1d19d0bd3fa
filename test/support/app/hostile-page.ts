import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { copyOfEdition, launchEdition, type Edition, type RunningEdition } from './edition.ts';

/** What the policy stopped, as the browser itself reports it. */
export interface Violation {
  readonly directive: string;
  readonly blocked: string;
}

/**
 * An edition whose host is what is shipped and whose page was replaced by somebody who could write into the page's folder:
 * the worst that the content security policy has to hold.
 * @param body markup of the page, which the browser parses itself
 * @param script runs from the page's own file, before the body is parsed
 */
export async function launchWithPage(edition: Edition, body: string, script = ''): Promise<RunningEdition> {
  const folder = copyOfEdition(edition);
  const listener = `
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push({ directive: event.effectiveDirective, blocked: event.blockedURI }));
    window.addEventListener('error', (event) => event.preventDefault());
  `;
  writeFileSync(join(folder, 'renderer/hostile.js'), `${listener}\n${script}`);
  writeFileSync(join(folder, 'renderer/index.html'), `<!doctype html><html lang="en"><head><meta charset="utf-8"><script src="hostile.js"></script></head><body>${body}</body></html>`);
  return launchEdition(edition, { folder });
}

/** An edition with a preload that hands the page everything it could: what a flaw of the preload would give. */
export async function launchWithOpenPreload(edition: Edition): Promise<RunningEdition> {
  const folder = copyOfEdition(edition);
  writeFileSync(
    join(folder, 'preload.cjs'),
    `const { contextBridge, ipcRenderer } = require('electron');
     contextBridge.exposeInMainWorld('raw', { invoke: (channel, message) => ipcRenderer.invoke(channel, message).catch((error) => ({ rejected: String(error.message) })) });`,
  );
  return launchEdition(edition, { folder });
}

/** A message on a channel of the page's choice, through such a preload. */
export async function rawInvoke(page: Page, channel: string, message: unknown): Promise<unknown> {
  return page.evaluate(([name, content]) => (globalThis as unknown as { raw: { invoke(channel: string, message: unknown): Promise<unknown> } }).raw.invoke(name as string, content), [channel, message] as const);
}

export async function violationsOf(page: Page): Promise<readonly Violation[]> {
  return page.evaluate(() => (globalThis as unknown as { violations: Violation[] }).violations);
}

/** How the host's own session answers an address: status and headers, without a page between. */
export async function fetchInSession(app: ElectronApplication, edition: Edition, url: string): Promise<{ status: number; headers: Record<string, string>; error: string | null }> {
  return app.evaluate(
    async ({ session }, [partition, address]) => {
      try {
        const response = await session.fromPartition(partition as string).fetch(address as string, { bypassCustomProtocolHandlers: false });
        return { status: response.status, headers: Object.fromEntries(response.headers.entries()), error: null };
      } catch (error) {
        return { status: 0, headers: {}, error: String((error as Error).message) };
      }
    },
    [`strongroom-${edition}`, url] as const,
  );
}
