import * as v from 'valibot';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { Contract, Handlers, Reply, RequestContext, WireError } from './contract.ts';

/** Answers requests by name: the only way into an edition's handlers, for windows, command lines and tests alike. */
export type Dispatch = (name: string, input: unknown, context: RequestContext) => Promise<Reply<unknown>>;

/** An error as data. An unknown exception carries no text from inside: it could hold anything, a secret too. */
export function toWireError(error: unknown): WireError {
  if (error instanceof StrongroomError) {
    return { code: error.code, message: error.message, details: error.details, hint: error.hint };
  }
  return {
    code: 'host.unknown',
    message: 'Strongroom met a fault of its own and stopped this step.',
    details: {},
    hint: 'Nothing was signed or sent by this step. Try it again; if it repeats, report what you did.',
  };
}

/**
 * Serves a contract: parses the input strictly, runs the handler, checks the output, and turns every error into data.
 * @param onFault told of unknown exceptions, for the host's own log; never shown to the other side
 * @param refuse looks at every request before its form is checked, and throws where it must not come in
 */
export function serve<C extends Contract>(contract: C, handlers: Handlers<C>, onFault: (name: string, fault: unknown) => void, refuse: (input: unknown) => void = () => undefined): Dispatch {
  const names = new Set(Object.keys(contract));
  return async (name, input, context) => {
    try {
      if (!names.has(name)) throw badRequest(name);
      refuse(input);
      const { input: inputSchema, output: outputSchema } = contract[name] as C[string];
      const parsed = v.safeParse(inputSchema, input);
      if (!parsed.success) throw badRequest(name, parsed.issues.map((issue) => v.getDotPath(issue) ?? '').join(', '));
      const value = await (handlers[name] as Handlers<C>[string])(parsed.output as never, context);
      return { ok: true, value: v.parse(outputSchema, value) };
    } catch (error) {
      if (!(error instanceof StrongroomError)) onFault(name, error);
      return { ok: false, error: toWireError(error) };
    }
  };
}

/** Names the command and the fields that do not fit; never their values. */
function badRequest(name: string, fields = ''): StrongroomError {
  return new StrongroomError('host.bad-request', 'The request does not fit the contract.', { command: name.slice(0, 60), fields: fields.slice(0, 200) }, 'Check the form; if it is filled in correctly, report this as a fault.');
}
