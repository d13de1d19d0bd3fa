import { app, Menu, powerMonitor, type BrowserWindow, type Session } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract, Handlers } from '../../src/host/contract.ts';
import { serve } from '../../src/host/serve.ts';
import { createCameraGate, type CameraGate } from './camera-gate.ts';
import { describeFault, endOnFaults } from './faults.ts';
import { collectHandedFiles, type HandedFiles } from './gap-files.ts';
import { originOf, type Edition, type HeldAddress } from './page-files.ts';
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
  /** The one session of this edition. */
  readonly session: Session;
  /** Whether the window may start a camera now. */
  readonly camera: CameraGate;
  /** Files that a person opened from outside, waiting to be looked at. */
  readonly handed: HandedFiles;
}

/** An edition at work. */
export interface EditionService<C extends Contract> {
  readonly handlers: Handlers<C>;
  /** The person may be gone: the screen was locked, the machine goes to sleep, the page was reloaded or closed. */
  readonly secure: () => void;
  /** The program ends. */
  readonly close: () => Promise<void>;
  /** Looks at every request before its form is checked, and throws where it must not come in. */
  readonly refuse?: (input: unknown) => void;
  /** A document that is held in memory for the page, or `null`. */
  readonly held?: (address: HeldAddress) => string | null;
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
  const handed = collectHandedFiles();
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
    const camera = createCameraGate(() => window?.webContents ?? null, originOf(plan.edition));
    let service: EditionService<C> | null = null;
    const session = await openLockedSession(plan.edition, join(plan.folder, 'renderer'), { held: (address) => service?.held?.(address) ?? null, camera });
    const started = plan.createService({ userDataFolder: app.getPath('userData'), bundleFolder: plan.folder, isPackaged: app.isPackaged, rehearsal, window: () => window, session, camera, handed });
    service = started;
    endWithService(started);
    const dispatch = serve(plan.contract, started.handlers, (name, fault) => console.error(`${name}: ${describeFault(fault)}`), started.refuse);
    window = openWindow({ edition: plan.edition, title: plan.title, preload: join(plan.folder, 'preload.cjs'), session, placement: placementOf(plan.edition, rehearsal) });
    window.on('closed', () => {
      window = null;
      camera.use(false);
    });
    // Who looks elsewhere scans nothing here.
    window.on('blur', () => camera.use(false));
    window.on('hide', () => camera.use(false));
    window.on('minimize', () => camera.use(false));
    window.webContents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) started.secure();
    });
    window.webContents.on('render-process-gone', (_event, details) => {
      started.secure();
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
