import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendEntries, emptyJournal, JOURNAL_BYTES, readJournal } from '../../../src/custody/journal.ts';
import { idOf, made, printed, sealed, voided } from './fixtures.ts';

const damaged = (line: number) => expect.objectContaining({ code: 'custody.damaged', details: expect.objectContaining({ line }) });
const journal = appendEntries(emptyJournal, [printed(), made(), sealed(), printed(idOf('b')), voided(idOf('b'))]);
const lines = journal.text.slice(0, -1).split('\n');
const textOf = (changed: readonly string[]): string => `${changed.join('\n')}\n`;
const hash = (line: string): string => createHash('sha256').update(line).digest('hex');

test('a register is one line an entry, each with the SHA-256 of the line before', () => {
  expect(lines.length).toBe(6);
  expect(lines[0]).toBe('{"format":"strongroom-custody-1"}');
  expect(lines.slice(1).map((line) => (JSON.parse(line) as { previous: string }).previous)).toEqual(lines.slice(0, -1).map(hash));
  expect(journal.head).toBe(hash(lines[5] as string));
  expect(journal.entries).toBe(5);
});

test('what is written reads back as the same register', () => {
  const read = readJournal(journal.text);
  expect([...read.register]).toEqual([...journal.register]);
  expect(read).toMatchObject({ entries: 5, head: journal.head, text: journal.text });
  expect(appendEntries(read, [voided()]).text.startsWith(journal.text)).toBe(true);
});

test('an empty register reads back', () => {
  expect(readJournal(emptyJournal.text)).toMatchObject({ entries: 0, head: emptyJournal.head });
});

describe('what was changed outside is noticed', () => {
  test('a changed word, in the line after it', () => {
    expect(() => readJournal(journal.text.replace('BAG 0017', 'BAG 0018'))).toThrow(damaged(5));
  });

  test('a changed word in the last line, where it breaks a rule', () => {
    expect(() => readJournal(journal.text.replace('"remark":"torn"', '"remark":""'))).toThrow(damaged(6));
  });

  test.each([1, 2, 3, 4])('line %i removed', (index) => {
    expect(() => readJournal(textOf(lines.filter((_line, at) => at !== index)))).toThrow(damaged(index + 1));
  });

  test('two lines that changed places', () => {
    expect(() => readJournal(textOf([lines[0], lines[1], lines[3], lines[2], lines[4], lines[5]] as string[]))).toThrow(damaged(3));
  });

  test('a line written twice', () => {
    expect(() => readJournal(textOf([...lines.slice(0, 2), lines[1] as string, ...lines.slice(2)]))).toThrow(damaged(3));
  });

  test('a line that its writer could not have written: blanks, another order, a field more', () => {
    const [head, first] = lines as [string, string];
    const { previous, entry } = JSON.parse(first) as { previous: string; entry: object };
    expect(() => readJournal(textOf([head, first.replace('{', '{ ')]))).toThrow(damaged(2));
    expect(() => readJournal(textOf([head, JSON.stringify({ entry, previous })]))).toThrow(damaged(2));
    expect(() => readJournal(textOf([head, JSON.stringify({ previous, entry: { ...entry, words: 'abandon' } })]))).toThrow(damaged(2));
  });

  test('an entry that hangs together and does not follow: sealed without having been read back', () => {
    const forged = JSON.stringify({ previous: hash(lines[1] as string), entry: sealed() });
    expect(() => readJournal(textOf([lines[0] as string, lines[1] as string, forged]))).toThrow(expect.objectContaining({ code: 'custody.damaged', details: { line: 3, reason: 'it does not follow from what was before (custody.transition)' } }));
  });

  test.each([
    ['an empty file', ''],
    ['another file', 'not a register\n'],
    ['a file cut in the middle of a line', journal.text.slice(0, -10)],
    ['a file without its last line feed', journal.text.slice(0, -1)],
    ['empty lines at its end', `${journal.text}\n`],
  ])('%s', (_name, text) => {
    expect(() => readJournal(text)).toThrow(expect.objectContaining({ code: 'custody.damaged' }));
  });

  test('any other character anywhere but in the last line', () => {
    const end = journal.text.lastIndexOf('\n', journal.text.length - 2);
    fc.assert(
      fc.property(fc.nat(end - 1), fc.constantFrom('x', '0', '"', '\n', '}'), (at, character) => {
        fc.pre(journal.text[at] !== character);
        expect(() => readJournal(journal.text.slice(0, at) + character + journal.text.slice(at + 1))).toThrow(expect.objectContaining({ code: 'custody.damaged' }));
      }),
    );
  });
});

test('what cannot be noticed is said: a register whose last lines were cut off is whole, and its count and hash are others', () => {
  const cut = readJournal(textOf(lines.slice(0, 4)));
  expect(cut.entries).toBe(3);
  expect(cut.head).not.toBe(journal.head);
});

test('a register has a bound', () => {
  const full = { ...emptyJournal, text: 'x'.repeat(JOURNAL_BYTES - 10) };
  expect(() => appendEntries(full, [printed()])).toThrow(expect.objectContaining({ code: 'custody.full' }));
});
