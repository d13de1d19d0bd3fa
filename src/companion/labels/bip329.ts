import { StrongroomError } from '../../errors/strongroom-error.ts';
import { rejectPrivateKeyText } from '../../wallet/key-record.ts';
import { membersOf, withMembers } from './json-members.ts';

/** The types that BIP329 knows. Records of others are kept and given out again as they came. */
export const labelTypes = ['tx', 'addr', 'pubkey', 'input', 'output', 'xpub'] as const;
export type LabelType = (typeof labelTypes)[number];

/** A label of BIP329. */
export interface LabelRecord {
  /** One of `labelTypes`, or another one, kept unread. */
  readonly type: string;
  /** Transaction id, address, key, or `txid:vout`; ids and outpoints in lower case. */
  readonly ref: string;
  /** The account that a transaction's label is of, as an abbreviated descriptor; empty where none is named. */
  readonly origin: string;
  readonly label: string;
  /** True where an output says `"spendable": false`: nobody may choose it. */
  readonly frozen: boolean;
  /** Of an output, in a field of Strongroom's own. */
  readonly tags: readonly string[];
  /** The record as it is written, without its line end: with every field that is not known here, byte for byte. */
  readonly line: string;
}

/** Why a line is no label. */
export type LabelFault = 'json' | 'type' | 'ref' | 'label' | 'origin' | 'spendable' | 'tags' | 'field-twice' | 'too-long' | 'too-many';

/** A file of labels: 32 MiB of text. */
export const MAX_LABELS_TEXT = 33_554_432;
const MAX_RECORDS = 500_000;
const MAX_LINE = 16_384;
/** BIP329 has readers take 255 characters at least; some write more. */
const MAX_LABEL = 4_096;
const MAX_TAGS = 50;
const LISTED_FAULTS = 50;
/** The field for tags: BIP329 lets programs add fields, and has others pass them on. */
const TAGS_FIELD = 'strongroom_tags';

const refOf: Readonly<Record<LabelType, RegExp>> = {
  tx: /^[0-9a-f]{64}$/i,
  addr: /^[A-Za-z0-9]{14,120}$/,
  pubkey: /^(0[23][0-9a-f]{64}|04[0-9a-f]{128}|[0-9a-f]{64})$/i,
  input: /^[0-9a-f]{64}:(0|[1-9][0-9]{0,9})$/i,
  output: /^[0-9a-f]{64}:(0|[1-9][0-9]{0,9})$/i,
  xpub: /^[1-9A-HJ-NP-Za-km-z]{100,120}$/,
};

/**
 * The labels of a JSON Lines text. A later line takes the place of an earlier one of the same type, reference and origin.
 * @throws StrongroomError `labels.malformed` with every fault: `count`, and `faults` as `line:reason` parted by blanks;
 * `wallet.private-key`
 * @see BIP329
 */
export function parseLabels(text: string): readonly LabelRecord[] {
  const records = new Map<string, LabelRecord>();
  const faults: { line: number; reason: LabelFault }[] = [];
  const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
  if (lines.length > MAX_RECORDS + 1) throw malformed([{ line: MAX_RECORDS + 1, reason: 'too-many' }]);
  lines.forEach((raw, index) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') return;
    const read = line.length > MAX_LINE ? 'too-long' : readLabel(line);
    if (typeof read === 'string') faults.push({ line: index + 1, reason: read });
    else records.set(JSON.stringify([read.type, read.ref, read.origin]), read);
  });
  if (faults.length > 0) throw malformed(faults);
  return [...records.values()];
}

function readLabel(line: string): LabelRecord | LabelFault {
  const value = objectOrNull(line);
  if (value === null) return 'json';
  const names = membersOf(line).map(({ name }) => name);
  if (new Set(names).size !== names.length) return 'field-twice';
  const { type, ref, label = '', origin = '', spendable, [TAGS_FIELD]: tags = [] } = value;
  if (typeof type !== 'string' || !/^[A-Za-z0-9_-]{1,40}$/.test(type)) return 'type';
  if (typeof ref !== 'string' || ref === '' || ref.length > 1_000) return 'ref';
  const known = labelTypes.find((name) => name === type);
  // SECURITY: labels cross to every machine that keeps the books; a key or its words have no place in them.
  rejectPrivateKeyText(ref);
  if (known !== undefined && !refOf[known].test(ref)) return 'ref';
  if (typeof label !== 'string' || label.length > MAX_LABEL) return 'label';
  rejectPrivateKeyText(label);
  if (typeof origin !== 'string' || origin.length > 1_000) return 'origin';
  if (spendable !== undefined && typeof spendable !== 'boolean') return 'spendable';
  if (!Array.isArray(tags) || tags.length > MAX_TAGS || !tags.every((tag) => typeof tag === 'string' && isTag(tag))) return 'tags';
  const isOutput = known === 'output';
  return { type, ref: known === 'addr' || known === 'xpub' || known === undefined ? ref : ref.toLowerCase(), origin, label, frozen: isOutput && spendable === false, tags: isOutput ? (tags as string[]) : [], line };
}

function objectOrNull(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** Labels as JSON Lines. */
export const formatLabels = (records: readonly LabelRecord[]): string => records.map(({ line }) => `${line}\n`).join('');

/** A record of our own. */
export function newLabel(type: LabelType, ref: string, label: string): LabelRecord {
  return { type, ref, origin: '', label, frozen: false, tags: [], line: JSON.stringify({ type, ref, label }) };
}

/** The record with another label, or frozen or tagged otherwise; its other fields stay as they were written. */
export function withLabel(record: LabelRecord, change: { readonly label?: string; readonly frozen?: boolean; readonly tags?: readonly string[] }): LabelRecord {
  const line = withMembers(record.line, {
    ...(change.label === undefined ? {} : { label: change.label }),
    ...(change.frozen === undefined ? {} : { spendable: !change.frozen }),
    ...(change.tags === undefined ? {} : { [TAGS_FIELD]: change.tags }),
  });
  return { ...record, ...change, line };
}

/** A tag: letters, digits and `._-` of any language, at most 40. */
export const isTag = (text: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u.test(text);

/**
 * @throws StrongroomError `coins.tag-malformed`
 */
export function requireTag(text: string): string {
  if (isTag(text)) return text;
  throw new StrongroomError('coins.tag-malformed', 'A tag has letters, digits, points, hyphens and underscores, at most 40.', { length: text.length }, 'Write for example customers-2026.');
}

/** A label as it is shown: without characters that would make it look like something else. */
export const shownLabel = (label: string): string => label.replace(/\p{C}/gu, '').slice(0, 255);

function malformed(faults: readonly { readonly line: number; readonly reason: LabelFault }[]): StrongroomError {
  const listed = faults.slice(0, LISTED_FAULTS).map(({ line, reason }) => `${line}:${reason}`).join(' ');
  const [first] = faults as [{ line: number; reason: LabelFault }];
  return new StrongroomError(
    'labels.malformed',
    `The file of labels has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}; the first is on line ${first.line}.`,
    { count: faults.length, firstLine: first.line, firstReason: first.reason, faults: listed },
    'Give a file of labels in the form of BIP329: one JSON object a line, with "type" and "ref".',
  );
}
