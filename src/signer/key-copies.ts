import * as v from 'valibot';
import { StrongroomError } from '../errors/strongroom-error.ts';

/** How a copy was when it was last looked at. `changed`: it holds something else than the key file does now. */
export type CopyState = 'intact' | 'changed' | 'absent' | 'unreadable';

/** One copy of a key file. */
export interface KeyCopy {
  /** The copy's own path, as the machine names it; a stick that is mounted elsewhere is `absent` there. */
  readonly place: string;
  /** SHA-256 of what was written there, hex. It tells an earlier generation of the key file from damage. */
  readonly sha256: string;
  /** ISO 8601, UTC, like `checkedAt`. */
  readonly madeAt: string;
  readonly checkedAt: string;
  readonly state: CopyState;
}

/** Where the copies of one key file lie. Nothing in it is secret; it lies beside the key file. */
export interface KeyCopies {
  /** The key file's name, without its folder. */
  readonly name: string;
  /** SHA-256 of the key file, hex, when this was written. */
  readonly sha256: string;
  readonly copies: readonly KeyCopy[];
}

/** More places than anybody visits in a day. */
export const MOST_COPIES = 64;

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Time = v.pipe(v.string(), v.isoTimestamp());
const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096), v.regex(/^[^\p{Cc}]*$/u));

const Manifest = v.strictObject({
  format: v.literal('strongroom-key-copies'),
  version: v.literal(1),
  name: v.pipe(Text, v.maxLength(255), v.regex(/^[^/\\]*$/)),
  sha256: Sha256,
  copies: v.pipe(
    v.array(v.strictObject({ place: Text, sha256: Sha256, madeAt: Time, checkedAt: Time, state: v.picklist(['intact', 'changed', 'absent', 'unreadable']) })),
    v.maxLength(MOST_COPIES),
    v.check((copies) => new Set(copies.map(({ place }) => place)).size === copies.length),
  ),
});

/** The manifest as JSON. */
export const formatKeyCopies = ({ name, sha256, copies }: KeyCopies): string =>
  `${JSON.stringify({ format: 'strongroom-key-copies', version: 1, name, sha256, copies: copies.map(({ place, sha256: made, madeAt, checkedAt, state }) => ({ place, sha256: made, madeAt, checkedAt, state })) }, null, 2)}\n`;

/** @throws StrongroomError `key.copies-malformed` */
export function parseKeyCopies(text: string): KeyCopies {
  const parsed = v.safeParse(Manifest, parseJson(text));
  if (!parsed.success) throw malformed('its content is not that of such a list');
  const { name, sha256, copies } = parsed.output;
  return { name, sha256, copies };
}

/**
 * The list with a copy that was just made: it takes the place of an earlier one there.
 * @throws StrongroomError `key.copies-malformed` where there would be more than a list holds
 */
export function withCopy(list: KeyCopies, copy: KeyCopy): KeyCopies {
  const others = list.copies.filter(({ place }) => place !== copy.place);
  if (others.length >= MOST_COPIES) throw malformed(`it would hold more than ${MOST_COPIES} copies`);
  return { ...list, copies: [...others, copy] };
}

/** What was found in a place, against what the key file holds now. @param found SHA-256 of the file there, or why there is none */
export const stateOf = (found: { readonly sha256: string } | 'absent' | 'unreadable', keyFileSha256: string): CopyState =>
  typeof found === 'string' ? found : found.sha256 === keyFileSha256 ? 'intact' : 'changed';

/** The list against what the key file holds now, without looking at the copies: what was written before that holds something else. */
export const asOfNow = (list: KeyCopies, keyFileSha256: string): KeyCopies => ({
  ...list,
  sha256: keyFileSha256,
  copies: list.copies.map((copy) => (copy.state === 'intact' && copy.sha256 !== keyFileSha256 ? { ...copy, state: 'changed' } : copy)),
});

/**
 * How many files with what the key file holds now are known: the key file itself, and the copies that were intact when they
 * were last looked at. A list from before the key file was changed counts for nothing.
 */
export const knownCopies = (list: KeyCopies | null, keyFileSha256: string): number =>
  1 + (list?.copies.filter(({ state, sha256 }) => state === 'intact' && sha256 === keyFileSha256).length ?? 0);

const malformed = (reason: string): StrongroomError =>
  new StrongroomError('key.copies-malformed', `The list of a key file's copies is malformed: ${reason}.`, { reason }, 'Remove the .copies.json beside the key file and make the copies again; the copies themselves are untouched.');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
