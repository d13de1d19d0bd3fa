import { toHex } from '../../domain/bytes.ts';
import type { ErrorCode } from '../../errors/catalog.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Branch } from '../../wallet/address.ts';
import type { ChainWork } from '../chain-source.ts';
import type { HeaderChain } from './header-chain.ts';
import type { HistoryLine, LightServer } from './light-server.ts';
import { requireInBlock } from './merkle-proof.ts';
import type { OwnScripts } from './own-scripts.ts';
import type { ProofMemory } from './proof-memory.ts';
import { spendersOf, type PlacedTransaction, type ProvenHistory } from './proven-history.ts';
import { falseHistory, falseProof } from './refusals.ts';
import { readTransactionFacts, type TransactionFacts } from './transaction-facts.ts';

/** Who is asked, and what is known of its chain already. */
export interface Reader {
  readonly server: LightServer;
  readonly chain: HeaderChain;
  readonly memory: ProofMemory;
}

/** How many questions are open at once. */
const BATCH = 100;
/** Lines of all histories together, and parents of one transaction that are asked for: a server that shows more makes them up. */
const MOST_LINES = 1_000_000;
const MOST_PARENTS = 2_000;
/** How often everything is read anew because the chain or the mempool moved meanwhile. */
const MOST_READINGS = 6;

/** What a server answers when what it was asked about moved meanwhile, and what a liar answers. */
const contradictions: ReadonlySet<ErrorCode> = new Set(['node.history', 'node.proof', 'node.malformed', 'node.rejected']);

export const cancelledWork = (): StrongroomError => new StrongroomError('host.cancelled', 'The scan was stopped.', {}, 'Start it again whenever you like; what was proven is not asked for again.');

const stopIfCancelled = (work: ChainWork): void => {
  if (work.isCancelled()) throw cancelledWork();
};

/** What a listing says, with the scripts that each transaction is said to touch. */
interface Listed {
  readonly heights: Map<string, number | null>;
  readonly scriptsOf: Map<string, string[]>;
}

/**
 * The history of a wallet, proven. Addresses are searched until a gap of unused ones on each branch.
 * @param further scripts that are looked up besides, once it is known how far the wallet's were
 * @throws StrongroomError `node.proof`, `node.history`, `node.malformed`, `node.lagging`, `host.cancelled`, and what the server's kind throws
 */
export const readWalletHistory = (reader: Reader, scripts: OwnScripts, work: ChainWork, further?: () => readonly Uint8Array[]): Promise<ProvenHistory> =>
  readSettled(reader, work, async () => {
    const listed = await listWallet(reader.server, scripts, work);
    await listScripts(reader.server, listed, further?.() ?? [], work);
    return listed;
  });

/** The history of scripts, whoever's they are. */
export const readScriptHistory = (reader: Reader, scripts: readonly Uint8Array[], work: ChainWork): Promise<ProvenHistory> =>
  readSettled(reader, work, async () => {
    const listed: Listed = { heights: new Map(), scriptsOf: new Map() };
    await listScripts(reader.server, listed, scripts, work);
    return listed;
  });

async function listScripts(server: LightServer, listed: Listed, scripts: readonly Uint8Array[], work: ChainWork): Promise<void> {
  for (let start = 0; start < scripts.length; start += BATCH) {
    stopIfCancelled(work);
    work.progress({ fraction: start / scripts.length, activity: 'Looking up addresses' });
    const asked = scripts.slice(start, start + BATCH);
    const answers = await server.histories(asked);
    asked.forEach((script, position) => addLines(listed, toHex(script), answers[position] ?? []));
  }
}

