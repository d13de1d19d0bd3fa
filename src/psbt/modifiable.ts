import type { Psbt } from './psbt.ts';

/** Bits of `modifiable`. @see BIP370, PSBT_GLOBAL_TX_MODIFIABLE */
export const INPUTS_MODIFIABLE = 0x01;
export const OUTPUTS_MODIFIABLE = 0x02;
/** A signature of SIGHASH_SINGLE is there; it permits nothing. */
export const HAS_SIGHASH_SINGLE = 0x04;

/**
 * The PSBT after a signature that commits to all inputs and outputs: where a file of version 2 said that they may be changed, it
 * says so no longer.
 * @see BIP370, "Signer"
 */
export function closedToChanges(psbt: Psbt): Psbt {
  const { version2 } = psbt;
  if (version2?.modifiable === undefined) return psbt;
  return { ...psbt, version2: { ...version2, modifiable: version2.modifiable & ~(INPUTS_MODIFIABLE | OUTPUTS_MODIFIABLE) } };
}
