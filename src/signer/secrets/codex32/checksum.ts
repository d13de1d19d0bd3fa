/** A BCH code of codex32: the short one for up to 93 values of data, the long one above. @see BIP93, "Checksum" and "Long codex32 Strings" */
export interface ChecksumCode {
  readonly length: 13 | 15;
  /** What the residue of a valid string is. */
  readonly target: bigint;
  readonly generator: readonly bigint[];
}

export const shortCode: ChecksumCode = {
  length: 13,
  target: 0x10ce0795c2fd1e62an,
  generator: [0x19dc500ce73fde210n, 0x1bfae00def77fe529n, 0x1fbd920fffe7bee52n, 0x1739640bdeee3fdadn, 0x07729a039cfc75f5an],
};

export const longCode: ChecksumCode = {
  length: 15,
  target: 0x43381e570bf4798ab26n,
  generator: [0x3d59d273535ea62d897n, 0x7a9becb6361c6c51507n, 0x543f9b7e6c38d8a2a0en, 0x0c577eaeccf1990d13cn, 0x1887f74f8dc71b10651n],
};

/** The residue of the human-readable part `ms`, from which both codes start. */
const START = 0x23181b3n;

/** The remainder after so many values; an integer, which nobody can wipe. */
export function residueOf(code: ChecksumCode, values: Iterable<number>, start = START): bigint {
  const shift = BigInt((code.length - 1) * 5);
  const mask = (1n << shift) - 1n;
  let residue = start;
  for (const value of values) {
    const top = Number(residue >> shift);
    residue = ((residue & mask) << 5n) ^ BigInt(value);
    for (const [bit, term] of code.generator.entries()) if ((top >> bit) & 1) residue ^= term;
  }
  return residue;
}

/** A residue as values, the first one highest. */
export const valuesOf = (code: ChecksumCode, residue: bigint): number[] =>
  Array.from({ length: code.length }, (_, index) => Number((residue >> BigInt(5 * (code.length - 1 - index))) & 31n));

/** The code for a string with so many values of data, checksum included; `null` for lengths that neither has. */
export function codeForLength(values: number): ChecksumCode | null {
  if (values <= 93) return shortCode;
  return values >= 96 && values <= 124 ? longCode : null;
}

/** Data with its checksum. */
export function withChecksum(data: readonly number[]): number[] {
  const code = data.length <= 80 ? shortCode : longCode;
  const residue = residueOf(code, [...data, ...new Array<number>(code.length).fill(0)]) ^ code.target;
  return [...data, ...valuesOf(code, residue)];
}
