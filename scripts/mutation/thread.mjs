import { parentPort, workerData } from 'node:worker_threads';

/*
 * One run in a thread of its own: of all tests, to learn what each of them covers, or of those that cover one mutant until one fails.
 * Every run begins with nothing loaded, so that no mutant sees what another left behind.
 */
const { bundle, namespace, mutant, wanted, ranks } = workerData;
/** What the instrumented code reads and writes. @type {{ mutantCoverage: unknown, hitLimit?: number, hitCount?: number, activeMutant?: string, currentTestId?: string | undefined }} */
const shared = { mutantCoverage: { static: {}, perTest: {} }, ...(mutant === null ? {} : { hitLimit: mutant.hitLimit, hitCount: 0 }) };
Object.assign(globalThis, { [namespace]: shared });
if (mutant?.activation === 'static') shared.activeMutant = mutant.id;

const rankOf = (id) => ranks[id] ?? 0;
const fileOf = (id) => id.slice(0, id.indexOf('#'));
/** @type {object[]} */
const results = [];

/** The tests of a file by their ids; not under a change that begins only when tests run. */
async function load(collect, file, loading) {
  if (mutant?.activation === 'runtime') delete shared.activeMutant;
  const byId = new Map();
  for (const test of await collect(loading)) {
    let id = `${file}#${test.name}`;
    for (let count = 2; byId.has(id); count += 1) id = `${file}#${test.name} (${count})`;
    byId.set(id, test);
  }
  if (mutant !== null) shared.activeMutant = mutant.id;
  return byId;
}

/** @returns whether nothing more needs to be run */
async function tryOne(run, id, test) {
  const started = performance.now();
  if (mutant === null) shared.currentTestId = id;
  const result = { id, name: id, fileName: fileOf(id) };
  try {
    await run(test);
    results.push({ ...result, status: 'success', timeSpentMs: performance.now() - started });
    return false;
  } catch (error) {
    results.push({ ...result, status: 'failed', timeSpentMs: performance.now() - started, failureMessage: String(error?.stack ?? error).slice(0, 2000) });
    return mutant !== null;
  } finally {
    shared.currentTestId = undefined;
  }
}

/** These tests; a file is loaded when its first test is up, since most changes are noticed before most files are needed. */
async function runWanted({ collect, files, run }) {
  const loaded = new Map();
  for (const id of [...wanted].sort((a, b) => rankOf(a) - rankOf(b))) {
    const file = fileOf(id);
    if (!loaded.has(file)) loaded.set(file, await load(collect, file, files[file]));
    if (await tryOne(run, id, loaded.get(file).get(id))) return;
  }
}

/** Every test, file by file. A change that keeps a file from being loaded is noticed by that. */
async function runAll({ collect, files, run }) {
  const best = new Map(Object.keys(files).map((file) => [file, 0]));
  for (const [id, rank] of Object.entries(ranks)) best.set(fileOf(id), Math.min(best.get(fileOf(id)) ?? 0, rank));
  for (const file of Object.keys(files).sort((a, b) => (best.get(a) ?? 0) - (best.get(b) ?? 0))) {
    let byId;
    try {
      byId = await load(collect, file, files[file]);
    } catch (error) {
      results.push({ id: `${file}#is loaded`, name: `${file} is loaded`, fileName: file, status: 'failed', timeSpentMs: 0, failureMessage: String(error?.stack ?? error) });
      if (mutant !== null) return;
      continue;
    }
    for (const [id, test] of [...byId].sort(([a], [b]) => rankOf(a) - rankOf(b))) if (await tryOne(run, id, test)) return;
  }
}

const bundled = await import(bundle);
await (wanted === null ? runAll(bundled) : runWanted(bundled));
parentPort?.postMessage({ tests: results, mutantCoverage: mutant === null ? shared.mutantCoverage : undefined, hitCount: shared.hitCount ?? 0 });
