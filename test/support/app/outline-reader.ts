import { monoRegular } from '../../../src/paper/glyphs/mono-regular.ts';

/** Reads the mono text of a page's picture by the shapes of its letters, as a person reads the check words at its foot. */

interface Contour {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Corner points in units of the contour's own box, so that size and place do not matter. */
  readonly shape: readonly (readonly [number, number])[];
}

function contours(path: string, flip: 1 | -1): readonly Contour[] {
  return path.split('M').slice(1).flatMap((part): Contour[] => {
    const points: [number, number][] = [];
    let at: [number, number] = [0, 0];
    for (const [, command, text] of `M${part}`.matchAll(/([MLQHVZ])([^MLQHVZ]*)/g)) {
      const numbers = (text?.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
      if (command === 'H') for (const x of numbers) points.push((at = [x, at[1]]));
      else if (command === 'V') for (const y of numbers) points.push((at = [at[0], y * flip]));
      else for (let index = 0; index + 1 < numbers.length; index += 2) points.push((at = [numbers[index] as number, (numbers[index + 1] as number) * flip]));
    }
    if (points.length < 3) return [];
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    if (right === left || bottom === top) return [];
    return [{ left, right, top, bottom, shape: points.map(([x, y]) => [(x - left) / (right - left), (y - top) / (bottom - top)] as const) }];
  });
}

const isInside = (inner: Contour, outer: Contour): boolean => inner !== outer && inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
const widest = (all: readonly Contour[]): Contour => all.reduce((a, b) => ((b.right - b.left) * (b.bottom - b.top) > (a.right - a.left) * (a.bottom - a.top) ? b : a));

/** The outer shape of every small letter; fonts count upwards, pages downwards. */
const letters = [...'abcdefghijklmnopqrstuvwxyz'].flatMap((letter) => {
  const outline = monoRegular.glyphs[letter]?.[1];
  return outline === undefined ? [] : [{ letter, contour: widest(contours(outline, -1)) }];
});

/** The letter of a contour, or `null`: as many corners, all in their places, and as slim or wide. */
function letterOf(contour: Contour): string | null {
  const slimness = ({ left, right, top, bottom }: Contour): number => (right - left) / (bottom - top);
  const fits = letters.filter(({ contour: known }) =>
    known.shape.length === contour.shape.length && Math.abs(slimness(known) / slimness(contour) - 1) < 0.03 && known.shape.every(([x, y], index) => Math.hypot(x - (contour.shape[index]?.[0] ?? 9), y - (contour.shape[index]?.[1] ?? 9)) < 0.04));
  return fits.length === 1 ? (fits[0]?.letter ?? null) : null;
}

/**
 * The three words at the foot of a page.
 * @param svg the picture that the host serves, in millimetres
 */
export function checkWordsOnPage(svg: string, heightMm: number): string {
  const all = [...svg.matchAll(/ d="([^"]+)"/g)].flatMap(([, path]) => contours(path as string, 1));
  const foot = all.filter((contour) => contour.top > heightMm - 30 && contour.bottom - contour.top < 4);
  const found = foot.filter((contour) => !foot.some((other) => isInside(contour, other))).flatMap((contour) => {
    const letter = letterOf(contour);
    return letter === null ? [] : [{ letter, contour }];
  });
  // They are the lowest line; in mono every letter stands in a cell of the same width, and blanks take one.
  const lowest = Math.max(...found.map(({ contour }) => contour.bottom));
  const line = found.filter(({ contour }) => contour.bottom > lowest - 1.4).toSorted((a, b) => a.contour.left - b.contour.left);
  const middle = ({ contour }: (typeof line)[number]): number => (contour.left + contour.right) / 2;
  const runs = line.reduce<{ text: string; end: number }[]>((words, each) => {
    const last = words.at(-1);
    if (last === undefined || middle(each) - last.end > 2.6) words.push({ text: each.letter, end: middle(each) });
    else Object.assign(last, { text: last.text + each.letter, end: middle(each) });
    return words;
  }, []);
  return runs.map(({ text }) => text).join(' ');
}
