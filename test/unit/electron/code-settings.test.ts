import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeSettingsHandlers } from '../../../electron/shell/code-settings.ts';
import type { RequestContext } from '../../../src/host/contract.ts';

/* Density and speed of codes that a person settled on. */

const context: RequestContext = { progress: () => undefined, isCancelled: () => false };
const usual = { version: null, codesPerSecond: 10 };
let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'strongroom-codes-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('nothing measured: what the reader reads best, ten a second', async () => {
  expect(await codeSettingsHandlers(folder)['frames.settings']({}, context)).toEqual(usual);
});

test('what is kept is there after a new start, in a folder that was not there', async () => {
  const data = join(folder, 'data');
  await codeSettingsHandlers(data)['frames.keep-settings']({ version: 20, codesPerSecond: 6 }, context);
  expect(await codeSettingsHandlers(data)['frames.settings']({}, context)).toEqual({ version: 20, codesPerSecond: 6 });
  expect(readdirSync(data)).toEqual(['codes.json']);
});

test.each([['no JSON', '{'], ['another shape', '{"version":20}'], ['a version that no code has', '{"version":41,"codesPerSecond":10}'], ['a speed that is not offered', '{"version":20,"codesPerSecond":60}']])('a file that holds %s counts as never measured', async (_what, text) => {
  writeFileSync(join(folder, 'codes.json'), text);
  expect(await codeSettingsHandlers(folder)['frames.settings']({}, context)).toEqual(usual);
});

test('a link in its place is not followed', async () => {
  writeFileSync(join(folder, 'other.json'), '{"version":40,"codesPerSecond":15}');
  symlinkSync(join(folder, 'other.json'), join(folder, 'codes.json'));
  expect(await codeSettingsHandlers(folder)['frames.settings']({}, context)).toEqual(usual);
});
