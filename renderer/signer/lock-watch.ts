import type { Reply } from '../../src/host/contract.ts';
import type { SignerHost, Watch } from '../host/client.ts';

/**
 * The host, with an ear for `key.locked`: the laptop locks keys by itself when its lid or its screen is closed or nobody
 * was there for long, and the window then must not show them as open.
 */
export function watchLocks(host: SignerHost, onLocked: (keyHandle: string) => void): SignerHost {
  return new Proxy(host, {
    get: (target, name) => async (input: { readonly keyHandle?: string }, watch?: Watch): Promise<Reply<unknown>> => {
      const ask = target[name as keyof SignerHost] as (input: unknown, watch?: Watch) => Promise<Reply<unknown>>;
      const reply = await ask(input, watch);
      if (!reply.ok && reply.error.code === 'key.locked' && input.keyHandle !== undefined) onLocked(input.keyHandle);
      return reply;
    },
  });
}
