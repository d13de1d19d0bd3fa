import { existsSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { root } from './paths.mjs';

/**
 * What became of a suite.
 * @typedef {{ name: string, passed: number, failed: number, notRun: { what: string, why: string, cases: number }[], failures: string[], secondTries: string[], seconds: number }} SuiteResult
 */

/** So many windows may need a second try in a run: the machine may be to blame for two, the program for more. */
const MOST_SECOND_TRIES = 2;

/** @returns {SuiteResult} */
export const emptyResult = (name) => ({ name, passed: 0, failed: 0, notRun: [], failures: [], secondTries: [], seconds: 0 });

/**
 * Results by suite from vitest's JSON report. A file that could not even be loaded counts as one failure.
 * @param names the suites that were asked for
 */
export function readVitestReport(path, names) {
  const results = new Map(names.map((name) => [name, emptyResult(name)]));
  if (!existsSync(path)) return results;
  for (const file of JSON.parse(readFileSync(path, 'utf8')).testResults) {
    const place = relative(root, file.name).split(sep).join('/');
    const result = results.get(place.split('/')[1]);
    if (result === undefined) continue;
    result.seconds += Math.max(0, (file.endTime - file.startTime) / 1000);
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) {
      result.failed += 1;
      result.failures.push(`${place}: ${firstLine(file.message) || 'could not be loaded'}`);
    }
    for (const { status, fullName, meta } of file.assertionResults) {
      if (status === 'passed') result.passed += 1;
      else if (status === 'failed') {
        result.failed += 1;
        result.failures.push(`${place}: ${fullName}`);
      } else result.notRun.push({ what: `${place}: ${fullName}`, why: meta?.note ?? 'skipped by the test itself', cases: 1 });
    }
  }
  return results;
}

/** The result of Playwright's JSON report. What passed only when it was repeated is named, and fails where it is more than a few. */
export function readPlaywrightReport(path) {
  const result = emptyResult('app');
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const visit = (suite) => {
    for (const inner of suite.suites ?? []) visit(inner);
    for (const { title, file, tests } of suite.specs ?? []) {
      for (const { status, annotations } of tests) {
        const what = `test/app/${file}: ${title}`;
        if (status === 'skipped') result.notRun.push({ what, why: annotations.find(({ type }) => type === 'skip')?.description ?? 'skipped by the test itself', cases: 1 });
        else if (status === 'expected') result.passed += 1;
        else if (status === 'flaky') result.secondTries.push(what);
        else {
          result.failed += 1;
          result.failures.push(what);
        }
      }
    }
  };
  for (const suite of report.suites) visit(suite);
  for (const { message } of report.errors ?? []) {
    result.failed += 1;
    result.failures.push(`test/app: ${firstLine(message)}`);
  }
  const { secondTries } = result;
  if (secondTries.length <= MOST_SECOND_TRIES) result.passed += secondTries.length;
  else {
    result.failed += secondTries.length;
    result.failures.push(...secondTries.map((what) => `${what} (passed on a second try, as ${secondTries.length - 1} others did)`));
  }
  result.seconds = report.stats.duration / 1000;
  return result;
}

const firstLine = (text) => (text ?? '').split('\n').find((line) => line.trim() !== '')?.trim().slice(0, 200) ?? '';

/** One line a suite, what failed, what was not run and why, and the total alone on the last line. */
export function describeResults(results) {
  const lines = [];
  const total = { passed: 0, failed: 0, skipped: 0 };
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const { name, passed, failed, notRun, seconds } of results) {
    const skipped = notRun.reduce((sum, { cases }) => sum + cases, 0);
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const reasons = [...new Set(notRun.map(({ why }) => why))];
    lines.push(`${name.padEnd(width)}  ${String(passed).padStart(4)} passed  ${String(failed).padStart(3)} failed  ${String(skipped).padStart(3)} not run${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}  ${seconds.toFixed(0)} s`);
  }
  const failures = results.flatMap(({ failures }) => failures);
  const notRun = results.flatMap(({ notRun }) => notRun);
  const secondTries = results.flatMap((result) => result.secondTries);
  return [
    ...(failures.length === 0 ? [] : ['', 'Failed:', ...failures.map((line) => `  ${line}`)]),
    ...(secondTries.length === 0 ? [] : ['', 'Needed a second try:', ...secondTries.map((line) => `  ${line}`)]),
    ...(notRun.length === 0 ? [] : ['', 'Not run:', ...notRun.map(({ what, why }) => `  ${what}: ${why}`)]),
    '',
    ...lines,
    `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
  ].join('\n');
}
