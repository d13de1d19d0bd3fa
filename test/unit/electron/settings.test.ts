import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSettings, writeSettings } from '../../../electron/companion/settings.ts';
import { isOfficialRuntime } from '../../../electron/shell/runtime-info.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const none = { node: null, hotWallet: null };
const settings = { node: 'practice:///tmp/practice', hotWallet: 'hot' };

test('settings that were never written are the defaults; written ones come back', async () => {
  const file = join(folder, 'deep/settings.json');
  expect(await readSettings(file, none)).toEqual(none);
  await writeSettings(file, settings);
  expect(await readSettings(file, none)).toEqual(settings);
  await writeSettings(file, none);
  expect(await readSettings(file, settings)).toEqual(none);
  expect(JSON.parse(readFileSync(`${file}.previous`, 'utf8'))).toEqual(settings);
});

test.each(['', '{', '[]', '{"node":1,"hotWallet":null}', '{"node":null,"hotWallet":null,"extra":1}'])('damaged settings (%s) are an error', async (text) => {
  const file = join(folder, 'settings.json');
  writeFileSync(file, text);
  await expect(readSettings(file, none)).rejects.toThrow(expect.objectContaining({ code: 'file.unreadable' }));
});

test('a runtime is official only where the note beside it says so', () => {
  const executable = join(folder, 'electron');
  expect(isOfficialRuntime(executable)).toBe(false);
  for (const [note, official] of [['{"official":true}', true], ['{"official":false}', false], ['{"official":"true"}', false], ['{', false]] as const) {
    writeFileSync(join(folder, 'strongroom-runtime.json'), note);
    expect(isOfficialRuntime(executable)).toBe(official);
  }
});
