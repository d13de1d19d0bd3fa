import { runAsProcess } from '../shared/process-host.ts';
import { practiceProgram } from './program.ts';

runAsProcess(practiceProgram);
