/** The two levels that paper uses: Q restores 25 % of a damaged code, H 30 %. */
export type PaperCorrection = 'Q' | 'H';

// For versions 1 to 40. @see ISO/IEC 18004, "Error correction characteristics"
const parityPerBlock: Readonly<Record<PaperCorrection, readonly number[]>> = {
  Q: [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
  H: [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
};
const blockCounts: Readonly<Record<PaperCorrection, readonly number[]>> = {
  Q: [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68],
  H: [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81],
};

/**
 * The blocks that a code's codewords are interleaved from, as index lists into the codewords as placed; each list is data
 * followed by `parity` parity codewords. Shorter blocks come first.
 */
export function blocksOf(version: number, correction: PaperCorrection, totalCodewords: number): { readonly parity: number; readonly blocks: readonly (readonly number[])[] } {
  const parity = parityPerBlock[correction][version - 1] as number;
  const count = blockCounts[correction][version - 1] as number;
  const shortLength = Math.floor(totalCodewords / count) - parity;
  const shortBlocks = count - (totalCodewords % count);
  const blocks = Array.from({ length: count }, (): number[] => []);
  let next = 0;
  for (let position = 0; position <= shortLength; position += 1) {
    blocks.forEach((block, index) => {
      if (position < shortLength || index >= shortBlocks) block.push(next++);
    });
  }
  for (let position = 0; position < parity; position += 1) for (const block of blocks) block.push(next++);
  return { parity, blocks };
}
