import { app, BrowserWindow, nativeTheme, screen, type Session, type WebContents } from 'electron';
import { originOf, type Edition } from './page-files.ts';

/** Where a window stands. `left` and `right` halve the screen for a rehearsal. */
export type Placement = 'centre' | 'left' | 'right';

export interface WindowPlan {
  readonly edition: Edition;
  readonly title: string;
  readonly preload: string;
  readonly session: Session;
  readonly placement: Placement;
}

/** The edition's one window: sandboxed, isolated, bound to its page. Shown when its page has drawn itself. */
export function openWindow(plan: WindowPlan): BrowserWindow {
  const window = new BrowserWindow({
    ...boundsOf(plan.placement),
    minWidth: 720,
    minHeight: 560,
    title: plan.title,
    show: false,
    // The canvas colour of the styles, so that no white flashes up before the page is drawn.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#121316' : '#F6F6F3',
    autoHideMenuBar: true,
    webPreferences: {
      session: plan.session,
      preload: plan.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => window.show());
  // The title is the edition's name: nothing that a page says may change by what a person knows the program.
  window.on('page-title-updated', (event) => event.preventDefault());
  void window.loadURL(`${originOf(plan.edition)}/index.html`);
  return window;
}

/** Binds every page that this process may ever have, also ones that nothing of ours opens. */
export function refuseToLeave(edition: Edition): void {
  const own = `${originOf(edition)}/`;
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !event.url.startsWith(own)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

function boundsOf(placement: Placement): { width: number; height: number; x?: number; y?: number } {
  if (placement === 'centre') return { width: 1280, height: 800 };
  const { x, y, width, height } = screen.getPrimaryDisplay().workArea;
  const half = Math.floor(width / 2);
  return { x: placement === 'left' ? x : x + half, y, width: half, height };
}
