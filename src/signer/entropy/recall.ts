import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { EntropyRecord } from './entropy-record.ts';

/** Which builds are called back: versions in order, both ends included and either left open, or one build's hash. */
export type BuildRange =
  | { readonly kind: 'versions'; readonly from: string | null; readonly to: string | null }
  | { readonly kind: 'build'; readonly prefix: string };

/** Fewer digits could name two builds. */
const LEAST_HASH_DIGITS = 12;

/** Numbers, and the words of a pre-release. @see https://semver.org, item 11 */
const VERSION = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,40}))?(?![0-9A-Za-z.-])/;

/**
 * `0.1.0..0.3.0`, `0.1.0..`, `..0.3.0`, `0.2.0` alone, or at least the first 12 hex digits of a build hash. `..` is every
 * version; `source` is whatever was run from its source.
 * @throws StrongroomError `entropy.range-malformed`
 */
export function parseBuildRange(text: string): BuildRange {
  if (text === 'source') return { kind: 'build', prefix: text };
  if (/^[0-9a-f]+$/i.test(text) && text.length >= LEAST_HASH_DIGITS && text.length <= 64) return { kind: 'build', prefix: text.toLowerCase() };
  const [from = '', to = from, ...more] = text.split('..');
  const ends = [from, to].map((end) => (end === '' ? null : end));
  const fits = text !== '' && more.length === 0 && ends.every((end) => end === null || wholeVersion(end));
  const [first, last] = ends as [string | null, string | null];
  if (!fits || (first !== null && last !== null && compareVersions(first, last) > 0)) {
    throw new StrongroomError('entropy.range-malformed', 'The range of builds is not of the form A..B.', {}, 'Write for example 0.1.0..0.2.3, 0.2.0.. or ..0.2.3, or at least the first 12 digits of a build hash.');
  }
  return { kind: 'versions', from: first, to: last };
}

/**
 * Whether a record's key was made by one of the builds. A version that cannot be read counts as within every range: whoever
 * is called back without need loses an hour, whoever is not loses the money.
 */
export function isRecalled({ programVersion, build }: Pick<EntropyRecord, 'programVersion' | 'build'>, range: BuildRange): boolean {
  if (range.kind === 'build') return build.startsWith(range.prefix);
  if (!VERSION.test(programVersion)) return true;
  const { from, to } = range;
  return (from === null || compareVersions(programVersion, from) >= 0) && (to === null || compareVersions(programVersion, to) <= 0);
}

const wholeVersion = (text: string): boolean => VERSION.exec(text)?.[0].length === text.length;

/** Below 0 where `a` is older than `b`. What follows a version, such as its build in brackets, does not count. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [partsOf(a), partsOf(b)];
  for (const place of [0, 1, 2]) {
    const difference = (first.numbers[place] as number) - (second.numbers[place] as number);
    if (difference !== 0) return difference;
  }
  return comparePreReleases(first.preRelease, second.preRelease);
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly preRelease: readonly string[] } {
  const [, major, minor, patch, preRelease] = VERSION.exec(version) ?? [];
  return { numbers: [major, minor, patch].map(Number), preRelease: preRelease === undefined ? [] : preRelease.split('.') };
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return (a.length === 0 ? 1 : 0) - (b.length === 0 ? 1 : 0);
  for (let place = 0; place < Math.max(a.length, b.length); place += 1) {
    const [one, other] = [a[place], b[place]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const [isNumber, otherIsNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
    if (one !== other) return isNumber ? Number(one) - Number(other) : one < other ? -1 : 1;
  }
  return 0;
}

/** Where a key is made from another (BIP85), its record names the parent so. */
const childSource = (parent: EntropyRecord): string => `bip85-${parent.fingerprint}`;

/**
 * The records of the keys that are called back: those made by one of the builds, and all that were derived from such a key,
 * whatever made them. In the order given.
 */
export function recalledKeys<R extends EntropyRecord>(records: readonly R[], range: BuildRange): readonly { readonly record: R; readonly because: 'build' | 'parent' }[] {
  const recalled = new Map<R, 'build' | 'parent'>(records.filter((record) => isRecalled(record, range)).map((record) => [record, 'build']));
  // A map may grow while it is walked: children of children are reached too.
  for (const parent of recalled.keys()) {
    for (const record of records) {
      if (!recalled.has(record) && record.sources.some(({ source }) => source === childSource(parent))) recalled.set(record, 'parent');
    }
  }
  return records.flatMap((record) => {
    const because = recalled.get(record);
    return because === undefined ? [] : [{ record, because }];
  });
}
