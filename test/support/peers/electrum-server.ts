import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { ServedChain } from './served-chain.ts';

/** What a test does with an answer: gives another one, or takes the connection into its own hands. */
export interface Exchange {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly id: unknown;
  /** Of this method, counted from 1. */
  readonly count: number;
  readonly socket: Socket;
  /** What an honest server answers; throws `ElectrumRefusal` where it refuses. */
  honest(): unknown;
}
/** Returned by a meddler that wrote to the socket itself. */
export const HANDLED = Symbol('handled');
export type Meddler = (exchange: Exchange) => unknown;

export class ElectrumRefusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface ElectrumServerOptions {
  /** PEM; plain TCP where it is left out. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly meddle?: Meddler;
  /** Told of a new connection before anything is read. @returns whether the server goes on */
  readonly onConnection?: (socket: Socket) => boolean;
}

export interface ElectrumTestServer {
  readonly port: number;
  /** How often each method was asked. */
  readonly asked: ReadonlyMap<string, number>;
  meddle: Meddler | null;
  /** Tells clients what changed. */
  announce(): Promise<void>;
  dropConnections(): void;
  close(): Promise<void>;
}

/** Numbers as JSON text, where a decimal must be exact. */
class Raw {
  readonly json: string;
  constructor(json: string) {
    this.json = json;
  }
}
const toJson = (value: unknown): string => {
  if (value instanceof Raw) return value.json;
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${toJson(each)}`).join(',')}}`;
  return JSON.stringify(value ?? null);
};

const looksFirst = new Set(['blockchain.headers.subscribe', 'blockchain.transaction.get', 'blockchain.block.header', 'blockchain.transaction.broadcast']);
const OWN_ERROR = 1;
const DAEMON_ERROR = 2;
const MOST_HEADERS = 2_016;
const GENESIS = '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206';

