import { gzipSync } from 'node:zlib';
import type { ChainSource } from '../../../src/companion/chain-source.ts';
import { failure, methods, result, type FakeAnswer } from '../../unit/node-companion/fake-node.ts';
import { deriver, EVIL_TEXT, ownScript, wallet, work } from './scenario.ts';
import { testTransaction } from './test-chain.ts';

/** One way in which what listens at a bitcoind's address can be wrong. */
export interface BitcoindScenario {
  readonly name: string;
  readonly code: string;
  readonly answer: FakeAnswer;
  readonly act: (source: ChainSource) => Promise<unknown>;
}

const quoted = JSON.stringify(EVIL_TEXT);
const CHAIN = '{"chain":"regtest","blocks":100,"headers":100,"initialblockdownload":false,"pruned":false}';
const status = (source: ChainSource): Promise<unknown> => source.status();
const funding = testTransaction([{ txid: 'aa'.repeat(32), vout: 0 }], [{ script: ownScript(0), amountSats: 50_000n }]);
const asked = (source: ChainSource): Promise<unknown> => source.rawTransaction(funding.getId());
const utxos = (source: ChainSource): Promise<unknown> => source.utxos(wallet);
const chainWith = (chain: string): FakeAnswer => methods({ getblockchaininfo: chain, getnetworkinfo: '{"version":290000}', getmempoolinfo: '{"mempoolminfee":0.00001,"minrelaytxfee":0.00001}' });
const unspent = (change: string): FakeAnswer => methods({
  getblockchaininfo: CHAIN,
  listunspent: `[{"txid":"${'aa'.repeat(32)}","vout":0,"scriptPubKey":"${Buffer.from(ownScript(0)).toString('hex')}","amount":0.1,"confirmations":3,"spendable":false,"solvable":true,"desc":"wsh(multi(2,[aabbccdd/48h/1h/0h/2h/0/0]02))"${change}}]`,
});
const scanned = (json: string): FakeAnswer => methods({ getblockchaininfo: CHAIN, listdescriptors: -18, scantxoutset: json });
const bare = (write: (response: Parameters<FakeAnswer>[1]) => void): FakeAnswer => (_, response) => write(response);
const foreign = Buffer.from(deriver.derive(0, 5).scriptPubKey).toString('hex');

