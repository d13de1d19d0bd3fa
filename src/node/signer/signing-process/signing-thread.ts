import { parentPort } from 'node:worker_threads';
import { serveSigningJob } from '../../../service/signer/signing/serve-job.ts';
import { productCurves } from './product-curves.ts';

/** The thread in which the command line reviews or signs one transaction. */

// SECURITY: as in the Signer's main program: nothing here calls them, and nothing that slips in finds them by their names.
for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) Reflect.deleteProperty(globalThis, name);

serveSigningJob({ post: (answer) => parentPort?.postMessage(answer), listen: (onMessage) => void parentPort?.on('message', onMessage) }, productCurves);
