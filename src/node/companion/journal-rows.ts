import type { Annotation, AnnotationChange, JournalEntry, JournalEvent } from '../../companion/ledger/book-store.ts';
import type { AccountName, Layer } from '../../companion/ledger/postings.ts';
import { parseNetwork } from '../../domain/network.ts';
import { text, type Row, type SqliteStatements } from './sqlite-statements.ts';

/** What a note stands on. */
export const annotationPlaceOf = (row: Row) => ({ txid: text(row['txid']), vout: row['vout'] === -1n ? null : Number(row['vout']), field: text(row['field']) as Annotation['field'] });

export const annotationChangeOf = (row: Row): AnnotationChange => ({
  ...annotationPlaceOf(row), before: row['before'] as string | null, after: row['after'] as string | null, changedBy: text(row['changed_by']), changedAt: text(row['changed_at']),
});

export const journalEntryOf = ({ all }: SqliteStatements, row: Row): JournalEntry => ({
  id: Number(row['id']),
  network: parseNetwork(text(row['network'])),
  txid: text(row['txid']),
  event: text(row['event']) as JournalEvent,
  height: row['height'] === null ? null : Number(row['height']),
  blockHash: row['block_hash'] as string | null,
  bookedAt: text(row['booked_at']),
  postings: all('SELECT a.name, a.layer, p.amount_sats FROM posting p JOIN account a ON a.id = p.account WHERE p.journal = ? ORDER BY a.name, a.layer', row['id'] as bigint)
    .map((posting) => ({ account: text(posting['name']) as AccountName, layer: text(posting['layer']) as Layer, amountSats: posting['amount_sats'] as bigint })),
});
