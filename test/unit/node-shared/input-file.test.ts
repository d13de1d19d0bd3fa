import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readInputFile } from '../../../src/node/shared/input-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strongroom-input-'));
  path = join(folder, 'in.psbt');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

test('a file is read whole up to the bound and refused one byte above it', async () => {
  await writeFile(path, 'abcde');
  expect(await readInputFile(path, { maxBytes: 5 })).toEqual(Uint8Array.from([0x61, 0x62, 0x63, 0x64, 0x65]));
  await expect(readInputFile(path, { maxBytes: 4 })).rejects.toThrow(code('file.too-large'));
});

test('an empty file is an empty input', async () => {
  await writeFile(path, '');
  expect(await readInputFile(path, { maxBytes: 5 })).toEqual(new Uint8Array(0));
});

test('a file of several chunks keeps its order', async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
  await writeFile(path, bytes);
  expect(Buffer.compare(await readInputFile(path, { maxBytes: 300_000 }), bytes)).toBe(0);
});

test('a missing file, a missing folder, a folder and a link each have their error', async () => {
  await expect(readInputFile(path, { maxBytes: 5 })).rejects.toThrow(code('file.not-found'));
  await expect(readInputFile(join(path, 'x'), { maxBytes: 5 })).rejects.toThrow(code('file.not-found'));
  await expect(readInputFile(folder, { maxBytes: 5 })).rejects.toThrow(code('file.not-regular'));
  await writeFile(path, 'abc');
  await symlink(path, join(folder, 'link'));
  await expect(readInputFile(join(folder, 'link'), { maxBytes: 5 })).rejects.toThrow(code('file.not-regular'));
});

test('a pipe that nobody writes to is refused at once', async () => {
  execFileSync('mkfifo', [path]);
  await expect(readInputFile(path, { maxBytes: 5 })).rejects.toThrow(code('file.not-regular'));
});

test('a device is refused', async () => {
  await expect(readInputFile('/dev/zero', { maxBytes: 5 })).rejects.toThrow(code('file.not-regular'));
});

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test('"-" is standard input, with the same bound', async () => {
  expect(await readInputFile('-', { maxBytes: 6, standardInput: chunks('abc', 'def') })).toEqual(new Uint8Array(Buffer.from('abcdef')));
  await expect(readInputFile('-', { maxBytes: 5, standardInput: chunks('abc', 'def') })).rejects.toThrow(code('file.too-large'));
});

test('a standard input that breaks is unreadable', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a');
    throw Object.assign(new Error('EIO'), { code: 'EIO' });
  }
  await expect(readInputFile('-', { maxBytes: 5, standardInput: broken() })).rejects.toThrow(code('file.unreadable'));
});
