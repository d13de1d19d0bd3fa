import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import esbuild from 'esbuild';
import { testFiles } from './tests.mjs';

/*
 * A plugin for Stryker that runs the tests of src/psbt and src/review: bundled once, loaded once into a thread, and there, mutant after
 * mutant, the tests that cover it until one fails: first those that noticed other mutants of the same file, then the quick ones. Only
 * what changes while files are loaded gets a thread of its own. Vitest itself takes fifty times as long, nearly all of it to start and to load.
 */

/** What cannot be bundled: native and WebAssembly parts, and vitest, whose `expect` the tests use. */
const EXTERNAL = ['vitest', 'tiny-secp256k1', 'secp256k1'];
/** Where the instrumented code finds what it reads and writes. */
const NAMESPACE = '__stryker__';
/** Processor time that a mutant may take beside the time that its tests took before. Wall clocks say nothing on a busy machine. */
const GRACE_MS = 5_000;
/**
 * Processor time after which a mutant counts as not noticed. Tests come in the order of what they noticed in the same file, so that what is
 * noticed at all is noticed in the first second; without an end, the few that are not would take most of the time.
 */
const BUDGET_MS = 12_000;
/** After so many mutants a thread is replaced by a new one, whatever they left in its memory. */
const MUTANTS_A_THREAD = 300;

/** @typedef {{ count: number, hitCount: number, failed: null | { id: string, failure: string, passesWithout: boolean | null } }} Attempt */
/** @typedef {Attempt | { fault: string, isTimeout: boolean }} Outcome */

/** A thread with the bundle in it, which does one thing after another. */
class Realm {
  /** @param {string | null} fromLoad the mutant that is there before anything is loaded */
  constructor(bundle, fromLoad) {
    this.uses = 0;
    this.thread = new Worker(new URL('./thread.mjs', import.meta.url), { workerData: { bundle, namespace: NAMESPACE, fromLoad }, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: 2048 } });
    this.thread.on('error', () => undefined);
  }

  /**
   * @param {'learn' | object} order
   * @param {number} limitMs of processor time; then the thread is of no further use
   * @returns {Promise<any>} the answer, or `{ fault, isTimeout }`
   */
  ask(order, limitMs) {
    this.uses += 1;
    return new Promise((done) => {
      const before = process.cpuUsage();
      const spentMs = () => {
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      };
      const watch = setInterval(() => {
        if (spentMs() > limitMs) end({ fault: `over ${Math.round(limitMs)} ms of processor time`, isTimeout: true });
      }, 500);
      const end = (answer) => {
        clearInterval(watch);
        for (const event of ['message', 'error', 'exit']) this.thread.removeAllListeners(event);
        this.thread.on('error', () => undefined);
        done(answer);
      };
      this.thread.on('message', end);
      // Memory without end is an endless loop that makes something.
      this.thread.on('error', (error) => end({ fault: String(error?.stack ?? error), isTimeout: /** @type {any} */ (error)?.code === 'ERR_WORKER_OUT_OF_MEMORY' }));
      this.thread.on('exit', (code) => end({ fault: `the thread ended with ${code}`, isTimeout: false }));
      this.thread.postMessage(order);
    });
  }

  async close() {
    await this.thread.terminate();
  }
}

class BundleRunner {
  /** What Stryker hands to the constructor. */
  static inject = ['options'];

  constructor(options) {
    this.timeoutMs = options.timeoutMS;
    this.folder = '';
    this.bundle = '';
    /** Every test with the milliseconds that it took. @type {Map<string, number>} */
    this.tests = new Map();
    /** How many mutants of a file each test noticed. @type {Map<string, Map<string, number>>} */
    this.kills = new Map();
    /** Tests that fail alone, without a change: they say nothing. @type {Set<string>} */
    this.unfit = new Set();
    /** Tests that were tried alone, and pass. @type {Set<string>} */
    this.fit = new Set();
    /** @type {Realm | null} */
    this.realm = null;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.recall(process.env.STRONGROOM_MUTATION_KNOWN);
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
    const realm = new Realm(this.bundle, null);
    const outcome = await realm.ask('learn', Number.POSITIVE_INFINITY);
    await realm.close();
    if ('fault' in outcome) return { status: 'error', errorMessage: outcome.fault };
    this.note(outcome.tests);
    return { status: 'complete', tests: outcome.tests.map(asResult), mutantCoverage: outcome.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, timeout, hitLimit, mutantActivation }) {
    // Only one of the processes was asked for a dry run.
    if (this.tests.size === 0) {
      const realm = new Realm(this.bundle, null);
      this.note((await realm.ask('learn', Number.POSITIVE_INFINITY)).tests ?? []);
      await realm.close();
    }
    const limitMs = timeout - this.timeoutMs + GRACE_MS;
    const file = relative(process.cwd(), activeMutant.fileName);
    for (;;) {
      const order = { mutant: activeMutant.id, hitLimit, budgetMs: BUDGET_MS, wanted: this.inOrder(file, testFilter ?? [...this.tests.keys()]) };
      const outcome = mutantActivation === 'static' ? await this.loadedUnder(order, limitMs) : await this.shared(order, limitMs);
      if ('fault' in outcome) return outcome.isTimeout ? { status: 'timeout', reason: outcome.fault } : { status: 'error', errorMessage: outcome.fault };
      if (hitLimit !== undefined && outcome.hitCount > hitLimit) return { status: 'timeout', reason: `reached ${outcome.hitCount} times` };
      if (outcome.failed === null) return { status: 'survived', nrOfTests: outcome.count };
      const { id, failure } = outcome.failed;
      if (this.unfit.has(id)) continue;
      const kills = this.kills.get(file) ?? new Map();
      this.kills.set(file, kills.set(id, (kills.get(id) ?? 0) + 1));
      return { status: 'killed', killedBy: [id], failureMessage: failure, nrOfTests: outcome.count };
    }
  }

