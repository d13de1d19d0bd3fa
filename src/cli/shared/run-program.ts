import { errorCatalog } from '../../errors/catalog.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { toWireError } from '../../host/serve.ts';
import type { WireError } from '../../host/contract.ts';
import { commandFiles } from './command-files.ts';
import type { CommandIo, Program } from './command.ts';
import { helpLines } from './help.ts';
import { asksForJson, parseCommandLine } from './parse-command-line.ts';
import { createProgressLine } from './progress-line.ts';
import { createSecrets } from './secrets.ts';
import { harmlessLine, styleFor } from './text-style.ts';
import type { Prompt } from './terminal-prompt.ts';

/** The process as a program sees it: an argument, so that tests can stand in for it. */
export interface ProgramHost {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly standardInput: AsyncIterable<Uint8Array | string>;
  readonly stdout: { readonly isTerminal: boolean; readonly write: (text: string) => void };
  readonly stderr: { readonly isTerminal: boolean; readonly write: (text: string) => void };
  readonly prompt: Prompt;
  readonly now: () => number;
  /** Calls back when the person gives up (Ctrl-C) or the system ends the program. */
  readonly onCancel: (callback: () => void) => void;
}

/**
 * Runs one command line to its exit code. With `--json` standard output gets exactly one JSON object, whatever happens.
 * @returns 0 done, 2 a person must judge, 3 refused, or the exit code of an error
 */
export async function runProgram(program: Program, host: ProgramHost): Promise<number> {
  const json = asksForJson(host.args);
  const style = styleFor(host.stdout.isTerminal, host.environment);
  const progressLine = createProgressLine(host.stderr.write, host.stderr.isTerminal, host.now);
  const files = commandFiles(host.standardInput);
  const writeLines = (stream: ProgramHost['stdout'], lines: readonly string[]): void => {
    progressLine.clear();
    stream.write(`${lines.map(harmlessLine).join('\n')}\n`);
  };
  const writeJson = (object: Readonly<Record<string, unknown>>): void => {
    progressLine.clear();
    host.stdout.write(`${JSON.stringify(object)}\n`);
  };
  let cancelled = false;
  const cancellation = new Promise<never>((_, reject) => {
    host.onCancel(() => {
      cancelled = true;
      reject(new StrongroomError('host.cancelled', 'The step was cancelled.', {}, 'Nothing half-written was left. Start it again when you are ready.'));
    });
  });
  // Without a listener a rejection after the command's end would end the process by itself.
  cancellation.catch(() => undefined);

  try {
    program.refuse?.(host.args);
    const commandLine = parseCommandLine(program, host.args);
    if (commandLine.kind !== 'run') {
      const lines = commandLine.kind === 'version' ? [versionLine(program)] : helpLines(program, commandLine.topic, style);
      if (json) writeJson(commandLine.kind === 'version' ? { ok: true, name: program.name, version: program.version, ...(program.build === undefined ? {} : { build: program.build }) } : { ok: true, help: lines.join('\n') });
      else writeLines(host.stdout, lines);
      return 0;
    }
    const io: CommandIo = {
      files,
      secrets: createSecrets(files, (question, how) => {
        progressLine.clear();
        return host.prompt(question, how);
      }),
      style,
      interactive: host.stdout.isTerminal && !json,
      show: (lines) => (json ? undefined : writeLines(host.stdout, lines)),
      progress: progressLine.tell,
      isCancelled: () => cancelled,
      onFault: (name, fault) => host.stderr.write(`${faultText(name, fault)}\n`),
      environment: host.environment,
    };
    const result = await Promise.race([commandLine.command.run(commandLine.values, io), cancellation]);
    await files.settle();
    if (json) writeJson({ ok: true, ...result.json });
    else if (result.content !== undefined && !host.stdout.isTerminal) host.stdout.write(result.content);
    else writeLines(host.stdout, result.lines);
    return result.exit ?? 0;
  } catch (error) {
    await files.rollBack();
    if (!(error instanceof StrongroomError)) host.stderr.write(`${faultText('command', error)}\n`);
    const wire = toWireError(error);
    if (json) writeJson({ ok: false, error: wire });
    else writeLines(host.stderr, errorLines(program.name, wire));
    return error instanceof StrongroomError ? error.exitCode : errorCatalog['host.unknown'].exit;
  }
}

/** With what the program was built from, as its window shows it: `strongroom-signer 0.1.0 (0123456789ab)`. */
function versionLine({ name, version, build }: Program): string {
  return `${name} ${version}${build === undefined || build === 'source' ? '' : ` (${build.slice(0, 12)})`}`;
}

function errorLines(programName: string, error: WireError): readonly string[] {
  return [`${programName}: ${error.message}`, ...(error.hint === '' ? [] : [`  ${error.hint}`]), `  [${error.code}]`];
}

/** An unknown exception's kind and places in the program; never its text, which could hold anything, a secret too. */
function faultText(name: string, fault: unknown): string {
  if (!(fault instanceof Error)) return `fault in ${name}: ${typeof fault}`;
  const places = (fault.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 6);
  return [`fault in ${name}: ${fault.constructor.name}`, ...places].join('\n');
}
