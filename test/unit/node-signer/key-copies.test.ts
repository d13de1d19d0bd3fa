import { appendFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkCopies, copiesFacts, copiesPathOf, copyKeyFile, factsOf, readCopies, writeCopies, type CopyOrder } from '../../../src/node/signer/key-copies.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const at = '2026-11-22T10:00:00.000Z';
const later = '2027-02-01T00:00:00.000Z';

let folder: string;
let keyFile: string;
const inside = (...names: string[]): string => join(folder, ...names);
const writeKey = (text: string): void => writeFileSync(keyFile, `age-encryption.org/v1\n${text}`);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-copies-'));
  for (const name of ['home', 'one', 'two']) mkdirSync(inside(name));
  keyFile = inside('home', 'alice.key.age');
  writeKey('first generation');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const order = (changed: Partial<CopyOrder> = {}): CopyOrder => ({ list: null, overwrite: false, at, ...changed });
async function copied(...folders: string[]) {
  let list = await readCopies(keyFile);
  for (const name of folders) ({ list } = await copyKeyFile(keyFile, inside(name), order({ list })));
  await writeCopies(keyFile, list as never);
  return list as NonNullable<typeof list>;
}

test('a copy is the file itself, byte for byte, in a list beside the key file', async () => {
  const list = await copied('one', 'two');
  expect(readFileSync(inside('one', 'alice.key.age'))).toEqual(readFileSync(keyFile));
  expect(readdirSync(inside('one'))).toEqual(['alice.key.age']);
  expect(copiesPathOf(keyFile)).toBe(inside('home', 'alice.copies.json'));
  expect(await readCopies(keyFile)).toEqual(list);
  expect(list).toMatchObject({ name: 'alice.key.age', copies: [{ place: inside('one', 'alice.key.age'), madeAt: at, checkedAt: at, state: 'intact' }, { place: inside('two', 'alice.key.age') }] });
  expect(await copiesFacts(keyFile)).toEqual({ copies: 3, onlyCopy: false });
});

test('a key file without copies is the only one, and so is one that changed since', async () => {
  expect(await copiesFacts(keyFile)).toEqual({ copies: 1, onlyCopy: true });
  await copied('one');
  writeKey('second generation');
  expect(await copiesFacts(keyFile)).toEqual({ copies: 1, onlyCopy: true });
});

test('it is said that a copy lies on the key file\'s own disk', async () => {
  expect((await copyKeyFile(keyFile, inside('one'), order())).sameDisk).toBe(true);
});

test('the key file is not its own copy, whatever path, link or folder leads to it', async () => {
  symlinkSync(inside('home'), inside('elsewhere'));
  linkSync(keyFile, inside('two', 'alice.key.age'));
  for (const name of ['home', 'elsewhere', 'two']) await expect(copyKeyFile(keyFile, inside(name), order())).rejects.toThrow(code('key.copy-is-original'));
});

test('what is no age file is not copied', async () => {
  writeFileSync(keyFile, '{"format":"strongroom-key"}');
  await expect(copyKeyFile(keyFile, inside('one'), order())).rejects.toThrow(code('key.file-malformed'));
  expect(readdirSync(inside('one'))).toEqual([]);
});

test('a folder that is not there, and a key file that is not', async () => {
  await expect(copyKeyFile(keyFile, inside('none'), order())).rejects.toThrow(code('file.not-found'));
  await expect(copyKeyFile(inside('none.age'), inside('one'), order())).rejects.toThrow(code('file.not-found'));
});

test('another file of the same name is left alone unless the person says so; a copy that the list knows is replaced', async () => {
  writeFileSync(inside('one', 'alice.key.age'), 'precious');
  await expect(copyKeyFile(keyFile, inside('one'), order())).rejects.toThrow(code('file.exists'));
  expect(readFileSync(inside('one', 'alice.key.age'), 'utf8')).toBe('precious');
  const { list } = await copyKeyFile(keyFile, inside('one'), order({ overwrite: true }));
  expect(readFileSync(inside('one', 'alice.key.age.previous'), 'utf8')).toBe('precious');

  writeKey('second generation');
  const again = await copyKeyFile(keyFile, inside('one'), order({ list, at: later }));
  expect(again.list.copies).toMatchObject([{ madeAt: later, state: 'intact' }]);
  expect(readFileSync(inside('one', 'alice.key.age'))).toEqual(readFileSync(keyFile));
  expect(readFileSync(inside('one', 'alice.key.age.previous'), 'utf8')).toContain('first generation');
});

test('a copy that is there and right is taken as it is', async () => {
  writeFileSync(inside('one', 'alice.key.age'), readFileSync(keyFile));
  expect((await copyKeyFile(keyFile, inside('one'), order())).copy.state).toBe('intact');
  expect(readdirSync(inside('one'))).toEqual(['alice.key.age']);
});

test('every copy is read again: intact, changed, absent or unreadable', async () => {
  for (const name of ['three', 'four', 'five']) mkdirSync(inside(name));
  const list = await copied('one', 'two', 'three', 'four', 'five');
  appendFileSync(inside('two', 'alice.key.age'), ' ');
  rmSync(inside('three'), { recursive: true });
  rmSync(inside('four', 'alice.key.age'));
  symlinkSync(keyFile, inside('four', 'alice.key.age'));
  writeFileSync(inside('five', 'alice.key.age'), new Uint8Array(70_000));
  const checked = await checkCopies(keyFile, list, later);
  expect(checked.copies.map(({ state }) => state)).toEqual(['intact', 'changed', 'absent', 'unreadable', 'changed']);
  expect(checked.copies.every(({ checkedAt, madeAt }) => checkedAt === later && madeAt === at)).toBe(true);
  expect(factsOf(checked, checked.sha256)).toEqual({ copies: 2, onlyCopy: false });
});

test('after a change of the key file every copy holds something else, until it is copied by whatever hand', async () => {
  const list = await copied('one', 'two');
  writeKey('second generation');
  const checked = await checkCopies(keyFile, list, later);
  expect(checked.copies.map(({ state }) => state)).toEqual(['changed', 'changed']);
  writeFileSync(inside('one', 'alice.key.age'), readFileSync(keyFile));
  const again = await checkCopies(keyFile, checked, later);
  expect(again.copies.map(({ state, sha256 }) => [state, sha256 === again.sha256])).toEqual([['intact', true], ['changed', false]]);
});

test('without copies there is nothing to check, and that is said', async () => {
  const checked = await checkCopies(keyFile, null, at);
  expect(checked.copies).toEqual([]);
  expect(factsOf(checked, checked.sha256)).toEqual({ copies: 1, onlyCopy: true });
});

test.each(['nonsense', '{}', '\u0000', Buffer.of(0xff, 0xfe)])('a list that cannot be read is named, and the copies are left alone', async (content) => {
  writeFileSync(copiesPathOf(keyFile), content);
  await expect(readCopies(keyFile)).rejects.toThrow(code('key.copies-malformed'));
});
