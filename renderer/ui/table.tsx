import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
}

interface TableProps<Row> {
  /** Read by screen readers; the section's heading says it to others. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What stands in a table without rows. */
  readonly empty: string;
}

export function Table<Row>({ caption, columns, rows, keyOf, empty }: TableProps<Row>) {
  return (
    <table>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>{columns.map((column) => <th key={column.name} scope="col" class={column.isNumber === true ? 'number' : undefined}>{column.name}</th>)}</tr>
      </thead>
      <tbody>
        {rows.length === 0 && <tr><td class="empty-cell" colSpan={columns.length}>{empty}</td></tr>}
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column) => <td key={column.name} class={column.isNumber === true ? 'number' : undefined}>{column.cell(row)}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
