import * as v from 'valibot';
import { StrongroomError } from '../../errors/strongroom-error.ts';

const Instant = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/));
const Test = v.strictObject({ at: Instant, good: v.boolean(), differences: v.pipe(v.array(v.pipe(v.string(), v.maxLength(40))), v.maxLength(20)) });
const Backup = v.strictObject({
  /** Of the encrypted file: which file it is, wherever it was carried. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  file: v.pipe(v.string(), v.maxLength(200)),
  wallet: v.pipe(v.string(), v.maxLength(200)),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  madeAt: Instant,
  openedBy: v.picklist(['passphrase', 'recipients']),
  /** The latest last. */
  tests: v.pipe(v.array(Test), v.maxLength(1000)),
});
const BackupList = v.strictObject({ format: v.literal('strongroom-backups'), version: v.literal(1), backups: v.pipe(v.array(Backup), v.maxLength(10_000)) });

export type Backup = v.InferOutput<typeof Backup>;
export type BackupTest = v.InferOutput<typeof Test>;

/** A backup that was not seen to restore for so long may not. */
const TEST_INTERVAL_DAYS = 30;
const KEPT_TESTS = 50;

/**
 * The list of backups; it holds no backup and nothing secret.
 * @param text `null` while there is none
 * @throws StrongroomError `backup.list-malformed`
 */
export function parseBackupList(text: string | null): readonly Backup[] {
  if (text === null) return [];
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), BackupList), text);
  if (!parsed.success) throw new StrongroomError('backup.list-malformed', 'The list of backups is damaged.', {}, 'Put back the generation before (backups.json.previous), or move the file away and test each backup again: that lists it anew.');
  return parsed.output.backups;
}

export const formatBackupList = (backups: readonly Backup[]): string => `${JSON.stringify({ format: 'strongroom-backups', version: 1, backups }, null, 2)}\n`;

/** The list with a backup; one of the same content keeps its tests. */
export function withBackup(backups: readonly Backup[], made: Omit<Backup, 'tests'>): readonly Backup[] {
  const earlier = backups.find((backup) => backup.sha256 === made.sha256);
  return [...backups.filter((backup) => backup.sha256 !== made.sha256), { ...made, tests: earlier?.tests ?? [] }];
}

/** The list with a test of a backup. */
export const withTest = (backups: readonly Backup[], sha256: string, test: BackupTest): readonly Backup[] =>
  backups.map((backup) => (backup.sha256 === sha256 ? { ...backup, tests: [...backup.tests, test].slice(-KEPT_TESTS) } : backup));

/** How it stands with a backup: `untested` was never seen to restore, `due` too long ago, `failed` not when it was last tried. */
export type BackupState = 'good' | 'due' | 'untested' | 'failed';

/** @param now ISO 8601, UTC */
export function stateOfBackup(backup: Backup, now: string): { readonly state: BackupState; readonly lastGoodTest: string | null; readonly dueAt: string | null } {
  const lastGoodTest = backup.tests.findLast((test) => test.good)?.at ?? null;
  if (backup.tests.at(-1)?.good === false) return { state: 'failed', lastGoodTest, dueAt: null };
  if (lastGoodTest === null) return { state: 'untested', lastGoodTest, dueAt: backup.madeAt };
  const dueAt = daysAfter(lastGoodTest, TEST_INTERVAL_DAYS);
  return { state: dueAt <= now.slice(0, 10) ? 'due' : 'good', lastGoodTest, dueAt };
}

/** A date some days after an instant, `YYYY-MM-DD`. By the civil calendar: the core has no clock. */
function daysAfter(instant: string, days: number): string {
  const [year = 0, month = 0, day = 0] = instant.slice(0, 10).split('-').map(Number);
  const total = daysFromCivil(year, month, day) + days;
  return civilFromDays(total);
}

/** Days since 1970-01-01. @see H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

function civilFromDays(days: number): string {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1)}`;
}