export const bitcoindScenarios: readonly BitcoindScenario[] = [
  { name: 'a web page', code: 'node.malformed', answer: bare((response) => response.end(`<html>${EVIL_TEXT}</html>`)), act: status },
  { name: 'markup in an error', code: 'node.rejected', answer: ({ calls }, response) => response.end(`{"result":null,"error":{"code":-1,"message":${quoted}},"id":${calls[0]?.id}}`), act: status },
  { name: 'markup for a chain', code: 'network.mismatch', answer: chainWith(CHAIN.replace('"regtest"', quoted)), act: status },
  { name: 'a height below zero', code: 'node.malformed', answer: chainWith(CHAIN.replace('100', '-1')), act: status },
  { name: 'a height with a fraction', code: 'node.malformed', answer: chainWith(CHAIN.replace('100', '1.5')), act: status },
  { name: 'a height beyond all numbers', code: 'node.malformed', answer: chainWith(CHAIN.replace('100', '1e400')), act: status },
  { name: 'brackets ten thousand deep', code: 'node.malformed', answer: ({ calls }, response) => response.end(`{"result":${'['.repeat(10_000)}${']'.repeat(10_000)},"error":null,"id":${calls[0]?.id}}`), act: status },
  { name: 'the answer to another question', code: 'node.malformed', answer: ({ calls }, response) => response.end(`{"result":${CHAIN},"error":null,"id":${Number(calls[0]?.id) + 7}}`), act: status },
  { name: 'two answers to one question', code: 'node.malformed', answer: ({ calls }, response) => response.end(`[{"result":1,"error":null,"id":${calls[0]?.id}},{"result":2,"error":null,"id":${calls[0]?.id}}]`), act: status },
  { name: 'a redirect', code: 'node.malformed', answer: bare((response) => response.writeHead(301, { location: 'http://127.0.0.1:1/' }).end()), act: status },
  { name: 'status 401', code: 'node.unauthorised', answer: bare((response) => response.writeHead(401).end(EVIL_TEXT)), act: status },
  { name: 'status 403', code: 'node.unauthorised', answer: bare((response) => response.writeHead(403).end(EVIL_TEXT)), act: status },
  { name: 'status 503 for ever', code: 'node.not-ready', answer: bare((response) => response.writeHead(503).end(EVIL_TEXT)), act: status },
  { name: 'a node that starts for ever', code: 'node.not-ready', answer: failure(-28), act: status },
  { name: 'a packed answer', code: 'node.malformed', answer: ({ calls }, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(`{"result":${CHAIN},"error":null,"id":${calls[0]?.id}}${' '.repeat(20_000_000)}`)), act: status },
  { name: 'an answer of 100 MB', code: 'node.malformed', answer: bare((response) => {
    const part = Buffer.alloc(1_000_000, 0x20);
    let left = 100;
    const more = (): void => {
      while (left-- > 0 && !response.destroyed) {
        if (!response.write(part)) {
          response.once('drain', more);
          return;
        }
      }
      if (!response.destroyed) response.end();
    };
    more();
  }), act: status },
  { name: 'silence', code: 'node.unreachable', answer: () => undefined, act: status },
  { name: 'one byte after the other', code: 'node.unreachable', answer: bare((response) => {
    const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write(' ')), 20);
  }), act: status },
  { name: 'a connection that ends in the middle', code: 'node.unreachable', answer: bare((response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"result":');
    setTimeout(() => response.destroy(), 20);
  }), act: status },
  { name: 'a raw transaction of another id', code: 'node.malformed', answer: methods({ getrawtransaction: JSON.stringify(testTransaction([{ txid: 'bb'.repeat(32), vout: 0 }], [{ script: ownScript(0), amountSats: 1n }]).toHex()) }), act: asked },
  { name: 'a raw transaction with another amount', code: 'node.malformed', answer: methods({ getrawtransaction: JSON.stringify(testTransaction([{ txid: 'aa'.repeat(32), vout: 0 }], [{ script: ownScript(0), amountSats: 50_001n }]).toHex()) }), act: asked },
  { name: 'markup for a raw transaction', code: 'node.malformed', answer: methods({ getrawtransaction: quoted }), act: asked },
  { name: 'an amount that only a float can be', code: 'node.malformed', answer: unspent(',"amount":0.30000000000000004'), act: utxos },
  { name: 'a negative amount', code: 'node.malformed', answer: unspent(',"amount":-0.1'), act: utxos },
  { name: 'an amount beyond all money', code: 'node.malformed', answer: unspent(',"amount":1e300'), act: utxos },
  { name: 'an amount as text', code: 'node.malformed', answer: unspent(`,"amount":${quoted}`), act: utxos },
  { name: 'a stranger\'s output as the wallet\'s own', code: 'node.malformed', answer: unspent(`,"scriptPubKey":"${foreign}"`), act: utxos },
  { name: 'an own output without the place where it is derived', code: 'node.malformed', answer: unspent(`,"desc":${quoted}`), act: utxos },
  { name: 'a set of unspent outputs with a stranger\'s', code: 'node.malformed', answer: scanned(`{"success":true,"height":100,"bestblock":"${'ab'.repeat(32)}","unspents":[{"txid":"${'aa'.repeat(32)}","vout":0,"scriptPubKey":"${foreign}","desc":"wsh(multi(2,[aabbccdd/48h/1h/0h/2h/0/1]02))","amount":1,"height":5}]}`), act: (source) => source.scanUtxoSet(wallet, work) },
  { name: 'outputs of scripts that nobody asked for', code: 'node.malformed', answer: scanned(`{"success":true,"height":100,"bestblock":"${'ab'.repeat(32)}","unspents":[{"txid":"${'aa'.repeat(32)}","vout":0,"scriptPubKey":"${foreign}","desc":"raw(00)","amount":1,"height":5}]}`), act: (source) => source.scriptUtxos([ownScript(1)], work) },
  { name: 'markup in a refusal', code: 'broadcast.refused', answer: ({ calls }, response) => response.end(`{"result":null,"error":{"code":-26,"message":${quoted}},"id":${calls[0]?.id}}`), act: (source) => source.broadcast(funding.toBuffer()) },
  { name: 'markup for the id of what was sent', code: 'node.malformed', answer: result(quoted), act: (source) => source.broadcast(funding.toBuffer()) },
  { name: 'a fee estimate beyond all money', code: 'node.malformed', answer: result('{"feerate":1e30}'), act: (source) => source.estimateFeeRate(6) },
];
