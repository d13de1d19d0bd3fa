import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeSpoolFolders, withSpoolFolder, type Patience } from '../../../electron/shell/spool-folder.ts';

const patience: Patience = { appearsMs: 500, quietMs: 600, limitMs: 5000 };
/** What the browser does: the document goes where temporary files go. @returns that folder */
const spool = async (): Promise<string> => {
  const folder = process.env['TMPDIR'] as string;
  writeFileSync(join(folder, 'document.pdf'), 'pages');
  return folder;
};

let place: string;
let before: string | undefined;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'strongroom-places-'));
  before = process.env['TMPDIR'];
});
afterEach(() => {
  removeSpoolFolders([place]);
  rmSync(place, { recursive: true, force: true });
  expect(process.env['TMPDIR']).toBe(before);
});

test('while something is printed, and only then, temporary files go to a folder of this process', async () => {
  const seen = await withSpoolFolder(spool, [place], patience);
  expect(seen.startsWith(join(place, `strongroom-spool-${process.pid}-`))).toBe(true);
  expect(process.env['TMPDIR']).toBe(before);
});

test('the folder goes with what is in it, also when printing failed', async () => {
  await expect(
    withSpoolFolder(async () => {
      writeFileSync(join(process.env['TMPDIR'] as string, 'page.pdf'), 'secret');
      throw new Error('jam');
    }, [place]),
  ).rejects.toThrow('jam');
  removeSpoolFolders([place]);
  expect(readdirSync(place)).toEqual([]);
});

test('a document is removed by itself when nothing has it open for a while; the folder stays for the next one', async () => {
  const folder = await withSpoolFolder(spool, [place], patience);
  expect(readdirSync(folder)).toEqual(['document.pdf']);
  await expect.poll(() => readdirSync(folder), { timeout: 8000, interval: 200 }).toEqual([]);
  expect(await withSpoolFolder(spool, [place], patience)).toBe(folder);
}, 12_000);

test.runIf(process.platform === 'linux')('a document that comes after the browser\'s word is waited for, in its place; one that never comes was not printed', async () => {
  const folder = await withSpoolFolder(async () => {
    const late = process.env['TMPDIR'] as string;
    setTimeout(() => writeFileSync(join(late, 'document.pdf'), 'pages'), 200);
    return late;
  }, [place], patience);
  expect(readdirSync(folder)).toEqual(['document.pdf']);
  rmSync(join(folder, 'document.pdf'));
  await withSpoolFolder(async () => rmSync(join(await spool(), 'document.pdf')), [place], patience);
  await expect(withSpoolFolder(async () => 'printed', [place], patience)).rejects.toThrow(expect.objectContaining({ code: 'print.failed' }));
});

test('what is open stays until it is closed', async () => {
  const folder = await withSpoolFolder(spool, [place], patience);
  const open = openSync(join(folder, 'document.pdf'), 'r');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(readdirSync(folder)).toHaveLength(process.platform === 'linux' ? 1 : 0);
  closeSync(open);
  await expect.poll(() => readdirSync(folder), { timeout: 4000, interval: 100 }).toEqual([]);
}, 12_000);

test('the first place that can be written to is taken', async () => {
  expect(await withSpoolFolder(spool, [join(place, 'gone'), place], patience)).toMatch(/strongroom-spool-/);
  removeSpoolFolders([place]);
  await expect(withSpoolFolder(async () => 'never', [join(place, 'gone')], patience)).rejects.toThrow(expect.objectContaining({ code: 'print.failed' }));
});

test('two jobs take turns', async () => {
  const order: string[] = [];
  const job = (name: string) => withSpoolFolder(async () => {
    order.push(`${name} begins`);
    writeFileSync(join(process.env['TMPDIR'] as string, `${name}.pdf`), 'pages');
    await new Promise((resolve) => setTimeout(resolve, 30));
    order.push(`${name} ends`);
  }, [place], patience);
  await Promise.all([job('first'), job('second')]);
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test('what a killed process left is removed; what a running one holds, and what is named otherwise, is not', () => {
  const ended = spawnSync('true').pid;
  for (const name of [`strongroom-spool-${ended}-AbCd12`, 'strongroom-spool-1-AbCd12', 'strongroom-spool-notes', `strongroom-spool-${ended}-AbCd12-more`]) mkdirSync(join(place, name));
  removeSpoolFolders([place]);
  expect(readdirSync(place).sort()).toEqual([`strongroom-spool-1-AbCd12`, `strongroom-spool-${ended}-AbCd12-more`, 'strongroom-spool-notes'].sort());
});
