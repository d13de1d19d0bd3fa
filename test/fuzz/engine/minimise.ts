/** Attempts in all: a finding is to be small, not smallest. */
const MOST_ATTEMPTS = 3000;

/**
 * A smaller input that still shows the same: parts are left out, by halves down to single bytes, then bytes are set to zero.
 * @param shows whether an input shows what is wanted; it must for `input`
 */
export function minimise(input: Uint8Array, shows: (candidate: Uint8Array) => boolean, mostAttempts = MOST_ATTEMPTS): Uint8Array {
  let best = input;
  let attempts = 0;
  const tryInstead = (candidate: Uint8Array): boolean => {
    attempts += 1;
    if (attempts > mostAttempts || !shows(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let size = Math.max(1, best.length >> 1); size >= 1 && attempts < mostAttempts; size >>= 1) {
    for (let at = 0; at < best.length && attempts < mostAttempts; ) {
      const rest = best.subarray(Math.min(best.length, at + size));
      const shorter = new Uint8Array(at + rest.length);
      shorter.set(best.subarray(0, at));
      shorter.set(rest, at);
      if (!tryInstead(shorter)) at += size;
    }
  }
  for (let at = 0; at < best.length && attempts < mostAttempts; at += 1) {
    if (best[at] === 0) continue;
    const zeroed = Uint8Array.from(best);
    zeroed[at] = 0;
    tryInstead(zeroed);
  }
  return best;
}
