import { codeCapacity, MAX_VERSION } from '../../airgap/frames/code-capacity.ts';

/** Codes of one density that differ: a camera that reads one of them still may have read it by luck. */
export const CODES_OF_A_DENSITY = 12;

/** Version and number of a calibration code. */
export interface CalibrationMark {
  readonly version: number;
  /** From 0. */
  readonly number: number;
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-./:';

/**
 * The text of a calibration code: says which it is, then fills the code to its last character, since a code that is half empty is no
 * easier to read and none that is shown later is.
 * @param version 1 to 40 @param position from 0, without end; the codes of a density come again in turn
 */
export function calibrationText(version: number, position: number): string {
  const number = position % CODES_OF_A_DENSITY;
  const head = `SRCAL:${String(version).padStart(2, '0')}:${String(number).padStart(2, '0')}:`;
  const filler: string[] = [];
  // Any even spread does; no secret depends on it.
  let state = version * 1000 + number + 1;
  for (let left = codeCapacity(version, 'alphanumeric') - head.length; left > 0; left -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    filler.push(DIGITS[(state >>> 16) % DIGITS.length] as string);
  }
  return head + filler.join('');
}

/** What a scanned text says as a calibration code, or `null` for any other. */
export function calibrationMark(text: string): CalibrationMark | null {
  const match = /^SRCAL:([0-9]{2}):([0-9]{2}):/.exec(text);
  if (match === null) return null;
  const [version, number] = [Number(match[1]), Number(match[2])];
  return version >= 1 && version <= MAX_VERSION && number < CODES_OF_A_DENSITY ? { version, number } : null;
}
