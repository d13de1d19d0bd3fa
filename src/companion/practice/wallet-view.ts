import { compareBytes, toHex, utf8 } from '../../domain/bytes.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import type { BlockPoint, HotUtxo, ScriptUtxo, WalletChanges, WalletTransaction, WalletUtxo } from '../chain-source.ts';
import type { PracticeBlock } from './block.ts';
import { COINBASE_MATURITY } from './chain-rules.ts';
import type { PracticeChain } from './practice-chain.ts';
import { coinsOf, isUnspendable, type Coin, type PracticeTransaction } from './practice-transaction.ts';
import { everyTransaction, type BookedScript, type ScriptBook } from './script-book.ts';

/** What the chain means to one wallet: its coins and its history, found by script. */

const confirmationsOf = (chain: PracticeChain, height: number | null): number => (height === null ? 0 : chain.height - height + 1);

interface OwnCoin {
  readonly coin: Coin;
  readonly booked: BookedScript;
}

/** Unspent outputs of the wallet in the chain and the mempool, less what the mempool spends; oldest first. */
function ownCoins(chain: PracticeChain, book: ScriptBook): readonly OwnCoin[] {
  const own: OwnCoin[] = [];
  const add = (coin: Coin): void => {
    const booked = book.find(coin.scriptPubKey);
    if (booked !== undefined && chain.mempool.spenderOf(formatOutpoint(coin)) === undefined) own.push({ coin, booked });
  };
  for (const coin of chain.utxos.coins()) add(coin);
  for (const { practice } of chain.mempool.entries()) coinsOf(practice, null).forEach(add);
  const order = ({ coin }: OwnCoin): number => coin.height ?? Number.MAX_SAFE_INTEGER;
  return own.sort((a, b) => order(a) - order(b) || compareBytes(utf8(a.coin.txid), utf8(b.coin.txid)) || a.coin.vout - b.coin.vout);
}

/** Unspent outputs of a watched wallet. */
export function walletUtxos(chain: PracticeChain, book: ScriptBook): readonly WalletUtxo[] {
  return ownCoins(chain, book).map(({ coin, booked }) => ({
    txid: coin.txid,
    vout: coin.vout,
    amountSats: coin.amountSats,
    scriptPubKey: coin.scriptPubKey,
    address: booked.address,
    branch: booked.branch,
    index: booked.index,
    confirmations: confirmationsOf(chain, coin.height),
  }));
}

/** Unspent outputs of the node's own wallet. Mature coins are spendable, and its own change before it confirms. */
export function hotUtxos(chain: PracticeChain, book: ScriptBook): readonly HotUtxo[] {
  return ownCoins(chain, book).map(({ coin, booked }) => {
    const confirmations = confirmationsOf(chain, coin.height);
    const mature = !coin.coinbase || confirmations >= COINBASE_MATURITY;
    return {
      txid: coin.txid,
      vout: coin.vout,
      amountSats: coin.amountSats,
      scriptPubKey: coin.scriptPubKey,
      address: booked.address,
      confirmations,
      spendable: mature && (coin.height !== null || isOwnSpend(chain, book, coin.txid)),
    };
  });
}

/** Whether a transaction of the mempool spends nothing but the wallet's own: only then is its change to be trusted. */
function isOwnSpend(chain: PracticeChain, book: ScriptBook, txid: string): boolean {
  const practice = chain.mempool.get(txid)?.practice;
  if (practice === undefined) return true;
  return practice.inputs.every((input) => {
    const coin = chain.coin(input.key);
    return coin !== undefined && book.find(coin.scriptPubKey) !== undefined && isOwnSpend(chain, book, input.txid);
  });
}

/** Confirmed unspent outputs of the wallet, whatever the mempool does with them: what an audit compares. */
export function scannedUtxos(chain: PracticeChain, book: Pick<ScriptBook, 'find'>): readonly Coin[] {
  return [...chain.utxos.coins()].filter((coin) => book.find(coin.scriptPubKey) !== undefined);
}

/** Unspent outputs of scripts, in the chain and the mempool, whoever's they are; what the mempool spends is marked. */
export function scriptUtxos(chain: PracticeChain, scripts: readonly Uint8Array[]): readonly ScriptUtxo[] {
  const wanted = new Set(scripts.map(toHex));
  const coins = [...chain.utxos.coins(), ...chain.mempool.entries().flatMap(({ practice }) => coinsOf(practice, null))];
  return coins.filter((coin) => wanted.has(toHex(coin.scriptPubKey))).map((coin): ScriptUtxo => {
    const { txid, vout, amountSats, scriptPubKey, height } = coin;
    const confirmations = confirmationsOf(chain, height);
    const state = chain.mempool.spenderOf(formatOutpoint(coin)) !== undefined ? 'spent' : coin.coinbase && confirmations < COINBASE_MATURITY ? 'immature' : 'free';
    return { txid, vout, amountSats, scriptPubKey, height, confirmations, state };
  });
}

/** Every transaction that touches the wallet, oldest first; those that are gone come last. */
export function walletTransactions(chain: PracticeChain, book: ScriptBook): readonly WalletTransaction[] {
  const ownOutputs = new Map<string, bigint>();
  for (const practice of everyTransaction(chain)) {
    for (const coin of coinsOf(practice, null)) {
      if (!isUnspendable(coin.scriptPubKey) && book.find(coin.scriptPubKey) !== undefined) ownOutputs.set(formatOutpoint(coin), coin.amountSats);
    }
  }
  const history: WalletTransaction[] = [];
  for (const practice of everyTransaction(chain)) {
    const entry = describe(chain, book, practice, ownOutputs);
    if (entry !== null) history.push(entry);
  }
  return history;
}

/** What is new for the wallet since a block, all of it where that block is not in the chain. */
export function walletChanges(chain: PracticeChain, book: ScriptBook, since: BlockPoint | null): WalletChanges {
  const tip = { height: chain.height, hash: chain.tip.hash };
  const transactions = walletTransactions(chain, book);
  if (since === null || chain.blockAt(since.height)?.hash !== since.hash) return { transactions, isWhole: true, tip };
  return { transactions: transactions.filter(({ height }) => height === null || height > since.height), isWhole: false, tip };
}

function describe(chain: PracticeChain, book: ScriptBook, practice: PracticeTransaction, ownOutputs: ReadonlyMap<string, bigint>): WalletTransaction | null {
  const received = practice.transaction.outs.flatMap((output, vout) => {
    const booked = book.find(output.script);
    return booked === undefined ? [] : [{ vout, amountSats: output.value, branch: booked.branch, index: booked.index }];
  });
  const spent = practice.inputs.flatMap(({ txid, vout, key }) => {
    const amountSats = ownOutputs.get(key);
    return amountSats === undefined ? [] : [{ txid, vout, amountSats }];
  });
  if (received.length === 0 && spent.length === 0) return null;
  const found = chain.find(practice.txid);
  const isOwn = spent.length === practice.inputs.length;
  const outputsSats = practice.transaction.outs.reduce((total, output) => total + output.value, 0n);
  return {
    txid: practice.txid,
    height: found?.height ?? null,
    ...(found === undefined || found.height === null ? {} : { blockHash: (chain.blockAt(found.height) as PracticeBlock).hash }),
    confirmations: found === undefined ? -1 : confirmationsOf(chain, found.height),
    received,
    spent,
    feeSats: isOwn ? spent.reduce((total, coin) => total + coin.amountSats, 0n) - outputsSats : null,
  };
}
