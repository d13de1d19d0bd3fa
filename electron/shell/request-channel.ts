import { ipcMain, type IpcMainInvokeEvent, type WebContents, type WebFrameMain } from 'electron';
import type { Reply, RequestContext } from '../../src/host/contract.ts';
import { toWireError, type Dispatch } from '../../src/host/serve.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import { PROGRESS_CHANNEL, REQUEST_CHANNEL, type ProgressMessage, type RequestMessage } from './bridge.ts';

/** More at once than any page of ours asks for; a page that does is broken or not ours. */
const MOST_REQUESTS = 64;

/** The frame that may ask: the top frame of our own page, and only while it shows our own origin. */
export interface TrustedPage {
  readonly webContents: WebContents;
  readonly origin: string;
}

/**
 * Serves the one channel of a window. A message from another window, from a frame inside the page, or from a page of another
 * origin is refused before its content is looked at.
 */
export function serveRequests(page: TrustedPage, dispatch: Dispatch): void {
  const running = new Map<number, { cancelled: boolean }>();

  ipcMain.removeHandler(REQUEST_CHANNEL);
  ipcMain.handle(REQUEST_CHANNEL, async (event: IpcMainInvokeEvent, message: unknown): Promise<Reply<unknown>> => {
    if (event.sender !== page.webContents || !isTrustedFrame(event.senderFrame, page)) return refused('foreign-frame');
    if (!isRequestMessage(message)) return refused('message');
    if (message.kind === 'cancel') {
      const request = running.get(message.id);
      if (request !== undefined) request.cancelled = true;
      return { ok: true, value: {} };
    }
    if (running.size >= MOST_REQUESTS || running.has(message.id)) return refused('too-many');
    const state = { cancelled: false };
    running.set(message.id, state);
    const context: RequestContext = {
      progress: (progress) => {
        if (!page.webContents.isDestroyed()) page.webContents.send(PROGRESS_CHANNEL, { id: message.id, progress } satisfies ProgressMessage);
      },
      isCancelled: () => state.cancelled,
    };
    try {
      return await dispatch(message.name, message.input, context);
    } finally {
      running.delete(message.id);
    }
  });

  // A page that was reloaded or closed waits for nothing any more.
  const cancelAll = (): void => {
    for (const request of running.values()) request.cancelled = true;
  };
  page.webContents.on('destroyed', cancelAll);
  page.webContents.on('render-process-gone', cancelAll);
}

function isTrustedFrame(frame: WebFrameMain | null, page: TrustedPage): boolean {
  // A frame that navigated away or is gone is null or detached: its request has nobody to answer to.
  if (frame === null || frame.detached || frame.parent !== null) return false;
  return frame === page.webContents.mainFrame && frame.origin === page.origin && frame.url.startsWith(`${page.origin}/`);
}

function isRequestMessage(message: unknown): message is RequestMessage {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, id, name } = message as Readonly<Record<string, unknown>>;
  return Number.isSafeInteger(id) && (kind === 'cancel' || (kind === 'call' && typeof name === 'string'));
}

function refused(why: 'foreign-frame' | 'message' | 'too-many'): Reply<unknown> {
  return { ok: false, error: toWireError(new StrongroomError('host.bad-request', 'The request does not fit the contract.', { why }, 'Close the window and open it again; if it repeats, report this as a fault.')) };
}
