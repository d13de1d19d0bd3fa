import { describe, expect, test } from 'vitest';
import { defineCommand } from '../../../../src/cli/shared/command.ts';
import { flag, optional, repeated, required, withDefault } from '../../../../src/cli/shared/option.ts';
import { asksForJson, parseCommandLine } from '../../../../src/cli/shared/parse-command-line.ts';
import { choiceValue, feeRateValue, inputFileValue, integerValue, outputFileValue, satsValue, textValue } from '../../../../src/cli/shared/value-kinds.ts';
import { programOf } from './program-harness.ts';

const result = async () => ({ json: {}, lines: [] });
const program = programOf(
  defineCommand({
    name: 'key create', summary: 's', notes: [], positionals: {},
    options: {
      network: required(choiceValue('NETWORK', ['mainnet', 'regtest']), 'h'),
      words: withDefault(choiceValue('COUNT', ['12', '24']), '24', 'h'),
      label: optional(textValue('LABEL'), 'h'),
      account: optional(integerValue('N', 0, 999), 'h'),
      cosigner: repeated(inputFileValue, 0, 'h'),
      rate: optional(feeRateValue, 'h'),
      floor: optional(satsValue, 'h'),
      out: optional(outputFileValue, 'h'),
      force: flag('h'),
    },
    run: result,
  }),
  defineCommand({ name: 'key show', summary: 's', notes: [], positionals: {}, options: {}, run: result }),
  defineCommand({ name: 'psbt combine', summary: 's', notes: [], positionals: { wallet: required(inputFileValue, 'h'), file: repeated(inputFileValue, 1, 'h') }, options: {}, run: result }),
);

function valuesOf(...args: string[]): Readonly<Record<string, unknown>> {
  const line = parseCommandLine(program, args);
  if (line.kind !== 'run') throw new Error(`parsed as ${line.kind}`);
  return line.values;
}
const usage = (hint?: string) => expect.objectContaining({ code: 'usage.malformed', exitCode: 64, ...(hint === undefined ? {} : { hint: expect.stringContaining(hint) }) });

describe('options', () => {
  test('a value stands after a blank or an equals sign', () => {
    expect(valuesOf('key', 'create', '--network', 'regtest')['network']).toBe('regtest');
    expect(valuesOf('key', 'create', '--network=regtest', '--label=a=b')['label']).toBe('a=b');
  });

  test('what is left out is its default, undefined, an empty list or false', () => {
    expect(valuesOf('key', 'create', '--network', 'mainnet')).toEqual({
      network: 'mainnet', words: '24', label: undefined, account: undefined, cosigner: [], rate: undefined, floor: undefined, out: undefined, force: false,
    });
  });

  test('an option that repeats keeps its order', () => {
    expect(valuesOf('key', 'create', '--network', 'mainnet', '--cosigner', 'b', '--cosigner', 'a')['cosigner']).toEqual(['b', 'a']);
  });

  test('an option that does not repeat may not stand twice: the last of two amounts is not what was meant', () => {
    expect(() => valuesOf('key', 'create', '--network', 'mainnet', '--network', 'regtest')).toThrow(usage('once'));
  });

  test('a misspelt option is named with the nearest one', () => {
    expect(() => valuesOf('key', 'create', '--netwrok', 'mainnet')).toThrow(usage('--network'));
  });

  test('what was typed in place of an option is not repeated unless it looks like an option: it may be a secret', () => {
    expect(() => valuesOf('key', 'create', '--Abandon Abandon')).toThrow(expect.objectContaining({ message: 'key create has no such option.' }));
  });

  test('a forgotten value is not filled with the next option', () => {
    expect(() => valuesOf('key', 'create', '--label', '--force', '--network', 'mainnet')).toThrow(usage('--label LABEL'));
    expect(() => valuesOf('key', 'create', '--network')).toThrow(usage());
  });

  test('a flag takes no value', () => {
    expect(() => valuesOf('key', 'create', '--network', 'mainnet', '--force=yes')).toThrow(usage());
  });

  test('a required option that is missing is named', () => {
    expect(() => valuesOf('key', 'create')).toThrow(usage('--network NETWORK'));
  });

  test.each([['--account', '1000'], ['--account', '-1'], ['--account', '01'], ['--account', '1.0'], ['--words', '15'], ['--network', 'testnet3'], ['--out', '-']])('%s %s is wrong usage', (name, value) => {
    const network = name === '--network' ? [] : ['--network', 'mainnet'];
    expect(() => valuesOf('key', 'create', ...network, `${name}=${value}`)).toThrow(usage());
  });

  test('amounts and rates fail with their own codes', () => {
    expect(() => valuesOf('key', 'create', '--network', 'mainnet', '--floor', '1.5')).toThrow(expect.objectContaining({ code: 'amount.malformed', exitCode: 65 }));
    expect(() => valuesOf('key', 'create', '--network', 'mainnet', '--rate', 'fast')).toThrow(expect.objectContaining({ code: 'fee-rate.malformed', exitCode: 65 }));
    expect(valuesOf('key', 'create', '--network', 'mainnet', '--rate', '4.50', '--floor', '150000')).toMatchObject({ rate: '4.5', floor: '150000' });
  });
});

describe('commands and arguments', () => {
  test('positional arguments are read in order; the last may repeat', () => {
    expect(valuesOf('psbt', 'combine', 'w.json', 'a.psbt', 'b.psbt')).toEqual({ wallet: 'w.json', file: ['a.psbt', 'b.psbt'] });
    expect(() => valuesOf('psbt', 'combine', 'w.json')).toThrow(usage());
  });

  test('- is standard input, and everything after -- is an argument', () => {
    expect(valuesOf('psbt', 'combine', '-', '--', '--json', '--odd')).toEqual({ wallet: '-', file: ['--json', '--odd'] });
  });

  test('an argument too many is refused', () => {
    expect(() => valuesOf('key', 'show', 'extra')).toThrow(usage());
  });

  test('an unknown command is named with the nearest one', () => {
    expect(() => parseCommandLine(program, ['key', 'craete'])).toThrow(usage('key create'));
    expect(() => parseCommandLine(program, ['kye', 'create'])).toThrow(usage('key create'));
    expect(() => parseCommandLine(program, ['frobnicate'])).toThrow(usage('--help'));
  });

  test('help is asked for of everything, of a group, and of a command', () => {
    expect(parseCommandLine(program, [])).toEqual({ kind: 'help', topic: '' });
    expect(parseCommandLine(program, ['key', '--help'])).toEqual({ kind: 'help', topic: 'key' });
    expect(parseCommandLine(program, ['key', 'create', '--network', 'nonsense', '-h'])).toEqual({ kind: 'help', topic: 'key create' });
    expect(parseCommandLine(program, ['--version'])).toEqual({ kind: 'version' });
  });

  test('--json counts only before --', () => {
    expect(asksForJson(['key', 'show', '--json'])).toBe(true);
    expect(asksForJson(['key', 'show', '--', '--json'])).toBe(false);
  });
});
