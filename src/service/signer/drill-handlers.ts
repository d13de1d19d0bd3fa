import { parseBase64 } from '../../domain/bytes.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Handlers } from '../../host/contract.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { abandonDrill, beginDrill, judgeAnswer, requireLine, subjectOf, type Drill, type Moment } from '../../signer/drills/drill.ts';
import { formatDrillRecord, parseDrillRecord, writtenRecord, type DrillRecord } from '../../signer/drills/drill-record.ts';
import { dueDrills, keysInRecords } from '../../signer/drills/due-dates.ts';
import { PRACTICE } from '../../signer/drills/practice-key.ts';
import { rehearse } from '../../signer/drills/rehearsal.ts';
import { attemptRestore, scratchKeyFrom, scratchKeyFromBackup, type ScratchKey } from '../../signer/drills/restore-attempt.ts';
import { restoreSecret } from '../../signer/restored-secret.ts';
import type { SignerEffects } from './effects.ts';

type DrillHandlers = Pick<Handlers<typeof signerCoreContract>, 'drill.begin' | 'drill.answer' | 'drill.abandon' | 'drill.due' | 'drill.rehearse'>;
type DrillEffects = Pick<SignerEffects, 'now' | 'steadyMs' | 'newHandle' | 'random' | 'slow' | 'encryptKeyFile' | 'decryptKeyFile'>;

/** Drills that nobody ended. Nothing in them is secret, but each holds its registrations. */
const MOST_OPEN_DRILLS = 16;

export function createDrillHandlers(effects: DrillEffects): DrillHandlers {
  const open = new Map<string, Drill>();
  const now = (): Moment => ({ wallMs: effects.now(), steadyMs: effects.steadyMs?.() ?? null });
  const drillOf = (handle: string): Drill => {
    const drill = open.get(handle);
    if (drill === undefined) throw new StrongroomError('drill.unknown', 'This drill is not running.', {}, 'Begin a new drill.');
    return drill;
  };

  return {
    'drill.begin': ({ subject, from }) => {
      const drill = beginDrill(subjectOf(subject), from, now());
      const drillHandle = effects.newHandle();
      open.set(drillHandle, drill);
      const [oldest] = open.keys();
      if (open.size > MOST_OPEN_DRILLS && oldest !== undefined) open.delete(oldest);
      return { drillHandle, startedAt: new Date(drill.startedAt.wallMs).toISOString() };
    },
    'drill.answer': async ({ drillHandle, answer, by, final, monthsToNext }, { progress }) => {
      const { subject, from } = drillOf(drillHandle);
      requireLine(by);
      if (answer.from !== from) {
        throw new StrongroomError('drill.other-source', `The drill is from ${from}, the answer is from ${answer.from}.`, { from, given: answer.from }, `Give the ${from}, or begin a drill from ${answer.from}.`);
      }
      // The time ends when the answer is there, not when the slow hashes behind it are done.
      const answeredAt = now();
      progress({ fraction: null, activity: answer.from === 'paper' ? 'Bringing the key back from paper' : 'Bringing the key back from the backup' });
      const result = await attemptRestore(subject, () =>
        answer.from === 'paper'
          ? scratchKeyFrom(restoreSecret(answer, subject.network, effects.slow), subject.network)
          : backup(answer.keyFileBase64, answer.passphrase, subject.network),
      );
      // As it stands now: another answer may have ended the drill meanwhile.
      const judged = judgeAnswer(drillOf(drillHandle), result, { by, isFinal: final, monthsToNext }, answeredAt);
      if (judged.open === null) open.delete(drillHandle);
      else open.set(drillHandle, judged.open);
      return { record: readBack(judged.record), isOver: judged.open === null };
    },
    'drill.abandon': ({ drillHandle, by }) => {
      const drill = drillOf(drillHandle);
      requireLine(by);
      open.delete(drillHandle);
      return { record: readBack(abandonDrill(drill, by, now())) };
    },
    'drill.due': ({ records, keys, today }) => {
      const day = today ?? new Date(effects.now()).toISOString().slice(0, 10);
      const { read, malformed } = readRecords(records);
      const asked = keys.map((key) => ({ ...key, fingerprint: parseFingerprint(key.fingerprint) }));
      const others = keysInRecords(read).filter((key) => !asked.some(({ fingerprint, network }) => fingerprint === key.fingerprint && (network === null || network === key.network)));
      const due = dueDrills(read, [...asked, ...others], day);
      return { today: day, malformed, keys: due.map(({ last, ...key }) => ({ ...key, last: last === null ? null : writtenRecord(last) })) };
    },
    'drill.rehearse': async ({ fault }, { progress }) => {
      progress({ fraction: null, activity: 'Rehearsing with a throw-away key' });
      return rehearse(fault, {
        random: effects.random,
        slow: effects.slow,
        encryptKeyFile: effects.encryptKeyFile,
        fromPaper: (given) => scratchKeyFrom(restoreSecret(given, PRACTICE, effects.slow), PRACTICE),
        fromBackup: (file, passphrase) => scratchKeyFromBackup(effects.decryptKeyFile(file, passphrase), PRACTICE),
      });
    },
  };

  /** A backup that is no base64 is as little a key as one that does not open. */
  async function backup(keyFileBase64: string, passphrase: string, network: Drill['subject']['network']): Promise<ScratchKey> {
    return scratchKeyFromBackup(effects.decryptKeyFile(parseBase64(keyFileBase64), passphrase), network);
  }
}

/** One record that cannot be read must not hide the others, nor be silently left out. */
function readRecords(texts: readonly string[]): { readonly read: readonly DrillRecord[]; readonly malformed: number[] } {
  const read: DrillRecord[] = [];
  const malformed: number[] = [];
  for (const [index, text] of texts.entries()) {
    try {
      read.push(parseDrillRecord(text));
    } catch (fault) {
      if (!(fault instanceof StrongroomError)) throw fault;
      malformed.push(index);
    }
  }
  return { read, malformed };
}

/** SECURITY: what goes out has passed the strict schema of records, in which nothing that was restored has a place. */
const readBack = (record: DrillRecord) => writtenRecord(parseDrillRecord(formatDrillRecord(record)));
