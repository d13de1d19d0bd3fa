import type { Command, Program } from './command.ts';
import { defineCommand } from './command.ts';
import { required } from './option.ts';
import { choiceValue } from './value-kinds.ts';

/** The `completion` command of a program whose other commands are known. */
export function completionCommand(program: () => Program): Command {
  return defineCommand({
    name: 'completion',
    summary: 'Print a completion script for a shell',
    notes: ['For bash: source <(PROGRAM completion bash), or save it in the folder where bash keeps its completions.'],
    positionals: { shell: required(choiceValue('SHELL', ['bash']), 'the shell') },
    options: {},
    run: async () => {
      const script = bashCompletion(program());
      return { json: { shell: 'bash', script }, lines: script.trimEnd().split('\n'), content: script };
    },
  });
}

/** A bash completion script: command words, then the command's options, then files, folders or choices. */
export function bashCompletion(program: Program): string {
  const func = `_${program.name.replace(/-/g, '_')}`;
  const firstWords = [...new Set(program.commands.map(({ name }) => name.split(' ')[0] as string))];
  const groups = firstWords.filter((word) => program.commands.some(({ name }) => name.startsWith(`${word} `)));
  const secondWords = groups.map((word) => {
    const seconds = program.commands.filter(({ name }) => name.startsWith(`${word} `)).map(({ name }) => name.slice(word.length + 1));
    return `      ${word}) COMPREPLY=($(compgen -W '${seconds.join(' ')}' -- "$cur")); return ;;`;
  });
  const optionNames = program.commands.map((command) => `    '${command.name}') words='${[...command.options.map(([name]) => `--${name}`), '--json', '--help'].join(' ')}' ;;`);
  const values = program.commands.flatMap((command) => command.options.flatMap(([name, option]) => {
    if (option.kind === null) return [];
    return [`    '${command.name} --${name}') ${valueAction(option.kind)}; return ;;`];
  }));
  return `# bash completion for ${program.name}
${func}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${[...firstWords, '--help', '--version'].join(' ')}' -- "$cur")); return
  fi
  if [ "$COMP_CWORD" -eq 2 ]; then
    case "\${COMP_WORDS[1]}" in
${secondWords.join('\n')}
    esac
  fi
  case "\${COMP_WORDS[1]}" in
    ${groups.length === 0 ? "''" : groups.join('|')}) command="\${COMP_WORDS[1]} \${COMP_WORDS[2]}" ;;
    *) command="\${COMP_WORDS[1]}" ;;
  esac
  case "$command $prev" in
${values.join('\n')}
  esac
  case "$command" in
${optionNames.join('\n')}
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
    *) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
}
complete -F ${func} ${program.name}
`;
}

function valueAction(kind: { readonly completes: string; readonly choices: readonly string[] }): string {
  if (kind.completes === 'choices') return `COMPREPLY=($(compgen -W '${kind.choices.join(' ')}' -- "$cur"))`;
  if (kind.completes === 'file') return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))';
  if (kind.completes === 'folder') return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur"))';
  return ':';
}
