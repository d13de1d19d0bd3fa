import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { toHex, utf8 } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { CustodyEntry } from './entry.ts';
import { emptyRegister, record, recordInto, type KeptSheet, type Register } from './register.ts';

/**
 * The register as a text file: one JSON object a line, each with the SHA-256 of the line before, so that a line that was
 * changed, removed, added or moved is noticed when the file is read. What this cannot notice is that the last lines were cut
 * off or written anew by somebody who knows the format: keep copies, and compare the number of entries and the last hash with
 * the minutes.
 */

/** The most that is read: about a hundred thousand entries. */
export const JOURNAL_BYTES = 33_554_432;

const HEADER = '{"format":"strongroom-custody-1"}';

const Line = v.strictObject({ previous: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), entry: CustodyEntry });

/** A register as it was read. */
export interface Journal {
  readonly text: string;
  readonly register: Register;
  /** How many entries. */
  readonly entries: number;
  /** SHA-256 of the last line, 64 hex digits: what the minutes of a ceremony can note. */
  readonly head: string;
}

const hashOf = (line: string): string => toHex(sha256(utf8(line)));

export const emptyJournal: Journal = { text: `${HEADER}\n`, register: emptyRegister, entries: 0, head: hashOf(HEADER) };

/**
 * Reads a register and checks all of it: form, chain, and every step.
 * @throws StrongroomError `custody.damaged`, with the line's number
 */
export function readJournal(text: string): Journal {
  if (!text.endsWith('\n')) throw damaged(text.split('\n').length, 'it ends in the middle of a line');
  const lines = text.slice(0, -1).split('\n');
  if (lines[0] !== HEADER) throw damaged(1, 'it is not a custody register');
  const register = new Map<string, KeptSheet>();
  let head = emptyJournal.head;
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const parsed = v.safeParse(Line, parseJson(line));
    // Written anew it must be the same text: two texts of one entry would have two hashes.
    if (!parsed.success || lineOf(parsed.output.previous, parsed.output.entry) !== line) throw damaged(index + 1, 'it is not an entry');
    if (parsed.output.previous !== head) throw damaged(index + 1, 'a line before it was changed, added or removed');
    try {
      recordInto(register, parsed.output.entry);
    } catch (fault) {
      if (!(fault instanceof StrongroomError)) throw fault;
      throw damaged(index + 1, `it does not follow from what was before (${fault.code})`);
    }
    head = hashOf(line);
  }
  return { text, register, entries: lines.length - 1, head };
}

/**
 * The register with more entries.
 * @throws StrongroomError as `record`; `custody.full`
 */
export function appendEntries(journal: Journal, entries: readonly CustodyEntry[]): Journal {
  const register = record(journal.register, entries);
  const lines: string[] = [];
  let head = journal.head;
  for (const entry of entries) {
    const line = lineOf(head, v.parse(CustodyEntry, entry));
    lines.push(`${line}\n`);
    head = hashOf(line);
  }
  const text = journal.text + lines.join('');
  if (utf8(text).length > JOURNAL_BYTES) {
    throw new StrongroomError('custody.full', 'The custody register is as large as one may be.', { entries: journal.entries }, 'Put it away with the minutes and begin a new one.');
  }
  return { text, register, entries: journal.entries + entries.length, head };
}

/** Fields in the order of the schema. */
const lineOf = (previous: string, entry: CustodyEntry): string => JSON.stringify({ previous, entry });

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const damaged = (line: number, reason: string): StrongroomError =>
  new StrongroomError('custody.damaged', `The custody register was changed or is damaged at line ${line}: ${reason}.`, { line, reason }, 'Do not go on with it. Compare it with its last generation (.previous) and with your copies, and find out who changed it.');
