import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openShelf, textOf } from '../../../electron/shell/shelf.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-shelf-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const content = ({ name, bytes: inside }: { name: string; bytes: Uint8Array }): string => `${name}=${textOf(inside)}`;

test('a shelf whose folder is not there yet is empty', async () => {
  expect(await openShelf(join(folder, 'keys'), '.age', 10).list(content)).toEqual({ files: [], damaged: [] });
});

test('what is added is listed by name, in order, and a taken name is refused', async () => {
  const shelf = openShelf(join(folder, 'keys'), '.age', 10);
  await shelf.add('b.age', bytes('2'));
  await shelf.add('a.age', bytes('1'));
  await expect(shelf.add('a.age', bytes('3'))).rejects.toThrow(expect.objectContaining({ code: 'file.exists' }));
  expect(await shelf.list(content)).toEqual({ files: ['a.age=1', 'b.age=2'], damaged: [] });
  expect(readFileSync(join(folder, 'keys/a.age'), 'utf8')).toBe('1');
});

test.each(['a.txt', '.a.age', '.age'])('the name %s does not fit', async (name) => {
  await expect(openShelf(folder, '.age', 10).add(name, bytes('1'))).rejects.toThrow(expect.objectContaining({ code: 'host.bad-request' }));
  expect(readdirSync(folder)).toEqual([]);
});

test('files that are too large, are links, or are not understood are named with their code; others are not lost by it', async () => {
  mkdirSync(join(folder, 'folder.age'));
  writeFileSync(join(folder, 'good.age'), 'fine');
  writeFileSync(join(folder, 'large.age'), 'x'.repeat(11));
  writeFileSync(join(folder, 'odd.age'), 'odd');
  writeFileSync(join(folder, 'notes.txt'), 'not ours');
  writeFileSync(join(folder, 'good.age.previous'), 'an older generation');
  symlinkSync('/etc/passwd', join(folder, 'link.age'));
  const understand = (file: { name: string; bytes: Uint8Array }): string => {
    if (textOf(file.bytes) === 'odd') throw new StrongroomError('key.file-malformed', 'odd', {}, 'next');
    return content(file);
  };
  expect(await openShelf(folder, '.age', 10).list(understand)).toEqual({
    files: ['good.age=fine'],
    damaged: [
      { name: 'folder.age', code: 'file.not-regular' },
      { name: 'large.age', code: 'file.too-large' },
      { name: 'link.age', code: 'file.not-regular' },
      { name: 'odd.age', code: 'key.file-malformed' },
    ],
  });
});

test('a fault of the program is not taken for a damaged file', async () => {
  writeFileSync(join(folder, 'good.age'), 'fine');
  await expect(openShelf(folder, '.age', 10).list(() => { throw new TypeError('a slip'); })).rejects.toThrow(TypeError);
});

test('a file is written anew where it is, and its last generation stays beside it', async () => {
  const shelf = openShelf(folder, '.age', 10);
  await shelf.add('alice.age', bytes('first'));
  await shelf.replace('alice.age', bytes('second'));
  expect(readFileSync(shelf.path('alice.age'), 'utf8')).toBe('second');
  expect(readFileSync(join(folder, 'alice.age.previous'), 'utf8')).toBe('first');
  await expect(shelf.replace('bob.age', bytes('x'))).rejects.toThrow(expect.objectContaining({ code: 'file.not-found' }));
  expect(readdirSync(folder).sort()).toEqual(['alice.age', 'alice.age.previous']);
});

test.each(['alice.txt', '.age', '../alice.age', 'a/b.age', 'a\\b.age'])('a shelf has no file of the name %s', (name) => {
  expect(() => openShelf(folder, '.age', 10).path(name)).toThrow(expect.objectContaining({ code: 'host.bad-request' }));
});
