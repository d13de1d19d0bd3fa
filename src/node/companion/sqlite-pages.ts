import type { SQLInputValue } from 'node:sqlite';
import type { BookStore, EntryQuery, ListedEntry } from '../../companion/ledger/book-store.ts';
import type { EntryKind, EntryState } from '../../companion/ledger/ledger.ts';
import { parseBtc } from '../../domain/amount.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { text, type Row, type SqliteStatements } from './sqlite-statements.ts';

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Entries a page at a time, filtered by the database. */
export function sqlitePages({ all, get }: SqliteStatements): Pick<BookStore, 'page' | 'count'> {
  const listed = (row: Row): ListedEntry => {
    const entry = row['id'] as bigint;
    const txid = text(row['txid']);
    const notes = all('SELECT field, text FROM annotation WHERE txid = ? ORDER BY vout, field', txid);
    const ofField = (field: string): string[] => notes.filter((note) => note['field'] === field).map((note) => text(note['text']));
    return {
      txid,
      walletId: text(row['wallet_id']),
      kind: text(row['kind']) as EntryKind,
      state: text(row['state']) as EntryState,
      height: row['height'] === null ? null : Number(row['height']),
      ...(row['block_hash'] === null ? {} : { blockHash: text(row['block_hash']) }),
      feeSats: row['fee_sats'] as bigint | null,
      changeSats: row['change_sats'] as bigint,
      bookedAt: text(row['booked_at']),
      references: [...new Set([...all('SELECT text FROM entry_reference WHERE entry = ? ORDER BY position', entry).map((item) => text(item['text'])), ...ofField('reference')])],
      costCodes: [...new Set(ofField('cost-code'))],
    };
  };

  return {
    count: (walletId) => Number((walletId === null ? get('SELECT count(*) AS n FROM wallet_transaction') : get('SELECT count(*) AS n FROM wallet_transaction WHERE wallet_id = ?', walletId))?.['n']),

    page(query) {
      // Ordered by what a range is over, so that its index serves both and the first page needs no sorting.
      const key = query.fromHeight != null || query.toHeight != null ? 'height' : query.fromDate != null || query.toDate != null ? 'booked_at' : null;
      const conditions = conditionsOf(query);
      if (query.after != null) conditions.push(afterCursor(query.after, key, query.newestFirst === true));
      const order = query.newestFirst === true ? 'DESC' : 'ASC';
      const rows = all(
        `SELECT t.* FROM wallet_transaction t ${indexFor(query, key)} ${conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`}
         ORDER BY ${key === null ? '' : `t.${key} ${order}, `}t.id ${order} LIMIT ?`,
        ...conditions.flatMap(({ values }) => values), query.limit + 1,
      );
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      const next = rows.length <= query.limit || last === undefined ? null : `${key === null ? '' : `${String(last[key])} `}${String(last['id'])}`;
      return { entries: shown.map(listed), next };
    },
  };
}

/**
 * The index that serves the rarest part of the question. SQLite would guess without statistics, and a wrong guess reads the whole table.
 * `NOT INDEXED` leaves the table's own order by booking.
 */
function indexFor(query: EntryQuery, key: string | null): string {
  if (query.text != null || query.costCode != null) return '';
  if (query.state != null && query.state !== 'confirmed' && key === null) return 'INDEXED BY entry_by_state';
  if (key === 'height') return 'INDEXED BY entry_by_height';
  if (key === 'booked_at') return 'INDEXED BY entry_by_date';
  if (query.walletId != null) return 'INDEXED BY entry_by_wallet';
  if (query.kind != null) return 'INDEXED BY entry_by_kind';
  return 'NOT INDEXED';
}

function conditionsOf(query: EntryQuery): Condition[] {
  const conditions: Condition[] = [];
  const add = (value: SQLInputValue | null | undefined, sql: string): void => {
    if (value !== null && value !== undefined) conditions.push({ sql, values: [value] });
  };
  // Where texts are searched, what was found drives: the unary plus keeps the other conditions' indices out of it.
  const of = (column: string): string => (query.text != null || query.costCode != null ? `+t.${column}` : `t.${column}`);
  add(query.walletId, `${of('wallet_id')} = ?`);
  add(query.kind, `${of('kind')} = ?`);
  add(query.state, `${of('state')} = ?`);
  // Named outright, so that the index of what is not confirmed serves whatever the value is.
  if (query.state != null && query.state !== 'confirmed') conditions.push({ sql: `${of('state')} <> 'confirmed'`, values: [] });
  add(query.fromDate, `${of('booked_at')} >= ?`);
  add(query.toDate == null ? null : query.toDate.length === 10 ? `${query.toDate}T23:59:59.999Z` : query.toDate, `${of('booked_at')} <= ?`);
  if (query.fromHeight != null || query.toHeight != null) conditions.push({ sql: `${of('height')} IS NOT NULL`, values: [] });
  add(query.fromHeight, `${of('height')} >= ?`);
  add(query.toHeight, `${of('height')} <= ?`);
  add(query.costCode, `t.txid IN (SELECT txid FROM annotation WHERE field = 'cost-code' AND text = ?)`);
  if (query.text != null && query.text.trim() !== '') conditions.push(textCondition(query.text.trim()));
  return conditions;
}

/** Part of a reference or cost code, the beginning of a transaction id, or an amount. */
function textCondition(words: string): Condition {
  // A whole id is nothing else, and needs no look through the texts.
  if (/^[0-9a-f]{64}$/i.test(words)) return { sql: 't.txid = ?', values: [words.toLowerCase()] };
  const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`;
  const parts: Condition[] = [
    { sql: `SELECT entry FROM entry_reference WHERE text LIKE ? ESCAPE '\\'`, values: [like] },
    { sql: `SELECT e.id FROM annotation a CROSS JOIN wallet_transaction e ON e.txid = a.txid WHERE a.text LIKE ? ESCAPE '\\'`, values: [like] },
  ];
  if (/^[0-9a-f]{4,64}$/i.test(words)) {
    const prefix = words.toLowerCase();
    parts.push({ sql: 'SELECT id FROM wallet_transaction WHERE txid >= ? AND txid < ?', values: [prefix, `${prefix}g`] });
  }
  const amounts = amountsOf(words);
  if (amounts.length > 0) parts.push({ sql: `SELECT id FROM wallet_transaction WHERE change_sats IN (${amounts.map(() => '?').join(', ')})`, values: amounts });
  return { sql: `t.id IN (${parts.map(({ sql }) => sql).join(' UNION ')})`, values: parts.flatMap(({ values }) => values) };
}

/** The satoshis that somebody may have meant, received and spent: `150000`, `0.0015`, `-0.0015 BTC`. */
function amountsOf(words: string): bigint[] {
  const match = /^[+-]?(\d{1,16}(?:\.\d{1,8})?)(?:\s*(btc|sats?))?$/i.exec(words.replaceAll(',', ''));
  if (match === null) return [];
  const [, number = '', unit = ''] = match;
  const found = new Set<bigint>();
  if (!number.includes('.') && !/^btc$/i.test(unit)) found.add(BigInt(number));
  if (!/^sat/i.test(unit)) {
    try {
      found.add(parseBtc(number));
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
    }
  }
  return [...found].flatMap((sats) => [sats, -sats]);
}

function afterCursor(after: string, key: string | null, newestFirst: boolean): Condition {
  const match = /^(?:(\S{1,40}) )?(\d{1,15})$/.exec(after);
  if (match === null || (match[1] === undefined) !== (key === null)) {
    throw new StrongroomError('usage.malformed', 'The place to go on from is not of this list.', {}, 'Ask for the first page again.');
  }
  const than = newestFirst ? '<' : '>';
  const id = Number(match[2]);
  if (key === null) return { sql: `t.id ${than} ?`, values: [id] };
  const place = key === 'height' ? Number(match[1]) : (match[1] as string);
  return { sql: `(t.${key}, t.id) ${than} (?, ?)`, values: [place, id] };
}
