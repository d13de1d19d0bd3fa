import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundsOf, checkPages, type Bounds } from '../../../src/paper/check-page.ts';
import { maxCosigners, walletScripts } from '../../../src/domain/wallet-script.ts';
import { layOut } from '../../../src/paper/layout/lay-out.ts';
import { PRINTER_MARGIN_MM, type Page } from '../../../src/paper/page.ts';
import { codesOf, type Sheet } from '../../../src/paper/sheet.ts';
import { paperWalletSheets } from '../../../src/paper/sheets/paper-wallet.ts';
import { walletSheet } from '../../../src/paper/sheets/wallet.ts';
import { factsOf, paperWalletOf, sampleSheets, walletOf } from './sheet-samples.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

/** Texts that lie on one another, as pairs; none is what a reader wants. */
function collisions(page: Page): string[] {
  const texts = page.items.flatMap((item) => (item.kind === 'text' ? [{ text: item.text, bounds: boundsOf(item) }] : []));
  const overlap = (a: Bounds, b: Bounds): boolean => a.left < b.right - 0.01 && b.left < a.right - 0.01 && a.top < b.bottom - 0.01 && b.top < a.bottom - 0.01;
  return texts.flatMap((a, index) => texts.slice(index + 1).flatMap((b) => (overlap(a.bounds, b.bounds) ? [`${a.text} / ${b.text}`] : [])));
}

function requireGood(sheet: Sheet, pages: readonly Page[]): void {
  expect(checkPages(sheet, pages).flatMap((reading) => reading.codes.map(({ text }) => text))).toEqual(codesOf(sheet).map(({ text }) => text));
  for (const page of pages) {
    expect(collisions(page)).toEqual([]);
    for (const item of page.items) {
      const { left, top, right, bottom } = boundsOf(item);
      expect(Math.min(left, top, page.widthMm - right, page.heightMm - bottom)).toBeGreaterThanOrEqual(PRINTER_MARGIN_MM);
    }
  }
}

describe.each(['mainnet', 'practice'] as const)('every kind of sheet for %s', (network) => {
  const samples = Object.entries(sampleSheets(network));

  test.each(samples)('%s reads back from its own pages, on A4 and Letter', (_, sheet) => {
    for (const paper of ['a4', 'letter'] as const) requireGood(sheet, layOut(sheet, paper));
  });

  test.each(samples.filter(([, sheet]) => sheet.part === 'secret'))('%s keeps its codes off the folds', (_, sheet) => {
    for (const paper of ['a4', 'letter'] as const) {
      for (const page of layOut(sheet, paper)) {
        for (const item of page.items) {
          if (item.kind !== 'code') continue;
          const { top, bottom } = boundsOf(item);
          for (const fold of [page.heightMm / 3, (2 * page.heightMm) / 3]) expect(top > fold || bottom < fold).toBe(true);
        }
      }
    }
  });
});

test.each(walletScripts)('the sheet of the largest %s wallet reads back from its own pages', (script) => {
  const most = maxCosigners(script);
  const sheet = walletSheet({ serial: 'SR-2026-0008', date: '2026-11-23' }, walletOf(most, most, 'practice', undefined, script), 0);
  for (const paper of ['a4', 'letter'] as const) requireGood(sheet, layOut(sheet, paper));
});

test('secrets fit a single page on mainnet, so that they can be sealed: A4 and Letter', () => {
  for (const [name, sheet] of Object.entries(sampleSheets())) {
    if (sheet.part === 'secret') for (const paper of ['a4', 'letter'] as const) expect([name, layOut(sheet, paper).length]).toEqual([name, 1]);
  }
});

test('codes have modules of 0.6 mm or more and the level that the sheet asks for', () => {
  for (const sheet of Object.values(sampleSheets())) for (const page of layOut(sheet, 'letter')) for (const item of page.items) if (item.kind === 'code') expect(item.moduleMm).toBeGreaterThanOrEqual(0.6 - 1e-9);
});

