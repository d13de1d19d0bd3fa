import { spawn } from 'node:child_process';
import { inRoot } from './paths.mjs';

/** A program of the ceremony that answered with an error, or not at all. */
export class ProgramFailed extends Error {
  /** @param {string} line @param {number | string} status @param {{ code?: string, message?: string, hint?: string } | null} error @param {string} stderr */
  constructor(line, status, error, stderr) {
    const said = error === null ? stderr.trim().split('\n').slice(-8).join('\n') : `${error.message} ${error.hint} [${error.code}]`;
    super(`This command ended with ${status}:\n  ${line}\n${said}`);
    this.status = status;
    this.code = error?.code ?? null;
  }
}

/** A word as a shell needs it. */
const quoted = (word) => (/^[A-Za-z0-9_./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The command line as a person types it. */
export const commandLine = (program, args) => [program, ...args].map(quoted).join(' ');

/**
 * Runs one of the three programs as a process of its own, as anybody would, and gives its JSON answer.
 * @param program `strongroom-signer`, `strongroom-companion` or `strongroom-practice`
 * @param args without `--json`
 * @param options `folder`: where it runs; `accept`: exit codes that are results, not failures; `wrap`: a command that runs it
 * @returns the JSON object, and `exit`
 * @throws ProgramFailed
 */
export function runProgram(program, args, { folder, accept = [0], environment = process.env, wrap = [] }) {
  const line = commandLine(program, args);
  const [command, ...before] = [...wrap, inRoot('bin', program)];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...before, ...args, '--json'], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', (/** @type {NodeJS.ErrnoException} */ fault) => reject(new ProgramFailed(line, fault.code ?? 'an error', null, fault.message)));
    child.on('close', (status, signal) => {
      // What ended it: an exit status, or the name of a signal.
      const ending = status ?? signal ?? 'an error';
      let answer = null;
      try {
        answer = JSON.parse(stdout);
      } catch {
        reject(new ProgramFailed(line, ending, null, stderr === '' ? 'It answered something that is not one JSON object.' : stderr));
        return;
      }
      if (answer.ok !== true || status === null || !accept.includes(status)) reject(new ProgramFailed(line, ending, answer.error ?? null, stderr === '' ? 'It refused.' : stderr));
      else resolve({ ...answer, exit: status });
    });
  });
}
