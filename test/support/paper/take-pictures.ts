import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPages } from '../../../src/paper/check-page.ts';
import { layOut } from '../../../src/paper/layout/lay-out.ts';
import type { Page } from '../../../src/paper/page.ts';
import { pdfOf } from '../../../src/paper/pdf.ts';
import { sampleSheets } from '../../unit/paper/sheet-samples.ts';
import { pngFile } from '../pictures.ts';
import type { GreyImage } from './grey-image.ts';
import { haveOutsideReaders, NO_READERS, pixelsOf } from './outside-readers.ts';

/*
 * Takes the pictures of docs/paper: every sheet, as poppler draws the PDF that would be printed. Practice data, made from names:
 * no key in them was ever anybody's. Started by scripts/paper-pictures.mjs.   Argument: the folder for the pictures.
 */

/** Enough to read, and small. */
const DPI = 75;
/** Sheets of which more pages than the first show something new. */
const PAGES: Readonly<Record<string, number>> = { 'wallet-2-of-3': 2 };
/** Variants that look like another one's picture. */
const LEFT_OUT = ['paper-wallet-p2tr-public', 'paper-wallet-p2pkh-public', 'wallet-8-of-15'];

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder for the pictures.');
if (!haveOutsideReaders()) throw new Error(NO_READERS);
mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder).filter((name) => name.endsWith('.png'))) rmSync(join(folder, old));

for (const [name, sheet] of Object.entries(sampleSheets('practice'))) {
  if (LEFT_OUT.includes(name)) continue;
  const pages = layOut(sheet, 'a4');
  checkPages(sheet, pages);
  const shown: readonly Page[] = pages.slice(0, PAGES[name] ?? 1);
  pixelsOf(pdfOf(shown), DPI).forEach((image, index) => writeFileSync(join(folder, `${name}${index === 0 ? '' : `-${index + 1}`}.png`), inSixteenGreys(image)));
}

/** Sixteen greys are plenty for black on white, and half the size. */
function inSixteenGreys({ width, height, pixels }: GreyImage): Uint8Array {
  const rowBytes = Math.ceil(width / 2);
  const scanLines = new Uint8Array((rowBytes + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (rowBytes + 1) + 1 + (x >> 1);
      scanLines[at] = (scanLines[at] as number) | (Math.round((pixels[y * width + x] as number) / 17) << (x % 2 === 0 ? 4 : 0));
    }
  }
  return pngFile({ width, height, scanLines, depth: 4 });
}
