/**
 * Caps on what frames may announce. They are checked on each frame's header, before anything of that size is made.
 *
 * BBQr's own ceiling is 1,295 codes of 4,296 characters, 3.5 MB: nobody films more than that, and the other formats are held to
 * about the same. What is inflated may be as large as a PSBT (see `MAX_PSBT_BYTES`).
 */
export const MAX_TRANSFER_BYTES = 4 * 1024 * 1024;
/** Parts of one transfer; bounds the work per fountain frame, which grows with parts times their size. */
export const MAX_PARTS = 4096;
/** What the largest code holds: version 40, low correction, digits only. @see ISO/IEC 18004 */
export const MAX_CODE_CHARACTERS = 7089;
/** A whole content in one text (a file, or pasted): hexadecimal of the most that is read. */
export const MAX_TEXT_CHARACTERS = 2 * MAX_TRANSFER_BYTES + 1024;
/** Base43 is one large number, whose reading grows with the square of its length: one code and no more. */
export const MAX_BASE43_CHARACTERS = 4296;
/** Distinct frames of one fountain that are remembered as seen; beyond it duplicates are found out by the solver. */
export const MAX_SEEN_FRAMES = 65_536;
