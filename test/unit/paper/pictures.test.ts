import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { templateNames } from '../../../src/paper/sheets/template.ts';
import { sheetKinds } from '../../../src/paper/sheet.ts';
import { sampleSheets } from './sheet-samples.ts';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
const pictures = readdirSync(`${docs}paper`).sort();
const page = readFileSync(`${docs}paper.md`, 'utf8');

test('docs/paper.md shows every picture, and no picture that is not there', () => {
  expect([...page.matchAll(/\]\(paper\/([a-z0-9-]+\.png)\)/g)].map(([, name]) => name).sort()).toEqual(pictures);
});

test('there is a picture of every kind of sheet, of every blank, and of each form of a key', () => {
  const shown = Object.entries(sampleSheets('practice')).filter(([name]) => pictures.includes(`${name}.png`));
  expect(new Set(shown.map(([, sheet]) => sheet.kind))).toEqual(new Set(sheetKinds));
  for (const name of [...templateNames.map((each) => `template-${each}`), 'paper-wallet-p2wpkh-wif', 'paper-wallet-p2tr-bip38', 'paper-wallet-p2pkh-secure-print']) expect(pictures).toContain(`${name}.png`);
});

test('pictures are PNGs under 60 kB', () => {
  for (const name of pictures) {
    expect(readFileSync(`${docs}paper/${name}`).subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([name, statSync(`${docs}paper/${name}`).size < 60_000]).toEqual([name, true]);
  }
});
