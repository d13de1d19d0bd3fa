import { deflateRawSync, gzipSync } from 'node:zlib';
import type { ChainSource } from '../../../src/companion/chain-source.ts';
import type { HttpExchange, HttpMeddler } from '../peers/esplora-server.ts';
import { EVIL_TEXT, ownScript, work, type Fixture } from './scenario.ts';
import { makeHeader, testTransaction } from './test-chain.ts';

/** One way in which an Esplora server, or whoever stands before it, can be wrong. */
export interface EsploraScenario {
  readonly name: string;
  readonly code: string;
  readonly reason?: string;
  readonly meddle: (fixture: Fixture) => HttpMeddler;
  readonly act?: (source: ChainSource, fixture: Fixture) => Promise<unknown>;
}

type Answer = { readonly status: number; readonly body: string };
const ok = (body: string): Answer => ({ status: 200, body });
const swap = (path: RegExp, change: (honest: Answer, exchange: HttpExchange) => Answer | null): HttpMeddler => (exchange) => (path.test(exchange.path) ? change(exchange.honest(), exchange) : exchange.honest());
const body = (path: RegExp, change: (honest: string) => string) => (): HttpMeddler => swap(path, (honest) => (honest.status === 200 ? ok(change(honest.body)) : honest));
const json = (path: RegExp, change: (honest: never) => unknown) => body(path, (text) => JSON.stringify(change(JSON.parse(text) as never)));
const status = (source: ChainSource): Promise<unknown> => source.status();
/** Answers by hand. */
const raw = (path: RegExp, write: (exchange: HttpExchange) => void) => (): HttpMeddler => (exchange) => {
  if (!path.test(exchange.path)) return exchange.honest();
  write(exchange);
  return null;
};

const TIP = /tip\/hash$/;
const HEX = /\/hex$/;
const PROOF = /merkle-proof$/;
const HISTORY = /\/txs$/;
interface Line { readonly txid: string; readonly status: { readonly confirmed: boolean; readonly block_height?: number } }
interface Proof { readonly block_height: number; readonly pos: number; readonly merkle: readonly string[] }
const lines = (change: (honest: readonly Line[]) => unknown) => json(HISTORY, ((honest: readonly Line[]) => (honest.length === 0 ? honest : change(honest))) as never);

