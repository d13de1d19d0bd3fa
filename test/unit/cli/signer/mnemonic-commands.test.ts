import { expect, test } from 'vitest';
import { mnemonicCommands } from '../../../../src/cli/signer/mnemonic-commands.ts';
import { mnemonics } from '../../signer/fixtures.ts';
import { programOf, runLine, type RunOptions } from '../shared/program-harness.ts';

const program = programOf(...mnemonicCommands);
const ran = async (args: readonly string[], options: RunOptions = {}) => {
  const outcome = await runLine(program, [...args, '--json'], options);
  return { ...outcome, json: JSON.parse(outcome.stdout) as Record<string, any> };
};
const smudged = mnemonics.bob.replace('winner', 'winer');
const swapped = mnemonics.bob.split(' ').with(1, 'thank').with(2, 'winner').join(' ');

test('a mnemonic that fits ends with 0', async () => {
  expect(await ran(['mnemonic', 'check'], { answers: [mnemonics.bob] })).toMatchObject({ exit: 0, json: { ok: true, language: 'english', given: 12, unknown: [], checksum: 'fits', repairs: 0 } });
});

test('JSON has positions and counts; what helps comes out only when it was asked for by name', async () => {
  const quiet = await ran(['mnemonic', 'check', '--mnemonic-file', '-'], { standardInput: smudged });
  expect(quiet).toMatchObject({ exit: 2, json: { unknown: [2], checksum: 'open' } });
  expect(quiet.stdout).not.toContain('wine');
  const loud = await ran(['mnemonic', 'check', '--reveal', '--mnemonic-file', '-'], { standardInput: smudged });
  expect(loud.json['suggestions']).toEqual([{ position: 2, suggestions: expect.arrayContaining(['winner']) }]);
});

test('without a terminal the lines hold no suggestion either; on one they do', async () => {
  const piped = await runLine(program, ['mnemonic', 'check'], { answers: [smudged] });
  expect(piped.stdout).toContain('withheld');
  expect(piped.stdout).not.toContain('winner');
  const shown = await runLine(program, ['mnemonic', 'check'], { answers: [smudged], isTerminal: true });
  expect(shown.stdout).toContain('winner');
  expect(shown.stdout).not.toContain('withheld');
});

test('a wrong checksum names the swap that puts it right, on a terminal', async () => {
  const shown = await runLine(program, ['mnemonic', 'check'], { answers: [swapped], isTerminal: true });
  expect(shown.exit).toBe(2);
  expect(shown.stdout).toContain('words 2 and 3');
  expect((await ran(['mnemonic', 'check'], { answers: [swapped] })).json).toMatchObject({ checksum: 'wrong', repairs: expect.any(Number) });
});

test('every last word is found, and kept back from files', async () => {
  const eleven = mnemonics.bob.split(' ').slice(0, -1).join(' ');
  const quiet = await ran(['mnemonic', 'check', '--last-word'], { answers: [eleven] });
  expect(quiet.json).toEqual({ ok: true, language: 'english', given: 11, lastWords: 128 });
  expect((await ran(['mnemonic', 'check', '--last-word', '--reveal'], { answers: [eleven] })).json['words']).toContain('yellow');
  expect(await ran(['mnemonic', 'check', '--last-word'], { answers: [mnemonics.bob] })).toMatchObject({ exit: 65, json: { error: { code: 'mnemonic.malformed' } } });
});

test('a passphrase is counted in the open and shown on a terminal', async () => {
  expect(await ran(['passphrase', 'check'], { answers: ['plain words'] })).toMatchObject({ exit: 0, json: { length: 11, invisible: 0, edgeBlanks: 0, nonAscii: 0, normalised: 0 } });
  const odd = await ran(['passphrase', 'check'], { answers: ['caf\u00e9\u200b '] });
  expect(odd).toMatchObject({ exit: 2, json: { length: 6, invisible: 1, edgeBlanks: 1, nonAscii: 2, normalised: 1 } });
  expect(odd.json).not.toHaveProperty('characters');
  const shown = await runLine(program, ['passphrase', 'check'], { answers: ['caf\u00e9\u200b '], isTerminal: true });
  expect(shown.stdout).toContain('ZERO WIDTH SPACE');
  expect(shown.stdout).toContain('U+00E9');
});
