import type { PaperSize } from '../../src/paper/page.ts';
import { paperSizes } from '../../src/paper/page.ts';

/** The document that is printed: the pages' own pictures, one after the other, each filling its sheet of paper exactly. */

/** @param pictures names of the pages' SVGs beside this document */
export function printDocumentOf(pictures: readonly string[]): string {
  const images = pictures.map((name) => `<img src="${name}" alt="">`).join('\n');
  // The title goes to the print queue and its log, where it stays: it names nothing.
  return `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Strongroom sheet</title>\n<link rel="stylesheet" href="print.css">\n</head>\n<body>\n${images}\n</body>\n</html>\n`;
}

export function printStylesOf(paper: PaperSize): string {
  const { widthMm, heightMm } = paperSizes[paper];
  return [
    `@page { size: ${widthMm}mm ${heightMm}mm; margin: 0; }`,
    'html, body { margin: 0; padding: 0; background: #fff; }',
    `img { display: block; width: ${widthMm}mm; height: ${heightMm}mm; break-after: page; break-inside: avoid; }`,
    'img:last-child { break-after: auto; }',
    '',
  ].join('\n');
}
