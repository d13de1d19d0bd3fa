import { app, Menu, powerMonitor, type BrowserWindow } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract, Handlers } from '../../src/host/contract.ts';
import { serve } from '../../src/host/serve.ts';
import { describeFault, endOnFaults } from './faults.ts';
import { originOf, type Edition } from './page-files.ts';
import { findRehearsal, placementOf, type Rehearsal } from './rehearsal.ts';
import { serveRequests } from './request-channel.ts';
import { closeChromium, openLockedSession } from './session-policy.ts';
import { openWindow, refuseToLeave } from './window.ts';

/** What an edition's handlers get from the shell. */
export interface Shell {
  /** Where this edition keeps what is its own. */
  readonly userDataFolder: string;
  /** The bundle's own folder. */
  readonly bundleFolder: string;
  /** Whether this is an application as people install it: it has no developer tools, no rehearsal, and runs no scripts. */
  readonly isPackaged: boolean;
  readonly rehearsal: Rehearsal | null;
  /** The window, for dialogs that belong to it. */
  readonly window: () => BrowserWindow | null;
}

/** An edition at work. */
export interface EditionService<C extends Contract> {
  readonly handlers: Handlers<C>;
  /** The person may be gone: the screen was locked, the machine goes to sleep, the page was reloaded or closed. */
  readonly secure: () => void;
  /** The program ends. */
  readonly close: () => Promise<void>;
}

export interface EditionPlan<C extends Contract> {
  readonly edition: Edition;
  readonly title: string;
  /** The bundle's folder: main.cjs, preload.cjs and renderer/. */
  readonly folder: string;
  readonly contract: C;
  readonly createService: (shell: Shell) => EditionService<C>;
}

/** Starts an edition: one process per folder of data, one window, one channel. */
export function startEdition<C extends Contract>(plan: EditionPlan<C>): void {
  endOnFaults(plan.title);
  closeChromium();
  refuseToLeave(plan.edition);
  app.setName(plan.title);
  const rehearsal = findRehearsal();
  if (rehearsal !== null) {
    const folder = join(rehearsal.folder, `${plan.edition}-app`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    app.setPath('userData', folder);
  }
  // Two processes that write one shelf would overwrite each other; the second shows the first and ends.
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  let window: BrowserWindow | null = null;
  app.on('second-instance', () => {
    if (window === null) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  // The system's menu would offer reloading, zooming and links; the page has its own commands.
  Menu.setApplicationMenu(null);

  void app.whenReady().then(async () => {
    const session = await openLockedSession(plan.edition, join(plan.folder, 'renderer'));
    const service = plan.createService({ userDataFolder: app.getPath('userData'), bundleFolder: plan.folder, isPackaged: app.isPackaged, rehearsal, window: () => window });
    endWithService(service);
    const dispatch = serve(plan.contract, service.handlers, (name, fault) => console.error(`${name}: ${describeFault(fault)}`));
    window = openWindow({ edition: plan.edition, title: plan.title, preload: join(plan.folder, 'preload.cjs'), session, placement: placementOf(plan.edition, rehearsal) });
    window.on('closed', () => {
      window = null;
    });
    window.webContents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) service.secure();
    });
    window.webContents.on('render-process-gone', (_event, details) => {
      service.secure();
      if (details.reason !== 'clean-exit') throw new Error(`renderer ${details.reason}`);
    });
    serveRequests({ webContents: window.webContents, origin: originOf(plan.edition) }, dispatch);
  });
}

function endWithService(service: Pick<EditionService<Contract>, 'secure' | 'close'>): void {
  powerMonitor.on('suspend', service.secure);
  powerMonitor.on('lock-screen', service.secure);
  app.on('will-quit', (event) => {
    event.preventDefault();
    service.secure();
    // Not quit(): the system counts this quitting as under way already and would wait for itself.
    void service.close().finally(() => app.exit(0));
  });
}
