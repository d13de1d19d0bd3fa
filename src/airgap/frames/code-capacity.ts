/** Characters that codes hold at low correction, by version from 1: alphanumeric mode (capitals, digits, `$%*+-./:`). @see ISO/IEC 18004, table 7 */
const ALPHANUMERIC = [
  25, 47, 77, 114, 154, 195, 224, 279, 335, 395, 468, 535, 619, 667, 758, 854, 938, 1046, 1153, 1249, 1352, 1460, 1588, 1704, 1853, 1990, 2132, 2223, 2369, 2520,
  2677, 2840, 3009, 3183, 3351, 3537, 3729, 3927, 4087, 4296,
];
/** The same in byte mode: any text, in UTF-8. */
const BYTES = [
  17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858, 929, 1003, 1091, 1171, 1273, 1367, 1465, 1528, 1628, 1732,
  1840, 1952, 2068, 2188, 2303, 2431, 2563, 2699, 2809, 2953,
];

export type CodeMode = 'alphanumeric' | 'byte';
export const MAX_VERSION = 40;

/** The mode that a text takes as one piece. */
export const codeModeOf = (text: string): CodeMode => (/^[0-9A-Z $%*+\-./:]*$/.test(text) ? 'alphanumeric' : 'byte');

/** What a code of a version holds at low correction. @param version 1 to 40 */
export const codeCapacity = (version: number, mode: CodeMode): number => (mode === 'alphanumeric' ? ALPHANUMERIC : BYTES)[Math.min(MAX_VERSION, Math.max(1, version)) - 1] as number;

/** The smallest version that holds so much at low correction, or `null` beyond the largest. */
export function versionFor(length: number, mode: CodeMode): number | null {
  const index = (mode === 'alphanumeric' ? ALPHANUMERIC : BYTES).findIndex((capacity) => capacity >= length);
  return index < 0 ? null : index + 1;
}
