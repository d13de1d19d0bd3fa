import { spawnSync } from 'node:child_process';
import * as realFiles from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { utf8 } from '../../../src/domain/bytes.ts';
import { writeFileAtomically, type FileSystem } from '../../../src/node/shared/atomic-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strongroom-atomic-'));
  path = join(folder, 'treasury.wallet.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const systemError = (name: string): NodeJS.ErrnoException => Object.assign(new Error(name), { code: name });
const failing = (name: string) => () => Promise.reject(systemError(name));
const content = async (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

test('a new file holds the bytes, is readable by its owner only, and nothing else stays in the folder', async () => {
  await writeFileAtomically(path, utf8('one'), { overwrite: false });
  expect(await readdir(folder)).toEqual(['treasury.wallet.json']);
  expect(await content('treasury.wallet.json')).toBe('one');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a name that is taken is left alone unless it may be replaced', async () => {
  await writeFile(path, 'one');
  await expect(writeFileAtomically(path, utf8('two'), { overwrite: false })).rejects.toThrow(code('file.exists'));
  expect(await readdir(folder)).toEqual(['treasury.wallet.json']);
  expect(await content('treasury.wallet.json')).toBe('one');
});

test('replacing keeps the last generation as name.previous', async () => {
  for (const text of ['one', 'two', 'three']) await writeFileAtomically(path, utf8(text), { overwrite: true });
  expect((await readdir(folder)).sort()).toEqual(['treasury.wallet.json', 'treasury.wallet.json.previous']);
  expect(await content('treasury.wallet.json')).toBe('three');
  expect(await content('treasury.wallet.json.previous')).toBe('two');
});

test('on a disk without hard links (FAT memory sticks) the same rules hold', async () => {
  const fat: FileSystem = { ...realFiles, link: failing('EPERM') };
  await writeFileAtomically(path, utf8('one'), { overwrite: false }, fat);
  await expect(writeFileAtomically(path, utf8('two'), { overwrite: false }, fat)).rejects.toThrow(code('file.exists'));
  expect(await content('treasury.wallet.json')).toBe('one');
  await writeFileAtomically(path, utf8('two'), { overwrite: true }, fat);
  expect((await readdir(folder)).sort()).toEqual(['treasury.wallet.json', 'treasury.wallet.json.previous']);
  expect(await content('treasury.wallet.json.previous')).toBe('one');

  const stuck: FileSystem = { ...fat, rename: (from, to) => (String(from).endsWith('.part') ? Promise.reject(systemError('EIO')) : realFiles.rename(from, to)) };
  await expect(writeFileAtomically(path, utf8('three'), { overwrite: true }, stuck)).rejects.toThrow(code('file.unwritable'));
  expect((await readdir(folder)).sort()).toEqual(['treasury.wallet.json', 'treasury.wallet.json.previous']);
  expect(await content('treasury.wallet.json')).toBe('two');
  expect(await content('treasury.wallet.json.previous')).toBe('one');
});

test('what a killed process left of writing this file is removed by the next write; what is being written is not', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const hex = '0123456789abcdef';
  const leftovers = [`.treasury.wallet.json.${dead}.${hex}.part`, `.treasury.wallet.json.${process.pid}.${hex}.part`];
  const others = [`.treasury.wallet.json.${process.ppid}.${hex}.part`, `.other.wallet.json.${dead}.${hex}.part`, `.treasury.wallet.json.${dead}.${hex}.part.txt`, `.treasury.wallet.json.${dead}.part`, '.treasury.wallet.json.part'];
  for (const name of [...leftovers, ...others]) await writeFile(join(folder, name), 'half');
  await writeFileAtomically(path, utf8('one'), { overwrite: false });
  expect((await readdir(folder)).sort()).toEqual([...others, 'treasury.wallet.json'].sort());
});

test('writes of one file at one time do not remove each other\'s parts', async () => {
  await writeFile(path, 'generation 0');
  const texts = Array.from({ length: 20 }, (_, index) => `generation ${index}`);
  // The system may refuse a link to a generation that another write replaces at that moment: that write fails, and says so.
  const ended = await Promise.allSettled(texts.map((text) => writeFileAtomically(path, utf8(text), { overwrite: true })));
  const written = texts.filter((_, index) => ended[index]?.status === 'fulfilled');
  expect(written).toContain(await content('treasury.wallet.json'));
  expect((await readdir(folder)).sort()).toEqual(['treasury.wallet.json', 'treasury.wallet.json.previous']);
});

test('a folder that cannot be listed, or a leftover that cannot be removed, does not keep the file from being written', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  await writeFile(join(folder, `.treasury.wallet.json.${dead}.0123456789abcdef.part`), 'half');
  const stuck: FileSystem = { ...realFiles, unlink: (target) => (String(target).includes(`.${dead}.`) ? Promise.reject(systemError('EPERM')) : realFiles.unlink(target)) };
  await writeFileAtomically(path, utf8('one'), { overwrite: false }, stuck);
  await writeFileAtomically(path, utf8('two'), { overwrite: true }, { ...realFiles, readdir: failing('EACCES') } as unknown as FileSystem);
  expect(await content('treasury.wallet.json')).toBe('two');
});

