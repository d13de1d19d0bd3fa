/** Edits that turn one text into the other: insert, delete, replace, swap neighbours (Damerau-Levenshtein, restricted). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replace = (previous[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let best = Math.min(replace, (previous[column] as number) + 1, (current[column - 1] as number) + 1);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (beforePrevious[column - 2] as number) + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] as number;
}

/** The known name that a mistyped one most likely means, or `null` where none is near. */
export function nearestName(typed: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  // A third of the name may be wrong, at least one letter: enough for slips, too little for another word.
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const name of known) {
    if (typed.length > 1 && name.startsWith(typed)) return name;
    const distance = Math.abs(name.length - typed.length) >= least ? least : editDistance(typed.slice(0, 60), name);
    if (distance < least) {
      nearest = name;
      least = distance;
    }
  }
  return nearest;
}
