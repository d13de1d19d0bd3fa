import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServedChain } from './served-chain.ts';

export interface HttpExchange {
  readonly path: string;
  /** Of this path, counted from 1. */
  readonly count: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What an honest server answers: status and body. */
  honest(): { readonly status: number; readonly body: string };
}
/** @returns another answer; `null` where it wrote the response itself */
export type HttpMeddler = (exchange: HttpExchange) => { readonly status: number; readonly body: string } | null;

export interface EsploraServerOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly meddle?: HttpMeddler;
}

export interface EsploraTestServer {
  readonly port: number;
  readonly asked: ReadonlyMap<string, number>;
  meddle: HttpMeddler | null;
  close(): Promise<void>;
}

const CONFIRMED_A_PAGE = 25;
const BLOCKS_A_PAGE = 10;

/** An Esplora server over an index: the part of its interface that the Companion uses. */
export async function startEsploraServer(chain: ServedChain, options: EsploraServerOptions = {}): Promise<EsploraTestServer> {
  const { index } = chain;
  const asked = new Map<string, number>();
  const text = (body: string) => ({ status: 200, body });
  const json = (value: unknown) => text(JSON.stringify(value));
  const missing = { status: 404, body: 'not found' };

  const statusOf = (txid: string): object => {
    const place = index.placeOf(txid);
    return place === undefined ? { confirmed: false } : { confirmed: true, block_height: place.height, block_hash: index.blocks[place.height]?.hash, block_time: 0 };
  };
  const blockOf = (height: number): object => {
    const { hash, header, txids } = index.blocks[height] as (typeof index.blocks)[number];
    const reversed = (from: number, to: number): string => Buffer.from(header.subarray(from, to)).reverse().toString('hex');
    return {
      id: hash, height, version: header.readInt32LE(0), timestamp: header.readUInt32LE(68), tx_count: txids.length, size: 1, weight: 4, merkle_root: reversed(36, 68),
      ...(height === 0 ? { previousblockhash: null } : { previousblockhash: reversed(4, 36) }), nonce: header.readUInt32LE(76), bits: header.readUInt32LE(72), difficulty: 0.1,
    };
  };
  const historyOf = (scriptHash: string) => {
    // Esplora takes the hash as it is, Electrum backwards.
    const lines = index.history(Buffer.from(scriptHash, 'hex').reverse().toString('hex'));
    const confirmed = lines.filter(({ height }) => height > 0).reverse();
    return { confirmed, waiting: lines.filter(({ height }) => height < 1) };
  };
  const lines = (some: readonly { readonly txid: string }[]) => json(some.map(({ txid }) => ({ txid, status: statusOf(txid), vin: [], vout: [] })));

  const answer = (path: string): { readonly status: number; readonly body: string } => {
    const [, kind = '', first = '', second = '', third = '', fourth = ''] = path.split('/');
    if (path === '/blocks/tip/hash') return text(index.blocks.at(-1)?.hash ?? '');
    if (path === '/blocks/tip/height') return text(String(index.height));
    if (path === '/fee-estimates') return json({ 1: 5.5, 6: 2.0004, 144: 1 });
    if (kind === 'blocks') {
      const top = Math.min(Number(first), index.height);
      return json(Array.from({ length: Math.min(BLOCKS_A_PAGE, top + 1) }, (_, offset) => blockOf(top - offset)));
    }
    if (kind === 'block-height') return index.blocks[Number(first)] === undefined ? missing : text(index.blocks[Number(first)]?.hash ?? '');
    if (kind === 'block') {
      const height = index.blocks.findIndex(({ hash }) => hash === first);
      if (height === -1) return missing;
      return second === 'header' ? text(index.blocks[height]?.header.toString('hex') ?? '') : json(blockOf(height));
    }
    if (kind === 'scripthash' && second === 'txs') {
      const { confirmed, waiting } = historyOf(first);
      if (third !== 'chain') return lines([...waiting.slice(0, 50), ...confirmed.slice(0, CONFIRMED_A_PAGE)]);
      const after = confirmed.findIndex(({ txid }) => txid === fourth) + 1;
      return lines(confirmed.slice(after, after + CONFIRMED_A_PAGE));
    }
    if (kind === 'tx') {
      const bytes = index.bytes(first);
      if (bytes === undefined) return missing;
      if (second === 'hex') return text(bytes.toString('hex'));
      if (second === 'status') return json(statusOf(first));
      const place = index.placeOf(first);
      if (second === 'merkle-proof') return place === undefined ? missing : json({ block_height: place.height, pos: place.position, merkle: index.merkle(place.height, place.position) });
    }
    return missing;
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => void (async () => {
      const path = request.url ?? '';
      // A look at the node costs three questions; whoever reads a wallet asks for the tip before and after.
      if (!path.startsWith('/scripthash/')) await chain.refresh();
      const count = (asked.get(path) ?? 0) + 1;
      asked.set(path, count);
      const send = (outcome: { readonly status: number; readonly body: string }): void => void response.writeHead(outcome.status, { 'content-type': 'text/plain' }).end(outcome.body);
      if (request.method === 'POST' && path === '/tx' && server.meddle === null) {
        const outcome = await chain.broadcast(Buffer.from(Buffer.concat(parts).toString('utf8'), 'hex'));
        return send('txid' in outcome ? text(outcome.txid) : { status: 400, body: `sendrawtransaction RPC error: ${outcome.complaint}` });
      }
      const other = server.meddle === null ? answer(path) : server.meddle({ path, count, request, response, honest: () => answer(path) });
      if (other !== null) send(other);
    })());
  };
  const listener: Server = options.tls === undefined ? createServer(handle) : (createTlsServer(options.tls, handle) as unknown as Server);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const server: EsploraTestServer = {
    port: (listener.address() as AddressInfo).port,
    asked,
    meddle: options.meddle ?? null,
    async close() {
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  return server;
}
