import type { ChainSource, ChainWork, WatchReach } from '../../companion/chain-source.ts';
import type { CloseDocument } from '../../companion/ledger/close-file.ts';
import { toHex } from '../../domain/bytes.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { parseTransaction, txidOfHash } from '../../psbt/transaction.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';

/*
 * A close, recomputed from the node alone. Nothing here reads the ledger, and none of its code is used: which outputs are ours is decided
 * by scripts that are derived here, amounts and spends are read from the raw transactions, and the closing balance is computed
 * once more from the node's set of unspent outputs, rolled back to the block of the close.
 */

export interface CloseDifference {
  readonly what: 'block' | 'previous' | 'wallet' | 'balance' | 'sum' | 'transaction' | 'utxo-set';
  readonly subject: string;
  readonly stated: string | null;
  readonly found: string | null;
}

/** Scripts beyond the highest index that the node has listed. */
const DERIVED_AHEAD = 100;
/** A block may be found between the history and the scan. */
const MOST_SCANS = 5;

interface RawTransaction {
  readonly txid: string;
  readonly height: number;
  readonly ins: readonly string[];
  readonly outs: readonly { readonly script: string; readonly amountSats: bigint }[];
}

interface Flow {
  readonly walletId: string;
  readonly changeSats: bigint;
  readonly feeSats: bigint | null;
}

/** @param reach how far the wallets are looked for: the ledger, which may remember it, is not asked */
export async function verifyClose(source: ChainSource, document: CloseDocument, wallets: readonly Wallet[], work: ChainWork, reach?: WatchReach): Promise<{ readonly differences: readonly CloseDifference[]; readonly transactions: number }> {
  const differences: CloseDifference[] = [];
  const differ = (what: CloseDifference['what'], subject: string, stated: string | null, found: string | null): void => {
    if (stated !== found) differences.push({ what, subject, stated, found });
  };
  for (const { height, hash } of [document.from, document.to]) differ('block', String(height), hash, await source.blockHash(height));

  const given = new Map(wallets.map((wallet) => [policyIdOf(wallet).walletId, wallet]));
  for (const { walletId } of document.wallets) if (!given.has(walletId)) differ('wallet', walletId, walletId, null);
  for (const walletId of given.keys()) if (!document.wallets.some((wallet) => wallet.walletId === walletId)) differ('wallet', walletId, null, walletId);

  const raws = new Map<string, RawTransaction>();
  const owned = new Map<string, { readonly walletId: string; readonly amountSats: bigint }>();
  for (const [walletId, wallet] of given) {
    const { scripts, scan } = await readWallet(source, wallet, raws, work, reach);
    for (const { txid, outs } of raws.values()) outs.forEach(({ script, amountSats }, vout) => {
      if (scripts.has(script)) owned.set(formatOutpoint({ txid, vout }), { walletId, amountSats });
    });
    differ('utxo-set', walletId, document.wallets.find((stated) => stated.walletId === walletId)?.closingSats ?? null, String(rolledBack(walletId, scan, raws, owned, document.to.height)));
  }

  const flows = [...raws.values()].map((raw) => ({ raw, flows: flowsOf(raw, owned) }));
  const inPeriod = flows.filter(({ raw }) => raw.height >= document.from.height && raw.height <= document.to.height);
  const changeTo = (walletId: string, height: number): bigint =>
    flows.filter(({ raw }) => raw.height <= height).reduce((sum, { flows: of }) => sum + (of.find((flow) => flow.walletId === walletId)?.changeSats ?? 0n), 0n);
  for (const stated of document.wallets) {
    if (!given.has(stated.walletId)) continue;
    differ('balance', `${stated.walletId} opening`, stated.openingSats, String(changeTo(stated.walletId, document.from.height - 1)));
    differ('balance', `${stated.walletId} closing`, stated.closingSats, String(changeTo(stated.walletId, document.to.height)));
    const sums = sumsOf(stated.walletId, inPeriod.map(({ flows: of }) => of));
    for (const [name, found] of Object.entries(sums)) differ('sum', `${stated.walletId} ${name}`, String(stated[name as keyof typeof sums]), String(found));
  }

  const statedOf = new Map(document.transactions.map((transaction) => [transaction.txid, transaction]));
  const statedLines = new Map(document.transactions.map((transaction) => [transaction.txid, lineOf(transaction.height, transaction.blockHash, transaction.wallets)]));
  for (const { raw, flows: of } of inPeriod) {
    const stated = statedOf.get(raw.txid);
    // The books may not know the hash of an old block; the height says the same once the last block's hash is equal.
    const hash = stated?.blockHash == null ? null : await source.blockHash(raw.height);
    const found = lineOf(raw.height, hash, of.map(({ walletId, changeSats, feeSats }) => ({ walletId, changeSats: String(changeSats), feeSats: feeSats === null ? null : String(feeSats) })));
    differ('transaction', raw.txid, statedLines.get(raw.txid) ?? null, found);
    statedLines.delete(raw.txid);
  }
  for (const [txid, line] of statedLines) differ('transaction', txid, line, null);
  return { differences, transactions: inPeriod.length };
}

