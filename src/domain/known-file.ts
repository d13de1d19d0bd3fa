/** What a file is meant to be, by its name alone. Whether it is, its content decides when a person opens it. */
export const knownFileKinds = ['psbt', 'transaction', 'wallet', 'registration', 'key-record', 'key', 'payments'] as const;
export type KnownFileKind = (typeof knownFileKinds)[number];

/** In this order: what ends in two ways is the longer one. */
const endings: readonly (readonly [RegExp, KnownFileKind])[] = [
  [/\.psbt$/, 'psbt'],
  [/\.(tx|txn)$/, 'transaction'],
  [/\.key-record\.(txt|json|bsms|ur\.txt)$/, 'key-record'],
  // Coldcard's own names.
  [/^ccxp-[0-9a-f]{8}\.json$|^coldcard-export\.json$/, 'key-record'],
  [/\.registration-[0-9a-f]{8}\.json$/, 'registration'],
  [/\.(wallet|policy|specter|caravan|importdescriptors)\.json$/, 'wallet'],
  [/\.(descriptor|coldcard|sparrow|ur)\.txt$|\.(bsms|electrum)$/, 'wallet'],
  [/\.key\.age$/, 'key'],
  [/\.csv$/, 'payments'],
];

/** As long as a name may be that crosses the boundary. */
const MOST_LETTERS = 200;

/** The kind of a file that Strongroom has work for, or `null` for any other, for hidden ones, and for names that no window is told. */
export function knownFileKind(name: string): KnownFileKind | null {
  if (name.startsWith('.') || name.length > MOST_LETTERS || /[/\\\p{C}]/u.test(name)) return null;
  const lowered = name.toLowerCase();
  return endings.find(([ending]) => ending.test(lowered))?.[1] ?? null;
}
