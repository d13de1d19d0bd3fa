/** Sighash types of BIP143 and BIP341, the last byte of a signature. */

/** Taproot's own: everything, in a signature without a type byte. @see BIP341 */
export const SIGHASH_DEFAULT = 0x00;
export const SIGHASH_ALL = 0x01;
export const SIGHASH_NONE = 0x02;
export const SIGHASH_SINGLE = 0x03;
export const ANYONE_CAN_PAY = 0x80;
