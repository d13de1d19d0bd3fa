import type { InferInput, InferOutput } from 'valibot';
import type { companionContract } from '../../src/host/companion-contract.ts';
import type { Contract, Progress, Reply } from '../../src/host/contract.ts';
import type { signerContract } from '../../src/host/signer-contract.ts';

/** How a view follows a request: hears of progress, and may give up. */
export interface Watch {
  readonly onProgress?: (progress: Progress) => void;
  /** Aborting asks the host to stop; the reply then is `host.cancelled`. */
  readonly signal?: AbortSignal;
}

/** One function a command, with the contract's types. Errors come as data; nothing throws. */
export type HostClient<C extends Contract> = {
  readonly [Name in keyof C]: (input: InferInput<C[Name]['input']>, watch?: Watch) => Promise<Reply<InferOutput<C[Name]['output']>>>;
};

export type SignerHost = HostClient<typeof signerContract>;
export type CompanionHost = HostClient<typeof companionContract>;

/** What a command answers, by name: `Answer<'psbt.review', SignerHost>`. */
export type Answer<Name extends keyof Host, Host extends SignerHost | CompanionHost> = Host[Name] extends (...args: never[]) => Promise<Reply<infer Value>> ? Value : never;

/** How requests travel. Electron's bridge is one; a test hands in another. */
export type Transport = (name: string, input: unknown, watch: Watch) => Promise<Reply<unknown>>;

/**
 * A client over any transport. Commands become functions on first use, so that the window needs no copy of the contract
 * and no schema library; the host checks every input and output against the contract.
 */
export function clientOver<C extends Contract>(transport: Transport): HostClient<C> {
  return new Proxy({} as HostClient<C>, {
    get: (_, name) => (typeof name === 'string' ? (input: unknown, watch: Watch = {}) => transport(name, input, watch) : undefined),
  });
}
