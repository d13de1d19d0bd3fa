import type { InferInput, InferOutput } from 'valibot';
import type { Contract, Progress, Reply } from '../../src/host/contract.ts';

/** The one channel by which a window speaks to its host. No other is served. */
export const REQUEST_CHANNEL = 'strongroom';
/** How the host tells a window of progress. */
export const PROGRESS_CHANNEL = 'strongroom:progress';

/** What the preload sends. `id` is the window's own count, so that progress and cancellation find their request. */
export type RequestMessage =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export interface ProgressMessage {
  readonly id: number;
  readonly progress: Progress;
}

/** A request under way: its answer, and the way to give it up. */
export interface HostRequest<T> {
  /** Never rejects: errors are data. */
  readonly reply: Promise<Reply<T>>;
  /** Asks the host to stop. The reply is then `host.cancelled`, unless the work was done already. */
  readonly cancel: () => void;
}

/**
 * What a page finds at `window.strongroom`: one function for each command of its edition's contract and nothing else. No
 * channel, no path, no module of Node or Electron comes through.
 *
 * ```ts
 * const bridge = window.strongroom as HostBridge<typeof signerContract>;
 * const { reply, cancel } = bridge.commands['psbt.review'](input, (progress) => ...);
 * ```
 */
export interface HostBridge<C extends Contract = Contract> {
  readonly edition: 'signer' | 'companion';
  readonly commands: {
    readonly [Name in keyof C]: (input: InferInput<C[Name]['input']>, onProgress?: (progress: Progress) => void) => HostRequest<InferOutput<C[Name]['output']>>;
  };
}
