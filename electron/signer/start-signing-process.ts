import { join } from 'node:path';
import type { StartSigningProcess } from '../../src/service/signer/signing/signing-desk.ts';
import { startJobProcess } from '../shell/job-process.ts';

/** The heap of one job, MiB: a transaction of ten thousand inputs takes a third of it. */
const MOST_HEAP_MB = 2048;

/** Has one transaction reviewed or signed in a process of its own; its program lies beside the main one's bundle. */
export const signingProcessStarter = (bundleFolder: string): StartSigningProcess => (events) =>
  startJobProcess({ file: join(bundleFolder, 'signing-process.cjs'), name: 'Strongroom Signing', mostHeapMb: MOST_HEAP_MB }, events);
