import { parentPort } from 'node:worker_threads';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { doLedgerJob } from './do-ledger-job.ts';
import type { LedgerJob, LedgerMessage } from './messages.ts';

/** The thread that does one job on the whole of a ledger's file, and ends. */

// Nothing here calls them, and nothing that slips in finds them by their names.
for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) Reflect.deleteProperty(globalThis, name);

const post = (message: LedgerMessage): void => parentPort?.postMessage(message);

/** An unknown exception's kind and places in the program; never its text, which may quote the books. */
const placesOf = (fault: unknown): string => (fault instanceof Error ? [fault.constructor.name, ...(fault.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 6)].join('\n') : typeof fault);

parentPort?.once('message', (job: LedgerJob) => {
  doLedgerJob(job, (step) => post({ kind: 'step', step })).then(
    (answer) => post({ kind: 'done', answer }),
    (fault: unknown) => post(fault instanceof StrongroomError ? { kind: 'failed', code: fault.code, message: fault.message, details: fault.details, hint: fault.hint } : { kind: 'fault', places: placesOf(fault) }),
  );
});
