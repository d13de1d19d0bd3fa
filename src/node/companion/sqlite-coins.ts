import type { CoinStore } from '../../companion/coins/coins.ts';
import { newLabel, parseLabels, withLabel, type LabelRecord, type LabelType } from '../../companion/labels/bip329.ts';
import { text, type Row, type SqliteStatements } from './sqlite-statements.ts';

/** Labels, frozen outputs, tags and offered addresses in the ledger's file. */
export function sqliteCoins({ all, get, run, together }: SqliteStatements): CoinStore {
  const tagsOf = (outpoint: string): readonly string[] => all('SELECT tag FROM coin_tag WHERE outpoint = ? ORDER BY tag', outpoint).map((row) => text(row['tag']));
  const recordOf = (row: Row): LabelRecord => ({
    type: text(row['type']), ref: text(row['ref']), origin: text(row['origin']), label: text(row['label']), frozen: row['frozen'] === 1n, line: text(row['line']),
    tags: row['type'] === 'output' ? tagsOf(text(row['ref'])) : [],
  });
  const label = (type: LabelType, ref: string): LabelRecord | null => {
    const row = get('SELECT * FROM label WHERE type = ? AND ref = ? ORDER BY id LIMIT 1', type, ref);
    return row === undefined ? null : recordOf(row);
  };
  const writeTags = (outpoint: string, tags: readonly string[]): void => {
    run('DELETE FROM coin_tag WHERE outpoint = ?', outpoint);
    for (const tag of tags) run('INSERT INTO coin_tag (outpoint, tag) VALUES (?, ?) ON CONFLICT DO NOTHING', outpoint, tag);
  };
  const save = (records: readonly LabelRecord[]): void => together(() => {
    for (const { type, ref, origin, label: words, frozen, tags, line } of records) {
      run(
        'INSERT INTO label (type, ref, origin, label, frozen, line) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (type, ref, origin) DO UPDATE SET label = excluded.label, frozen = excluded.frozen, line = excluded.line',
        type, ref, origin, words, frozen ? 1 : 0, line,
      );
      if (type === 'output' && tags.length > 0) writeTags(ref, [...new Set([...tagsOf(ref), ...tags])]);
    }
  });
  /** Every record of an output: whichever account froze it, it is to be free when it is let go. */
  const ofOutput = (outpoint: string): readonly LabelRecord[] => {
    const rows = all('SELECT * FROM label WHERE type = \'output\' AND ref = ? ORDER BY id', outpoint).map(recordOf);
    return rows.length > 0 ? rows : [newLabel('output', outpoint, '')];
  };

  return {
    labels: () => all('SELECT * FROM label ORDER BY id').map(recordOf),
    label,
    saveLabels: save,

    frozen: () => new Set(all('SELECT ref FROM label WHERE frozen = 1 AND type = \'output\'').map((row) => text(row['ref']))),
    setFrozen: (outpoint, frozen) => save(ofOutput(outpoint).map((record) => withLabel(record, { frozen }))),
    tags: () => new Map([...Map.groupBy(all('SELECT outpoint, tag FROM coin_tag ORDER BY outpoint, tag'), (row) => text(row['outpoint']))].map(([outpoint, rows]) => [outpoint, rows.map((row) => text(row['tag']))])),
    setTags(outpoint, tags) {
      together(() => {
        writeTags(outpoint, tags);
        const [first] = ofOutput(outpoint) as [LabelRecord];
        const { line } = withLabel(first, { tags: tagsOf(outpoint) });
        // Read again, so that what is kept is what the line says.
        save(parseLabels(line));
      });
    },

    offered: (walletId, branch) => all('SELECT child FROM offered_address WHERE wallet_id = ? AND branch = ? ORDER BY child', walletId, branch).map((row) => Number(row['child'])),
    saveOffered: (walletId, branch, index, offeredAt) => run('INSERT INTO offered_address (wallet_id, branch, child, offered_at) VALUES (?, ?, ?, ?)', walletId, branch, index, offeredAt),
  };
}
