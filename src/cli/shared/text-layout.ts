import { formatBtc } from '../../domain/amount.ts';
import { shownUnit } from './shown-unit.ts';

// Styled text carries SGR sequences, which take no room on the screen.
const SGR = /\u001b\[[0-9;]*m/g;

/** Characters that a text takes on the screen. */
const visibleLength = (text: string): number => [...text.replace(SGR, '')].length;

const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - visibleLength(text)));
const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - visibleLength(text))) + text;

/** Lines of at most `width` characters, broken at blanks; every line begins with `indent`. A longer word stays whole. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && visibleLength(indent) + visibleLength(line) + 1 + visibleLength(word) > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, indent + line];
}

/** Two columns: a name and its explanation, which wraps below itself. */
export function columns(rows: readonly (readonly string[])[], width = 96): readonly string[] {
  const left = Math.min(34, Math.max(...rows.map(([name = '']) => visibleLength(name)), 0)) + 2;
  return rows.flatMap(([name = '', text = '']) => {
    const wrapped = wrap(text, width, ' '.repeat(left));
    if (visibleLength(name) + 2 > left) return [name, ...wrapped];
    const [first = '', ...rest] = wrapped;
    return [padEnd(name, left) + first.trimStart(), ...rest];
  });
}

/** A table: columns as wide as their widest cell, right-aligned where said. */
export function table(rows: readonly (readonly string[])[], rightAligned: readonly number[] = [], indent = ''): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell))));
  return rows.map((row) => {
    const cells = row.map((cell, column) => (rightAligned.includes(column) ? padStart(cell, widths[column] as number) : padEnd(cell, widths[column] as number)));
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}

/** A label and its value, a pair a line, the values aligned. */
export const facts = (rows: readonly (readonly [label: string, value: string])[], indent = ''): readonly string[] => table(rows, [], indent);

/** `0.18400000 BTC` from satoshis as a decimal string, in the unit of the coin that the command is about. */
export const btc = (satsText: string): string => `${formatBtc(BigInt(satsText))} ${shownUnit()}`;

/** `18,400,000 sat` from satoshis as a decimal string. */
export const satsText = (sats: string): string => `${sats.replace(/\B(?=(\d{3})+$)/g, ',')} sat`;

/** An address in groups of four, for reading aloud and comparing; the copy that is pasted stands beside it, whole. */
export const inFours = (address: string): string => (address.match(/.{1,4}/g) ?? []).join(' ');
