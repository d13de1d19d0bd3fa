import { codeForLength, residueOf, valuesOf, type ChecksumCode } from './checksum.ts';
import { ALPHABET, parseCodex32, partAt, type Codex32Part } from './codex32.ts';
import { inverse32, multiply32 } from './field32.ts';

/** A valid string near one that is not. A secret, and a suggestion: a person compares it with the sheet. */
export interface Codex32Correction {
  /** In capitals. */
  readonly text: string;
  readonly changes: readonly { /** From 1, in the whole text. */ readonly position: number; readonly part: Codex32Part; readonly to: string }[];
}

/** What the code is sure to tell apart. @see BIP93, "Error Correction" */
const MOST_UNREADABLE = 8;
const MOST_WRONG = 4;
/** Above this many choices of positions the search would take more than a few seconds. */
const MOST_CHOICES = 1_500_000;

/**
 * The valid string that differs from the given one in up to eight unreadable characters (`?`, or any outside the alphabet),
 * or, when all can be read, in up to four wrong ones (three in strings for seeds of more than 32 bytes).
 * @returns `null` where there is none: more is wrong, or a character is missing or too many
 */
export function correctCodex32(text: string): Codex32Correction | null {
  const lower = text.trim().toLowerCase();
  const code = codeForLength(lower.length - 3);
  if (!/^ms1/.test(lower) || code === null) return null;
  const values = [...lower.slice(3)].map((character) => ALPHABET.indexOf(character));
  const unreadable = values.flatMap((value, index) => (value === -1 ? [index] : []));
  if (unreadable.length > MOST_UNREADABLE) return null;
  const read = values.map((value) => Math.max(value, 0));
  const syndrome = valuesOf(code, residueOf(code, read) ^ code.target);
  const columns = columnsOf(code, values.length);
  const errors = unreadable.length > 0 ? solve(columns, unreadable, syndrome) : search(columns, syndrome);
  if (errors === null) return null;
  for (const [position, error] of errors) read[position] = (read[position] as number) ^ error;
  const corrected = `ms1${read.map((value) => ALPHABET[value]).join('')}`;
  if (!isValid(corrected)) return null;
  const changes = [...errors.keys()].sort((a, b) => a - b).map((position) => ({ position: position + 4, part: partAt(position + 3, corrected.length), to: corrected.charAt(position + 3).toUpperCase() }));
  return { text: corrected.toUpperCase(), changes };
}

function isValid(text: string): boolean {
  try {
    parseCodex32(text);
    return true;
  } catch {
    return false;
  }
}

type Vector = readonly number[];

/** For each position, how an error of 1 there changes the residue; an error of e changes it e times as much. */
function columnsOf(code: ChecksumCode, length: number): readonly Vector[] {
  const columns: Vector[] = [];
  for (let position = 0; position < length; position += 1) {
    columns.push(valuesOf(code, residueOf(code, [1, ...new Array<number>(length - 1 - position).fill(0)], 0n)));
  }
  return columns;
}

/** The errors at the given positions that explain a syndrome, by elimination. */
function solve(columns: readonly Vector[], positions: readonly number[], syndrome: Vector): Map<number, number> | null {
  const [position, ...rest] = positions;
  if (position === undefined) return syndrome.every((value) => value === 0) ? new Map() : null;
  const column = columns[position] as Vector;
  const row = column.findIndex((value) => value !== 0);
  // The columns of up to eight positions are independent (the code's distance is nine), so that there always is a row.
  const reduce = reducer(column, row);
  const errors = solve(columns.map(reduce), rest, reduce(syndrome));
  if (errors === null) return null;
  let own = syndrome[row] as number;
  for (const [other, error] of errors) own ^= multiply32((columns[other] as Vector)[row] as number, error);
  return errors.set(position, multiply32(own, inverse32(column[row] as number)));
}

/** Takes a multiple of a column away from a vector, so that a row of it becomes 0. */
function reducer(column: Vector, row: number): (vector: Vector) => Vector {
  const inverse = inverse32(column[row] as number);
  const scaled = column.map((value) => multiply32(value, inverse));
  return (vector) => {
    const factor = vector[row] as number;
    return factor === 0 ? vector : vector.map((value, index) => value ^ multiply32(factor, scaled[index] as number));
  };
}

/** The fewest errors that explain a syndrome, tried position by position. */
function search(columns: readonly Vector[], syndrome: Vector): Map<number, number> | null {
  for (let count = 1; count <= MOST_WRONG; count += 1) {
    if (choices(columns.length, count) > MOST_CHOICES) return null;
    const positions = choose(columns, syndrome, 0, count);
    if (positions !== null) return solve(columns, positions, syndrome);
  }
  return null;
}

function choose(columns: readonly Vector[], syndrome: Vector, from: number, count: number): number[] | null {
  for (let position = from; position <= columns.length - count; position += 1) {
    const column = columns[position] as Vector;
    if (count === 1) {
      if (isMultiple(syndrome, column)) return [position];
      continue;
    }
    const row = column.findIndex((value) => value !== 0);
    const reduce = reducer(column, row);
    const rest = choose(columns.map((other, index) => (index > position ? reduce(other) : other)), reduce(syndrome), position + 1, count - 1);
    if (rest !== null) return [position, ...rest];
  }
  return null;
}

/** Whether a vector is a column times something other than 0. */
function isMultiple(vector: Vector, column: Vector): boolean {
  const row = column.findIndex((value) => value !== 0);
  if (row === -1 || vector[row] === 0) return false;
  const factor = multiply32(vector[row] as number, inverse32(column[row] as number));
  return vector.every((value, index) => value === multiply32(factor, column[index] as number));
}

function choices(length: number, count: number): number {
  let result = 1;
  for (let step = 0; step < count; step += 1) result = (result * (length - step)) / (step + 1);
  return result;
}