/** Reads until the chain stood still meanwhile, so that everything is the state of one block. */
async function readSettled(reader: Reader, work: ChainWork, list: () => Promise<Listed>): Promise<ProvenHistory> {
  const { server, chain } = reader;
  for (let reading = 1; ; reading += 1) {
    stopIfCancelled(work);
    const before = await server.tip();
    await chain.follow(server, before);
    try {
      const listed = await list();
      const facts = await readFacts(reader, [...listed.heights.keys()], work);
      await requireTouching(reader, listed, facts);
      const transactions = await placeAll(reader, listed, facts, work);
      const history = { tip: { height: chain.high, hash: chain.tip?.hash ?? '' }, transactions };
      spendersOf(history);
      const after = await server.tip();
      if (toHex(after.header) === toHex(before.header) && after.height === before.height) return history;
      if (reading === MOST_READINGS) throw new StrongroomError('node.not-ready', 'The chain moved each time it was read.', {}, 'Try again in a minute.');
    } catch (error) {
      // A block or a replacement that came while it was read explains most contradictions; one that stays is none of these.
      const isContradiction = error instanceof StrongroomError && contradictions.has(error.code);
      if (!isContradiction || reading === MOST_READINGS || !(await hasMoved(reader, before.height, toHex(before.header), reading))) throw error;
    }
  }
}

/** Whether the tip is another one now; a contradiction under one tip gets a second reading, since the mempool moves too. */
async function hasMoved({ server }: Reader, height: number, header: string, reading: number): Promise<boolean> {
  const now = await server.tip();
  return reading === 1 || now.height !== height || toHex(now.header) !== header;
}

async function listWallet(server: LightServer, scripts: OwnScripts, work: ChainWork): Promise<Listed> {
  const listed: Listed = { heights: new Map(), scriptsOf: new Map() };
  let asked = 0;
  for (const branch of [0, 1] as const) {
    let next = 0;
    while (next < scripts.ends[branch]) {
      stopIfCancelled(work);
      work.progress({ fraction: null, activity: `Looking up addresses: ${asked} so far` });
      const addresses = scripts.slice(branch, next, Math.min(next + BATCH, scripts.ends[branch]));
      if (addresses.length === 0) break;
      const answers = await server.histories(addresses.map(({ scriptPubKey }) => scriptPubKey));
      addresses.forEach(({ scriptPubKey, index }, position) => {
        const lines = answers[position] ?? [];
        if (lines.length > 0) scripts.searchPast(branch as Branch, index);
        addLines(listed, toHex(scriptPubKey), lines);
      });
      next += addresses.length;
      asked += addresses.length;
    }
  }
  return listed;
}

function addLines({ heights, scriptsOf }: Listed, scriptHex: string, lines: readonly HistoryLine[]): void {
  const seen = new Set<string>();
  for (const { txid, height } of lines) {
    if (seen.has(txid)) throw falseHistory('repeated', { txid });
    seen.add(txid);
    const known = heights.get(txid);
    if (known !== undefined && known !== height) throw falseHistory('height', { txid });
    heights.set(txid, height);
    const touched = scriptsOf.get(txid);
    if (touched === undefined) scriptsOf.set(txid, [scriptHex]);
    else touched.push(scriptHex);
  }
  if (heights.size > MOST_LINES) throw new StrongroomError('node.malformed', 'The node\'s history is longer than any wallet\'s.', {}, 'Do not use this node until you know why; ask another one.');
}

/** What transactions say by their bytes, in the server's answers or remembered. */
async function readFacts({ server, chain, memory }: Reader, txids: readonly string[], work: ChainWork): Promise<Map<string, TransactionFacts>> {
  const facts = new Map<string, TransactionFacts>();
  const missing: string[] = [];
  for (const txid of txids) {
    const known = memory.facts(txid);
    if (known === undefined) missing.push(txid);
    else facts.set(txid, known);
  }
  for (let start = 0; start < missing.length; start += BATCH) {
    stopIfCancelled(work);
    work.progress({ fraction: start / missing.length, activity: `Reading transactions: ${facts.size} of ${txids.length}` });
    const asked = missing.slice(start, start + BATCH);
    const raws = await server.transactions(asked);
    asked.forEach((txid, position) => {
      const bytes = raws[position] ?? null;
      if (bytes === null) throw falseHistory('invented', { txid });
      const read = readTransactionFacts(bytes, txid, chain.rules.network);
      memory.saveFacts(read);
      facts.set(txid, read);
    });
  }
  return facts;
}

