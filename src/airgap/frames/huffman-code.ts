/**
 * Lengths of a prefix code that is short where symbols are frequent and never longer than `limit`. Unused symbols have length 0.
 * @see RFC 1951, 3.2.2
 */
export function codeLengths(counts: readonly number[], limit: number): number[] {
  const used = counts.map((count, symbol) => ({ count, symbol })).filter(({ count }) => count > 0).sort((a, b) => a.count - b.count || a.symbol - b.symbol);
  const lengths = new Array<number>(counts.length).fill(0);
  const [only] = used;
  if (only === undefined) return lengths;
  if (used.length === 1) {
    lengths[only.symbol] = 1;
    return lengths;
  }
  const perLength = limited(depthsOf(used.map(({ count }) => count)), limit);
  // The rarest symbols get the longest codes.
  let at = 0;
  for (let length = limit; length > 0; length -= 1) {
    for (let times = perLength[length] as number; times > 0; times -= 1) lengths[(used[at++] as { symbol: number }).symbol] = length;
  }
  return lengths;
}

/** Depths of Huffman's tree over counts in rising order; inner nodes come out in rising order too, so two queues do. */
function depthsOf(counts: readonly number[]): number[] {
  const leaves = counts.length;
  const weights = [...counts];
  const parents: number[] = [];
  let leaf = 0;
  let inner = leaves;
  const smallest = (): number => {
    const takeLeaf = leaf < leaves && (inner >= weights.length || (weights[leaf] as number) <= (weights[inner] as number));
    return takeLeaf ? leaf++ : inner++;
  };
  while (weights.length < 2 * leaves - 1) {
    const first = smallest();
    const second = smallest();
    parents[first] = weights.length;
    parents[second] = weights.length;
    weights.push((weights[first] as number) + (weights[second] as number));
  }
  const depths = new Array<number>(weights.length).fill(0);
  for (let node = weights.length - 2; node >= 0; node -= 1) depths[node] = (depths[parents[node] as number] as number) + 1;
  return depths.slice(0, leaves);
}

/** How many codes each length has once none is longer than `limit`: others are made longer until all fit again. */
function limited(depths: readonly number[], limit: number): number[] {
  const perLength = new Array<number>(limit + 1).fill(0);
  for (const depth of depths) perLength[Math.min(depth, limit)] = (perLength[Math.min(depth, limit)] as number) + 1;
  let space = perLength.reduce((sum, times, length) => (length === 0 ? sum : sum + times * 2 ** (limit - length)), 0);
  for (; space > 2 ** limit; space -= 1) {
    perLength[limit] = (perLength[limit] as number) - 1;
    let length = limit - 1;
    while (perLength[length] === 0) length -= 1;
    perLength[length] = (perLength[length] as number) - 1;
    perLength[length + 1] = (perLength[length + 1] as number) + 2;
  }
  return perLength;
}

/** The canonical codes of lengths, their bits turned round, since deflate sends codes from their highest bit. @see RFC 1951, 3.2.2 */
export function codesOf(lengths: readonly number[]): Uint16Array {
  const perLength = new Array<number>(17).fill(0);
  for (const length of lengths) if (length > 0) perLength[length] = (perLength[length] as number) + 1;
  const next = new Array<number>(17).fill(0);
  for (let length = 1; length < 17; length += 1) next[length] = ((next[length - 1] as number) + (length > 1 ? (perLength[length - 1] as number) : 0)) << 1;
  return Uint16Array.from(lengths, (length) => {
    if (length === 0) return 0;
    const code = next[length] as number;
    next[length] = code + 1;
    let turned = 0;
    for (let bit = 0; bit < length; bit += 1) turned |= ((code >>> bit) & 1) << (length - 1 - bit);
    return turned;
  });
}
