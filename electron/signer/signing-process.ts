import { productCurves } from '../../src/node/signer/signing-process/product-curves.ts';
import { serveSigningJob } from '../../src/service/signer/signing/serve-job.ts';

/** The program of the process in which one transaction is reviewed or signed. It gets one job, answers, and is ended. */

// SECURITY: as in the Signer's main program: nothing here calls them, and nothing that slips in finds them by their names.
for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']) Reflect.deleteProperty(globalThis, name);
// SECURITY: this signal would open a debugger to whoever asks on this computer, whatever switches the program was started with.
process.on('SIGUSR1', () => undefined);

const { parentPort } = process;
serveSigningJob({ post: (answer) => parentPort.postMessage(answer), listen: (onMessage) => void parentPort.on('message', ({ data }) => onMessage(data)) }, productCurves);
