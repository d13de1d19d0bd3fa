import type { Contract, Reply } from '../../src/host/contract.ts';
import type { Dispatch } from '../../src/host/serve.ts';
import { clientOver, type HostClient } from './client.ts';

/** The same client without Electron: straight into a dispatcher in the same process. For tests and for looking at views. */
export function plainHost<C extends Contract>(dispatch: Dispatch): HostClient<C> {
  return clientOver<C>((name, input, watch): Promise<Reply<unknown>> =>
    dispatch(name, input, { progress: (progress) => watch.onProgress?.(progress), isCancelled: () => watch.signal?.aborted ?? false }));
}
