import { runAsProcess } from '../shared/process-host.ts';
import { companionProgram } from './program.ts';

runAsProcess(companionProgram);
