import { HAS_SIGHASH_SINGLE, INPUTS_MODIFIABLE, OUTPUTS_MODIFIABLE } from '../../psbt/modifiable.ts';
import type { ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/**
 * A file of version 2 may say that inputs or outputs can still be added or removed. What is signed here commits to all of
 * them, so a change makes the signature worthless rather than harmful; but whoever set the flag does not take the transaction for
 * finished, and a person should know before signing. A flag without a meaning here could permit anything.
 * @see BIP370, PSBT_GLOBAL_TX_MODIFIABLE
 */
export function modifiableFindings({ psbt }: ReviewFacts): Finding[] {
  const flags = psbt.version2?.modifiable ?? 0;
  if ((flags & ~HAS_SIGHASH_SINGLE) === 0) return [];
  return [finding('psbt.modifiable', 'global', 0, { inputs: (flags & INPUTS_MODIFIABLE) !== 0, outputs: (flags & OUTPUTS_MODIFIABLE) !== 0, flags })];
}
