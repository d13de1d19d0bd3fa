/** Farther than this, a word has nothing to do with what was typed. */
const FARTHEST = 3;

/** Without accents and case: many people write Spanish or French words without them, and none of the lists has a pair that only they tell apart. */
const folded = (word: string): string => word.normalize('NFKD').toLowerCase().replace(/[\u0300-\u036f]/g, '');

/**
 * The words of a list that are nearest to what was typed, nearest first: those that it begins (all lists tell their words
 * apart by four letters), then by letters apart. A secret: these go to the person who types, and into no error.
 * @param most how many at most
 */
export function nearestWords(given: string, list: readonly string[], most = 5): readonly string[] {
  const typed = folded(given.trim());
  if (typed === '') return [];
  return list
    .map((word, place) => ({ word, place, distance: typed.length >= 3 && folded(word).startsWith(typed) ? 0 : wordDistance(typed, folded(word), FARTHEST) }))
    .filter(({ distance }) => distance <= Math.min(FARTHEST, Math.ceil(typed.length / 2)))
    .sort((a, b) => a.distance - b.distance || a.place - b.place)
    .slice(0, most)
    .map(({ word }) => word);
}

/**
 * Letters that must be put in, left out, changed, or swapped with their neighbour to make one word of another (optimal string
 * alignment), counted in code points.
 * @param farthest above this the exact count does not matter: any larger number may come back
 */
export function wordDistance(a: string, b: string, farthest: number): number {
  const from = [...a];
  const to = [...b];
  if (Math.abs(from.length - to.length) > farthest) return farthest + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of from.entries()) {
    const current = [row + 1];
    for (const [column, other] of to.entries()) {
      const changed = (last[column] as number) + (letter === other ? 0 : 1);
      const swapped = row > 0 && column > 0 && letter === to[column - 1] && from[row - 1] === other ? (beforeLast[column - 1] as number) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(changed, swapped, (last[column + 1] as number) + 1, (current[column] as number) + 1));
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] as number;
}
