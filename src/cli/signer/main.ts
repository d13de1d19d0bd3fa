import { runAsProcess } from '../shared/process-host.ts';
import { signerProgram } from './program.ts';

runAsProcess(signerProgram);
