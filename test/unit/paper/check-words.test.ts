import { expect, test } from 'vitest';
import { checkWordsOf, sheetIdOf } from '../../../src/paper/check-words.ts';
import type { Sheet } from '../../../src/paper/sheet.ts';
import { sampleSheets } from './sheet-samples.ts';

const sheet = Object.values(sampleSheets('mainnet'))[0] as Sheet;
const backwards = Object.fromEntries(Object.entries(sheet).reverse()) as unknown as Sheet;

test('the order in which a program set the fields changes neither the sheet\'s id nor its check words', () => {
  expect(Object.keys(backwards)[0]).not.toBe(Object.keys(sheet)[0]);
  expect(sheetIdOf(backwards)).toBe(sheetIdOf(sheet));
  expect(checkWordsOf(backwards, 1, 2)).toBe(checkWordsOf(sheet, 1, 2));
});

test('another page, or one other character, has other check words', () => {
  expect(checkWordsOf(sheet, 2, 2)).not.toBe(checkWordsOf(sheet, 1, 2));
  expect(sheetIdOf({ ...sheet, serial: `${sheet.serial}x` })).not.toBe(sheetIdOf(sheet));
});
