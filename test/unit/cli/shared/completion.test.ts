import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { defineCommand } from '../../../../src/cli/shared/command.ts';
import { bashCompletion } from '../../../../src/cli/shared/completion.ts';
import { flag, required } from '../../../../src/cli/shared/option.ts';
import { choiceValue } from '../../../../src/cli/shared/value-kinds.ts';
import { programOf } from './program-harness.ts';

const result = async () => ({ json: {}, lines: [] });
const script = bashCompletion(programOf(
  defineCommand({ name: 'key create', summary: 's', notes: [], positionals: {}, options: { network: required(choiceValue('NETWORK', ['mainnet', 'regtest']), 'h'), force: flag('h') }, run: result }),
  defineCommand({ name: 'key show', summary: 's', notes: [], positionals: {}, options: {}, run: result }),
  defineCommand({ name: 'status', summary: 's', notes: [], positionals: {}, options: { all: flag('h') }, run: result }),
));

/** What a real bash offers for a command line whose last word is being typed. */
function offered(...words: string[]): readonly string[] {
  const run = spawnSync('bash', ['--norc', '-c', `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _strongroom_test; printf '%s\\n' "\${COMPREPLY[@]}"`, 'bash', 'strongroom-test', ...words], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return run.stdout.trim().split('\n');
}

test('bash completes commands, options and choices from the declarations', () => {
  expect(offered('')).toEqual(['key', 'status', '--help', '--version']);
  expect(offered('key', 's')).toEqual(['show']);
  expect(offered('key', 'create', '--')).toEqual(['--network', '--force', '--json', '--help']);
  expect(offered('key', 'create', '--network', 're')).toEqual(['regtest']);
  expect(offered('status', '--a')).toEqual(['--all']);
});
