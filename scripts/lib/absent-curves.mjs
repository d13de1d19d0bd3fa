/** Stands in the Companion's bundles for the curves that age would use for recipients of other kinds; see age-without-other-curves.mjs. */
export const MLKEM768P256 = null;
export const MLKEM768X25519 = null;
export const p256 = null;
