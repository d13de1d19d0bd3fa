import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkPages } from '../../src/paper/check-page.ts';
import { layOut } from '../../src/paper/layout/lay-out.ts';
import type { Page, PaperSize } from '../../src/paper/page.ts';
import { pdfOf } from '../../src/paper/pdf.ts';
import { pictureOf } from '../../src/paper/picture.ts';
import type { Sheet } from '../../src/paper/sheet.ts';
import { svgOf } from '../../src/paper/svg.ts';
import { cutAt, moved, scaleInto, tenPercentContrast, type GreyImage } from '../support/paper/grey-image.ts';
import { asPrinted, codesInPrint, furtherLooks, haveOutsideReaders, NO_READERS, pixelsOf, textOf, type PageChange } from '../support/paper/outside-readers.ts';
import { rasterise } from '../support/paper/rasterise.ts';
import { mixedSheets, sampleSheets } from '../unit/paper/sheet-samples.ts';

/*
 * Sheets as a stranger reads them: page to PDF, PDF to pixels at 200 dpi, pixels to texts by zbar. STRONGROOM_SHEETS sets how
 * many sheets the bulk run makes (1,000 for a release); STRONGROOM_PAPER_FOLDER keeps every sample as PDF and SVG to look at.
 */

const DPI = 200;
const BULK = Number(process.env['STRONGROOM_SHEETS'] ?? 40);
const CHUNK = 20;
let haveReaders = false;

beforeAll(() => {
  haveReaders = haveOutsideReaders();
});

const codesOn = (page: Page): string[] => page.items.flatMap((item) => (item.kind === 'code' ? [item.text] : [])).sort();

/** Pages of checked sheets: what would be printed. */
const printed = (sheets: readonly Sheet[], paper: PaperSize): Page[] =>
  sheets.flatMap((sheet) => {
    const pages = layOut(sheet, paper);
    checkPages(sheet, pages);
    return pages;
  });

/** Texts that zbar finds on each page that has a code, after each change of the pixels. */
const readOutside = (pages: readonly Page[], changes: readonly PageChange[]) => codesInPrint(pdfOf(pages), DPI, pages.map((page) => codesOn(page).length), changes);

/** How much a page is turned more each time that it is laid down again, degrees. */
const AGAIN = 0.15;
const worst: PageChange = (image, look) => tenPercentContrast(moved(image, -1 + look * AGAIN, scaleInto(image, 6, DPI)));
const changes: readonly (readonly [string, PageChange])[] = [
  ['at 10 % contrast', (image, look) => tenPercentContrast(look === 0 ? image : moved(image, look * AGAIN, 1))],
  ['turned by 1 degree', (image, look) => moved(image, 1 + look * AGAIN, 1)],
  ['cut off at margins of 6 mm', (image) => cutAt(image, 6, DPI)],
  ['shrunk between margins of 6 mm', (image, look) => moved(image, look * AGAIN, scaleInto(image, 6, DPI))],
  ['shrunk, turned the other way and at 10 % contrast', worst],
];

for (const paper of ['a4', 'letter'] as const) {
  for (const network of ['mainnet', 'practice'] as const) {
    test(`zbar reads each code of every kind of sheet, ${network} on ${paper}, and it is what the sheet holds`, async ({ skip }) => {
      if (!haveReaders) skip(NO_READERS);
      const pages = Object.entries(sampleSheets(network)).flatMap(([name, sheet]) => {
        const ofSheet = printed([sheet], paper);
        keep(`${network}-${paper}-${name}`, ofSheet);
        return ofSheet;
      });
      expect(await readOutside(pages, [asPrinted])).toEqual([pages.map(codesOn)]);
    });
  }
}

// Practice sheets: the watermark runs under their codes.
for (const [name, change] of changes) {
  test(`zbar reads each code of every kind of sheet ${name}`, async ({ skip }) => {
    if (!haveReaders) skip(NO_READERS);
    const pages = printed(Object.values(sampleSheets('practice')), 'a4').filter((page) => codesOn(page).length > 0);
    expect(pages.length).toBeGreaterThan(15);
    expect(await readOutside(pages, [change])).toEqual([pages.map(codesOn)]);
  });
}

