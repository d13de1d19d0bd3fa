import * as v from 'valibot';
import { GivenSecret } from './key-wire.ts';
import { FileBase64, FingerprintText, Network, Passphrase, SmallText } from './wire.ts';

/** Schemas of restore drills: a key brought back from paper or a backup alone, timed and scored, and thrown away again. */

export const DrillHandle = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
export const DrillSource = v.picklist(['paper', 'backup']);

/** What must come back. Everything in it is public. */
export const DrillSubject = v.strictObject({
  fingerprint: FingerprintText,
  network: Network,
  label: v.pipe(v.string(), v.maxLength(60)),
  /** Registrations that the key must recognise as its own, and whose first addresses it must lead to. */
  registrations: v.pipe(v.array(SmallText), v.maxLength(20)),
});

/** One thing that was compared. */
const DrillScore = v.strictObject({
  what: v.picklist(['fingerprint', 'registration', 'first-receive', 'first-change']),
  /** The wallet, where it is about one. */
  wallet: v.nullable(v.string()),
  expected: v.string(),
  found: v.nullable(v.string()),
  agrees: v.boolean(),
});

export const DrillRecord = v.strictObject({
  format: v.literal('strongroom-drill'),
  version: v.literal(1),
  fingerprint: FingerprintText,
  network: Network,
  label: v.string(),
  from: DrillSource,
  by: v.string(),
  startedAt: v.string(),
  seconds: v.number(),
  outcome: v.picklist(['passed', 'failed', 'abandoned']),
  scores: v.array(DrillScore),
  /** The error code at which the restore ended, where it ended in one. */
  failure: v.nullable(v.string()),
  /** How often an answer was given before this outcome. */
  attempts: v.number(),
  /** ISO 8601 date by which the next drill is due. */
  nextDue: v.string(),
});

export const beginDrill = {
  input: v.strictObject({ subject: DrillSubject, from: DrillSource }),
  output: v.strictObject({ drillHandle: DrillHandle, startedAt: v.string() }),
} as const;

/** What was on the paper, or the backup file and its passphrase. */
const DrillAnswer = v.variant('from', [
  v.strictObject({ from: v.literal('paper'), ...GivenSecret }),
  v.strictObject({ from: v.literal('backup'), keyFileBase64: FileBase64, passphrase: Passphrase }),
]);

export const answerDrill = {
  /** `final: false` leaves the drill open after a failure, to try again; the time runs on. */
  input: v.strictObject({ drillHandle: DrillHandle, answer: DrillAnswer, by: v.pipe(v.string(), v.maxLength(60)), final: v.boolean(), monthsToNext: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(36)) }),
  output: v.strictObject({ record: DrillRecord, isOver: v.boolean() }),
} as const;

/** How the drills of keys stand on a day. Keys that only the records speak of are among the answer. */
export const dueDrills = {
  input: v.strictObject({
    /** Records as their files' texts. */
    records: v.pipe(v.array(SmallText), v.maxLength(10_000)),
    /** `network: null` where only the fingerprint is known. */
    keys: v.pipe(v.array(v.strictObject({ fingerprint: FingerprintText, network: v.nullable(Network), label: v.pipe(v.string(), v.maxLength(100)) })), v.maxLength(1000)),
    /** ISO 8601 date; the clock's where it is `null`. */
    today: v.nullable(v.pipe(v.string(), v.isoDate())),
  }),
  output: v.strictObject({
    today: v.string(),
    /** Places in `records`, from 0, of those that are no records: nothing is known of their keys. */
    malformed: v.array(v.number()),
    keys: v.array(v.strictObject({
      fingerprint: FingerprintText, network: v.nullable(Network), label: v.string(),
      state: v.picklist(['never', 'failed', 'overdue', 'due', 'later']),
      /** The last drill in which an answer was given; one that was given up before proves nothing. */
      last: v.nullable(DrillRecord),
      nextDue: v.nullable(v.string()),
    })),
  }),
} as const;

export const rehearsalFaults = ['none', 'missing-page', 'missing-share', 'wrong-share', 'share-of-another-set', 'smudged-word', 'swapped-words', 'wrong-passphrase', 'damaged-backup', 'another-key'] as const;
export const RehearsalFault = v.picklist(rehearsalFaults);

/** A drill on a throw-away key with a fault planted: it must fail as predicted, or the drill itself proves nothing. */
export const rehearseDrill = {
  input: v.strictObject({ fault: RehearsalFault }),
  output: v.strictObject({ fault: RehearsalFault, what: v.string(), predicted: v.string(), happened: v.string(), asPredicted: v.boolean() }),
} as const;
