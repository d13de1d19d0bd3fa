import type { FrameChoice } from './frame-sequence.ts';

/** Who reads the codes. */
export type FrameReader =
  | 'strongroom' | 'coldcard-q' | 'sparrow' | 'specter' | 'specter-diy' | 'seedsigner' | 'krux' | 'jade' | 'keystone' | 'passport' | 'nunchuk' | 'bluewallet' | 'electrum' | 'any';

/**
 * What each reads best, and how dense: versions that small cameras read from the hand, and larger ones where a good camera or a
 * scanner looks. A person may choose otherwise; the calibration page tells what one's own camera reads.
 */
const CHOICES: Readonly<Record<FrameReader, FrameChoice>> = {
  strongroom: { format: 'strongroom', version: 27 },
  'coldcard-q': { format: 'bbqr', version: 27 },
  sparrow: { format: 'bbqr', version: 20 },
  specter: { format: 'specter', version: 14 },
  'specter-diy': { format: 'ur', version: 14 },
  seedsigner: { format: 'ur', version: 10 },
  krux: { format: 'bbqr', version: 10 },
  jade: { format: 'ur', version: 8 },
  keystone: { format: 'ur', version: 14 },
  passport: { format: 'ur', version: 14 },
  nunchuk: { format: 'bbqr', version: 20 },
  bluewallet: { format: 'ur', version: 14 },
  electrum: { format: 'base43', version: 40 },
  // BIP174's readers that show codes at all read this one most.
  any: { format: 'ur', version: 12 },
};

export const frameReaders = Object.keys(CHOICES) as readonly FrameReader[];

/** The format and density for a reader, with whatever a person chose instead. */
export const chooseFrames = (reader: FrameReader, override: Partial<FrameChoice> = {}): FrameChoice => ({ ...CHOICES[reader], ...override });