test('neither a link nor a folder is replaced', async () => {
  await symlink(join(folder, 'elsewhere'), path);
  await expect(writeFileAtomically(path, utf8('x'), { overwrite: false })).rejects.toThrow(code('file.exists'));
  await expect(writeFileAtomically(path, utf8('x'), { overwrite: true })).rejects.toThrow(code('file.not-regular'));
  await mkdir(join(folder, 'd'));
  await expect(writeFileAtomically(join(folder, 'd'), utf8('x'), { overwrite: true })).rejects.toThrow(code('file.not-regular'));
  expect((await readdir(folder)).sort()).toEqual(['d', 'treasury.wallet.json']);
});

test('a folder that is not there is named, and not made', async () => {
  await expect(writeFileAtomically(join(folder, 'no', 'x'), utf8('x'), { overwrite: false })).rejects.toThrow(code('file.not-found'));
  expect(await readdir(folder)).toEqual([]);
});

/** A file system on which one step of writing a file fails. */
function failingHandle(step: 'writeFile' | 'sync', name: string): FileSystem {
  return {
    ...realFiles,
    open: async (target, flags, mode) => {
      const handle = await realFiles.open(target, flags, mode);
      if (flags === 'wx') Object.defineProperty(handle, step, { value: failing(name) });
      return handle;
    },
  } as FileSystem;
}

test.each([
  ['file.disk-full', failingHandle('writeFile', 'ENOSPC')],
  ['file.disk-full', failingHandle('sync', 'ENOSPC')],
  ['file.disk-full', failingHandle('sync', 'EDQUOT')],
  ['file.unwritable', failingHandle('sync', 'EIO')],
  ['file.disk-full', { ...realFiles, link: failing('ENOSPC') }],
  ['file.unwritable', { ...realFiles, open: failing('EACCES') }],
  ['file.unwritable', { ...realFiles, open: failing('EROFS') }],
  ['file.read-back', { ...realFiles, readFile: () => Promise.resolve(Buffer.from('one bit other')) }],
] as [string, FileSystem][])('%s: a failing step leaves nothing in the folder', async (expected, files) => {
  await expect(writeFileAtomically(path, utf8('one'), { overwrite: false }, files)).rejects.toThrow(code(expected));
  expect(await readdir(folder)).toEqual([]);
});

test('a temporary file that cannot be removed takes the finished file\'s name back', async () => {
  const files: FileSystem = { ...realFiles, unlink: (target) => (String(target).endsWith('.part') ? Promise.reject(systemError('EIO')) : realFiles.unlink(target)) };
  await expect(writeFileAtomically(path, utf8('one'), { overwrite: false }, files)).rejects.toThrow(code('file.unwritable'));
  expect((await readdir(folder)).filter((name) => !name.endsWith('.part'))).toEqual([]);
});

test.each(['ENOSPC', 'EIO'])('a replacement that fails with %s while the file gets its name leaves the old one', async (name) => {
  await writeFile(path, 'one');
  const files: FileSystem = { ...realFiles, rename: (from, to) => (to === path && String(from).endsWith('.part') ? Promise.reject(systemError(name)) : realFiles.rename(from, to)) };
  await expect(writeFileAtomically(path, utf8('two'), { overwrite: true }, files)).rejects.toThrow(code(name === 'EIO' ? 'file.unwritable' : 'file.disk-full'));
  expect(await content('treasury.wallet.json')).toBe('one');
  expect((await readdir(folder)).filter((entry) => entry.endsWith('.part'))).toEqual([]);
});

test('a folder that cannot be synced for a fault of the disk takes the file back', async () => {
  const files = {
    ...realFiles,
    open: async (target: string, flags: string, mode?: number) => {
      if (target === folder) throw systemError('EIO');
      return realFiles.open(target, flags, mode);
    },
  } as FileSystem;
  await expect(writeFileAtomically(path, utf8('one'), { overwrite: false }, files)).rejects.toThrow(code('file.unwritable'));
  expect(await readdir(folder)).toEqual([]);
});

test('a file error names the file without its folder', async () => {
  const fault = await writeFileAtomically(join(folder, 'no', 'x.json'), utf8('x'), { overwrite: false }).catch((error: unknown) => error);
  expect(fault).toMatchObject({ details: { name: 'x.json', reason: 'ENOENT' } });
  expect((fault as Error).message).not.toContain(folder);
});
