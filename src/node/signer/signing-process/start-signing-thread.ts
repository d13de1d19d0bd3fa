import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StartSigningProcess } from '../../../service/signer/signing/signing-desk.ts';

declare const __STRONGROOM_SIGNING_THREAD__: string | undefined;

/** The heap of one job, MiB: a transaction of ten thousand inputs takes a third of it. */
const MOST_HEAP_MB = 2048;

/**
 * A thread for one transaction, for the command line: it has no window that could freeze, but Ctrl-C is heard and progress is shown
 * only while its own thread is free. In a bundle the thread's program is a file beside the bundle, named by the build; from source it
 * is the module itself. It gets no environment, no arguments and no standard streams.
 */
export const startSigningThread: StartSigningProcess = ({ onMessage, onGone }) => {
  const options = { env: {}, argv: [], execArgv: [], stdin: false, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB } };
  const worker = typeof __STRONGROOM_SIGNING_THREAD__ === 'string' ? new Worker(join(__dirname, __STRONGROOM_SIGNING_THREAD__), options) : new Worker(new URL('./signing-thread.ts', import.meta.url), options);
  worker.on('message', onMessage);
  // What ended it (memory, mostly) is not told: it could quote what it worked on. That it is gone, `exit` tells.
  worker.on('error', () => undefined);
  worker.on('exit', onGone);
  return {
    // Given away and not copied: this side's arrays are empty afterwards.
    post: (job, secrets) => worker.postMessage(job, secrets.map(({ buffer }) => buffer as ArrayBuffer)),
    end: async () => void (await worker.terminate()),
  };
};
