/** Up to this many sets are all taken. */
const MOST_SETS = 64;

/**
 * Sets of `size` of the items: all there are where they are few, and else the runs of neighbours, the last followed by the
 * first, so that each item is in `size` of them.
 */
export function someSubsets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (combinations(items.length, size) <= MOST_SETS) return allSubsets(items, size);
  return items.map((_, start) => Array.from({ length: size }, (_unused, step) => items[(start + step) % items.length] as T));
}

function allSubsets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => allSubsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

/** n over k. */
function combinations(n: number, k: number): number {
  let product = 1;
  for (let step = 1; step <= k; step += 1) product = (product * (n - k + step)) / step;
  return product;
}