test('nothing is lost when a printer cuts off 6 mm: there is no ink outside 10 mm', ({ skip }) => {
  if (!haveReaders) skip(NO_READERS);
  for (const paper of ['a4', 'letter'] as const) {
    const margin = (10 / 25.4) * DPI - 1;
    for (const { width, height, pixels } of pixelsOf(pdfOf(printed(Object.values(sampleSheets('practice')), paper)), DPI)) {
      expect(pixels.every((value, index) => value === 255 || (index % width >= margin && index % width < width - margin && index >= width * margin && index < width * (height - margin)))).toBe(true);
    }
  }
});

test('preview and PDF are the same picture', ({ skip }) => {
  if (!haveReaders) skip(NO_READERS);
  for (const name of ['paper-wallet-p2tr-bip38', 'seed-24', 'wallet-2-of-3', 'template-seedqr-25']) {
    const pages = printed([sampleSheets('practice')[name] as Sheet], 'a4');
    const fromPdf = pixelsOf(pdfOf(pages), DPI);
    pages.forEach((page, index) => expect([name, index, differences(page, fromPdf[index] as GreyImage)]).toEqual([name, index, 0]));
  }
});

test('a PDF\'s text can be searched and copied, as the recovery commands of a wallet sheet must', ({ skip }) => {
  if (!haveReaders) skip(NO_READERS);
  const text = textOf(pdfOf(printed([sampleSheets()['wallet-2-of-3'] as Sheet], 'a4')));
  expect(text).toContain('bitcoin-cli -named createwallet wallet_name=recovered disable_private_keys=true blank=true');
  expect(text.replace(/\s+/g, '')).toContain('"active":true,"internal":true,"range":[0,999],"timestamp":1760000000}]\'');
});

test(`${BULK} sheets of mixed kinds: no code is misread, as printed and shrunk, turned and at 10 % contrast`, { timeout: 60_000 + BULK * 3_000 }, async ({ skip }) => {
  if (!haveReaders) skip(NO_READERS);
  let codes = 0;
  let made = 0;
  const sheets = mixedSheets(BULK);
  const nextBatch = (): Sheet[] => Array.from({ length: CHUNK }, () => sheets.next().value).filter((sheet) => sheet !== undefined);
  /** Takes the next sheets until there are none: two of these run beside each other, since readers are other processes. */
  async function readRest(paper: PaperSize): Promise<void> {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      made += batch.length;
      const pages = printed(batch, paper).filter((page) => codesOn(page).length > 0);
      const expected = pages.map(codesOn);
      expect(await readOutside(pages, [asPrinted, worst])).toEqual([expected, expected]);
      codes += expected.flat().length;
    }
  }
  const began = performance.now();
  furtherLooks.pages = 0;
  await Promise.all([readRest('a4'), readRest('letter')]);
  expect(made).toBe(BULK);
  expect(codes).toBeGreaterThanOrEqual(BULK);
  // More would mean that codes are hard to find, whatever they say once they are found.
  expect(furtherLooks.pages).toBeLessThanOrEqual(Math.max(2, codes / 50));
  if (BULK > 100) console.info(`${made} sheets, ${codes} codes, each read as printed and spoilt; shown again ${furtherLooks.pages} times; ${Math.round((performance.now() - began) / 1000)} s`);
});

/** Pixels that are clearly inside a shape, or clearly outside all, in the preview's paths, and not so in the PDF. */
function differences(page: Page, pdf: GreyImage): number {
  const { paths, widthMm, heightMm } = pictureOf(page);
  const { width, height, dark, stroked } = rasterise(paths, widthMm, heightMm, DPI);
  expect([pdf.width, pdf.height]).toEqual([width, height]);
  let different = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      if (stroked[at] === 1) continue;
      const sum = [-1, 0, 1].reduce((total, row) => total + [-1, 0, 1].reduce((part, column) => part + (dark[at + row * width + column] as number), 0), 0);
      const grey = pdf.pixels[at] as number;
      if ((sum === 9 && grey > 127) || (sum === 0 && grey < 128)) different += 1;
    }
  }
  return different;
}

function keep(name: string, pages: readonly Page[]): void {
  const folder = process.env['STRONGROOM_PAPER_FOLDER'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.pdf`), pdfOf(pages));
  pages.forEach((page, index) => writeFileSync(join(folder, `${name}-${index + 1}.svg`), svgOf(page)));
}
