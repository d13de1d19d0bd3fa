import * as v from 'valibot';
import { parseFingerprint, type Fingerprint } from '../../domain/fingerprint.ts';
import { networkNames, type NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

export type DrillSource = 'paper' | 'backup';
export type DrillOutcome = 'passed' | 'failed' | 'abandoned';

/** One thing that was compared after a restore. All of it is public. */
export interface DrillScore {
  readonly what: 'fingerprint' | 'registration' | 'first-receive' | 'first-change';
  /** The wallet's name, where it is about one. */
  readonly wallet: string | null;
  readonly expected: string;
  /** `null` where the restored key leads to nothing of the kind. */
  readonly found: string | null;
  readonly agrees: boolean;
}

/** What an organisation keeps of a drill. Nothing in it is secret. */
export interface DrillRecord {
  readonly fingerprint: Fingerprint;
  readonly network: NetworkName;
  readonly label: string;
  readonly from: DrillSource;
  /** Who drilled. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** From the beginning to the last answer, or to giving up; tenths count. */
  readonly seconds: number;
  readonly outcome: DrillOutcome;
  /** Of the last answer. */
  readonly scores: readonly DrillScore[];
  /** The error code at which the last answer's restore ended, where it ended in one. */
  readonly failure: string | null;
  /** How many answers were given. */
  readonly attempts: number;
  /** ISO 8601 date by which the next drill is due. */
  readonly nextDue: string;
}

const Line = v.pipe(v.string(), v.maxLength(100), v.regex(/^[^\p{C}]*$/u));
const Whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const CalendarDate = v.pipe(v.string(), v.isoDate(), v.check(isRealDate));

const Score = v.strictObject({
  what: v.picklist(['fingerprint', 'registration', 'first-receive', 'first-change']),
  wallet: v.nullable(Line),
  expected: Line,
  found: v.nullable(Line),
  agrees: v.boolean(),
});

const DrillRecordFile = v.strictObject({
  format: v.literal('strongroom-drill'),
  version: v.literal(1),
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
  network: v.picklist(networkNames),
  label: v.pipe(Line, v.maxLength(60)),
  from: v.picklist(['paper', 'backup']),
  by: v.pipe(Line, v.maxLength(60)),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  seconds: v.pipe(v.number(), v.minValue(0), v.maxValue(366 * 24 * 3600)),
  outcome: v.picklist(['passed', 'failed', 'abandoned']),
  // A key and four facts of each of twenty wallets are fewer.
  scores: v.pipe(v.array(Score), v.maxLength(100)),
  failure: v.nullable(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,30}\.[a-z0-9-]{1,30}$/))),
  attempts: v.pipe(Whole, v.maxValue(100_000)),
  nextDue: CalendarDate,
});

type WrittenRecord = v.InferOutput<typeof DrillRecordFile>;

/** The record with the marks of its format, as it crosses the boundary. */
export const writtenRecord = (record: DrillRecord): WrittenRecord => ({ format: 'strongroom-drill', version: 1, ...record, scores: record.scores.map((score) => ({ ...score })) });

export const formatDrillRecord = (record: DrillRecord): string => `${JSON.stringify(writtenRecord(record), null, 2)}\n`;

/**
 * A drill's record as a file states it. It proves nothing: whoever can write to the folder can write one.
 * @throws StrongroomError `drill.record-malformed`; also where a passed drill states a failure or something that disagrees
 */
export function parseDrillRecord(text: string): DrillRecord {
  const read = v.safeParse(DrillRecordFile, parseJson(text));
  if (!read.success) throw malformed('it has not the form of one');
  const { format: _format, version: _version, ...record } = read.output;
  const isFlawless = record.failure === null && record.attempts > 0 && record.scores.length > 0 && record.scores.every(({ agrees }) => agrees);
  if (record.outcome === 'passed' && !isFlawless) throw malformed('it says that the drill was passed, and what it compared says otherwise');
  return { ...record, fingerprint: parseFingerprint(record.fingerprint) };
}

const malformed = (reason: string): StrongroomError =>
  new StrongroomError('drill.record-malformed', `This is not the record of a drill: ${reason}.`, { reason }, 'Choose the record that Strongroom wrote at the end of a drill.');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `2026-02-30` has the form of a date and is none. */
function isRealDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}
