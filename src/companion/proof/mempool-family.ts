import { parseHex } from '../../domain/bytes.ts';
import type { NetworkName } from '../../domain/network.ts';
import { parseOutpoint } from '../../domain/outpoint.ts';
import type { MempoolEntry } from '../chain-source.ts';
import type { LightServer } from './light-server.ts';
import type { ProofMemory } from './proof-memory.ts';
import { falseHistory } from './refusals.ts';
import { readTransactionFacts, type TransactionFacts } from './transaction-facts.ts';

type Asked = { readonly server: LightServer; readonly memory: ProofMemory; readonly network: NetworkName };

/** More relatives than nodes let wait together; a server that shows more makes them up. */
const MOST_RELATIVES = 200;

interface Relative {
  readonly facts: TransactionFacts;
  readonly feeSats: bigint;
}

/**
 * A transaction that waits, with its unconfirmed relatives. Fees and sizes come from raw transactions; which relatives there are is
 * the server's word.
 * @returns `null` where the server does not have it waiting
 * @throws StrongroomError `node.history`, `node.malformed`
 */
export async function readMempoolEntry(asked: Asked, txid: string): Promise<MempoolEntry | null> {
  const own = await waiting(asked, txid);
  if (own === null) return null;
  const ancestors = await collect(asked, own, async ({ facts }) => parentsOf(facts));
  const descendants = await collect(asked, own, (relative) => childrenOf(asked, relative));
  const sum = (relatives: readonly Relative[]) => ({
    count: relatives.length,
    vsizeVb: relatives.reduce((total, { facts }) => total + facts.vsizeVb, 0),
    feeSats: relatives.reduce((total, { feeSats }) => total + feeSats, 0n),
  });
  return { feeSats: own.feeSats, vsizeVb: own.facts.vsizeVb, ancestors: sum(ancestors), descendants: sum(descendants) };
}

const parentsOf = (facts: TransactionFacts): readonly string[] => [...new Set(facts.spends.map((outpoint) => parseOutpoint(outpoint).txid))];

/** Those that wait and spend from it, by the histories of its outputs. */
async function childrenOf(asked: Asked, { facts }: Relative): Promise<readonly string[]> {
  const histories = await asked.server.histories(facts.outputs.map(({ scriptHex }) => parseHex(scriptHex)));
  const candidates = [...new Set(histories.flatMap((lines) => lines.filter(({ height }) => height === null).map((line) => line.txid)))].filter((txid) => txid !== facts.txid).slice(0, MOST_RELATIVES);
  const found: string[] = [];
  for (const txid of candidates) if ((await factsOf(asked, txid))?.spends.some((outpoint) => outpoint.startsWith(facts.txid)) === true) found.push(txid);
  return found;
}

/** The transaction and everything that is reached from it, as far as it waits. */
async function collect(asked: Asked, own: Relative, next: (relative: Relative) => Promise<readonly string[]>): Promise<readonly Relative[]> {
  const found = new Map<string, Relative>([[own.facts.txid, own]]);
  const open = [own];
  for (let relative = open.pop(); relative !== undefined; relative = open.pop()) {
    for (const txid of await next(relative)) {
      if (found.has(txid)) continue;
      const other = await waiting(asked, txid);
      if (other === null) continue;
      if (found.size >= MOST_RELATIVES) throw falseHistory('invented', { txid: own.facts.txid });
      found.set(txid, other);
      open.push(other);
    }
  }
  return [...found.values()];
}

async function factsOf({ server, memory, network }: Asked, txid: string): Promise<TransactionFacts | null> {
  const known = memory.facts(txid);
  if (known !== undefined) return known;
  const [bytes] = await server.transactions([txid]);
  if (bytes === undefined || bytes === null) return null;
  const facts = readTransactionFacts(bytes, txid, network);
  memory.saveFacts(facts);
  return facts;
}

/** A transaction that the server has in its mempool, with its fee. */
async function waiting(asked: Asked, txid: string): Promise<Relative | null> {
  const [bytes] = await asked.server.transactions([txid]);
  if (bytes === undefined || bytes === null) return null;
  const facts = readTransactionFacts(bytes, txid, asked.network);
  if (facts.isCoinbase || (await asked.server.heightOf(txid, bytes)) !== null) return null;
  let inputSats = 0n;
  for (const outpoint of facts.spends) {
    const { txid: parent, vout } = parseOutpoint(outpoint);
    const output = (await factsOf(asked, parent))?.outputs[vout];
    if (output === undefined) throw falseHistory('missing', { txid: parent });
    inputSats += output.amountSats;
  }
  const feeSats = inputSats - facts.outputs.reduce((total, { amountSats }) => total + amountSats, 0n);
  if (feeSats < 0n) throw falseHistory('amount', { txid });
  return { facts, feeSats };
}
