/** Rows of keyboards from top to bottom, in lower case: QWERTY, QWERTZ, AZERTY. */
const layouts: readonly (readonly string[])[] = [
  ['1234567890-=', 'qwertyuiop[]', 'asdfghjkl;\'\\', 'zxcvbnm,./'],
  ['1234567890ß´', 'qwertzuiopü+', 'asdfghjklöä#', 'yxcvbnm,.-'],
  ['1234567890)=', 'azertyuiop^$', 'qsdfghjklmù*', 'wxcvbn,;:!'],
  // What the digits' row gives without the shift key there.
  ['&é"\'(-è_çà)='],
];

/** Rows, columns (1qaz) and diagonals (zse4) of every layout, the alphabet, and the digits from nought. */
const lines: readonly string[] = [...layouts.flatMap(linesOf), 'abcdefghijklmnopqrstuvwxyz', '0123456789'];

function linesOf(rows: readonly string[]): string[] {
  if (rows.length === 1) return [...rows];
  const width = Math.max(...rows.map(({ length }) => length));
  const places = Array.from({ length: width }, (_, place) => place);
  const key = (row: number, place: number): string => rows[row]?.[place] ?? '';
  const columns = places.map((place) => rows.map((_, row) => key(row, place)).join(''));
  const diagonals = places.map((place) => rows.map((_, row) => key(rows.length - 1 - row, place + row)).join(''));
  return [...rows, ...columns, ...diagonals];
}

/** For two characters that are neighbours on some line: which lines, forwards or backwards. */
const steps = new Map<string, Set<string>>();
lines.forEach((line, number) => {
  for (let place = 1; place < line.length; place += 1) {
    const [left, right] = [line[place - 1] as string, line[place] as string];
    add(left + right, `${number}+`);
    add(right + left, `${number}-`);
  }
});

function add(pair: string, course: string): void {
  const courses = steps.get(pair) ?? new Set();
  courses.add(course);
  steps.set(pair, courses);
}

/** Where most steps go from a key to its neighbour, whatever the direction, a hand strolls over the keyboard. */
const STROLL = 0.75;

/**
 * The guess "on along the line as in the last step": the share of places at which it is right; 1 where the sequence strolls
 * from neighbour to neighbour.
 * @param keys code points in lower case
 */
export function walkShare(keys: readonly number[]): number {
  const text = keys.map((key) => String.fromCodePoint(key));
  const courses = text.slice(1).map((key, place) => steps.get((text[place] as string) + key) ?? new Set<string>());
  if (courses.filter(({ size }) => size > 0).length > courses.length * STROLL) return 1;
  const onwards = courses.filter((course, place) => [...course].some((each) => courses[place - 1]?.has(each)));
  return onwards.length / keys.length;
}
