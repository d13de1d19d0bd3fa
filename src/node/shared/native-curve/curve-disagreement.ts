import { StrongroomError } from '../../../errors/strongroom-error.ts';

/** Arithmetic that is wrong once is trusted no more: what computes it may be the library, or the computer. */
export const curveDisagreement = (): StrongroomError =>
  new StrongroomError('curve.disagreement', 'The native curve library gives other answers than it must.', {}, 'Do not use this installation on this computer. Install Strongroom again, compare its checksum, and have the computer\'s memory tested.');
