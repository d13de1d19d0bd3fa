import type { ChainSource, ChainWork, UtxoSetScan, WatchedCounts, WatchReach } from '../../companion/chain-source.ts';
import { estimateFeeRate } from '../../companion/practice/fee-estimate.ts';
import { LOOKAHEAD, ScriptBook, type BookedScript } from '../../companion/practice/script-book.ts';
import type { PracticeChain } from '../../companion/practice/practice-chain.ts';
import { MIN_RELAY_RATE } from '../../companion/practice/chain-rules.ts';
import { readTransaction } from '../../companion/practice/practice-transaction.ts';
import { scannedUtxos, scriptUtxos, walletChanges, walletTransactions, walletUtxos } from '../../companion/practice/wallet-view.ts';
import { chainParameters } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { createAddressDeriver, type AddressDeriver } from '../../wallet/address.ts';
import { walletDescriptor, type Wallet } from '../../wallet/wallet.ts';
import { signWithHotWallet, type HotWalletProgram } from './practice-hot-signer.ts';
import { PracticeStore } from './practice-store.ts';
import { HOT_WALLET, PracticeHotWallet, unknownNodeWallet, viewWallet } from './practice-wallets.ts';

export interface PracticeChainOptions {
  /** The practice network's folder. */
  readonly folder: string;
  /** The separate program that signs for the node's own wallet, or `null` where it is not installed. */
  readonly hotWallet: HotWalletProgram | null;
}

const cancelled = (): StrongroomError => new StrongroomError('host.cancelled', 'The step was cancelled.', {}, 'Start it again when you are ready.');

const DERIVATION_BATCH = 25;
/** More than a first watch takes, so that one that is stopped leaves nothing. */
const KEPT_AT_ONCE = 1_000;
/** How far past what is watched a scan of the unspent outputs looks: money beyond the gap limit is found by it, and named. */
const SCAN_PAST_WATCHED = 100;

/** The scripts that are watched, and those just past them. */
function widened(book: ScriptBook, deriver: AddressDeriver): Pick<ScriptBook, 'find'> {
  const further = new ScriptBook();
  for (const branch of [0, 1] as const) {
    const from = book.lengthOf(branch);
    for (let step = 0; step < SCAN_PAST_WATCHED; step += 1) further.add(deriver.derive(branch, from + step));
  }
  return { find: (script) => book.find(script) ?? further.find(script) };
}

function placedUtxos(chain: PracticeChain, book: Pick<ScriptBook, 'find'>): UtxoSetScan['utxos'] {
  return scannedUtxos(chain, book).map(({ txid, vout, amountSats, scriptPubKey, height }) => {
    const { branch, index } = book.find(scriptPubKey) as BookedScript;
    return { txid, vout, amountSats, scriptPubKey, height: height ?? chain.height, place: { branch, index } };
  });
}

/**
 * The practice network of a folder as a chain source: the same answers that a node gives, with nothing installed.
 * @throws StrongroomError `file.not-found`, `practice.malformed`, `node.not-ready`
 */
