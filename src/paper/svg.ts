import type { Page } from './page.ts';
import { decimal, pictureOf } from './picture.ts';

/**
 * The page as an SVG document in millimetres: paths only, no text elements, fonts, styles or links. For files and for a print
 * window; a page of the app draws `pictureOf(page)` itself, since it may not insert markup.
 */
export function svgOf(page: Page): string {
  const { widthMm, heightMm, paths } = pictureOf(page);
  const size = `width="${decimal(widthMm)}mm" height="${decimal(heightMm)}mm" viewBox="0 0 ${decimal(widthMm)} ${decimal(heightMm)}"`;
  const ground = `<path fill="#fff" d="M0 0H${decimal(widthMm)}V${decimal(heightMm)}H0Z"/>`;
  const shapes = paths.map(({ d, paint }) =>
    typeof paint === 'string' ? `<path fill="${paint === 'black' ? '#000' : '#fff'}" d="${d}"/>` : `<path fill="none" stroke="#000" stroke-width="${decimal(paint.strokeMm)}" d="${d}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${ground}${shapes.join('')}</svg>\n`;
}
