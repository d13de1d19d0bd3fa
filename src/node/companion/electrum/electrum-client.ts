import * as v from 'valibot';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { ExactNumber, parseExactJson } from '../bitcoind/exact-json.ts';
import { isTooDeep } from '../transport/json-depth.ts';
import type { TlsTrust } from '../transport/peer-certificate.ts';
import { serverName, type ServerAddress } from '../transport/server-url.ts';
import { openLineConnection, type LineConnection, type LineLimits } from './line-connection.ts';

/** A question, and how much may come back. */
export interface ElectrumCall {
  readonly method: string;
  readonly params: readonly unknown[];
  /** Largest answer, bytes. */
  readonly answerBytes: number;
}

/** A result, or that there was an error: its text is read by `refusal` alone and not kept. */
export type ElectrumOutcome = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly errorCode: number; readonly refusal: (read: (text: string) => unknown) => unknown };

/** JSON-RPC over lines, as Electrum servers speak it; answers checked, numbers exact (`ExactNumber`). */
export interface ElectrumClient {
  call<Schema extends v.GenericSchema>(schema: Schema, method: string, params: readonly unknown[], answerBytes?: number): Promise<v.InferOutput<Schema>>;
  /** Many at once, answered in their order; some may be refused. */
  batch(calls: readonly ElectrumCall[]): Promise<readonly ElectrumOutcome[]>;
  close(): void;
}

/** Enough for every answer that is not a history, a transaction or headers. */
export const SMALL_ANSWER = 65_536;
/** What surrounds a result. */
const ENVELOPE_BYTES = 4_096;
/** Notifications that nobody asked for before something is wrong. */
const MOST_UNASKED = 10_000;
/** All answers to one batch together: a server that gives each its most is cut off. */
const MOST_HELD = 96 * 1024 * 1024;
/** Questions that are open at once. */
const WINDOW = 50;
const PROTOCOL = ['1.4', '1.4.3'] as const;

interface Pending {
  readonly answerBytes: number;
  readonly settle: (outcome: ElectrumOutcome, bytes: number) => void;
  readonly fail: (fault: StrongroomError) => void;
}

const Message = v.looseObject({
  id: v.optional(v.nullable(v.instance(ExactNumber))),
  method: v.optional(v.string()),
  result: v.optional(v.unknown()),
  error: v.optional(v.unknown()),
});
const ErrorObject = v.looseObject({ code: v.optional(v.instance(ExactNumber)), message: v.optional(v.string()) });
const VersionAnswer = v.tuple([v.string(), v.pipe(v.string(), v.regex(/^1\.4(\.[0-9])?$/))]);