test('a sheet is laid out the same every time; its two papers differ', () => {
  const sheet = sampleSheets()['wallet-2-of-3'] as Sheet;
  const drawn = (paper: 'a4' | 'letter'): string => JSON.stringify(layOut(sheet, paper));
  expect(drawn('a4')).toBe(drawn('a4'));
  expect(drawn('a4')).not.toBe(drawn('letter'));
});

test('a test network is in the band and across every page; mainnet has neither', () => {
  for (const network of ['testnet4', 'signet', 'regtest', 'practice'] as const) {
    for (const page of layOut(sampleSheets(network)['wallet-2-of-3'] as Sheet, 'a4')) {
      expect(page.items.filter((item) => item.kind === 'watermark').map((item) => item.text)).toEqual([network.toUpperCase()]);
      expect(page.items.some((item) => item.kind === 'text' && item.text.startsWith(`${network.toUpperCase()}  ·`))).toBe(true);
    }
  }
  expect(layOut(sampleSheets()['wallet-2-of-3'] as Sheet, 'a4').flatMap((page) => page.items).some((item) => item.kind === 'watermark')).toBe(false);
});

test('labels of any length and 1 to 15 cosigners flow on to further pages and stay readable', () => {
  const letters = fc.constantFrom(...'abcdefghij WÄÖшλ-mMW', ...'   ');
  const label = fc.string({ unit: letters, minLength: 1, maxLength: 60 }).map((text) => text.trim() || 'x');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 15 }), fc.array(label, { minLength: 15, maxLength: 15 }), fc.constantFrom('a4', 'letter'), fc.constantFrom('mainnet', 'regtest'), (total, labels, paper, network) => {
      const sheet = walletSheet({ serial: 'SR-2026-0007', date: '2026-11-22' }, walletOf(1, total, network, (index) => labels[index] as string), 0);
      requireGood(sheet, layOut(sheet, paper));
    }),
    { numRuns: 12 },
  );
});

test('the widest label and serial stay within the page', () => {
  const sheets = paperWalletSheets({ ...factsOf('W'.repeat(22)), label: 'W'.repeat(60) }, paperWalletOf('a', 'p2tr', 'bip38'));
  for (const sheet of sheets) for (const paper of ['a4', 'letter'] as const) requireGood(sheet, layOut(sheet, paper));
});

test('a command is cut so that its lines, joined with nothing between, are the command: none begins or ends in a blank', () => {
  const sheet = sampleSheets()['wallet-8-of-15'] as Sheet;
  const commands = sheet.blocks.flatMap((block) => (block.type === 'commands' ? block.commands : []));
  const lines = layOut(sheet, 'a4').flatMap((page) => page.items.flatMap((item) => (item.kind === 'text' && item.style.sizeMm < 2.9 && item.style.face === 'mono' && item.code === undefined ? [item.text] : [])));
  expect(lines.join('')).toBe(commands.join(''));
  expect(lines.filter((line) => line !== line.trim())).toEqual([]);
});

test('what cannot be printed or does not fit is refused', () => {
  const sheet = sampleSheets()['cosigner-card'] as Sheet;
  expect(() => layOut({ ...sheet, label: '秘密' }, 'a4')).toThrow(code('paper.unprintable'));
  expect(() => layOut({ ...sheet, blocks: [{ type: 'paragraph', text: 'word '.repeat(30_000) }] }, 'a4')).toThrow(code('paper.too-large'));
  const block = { type: 'code', heading: '', note: '', facts: [], copy: 'plain', sideMm: 50 } as const;
  const content = (length: number) => ({ id: 'x', text: 'a'.repeat(length), correction: 'Q' }) as const;
  expect(() => layOut({ ...sheet, blocks: [{ ...block, code: content(1700) }] }, 'a4')).toThrow(code('paper.too-large'));
  expect(() => layOut({ ...sheet, blocks: [{ type: 'code-parts', heading: '', note: '', codes: [content(1100)] }] }, 'a4')).toThrow(code('paper.too-large'));
});
