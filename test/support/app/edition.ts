import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export type Edition = 'signer' | 'companion';

/** A running edition with data of its own. */
export interface RunningEdition {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  /** From the start of the process until the page could be used, milliseconds. */
  readonly startedInMs: number;
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** The bundle's folder; the built one where it is left out. */
  readonly folder?: string;
  /** An existing folder of data, to start again on it. */
  readonly userData?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly colorScheme?: 'light' | 'dark';
  /** Further switches of Chromium, for example for its fake camera. */
  readonly args?: readonly string[];
}

/** The runtime that the test runner found. */
export function electronExecutable(): string {
  const executable = process.env['STRONGROOM_ELECTRON'];
  if (executable === undefined || !existsSync(executable)) throw new Error('STRONGROOM_ELECTRON names no Electron: run the suite with "npm test -- app".');
  return executable;
}

/** A copy of a built edition that a test may make hostile: its host process stays what is shipped. */
export function copyOfEdition(edition: Edition): string {
  const folder = mkdtempSync(join(tmpdir(), `strongroom-${edition}-copy-`));
  cpSync(resolve('dist', edition), folder, { recursive: true });
  return folder;
}

/** The environment of a person's session: nothing of the test runner. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = ['PATH', 'HOME', 'DISPLAY', 'TMPDIR', 'LANG', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'XAUTHORITY'];
  return { ...Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]]))), ...more };
}

/** How long a start may take on a busy machine before it counts as hung; it takes about a second on an idle one. */
const START_LIMIT_MS = 20_000;

/**
 * Starts an edition as a person does, and waits until its page has drawn itself. A start that hangs is ended. The test driver
 * attaches to the host while it starts, and on a busy machine one such start in some hundred hangs; so it is tried once more, and
 * said. A second one fails its case.
 */
export async function launchEdition(edition: Edition, options: LaunchOptions = {}): Promise<RunningEdition> {
  const userData = options.userData ?? mkdtempSync(join(tmpdir(), `strongroom-${edition}-data-`));
  const { app, page, startedInMs } = await startOnce(edition, options, userData).catch((fault: unknown) => {
    if (!(fault instanceof Error) || !/Timeout \d+ms exceeded/.test(fault.message)) throw fault;
    console.warn(`The ${edition} did not start within ${START_LIMIT_MS / 1000} s; it is started once more.`);
    return startOnce(edition, options, userData);
  });
  return {
    app,
    page,
    userData,
    startedInMs,
    async close() {
      await app.close();
      if (options.userData === undefined) rmSync(userData, { recursive: true, force: true });
    },
  };
}

async function startOnce(edition: Edition, options: LaunchOptions, userData: string): Promise<Pick<RunningEdition, 'app' | 'page' | 'startedInMs'>> {
  const started = performance.now();
  const app = await _electron.launch({
    timeout: START_LIMIT_MS,
    executablePath: electronExecutable(),
    args: [options.folder ?? resolve('dist', edition), `--user-data-dir=${userData}`, ...(options.args ?? [])],
    // Playwright would switch the sandbox off, which is the thing to be tested.
    chromiumSandbox: true,
    env: cleanEnvironment(options.environment),
    ...(options.colorScheme === undefined ? {} : { colorScheme: options.colorScheme }),
  });
  const page = await firstPage(app);
  return { app, page, startedInMs: performance.now() - started };
}

async function firstPage(app: ElectronApplication): Promise<Page> {
  try {
    const page = await app.firstWindow({ timeout: START_LIMIT_MS });
    await page.waitForLoadState('load', { timeout: START_LIMIT_MS });
    return page;
  } catch (fault) {
    app.process().kill('SIGKILL');
    throw fault;
  }
}

/** Asks the host as the page does, and gives its answer. */
export async function ask(page: Page, name: string, input: unknown): Promise<unknown> {
  return page.evaluate(
    ([command, argument]) => {
      const bridge = (globalThis as unknown as { strongroom: { commands: Record<string, (input: unknown) => { reply: Promise<unknown> }> } }).strongroom;
      const run = bridge.commands[command as string];
      if (run === undefined) throw new Error('no such command');
      return run(argument).reply;
    },
    [name, input] as const,
  );
}
