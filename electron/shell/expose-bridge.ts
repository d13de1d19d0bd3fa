import { contextBridge, ipcRenderer } from 'electron';
import type { Contract, Progress, Reply } from '../../src/host/contract.ts';
import { PROGRESS_CHANNEL, REQUEST_CHANNEL, type HostRequest, type ProgressMessage, type RequestMessage } from './bridge.ts';

/** Runs in the preload: puts one function a command on `window.strongroom`, as bridge.ts describes. */
export function exposeBridge(edition: 'signer' | 'companion', contract: Contract): void {
  const listeners = new Map<number, (progress: Progress) => void>();
  let requests = 0;

  ipcRenderer.on(PROGRESS_CHANNEL, (_event, message: ProgressMessage) => listeners.get(message.id)?.(message.progress));

  const send = (message: RequestMessage): Promise<Reply<unknown>> => ipcRenderer.invoke(REQUEST_CHANNEL, message) as Promise<Reply<unknown>>;
  const call = (name: string, input: unknown, onProgress?: (progress: Progress) => void): HostRequest<unknown> => {
    requests += 1;
    const id = requests;
    if (typeof onProgress === 'function') listeners.set(id, onProgress);
    const reply = send({ kind: 'call', id, name, input })
      .catch(() => lostHost)
      .finally(() => listeners.delete(id));
    return { reply, cancel: () => void send({ kind: 'cancel', id }).catch(() => undefined) };
  };

  const commands = Object.fromEntries(Object.keys(contract).map((name) => [name, (input: unknown, onProgress?: (progress: Progress) => void) => call(name, input, onProgress)]));
  contextBridge.exposeInMainWorld('strongroom', { edition, commands });
}

/** An answer that never came: the input could not be copied across, or the host is gone. Its text stays inside. */
const lostHost: Reply<unknown> = {
  ok: false,
  error: { code: 'host.unknown', message: 'Strongroom met a fault of its own and stopped this step.', details: {}, hint: 'Close the window and open it again; nothing was signed or sent by this step.' },
};
