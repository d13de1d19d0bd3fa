import type { ChainSource, ChainWork, NodeStatus, WalletTransaction } from '../../companion/chain-source.ts';
import { balanceOf } from '../../companion/ledger/balance.ts';
import { bookTransactions } from '../../companion/ledger/book.ts';
import type { BookedWallet, BroadcastIntent, Ledger } from '../../companion/ledger/ledger.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';

export interface Refreshed {
  readonly status: NodeStatus;
  /** Transactions of the wallets in the books. */
  readonly entries: number;
  /** Intents that the node does not know. */
  readonly unsent: readonly string[];
}

/**
 * Brings the books of wallets up to date: asks the node first, then writes everything at once, so that the books never
 * hold half of what the node said.
 * @param status the node's, known to be of the wallets' network
 */
export async function refreshBooks(source: ChainSource, ledger: Ledger, wallets: readonly Wallet[], network: NodeStatus['network'], now: string, work: ChainWork): Promise<Refreshed> {
  const seen: { readonly wallet: BookedWallet; readonly transactions: readonly WalletTransaction[] }[] = [];
  for (const wallet of wallets) {
    await source.watch(wallet, work);
    seen.push({ wallet: { walletId: policyIdOf(wallet).walletId, name: wallet.name, network: wallet.network }, transactions: await source.transactions(wallet) });
  }
  const arrived: BroadcastIntent[] = [];
  const unsent: string[] = [];
  for (const intent of ledger.intents(network, 'intended')) {
    if ((await source.transactionStatus(intent.txid)).state === 'unknown') unsent.push(intent.txid);
    else arrived.push(intent);
  }
  const status = await source.status();
  return ledger.atomically(() => {
    for (const intent of arrived) ledger.saveIntent({ ...intent, state: 'sent' });
    let entries = 0;
    for (const { wallet, transactions } of seen) {
      ledger.saveWallet(wallet);
      const originOf = (txid: string) => {
        const intent = ledger.intent(txid);
        return { intent, plan: ledger.plan(intent?.planId ?? txid) };
      };
      for (const changed of bookTransactions(wallet.walletId, ledger.transactions(wallet.walletId), transactions, originOf, now)) ledger.saveTransaction(changed);
      entries += ledger.transactions(wallet.walletId).length;
    }
    ledger.saveTip({ network, height: status.height, refreshedAt: now });
    return { status, entries, unsent };
  });
}

/** The balances of wallets as booked. */
export const bookedBalances = (ledger: Ledger, wallets: readonly BookedWallet[]) =>
  wallets.map(({ walletId, name }) => {
    const { confirmedSats, unconfirmedSats } = balanceOf(ledger.transactions(walletId));
    return { walletId, walletName: name, confirmedSats: String(confirmedSats), unconfirmedSats: String(unconfirmedSats) };
  });
