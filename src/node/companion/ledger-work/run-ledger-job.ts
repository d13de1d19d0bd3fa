import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { ErrorCode } from '../../../errors/catalog.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { LedgerWatch } from '../../../service/companion/ledger-work.ts';
import { removeCopy } from './do-ledger-job.ts';
import { jobProgress } from './job-progress.ts';
import type { JobStep, LedgerAnswers, LedgerJob, LedgerMessage } from './messages.ts';

declare const __STRONGROOM_LEDGER_THREAD__: string | undefined;

/** How often a person's Stop is looked for and the progress told, milliseconds. */
const LOOK_EVERY_MS = 100;
/** The heap of the thread, MiB: what is large is in SQLite's own memory. */
const MOST_HEAP_MB = 256;

/**
 * Has a thread do one job on a ledger's file and ends it: the program's own thread stays free, for a window or for Ctrl-C. When it throws, the
 * job's copy is gone.
 * @param start starts the thread: an argument for tests
 * @throws StrongroomError what the job throws, and `host.cancelled`
 */
export async function runLedgerJob<Kind extends LedgerJob['kind']>(job: Extract<LedgerJob, { kind: Kind }>, watch: LedgerWatch, start: () => Worker = startThread): Promise<LedgerAnswers[Kind]> {
  const copy = 'copy' in job ? job.copy : null;
  let isDone = false;
  // A program that ends in the middle leaves no copy either.
  const tidy = (): void => {
    try {
      if (copy !== null && !isDone) removeCopy(copy);
    } catch {
      // Windows lets nobody take away what the thread still has open; it is tried again when that is gone.
    }
  };
  process.once('exit', tidy);
  const thread = start();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<LedgerAnswers[Kind]>((resolve, reject) => {
      const began = performance.now();
      let furthest = 0;
      let step: { readonly from: JobStep; readonly sinceMs: number } | null = null;
      timer = setInterval(() => {
        if (watch.isCancelled()) reject(new StrongroomError('host.cancelled', 'The step was stopped.', {}, 'The books are as they were. Begin again when you are ready.'));
        else if (step !== null) {
          const progress = jobProgress(step.from, step.sinceMs, performance.now() - began);
          // A step that ended sooner than it was thought to begins the next one further back.
          furthest = Math.max(furthest, progress.fraction);
          watch.progress({ ...progress, fraction: furthest });
        }
      }, LOOK_EVERY_MS);
      thread.on('message', (message: LedgerMessage) => {
        if (message.kind === 'step') step = { from: message.step, sinceMs: performance.now() - began };
        else if (message.kind === 'done') {
          isDone = true;
          resolve(message.answer as LedgerAnswers[Kind]);
        }
        // Codes come from the catalog: the thread's program makes no others.
        else if (message.kind === 'failed') reject(new StrongroomError(message.code as ErrorCode, message.message, message.details, message.hint));
        else reject(new Error(`the ledger's thread failed\n${message.places}`));
      });
      thread.on('error', () => reject(new Error('the ledger\'s thread failed')));
      thread.on('exit', () => reject(new Error('the ledger\'s thread ended')));
      thread.postMessage(job);
    });
  } catch (fault) {
    // A thread ends between two statements, and one of them may take seconds: without its pages it fails at once. Nobody else has this file.
    if (copy !== null) truncate(copy);
    tidy();
    throw fault;
  } finally {
    clearInterval(timer);
    void thread.terminate().then(() => {
      tidy();
      process.off('exit', tidy);
    });
  }
}

function truncate(copy: string): void {
  try {
    truncateSync(copy, 0);
  } catch {
    // It was not made yet, or is gone already.
  }
}

/**
 * In a bundle the thread's program is a file beside the bundle, named by the build; from source it is the module itself. It gets no environment, no
 * arguments and no standard streams.
 */
function startThread(): Worker {
  const options = { env: {}, argv: [], execArgv: [], stdin: false, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB } };
  return typeof __STRONGROOM_LEDGER_THREAD__ === 'string' ? new Worker(join(__dirname, __STRONGROOM_LEDGER_THREAD__), options) : new Worker(new URL('./ledger-thread.ts', import.meta.url), options);
}
