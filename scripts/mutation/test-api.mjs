import fc from 'fast-check';

/*
 * What test files of src/psbt and src/review get when they import vitest's `test` and `describe`: the same words, and behind them a plain
 * list of tests that can be run one by one and in any order, thousands of times over. `expect` and `vi` are vitest's own.
 */
export { expect, vi } from 'vitest';

// The same generated cases for each mutant, so that a run can be repeated.
fc.configureGlobal({ seed: 4 });

/** @typedef {{ readonly names: readonly string[], readonly hooks: { beforeAll: (() => unknown)[], beforeEach: (() => unknown)[], afterEach: (() => unknown)[] }, readonly outer: Suite | null, started: boolean }} Suite */

/** @returns {Suite} */
const suiteOf = (names, outer) => ({ names, hooks: { beforeAll: [], beforeEach: [], afterEach: [] }, outer, started: false });

/** @type {Suite} */
let suite = suiteOf([], null);
/** @type {{ name: string, body: () => unknown, suite: Suite }[]} */
let tests = [];

/** Loads one file of tests, and says which it has. */
export async function collect(load) {
  suite = suiteOf([], null);
  tests = [];
  await load();
  return tests;
}

/** Runs one test with the hooks of its suites; those for all tests of a suite before the first of them. */
export async function run({ body, suite: own }) {
  const around = [];
  for (let each = own; each !== null; each = each.outer) around.unshift(each);
  for (const each of around) {
    if (each.started) continue;
    each.started = true;
    for (const hook of each.hooks.beforeAll) await hook();
  }
  for (const each of around) for (const hook of each.hooks.beforeEach) await hook();
  try {
    await body();
  } finally {
    for (const each of around) for (const hook of each.hooks.afterEach) await hook();
  }
}

export const beforeAll = (hook) => suite.hooks.beforeAll.push(hook);
export const beforeEach = (hook) => suite.hooks.beforeEach.push(hook);
export const afterEach = (hook) => suite.hooks.afterEach.push(hook);
/** After the last test the whole thread ends. */
export const afterAll = () => undefined;

const bodyOf = (first, second) => (typeof first === 'function' ? first : second);

export function test(name, first, second) {
  tests.push({ name: [...suite.names, name].join(' > '), body: bodyOf(first, second), suite });
}

export function describe(name, first, second) {
  const outer = suite;
  suite = suiteOf([...outer.names, name], outer);
  bodyOf(first, second)();
  suite = outer;
}

/** Cases are told apart by their position; how they would read is for the suites themselves. */
const each = (define) => (cases) => (name, first, second) => {
  [...cases].forEach((args, at) => define(`${name} [${at}]`, () => bodyOf(first, second)(...(Array.isArray(args) ? args : [args]))));
};
test.each = each(test);
describe.each = each(describe);
export const it = test;
