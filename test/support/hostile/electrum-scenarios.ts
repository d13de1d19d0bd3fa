import { Transaction } from 'bitcoinjs-lib/src/transaction';
import type { ChainSource } from '../../../src/companion/chain-source.ts';
import { electrumScriptHash, hash256 } from '../peers/chain-index.ts';
import { ElectrumRefusal, HANDLED, type Exchange, type Meddler } from '../peers/electrum-server.ts';
import { EVIL_TEXT, ownScript, wallet, work, type Fixture } from './scenario.ts';
import { makeHeader, testTransaction } from './test-chain.ts';

/** One way in which an Electrum server can be wrong, and what must come of it. */
export interface ElectrumScenario {
  readonly name: string;
  /** Error code, and where it has one, the reason in its details. */
  readonly code: string;
  readonly reason?: string;
  readonly meddle: (fixture: Fixture) => Meddler;
  /** What is asked; everything, where it is left out. */
  readonly act?: (source: ChainSource, fixture: Fixture) => Promise<unknown>;
}

type Changed = (honest: never, exchange: Exchange) => unknown;

/** Another result for one method. */
const swap = (method: string, change: Changed): Meddler => (exchange) => (exchange.method === method ? change(exchange.honest() as never, exchange) : exchange.honest());
const always = (method: string, result: unknown): ((fixture: Fixture) => Meddler) => () => swap(method, () => result);
/** Writes a line of its own instead of an answer. */
const line = (text: string | Buffer): Changed => (_, { socket }) => {
  socket.write(Buffer.concat([Buffer.from(text), Buffer.from('\n')]));
  return HANDLED;
};
const HISTORY = 'blockchain.scripthash.get_history';
const RAW = 'blockchain.transaction.get';
const MERKLE = 'blockchain.transaction.get_merkle';
const TIP = 'blockchain.headers.subscribe';
const HEADERS = 'blockchain.block.headers';
interface Line { readonly tx_hash: string; readonly height: number }
interface Proof { readonly block_height: number; readonly pos: number; readonly merkle: readonly string[] }
interface Tip { readonly height: number; readonly hex: string }
interface Headers { readonly count: number; readonly hex: string; readonly max: number }

/** Lists another transaction in the history of receive 0, whose bytes the server has. */
const listing = (_: Fixture, added: Transaction, height: number): Meddler => (exchange) => {
  const txid = added.getId();
  if (exchange.method === HISTORY && exchange.params[0] === electrumScriptHash(ownScript(0))) return [...(exchange.honest() as Line[]), { tx_hash: txid, height }];
  if (exchange.method === RAW && exchange.params[0] === txid) return Buffer.from(added.toBuffer()).toString('hex');
  return exchange.honest();
};
const forged = (amountSats: bigint): Transaction => testTransaction([{ txid: 'cd'.repeat(32), vout: 0 }], [{ script: ownScript(0), amountSats }]);
/** A transaction of 64 bytes without its witness: as long as an inner node. */
function sixtyFourBytes(): Transaction {
  const transaction = testTransaction([{ txid: 'ee'.repeat(32), vout: 0 }], [{ script: Buffer.from([0x51, 0x51, 0x51, 0x51]), amountSats: 1n }]);
  (transaction.ins[0] as Transaction['ins'][number]).script = Buffer.alloc(0);
  return transaction;
}
const history = (change: (lines: readonly Line[], scriptHash: string) => unknown) => (): Meddler => swap(HISTORY, ((lines: readonly Line[], { params }: Exchange) => (lines.length === 0 ? lines : change(lines, String(params[0])))) as unknown as Changed);
const proof = (change: (honest: Proof, exchange: Exchange) => unknown) => (): Meddler => swap(MERKLE, change as unknown as Changed);
const tip = (change: (honest: Tip, exchange: Exchange) => unknown) => (): Meddler => swap(TIP, change as unknown as Changed);
const headers = (change: (honest: Headers, exchange: Exchange) => unknown) => (): Meddler => swap(HEADERS, change as unknown as Changed);
const anotherHeader = (hex: string, change: { readonly time?: number; readonly bits?: number; readonly previous?: Buffer }, withWork = true): string => {
  const raw = Buffer.from(hex, 'hex');
  return makeHeader({ previous: change.previous ?? raw.subarray(4, 36), root: raw.subarray(36, 68), time: change.time ?? raw.readUInt32LE(68), bits: change.bits ?? raw.readUInt32LE(72) }, withWork).toString('hex');
};
const twice = async (source: ChainSource): Promise<unknown> => {
  await source.status();
  return source.status();
};
const status = (source: ChainSource): Promise<unknown> => source.status();
const send = (source: ChainSource, { waiting }: Fixture): Promise<unknown> => source.broadcast(waiting.toBuffer());

