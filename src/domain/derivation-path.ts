import { StrongroomError } from '../errors/strongroom-error.ts';

/** First hardened child index (BIP32). */
export const HARDENED = 0x8000_0000;

/** A BIP32 path as child numbers; hardened ones carry `HARDENED`. */
export type DerivationPath = readonly number[];

/**
 * A path as `m/48h/1h/0h/2h` or without `m/`; hardened steps marked by `h`, `H` or an apostrophe. `m` and the empty text
 * are the empty path.
 * @throws StrongroomError `path.malformed`
 */
export function parsePath(text: string): DerivationPath {
  const steps = text.replace(/^[mM](\/|$)/, '');
  if (steps === '') return [];
  return steps.split('/').map((step) => {
    const match = /^(0|[1-9][0-9]{0,9})([hH']?)$/.exec(step);
    const index = Number(match?.[1] ?? Number.NaN);
    if (match === null || index >= HARDENED) {
      throw new StrongroomError('path.malformed', 'A derivation path is numbers below 2147483648 parted by "/", hardened ones marked by h.', {}, 'Write for example m/48h/1h/0h/2h.');
    }
    return match[2] === '' ? index : index + HARDENED;
  });
}

/** The path as `48h/1h/0h/2h`, without `m/`; the empty path is the empty text. */
export function formatPath(path: DerivationPath): string {
  return path.map((child) => (child >= HARDENED ? `${child - HARDENED}h` : String(child))).join('/');
}
