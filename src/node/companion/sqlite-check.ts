import type { BookFault } from '../../companion/ledger/book-store.ts';
import type { Row, SqliteStatements } from './sqlite-statements.ts';

/** How many faults of one kind are told: a damaged file has many. */
const MOST_FAULTS = 20;

/**
 * SQLite has no statistics of this file: CROSS JOIN and the unary plus keep it from guessing an index that reads all entries for each one.
 * One question for each rule of the books; each row that it answers is a fault, its `subject` what it is about.
 */
const questions: readonly (readonly [BookFault['code'], string])[] = [
  ['not-zero', `SELECT p.journal || ' ' || a.layer AS subject FROM posting p JOIN account a ON a.id = p.account GROUP BY p.journal, a.layer HAVING sum(p.amount_sats) <> 0`],
  ['not-zero', 'SELECT p.journal AS subject FROM posting p WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.id = p.journal)'],
  ['not-zero', 'SELECT network || \' \' || layer AS subject FROM account GROUP BY network, layer HAVING sum(balance_sats) <> 0'],
  ['balance', `SELECT a.name || ' ' || a.layer AS subject FROM account a LEFT JOIN (SELECT account, sum(amount_sats) AS sats FROM posting GROUP BY account) p ON p.account = a.id WHERE a.balance_sats <> coalesce(p.sats, 0)`],
  ['entry-sum', `SELECT t.txid AS subject FROM wallet_transaction t
    LEFT JOIN (SELECT entry, sum(amount_sats) AS sats FROM output GROUP BY entry) o ON o.entry = t.id
    LEFT JOIN (SELECT entry, sum(amount_sats) AS sats FROM spend GROUP BY entry) s ON s.entry = t.id
    WHERE t.change_sats <> coalesce(o.sats, 0) - coalesce(s.sats, 0)`],
  ['wallet-balance', `SELECT w.wallet_id || ' ' || l.layer AS subject FROM wallet w, (SELECT 'settled' AS layer UNION ALL SELECT 'waiting') l
    LEFT JOIN account a ON a.network = w.network AND a.name = 'wallet:' || w.wallet_id AND a.layer = l.layer
    LEFT JOIN (SELECT wallet_id, CASE state WHEN 'confirmed' THEN 'settled' ELSE 'waiting' END AS layer, sum(change_sats) AS sats FROM wallet_transaction WHERE live = 1 GROUP BY 1, 2) t ON t.wallet_id = w.wallet_id AND t.layer = l.layer
    WHERE coalesce(a.balance_sats, 0) <> coalesce(t.sats, 0)`],
  ['wallet-balance', `SELECT a.network || ' fees ' || a.layer AS subject FROM account a
    LEFT JOIN (SELECT w.network, CASE t.state WHEN 'confirmed' THEN 'settled' ELSE 'waiting' END AS layer, sum(t.fee_sats) AS sats FROM wallet_transaction t JOIN wallet w ON w.wallet_id = t.wallet_id WHERE t.live = 1 GROUP BY 1, 2) f ON f.network = a.network AND f.layer = a.layer
    WHERE a.name = 'fees' AND a.balance_sats <> coalesce(f.sats, 0)`],
  ['unspent', `SELECT txid || ':' || vout AS subject FROM (
      SELECT wallet_id, txid, vout, amount_sats, height FROM unspent
      EXCEPT SELECT t.wallet_id, t.txid, o.vout, o.amount_sats, t.height FROM wallet_transaction t JOIN output o ON o.entry = t.id WHERE t.live = 1 AND t.state = 'confirmed')`],
  ['unspent', `SELECT u.txid || ':' || u.vout AS subject FROM unspent u WHERE EXISTS (
      SELECT 1 FROM spend s CROSS JOIN wallet_transaction t ON t.id = s.entry WHERE s.txid = u.txid AND s.vout = u.vout AND +t.wallet_id = u.wallet_id AND t.live = 1 AND +t.state = 'confirmed')`],
  ['unspent', `SELECT t.txid || ':' || o.vout AS subject FROM wallet_transaction t JOIN output o ON o.entry = t.id WHERE t.live = 1 AND t.state = 'confirmed' AND t.height IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM unspent u WHERE u.wallet_id = t.wallet_id AND u.txid = t.txid AND u.vout = o.vout)
      AND NOT EXISTS (SELECT 1 FROM spend s CROSS JOIN wallet_transaction x ON x.id = s.entry WHERE s.txid = t.txid AND s.vout = o.vout AND +x.wallet_id = t.wallet_id AND x.live = 1 AND +x.state = 'confirmed')`],
  // Each closed period follows the one before it, and none is left out.
  ['period-chain', `SELECT p.sha256 AS subject FROM period p LEFT JOIN period q ON q.sha256 = p.previous
    WHERE p.previous IS NOT (SELECT sha256 FROM period r WHERE r.wallets = p.wallets AND r.to_height < p.to_height ORDER BY r.to_height DESC LIMIT 1)
       OR (q.sha256 IS NOT NULL AND (q.wallets <> p.wallets OR q.to_height + 1 <> p.from_height))`],
  // What was closed follows from what had been posted by then: the past was not rewritten.
  ['period-balance', `SELECT p.sha256 || ' ' || b.wallet_id AS subject FROM period p JOIN period_balance b ON b.period = p.id
    WHERE b.closing_sats <> (SELECT coalesce(sum(o.amount_sats), 0) FROM journal j JOIN posting o ON o.journal = j.id JOIN account a ON a.id = o.account
      WHERE j.id <= p.last_journal AND j.height <= p.to_height AND a.network = p.network AND a.layer = 'settled' AND a.name = 'wallet:' || b.wallet_id)`],
];