const transactions: readonly ElectrumScenario[] = [
  { name: 'another amount in a raw transaction', code: 'node.malformed', meddle: ({ funding }) => swap(RAW, ((hex: string, { params }: Exchange) => {
    if (params[0] !== funding.getId()) return hex;
    const lie = Transaction.fromHex(hex);
    (lie.outs[1] as { value: bigint }).value = 5_000_000n;
    return lie.toHex();
  }) as unknown as Changed) },
  { name: 'another previous transaction than the one asked for', code: 'node.malformed', meddle: ({ stranger }) => swap(RAW, () => stranger.toHex()), act: (source, { funding }) => source.rawTransaction(funding.getId()) },
  { name: 'an empty raw transaction', code: 'node.malformed', meddle: always(RAW, '') },
  { name: 'half a raw transaction', code: 'node.malformed', meddle: () => swap(RAW, ((hex: string) => hex.slice(0, 80)) as unknown as Changed) },
  { name: 'bytes after a raw transaction', code: 'node.malformed', meddle: () => swap(RAW, ((hex: string) => `${hex}00`) as unknown as Changed) },
  { name: 'a raw transaction that is not hexadecimal', code: 'node.malformed', meddle: always(RAW, EVIL_TEXT) },
  { name: 'half a byte too much', code: 'node.malformed', meddle: () => swap(RAW, ((hex: string) => `${hex}0`) as unknown as Changed) },
  { name: 'a number for a raw transaction', code: 'node.malformed', meddle: always(RAW, 7) },
  { name: 'an object for a raw transaction', code: 'node.malformed', meddle: always(RAW, { hex: EVIL_TEXT }) },
  { name: 'null for a raw transaction', code: 'node.malformed', meddle: always(RAW, null) },
  { name: 'a transaction as long as an inner node of a merkle tree', code: 'node.proof', reason: 'inner-node', meddle: (fixture) => listing(fixture, sixtyFourBytes(), 0) },
  { name: 'an output of 22 million bitcoin', code: 'node.history', reason: 'amount', meddle: (fixture) => listing(fixture, forged(2_200_000_000_000_000n), 0) },
  { name: 'a negative output', code: 'node.history', reason: 'amount', meddle: (fixture) => listing(fixture, withRawAmount('ffffffffffffffff'), 0) },
  { name: 'outputs that are together more than there is', code: 'node.history', reason: 'amount', meddle: (fixture) =>
    listing(fixture, testTransaction([{ txid: 'ce'.repeat(32), vout: 0 }], Array.from({ length: 9_000 }, () => ({ script: ownScript(0), amountSats: 2_000_000_000_000_000n }))), 0) },
];

/** A transaction that pays receive 0 an amount of any eight bytes. */
function withRawAmount(hex: string): Transaction {
  const raw = forged(0x0102030405060708n).toHex().replace('0807060504030201', hex);
  return Transaction.fromHex(raw);
}

