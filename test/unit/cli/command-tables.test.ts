import { describe, expect, test } from 'vitest';
import { companionProgram } from '../../../src/cli/companion/program.ts';
import { practiceProgram } from '../../../src/cli/practice/program.ts';
import { signerProgram } from '../../../src/cli/signer/program.ts';
import { helpLines } from '../../../src/cli/shared/help.ts';
import { plainStyle } from '../../../src/cli/shared/text-style.ts';

describe.each([signerProgram, companionProgram, practiceProgram].map((program) => [program.name, program] as const))('%s', (_name, program) => {
  const options = program.commands.flatMap((command) => command.options.map(([name, option]) => ({ command: command.name, name, option })));

  test('every command has a name of one or two words, once', () => {
    const names = program.commands.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+( [a-z]+(-[a-z]+)?)?$/);
  });

  test('every command and option is explained', () => {
    for (const command of program.commands) expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
    for (const { option } of options) expect(option.help).toMatch(/^[a-z-].*[^.]$/);
    for (const command of program.commands) {
      const help = helpLines(program, command.name, plainStyle).join('\n');
      for (const [name] of command.options) expect(help).toContain(`--${name}`);
    }
  });

  test('no help line is wider than a terminal of 100 columns', () => {
    for (const topic of ['', ...program.commands.map(({ name }) => name)]) {
      for (const line of helpLines(program, topic, plainStyle)) expect(line.length).toBeLessThanOrEqual(110);
    }
  });

  test('a secret is never the value of an option: only a file, standard input or a prompt', () => {
    // A flag takes no value at all.
    const secretive = options.filter(({ name, option }) => option.kind !== null && /pass|mnemonic|seed|secret|words|dice|coins|cards|typed|password|pin/.test(name));
    for (const { name, option } of secretive) expect(`${name} ${option.kind?.completes}`).toMatch(/ (file|choices)$/);
  });

  test('whatever writes a file can be told to replace it, and only then does', () => {
    for (const command of program.commands) {
      const names = command.options.map(([name]) => name);
      if (names.includes('out')) expect(names).toContain('force');
    }
  });
});

test('the commands of the contract are there', () => {
  expect(signerProgram.commands.map(({ name }) => name)).toEqual(expect.arrayContaining([
    'key create', 'key restore', 'key show', 'key export', 'key recall', 'wallet register', 'wallet policy', 'wallet address', 'psbt review', 'psbt sign', 'paper make', 'paper check',
  ]));
  expect(companionProgram.commands.map(({ name }) => name)).toEqual(expect.arrayContaining([
    'wallet create', 'wallet policy', 'wallet address', 'wallet sync', 'wallet widen', 'node check', 'hot balance', 'hot sign', 'sweep plan', 'pay plan',
    'psbt combine', 'psbt finalize', 'tx broadcast', 'ledger list', 'ledger export', 'ledger audit', 'ledger refresh',
  ]));
});
