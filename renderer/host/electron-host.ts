import type { HostBridge } from '../../electron/shell/bridge.ts';
import type { Contract, Reply } from '../../src/host/contract.ts';
import { clientOver, type HostClient } from './client.ts';

declare global {
  interface Window {
    /** Put here by the preload; see electron/shell/bridge.ts. */
    readonly strongroom?: unknown;
  }
}

/**
 * The client over Electron's bridge.
 * @throws TypeError when the page was opened without its preload, or with the other edition's
 */
export function electronHost<C extends Contract>(edition: HostBridge['edition']): HostClient<C> {
  const bridge = window.strongroom as HostBridge | undefined;
  if (bridge?.edition !== edition) throw new TypeError('The page has no host of its edition.');
  return clientOver<C>(async (name, input, watch): Promise<Reply<unknown>> => {
    const request = bridge.commands[name]?.(input, watch.onProgress);
    if (request === undefined) return { ok: false, error: { code: 'host.bad-request', message: 'The host has no such command.', details: { command: name }, hint: 'Install the window and its host from the same release.' } };
    watch.signal?.addEventListener('abort', request.cancel, { once: true });
    return request.reply;
  });
}