const content: readonly EsploraScenario[] = [
  { name: 'another amount in a raw transaction', code: 'node.malformed', meddle: ({ funding }) => swap(HEX, (honest, { path }) => (path.includes(funding.getId()) ? ok(honest.body.replace('7011010000000000', '7011010100000000')) : honest)) },
  { name: 'another transaction than the one asked for', code: 'node.malformed', meddle: ({ stranger }) => swap(HEX, () => ok(stranger.toHex())) },
  { name: 'markup for a raw transaction', code: 'node.malformed', meddle: body(HEX, () => EVIL_TEXT) },
  { name: 'an invented transaction', code: 'node.history', reason: 'invented', meddle: lines((honest) => [...honest, { txid: 'ab'.repeat(32), status: { confirmed: false } }]) },
  { name: 'a stranger\'s transaction', code: 'node.history', reason: 'invented', meddle: ({ stranger }) => swap(HISTORY, (honest) => (honest.body === '[]' ? honest : ok(JSON.stringify([{ txid: stranger.getId(), status: { confirmed: true, block_height: 3 } }, ...(JSON.parse(honest.body) as Line[])])))) },
  { name: 'one transaction twice', code: 'node.history', reason: 'repeated', meddle: lines((honest) => [...honest, honest[0]]) },
  { name: 'a page that comes again and again', code: 'node.history', reason: 'repeated', meddle: ({ funding }) => swap(/\/chain\//, () => ok(JSON.stringify([{ txid: funding.getId(), status: { confirmed: true, block_height: 3 } }]))) },
  { name: 'a block without a height', code: 'node.malformed', meddle: lines((honest) => honest.map(({ txid }) => ({ txid, status: { confirmed: true } }))) },
  { name: 'a height with a fraction', code: 'node.malformed', meddle: lines((honest) => honest.map(({ txid }) => ({ txid, status: { confirmed: true, block_height: 2.5 } }))) },
  { name: 'a height above the tip', code: 'node.proof', reason: 'tip', meddle: lines((honest) => honest.map(({ txid }) => ({ txid, status: { confirmed: true, block_height: 700 } }))) },
  { name: 'a parent that waits although its child is in a block', code: 'node.history', reason: 'order', meddle: ({ funding }) => swap(/\/txs(\/chain\/.*)?$/, (honest, { path }) => {
    const others = (JSON.parse(honest.body) as Line[]).filter(({ txid }) => txid !== funding.getId());
    const isFirst = !path.includes('/chain/') && honest.body.includes(funding.getId());
    return ok(JSON.stringify(isFirst ? [{ txid: funding.getId(), status: { confirmed: false } }, ...others] : others));
  }) },
  { name: 'a wrong merkle proof', code: 'node.proof', reason: 'merkle', meddle: json(PROOF, ((honest: Proof) => ({ ...honest, merkle: honest.merkle.map(() => 'aa'.repeat(32)) })) as never) },
  { name: 'a merkle proof that is too deep', code: 'node.proof', reason: 'merkle-depth', meddle: json(PROOF, ((honest: Proof) => ({ ...honest, merkle: Array.from({ length: 30 }, () => 'aa'.repeat(32)) })) as never) },
  { name: 'a merkle proof of another height', code: 'node.malformed', meddle: json(PROOF, ((honest: Proof) => ({ ...honest, block_height: honest.block_height + 1 })) as never) },
  { name: 'no merkle proof', code: 'node.malformed', meddle: () => swap(PROOF, () => ({ status: 404, body: EVIL_TEXT })) },
  { name: 'a tip that is no hash', code: 'node.malformed', meddle: body(TIP, () => EVIL_TEXT), act: status },
  { name: 'a header that is not the tip\'s', code: 'node.proof', reason: 'tip', meddle: ({ chain }) => swap(/\/header$/, (honest, { path }) => (path.includes(chain.index.blocks[12]?.hash ?? '') ? ok(chain.index.blocks[11]?.header.toString('hex') ?? '') : honest)), act: status },
  { name: 'a tip without work', code: 'node.proof', reason: 'work', meddle: ({ chain }) => {
    const [last, before] = [chain.index.blocks[12], chain.index.blocks[11]];
    if (last === undefined || before === undefined) throw new Error('no blocks');
    const lazy = makeHeader({ previous: last.header.subarray(4, 36), root: last.header.subarray(36, 68), time: last.header.readUInt32LE(68) }, false);
    chain.index.disconnect();
    chain.index.connect(lazy, []);
    return (exchange) => exchange.honest();
  }, act: status },
  { name: 'blocks whose parts are not their hash', code: 'node.proof', reason: 'work', meddle: json(/^\/blocks\/\d+$/, ((honest: { nonce: number }[]) => honest.map((block) => ({ ...block, nonce: block.nonce + 1 }))) as never) },
  { name: 'the first block of no chain', code: 'node.proof', reason: 'genesis', meddle: ({ chain }) => swap(/block-height\/0$/, () => ok(chain.index.blocks[1]?.hash ?? '')), act: status },
  { name: 'a fee estimate of a million', code: 'node.malformed', meddle: body(/fee-estimates/, () => '{"6": 1000000}'), act: (source) => source.estimateFeeRate(6) },
  { name: 'a fee estimate in words', code: 'node.malformed', meddle: body(/fee-estimates/, () => JSON.stringify({ 6: EVIL_TEXT })), act: (source) => source.estimateFeeRate(6) },
  { name: 'a negative fee estimate', code: 'node.malformed', meddle: body(/fee-estimates/, () => '{"6": -1.5}'), act: (source) => source.estimateFeeRate(6) },
  { name: 'another id for what was sent', code: 'node.malformed', meddle: () => (exchange) => (exchange.path === '/tx' ? ok('ab'.repeat(32)) : exchange.honest()), act: (source, { chain }) => source.broadcast(chain.pay({ script: ownScript(4), amountSats: 5n }).toBuffer()) },
  { name: 'markup in the refusal of a transaction', code: 'broadcast.refused', reason: 'inputs-missing-or-spent', meddle: () => (exchange) => (exchange.path === '/tx' ? { status: 400, body: `bad-txns-inputs-missingorspent ${EVIL_TEXT}` } : exchange.honest()), act: (source) => source.broadcast(testTransaction([{ txid: '11'.repeat(32), vout: 0 }], [{ script: ownScript(4), amountSats: 5n }]).toBuffer()) },
  { name: 'a confirmation that it cannot prove', code: 'node.proof', reason: 'merkle', meddle: json(PROOF, ((honest: Proof) => ({ ...honest, pos: 0, merkle: [] })) as never), act: (source, { spend }) => source.transactionStatus(spend.getId()) },
  { name: 'a lie about an output of an address', code: 'node.malformed', meddle: body(HEX, () => '00'), act: (source) => source.scriptUtxos([ownScript(1)], work) },
  { name: 'brackets ten thousand deep', code: 'node.malformed', meddle: body(HISTORY, () => `${'['.repeat(10_000)}${']'.repeat(10_000)}`) },
  { name: 'a web page', code: 'node.malformed', meddle: body(HISTORY, () => `<html>${EVIL_TEXT}</html>`) },
];

const http: readonly EsploraScenario[] = [
  { name: 'a redirect', code: 'node.malformed', meddle: raw(TIP, ({ response, request }) => response.writeHead(302, { location: `http://${request.headers.host}/elsewhere?${encodeURIComponent(EVIL_TEXT)}` }).end()), act: status },
  { name: 'a permanent redirect to another host', code: 'node.malformed', meddle: raw(TIP, ({ response }) => response.writeHead(308, { location: 'http://127.0.0.1:1/' }).end(EVIL_TEXT)), act: status },
  { name: 'status 401', code: 'node.unauthorised', meddle: raw(TIP, ({ response }) => response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(EVIL_TEXT)), act: status },
  { name: 'status 403', code: 'node.unauthorised', meddle: () => swap(TIP, () => ({ status: 403, body: EVIL_TEXT })), act: status },
  { name: 'status 404 for the tip', code: 'node.malformed', meddle: () => swap(TIP, () => ({ status: 404, body: EVIL_TEXT })), act: status },
  { name: 'status 418', code: 'node.rejected', meddle: () => swap(TIP, () => ({ status: 418, body: EVIL_TEXT })), act: status },
  { name: 'status 429 for ever', code: 'node.not-ready', meddle: () => swap(TIP, () => ({ status: 429, body: EVIL_TEXT })), act: status },
  { name: 'status 500', code: 'node.rejected', meddle: () => swap(TIP, () => ({ status: 500, body: EVIL_TEXT })), act: status },
  { name: 'status 503 for ever', code: 'node.not-ready', meddle: () => swap(TIP, () => ({ status: 503, body: EVIL_TEXT })), act: status },
  { name: 'a small packed answer that is large', code: 'node.malformed', meddle: raw(TIP, ({ response }) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000, 0x20)))), act: status },
  { name: 'a packed answer in another packing', code: 'node.malformed', meddle: raw(TIP, ({ response }) => response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateRawSync(Buffer.from('x')))), act: status },
  { name: 'a length of 100 MB', code: 'node.malformed', meddle: raw(TIP, ({ response }) => response.writeHead(200, { 'content-length': '100000000' }).write('x')), act: status },
  { name: 'chunks without end', code: 'node.malformed', meddle: raw(TIP, ({ response }) => {
    response.writeHead(200);
    const part = Buffer.alloc(65_536, 0x61);
    const more = (): void => {
      while (!response.destroyed && response.write(part));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  }), act: status },
  { name: 'a longer length than there is', code: 'node.unreachable', meddle: raw(TIP, ({ response }) => {
    response.writeHead(200, { 'content-length': '500' });
    response.write('abc');
    setTimeout(() => response.destroy(), 30);
  }), act: status },
  { name: 'a shorter length than there is', code: 'node.unreachable', meddle: raw(TIP, ({ request }) => request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdefghijk')), act: status },
  { name: 'a chunk that lies about its size', code: 'node.unreachable', meddle: raw(TIP, ({ request }) => request.socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n')), act: status },
  { name: 'two lengths', code: 'node.unreachable', meddle: raw(TIP, ({ request }) => request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nabc')), act: status },
  { name: 'a megabyte of headers', code: 'node.unreachable', meddle: raw(TIP, ({ request }) => request.socket.end(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(1_000_000)}\r\n\r\n`)), act: status },
  { name: 'something that is not HTTP', code: 'node.unreachable', meddle: raw(TIP, ({ request }) => request.socket.end(`${EVIL_TEXT}\r\n\r\n`)), act: status },
  { name: 'silence', code: 'node.unreachable', meddle: raw(TIP, () => undefined), act: status },
  { name: 'one byte after the other', code: 'node.unreachable', meddle: raw(TIP, ({ response }) => {
    response.writeHead(200);
    const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write('a')), 20);
  }), act: status },
  { name: 'a connection that is reset', code: 'node.unreachable', meddle: raw(TIP, ({ request }) => request.socket.resetAndDestroy()), act: status },
  { name: 'a hot wallet, which no Esplora server has', code: 'node.wallet', meddle: () => (exchange) => exchange.honest(), act: (source) => source.hotSign('hot', new Uint8Array(1)) },
];

export const esploraScenarios: readonly EsploraScenario[] = [...content, ...http];
