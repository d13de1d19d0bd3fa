import { runProgram, type ProgramHost } from './run-program.ts';
import type { Program } from './command.ts';
import { askOnTerminal } from './terminal-prompt.ts';

/**
 * Runs a program as this process: arguments, streams, signals, exit code. Everything that a command knows of the process
 * goes through here.
 */
export function runAsProcess(program: Program): void {
  // A reader that went away (`| head`) is no fault of ours: the rest of the output is dropped, the exit code stays.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'EPIPE') process.exitCode = 74;
    });
  }
  const host: ProgramHost = {
    args: process.argv.slice(2),
    environment: process.env,
    // Opened only when a command reads it.
    standardInput: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    stdout: { isTerminal: process.stdout.isTTY === true, write: (text) => void process.stdout.write(text) },
    stderr: { isTerminal: process.stderr.isTTY === true, write: (text) => void process.stderr.write(text) },
    prompt: askOnTerminal,
    now: () => performance.now(),
    onCancel(callback) {
      let asked = false;
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(signal, () => {
          // The second Ctrl-C ends at once, as people expect; files are whole even then, since names are given last.
          if (asked) process.exit(75);
          asked = true;
          callback();
        });
      }
    },
  };
  void runProgram(program, host).then((code) => {
    // Work that was cancelled may still run in the background: the process ends when its output is out, not later.
    process.stdout.write('', () => process.exit(process.exitCode ?? code));
  });
}