/** Where a check stands: what of it is done, and where the step that begins now will bring it; 0 to 1 both. */
export interface CheckStep {
  readonly done: number;
  readonly until: number;
  /** Says what the step looks at. */
  readonly activity: string;
}

/** Shares of the time, as measured on a million entries: the structure takes half of it, no question more than a tenth. */
const STRUCTURE = 0.5;
const REFERENCES = 0.05;

const activities: Readonly<Record<BookFault['code'], string>> = {
  database: 'Going through every page and index', 'foreign-key': 'Following every reference', 'not-zero': 'Adding up every entry of the journal', balance: 'Adding up every account', 'entry-sum': 'Comparing entries with their outputs',
  'wallet-balance': 'Comparing wallets with their entries', unspent: 'Comparing unspent outputs with what was spent', 'period-chain': 'Following the closed periods', 'period-balance': 'Adding up the closed periods',
};

/** Goes through the whole file and every rule of the books. @param tell hears of each step before it begins */
export function checkBooks({ all }: SqliteStatements, tell: (step: CheckStep) => void = () => undefined): readonly BookFault[] {
  const told = (code: BookFault['code'], rows: readonly Row[]): BookFault[] => rows.map((row) => ({ code, subject: String(row['subject']) }));
  tell({ done: 0, until: STRUCTURE, activity: activities.database });
  const damage = all(`PRAGMA integrity_check(${MOST_FAULTS})`).filter((row) => row['integrity_check'] !== 'ok');
  // What a damaged file answers to anything else means nothing.
  if (damage.length > 0) return damage.map(() => ({ code: 'database', subject: 'file' }));
  tell({ done: STRUCTURE, until: STRUCTURE + REFERENCES, activity: activities['foreign-key'] });
  const orphans = all('PRAGMA foreign_key_check').slice(0, MOST_FAULTS).map((row): BookFault => ({ code: 'foreign-key', subject: String(row['table']) }));
  const shareOf = (asked: number): number => STRUCTURE + REFERENCES + ((1 - STRUCTURE - REFERENCES) * asked) / questions.length;
  return [...orphans, ...questions.flatMap(([code, sql], index) => {
    tell({ done: shareOf(index), until: shareOf(index + 1), activity: activities[code] });
    return told(code, all(`${sql} LIMIT ${MOST_FAULTS}`));
  })];
}
