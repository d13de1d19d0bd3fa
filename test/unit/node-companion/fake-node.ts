import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainParameters, networkNames } from '../../../src/domain/network.ts';
import { openRpcClient, type RpcClient, type RpcSettings } from '../../../src/node/companion/bitcoind/rpc-client.ts';
import { parseBitcoindUrl } from '../../../src/node/companion/bitcoind/node-url.ts';

export interface FakeRequest {
  readonly path: string;
  readonly authorization: string;
  readonly calls: readonly { readonly id: number; readonly method: string; readonly params: unknown }[];
}

/** A bitcoind that answers whatever a test wants, for what no real one would ever say. */
export interface FakeNode {
  readonly url: string;
  readonly cookieFile: string;
  readonly requests: FakeRequest[];
  open(settings?: RpcSettings): Promise<RpcClient>;
  close(): Promise<void>;
}

export type FakeAnswer = (request: FakeRequest, response: ServerResponse) => void;

/** Raw JSON text of a result, so that a test decides how a number is written. */
export const result = (json: string): FakeAnswer => ({ calls }, response) => response.end(`{"result":${json},"error":null,"id":${calls[0]?.id}}`);
export const failure = (code: number, status = 500): FakeAnswer => ({ calls }, response) => {
  response.statusCode = status;
  response.end(`{"result":null,"error":{"code":${code},"message":"SECRET SERVER TEXT"},"id":${calls[0]?.id}}`);
};
/** Block 0 of the chain of Bitcoin that a fake node names: every node has one, so that no test need say it; one that does says it as `block 0`. */
function genesisOf(info: unknown): string {
  const chain = /"chain":"([^"]*)"/.exec(typeof info === 'string' ? info : '')?.[1];
  const found = networkNames.find((name) => chainParameters(name).coin === 'bitcoin' && chainParameters(name).nodeChain === chain);
  return `"${(found === undefined ? null : chainParameters(found).genesisHash) ?? '11'.repeat(32)}"`;
}

/** Answers each method, alone or in a batch, by its own JSON text; a number is an error code. */
export const methods = (answers: Readonly<Record<string, string | number | ((params: never) => string | number)>>): FakeAnswer => ({ calls }, response) => {
  const parts = calls.map(({ id, method, params }) => {
    const given = method === 'getblockhash' && JSON.stringify(params) === '[0]' ? (answers['block 0'] ?? genesisOf(answers['getblockchaininfo'])) : answers[method];
    const answer = typeof given === 'function' ? given(params as never) : (given ?? -32601);
    return typeof answer === 'number' ? `{"result":null,"error":{"code":${answer},"message":"SECRET"},"id":${id}}` : `{"result":${answer},"error":null,"id":${id}}`;
  });
  response.end(parts.length === 1 ? parts[0] : `[${parts.join(',')}]`);
};

export async function fakeNode(answer: FakeAnswer): Promise<FakeNode> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-fake-node-'));
  const cookieFile = join(folder, 'a+b.cookie');
  writeFileSync(cookieFile, '__cookie__:first\n');
  const requests: FakeRequest[] = [];
  const server = createServer((incoming: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
      const request = { path: incoming.url ?? '', authorization: incoming.headers.authorization ?? '', calls: Array.isArray(body) ? body : [body] };
      requests.push(request);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `bitcoind://127.0.0.1:${(server.address() as AddressInfo).port}?cookie=${cookieFile}`;
  return {
    url,
    cookieFile,
    requests,
    open: (settings = {}) => openRpcClient(parseBitcoindUrl(url), { patienceMs: 0, ...settings }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