const histories: readonly ElectrumScenario[] = [
  { name: 'a transaction of somebody else in the history', code: 'node.history', reason: 'invented', meddle: (fixture) => listing(fixture, fixture.stranger, 3) },
  { name: 'a transaction that nobody has', code: 'node.history', reason: 'invented', meddle: history((lines) => [...lines, { tx_hash: 'ab'.repeat(32), height: 0 }]) },
  { name: 'one transaction twice', code: 'node.history', reason: 'repeated', meddle: history((lines) => [...lines, lines[0]]) },
  { name: 'two heights for one transaction', code: 'node.history', reason: 'height', meddle: ({ funding }) => swap(HISTORY, ((lines: readonly Line[], { params }: Exchange) =>
    params[0] === electrumScriptHash(ownScript(3, 1)) ? lines.map((each) => (each.tx_hash === funding.getId() ? { ...each, height: 4 } : each)) : lines) as unknown as Changed) },
  { name: 'a spend without what it spends', code: 'node.history', reason: 'missing', meddle: ({ funding }) => swap(HISTORY, ((lines: readonly Line[]) => lines.filter((each) => each.tx_hash !== funding.getId())) as unknown as Changed) },
  { name: 'a height above the tip', code: 'node.proof', reason: 'tip', meddle: history((lines) => lines.map((each) => ({ ...each, height: each.height > 0 ? 900 : each.height }))) },
  { name: 'a negative height', code: 'node.malformed', meddle: history((lines) => lines.map((each) => ({ ...each, height: -5 }))) },
  { name: 'a height with a fraction', code: 'node.malformed', meddle: history((lines) => lines.map((each) => ({ ...each, height: 3.5 }))) },
  { name: 'a height beyond all numbers', code: 'node.malformed', meddle: history((lines) => lines.map((each) => ({ ...each, height: 1e300 }))) },
  { name: 'a height as text', code: 'node.malformed', meddle: history((lines) => lines.map((each) => ({ ...each, height: EVIL_TEXT }))) },
  { name: 'an id that is too short', code: 'node.malformed', meddle: history((lines) => lines.map((each) => ({ ...each, tx_hash: each.tx_hash.slice(2) }))) },
  { name: 'markup for an id', code: 'node.malformed', meddle: history((lines) => lines.map((each) => ({ ...each, tx_hash: EVIL_TEXT }))) },
  { name: 'an object for a history', code: 'node.malformed', meddle: history(() => ({ [EVIL_TEXT]: 1 })) },
  { name: 'null for a history', code: 'node.malformed', meddle: always(HISTORY, null) },
  { name: 'a parent that waits although its child is in a block', code: 'node.history', reason: 'order', meddle: ({ funding }) => swap(HISTORY, ((lines: readonly Line[]) => lines.map((each) => (each.tx_hash === funding.getId() ? { ...each, height: 0 } : each))) as unknown as Changed) },
  { name: 'a transaction of the mempool in a block, by a stolen proof', code: 'node.proof', reason: 'merkle', meddle: ({ waiting, spend, chain }) => (exchange) => {
    if (exchange.method === HISTORY) return (exchange.honest() as Line[]).map((each) => (each.tx_hash === waiting.getId() ? { ...each, height: 6 } : each));
    if (exchange.method === MERKLE && exchange.params[0] === waiting.getId()) {
      const place = chain.index.placeOf(spend.getId()) as { height: number; position: number };
      return { block_height: 6, pos: place.position, merkle: chain.index.merkle(place.height, place.position) };
    }
    return exchange.honest();
  } },
  { name: 'a second spend of what a block spent', code: 'node.history', reason: 'double-spend', meddle: (fixture) => listing(fixture, testTransaction([{ txid: fixture.funding.getId(), vout: 0 }], [{ script: ownScript(0), amountSats: 60_000n }], 9), 0) },
  { name: 'two transactions of the mempool that spend the same', code: 'node.history', reason: 'double-spend', meddle: (fixture) => listing(fixture, testTransaction([{ txid: fixture.spend.getId(), vout: 0 }], [{ script: ownScript(0), amountSats: 60_000n }], 9), 0) },
  { name: 'a block\'s reward that is not its first transaction', code: 'node.proof', reason: 'merkle-position', meddle: ({ chain }) => {
    const second = new Transaction();
    second.addInput(Buffer.alloc(32), 0xffff_ffff, 0xffff_ffff, Buffer.from('a second reward'));
    second.addOutput(ownScript(0), 5_000_000_000n);
    chain.mine([second]);
    return (exchange) => exchange.honest();
  } },
  { name: 'a history that the server says is too long', code: 'node.rejected', meddle: () => swap(HISTORY, () => { throw new ElectrumRefusal(1, `history too large ${EVIL_TEXT}`); }) },
];