  /** What noticed mutants in earlier runs goes first. @param {string | undefined} report of the last run, where there is one */
  recall(report) {
    if (report === undefined || !existsSync(report)) return;
    const { files, testFiles = {} } = JSON.parse(readFileSync(report, 'utf8'));
    const names = new Map(Object.values(testFiles).flatMap(({ tests }) => tests.map(({ id, name }) => [id, name])));
    for (const [file, { mutants }] of Object.entries(files)) {
      const kills = new Map();
      for (const { killedBy = [] } of mutants) for (const id of killedBy) kills.set(names.get(id), (kills.get(names.get(id)) ?? 0) + 1);
      this.kills.set(file, kills);
    }
  }

  async dispose() {
    await this.realm?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @param {{ id: string, timeSpentMs: number }[]} tests */
  note(tests) {
    this.tests = new Map(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
  }

  /** First what noticed most mutants of this file, then what is quick. @returns {string[]} */
  inOrder(file, ids) {
    const kills = this.kills.get(file);
    const rank = (id) => -(kills?.get(id) ?? 0) * 1e6 + (this.tests.get(id) ?? 0);
    return ids.filter((id) => !this.unfit.has(id)).sort((a, b) => rank(a) - rank(b));
  }

  /** In a thread where everything is loaded under the mutant. @returns {Promise<Outcome>} */
  async loadedUnder(order, limitMs) {
    const realm = new Realm(this.bundle, order.mutant);
    const outcome = await realm.ask(order, limitMs);
    await realm.close();
    if (!('fault' in outcome) && outcome.failed !== null) await this.weigh(outcome.failed.id);
    return outcome;
  }

  /** In the thread that other mutants were tried in; where that leaves a doubt, in a new one. @returns {Promise<Outcome>} */
  async shared(order, limitMs) {
    if (this.realm !== null && this.realm.uses >= MUTANTS_A_THREAD) await this.renew();
    const wasUsed = this.realm !== null;
    this.realm ??= new Realm(this.bundle, null);
    const outcome = await this.realm.ask(order, limitMs);
    if ('fault' in outcome) {
      await this.renew();
      return wasUsed && !outcome.isTimeout ? await this.shared(order, limitMs) : outcome;
    }
    if (outcome.failed?.passesWithout !== false) return outcome;
    await this.renew();
    if (wasUsed) return await this.shared(order, limitMs);
    // It failed with nothing before it; afterwards it fails without the change as well. Either the change left something behind, or the
    // test fails alone.
    await this.weigh(outcome.failed.id);
    return outcome;
  }

  async renew() {
    await this.realm?.close();
    this.realm = null;
  }

  /** A test that fails with nothing changed is left out from now on. */
  async weigh(id) {
    if (this.fit.has(id) || this.unfit.has(id)) return;
    const realm = new Realm(this.bundle, null);
    const alone = await realm.ask({ mutant: undefined, hitLimit: undefined, budgetMs: Number.POSITIVE_INFINITY, wanted: [id] }, Number.POSITIVE_INFINITY);
    await realm.close();
    ('fault' in alone || alone.failed !== null ? this.unfit : this.fit).add(id);
  }
}

/** How Stryker numbers what became of a test. */
const [SUCCEEDED, FAILED] = [0, 1];
const asResult = ({ id, name, fileName, timeSpentMs, failure }) => ({ id, name, fileName: resolve(fileName), timeSpentMs, status: failure === null ? SUCCEEDED : FAILED, ...(failure === null ? {} : { failureMessage: failure }) });

export const strykerPlugins = [{ kind: 'TestRunner', name: 'bundle', injectableClass: BundleRunner }];