/**
 * That each transaction pays or spends each script whose history lists it. What it spends may come from a transaction that the
 * history leaves out: then that one is asked for, and its absence is named.
 * @throws StrongroomError `node.history`
 */
async function requireTouching(reader: Reader, { scriptsOf }: Listed, facts: ReadonlyMap<string, TransactionFacts>): Promise<void> {
  for (const [txid, touched] of scriptsOf) {
    const own = facts.get(txid) as TransactionFacts;
    const paid = new Set(own.outputs.map(({ scriptHex }) => scriptHex));
    const spentOf = (known: ReadonlyMap<string, TransactionFacts>): ReadonlySet<string> =>
      new Set(own.spends.flatMap((outpoint) => known.get(outpoint.slice(0, 64))?.outputs[Number(outpoint.slice(65))]?.scriptHex ?? []));
    let spent: ReadonlySet<string> | null = null;
    for (const scriptHex of touched) {
      if (paid.has(scriptHex)) continue;
      spent ??= spentOf(facts);
      if (spent.has(scriptHex)) continue;
      const parents = [...new Set(own.spends.map((outpoint) => outpoint.slice(0, 64)))].filter((parent) => !facts.has(parent));
      if (parents.length > MOST_PARENTS) throw falseHistory('invented', { txid });
      const found = spentOf(await readFacts(reader, parents, { progress: () => undefined, isCancelled: () => false }));
      throw falseHistory(found.has(scriptHex) ? 'missing' : 'invented', { txid });
    }
  }
}

/** Places each transaction by a merkle proof into a proven header. */
async function placeAll({ server, chain, memory }: Reader, { heights }: Listed, facts: ReadonlyMap<string, TransactionFacts>, work: ChainWork): Promise<Map<string, PlacedTransaction>> {
  const placed = new Map<string, PlacedTransaction>();
  const unproven: { readonly txid: string; readonly height: number }[] = [];
  const confirmed = [...heights].flatMap(([txid, height]) => (height === null ? [] : [{ txid, height }])).sort((a, b) => b.height - a.height);
  for (const { txid, height } of confirmed) {
    const header = await chain.reach(server, height, (done, total) => {
      stopIfCancelled(work);
      work.progress({ fraction: done / total, activity: 'Checking block headers' });
    });
    const position = memory.place(txid, header.hash);
    if (position === undefined) unproven.push({ txid, height });
    else placed.set(txid, { facts: facts.get(txid) as TransactionFacts, height, blockHash: header.hash, position });
  }
  for (let start = 0; start < unproven.length; start += BATCH) {
    stopIfCancelled(work);
    work.progress({ fraction: start / unproven.length, activity: `Checking proofs: ${start} of ${unproven.length}` });
    const asked = unproven.slice(start, start + BATCH);
    const proofs = await server.merkleProofs(asked);
    for (const [position, { txid, height }] of asked.entries()) {
      const proof = proofs[position] ?? { position: -1, branch: [] };
      const header = await chain.reach(server, height);
      requireInBlock(txid, proof, header.merkleRoot);
      // A block's first transaction is its reward, and no other is.
      if ((facts.get(txid) as TransactionFacts).isCoinbase !== (proof.position === 0)) throw falseProof('merkle-position', { txid });
      memory.savePlace(txid, header.hash, proof.position);
      placed.set(txid, { facts: facts.get(txid) as TransactionFacts, height, blockHash: header.hash, position: proof.position });
    }
  }
  for (const [txid, height] of heights) {
    if (height === null) placed.set(txid, { facts: facts.get(txid) as TransactionFacts, height, blockHash: null, position: 0 });
  }
  return placed;
}
