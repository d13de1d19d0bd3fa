import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeResults, readPlaywrightReport, readVitestReport } from '../../../scripts/lib/test-report.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: unknown): string => {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const file = (path: string, status: string, assertionResults: readonly unknown[], message = ''): unknown => ({ name: resolve(path), status, assertionResults, message, startTime: 0, endTime: 1500 });

test('cases are counted by suite; a skipped one is named with its reason', () => {
  const path = write({
    testResults: [
      file('test/unit/a.test.ts', 'passed', [{ status: 'passed', fullName: 'one' }, { status: 'pending', fullName: 'two', meta: { note: 'no age tool' } }]),
      file('test/flow/b.test.ts', 'failed', [{ status: 'failed', fullName: 'three' }]),
    ],
  });
  const results = readVitestReport(path, ['unit', 'flow', 'fault']);
  expect(results.get('unit')).toMatchObject({ passed: 1, failed: 0, notRun: [{ what: 'test/unit/a.test.ts: two', why: 'no age tool', cases: 1 }], seconds: 1.5 });
  expect(results.get('flow')).toMatchObject({ passed: 0, failed: 1, failures: ['test/flow/b.test.ts: three'] });
  expect(results.get('fault')).toMatchObject({ passed: 0, failed: 0, notRun: [] });
});

test('a file that cannot be loaded is a failure, though no case of it failed', () => {
  const results = readVitestReport(write({ testResults: [file('test/unit/a.test.ts', 'failed', [], '\nCannot find module x\nmore')] }), ['unit']);
  expect(results.get('unit')).toMatchObject({ failed: 1, failures: ['test/unit/a.test.ts: Cannot find module x'] });
});

const spec = (title: string, status: string, annotations: readonly unknown[] = []): unknown => ({ title, file: 'x.spec.ts', tests: [{ status, annotations }] });
const windows = (...specs: readonly unknown[]): string => write({ stats: { duration: 2000 }, suites: [{ specs: specs.slice(0, 1), suites: [{ specs: specs.slice(1) }] }] });

test('in windows, cases that pass only on a second try are named; what fails twice has failed', () => {
  const result = readPlaywrightReport(windows(spec('good', 'expected'), spec('shaky', 'flaky'), spec('bad', 'unexpected'), spec('left out', 'skipped', [{ type: 'skip', description: 'not packaged' }])));
  expect(result).toMatchObject({ name: 'app', passed: 2, failed: 1, failures: ['test/app/x.spec.ts: bad'], secondTries: ['test/app/x.spec.ts: shaky'], seconds: 2, notRun: [{ what: 'test/app/x.spec.ts: left out', why: 'not packaged', cases: 1 }] });
  expect(describeResults([result])).toContain('Needed a second try:\n  test/app/x.spec.ts: shaky');
});

test('in windows, more than two cases that pass only on a second try have all failed', () => {
  expect(readPlaywrightReport(windows(...['good', 'one', 'two', 'three'].map((title) => spec(title, title === 'good' ? 'expected' : 'flaky'))))).toMatchObject({ passed: 1, failed: 3 });
});

test('the last line is the total alone; whatever failed or was not run is named above it', () => {
  const lines = describeResults([
    { name: 'unit', passed: 10, failed: 1, notRun: [], failures: ['test/unit/a.test.ts: one'], secondTries: [], seconds: 3 },
    { name: 'peers', passed: 0, failed: 0, notRun: [{ what: 'the suite peers', why: '--quick', cases: 7 }], failures: [], secondTries: [], seconds: 0 },
  ]).split('\n');
  expect(lines.at(-1)).toBe('10 passed, 1 failed, 7 skipped');
  expect(lines).toContain('  test/unit/a.test.ts: one');
  expect(lines).toContain('  the suite peers: --quick');
  expect(lines.at(-2)).toMatch(/^peers +0 passed +0 failed +7 not run \(--quick\)/);
  expect(lines.at(-3)).toMatch(/^unit +10 passed +1 failed +0 not run/);
});