const merkleProofs: readonly ElectrumScenario[] = [
  { name: 'a wrong sibling in a merkle proof', code: 'node.proof', reason: 'merkle', meddle: proof((honest) => ({ ...honest, merkle: honest.merkle.map((hash, level) => (level === 1 ? 'aa'.repeat(32) : hash)) })) },
  { name: 'the merkle proof of another place', code: 'node.proof', reason: 'merkle', meddle: proof((honest) => ({ ...honest, pos: honest.pos ^ 1 })) },
  { name: 'a merkle proof deeper than any block', code: 'node.proof', reason: 'merkle-depth', meddle: proof((honest) => ({ ...honest, merkle: Array.from({ length: 17 }, () => 'aa'.repeat(32)) })) },
  { name: 'a merkle proof without end', code: 'node.malformed', meddle: proof((honest) => ({ ...honest, merkle: Array.from({ length: 900 }, () => 'aa'.repeat(32)) })) },
  { name: 'a place that the block does not have', code: 'node.proof', reason: 'merkle-position', meddle: proof((honest) => ({ ...honest, pos: honest.pos + 8 })) },
  { name: 'a negative place', code: 'node.malformed', meddle: proof((honest) => ({ ...honest, pos: -1 })) },
  { name: 'a place with a fraction', code: 'node.malformed', meddle: proof((honest) => ({ ...honest, pos: 1.5 })) },
  { name: 'markup in a merkle proof', code: 'node.malformed', meddle: proof((honest) => ({ ...honest, merkle: [EVIL_TEXT] })) },
  { name: 'a merkle proof of another height', code: 'node.malformed', meddle: proof((honest) => ({ ...honest, block_height: honest.block_height + 1 })) },
  { name: 'the merkle proof of another block', code: 'node.proof', reason: 'merkle', meddle: ({ chain }) => swap(MERKLE, ((honest: Proof) => ({ ...honest, pos: 0, merkle: chain.index.merkle(6, 0) })) as unknown as Changed) },
  { name: 'no merkle proof at all', code: 'node.proof', reason: 'merkle', meddle: proof((honest) => ({ ...honest, pos: 0, merkle: [] })) },
  { name: 'a refusal to prove', code: 'node.rejected', meddle: () => swap(MERKLE, () => { throw new ElectrumRefusal(1, EVIL_TEXT); }) },
  { name: 'null for a proof', code: 'node.malformed', meddle: always(MERKLE, null) },
];

