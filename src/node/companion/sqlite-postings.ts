import type { JournalEvent } from '../../companion/ledger/book-store.ts';
import { postingsOf, type AccountName, type Layer, type Leg } from '../../companion/ledger/postings.ts';
import { text, type SqliteStatements } from './sqlite-statements.ts';

export interface SqlitePostings {
  /**
   * Brings the accounts to what the books say of a transaction: what is missing is posted as a new journal entry, so that nothing that
   * was posted is ever changed. An event that moves no money is written down too, but for `amended`.
   * @param walletId names the network
   */
  post(txid: string, walletId: string, event: JournalEvent, block: { readonly height: number | null; readonly hash: string | null } | null, at: string): void;
}

/** The journal: double entry over the wallets of a network. */
export function sqlitePostings({ all, get, run }: SqliteStatements): SqlitePostings {
  const accountOf = (network: string, name: AccountName, layer: Layer): bigint => {
    // Not remembered between calls: the unit of work that makes an account may be undone.
    const find = (): bigint | undefined => get('SELECT id FROM account WHERE network = ? AND name = ? AND layer = ?', network, name, layer)?.['id'] as bigint | undefined;
    const found = find();
    if (found !== undefined) return found;
    run('INSERT INTO account (network, name, layer) VALUES (?, ?, ?)', network, name, layer);
    return find() as bigint;
  };

  return {
    post(txid, walletId, event, block, at) {
      const network = text(get('SELECT network FROM wallet WHERE wallet_id = ?', walletId)?.['network']);
      const legs = all('SELECT t.wallet_id, t.state, t.change_sats, t.fee_sats FROM wallet_transaction t JOIN wallet w ON w.wallet_id = t.wallet_id WHERE t.txid = ? AND w.network = ? AND t.live = 1', txid, network)
        .map((row): Leg => ({ walletId: text(row['wallet_id']), layer: row['state'] === 'confirmed' ? 'settled' : 'waiting', changeSats: row['change_sats'] as bigint, feeSats: row['fee_sats'] as bigint | null }));
      const due = new Map<bigint, bigint>();
      for (const { account, layer, amountSats } of postingsOf(legs)) {
        const id = accountOf(network, account, layer);
        due.set(id, (due.get(id) ?? 0n) + amountSats);
      }
      for (const row of all('SELECT p.account, sum(p.amount_sats) AS sats FROM journal j JOIN posting p ON p.journal = j.id WHERE j.txid = ? AND j.network = ? GROUP BY p.account', txid, network)) {
        const id = row['account'] as bigint;
        due.set(id, (due.get(id) ?? 0n) - (row['sats'] as bigint));
      }
      const missing = [...due].filter(([, amountSats]) => amountSats !== 0n);
      if (missing.length === 0 && event === 'amended') return;
      const journal = get('SELECT coalesce(max(id), 0) + 1 AS id FROM journal')?.['id'] as bigint;
      for (const [account, amountSats] of missing) run('INSERT INTO posting (journal, account, amount_sats) VALUES (?, ?, ?)', journal, account, amountSats);
      run('INSERT INTO journal (id, network, txid, event, height, block_hash, booked_at) VALUES (?, ?, ?, ?, ?, ?, ?)', journal, network, txid, event, block?.height ?? null, block?.hash ?? null, at);
    },
  };
}
