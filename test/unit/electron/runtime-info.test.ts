import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** What the bundler puts in place of these names. */
const BUILD = '77b1c2d3e4f5'.padEnd(64, '0');
const facts = async () => ({ window: await import('../../../electron/shell/runtime-info.ts'), commandLine: await import('../../../src/cli/shared/build-facts.ts') });
beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

test('window and command line put the same version and build into records: plain, so that a recall finds both', async () => {
  vi.stubGlobal('__STRONGROOM_VERSION__', '0.1.0');
  vi.stubGlobal('__STRONGROOM_BUILD__', BUILD);
  const { window, commandLine } = await facts();
  expect([window.programVersion, window.programBuild]).toEqual(['0.1.0', BUILD]);
  expect([commandLine.VERSION, commandLine.BUILD]).toEqual(['0.1.0', BUILD]);
  expect(window.shownVersion).toBe('0.1.0 (77b1c2d3e4f5)');
});

test('a program that runs from its source says so, in both', async () => {
  const { window, commandLine } = await facts();
  expect([window.programVersion, window.programBuild]).toEqual(['0.0.0-source', 'source']);
  expect([commandLine.VERSION, commandLine.BUILD]).toEqual(['0.0.0-source', 'source']);
  expect(window.shownVersion).toBe('0.0.0-source');
});