export function openPracticeChainSource(options: PracticeChainOptions): ChainSource {
  const store = new PracticeStore(options.folder);
  const derivers = new Map<string, AddressDeriver>();

  const bookOf = (wallet: Wallet): { readonly name: string; readonly deriver: AddressDeriver } => {
    if (wallet.network !== 'practice') {
      throw new StrongroomError('network.mismatch', `The node is of the practice network, the wallet of ${wallet.network}.`, { network: wallet.network }, 'Use a node of the wallet\'s own network.');
    }
    const name = walletDescriptor(wallet);
    const deriver = derivers.get(name) ?? createAddressDeriver(wallet);
    derivers.set(name, deriver);
    return { name, deriver };
  };

  const hotWallet = (walletName: string): PracticeHotWallet => {
    if (walletName !== HOT_WALLET) throw unknownNodeWallet('The practice node has no wallet of this name.', `Its only wallet is called "${HOT_WALLET}".`);
    return new PracticeHotWallet(store);
  };

  /** Derives what is missing, and keeps it as it goes on: what was stopped goes on where it was. */
  const watch = async (wallet: Wallet, work: ChainWork, reach?: WatchReach): Promise<WatchedCounts> => {
    const { name, deriver } = bookOf(wallet);
    const held = store.read(() => store.scriptBook(name));
    const wanted = Math.max(LOOKAHEAD, (reach?.to ?? -1) + 1);
    const missing = ([0, 1] as const).flatMap((branch) => {
      const from = held?.lengthOf(branch) ?? 0;
      return Array.from({ length: Math.max(0, wanted - from) }, (_, step) => [branch, from + step] as const);
    });
    let scripts: BookedScript[] = [];
    const keep = (): void => {
      store.write(() => store.addScripts(name, scripts));
      scripts = [];
    };
    for (const [done, [branch, index]] of missing.entries()) {
      if (done % DERIVATION_BATCH === 0) {
        if (work.isCancelled()) throw cancelled();
        work.progress({ fraction: done / missing.length, activity: 'Deriving addresses' });
        // Lets a window breathe, and the person's Cancel arrive.
        await new Promise((resolve) => setImmediate(resolve));
      }
      scripts.push(deriver.derive(branch, index));
      if (scripts.length === KEPT_AT_ONCE) keep();
    }
    if (scripts.length > 0) keep();
    if (missing.length > 0) work.progress({ fraction: 1, activity: 'Deriving addresses' });
    const book = store.read(() => store.scriptBook(name));
    return [book?.lengthOf(0) ?? 0, book?.lengthOf(1) ?? 0];
  };

  return {
    status: async () =>
      store.read((chain) => ({
        network: 'practice',
        chain: chainParameters('practice').nodeChain,
        height: chain.height,
        headers: chain.height,
        pruned: false,
        synced: true,
        version: 'strongroom-practice-1',
        minimumFeeRate: MIN_RELAY_RATE,
      })),
    watch,
    utxos: async (wallet) => {
      const { name, deriver } = bookOf(wallet);
      return viewWallet(store, name, deriver.derive, walletUtxos);
    },
    transactions: async (wallet) => {
      const { name, deriver } = bookOf(wallet);
      return viewWallet(store, name, deriver.derive, walletTransactions);
    },
    changesSince: async (wallet, since, work) => {
      const { name, deriver } = bookOf(wallet);
      if (work.isCancelled()) throw cancelled();
      return viewWallet(store, name, deriver.derive, (chain, book) => walletChanges(chain, book, since));
    },
    blockHash: async (height) => store.read((chain) => chain.blockAt(height)?.hash ?? null),
    blockTime: async (height) => store.read((chain) => (chain.blockAt(height) === undefined ? null : chain.medianTimePastAt(height))),
    rawTransaction: async (txid) => {
      const found = store.read((chain) => chain.find(txid));
      if (found === undefined) throw new StrongroomError('node.rejected', 'The practice node knows no such transaction.', {}, 'Check the transaction id.');
      return found.practice.bytes.slice();
    },
    rawTransactions: async (wanted) =>
      store.read((chain) => new Map(wanted.flatMap(({ txid }) => {
        const found = chain.find(txid);
        return found === undefined ? [] : [[txid, found.practice.bytes.slice()] as const];
      }))),
    transactionStatus: async (txid) =>
      store.read((chain) => {
        const found = chain.find(txid);
        if (found === undefined) return { state: 'unknown' };
        return found.height === null ? { state: 'mempool' } : { state: 'confirmed', height: found.height, confirmations: chain.height - found.height + 1 };
      }),
    mempoolEntry: async (txid) => store.read((chain) => chain.mempool.relativesOf(txid)),
    hotUtxos: async (walletName) => hotWallet(walletName).utxos(),
    hotChangeAddress: async (walletName) => hotWallet(walletName).newAddresses(1, 1)[0] as string,
    hotReceiveAddress: async (walletName) => hotWallet(walletName).newAddresses(0, 1)[0] as string,
    hotSign: async (walletName, psbt) => {
      hotWallet(walletName);
      return signWithHotWallet(options.hotWallet, options.folder, psbt);
    },
    estimateFeeRate: async (targetBlocks) => store.read((chain) => estimateFeeRate(chain, targetBlocks)),
    testAccept: async (transaction) => {
      const admission = store.read((chain) => chain.test(transaction));
      return admission.accepted ? { accepted: true } : { accepted: false, reason: admission.reason };
    },
    broadcast: async (transaction) => {
      const known = readTransaction(transaction)?.txid;
      const admission = store.write((chain) => chain.accept(transaction));
      if (admission.accepted) return admission.practice.txid;
      const { reason } = admission;
      // Sent once more, as after a reply that was lost: a node says yes again while the transaction waits.
      if (reason === 'already-known' && known !== undefined && store.read((chain) => chain.mempool.get(known) !== undefined)) return known;
      throw new StrongroomError('broadcast.refused', 'The practice node refused the transaction; nothing was sent.', { reason }, 'Check the transaction against the wallet\'s present coins.');
    },
    scanUtxoSet: async (wallet, work, reach) => {
      const { name, deriver } = bookOf(wallet);
      await watch(wallet, work, reach);
      const scan = viewWallet(store, name, deriver.derive, (chain, book) => ({ height: chain.height, blockHash: chain.tip.hash, utxos: placedUtxos(chain, widened(book, deriver)) }));
      if (work.isCancelled()) throw cancelled();
      return scan;
    },
    scriptUtxos: async (scripts) => store.read((chain) => scriptUtxos(chain, scripts)),
    close: async () => store.close(),
  };
}
