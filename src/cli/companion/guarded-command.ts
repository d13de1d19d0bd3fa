import { requireNoSecret } from '../../service/companion/private-key-guard.ts';
import { decodeText, SMALL_FILE_BYTES } from '../shared/command-files.ts';
import type { Command, CommandIo } from '../shared/command.ts';

/**
 * Refuses a command line with private-key material in it. An argument cannot be taken back: other programs of the machine may have seen
 * it, and shells keep it. It is not repeated, and goes nowhere from here.
 * @throws StrongroomError `wallet.private-key`
 */
export function refuseSecretArguments(args: readonly string[]): void {
  let words: string[] = [];
  for (const argument of [...args, '']) {
    requireNoSecret('', argument);
    const value = /^--?[a-z][a-z0-9-]*=(.*)$/s.exec(argument)?.[1];
    if (value !== undefined) requireNoSecret('', value);
    // The words of a mnemonic without quotation marks around them.
    if (/^\p{L}{1,8}$/u.test(argument)) words.push(argument);
    else {
      // Fewer are a command and its options' values.
      if (words.length >= 12) requireNoSecret('', words.join(' '));
      words = [];
    }
  }
}

/**
 * A command that takes no private key: everything that it reads is looked at before the command itself sees it. What was read is
 * wiped where it was refused, and bytes that became a text are wiped in any case.
 */
export const withoutPrivateKeys = (command: Command): Command => ({
  ...command,
  run: (values, io) => command.run(values, { ...io, files: guardedFiles(io, fieldsOf(values)), secrets: guardedSecrets(io) }),
});

/** Which option named each file, so that a message or a backup is judged as what it was given as. */
function fieldsOf(values: Readonly<Record<string, unknown>>): (path: string) => string {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) for (const path of Array.isArray(value) ? value : [value]) if (typeof path === 'string') fields.set(path, name);
  return (path) => fields.get(path) ?? '';
}

function guardedFiles({ files }: CommandIo, fieldOf: (path: string) => string): CommandIo['files'] {
  const readBytes: CommandIo['files']['readBytes'] = async (path, maxBytes) => {
    const bytes = await files.readBytes(path, maxBytes);
    try {
      requireNoSecret(fieldOf(path), bytes);
      return bytes;
    } catch (refusal) {
      bytes.fill(0);
      throw refusal;
    }
  };
  return {
    ...files,
    readBytes,
    async readText(path, maxBytes = SMALL_FILE_BYTES) {
      // Looked at as bytes first: what is refused does not stay as a text, which nobody can wipe.
      const bytes = await readBytes(path, maxBytes);
      try {
        return decodeText(bytes, path);
      } finally {
        bytes.fill(0);
      }
    },
  };
}

function guardedSecrets({ secrets }: CommandIo): CommandIo['secrets'] {
  const judged = async (asked: Promise<string>, optionName: string): Promise<string> => {
    const secret = await asked;
    requireNoSecret(optionName.replace(/^-+/, ''), secret);
    return secret;
  };
  return {
    existing: (file, what, optionName) => judged(secrets.existing(file, what, optionName), optionName),
    fresh: (file, what, optionName) => judged(secrets.fresh(file, what, optionName), optionName),
    typed: (question, optionName) => judged(secrets.typed(question, optionName), optionName),
  };
}