const blocks: readonly ElectrumScenario[] = [
  { name: 'a newest header without work', code: 'node.proof', reason: 'work', meddle: tip((honest) => ({ ...honest, hex: anotherHeader(honest.hex, {}, false) })) },
  { name: 'a newest header of an easier target than there is', code: 'node.proof', reason: 'difficulty', meddle: tip((honest) => ({ ...honest, hex: anotherHeader(honest.hex, { bits: 0x2100ffff }) })) },
  { name: 'a newest header of a negative target', code: 'node.proof', reason: 'difficulty', meddle: tip((honest) => ({ ...honest, hex: anotherHeader(honest.hex, { bits: 0x20800001 }) })) },
  { name: 'a header of 79 bytes', code: 'node.malformed', meddle: tip((honest) => ({ ...honest, hex: honest.hex.slice(2) })) },
  { name: 'a header of 81 bytes', code: 'node.malformed', meddle: tip((honest) => ({ ...honest, hex: `${honest.hex}00` })) },
  { name: 'a newest block five higher than it is', code: 'node.proof', reason: 'tip', meddle: tip((honest) => ({ ...honest, height: honest.height + 5 })) },
  { name: 'a newest block one lower than it is', code: 'node.proof', reason: 'link', meddle: tip((honest) => ({ ...honest, height: honest.height - 1 })) },
  { name: 'a height below zero', code: 'node.malformed', meddle: tip((honest) => ({ ...honest, height: -1 })) },
  { name: 'a height of a thousand million', code: 'node.malformed', meddle: tip((honest) => ({ ...honest, height: 1e9 })) },
  { name: 'headers that do not follow each other', code: 'node.proof', reason: 'link', meddle: headers((honest) => ({ ...honest, hex: swapHeaders(honest.hex) })) },
  { name: 'a header without work among others', code: 'node.proof', reason: 'work', meddle: headers((honest) => ({ ...honest, hex: honest.hex.replace(honest.hex.slice(160, 320), anotherHeader(honest.hex.slice(160, 320), {}, false)) })) },
  { name: 'fewer headers than it says', code: 'node.malformed', meddle: headers((honest) => ({ ...honest, hex: honest.hex.slice(160) })) },
  { name: 'more headers than were asked for', code: 'node.malformed', meddle: headers((honest) => ({ ...honest, count: honest.count + 1, hex: honest.hex + honest.hex.slice(0, 160) })) },
  { name: 'no headers', code: 'node.proof', reason: 'tip', meddle: headers((honest) => ({ ...honest, count: 0, hex: '' })) },
  { name: 'markup for headers', code: 'node.malformed', meddle: headers((honest) => ({ ...honest, hex: EVIL_TEXT })) },
  { name: 'the first block of no chain', code: 'node.proof', reason: 'genesis', meddle: ({ chain }) => swap('blockchain.block.header', () => chain.index.blocks[1]?.header.toString('hex')) },
  { name: 'a chain that goes back', code: 'node.lagging', meddle: ({ chain }) => swap(TIP, ((honest: Tip, { count }: Exchange) => (count > 1 ? { height: 9, hex: chain.index.blocks[9]?.header.toString('hex') } : honest)) as unknown as Changed), act: twice },
  { name: 'another branch of no more work', code: 'node.lagging', meddle: (fixture) => swap(TIP, ((honest: Tip, { count }: Exchange) => {
    if (count === 1) return honest;
    if (count === 2) fixture.chain.reorganise(1, [], 0);
    return { height: fixture.chain.index.height, hex: fixture.chain.index.blocks.at(-1)?.header.toString('hex') };
  }) as unknown as Changed), act: twice },
  { name: 'a block that is older than those before it', code: 'node.proof', reason: 'time', meddle: ({ chain }) => {
    const old = makeHeader({ previous: hash256(chain.index.blocks.at(-1)?.header as Buffer), root: Buffer.alloc(32, 7), time: 1_296_688_700 });
    chain.index.connect(old, []);
    return (exchange) => exchange.honest();
  } },
  { name: 'a newest header that its own headers do not lead to', code: 'node.proof', reason: 'link', meddle: tip((honest) => ({ ...honest, hex: anotherHeader(honest.hex, { previous: Buffer.alloc(32, 3) }) })) },
  { name: 'a newest block that is another one each time', code: 'node.not-ready', meddle: ({ chain }) => swap(TIP, (() => {
    chain.mine();
    return { height: chain.index.height, hex: chain.index.blocks.at(-1)?.header.toString('hex') };
  }) as Changed) },
];

const swapHeaders = (hex: string): string => hex.slice(160, 320) + hex.slice(0, 160) + hex.slice(320);

