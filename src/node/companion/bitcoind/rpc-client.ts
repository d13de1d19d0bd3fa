import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { isTooDeep } from '../transport/json-depth.ts';
import { readTrust } from '../transport/peer-certificate.ts';
import { readAuthorization } from './credentials.ts';
import { ExactNumber, parseExactJson } from './exact-json.ts';
import { defaultLimits, openHttpConnection, type ConnectionLimits, type HttpAnswer } from './http-connection.ts';
import type { BitcoindAddress } from './node-url.ts';

export type RpcParameters = readonly unknown[] | Readonly<Record<string, unknown>>;

export interface RpcCall {
  readonly method: string;
  readonly params: RpcParameters;
}

/** What a node answers to one call: a result, or the number of its error. Its error text is not kept. */
export type RpcOutcome = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly errorCode: number };

export interface RpcOptions {
  /** The node's wallet that the call is about. */
  readonly wallet?: string;
  /** For calls that scan a chain: the node is silent until it is done. */
  readonly silenceMs?: number;
}

/** Bitcoin Core's JSON-RPC, answers checked, numbers exact (`ExactNumber`), errors as closed codes. */
export interface RpcClient {
  /** @throws StrongroomError `node.*` */
  call<Schema extends v.GenericSchema>(schema: Schema, method: string, params?: RpcParameters, options?: RpcOptions): Promise<v.InferOutput<Schema>>;
  /** One call whose refusal the caller understands. */
  attempt(method: string, params?: RpcParameters, options?: RpcOptions): Promise<RpcOutcome>;
  /** Many calls of which some may be refused; answers in the order of the calls. */
  batch(calls: readonly RpcCall[], options?: RpcOptions): Promise<readonly RpcOutcome[]>;
  close(): void;
}

export interface RpcSettings {
  readonly limits?: Partial<ConnectionLimits>;
  /** How long a node that is starting, or has no thread free, is asked again, milliseconds. */
  readonly patienceMs?: number;
}

const ANSWERS_A_BATCH = 100;
/** Methods whose answers are a few lines, whatever the node holds: more of one is somebody else's. */
const smallAnswers = new Set([
  'getblockchaininfo', 'getnetworkinfo', 'getmempoolinfo', 'estimatesmartfee', 'getblockhash', 'getblockcount', 'getblockheader', 'gettxout', 'getwalletinfo', 'getaddressinfo', 'getmempoolentry',
  'getnewaddress', 'getrawchangeaddress', 'sendrawtransaction', 'setlabel', 'loadwallet', 'createwallet', 'abortrescan', 'uptime',
]);
const SMALL_ANSWER = 1_048_576;
const RPC_IN_WARMUP = -28;
/** What the node answers when it does not know a transaction (`RPC_INVALID_ADDRESS_OR_KEY`). */
export const NOT_FOUND = -5;

const Answer = v.looseObject({
  result: v.optional(v.unknown()),
  error: v.optional(v.nullable(v.looseObject({ code: v.instance(ExactNumber) }))),
  id: v.instance(ExactNumber),
});

/**
 * @throws StrongroomError `node.url` when the authority file of a TLS node cannot be read
 */