export function openElectrumClient(address: ServerAddress, trust: TlsTrust, limits: LineLimits): ElectrumClient {
  let opening: Promise<LineConnection> | null = null;
  let isClosed = false;
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let unasked = 0;
  // Whoever breaks the protocol is not asked again by this client; whoever was merely gone is.
  let broken: StrongroomError | null = null;
  // A connection's listener outlives it; what an old one says does not count any more.
  let generation = 0;

  const failAll = (fault: StrongroomError): void => {
    if (fault.code === 'node.malformed') broken ??= fault;
    opening = null;
    generation += 1;
    const failed = [...pending.values()];
    pending.clear();
    for (const each of failed) each.fail(fault);
  };
  const hangUp = (fault: StrongroomError): void => {
    void opening?.then((connection) => connection.close(), () => undefined);
    failAll(fault);
  };

  const receive = (text: string): void => {
    const parsed = isTooDeep(text) ? null : v.safeParse(Message, parseExactJson(text));
    if (parsed === null || !parsed.success) {
      hangUp(malformed('json-rpc'));
      return;
    }
    const { id, method, result, error } = parsed.output;
    if (id === undefined || id === null) {
      unasked += 1;
      // A notification, which is not asked for again: everything is read when it is needed.
      if (method === undefined || unasked > MOST_UNASKED) hangUp(malformed('json-rpc'));
      return;
    }
    const number = /^\d{1,15}$/.test(id.source) ? Number(id.source) : -1;
    const asked = pending.get(number);
    if (asked === undefined || text.length > asked.answerBytes + ENVELOPE_BYTES) {
      hangUp(malformed('json-rpc'));
      return;
    }
    pending.delete(number);
    if (error === undefined || error === null) {
      asked.settle({ ok: true, result }, text.length);
      return;
    }
    const read = v.safeParse(ErrorObject, error);
    const code = read.success && read.output.code !== undefined && /^-?\d{1,9}$/.test(read.output.code.source) ? Number(read.output.code.source) : 0;
    const words = read.success ? (read.output.message ?? '') : typeof error === 'string' ? error : '';
    asked.settle({ ok: false, errorCode: code, refusal: (reader) => reader(words) }, text.length);
  };

  const connect = async (): Promise<LineConnection> => {
    if (isClosed) throw new StrongroomError('node.unreachable', 'The connection to the node was closed.', {}, 'Start the work again.');
    generation += 1;
    const current = generation;
    unasked = 0;
    return openLineConnection(address, trust, limits, {
      mostBytes: () => Math.max(0, ...[...pending.values()].map(({ answerBytes }) => answerBytes)) + ENVELOPE_BYTES,
      line: (text) => {
        if (current === generation) receive(text);
      },
      closed: (fault) => {
        if (current === generation) failAll(fault);
      },
    });
  };

  /** Sends one question and waits for its answer, or for the time to be over. */
  const ask = (connection: LineConnection, { method, params, answerBytes }: ElectrumCall, held: { bytes: number } = { bytes: 0 }): Promise<ElectrumOutcome> =>
    new Promise((resolve, reject) => {
      if (broken !== null) return reject(broken);
      const id = nextId++;
      // The answer's own time: a peer that drips, or is gone without a word, ends here.
      const timer = setTimeout(() => hangUp(silent(address)), limits.answerMs);
      pending.set(id, {
        answerBytes,
        settle: (outcome, bytes) => {
          clearTimeout(timer);
          held.bytes += bytes;
          resolve(outcome);
          if (held.bytes > MOST_HELD) hangUp(malformed(method));
        },
        fail: (fault) => {
          clearTimeout(timer);
          reject(fault);
        },
      });
      connection.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });

  /** The connection, after both sides named their protocol. */
  const connected = (): Promise<LineConnection> => {
    if (broken !== null) return Promise.reject(broken);
    opening ??= (async () => {
      const connection = await connect();
      const outcome = await ask(connection, { method: 'server.version', params: ['strongroom', PROTOCOL], answerBytes: SMALL_ANSWER });
      if (broken !== null) throw broken;
      if (!outcome.ok || !v.is(VersionAnswer, outcome.result)) {
        connection.close();
        throw malformed('server.version');
      }
      return connection;
    })();
    const mine = opening;
    mine.catch(() => {
      if (opening === mine) opening = null;
    });
    return mine;
  };

  const client: ElectrumClient = {
    async call(schema, method, params, answerBytes = SMALL_ANSWER) {
      const [outcome] = await client.batch([{ method, params, answerBytes }]);
      return readOutcome(schema, method, outcome as ElectrumOutcome);
    },
    async batch(calls) {
      const outcomes = new Array<ElectrumOutcome>(calls.length);
      let next = 0;
      const held = { bytes: 0 };
      const work = async (connection: LineConnection): Promise<void> => {
        for (let index = next++; index < calls.length; index = next++) outcomes[index] = await ask(connection, calls[index] as ElectrumCall, held);
      };
      const connection = await connected();
      await Promise.all(Array.from({ length: Math.min(WINDOW, calls.length) }, () => work(connection)));
      return outcomes;
    },
    close() {
      isClosed = true;
      hangUp(new StrongroomError('node.unreachable', 'The connection to the node was closed.', {}, 'Start the work again.'));
    },
  };
  return client;
}

/**
 * @throws StrongroomError `node.malformed`, and the server's refusal as `electrumError` names it
 */
export function readOutcome<Schema extends v.GenericSchema>(schema: Schema, method: string, outcome: ElectrumOutcome): v.InferOutput<Schema> {
  if (!outcome.ok) throw electrumError(method, outcome.errorCode);
  const parsed = v.safeParse(schema, outcome.result);
  if (!parsed.success) throw malformed(method);
  return parsed.output;
}

export const malformed = (method: string): StrongroomError =>
  new StrongroomError('node.malformed', 'The node answered something that is not what was asked for.', { method }, 'Check which program listens at the node\'s address, and its version.');

const silent = (address: ServerAddress): StrongroomError =>
  new StrongroomError('node.unreachable', `The node at ${serverName(address)} fell silent.`, { host: address.host, port: address.port }, 'Try again; if it stays silent, use another node.');

/** ElectrumX's numbers for "too much was asked" and "busy". */
const EXCESSIVE = -101;
const BUSY = -102;

export const isBusy = (errorCode: number): boolean => errorCode === BUSY || errorCode === EXCESSIVE;

/** A refusal of the server by its number; its text never leaves the connection. */
export function electrumError(method: string, errorCode: number): StrongroomError {
  const details = { method, rpcCode: errorCode };
  return isBusy(errorCode)
    ? new StrongroomError('node.not-ready', 'The node is busy.', details, 'Try again in a minute.')
    : new StrongroomError('node.rejected', `The node refused ${method} with error ${errorCode}.`, details, 'Look into the node\'s log for the reason.');
}
