import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { networkNames, type NetworkName } from '../../../domain/network.ts';
import type { BooksFacts } from '../../../service/companion/ledger-work.ts';
import { ledgerFault, requireLedgerVersion } from '../ledger-database.ts';
import { sqliteStatements, type Row } from '../sqlite-statements.ts';

/** The first version that keeps the balance of each account. */
const FIRST_WITH_ACCOUNTS = 3;
/** What stands in a file of strangers is shown: no text longer than ours, no more wallets than anybody has. */
const MOST_TEXT = 100;
const MOST_WALLETS = 1_000;

/**
 * What a backup holds, read from the file as it lies there; nothing is written, not even a lock. Whether its books are sound is not asked.
 * @throws StrongroomError `ledger.malformed`
 */
export function backupFacts(path: string): BooksFacts {
  let database: DatabaseSync | undefined;
  try {
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    database = new DatabaseSync(url, { readOnly: true });
    database.exec('PRAGMA trusted_schema = OFF');
    const version = requireLedgerVersion(database, path);
    return factsOf(sqliteStatements(database, path), version);
  } catch (fault) {
    throw ledgerFault(path, fault);
  } finally {
    database?.close();
  }
}

function factsOf({ all, get }: ReturnType<typeof sqliteStatements>, version: number): BooksFacts {
  const balances = version >= FIRST_WITH_ACCOUNTS
    ? all(`SELECT w.wallet_id, w.name, (SELECT balance_sats FROM account a WHERE a.network = w.network AND a.name = 'wallet:' || w.wallet_id AND a.layer = 'settled') AS settled,
        (SELECT balance_sats FROM account a WHERE a.network = w.network AND a.name = 'wallet:' || w.wallet_id AND a.layer = 'waiting') AS waiting FROM wallet w ORDER BY w.name, w.wallet_id`)
    : all(`SELECT w.wallet_id, w.name, ${sumOf('=')} AS settled, ${sumOf('<>')} AS waiting FROM wallet w ORDER BY w.name, w.wallet_id`);
  return {
    entries: Number(get('SELECT count(*) AS n FROM wallet_transaction')?.['n']),
    lastBookedAt: shown(get('SELECT max(booked_at) AS at FROM wallet_transaction')?.['at']),
    closes: version >= FIRST_WITH_ACCOUNTS ? Number(get('SELECT count(*) AS n FROM period')?.['n']) : 0,
    tips: all('SELECT network, height, refreshed_at FROM tip ORDER BY network').flatMap(tipOf),
    balances: balances.slice(0, MOST_WALLETS).map((row) => ({ walletId: shown(row['wallet_id']) ?? '', walletName: shown(row['name']) ?? '', confirmedSats: sats(row['settled']), unconfirmedSats: sats(row['waiting']) })),
  };
}

/** Before the accounts: received less spent, of what counts. */
const sumOf = (confirmed: '=' | '<>'): string =>
  `(SELECT coalesce(sum((SELECT coalesce(sum(amount_sats), 0) FROM output WHERE entry = t.id) - (SELECT coalesce(sum(amount_sats), 0) FROM spend WHERE entry = t.id)), 0) FROM wallet_transaction t WHERE t.wallet_id = w.wallet_id AND t.live = 1 AND t.state ${confirmed} 'confirmed')`;

const shown = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, MOST_TEXT) : null);
const sats = (value: unknown): bigint => (typeof value === 'bigint' ? value : 0n);

function tipOf(row: Row): BooksFacts['tips'] {
  const network = networkNames.find((name): name is NetworkName => name === row['network']);
  const height = Number(row['height']);
  return network === undefined || !Number.isSafeInteger(height) || height < 0 ? [] : [{ network, height, refreshedAt: shown(row['refreshed_at']) ?? '' }];
}
