/** One record of a CSV file: its fields and the line on which it starts, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A place where the text breaks the rules of RFC 4180. */
export interface CsvFault {
  readonly line: number;
  readonly reason: 'stray-quote' | 'open-quote';
}

/**
 * The records of a CSV text: comma-separated, fields in double quotes where they hold commas, quotes or line breaks, a
 * quote inside doubled, lines ended by CRLF or LF. A byte order mark at the start and blank lines are passed over.
 * @returns records and all faults; a record with a fault is left out
 * @see RFC 4180, section 2
 */
export function parseCsv(text: string): { readonly records: readonly CsvRecord[]; readonly faults: readonly CsvFault[] } {
  const records: CsvRecord[] = [];
  const faults: CsvFault[] = [];
  let position = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;

  while (position < text.length) {
    const startLine = line;
    const fields: string[] = [];
    let fault: CsvFault['reason'] | null = null;
    let endOfRecord = false;
    while (!endOfRecord) {
      const field = readField(text, position);
      position = field.end;
      line += field.lineBreaks;
      fields.push(field.value);
      fault ??= field.fault;
      if (text[position] === ',') position += 1;
      else endOfRecord = true;
    }
    position += text.startsWith('\r\n', position) ? 2 : 1;
    line += 1;
    if (fault !== null) faults.push({ line: startLine, reason: fault });
    else if (fields.length > 1 || fields[0] !== '') records.push({ line: startLine, fields });
  }
  return { records, faults };
}

interface Field {
  readonly value: string;
  /** Position of the comma or line break that ends the field, or the text's length. */
  readonly end: number;
  readonly lineBreaks: number;
  readonly fault: CsvFault['reason'] | null;
}

function readField(text: string, start: number): Field {
  if (text[start] !== '"') {
    const end = endOfPlainField(text, start);
    const value = text.slice(start, end);
    return { value, end, lineBreaks: 0, fault: value.includes('"') ? 'stray-quote' : null };
  }
  let value = '';
  let position = start + 1;
  for (;;) {
    const quote = text.indexOf('"', position);
    if (quote < 0) {
      return { value: '', end: text.length, lineBreaks: countLineBreaks(text.slice(start)), fault: 'open-quote' };
    }
    value += text.slice(position, quote);
    if (text[quote + 1] !== '"') {
      const end = endOfPlainField(text, quote + 1);
      return { value, end, lineBreaks: countLineBreaks(value), fault: end === quote + 1 ? null : 'stray-quote' };
    }
    value += '"';
    position = quote + 2;
  }
}

function endOfPlainField(text: string, start: number): number {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && !text.startsWith('\r\n', end)) end += 1;
  return end;
}

const countLineBreaks = (value: string): number => value.split('\n').length - 1;

/** A field as CSV, in quotes where it needs them. @see RFC 4180, section 2 */
const csvField = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** One line of CSV with its CRLF. */
export const csvLine = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\r\n`;
