import type { RpcClient, RpcOptions, RpcOutcome } from './rpc-client.ts';

// What older code bases lack (Litecoin Core 0.21 is Bitcoin Core's of 2021), found out by asking and never by a coin's name: a node of the
// same coin that is built on a newer one is used as such.

/** `RPC_INVALID_PARAMETER`: also the answer to a parameter by a name that the node does not know; then nothing was done. */
const INVALID_PARAMETER = -8;
/** `RPC_METHOD_NOT_FOUND`. */
export const METHOD_NOT_FOUND = -32_601;

const withoutNewer = new WeakMap<RpcClient, Set<string>>();

/**
 * A call with parameters that older nodes do not know; one that refuses them is asked without.
 * @param newer parameters that change nothing for a node that lacks them
 */
export async function attemptWithNewer(rpc: RpcClient, method: string, params: Readonly<Record<string, unknown>>, newer: Readonly<Record<string, unknown>>, options: RpcOptions): Promise<RpcOutcome> {
  const known = withoutNewer.get(rpc) ?? new Set();
  withoutNewer.set(rpc, known);
  if (!known.has(method)) {
    const outcome = await rpc.attempt(method, { ...params, ...newer }, options);
    if (outcome.ok || outcome.errorCode !== INVALID_PARAMETER) return outcome;
  }
  const outcome = await rpc.attempt(method, params, options);
  if (outcome.ok) known.add(method);
  return outcome;
}
