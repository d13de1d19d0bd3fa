import { parseOutpoint } from '../../domain/outpoint.ts';
import type { WalletTransaction, WalletUtxo } from '../chain-source.ts';
import { falseHistory } from './refusals.ts';
import type { OwnScripts } from './own-scripts.ts';
import type { TransactionFacts } from './transaction-facts.ts';
import { parseHex } from '../../domain/bytes.ts';

/** A transaction with where it is: in a block as a merkle proof says, or in the mempool as the server says. */
export interface PlacedTransaction {
  readonly facts: TransactionFacts;
  /** `null` in the mempool. */
  readonly height: number | null;
  /** Of its block; `null` in the mempool. */
  readonly blockHash: string | null;
  /** In its block; 0 in the mempool. */
  readonly position: number;
}

/** Everything that a server proved of some scripts, as of one block. */
export interface ProvenHistory {
  readonly tip: { readonly height: number; readonly hash: string };
  /** By txid. */
  readonly transactions: ReadonlyMap<string, PlacedTransaction>;
}

/** Blocks until a block's reward can be spent (consensus `COINBASE_MATURITY`). */
export const COINBASE_MATURITY = 100;

/**
 * Who spends what, among the transactions of a history.
 * @throws StrongroomError `node.history` where two spend the same, or a block holds a child whose parent waits
 */
export function spendersOf({ transactions }: ProvenHistory): ReadonlyMap<string, PlacedTransaction> {
  const spenders = new Map<string, PlacedTransaction>();
  for (const placed of transactions.values()) {
    for (const outpoint of placed.facts.spends) {
      if (spenders.has(outpoint)) throw falseHistory('double-spend', { outpoint });
      spenders.set(outpoint, placed);
      const parent = transactions.get(outpoint.slice(0, 64));
      if (parent !== undefined && placed.height !== null && (parent.height === null || parent.height > placed.height)) throw falseHistory('order', { outpoint });
    }
  }
  return spenders;
}

const confirmationsOf = (height: number | null, tip: number): number => (height === null ? 0 : tip - height + 1);

/** Oldest first: by block and place in it; what waits comes last, parents before children. */
export function inOrder(transactions: ReadonlyMap<string, PlacedTransaction>): readonly PlacedTransaction[] {
  const confirmed = [...transactions.values()].filter(({ height }) => height !== null).sort((a, b) => (a.height as number) - (b.height as number) || a.position - b.position);
  const waiting = [...transactions.values()].filter(({ height }) => height === null).sort((a, b) => (a.facts.txid < b.facts.txid ? -1 : 1));
  const ordered: PlacedTransaction[] = [];
  const placed = new Set<string>();
  const waitingIds = new Set(waiting.map(({ facts }) => facts.txid));
  let rest = waiting;
  while (rest.length > 0) {
    const ready = rest.filter(({ facts }) => facts.spends.every((outpoint) => !waitingIds.has(outpoint.slice(0, 64)) || placed.has(outpoint.slice(0, 64))));
    // Hashes cannot go in a circle, so something is always ready.
    for (const each of ready) placed.add(each.facts.txid);
    ordered.push(...ready);
    rest = rest.filter(({ facts }) => !placed.has(facts.txid));
  }
  return [...confirmed, ...ordered];
}

/** What a transaction did to a wallet. @param own facts of every transaction that may have paid it, by txid */
export function describeTransaction(facts: TransactionFacts, height: number | null, confirmations: number, scripts: OwnScripts, own: (txid: string) => TransactionFacts | undefined): WalletTransaction {
  const received = facts.outputs.flatMap(({ amountSats, scriptHex }, vout) => {
    const derived = scripts.find(scriptHex);
    return derived === undefined ? [] : [{ vout, amountSats, branch: derived.branch, index: derived.index }];
  });
  const spent = facts.spends.flatMap((outpoint) => {
    const { txid, vout } = parseOutpoint(outpoint);
    const output = own(txid)?.outputs[vout];
    return output === undefined || scripts.find(output.scriptHex) === undefined ? [] : [{ txid, vout, amountSats: output.amountSats }];
  });
  const isAllOurs = spent.length > 0 && spent.length === facts.spends.length;
  const feeSats = isAllOurs ? spent.reduce((sum, { amountSats }) => sum + amountSats, 0n) - facts.outputs.reduce((sum, { amountSats }) => sum + amountSats, 0n) : null;
  return { txid: facts.txid, height, confirmations, received, spent, feeSats };
}

/** Every transaction of the wallet, oldest first. */
export function walletTransactions(history: ProvenHistory, scripts: OwnScripts): readonly WalletTransaction[] {
  const own = (txid: string): TransactionFacts | undefined => history.transactions.get(txid)?.facts;
  return inOrder(history.transactions).map(({ facts, height, blockHash }) => ({
    ...describeTransaction(facts, height, confirmationsOf(height, history.tip.height), scripts, own), ...(blockHash === null ? {} : { blockHash }),
  }));
}

/** An output that a history holds, spent or not. */
export interface ProvenOutput {
  readonly txid: string;
  readonly vout: number;
  readonly amountSats: bigint;
  readonly scriptHex: string;
  readonly height: number | null;
  readonly confirmations: number;
  readonly isImmature: boolean;
  /** What spends it, and where that is. */
  readonly spentBy: PlacedTransaction | null;
}

/** The outputs of a history to scripts that are wanted, in the order of the chain. */
export function outputsOf(history: ProvenHistory, isWanted: (scriptHex: string) => boolean): readonly ProvenOutput[] {
  const spenders = spendersOf(history);
  return inOrder(history.transactions).flatMap(({ facts, height }) =>
    facts.outputs.flatMap(({ amountSats, scriptHex }, vout): readonly ProvenOutput[] => {
      if (!isWanted(scriptHex)) return [];
      const confirmations = confirmationsOf(height, history.tip.height);
      return [{ txid: facts.txid, vout, amountSats, scriptHex, height, confirmations, isImmature: facts.isCoinbase && confirmations < COINBASE_MATURITY, spentBy: spenders.get(`${facts.txid}:${vout}`) ?? null }];
    }),
  );
}

/** What the wallet could spend; a block's young reward it could not. */
export function walletUtxos(history: ProvenHistory, scripts: OwnScripts): readonly WalletUtxo[] {
  return outputsOf(history, (scriptHex) => scripts.find(scriptHex) !== undefined)
    .filter(({ spentBy, isImmature }) => spentBy === null && !isImmature)
    .map(({ txid, vout, amountSats, scriptHex, confirmations }): WalletUtxo => {
      const derived = scripts.find(scriptHex);
      if (derived === undefined) throw new TypeError('an own output without its address');
      return { txid, vout, amountSats, scriptPubKey: parseHex(scriptHex), address: derived.address, branch: derived.branch, index: derived.index, confirmations };
    });
}
