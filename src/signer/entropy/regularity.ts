import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { UserSourceName } from './user-entropy.ts';

interface Limits {
  /** The largest share of all rolls or flips that one face may have. */
  readonly faceShare: number;
  /** The largest share of places at which the sequence may equal itself some places earlier. */
  readonly repeatShare: number;
}

// A fair die passes 30 % for some face about once in 30 sequences of 50 rolls: rolling on heals it. The other limits are
// passed by chance less than once in 10,000 sequences. Made-up sequences pass them often.
const limits: Readonly<Record<UserSourceName, Limits>> = {
  dice: { faceShare: 0.3, repeatShare: 0.6 },
  coins: { faceShare: 0.7, repeatShare: 0.8 },
};

/**
 * Refuses rolls or flips that are plainly not chance: one face too often, or a short pattern repeated. No test can tell
 * that a sequence IS chance; these catch a loaded die, a stuck key and `123456123456...`.
 * @throws StrongroomError `entropy.weak`
 */
export function requireIrregular(source: UserSourceName, faces: Uint8Array): void {
  const { faceShare, repeatShare } = limits[source];
  const counts = new Map<number, number>();
  for (const face of faces) counts.set(face, (counts.get(face) ?? 0) + 1);
  if (Math.max(...counts.values()) > faces.length * faceShare) {
    throw weak(source, 'face', `One face makes up more than ${faceShare * 100} %.`);
  }
  for (let period = 1; period <= faces.length / 2; period += 1) {
    let repeats = 0;
    for (let index = period; index < faces.length; index += 1) {
      if (faces[index] === faces[index - period]) repeats += 1;
    }
    if (repeats > (faces.length - period) * repeatShare) throw weak(source, 'cycle', `They repeat themselves every ${period} places.`);
  }
}

const weak = (source: UserSourceName, pattern: 'face' | 'cycle', sentence: string): StrongroomError =>
  new StrongroomError('entropy.weak', `The ${source === 'dice' ? 'rolls' : 'flips'} are too regular to be chance. ${sentence}`, { source, pattern }, 'Roll or flip really, with another die or coin if need be, and write down each result.');