/** All confirmed transactions of a wallet as the chain holds them, with the scan that belongs to the same tip. */
async function readWallet(source: ChainSource, wallet: Wallet, raws: Map<string, RawTransaction>, work: ChainWork, reach: WatchReach | undefined) {
  await source.watch(wallet, work, reach);
  for (let left = MOST_SCANS; ; left -= 1) {
    const scan = await source.scanUtxoSet(wallet, work, reach);
    const history = await source.changesSince(wallet, null, work);
    if (history.tip.hash !== scan.blockHash && left > 1) continue;
    let highest = 0;
    for (const { txid, height, received } of history.transactions) {
      for (const { index } of received) highest = Math.max(highest, index);
      if (height === null || raws.has(txid)) continue;
      const { transaction } = parseTransaction(await source.rawTransaction(txid, height));
      raws.set(txid, {
        txid, height,
        ins: transaction.ins.map((input) => formatOutpoint({ txid: txidOfHash(input.hash), vout: input.index })),
        outs: transaction.outs.map(({ script, value }) => ({ script: toHex(script), amountSats: value })),
      });
    }
    const deriver = createAddressDeriver(wallet);
    const scripts = new Set<string>();
    for (let index = 0; index <= highest + DERIVED_AHEAD; index += 1) for (const branch of [0, 1] as const) scripts.add(toHex(deriver.derive(branch, index).scriptPubKey));
    return { scripts, scan };
  }
}

/** What a transaction did to each wallet, from its own bytes. */
function flowsOf(raw: RawTransaction, owned: ReadonlyMap<string, { readonly walletId: string; readonly amountSats: bigint }>): Flow[] {
  const changes = new Map<string, bigint>();
  const spenders = new Set<string | null>();
  let inSats = 0n;
  for (const outpoint of raw.ins) {
    const coin = owned.get(outpoint);
    spenders.add(coin?.walletId ?? null);
    if (coin === undefined) continue;
    inSats += coin.amountSats;
    changes.set(coin.walletId, (changes.get(coin.walletId) ?? 0n) - coin.amountSats);
  }
  raw.outs.forEach((_, vout) => {
    const coin = owned.get(formatOutpoint({ txid: raw.txid, vout }));
    if (coin !== undefined) changes.set(coin.walletId, (changes.get(coin.walletId) ?? 0n) + coin.amountSats);
  });
  const payer = spenders.size === 1 ? ([...spenders][0] ?? null) : null;
  const feeSats = inSats - raw.outs.reduce((sum, { amountSats }) => sum + amountSats, 0n);
  return [...changes].map(([walletId, changeSats]) => ({ walletId, changeSats, feeSats: walletId === payer ? feeSats : null })).sort((a, b) => (a.walletId < b.walletId ? -1 : 1));
}

/** The sums of a close, transaction by transaction: gifts to other wallets first, in the order of their ids. */
function sumsOf(walletId: string, transactions: readonly (readonly Flow[])[]) {
  const sums = { receiptsSats: 0n, paymentsSats: 0n, transfersInSats: 0n, transfersOutSats: 0n, feesSats: 0n, transactions: 0n };
  for (const flows of transactions) {
    const own = flows.find((flow) => flow.walletId === walletId);
    if (own === undefined) continue;
    const nets = flows.map((flow) => ({ walletId: flow.walletId, sats: flow.changeSats + (flow.feeSats ?? 0n) }));
    const total = (sign: 1n | -1n): bigint => nets.reduce((sum, { sats }) => (sats * sign > 0n ? sum + sats * sign : sum), 0n);
    const shared = total(1n) < total(-1n) ? total(1n) : total(-1n);
    const net = own.changeSats + (own.feeSats ?? 0n);
    const sign = net < 0n ? -1n : 1n;
    const before = nets.filter((other) => other.walletId < walletId && other.sats * sign > 0n).reduce((sum, { sats }) => sum + sats * sign, 0n);
    const left = shared > before ? shared - before : 0n;
    const transfer = net * sign < left ? net * sign : left;
    if (sign > 0n) {
      sums.transfersInSats += transfer;
      sums.receiptsSats += net - transfer;
    } else {
      sums.transfersOutSats += transfer;
      sums.paymentsSats += -net - transfer;
    }
    sums.feesSats += own.feeSats ?? 0n;
    sums.transactions += 1n;
  }
  return sums;
}

/** The node's unspent outputs now, less what was received and plus what was spent after a block. */
function rolledBack(walletId: string, scan: Awaited<ReturnType<ChainSource['scanUtxoSet']>>, raws: ReadonlyMap<string, RawTransaction>, owned: ReadonlyMap<string, { readonly walletId: string; readonly amountSats: bigint }>, toHeight: number): bigint {
  let sats = scan.utxos.reduce((sum, { height, amountSats }) => (height <= toHeight ? sum + amountSats : sum), 0n);
  const heightOf = (outpoint: string): number => raws.get(outpoint.slice(0, 64))?.height ?? Number.MAX_SAFE_INTEGER;
  for (const { height, ins } of raws.values()) {
    if (height <= toHeight) continue;
    for (const outpoint of ins) {
      const coin = owned.get(outpoint);
      if (coin?.walletId === walletId && heightOf(outpoint) <= toHeight) sats += coin.amountSats;
    }
  }
  return sats;
}

const lineOf = (height: number, blockHash: string | null, wallets: readonly { readonly walletId: string; readonly changeSats: string; readonly feeSats: string | null }[]): string =>
  `${height} ${blockHash ?? '-'} ${wallets.map(({ walletId, changeSats, feeSats }) => `${walletId} ${changeSats} ${feeSats ?? '-'}`).join(' ')}`;
