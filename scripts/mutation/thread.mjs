import { parentPort, workerData } from 'node:worker_threads';

/*
 * A thread in which tests run, with what they load. It is asked for one thing at a time: all tests, to learn what each of them covers;
 * or some, under one change, until one fails. What a change left behind (in a cache, say) could make another look noticed. So a test
 * that failed under a change is run once more without it: only if it passes then, the change was what failed it.
 */
const { bundle, namespace, fromLoad } = workerData;
/** What the instrumented code reads and writes. @type {{ mutantCoverage: unknown, hitLimit?: number | undefined, hitCount?: number | undefined, activeMutant?: string | undefined, currentTestId?: string | undefined }} */
const shared = { mutantCoverage: { static: {}, perTest: {} } };
Object.assign(globalThis, { [namespace]: shared });
// A change of what runs while files are loaded has to be there before the first of them.
if (fromLoad !== null) shared.activeMutant = fromLoad;

const { collect, files, run } = await import(bundle);
const loaded = new Map();

/** The tests of a file by their ids; not under a change that begins only when tests run. */
async function testsOf(file) {
  const known = loaded.get(file);
  if (known !== undefined) return known;
  const active = shared.activeMutant;
  if (fromLoad === null) shared.activeMutant = undefined;
  const byId = new Map();
  for (const test of await collect(files[file])) {
    let id = `${file}#${test.name}`;
    for (let count = 2; byId.has(id); count += 1) id = `${file}#${test.name} (${count})`;
    byId.set(id, test);
  }
  shared.activeMutant = active;
  loaded.set(file, byId);
  return byId;
}

const fileOf = (id) => id.slice(0, id.indexOf('#'));
const textOf = (error) => String(error?.stack ?? error).slice(0, 2000);

/** @returns what it failed with, or `null` */
async function failureOf(test) {
  try {
    await run(test);
    return null;
  } catch (error) {
    return textOf(error);
  }
}

/** Every test once, each with what it covers. */
async function learn() {
  const tests = [];
  for (const file of Object.keys(files)) {
    for (const [id, test] of await testsOf(file)) {
      const started = performance.now();
      shared.currentTestId = id;
      const failure = await failureOf(test);
      shared.currentTestId = undefined;
      tests.push({ id, name: id, fileName: file, timeSpentMs: performance.now() - started, failure });
    }
  }
  return { tests, mutantCoverage: shared.mutantCoverage };
}

/**
 * These tests in this order under one change, until one fails or they have had their time.
 * @returns how many were run; which failed, and with what; whether it passes without the change (`null` where that cannot be tried)
 */
async function attempt({ mutant, hitLimit, wanted, budgetMs }) {
  shared.hitLimit = hitLimit;
  shared.hitCount = hitLimit === undefined ? undefined : 0;
  let count = 0;
  const before = process.cpuUsage();
  const spentMs = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  for (const id of wanted) {
    if (spentMs() > budgetMs) break;
    let test;
    try {
      test = (await testsOf(fileOf(id))).get(id);
    } catch (error) {
      // A file that cannot be loaded is noticed by whoever runs its tests.
      return { count, hitCount: shared.hitCount ?? 0, failed: { id, failure: textOf(error), passesWithout: null } };
    }
    count += 1;
    shared.activeMutant = mutant;
    const failure = test === undefined ? null : await failureOf(test);
    if (fromLoad === null) shared.activeMutant = undefined;
    if (failure === null) continue;
    const hitCount = shared.hitCount ?? 0;
    shared.hitCount = undefined;
    return { count, hitCount, failed: { id, failure, passesWithout: fromLoad === null ? (await failureOf(test)) === null : null } };
  }
  return { count, hitCount: shared.hitCount ?? 0, failed: null };
}

parentPort?.on('message', async (order) => {
  parentPort?.postMessage(order === 'learn' ? await learn() : await attempt(order));
});