export async function openRpcClient(address: BitcoindAddress, settings: RpcSettings = {}): Promise<RpcClient> {
  const connection = openHttpConnection(address, await readTrust(address), { ...defaultLimits, ...settings.limits });
  const patienceMs = settings.patienceMs ?? 30_000;
  let authorization: string | null = null;
  let nextId = 1;

  /** Posts once; a refused login is tried once more with the cookie as it is now. */
  const post = async (path: string, body: string, silenceMs: number | undefined, answerBytes: number | undefined): Promise<HttpAnswer> => {
    for (const isLast of [false, true]) {
      authorization ??= await readAuthorization(address.login);
      const answer = await connection.post(path, authorization, body, silenceMs, answerBytes);
      if (answer.status !== 401 && answer.status !== 403) return answer;
      authorization = null;
      if (isLast || answer.status === 403) break;
    }
    throw new StrongroomError('node.unauthorised', 'The node refuses this login.', {}, 'Check the cookie or configuration file of the node\'s URL, and the node\'s rpcallowip and rpcwhitelist.');
  };

  const exchange = async (calls: readonly RpcCall[], options: RpcOptions): Promise<readonly RpcOutcome[]> => {
    const path = options.wallet === undefined ? '/' : `/wallet/${encodeURIComponent(options.wallet)}`;
    const deadline = Date.now() + patienceMs;
    for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 4_000)) {
      const requests = calls.map(({ method, params }) => ({ jsonrpc: '1.0', id: nextId++, method, params }));
      const answer = await post(path, JSON.stringify(requests.length === 1 ? requests[0] : requests), options.silenceMs, calls.every(({ method }) => smallAnswers.has(method)) ? calls.length * SMALL_ANSWER : undefined);
      const outcomes = answer.status === 503 ? null : readOutcomes(answer, requests.map((request) => request.id));
      const isWarmingUp = outcomes === null || outcomes.some((outcome) => !outcome.ok && outcome.errorCode === RPC_IN_WARMUP);
      if (!isWarmingUp) return outcomes;
      if (Date.now() + waitMs > deadline) throw new StrongroomError('node.not-ready', 'The node is still starting, or too busy to answer.', {}, 'Wait until it has loaded its blocks, then try again.');
      await delay(waitMs);
    }
  };

  const client: RpcClient = {
    async call(schema, method, params = [], options = {}) {
      const outcome = await client.attempt(method, params, options);
      if (!outcome.ok) throw rpcError(method, outcome.errorCode);
      return readResult(schema, method, outcome);
    },
    async attempt(method, params = [], options = {}) {
      const [outcome] = await exchange([{ method, params }], options);
      return outcome as RpcOutcome;
    },
    async batch(calls, options = {}) {
      const outcomes: RpcOutcome[] = [];
      for (let start = 0; start < calls.length; start += ANSWERS_A_BATCH) outcomes.push(...(await exchange(calls.slice(start, start + ANSWERS_A_BATCH), options)));
      return outcomes;
    },
    close: () => connection.close(),
  };
  return client;
}

/** The outcomes in the order of the ids; exactly one for each, whatever the order of the answers. */
function readOutcomes(answer: HttpAnswer, ids: readonly number[]): readonly RpcOutcome[] {
  const json = isTooDeep(answer.body) ? undefined : parseExactJson(answer.body);
  // A lone refusal comes with status 404, 400 or 500; anything that is not JSON-RPC is another kind of server.
  const parsed = v.safeParse(v.array(Answer), Array.isArray(json) ? json : [json]);
  const byId = new Map(parsed.success ? parsed.output.map((item) => [item.id.source, item]) : []);
  if (!parsed.success || parsed.output.length !== ids.length || byId.size !== ids.length) throw malformedAnswer('json-rpc');
  return ids.map((id) => {
    const item = byId.get(String(id));
    if (item === undefined) throw malformedAnswer('json-rpc');
    if (item.error !== undefined && item.error !== null) return { ok: false, errorCode: Number(item.error.code.source) };
    return { ok: true, result: item.result };
  });
}

/**
 * A result in the shape that was asked for.
 * @throws StrongroomError `node.malformed`, and the node's refusal as `rpcError` names it
 */
export function readResult<Schema extends v.GenericSchema>(schema: Schema, method: string, outcome: RpcOutcome): v.InferOutput<Schema> {
  if (!outcome.ok) throw rpcError(method, outcome.errorCode);
  const parsed = v.safeParse(schema, outcome.result);
  if (!parsed.success) throw malformedAnswer(method);
  return parsed.output;
}

export const malformedAnswer = (method: string): StrongroomError =>
  new StrongroomError('node.malformed', 'The node answered something that is not what was asked for.', { method }, 'Check which program listens at the node\'s address, and its version.');

/** A refusal of the node by its number; its text never leaves the node. @see Bitcoin Core, `rpc/protocol.h` */
export function rpcError(method: string, errorCode: number): StrongroomError {
  const details = { method, rpcCode: Number.isSafeInteger(errorCode) ? errorCode : 0 };
  switch (errorCode) {
    case -28:
    case -9:
    case -10:
      return new StrongroomError('node.not-ready', 'The node is still starting or syncing.', details, 'Wait until it is synced, then try again.');
    case -4:
    case -13:
    case -18:
    case -19:
    case -35:
      return new StrongroomError('node.wallet', 'The node\'s wallet is not there, is locked, or cannot do this.', details, 'Check the wallet\'s name, load it in the node, and unlock it there.');
    default:
      return new StrongroomError('node.rejected', `The node refused ${method} with error ${details.rpcCode}.`, details, 'Look into the node\'s log for the reason.');
  }
}