const protocol: readonly ElectrumScenario[] = [
  { name: 'a web page', code: 'node.malformed', meddle: () => swap(TIP, line(`<html><body>${EVIL_TEXT.replace(/\r|\n/g, '')}</body></html>`)), act: status },
  { name: 'markup and terminal escapes in an error', code: 'node.rejected', meddle: () => swap(TIP, () => { throw new ElectrumRefusal(1, EVIL_TEXT); }), act: status },
  { name: 'an error that is a text', code: 'node.rejected', meddle: () => swap(TIP, ((_: never, { id, socket }: Exchange) => {
    socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: EVIL_TEXT })}\n`);
    return HANDLED;
  }) as Changed), act: status },
  { name: 'each answer twice', code: 'node.malformed', meddle: () => (exchange) => {
    exchange.socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: exchange.id, result: exchange.honest() })}\n`);
    return exchange.honest();
  } },
  { name: 'the answer to another question', code: 'node.malformed', meddle: () => swap(TIP, ((honest: Tip, { id, socket }: Exchange) => {
    socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: Number(id) + 1_000, result: honest })}\n`);
    return HANDLED;
  }) as unknown as Changed), act: status },
  { name: 'an id that is a text', code: 'node.malformed', meddle: () => swap(TIP, ((honest: Tip, { id, socket }: Exchange) => {
    socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: String(id), result: honest })}\n`);
    return HANDLED;
  }) as unknown as Changed), act: status },
  { name: 'no id', code: 'node.malformed', meddle: () => swap(TIP, line('{"jsonrpc":"2.0","result":1}')), act: status },
  { name: 'a list of answers', code: 'node.malformed', meddle: () => swap(TIP, line('[{"jsonrpc":"2.0","id":1,"result":1}]')), act: status },
  { name: 'brackets ten thousand deep', code: 'node.malformed', meddle: () => swap(TIP, line('['.repeat(10_000) + ']'.repeat(10_000))), act: status },
  { name: 'bytes that are no text', code: 'node.malformed', meddle: () => swap(TIP, line(Buffer.from([0, 255, 254, 0, 27, 91]))), act: status },
  { name: 'a line without end', code: 'node.malformed', meddle: () => swap(TIP, ((_: never, { socket }: Exchange) => {
    const part = Buffer.alloc(65_536, 0x61);
    const more = (): void => {
      while (!socket.destroyed && socket.write(part));
      if (!socket.destroyed) socket.once('drain', more);
    };
    more();
    return HANDLED;
  }) as Changed), act: status },
  { name: 'an answer of 100 MB', code: 'node.malformed', meddle: () => swap(RAW, ((_: never, { id, socket }: Exchange) => {
    socket.write(`{"jsonrpc":"2.0","id":${Number(id)},"result":"`);
    const part = Buffer.alloc(1_000_000, 0x30);
    let left = 100;
    const more = (): void => {
      while (left-- > 0 && !socket.destroyed) {
        if (!socket.write(part)) {
          socket.once('drain', more);
          return;
        }
      }
      if (!socket.destroyed) socket.write('"}\n');
    };
    more();
    return HANDLED;
  }) as Changed) },
  { name: 'a small question with a large answer', code: 'node.malformed', meddle: () => swap('blockchain.relayfee', (() => 'x'.repeat(200_000)) as Changed), act: status },
  { name: 'silence', code: 'node.unreachable', meddle: () => swap(TIP, () => HANDLED), act: status },
  { name: 'silence from the first word on', code: 'node.unreachable', meddle: () => () => HANDLED, act: status },
  { name: 'one byte after the other', code: 'node.unreachable', meddle: () => swap(TIP, ((_: never, { socket }: Exchange) => {
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write('{')), 20);
    return HANDLED;
  }) as Changed), act: status },
  { name: 'a connection that ends in the middle', code: 'node.unreachable', meddle: () => swap(TIP, ((_: never, { socket }: Exchange) => {
    socket.end('{"jsonrpc":"2.0","id":3,"resu');
    return HANDLED;
  }) as Changed), act: status },
  { name: 'a connection that is reset', code: 'node.unreachable', meddle: () => swap(TIP, ((_: never, { socket }: Exchange) => {
    socket.resetAndDestroy();
    return HANDLED;
  }) as Changed), act: status },
  { name: 'ten thousand messages that nobody asked for', code: 'node.malformed', meddle: () => swap(TIP, ((_: never, { socket }: Exchange) => {
    const notice = `${JSON.stringify({ jsonrpc: '2.0', method: 'server.notice', params: ['x'] })}\n`;
    socket.write(notice.repeat(10_001));
    return HANDLED;
  }) as Changed), act: status },
  { name: 'a method that it does not know', code: 'node.rejected', meddle: () => swap(HISTORY, () => { throw new ElectrumRefusal(-32601, EVIL_TEXT); }) },
  { name: 'a protocol of its own', code: 'node.malformed', meddle: always('server.version', [EVIL_TEXT, '9.9']), act: status },
  { name: 'no protocol', code: 'node.malformed', meddle: always('server.version', EVIL_TEXT), act: status },
  { name: 'a server that is busy', code: 'node.not-ready', meddle: () => swap(TIP, () => { throw new ElectrumRefusal(-102, EVIL_TEXT); }), act: status },
  { name: 'a server that is busy when transactions are asked for', code: 'node.not-ready', meddle: () => swap(RAW, () => { throw new ElectrumRefusal(-102, EVIL_TEXT); }) },
];

