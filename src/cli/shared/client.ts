import type { InferInput, InferOutput } from 'valibot';
import type { ErrorCode } from '../../errors/catalog.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Contract, Handlers } from '../../host/contract.ts';
import { serve } from '../../host/serve.ts';
import type { CommandIo } from './command.ts';
import { learnNetwork } from './shown-unit.ts';

/** A contract's commands as a command line calls them: the value, or a `StrongroomError`. */
export type Call<C extends Contract> = <Name extends keyof C & string>(name: Name, input: InferInput<C[Name]['input']>) => Promise<InferOutput<C[Name]['output']>>;

/**
 * The same boundary that the windows go through: inputs parsed strictly, outputs checked, errors as data. Here they become
 * errors again, since a command line has one place that prints them.
 * @param refuse as `serve` has it
 */
export function createCall<C extends Contract>(contract: C, handlers: Handlers<C>, io: CommandIo, refuse?: (input: unknown) => void): Call<C> {
  const dispatch = serve(contract, handlers, io.onFault, refuse);
  return async (name, input) => {
    learnNetwork(input);
    const reply = await dispatch(name, input, { progress: io.progress, isCancelled: io.isCancelled });
    if (!reply.ok) {
      const { code, message, details, hint } = reply.error;
      // Codes come from the catalog: `serve` makes no others.
      throw new StrongroomError(code as ErrorCode, message, details, hint);
    }
    learnNetwork(reply.value);
    return reply.value as InferOutput<C[typeof name]['output']>;
  };
}
