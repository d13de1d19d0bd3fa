import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** Asks a person for one line. Without echo nothing is shown, not even how long the answer is. */
export type Prompt = (question: string, how: { readonly echo: boolean; readonly optionName: string }) => Promise<string>;

const MAX_LINE_CHARACTERS = 1024;

/** What typed characters do to the line: pure, so that it can be tested without a terminal. */
export type LineState = { readonly kind: 'typing'; readonly line: string } | { readonly kind: 'entered'; readonly line: string } | { readonly kind: 'cancelled' };

/** One key after the other: Enter ends, Ctrl-C and Ctrl-D on an empty line cancel, Backspace and Ctrl-U correct. */
export function typeCharacter(line: string, character: string): LineState {
  switch (character) {
    case '\r':
    case '\n':
      return { kind: 'entered', line };
    case '\u0003':
      return { kind: 'cancelled' };
    case '\u0004':
      return line === '' ? { kind: 'cancelled' } : { kind: 'typing', line };
    case '\u007f':
    case '\b':
      return { kind: 'typing', line: [...line].slice(0, -1).join('') };
    case '\u0015':
      return { kind: 'typing', line: '' };
    default:
      // Other control characters (arrow keys begin with one) are no part of a passphrase.
      return { kind: 'typing', line: /\p{Cc}/u.test(character) || line.length >= MAX_LINE_CHARACTERS ? line : line + character };
  }
}

/**
 * Asks on the controlling terminal, whatever standard input and output are connected to.
 * @throws StrongroomError `prompt.unavailable` without a terminal, `host.cancelled` on Ctrl-C
 */
export const askOnTerminal: Prompt = async (question, { echo, optionName }) => {
  const terminal = openTerminal(optionName);
  const write = (text: string): void => void writeSync(terminal.output, text);
  try {
    return await new Promise<string>((resolve, reject) => {
      let line = '';
      write(question);
      terminal.input.setRawMode(true);
      terminal.input.setEncoding('utf8');
      terminal.input.on('error', () => reject(unavailable(optionName)));
      terminal.input.on('end', () => reject(cancelled()));
      terminal.input.on('data', (chunk: string | Buffer) => {
        // An escape sequence (an arrow key) arrives as one chunk and is dropped whole.
        const characters = String(chunk).startsWith('\u001b') ? [] : [...String(chunk)];
        for (const character of characters) {
          const state = typeCharacter(line, character);
          if (state.kind === 'cancelled') return reject(cancelled());
          if (state.kind === 'entered') return resolve(state.line);
          if (echo) write(redrawn(line, state.line));
          line = state.line;
        }
      });
    });
  } finally {
    terminal.input.setRawMode(false);
    write('\n');
    terminal.input.destroy();
    terminal.close();
  }
};

function redrawn(before: string, after: string): string {
  return after.startsWith(before) ? after.slice(before.length) : `${'\b \b'.repeat([...before].length)}${after}`;
}

interface Terminal {
  readonly input: ReadStream;
  readonly output: number;
  readonly close: () => void;
}

function openTerminal(optionName: string): Terminal {
  if (process.platform === 'win32') {
    if (!process.stdin.isTTY) throw unavailable(optionName);
    return { input: process.stdin, output: 2, close: () => undefined };
  }
  try {
    const descriptor = openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY);
    try {
      const output = openSync('/dev/tty', constants.O_WRONLY | constants.O_NOCTTY);
      return { input: new ReadStream(descriptor), output, close: () => closeSync(output) };
    } catch (fault) {
      closeSync(descriptor);
      throw fault;
    }
  } catch {
    throw unavailable(optionName);
  }
}

const cancelled = (): StrongroomError => new StrongroomError('host.cancelled', 'The question was left unanswered.', {}, 'Nothing was written. Start again when you are ready.');

const unavailable = (optionName: string): StrongroomError =>
  new StrongroomError('prompt.unavailable', 'A secret or an answer must be asked for and there is no terminal to ask on.', { option: optionName }, `Give it with ${optionName}.`);