/** An Electrum server, protocol 1.4, over an index: small, and spoken to by Electrum itself. */
export async function startElectrumServer(chain: ServedChain, options: ElectrumServerOptions = {}): Promise<ElectrumTestServer> {
  const { index } = chain;
  const asked = new Map<string, number>();
  const clients = new Map<Socket, { headers: boolean; readonly scripts: Map<string, string | null>; tip: string }>();

  const statusOf = (scriptHash: string): string | null => {
    const lines = index.history(scriptHash);
    return lines.length === 0 ? null : createHash('sha256').update(lines.map(({ txid, height }) => `${txid}:${height}:`).join('')).digest('hex');
  };
  const tip = () => ({ height: index.height, hex: index.blocks.at(-1)?.header.toString('hex') ?? '' });
  const rawOf = (txid: unknown): Buffer => {
    const bytes = index.bytes(String(txid));
    if (bytes === undefined) throw new ElectrumRefusal(DAEMON_ERROR, 'daemon error: DaemonError({"code": -5, "message": "No such mempool or blockchain transaction."})');
    return bytes;
  };

  const answer = (socket: Socket, method: string, params: readonly unknown[]): unknown => {
    const [first, second] = params;
    switch (method) {
      case 'server.version': return ['Strongroom test server', '1.4'];
      case 'server.banner': case 'server.donation_address': return '';
      case 'server.ping': return null;
      case 'server.peers.subscribe': case 'mempool.get_fee_histogram': return [];
      case 'server.features': return { genesis_hash: GENESIS, hosts: {}, protocol_max: '1.4', protocol_min: '1.4', pruning: null, server_version: 'test', hash_function: 'sha256' };
      case 'blockchain.estimatefee': return new Raw('-1');
      case 'blockchain.relayfee': return new Raw(chain.relayFee);
      case 'blockchain.headers.subscribe': {
        const client = clients.get(socket);
        if (client !== undefined) [client.headers, client.tip] = [true, tip().hex];
        return tip();
      }
      case 'blockchain.block.header': {
        const block = index.blocks[Number(first)];
        if (block === undefined) throw new ElectrumRefusal(OWN_ERROR, 'height out of range');
        return block.header.toString('hex');
      }
      case 'blockchain.block.headers': {
        const blocks = index.blocks.slice(Number(first), Number(first) + Math.min(MOST_HEADERS, Number(second)));
        return { count: blocks.length, hex: Buffer.concat(blocks.map(({ header }) => header)).toString('hex'), max: MOST_HEADERS };
      }
      case 'blockchain.scripthash.subscribe': {
        const status = statusOf(String(first));
        clients.get(socket)?.scripts.set(String(first), status);
        return status;
      }
      case 'blockchain.scripthash.unsubscribe': return clients.get(socket)?.scripts.delete(String(first)) ?? false;
      case 'blockchain.scripthash.get_history': return index.history(String(first)).map(({ txid, height }) => ({ tx_hash: txid, height, ...(height > 0 ? {} : { fee: 1_000 }) }));
      case 'blockchain.transaction.get': return rawOf(first).toString('hex');
      case 'blockchain.transaction.get_merkle': {
        const place = index.placeOf(String(first));
        if (place === undefined || place.height !== Number(second)) throw new ElectrumRefusal(OWN_ERROR, 'no such transaction at this height');
        return { block_height: place.height, pos: place.position, merkle: index.merkle(place.height, place.position) };
      }
      default: throw new ElectrumRefusal(-32601, `unknown method "${method}"`);
    }
  };

  const respond = async (socket: Socket, line: string): Promise<void> => {
    const { id, method, params = [] } = JSON.parse(line) as { id: unknown; method: string; params?: unknown[] };
    const count = (asked.get(method) ?? 0) + 1;
    asked.set(method, count);
    try {
      // A look at the node costs three questions; whoever reads a wallet asks for the tip before and after.
      if (looksFirst.has(method)) await chain.refresh();
      const honest = (): unknown => answer(socket, method, params);
      const result = method === 'blockchain.transaction.broadcast' && server.meddle === null
        ? await broadcast(String(params[0]))
        : server.meddle === null ? honest() : await server.meddle({ method, params, id, count, socket, honest });
      if (result !== HANDLED) socket.write(`${toJson({ jsonrpc: '2.0', id, result })}\n`);
    } catch (fault) {
      const refusal = fault instanceof ElectrumRefusal ? fault : new ElectrumRefusal(-32603, String(fault));
      socket.write(`${toJson({ jsonrpc: '2.0', id, error: { code: refusal.code, message: refusal.message } })}\n`);
    }
  };
  const broadcast = async (hex: string): Promise<string> => {
    const outcome = await chain.broadcast(Buffer.from(hex, 'hex'));
    if ('txid' in outcome) return outcome.txid;
    throw new ElectrumRefusal(OWN_ERROR, `the transaction was rejected by network rules.\n\n${outcome.complaint}\n[${hex}]`);
  };

  const serve = (socket: Socket): void => {
    socket.on('error', () => undefined);
    if (options.onConnection?.(socket) === false) return;
    clients.set(socket, { headers: false, scripts: new Map(), tip: '' });
    socket.on('close', () => clients.delete(socket));
    let rest = '';
    // Answers in the order of the questions, as servers give them to one client.
    let queue = Promise.resolve();
    socket.setEncoding('utf8').on('data', (text: string) => {
      rest += text;
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') queue = queue.then(() => respond(socket, line)).catch(() => undefined);
    });
  };
  const listener: Server = options.tls === undefined ? createServer(serve) : (createTlsServer(options.tls, serve) as unknown as Server);
  listener.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const server: ElectrumTestServer = {
    port: (listener.address() as AddressInfo).port,
    asked,
    meddle: options.meddle ?? null,
    async announce() {
      await chain.refresh();
      for (const [socket, client] of clients) {
        if (client.headers && client.tip !== tip().hex) {
          client.tip = tip().hex;
          socket.write(`${toJson({ jsonrpc: '2.0', method: 'blockchain.headers.subscribe', params: [tip()] })}\n`);
        }
        for (const [script, before] of client.scripts) {
          const now = statusOf(script);
          if (now === before) continue;
          client.scripts.set(script, now);
          socket.write(`${toJson({ jsonrpc: '2.0', method: 'blockchain.scripthash.subscribe', params: [script, now] })}\n`);
        }
      }
    },
    dropConnections() {
      for (const socket of clients.keys()) socket.destroy();
    },
    async close() {
      for (const socket of clients.keys()) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  return server;
}
