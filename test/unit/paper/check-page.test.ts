import { expect, test } from 'vitest';
import { checkPages } from '../../../src/paper/check-page.ts';
import { layOut } from '../../../src/paper/layout/lay-out.ts';
import type { CodeItem, Page, PageItem } from '../../../src/paper/page.ts';
import type { Sheet } from '../../../src/paper/sheet.ts';
import { paperWalletSheets } from '../../../src/paper/sheets/paper-wallet.ts';
import { factsOf, paperWalletOf, sampleSheets } from './sheet-samples.ts';

const [, sheet] = paperWalletSheets(factsOf('SR-1'), paperWalletOf('a', 'p2wpkh', 'wif'));
const [other] = [paperWalletSheets(factsOf('SR-1'), paperWalletOf('b', 'p2wpkh', 'wif'))[1]];
const [page] = layOut(sheet, 'a4') as [Page];

const changed = (change: (item: PageItem) => PageItem | readonly PageItem[]): Page[] => [{ ...page, items: page.items.flatMap(change) }];
const ofCode = (change: (item: CodeItem) => PageItem | readonly PageItem[]): Page[] => changed((item) => (item.kind === 'code' ? change(item) : item));
const box = (item: CodeItem, xMm: number, yMm: number): PageItem => ({ kind: 'box', xMm: item.xMm + xMm, yMm: item.yMm + yMm, widthMm: 0.5, heightMm: 0.5, paint: 'white' });

test('a page as laid out reads back', () => {
  expect(checkPages(sheet, [page])).toEqual([{ codes: [{ id: 'secret', text: paperWalletOf('a', 'p2wpkh', 'wif').secret.text }], checkWords: page.checkWords }]);
});

test.each([
  ['another sheet\'s page', () => layOut(other, 'a4')],
  ['no page', () => []],
  ['a page twice', () => [page, page]],
  ['no code', () => ofCode(() => [])],
  ['one module wrong', () => ofCode((item) => ({ ...item, modules: { size: item.modules.size, isDark: (row, column) => item.modules.isDark(row, column) !== (row === 12 && column === 14) } }))],
  ['the code of another key', () => ofCode((item) => ({ ...item, modules: (layOut(other, 'a4')[0] as Page).items.find((each): each is CodeItem => each.kind === 'code')?.modules ?? item.modules }))],
  ['modules that are too small', () => ofCode((item) => ({ ...item, moduleMm: 0.55 }))],
  ['something on the code', () => ofCode((item) => [item, box(item, 10, 10)])],
  ['something in the quiet zone, drawn after', () => ofCode((item) => [item, box(item, -2, 10)])],
  ['something in the quiet zone, drawn before and cut off', () => ofCode((item) => [box(item, -2, 10), item])],
  ['something outside the printable area', () => [{ ...page, items: [...page.items, { kind: 'box', xMm: 9.9, yMm: 50, widthMm: 5, heightMm: 5, paint: 'black' } satisfies PageItem] }]],
  ['a character missing from the text', () => changed((item) => (item.kind === 'text' && item.code !== undefined ? { ...item, text: item.text.slice(1) } : item))],
  ['the lines of the text in another order', () => changed((item) => (item.kind === 'text' && item.code !== undefined ? { ...item, baselineMm: 300 - item.baselineMm } : item))],
  ['no check words', () => changed((item) => (item.kind === 'text' && item.text === page.checkWords ? [] : item))],
  ['other check words', () => [{ ...page, checkWords: 'babab babab babab' }]],
  ['no serial', () => changed((item) => (item.kind === 'text' && item.text === sheet.serial ? [] : item))],
  ['no band', () => changed((item) => (item.kind === 'text' && item.text.startsWith('SECRET') ? [] : item))],
])('a page with %s is not offered for printing', (_, pages) => {
  expect(() => checkPages(sheet, pages())).toThrow(expect.objectContaining({ code: 'paper.check-failed' }));
});

test('the error names the fault and not the secret', () => {
  const secret = paperWalletOf('a', 'p2wpkh', 'wif').secret.text;
  let caught: unknown;
  try {
    checkPages(sheet, ofCode(() => []));
  } catch (error) {
    caught = error;
  }
  expect(caught).toMatchObject({ code: 'paper.check-failed', details: { reason: expect.stringContaining('code') } });
  expect(`${String(caught)}${JSON.stringify(caught)}`).not.toContain(secret.slice(0, 6));
});

test('a watermark may run under a code: its ground is white', () => {
  const practice = sampleSheets('practice')['paper-wallet-p2wpkh-wif'] as Sheet;
  expect(checkPages(practice, layOut(practice, 'a4'))).toHaveLength(1);
});
