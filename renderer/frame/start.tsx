import type { ComponentChild } from 'preact';
import { render } from 'preact';
import type { Contract, Reply } from '../../src/host/contract.ts';
import { electronHost } from '../host/electron-host.ts';
import type { HostClient } from '../host/client.ts';
import { ErrorNotice } from '../ui/notice.tsx';
import type { FrameInfo } from './window-frame.tsx';

/** Asks the host who it is, then draws the edition's window. A host that cannot say so gets no window but its error. */
export async function startWindow<C extends Contract>(edition: FrameInfo['edition'], windowOf: (host: HostClient<C>, info: FrameInfo) => ComponentChild): Promise<void> {
  const place = document.getElementById('window');
  if (place === null) throw new TypeError('The page has no place for the window.');
  const host = electronHost<C>(edition);
  const reply = (await host['app.info']?.({})) as Reply<FrameInfo> | undefined;
  if (reply === undefined) throw new TypeError('The host does not say who it is.');
  render(reply.ok ? windowOf(host, reply.value) : <main class="starting"><ErrorNotice error={reply.error} /></main>, place);
}
