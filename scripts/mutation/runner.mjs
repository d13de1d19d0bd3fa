import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import esbuild from 'esbuild';
import { testFiles } from './tests.mjs';

/*
 * A plugin for Stryker that runs the tests of src/psbt and src/review: bundled once, then each mutant in a thread of its own that loads the bundle and
 * runs the tests that cover the mutant until one fails, those that killed other mutants first, then the quick ones. Vitest itself takes
 * five times as long, nearly all of it to start and to load.
 */

/** What cannot be bundled: native and WebAssembly parts, and vitest, whose `expect` the tests use. */
const EXTERNAL = ['vitest', 'tiny-secp256k1', 'secp256k1'];
/** Where the instrumented code finds what it reads and writes. */
const NAMESPACE = '__stryker__';
/** Processor time that a mutant may take beside the time that its tests took before. Wall clocks say nothing on a busy machine. */
const GRACE_MS = 10_000;

/**
 * @typedef {{ id: string, name: string, fileName: string, status: 'success' | 'failed', timeSpentMs: number, failureMessage?: string }} Result
 * @typedef {{ id: string, activation: string, hitLimit: number | undefined }} Mutant
 * @typedef {{ tests: Result[], mutantCoverage: unknown, hitCount: number } | { fault: string, isTimeout: boolean }} Outcome
 */

class BundleRunner {
  /** What Stryker hands to the constructor. */
  static inject = ['options'];

  constructor(options) {
    this.timeoutMs = options.timeoutMS;
    this.folder = '';
    this.bundle = '';
    /** Where a test stands in the order of a run: before all others by how many mutants it killed, else by its milliseconds. @type {Record<string, number>} */
    this.ranks = {};
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    // Inside the copy that Stryker instrumented, so that packages are found.
    this.folder = mkdtempSync(resolve('.mutation-'));
    const files = testFiles();
    const entry = join(this.folder, 'entry.mjs');
    const api = new URL('./test-api.mjs', import.meta.url).pathname;
    writeFileSync(entry, [
      `export { collect, run } from ${JSON.stringify(api)};`,
      'export const files = {',
      ...files.map((file) => `  ${JSON.stringify(file)}: () => import(${JSON.stringify(resolve(file))}),`),
      '};',
    ].join('\n'));
    const useOurTests = { name: 'tests', setup: (build) => build.onResolve({ filter: /^vitest$/ }, ({ importer }) => (importer === api ? { path: 'vitest', external: true } : { path: api })) };
    await esbuild.build({
      entryPoints: [entry], bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node24', outdir: join(this.folder, 'out'), outExtension: { '.js': '.mjs' },
      external: EXTERNAL, plugins: [useOurTests], logLevel: 'error',
      // CommonJS packages ask for Node's modules by `require`.
      banner: { js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);" },
    });
    this.bundle = pathToFileURL(join(this.folder, 'out', 'entry.mjs')).href;
  }

  async dryRun() {
    const outcome = await this.run(null, null, Number.POSITIVE_INFINITY);
    if ('fault' in outcome) return { status: 'error', errorMessage: outcome.fault };
    return { status: 'complete', tests: outcome.tests.map(asResult), mutantCoverage: outcome.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, timeout, hitLimit, mutantActivation }) {
    const outcome = await this.run({ id: activeMutant.id, activation: mutantActivation, hitLimit }, testFilter ?? null, timeout - this.timeoutMs + GRACE_MS);
    if ('fault' in outcome) return outcome.isTimeout ? { status: 'timeout', reason: outcome.fault } : { status: 'error', errorMessage: outcome.fault };
    if (hitLimit !== undefined && outcome.hitCount > hitLimit) return { status: 'timeout', reason: `reached ${outcome.hitCount} times` };
    for (const { id, timeSpentMs } of outcome.tests) if (!((this.ranks[id] ?? 0) < 0)) this.ranks[id] = timeSpentMs;
    const killer = outcome.tests.find(({ status }) => status === 'failed');
    if (killer === undefined) return { status: 'survived', nrOfTests: outcome.tests.length };
    this.ranks[killer.id] = Math.min(0, this.ranks[killer.id] ?? 0) - 1;
    return { status: 'killed', killedBy: [killer.id], failureMessage: killer.failureMessage, nrOfTests: outcome.tests.length };
  }

  dispose() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * One run in a thread; ended when it has taken more processor time than it may.
   * @param {Mutant | null} mutant `null` to learn what each test covers
   * @param {readonly string[] | null} wanted ids of tests, or `null` for all
   * @returns {Promise<Outcome>}
   */
  run(mutant, wanted, limitMs) {
    return new Promise((done) => {
      const before = process.cpuUsage();
      const spentMs = () => {
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      };
      const thread = new Worker(new URL('./thread.mjs', import.meta.url), { workerData: { bundle: this.bundle, namespace: NAMESPACE, mutant, wanted, ranks: this.ranks }, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: 2048 } });
      const watch = setInterval(() => {
        if (spentMs() > limitMs) end({ fault: `over ${Math.round(limitMs)} ms of processor time`, isTimeout: true });
      }, 500);
      const end = (outcome) => {
        clearInterval(watch);
        thread.removeAllListeners();
        thread.on('error', () => undefined);
        void thread.terminate().then(() => done(outcome));
      };
      thread.on('message', end);
      // Memory without end is an endless loop that makes something.
      thread.on('error', (error) => end({ fault: String(error?.stack ?? error), isTimeout: error?.code === 'ERR_WORKER_OUT_OF_MEMORY' }));
      thread.on('exit', (code) => end({ fault: `the thread ended with ${code}`, isTimeout: false }));
    });
  }
}

/** How Stryker numbers what became of a test. */
const [SUCCEEDED, FAILED] = [0, 1];
/** @param {Result} result */
const asResult = ({ id, name, fileName, status, timeSpentMs, failureMessage }) => ({ id, name, fileName: resolve(fileName), status: status === 'failed' ? FAILED : SUCCEEDED, timeSpentMs, ...(failureMessage === undefined ? {} : { failureMessage }) });

export const strykerPlugins = [{ kind: 'TestRunner', name: 'bundle', injectableClass: BundleRunner }];
