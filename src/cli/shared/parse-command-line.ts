import type { Command, Program } from './command.ts';
import { nearestName } from './nearest-name.ts';
import type { Option } from './option.ts';
import { usageError } from './usage-error.ts';

/** What a command line asks for. */
export type CommandLine =
  | { readonly kind: 'help'; readonly topic: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly command: Command; readonly values: Readonly<Record<string, unknown>> };

/** True when `--json` stands before a `--`: known even of a command line that is otherwise wrong, so that errors are JSON too. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}

/**
 * Reads a command line. Every option stands at most once unless it repeats: the last of two amounts is not a guess that a
 * program with money makes.
 * @throws StrongroomError `usage.malformed`, and what the values' kinds throw
 */
export function parseCommandLine(program: Program, args: readonly string[]): CommandLine {
  const rest = args.filter((argument, index) => argument !== '--json' || args.slice(0, index).includes('--'));
  const wantsHelp = rest.some((argument, index) => (argument === '--help' || argument === '-h') && !rest.slice(0, index).includes('--'));
  const [first = '', second = ''] = rest;
  if (first === '--version') return { kind: 'version' };
  if (first === '' || first === '--help' || first === '-h') return { kind: 'help', topic: '' };

  const twoWords = `${first} ${second}`;
  const command = program.commands.find(({ name }) => name === twoWords) ?? program.commands.find(({ name }) => name === first);
  if (command === undefined) {
    const isGroup = program.commands.some(({ name }) => name.startsWith(`${first} `));
    if (isGroup && (wantsHelp || second === '')) return { kind: 'help', topic: first };
    throw unknownCommand(program, isGroup ? twoWords : first, second);
  }
  if (wantsHelp) return { kind: 'help', topic: command.name };
  return { kind: 'run', command, values: readValues(program, command, rest.slice(command.name.split(' ').length)) };
}

function unknownCommand(program: Program, typed: string, second: string): Error {
  const names = program.commands.map(({ name }) => name);
  const nearest = nearestName(typed, names) ?? nearestName(`${typed} ${second}`, names);
  const shown = typed.startsWith('-') ? 'The command line begins with an option.' : `There is no such command: ${typed.replace(/[^a-z -]/gi, '?').slice(0, 40)}.`;
  return usageError(shown, nearest === null ? `${program.name} --help lists the commands.` : `Did you mean "${program.name} ${nearest}"?`);
}

function readValues(program: Program, command: Command, args: readonly string[]): Readonly<Record<string, unknown>> {
  const given = new Map<string, string[]>();
  const loose: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] as string;
    if (argument === '--') {
      loose.push(...args.slice(index + 1));
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      loose.push(argument);
      continue;
    }
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument : argument.slice(0, equals);
    const option = findOption(program, command, name);
    const texts = given.get(name) ?? [];
    if (texts.length > 0 && !option.repeats) throw usageError(`${name} stands twice.`, 'Give it once.');
    if (option.kind === null) {
      if (equals >= 0) throw usageError(`${name} takes no value.`, `Write ${name} alone.`);
      texts.push('');
    } else if (equals >= 0) {
      texts.push(argument.slice(equals + 1));
    } else {
      const value = args[index + 1];
      // A value that looks like an option is most likely a forgotten value; `--name=--value` says that it is meant.
      if (value === undefined || (value.startsWith('--') && value.length > 2)) throw usageError(`${name} takes a value.`, `Write ${name} ${option.kind.placeholder}.`);
      texts.push(value);
      index += 1;
    }
    given.set(name, texts);
  }

  const values: Record<string, unknown> = {};
  for (const [name, option] of command.positionals) {
    const texts = option.repeats ? loose.splice(0) : loose.splice(0, 1);
    values[name] = option.read(texts, name.toUpperCase());
  }
  if (loose.length > 0) throw usageError(`${command.name} takes ${command.positionals.length === 0 ? 'no argument' : 'fewer arguments'}.`, `${program.name} ${command.name} --help shows how it is written.`);
  for (const [name, option] of command.options) values[name] = option.read(given.get(`--${name}`) ?? [], `--${name}`);
  return values;
}

function findOption(program: Program, command: Command, typed: string): Option<unknown> {
  const found = command.options.find(([name]) => `--${name}` === typed);
  if (found !== undefined) return found[1];
  const nearest = nearestName(typed, command.options.map(([name]) => `--${name}`));
  // Only the name's own letters are repeated: what was typed may be a secret in the wrong place.
  const shown = /^--?[a-z][a-z0-9-]{0,30}$/.test(typed) ? ` ${typed}` : '';
  throw usageError(`${command.name} has no such option${shown}.`, nearest === null ? `${program.name} ${command.name} --help lists its options.` : `Did you mean ${nearest}?`);
}
