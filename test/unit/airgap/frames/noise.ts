/** A generator for tests: the same numbers in [0, 1) for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Bytes that nothing makes shorter. */
export function noise(length: number, seed = 1): Uint8Array {
  const next = seeded(seed);
  return Uint8Array.from({ length }, () => next() * 256);
}
