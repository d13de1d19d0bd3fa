import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { paperCommands } from '../../../../src/cli/signer/paper-commands.ts';
import { checkWordsOf } from '../../../../src/paper/check-words.ts';
import { templateSheet } from '../../../../src/paper/sheets/template.ts';
import { programOf, runLine, type RunOptions } from '../shared/program-harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-paper-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const fileOf = (name: string, content: string): string => {
  writeFileSync(at(name), content);
  return at(name);
};
async function ran(args: readonly string[], options: RunOptions = {}) {
  const outcome = await runLine(programOf(...paperCommands), [...args, '--json'], options);
  return { ...outcome, json: JSON.parse(outcome.stdout) as Record<string, any> };
}
const blank = ['--kind', 'template', '--template', 'seed-12'];
const words = (network: 'mainnet' | 'regtest' = 'mainnet'): string => checkWordsOf(templateSheet({ serial: 'BLANK-SEED-12', label: '', network, date: '' }, 'seed-12'), 1, 1);

test('a template is made as a PDF without a key', async () => {
  const made = await ran(['paper', 'make', ...blank, '--out', at('blank.pdf')]);
  expect(made).toMatchObject({ exit: 0, json: { ok: true, kind: 'template', part: 'secret', serial: 'BLANK-SEED-12', date: '', pages: 1, codes: [], out: at('blank.pdf'), files: [at('blank.pdf')] } });
  expect(made.json['sheetId']).toMatch(/^[0-9a-f]{32}$/);
  expect(readFileSync(at('blank.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
});

test('a folder takes the sheet under its serial; an SVG of one page may be a file', async () => {
  mkdirSync(at('sheets'));
  await ran(['paper', 'make', ...blank, '--out', at('sheets')]);
  expect(readdirSync(at('sheets'))).toEqual(['sheet-blank-seed-12.pdf']);
  await ran(['paper', 'make', ...blank, '--format', 'svg', '--out', at('blank.svg')]);
  expect(readFileSync(at('blank.svg'), 'utf8').slice(0, 4)).toBe('<svg');
});

test('check words prove a print, from a file, standard input or as typed', async () => {
  const file = fileOf('words.txt', `${words()}\r\n`);
  expect(await ran(['paper', 'check', ...blank, '--words', file])).toMatchObject({ exit: 0, json: { ok: true, made: true, by: 'words', serial: 'BLANK-SEED-12' } });
  expect(await ran(['paper', 'check', ...blank, '--words', '-'], { standardInput: words() })).toMatchObject({ exit: 0 });
  expect(await ran(['paper', 'check', ...blank], { answers: [words()] })).toMatchObject({ exit: 0 });
});

test('check words of another sheet, or none, exit with 3', async () => {
  const refused = { exit: 3, json: { ok: false, error: { code: 'paper.not-read-back', details: { missing: '1' } } } };
  expect(await ran(['paper', 'check', ...blank, '--network', 'regtest', '--words', fileOf('words.txt', words())])).toMatchObject(refused);
  expect(await ran(['paper', 'check', ...blank, '--words', fileOf('none.txt', '\n')])).toMatchObject(refused);
  expect(await ran(['paper', 'check', ...blank, '--scanned', fileOf('scan.txt', 'abc\n')])).toMatchObject({ exit: 3, json: { error: { code: 'paper.not-read-back' } } });
});

test.each([
  ['a seed without a key', ['--kind', 'seed']],
  ['a wallet without a registration', ['--kind', 'wallet', '--key', 'k.age']],
  ['a template without a name', ['--kind', 'template']],
  ['a template with a key', [...blank, '--key', 'k.age']],
  ['a card with words to be written by hand', ['--kind', 'cosigner-card', '--key', 'k.age', '--by-hand']],
  ['a seed with a count', ['--kind', 'seed', '--key', 'k.age', '--count', '3']],
  ['a wallet with a label of its own', ['--kind', 'wallet', '--key', 'k.age', '--registration', 'r.json', '--label', 'x']],
  ['an unknown kind', ['--kind', 'paper-wallet']],
  ['an unknown paper', [...blank, '--page-size', 'a5']],
])('%s is wrong usage, and nothing is written', async (_name, args) => {
  expect(await ran(['paper', 'make', ...args, '--out', at('sheet.pdf')])).toMatchObject({ exit: 64, json: { ok: false, error: { code: 'usage.malformed' } } });
  expect(existsSync(at('sheet.pdf'))).toBe(false);
});

test('two ways to check at once are wrong usage', async () => {
  const file = fileOf('words.txt', words());
  expect(await ran(['paper', 'check', ...blank, '--words', file, '--scanned', file])).toMatchObject({ exit: 64, json: { error: { code: 'usage.malformed' } } });
});

test('a serial or date that no sheet bears makes none', async () => {
  for (const wrong of [['--serial', 'a b'], ['--serial', 'A'.repeat(25)], ['--date', 'today']]) {
    expect(await ran(['paper', 'make', ...blank, ...wrong, '--out', at('sheet.pdf')])).toMatchObject({ exit: 65, json: { error: { code: 'paper.malformed' } } });
  }
  expect(readdirSync(folder)).toEqual([]);
});
