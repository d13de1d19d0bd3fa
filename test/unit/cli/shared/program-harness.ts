import { StrongroomError } from '../../../../src/errors/strongroom-error.ts';
import type { Command, Program } from '../../../../src/cli/shared/command.ts';
import { runProgram } from '../../../../src/cli/shared/run-program.ts';
import type { Prompt } from '../../../../src/cli/shared/terminal-prompt.ts';

export interface RunOutcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly standardInput?: string;
  /** What a person types, in order; none: there is no terminal. */
  readonly answers?: readonly string[];
  readonly isTerminal?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Given the callback by which the person cancels. */
  readonly onCancel?: (callback: () => void) => void;
}

export const programOf = (...commands: readonly Command[]): Program => ({ name: 'strongroom-test', version: '9.8.7', summary: 'A program for tests.', notes: ['A note.'], commands });

/** Runs a command line in this process against a stand-in for the process. */
export async function runLine(program: Program, args: readonly string[], options: RunOptions = {}): Promise<RunOutcome> {
  const out = { stdout: '', stderr: '' };
  const answers = [...(options.answers ?? [])];
  const prompt: Prompt = async (question, { optionName }) => {
    const answer = answers.shift();
    if (answer === undefined) throw new StrongroomError('prompt.unavailable', 'No terminal.', { option: optionName }, '');
    out.stderr += question;
    return answer;
  };
  const exit = await runProgram(program, {
    args,
    environment: options.environment ?? {},
    standardInput: (async function* () {
      yield options.standardInput ?? '';
    })(),
    stdout: { isTerminal: options.isTerminal ?? false, write: (text) => void (out.stdout += text) },
    stderr: { isTerminal: options.isTerminal ?? false, write: (text) => void (out.stderr += text) },
    prompt,
    now: () => 0,
    onCancel: options.onCancel ?? (() => undefined),
  });
  return { exit, ...out };
}
