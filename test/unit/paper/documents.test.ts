import { expect, test } from 'vitest';
import { layOut } from '../../../src/paper/layout/lay-out.ts';
import { pdfOf } from '../../../src/paper/pdf.ts';
import { decimal, pictureOf } from '../../../src/paper/picture.ts';
import type { Page } from '../../../src/paper/page.ts';
import type { Sheet } from '../../../src/paper/sheet.ts';
import { svgOf } from '../../../src/paper/svg.ts';
import { sampleSheets } from './sheet-samples.ts';

const pagesOf = (name: string, network: 'mainnet' | 'practice' = 'practice'): readonly Page[] => layOut(sampleSheets(network)[name] as Sheet, 'a4');
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

test('the same pages give the same bytes, without a date or an identifier of the moment', () => {
  const pages = pagesOf('wallet-2-of-3');
  const pdf = pdfOf(pages);
  expect(Buffer.compare(pdf, pdfOf(pagesOf('wallet-2-of-3')))).toBe(0);
  expect(latin1(pdf)).not.toMatch(/\/(CreationDate|ModDate|ID|Info|Metadata)\b/);
});

test('every object of a PDF is where its table says, and every stream as long as it says', () => {
  const pdf = latin1(pdfOf(pagesOf('wallet-8-of-15')));
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1]);
  const rows = [...pdf.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((row) => Number(row[1]));
  expect(pdf.slice(start, start + 5)).toBe('xref\n');
  expect(rows.length).toBeGreaterThan(100);
  rows.forEach((offset, index) => expect(pdf.slice(offset, offset + 12)).toContain(`${index + 1} 0 obj\n`));
  for (const match of pdf.matchAll(/<<\/Length (\d+)>>\nstream\n/g)) {
    const end = match.index + match[0].length + Number(match[1]);
    expect(pdf.slice(end, end + 11)).toBe('\nendstream\n'.slice(0, 11));
  }
});

test('a PDF embeds, names and fetches nothing: no font file, image, link, script or form', () => {
  expect(latin1(pdfOf(pagesOf('wallet-2-of-3')))).not.toMatch(/\/(FontFile\d?|BaseFont|Image|URI|JavaScript|JS|Action|AA|OpenAction|AcroForm|EmbeddedFile|Annots)\b/);
});

test('a face with more than 256 characters in use becomes several fonts', () => {
  const letters = Array.from({ length: 300 }, (_, index) => String.fromCodePoint((index < 95 ? 0x20 : index < 190 ? 0xa1 - 95 : 0x100 - 190) + index)).filter((letter) => letter !== '\u00ad').join('');
  const [page] = pagesOf('template-seed-12') as [Page];
  const pdf = latin1(pdfOf([{ ...page, items: [{ kind: 'text', text: letters, xMm: 20, baselineMm: 40, style: { face: 'sans', sizeMm: 1 } }] }]));
  expect(pdf.match(/\/Subtype\/Type3/g)).toHaveLength(2);
});

test('an SVG is paths in black and white and nothing else', () => {
  const svg = svgOf(pagesOf('paper-wallet-p2wpkh-wif')[0] as Page);
  expect(new Set([...svg.matchAll(/<([a-z]+)/g)].map((match) => match[1]))).toEqual(new Set(['svg', 'path']));
  expect(new Set([...svg.matchAll(/ ([a-zA-Z-]+)=/g)].map((match) => match[1]))).toEqual(new Set(['xmlns', 'width', 'height', 'viewBox', 'fill', 'stroke', 'stroke-width', 'd']));
  expect(new Set([...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map((match) => match[1]))).toEqual(new Set(['#fff', '#000', 'none']));
  expect(svg).toContain('viewBox="0 0 210 297"');
});

test('a preview is a handful of paths', () => {
  const { paths } = pictureOf(pagesOf('wallet-2-of-3', 'mainnet')[0] as Page);
  expect(paths.length).toBeLessThan(60);
  expect(paths.every(({ d }) => /^[MLQHVZ0-9. -]+$/.test(d))).toBe(true);
});

test('numbers have at most four decimals and no exponent', () => {
  expect([0, -0.00001, 1 / 3, 297, 1e-7, -2.5, 100.10001].map(decimal)).toEqual(['0', '0', '0.3333', '297', '0', '-2.5', '100.1']);
});
