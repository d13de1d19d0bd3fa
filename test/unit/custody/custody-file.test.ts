import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCustodyFile } from '../../../src/node/signer/custody-file.ts';
import { idOf, made, printed, sealed } from './fixtures.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-custody-'));
  path = join(folder, 'register.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a register that is not there is empty, and reading makes none', async () => {
  expect((await openCustodyFile(path).read()).entries).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test('what is added stands in the file, for its owner only; the generation before stays beside it', async () => {
  const file = openCustodyFile(path);
  await file.append(() => [printed()]);
  const first = readFileSync(path, 'utf8');
  await file.append(() => [made(), sealed()]);
  expect((await openCustodyFile(path).read()).register.get(idOf('a'))?.state).toBe('sealed');
  expect(readFileSync(`${path}.previous`, 'utf8')).toBe(first);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(['register.jsonl', 'register.jsonl.previous']);
});

test('an entry that is refused leaves the file as it was', async () => {
  const file = openCustodyFile(path);
  await file.append(() => [printed()]);
  const before = readFileSync(path, 'utf8');
  await expect(file.append(() => [made(idOf('b'))])).rejects.toThrow(expect.objectContaining({ code: 'custody.unknown-sheet' }));
  await expect(file.append(() => [sealed()])).rejects.toThrow(expect.objectContaining({ code: 'custody.transition' }));
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect((await file.append(() => [])).entries).toBe(1);
});

test('nothing is added to a register that was changed outside', async () => {
  const file = openCustodyFile(path);
  await file.append(() => [printed(), made()]);
  writeFileSync(path, readFileSync(path, 'utf8').replace('alice', 'mallo'));
  await expect(file.read()).rejects.toThrow(expect.objectContaining({ code: 'custody.damaged' }));
  await expect(file.append(() => [sealed()])).rejects.toThrow(expect.objectContaining({ code: 'custody.damaged' }));
});

test('two programs that write at the same time lose nothing', async () => {
  const files = [openCustodyFile(path), openCustodyFile(path), openCustodyFile(path)];
  await Promise.all(Array.from({ length: 12 }, (_, index) => files[index % 3]?.append(() => [printed(index.toString(16).repeat(32))])));
  expect((await openCustodyFile(path).read()).entries).toBe(12);
  expect(readdirSync(folder).sort()).toEqual(['register.jsonl', 'register.jsonl.previous']);
});

test('a lock of a program that is at work is waited for and then named; one that is left over is taken away', async () => {
  const lock = join(folder, '.register.jsonl.lock');
  writeFileSync(lock, '');
  await expect(openCustodyFile(path, 150).append(() => [printed()])).rejects.toThrow(expect.objectContaining({ code: 'custody.busy' }));
  expect(existsSync(lock)).toBe(true);
  utimesSync(lock, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));
  expect((await openCustodyFile(path).append(() => [printed()])).entries).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

test('a folder that is not there is an error, not an empty register', async () => {
  await expect(openCustodyFile(join(folder, 'gone', 'register.jsonl')).read()).rejects.toThrow(expect.objectContaining({ code: 'file.not-found' }));
  await expect(openCustodyFile(join(folder, 'gone', 'register.jsonl')).append(() => [printed()])).rejects.toThrow(expect.objectContaining({ code: 'file.not-found' }));
});
