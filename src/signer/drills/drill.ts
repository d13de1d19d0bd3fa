import { parseFingerprint } from '../../domain/fingerprint.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { parseRegistration } from '../../wallet/registration.ts';
import type { DrillOutcome, DrillRecord, DrillScore, DrillSource } from './drill-record.ts';
import { monthsLater } from './due-dates.ts';
import type { AttemptResult, DrillSubject } from './restore-attempt.ts';

/** One reading of the clocks. */
export interface Moment {
  /** Milliseconds since 1970, UTC. */
  readonly wallMs: number;
  /** Milliseconds of a clock that only goes forward; `null` where there is none. */
  readonly steadyMs: number | null;
}

/** A drill that runs. It holds no secret: what was restored for an answer is gone before the answer is judged. */
export interface Drill {
  readonly subject: DrillSubject;
  readonly from: DrillSource;
  readonly startedAt: Moment;
  readonly attempts: number;
  readonly lastScores: readonly DrillScore[];
  readonly lastFailure: string | null;
}

/** The subject as it is asked for: registrations as their files' texts. */
export interface StatedSubject {
  readonly fingerprint: string;
  readonly network: NetworkName;
  readonly label: string;
  readonly registrations: readonly string[];
}

/**
 * The subject of a drill. Registrations of other keys or networks are refused before the clock starts: no answer could be
 * right.
 * @throws StrongroomError `drill.record-malformed` for a label that no record can hold; `fingerprint.malformed`,
 * `registration.forged`, `key.network`, and what `parseRegistration` throws
 */
export function subjectOf(stated: StatedSubject): DrillSubject {
  requireLine(stated.label);
  const fingerprint = parseFingerprint(stated.fingerprint);
  const registrations = stated.registrations.map(parseRegistration);
  for (const { ownKey, wallet } of registrations) {
    if (ownKey !== fingerprint) {
      throw new StrongroomError('registration.forged', `The registration of ${wallet.name} was made by key ${ownKey}, the drill is for ${fingerprint}.`, { fingerprint, claims: ownKey }, 'Choose the registrations of the key that is drilled.');
    }
    if (wallet.network !== stated.network) {
      throw new StrongroomError('key.network', `The drill is for a key of ${stated.network}, ${wallet.name} is of ${wallet.network}.`, { fingerprint, keyNetwork: stated.network, walletNetwork: wallet.network }, 'Choose the network that the key was made for.');
    }
  }
  return { fingerprint, network: stated.network, label: stated.label, registrations };
}

/** A name as a record can hold it. @throws StrongroomError `drill.record-malformed` */
export function requireLine(text: string): void {
  if (/\p{C}/u.test(text)) throw new StrongroomError('drill.record-malformed', 'A name in the record of a drill would hold a control character.', { reason: 'control character' }, 'Type the name again.');
}

export const beginDrill = (subject: DrillSubject, from: DrillSource, now: Moment): Drill => ({ subject, from, startedAt: now, attempts: 0, lastScores: [], lastFailure: null });

/** What an answer came to. `open` goes on where the drill is not over. */
export interface JudgedAnswer {
  readonly record: DrillRecord;
  readonly open: Drill | null;
}

/**
 * Judges an answer. A wrong one leaves the drill open, with its time running, unless it was given as the last.
 * @param monthsToNext calendar months from a pass to the next drill
 */
export function judgeAnswer(drill: Drill, result: AttemptResult, how: { readonly by: string; readonly isFinal: boolean; readonly monthsToNext: number }, now: Moment): JudgedAnswer {
  const tried: Drill = { ...drill, attempts: drill.attempts + 1, lastScores: result.scores, lastFailure: result.failure };
  const record = recordOf(tried, { outcome: result.isPassed ? 'passed' : 'failed', by: how.by, monthsToNext: how.monthsToNext }, now);
  return { record, open: result.isPassed || how.isFinal ? null : tried };
}

/** The record of a drill that was given up. */
export const abandonDrill = (drill: Drill, by: string, now: Moment): DrillRecord => recordOf(drill, { outcome: 'abandoned', by, monthsToNext: 0 }, now);

function recordOf(drill: Drill, end: { readonly outcome: DrillOutcome; readonly by: string; readonly monthsToNext: number }, now: Moment): DrillRecord {
  const { subject, from, startedAt, attempts, lastScores, lastFailure } = drill;
  const seconds = secondsBetween(startedAt, now);
  const startedMs = startedAt.wallMs;
  // The day by the clock at the start and the time that passed, so that a clock set meanwhile does not move the due date.
  const endedOn = new Date(startedMs + seconds * 1000).toISOString().slice(0, 10);
  return {
    fingerprint: subject.fingerprint,
    network: subject.network,
    label: subject.label,
    from,
    by: end.by,
    startedAt: new Date(startedMs).toISOString(),
    seconds,
    outcome: end.outcome,
    scores: lastScores,
    failure: lastFailure,
    attempts,
    // Whatever was not brought back is due at once.
    nextDue: end.outcome === 'passed' ? monthsLater(endedOn, end.monthsToNext) : endedOn,
  };
}

/**
 * Seconds, in tenths. The steady clock decides: nobody can set it. It may stand still while the laptop sleeps, so the wall
 * clock counts where more time passed by it: a drill is never called quicker than it was.
 */
function secondsBetween(start: Moment, end: Moment): number {
  const steady = start.steadyMs === null || end.steadyMs === null ? 0 : end.steadyMs - start.steadyMs;
  return Math.round(Math.max(0, steady, end.wallMs - start.wallMs) / 100) / 10;
}
