import type { CommandFiles } from './command-files.ts';
import { usageError } from './usage-error.ts';
import type { Prompt } from './terminal-prompt.ts';

const SECRET_BYTES = 4096;

/**
 * Secrets as a command asks for them: from a file, from standard input (`-`), or from a prompt without echo. Never from
 * an argument or the environment, which other programs of the machine can read.
 */
export interface Secrets {
  /** A secret that exists. @throws StrongroomError `prompt.unavailable`, `host.cancelled`, `file.*` */
  readonly existing: (file: string | undefined, what: string, optionName: string) => Promise<string>;
  /** A new secret: asked for twice at a prompt. @throws StrongroomError as `existing`; `usage.malformed` when the two differ */
  readonly fresh: (file: string | undefined, what: string, optionName: string) => Promise<string>;
  /** A line in the open: something that a person compares and types. @throws StrongroomError as `existing` */
  readonly typed: (question: string, optionName: string) => Promise<string>;
}

export function createSecrets(files: CommandFiles, prompt: Prompt): Secrets {
  const fromFile = async (file: string): Promise<string> => {
    const text = await files.readText(file, SECRET_BYTES);
    // Editors and echo end a file with a line break that nobody meant as part of the secret: exactly one is dropped.
    return text.replace(/\r?\n$/, '');
  };
  return {
    existing: async (file, what, optionName) => (file === undefined ? prompt(`${what}: `, { echo: false, optionName }) : fromFile(file)),
    async fresh(file, what, optionName) {
      if (file !== undefined) return fromFile(file);
      const first = await prompt(`${what}: `, { echo: false, optionName });
      const second = await prompt(`${what}, again: `, { echo: false, optionName });
      if (first !== second) throw usageError('The two entries differ.', 'Start again and type the same twice.');
      return first;
    },
    typed: (question, optionName) => prompt(`${question} `, { echo: true, optionName }),
  };
}
