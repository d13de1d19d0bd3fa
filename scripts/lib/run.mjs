import { spawn, spawnSync } from 'node:child_process';
import { root } from './paths.mjs';

/** A command that failed; holds what it printed. */
export class CommandFailed extends Error {
  constructor(command, status, output) {
    super(`${command} ended with ${status}${output.trim() === '' ? '' : `:\n${output.trim().split('\n').slice(-25).join('\n')}`}`);
    this.status = status;
    this.output = output;
  }
}

/**
 * Runs a command to its end and gives its standard output.
 * @throws CommandFailed when it cannot be started or ends with anything but 0
 */
export function runQuietly(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options });
  const fault = /** @type {NodeJS.ErrnoException | undefined} */ (result.error);
  if (fault !== undefined) throw new CommandFailed(command, fault.code ?? 'an error', fault.message);
  if (result.status !== 0) throw new CommandFailed([command, ...args].join(' '), result.status ?? result.signal, `${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

/** Runs a command with its output shown, and gives its exit status (128 and more when a signal ended it). */
export function runShown(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('close', (status, signal) => resolve(status ?? (signal === null ? 1 : 128)));
  });
}

/** npm as it is called from a script: through the running npm where there is one, so that its version is the user's. */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') === true ? runQuietly(process.execPath, [cli, ...args], options) : runQuietly(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}