const money: readonly ElectrumScenario[] = [
  { name: 'a fee estimate of a thousand bitcoin', code: 'node.malformed', meddle: always('blockchain.estimatefee', 1_000), act: (source) => source.estimateFeeRate(6) },
  { name: 'a fee estimate below nothing', code: 'node.malformed', meddle: always('blockchain.estimatefee', -2), act: (source) => source.estimateFeeRate(6) },
  { name: 'a fee estimate in words', code: 'node.malformed', meddle: always('blockchain.estimatefee', EVIL_TEXT), act: (source) => source.estimateFeeRate(6) },
  { name: 'a fee estimate with a fraction of a satoshi', code: 'node.malformed', meddle: always('blockchain.estimatefee', 0.000_000_001_5), act: (source) => source.estimateFeeRate(6) },
  { name: 'a negative least fee', code: 'node.malformed', meddle: always('blockchain.relayfee', -0.1), act: status },
  { name: 'another id for what was sent', code: 'node.malformed', meddle: () => swap2('blockchain.transaction.broadcast', () => 'ab'.repeat(32)), act: send },
  { name: 'markup in the refusal of a transaction', code: 'broadcast.refused', reason: 'policy', meddle: ({ chain, waiting }) => {
    chain.forget(waiting.getId());
    return swap2('blockchain.transaction.broadcast', () => { throw new ElectrumRefusal(1, EVIL_TEXT); });
  }, act: send },
  { name: 'a refusal that looks like a result', code: 'broadcast.refused', reason: 'fee-too-low', meddle: ({ chain, waiting }) => {
    chain.forget(waiting.getId());
    return swap2('blockchain.transaction.broadcast', () => `min relay fee not met ${EVIL_TEXT}`);
  }, act: send },
  { name: 'a hot wallet, which no Electrum server has', code: 'node.wallet', meddle: () => (exchange) => exchange.honest(), act: (source) => source.hotUtxos('hot') },
  { name: 'a lie about a spent output of an address', code: 'node.malformed', meddle: always(RAW, '00'), act: (source) => source.scriptUtxos([ownScript(0)], work) },
  { name: 'a confirmation that it cannot prove', code: 'node.proof', reason: 'merkle', meddle: proof((honest) => ({ ...honest, merkle: honest.merkle.map(() => 'bb'.repeat(32)) })), act: (source, { spend }) => source.transactionStatus(spend.getId()) },
  { name: 'a fee of less than nothing for what waits', code: 'node.history', reason: 'amount', meddle: ({ chain, spend }) => {
    const greedy = testTransaction([{ txid: spend.getId(), vout: 0 }], [{ script: ownScript(4), amountSats: 69_001n }], 3);
    chain.index.setMempool([]);
    chain.wait(greedy);
    return (exchange) => exchange.honest();
  }, act: (source, { chain }) => source.mempoolEntry([...chain.index.mempool][0] as string) },
  { name: 'a wallet of another network', code: 'node.malformed', meddle: always('blockchain.block.header', 'xx'), act: (source) => source.watch(wallet, work) },
];

/** As `swap`, where no honest answer is asked for first. */
function swap2(method: string, change: (exchange: Exchange) => unknown): Meddler {
  return (exchange) => (exchange.method === method ? change(exchange) : exchange.honest());
}

export const electrumScenarios: readonly ElectrumScenario[] = [...transactions, ...histories, ...merkleProofs, ...blocks, ...protocol, ...money];
