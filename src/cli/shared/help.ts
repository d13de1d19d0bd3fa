import type { Command, Program } from './command.ts';
import type { Option } from './option.ts';
import type { TextStyle } from './text-style.ts';
import { columns, wrap } from './text-layout.ts';

const WIDTH = 96;

/** The help of the whole program, of a group of commands, or of one command. */
export function helpLines(program: Program, topic: string, style: TextStyle): readonly string[] {
  const command = program.commands.find(({ name }) => name === topic);
  return command === undefined ? overview(program, topic, style) : commandHelp(program, command, style);
}

function overview(program: Program, group: string, style: TextStyle): readonly string[] {
  const shown = program.commands.filter(({ name }) => group === '' || name.startsWith(`${group} `));
  return [
    `${style.bold(program.name)} ${program.version}`,
    ...wrap(program.summary, WIDTH),
    '',
    style.bold('Commands'),
    ...columns(shown.map(({ name, summary }) => [`  ${name}`, summary])),
    '',
    ...(group === '' ? [...program.notes.flatMap((note) => [...wrap(note, WIDTH), ''])] : []),
    `${program.name} COMMAND --help explains a command; --json makes any command answer with one JSON object.`,
  ];
}

function commandHelp(program: Program, command: Command, style: TextStyle): readonly string[] {
  const usage = [
    `${program.name} ${command.name}`,
    ...command.positionals.map(([name, option]) => positionalText(name, option)),
    ...command.options.filter(([, option]) => option.required).map(([name, option]) => `--${name} ${option.kind?.placeholder ?? ''}${option.repeats ? '...' : ''}`),
    ...(command.options.some(([, option]) => !option.required) ? ['[options]'] : []),
  ];
  const rows = [
    ...command.positionals.map(([name, option]) => [`  ${positionalText(name, option)}`, explain(option)]),
    ...command.options.map(([name, option]) => [`  --${name}${option.kind === null ? '' : ` ${option.kind.placeholder}`}`, explain(option)]),
    ['  --json', 'answer with exactly one JSON object on standard output'],
    ['  --help', 'show this help'],
  ];
  return [
    `${style.bold(command.name)}: ${command.summary}`,
    '',
    ...wrap(usage.join(' '), WIDTH, '  ').map((line, index) => (index === 0 ? line : `  ${line}`)),
    '',
    ...columns(rows, WIDTH),
    ...command.notes.flatMap((note) => ['', ...wrap(note, WIDTH)]),
  ];
}

const positionalText = (name: string, option: Option<unknown>): string => `${option.required ? name.toUpperCase() : `[${name.toUpperCase()}]`}${option.repeats ? '...' : ''}`;

function explain(option: Option<unknown>): string {
  const extras = [
    ...(option.kind !== null && option.kind.choices.length > 0 ? [`one of ${option.kind.choices.join(', ')}`] : []),
    ...(option.repeats ? ['may repeat'] : []),
    ...(option.required && option.kind !== null ? ['required'] : []),
    ...(option.defaultText === null ? [] : [`default ${option.defaultText}`]),
  ];
  return extras.length === 0 ? option.help : `${option.help} (${extras.join('; ')})`;
}
