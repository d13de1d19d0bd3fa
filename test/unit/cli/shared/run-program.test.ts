import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StrongroomError } from '../../../../src/errors/strongroom-error.ts';
import { defineCommand, type CommandResult } from '../../../../src/cli/shared/command.ts';
import { flag, optional, repeated, required } from '../../../../src/cli/shared/option.ts';
import { inputFileValue, outputFileValue, folderValue } from '../../../../src/cli/shared/value-kinds.ts';
import { programOf, runLine } from './program-harness.ts';

const answering = (result: CommandResult | Error) => programOf(defineCommand({
  name: 'do', summary: 's', notes: [], positionals: {}, options: {},
  run: async () => {
    if (result instanceof Error) throw result;
    return result;
  },
}));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('JSON', () => {
  test('success is one object with ok first, on one line, and nothing else', async () => {
    const { exit, stdout, stderr } = await runLine(answering({ json: { feeSats: '141' }, lines: ['prose'] }), ['do', '--json']);
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: '{"ok":true,"feeSats":"141"}\n', stderr: '' });
  });

  test('an error is one object on standard output, and nothing is said elsewhere', async () => {
    const { exit, stdout, stderr } = await runLine(answering(new StrongroomError('node.unreachable', 'No connection.', { host: 'h' }, 'Start it.')), ['do', '--json']);
    expect(exit).toBe(75);
    expect(JSON.parse(stdout)).toEqual({ ok: false, error: { code: 'node.unreachable', message: 'No connection.', details: { host: 'h' }, hint: 'Start it.' } });
    expect(stderr).toBe('');
  });

  test.each([[['nonsense', '--json']], [['do', '--wrong', '--json']], [['--json', 'do', 'extra']]])('wrong usage %j is an object too', async (args) => {
    const { exit, stdout } = await runLine(answering({ json: {}, lines: [] }), args);
    expect(exit).toBe(64);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'usage.malformed' } });
  });

  test('help and version are objects too', async () => {
    expect(JSON.parse((await runLine(answering({ json: {}, lines: [] }), ['--version', '--json'])).stdout)).toEqual({ ok: true, name: 'strongroom-test', version: '9.8.7' });
    expect(JSON.parse((await runLine(answering({ json: {}, lines: [] }), ['do', '--help', '--json'])).stdout)).toMatchObject({ ok: true, help: expect.stringContaining('do') });
  });
});

describe('people', () => {
  test('lines go to standard output, errors with hint and code to standard error', async () => {
    expect(await runLine(answering({ json: {}, lines: ['one', 'two'] }), ['do'])).toEqual({ exit: 0, stdout: 'one\ntwo\n', stderr: '' });
    expect(await runLine(answering(new StrongroomError('file.exists', 'a: is there.', {}, 'Choose another.')), ['do'])).toEqual({
      exit: 74, stdout: '', stderr: 'strongroom-test: a: is there.\n  Choose another.\n  [file.exists]\n',
    });
  });

  test('the version comes with the build that the program was made from, where it was made', async () => {
    const program = answering({ json: {}, lines: [] });
    expect((await runLine({ ...program, build: 'ab'.repeat(32) }, ['--version'])).stdout).toBe('strongroom-test 9.8.7 (abababababab)\n');
    expect((await runLine({ ...program, build: 'source' }, ['--version'])).stdout).toBe('strongroom-test 9.8.7\n');
    expect((await runLine(program, ['--version'])).stdout).toBe('strongroom-test 9.8.7\n');
  });

  test('a judgement leaves with its exit code although the command is done', async () => {
    expect((await runLine(answering({ json: { verdict: 'judgement' }, lines: [], exit: 2 }), ['do'])).exit).toBe(2);
    expect((await runLine(answering({ json: { verdict: 'refused' }, lines: [], exit: 3 }), ['do'])).exit).toBe(3);
  });

  test('an unknown exception says its kind and place, never its text', async () => {
    const { exit, stdout, stderr } = await runLine(answering(new TypeError('secret words in here')), ['do']);
    expect(exit).toBe(70);
    expect(stdout).toBe('');
    expect(stderr).toContain('fault in command: TypeError');
    expect(stderr).toContain('[host.unknown]');
    expect(stderr).not.toContain('secret words');
  });

  test('control characters in names and labels cannot repaint the terminal', async () => {
    const { stdout } = await runLine(answering({ json: {}, lines: ['a\u001b[2Jb\u202ec\rd\u0007'] }), ['do'], { isTerminal: true });
    expect(stdout).toBe('a?[2Jb?c?d?\n');
  });

  test('words are stressed on a terminal only, and not where NO_COLOR is set', async () => {
    const program = programOf(defineCommand({ name: 'do', summary: 's', notes: [], positionals: {}, options: {}, run: async (_values, io) => ({ json: {}, lines: [io.style.bold('x')] }) }));
    expect((await runLine(program, ['do'])).stdout).toBe('x\n');
    expect((await runLine(program, ['do'], { isTerminal: true })).stdout).toBe('\u001b[1mx\u001b[22m\n');
    expect((await runLine(program, ['do'], { isTerminal: true, environment: { NO_COLOR: '1' } })).stdout).toBe('x\n');
  });

  test('progress is shown on a terminal and removed before the result', async () => {
    const program = programOf(defineCommand({
      name: 'do', summary: 's', notes: [], positionals: {}, options: {},
      run: async (_values, io) => {
        io.progress({ fraction: 0.5, activity: 'Scanning' });
        return { json: {}, lines: ['done'] };
      },
    }));
    expect((await runLine(program, ['do'])).stderr).toBe('');
    expect((await runLine(program, ['do'], { isTerminal: true })).stderr).toBe('\r\u001b[2KScanning 50 %\r\u001b[2K');
  });
});

describe('secrets', () => {
  const asking = programOf(defineCommand({
    name: 'ask', summary: 's', notes: [], positionals: {}, options: { file: optional(inputFileValue, 'h'), other: optional(inputFileValue, 'h'), fresh: flag('h') },
    run: async (values, io) => {
      const first = values.fresh ? await io.secrets.fresh(values.file, 'Passphrase', '--file') : await io.secrets.existing(values.file, 'Passphrase', '--file');
      const second = values.other === undefined ? '' : await io.secrets.existing(values.other, 'Other', '--other');
      return { json: { first, second }, lines: [] };
    },
  }));

  test('a secret comes from a file without the one line break at its end', async () => {
    writeFileSync(join(folder, 'p'), ' two  words \r\n');
    expect(JSON.parse((await runLine(asking, ['ask', '--file', join(folder, 'p'), '--json'])).stdout)).toMatchObject({ first: ' two  words ' });
    writeFileSync(join(folder, 'p'), 'x\n\n');
    expect(JSON.parse((await runLine(asking, ['ask', '--file', join(folder, 'p'), '--json'])).stdout)).toMatchObject({ first: 'x\n' });
  });

  test('- is standard input, for one thing only', async () => {
    expect(JSON.parse((await runLine(asking, ['ask', '--file', '-', '--json'], { standardInput: 'from stdin\n' })).stdout)).toMatchObject({ first: 'from stdin' });
    const twice = await runLine(asking, ['ask', '--file', '-', '--other', '-', '--json'], { standardInput: 'x\n' });
    expect(twice.exit).toBe(64);
    expect(JSON.parse(twice.stdout)).toMatchObject({ error: { code: 'usage.malformed' } });
  });

  test('without a terminal nothing can be asked', async () => {
    const { exit, stdout } = await runLine(asking, ['ask', '--json']);
    expect(exit).toBe(64);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'prompt.unavailable', details: { option: '--file' } } });
  });

  test('a new secret is asked for twice, and the two must agree', async () => {
    expect(JSON.parse((await runLine(asking, ['ask', '--fresh', '--json'], { answers: ['a', 'a'] })).stdout)).toMatchObject({ first: 'a' });
    expect((await runLine(asking, ['ask', '--fresh', '--json'], { answers: ['a', 'b'] })).exit).toBe(64);
  });

  test('a file that is not text is refused', async () => {
    writeFileSync(join(folder, 'p'), Uint8Array.of(0xff, 0xfe));
    expect(JSON.parse((await runLine(asking, ['ask', '--file', join(folder, 'p'), '--json'])).stdout)).toMatchObject({ error: { code: 'file.unreadable' } });
  });
});

describe('files', () => {
  const writing = (after: () => Promise<void> | void = () => undefined) => programOf(defineCommand({
    name: 'write', summary: 's', notes: [], positionals: { in: required(inputFileValue, 'h') },
    options: { out: required(outputFileValue, 'h'), more: optional(folderValue, 'h'), also: repeated(outputFileValue, 0, 'h'), force: flag('h') },
    run: async (values, io) => {
      const place = await io.files.place(values.out, values.force);
      const more = values.more === undefined ? null : await io.files.placeFolder(values.more, values.force);
      const content = await io.files.readBytes(values.in, 100);
      const out = await io.files.write(place, 'suggested.txt', content);
      if (more !== null) await io.files.write(more('a.txt'), 'a.txt', 'a');
      await after();
      return { json: { out }, lines: [] };
    },
  }));

  test('what is there already is left alone without --force, and found before the work', async () => {
    writeFileSync(join(folder, 'out'), 'old');
    const refused = await runLine(writing(), ['write', 'no-such-input', '--out', join(folder, 'out'), '--json']);
    expect(refused.exit).toBe(74);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'file.exists' } });
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('old');
    expect((await runLine(writing(), ['write', '-', '--out', join(folder, 'out'), '--force'], { standardInput: 'new' })).exit).toBe(0);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('new');
  });

  test('an existing folder takes the output under its suggested name', async () => {
    const { stdout } = await runLine(writing(), ['write', '-', '--out', folder, '--json'], { standardInput: 'x' });
    expect(JSON.parse(stdout)).toEqual({ ok: true, out: join(folder, 'suggested.txt') });
  });

  test('a folder that is not there is named before the work', async () => {
    expect(JSON.parse((await runLine(writing(), ['write', '-', '--out', join(folder, 'no', 'out'), '--json'])).stdout)).toMatchObject({ error: { code: 'file.not-found' } });
  });

  test('a command that fails leaves none of its files behind, and no folder that it made', async () => {
    const failing = writing(() => {
      throw new StrongroomError('node.unreachable', 'm', {}, 'h');
    });
    expect((await runLine(failing, ['write', '-', '--out', join(folder, 'out'), '--more', join(folder, 'more')], { standardInput: 'x' })).exit).toBe(75);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('an input over its limit is refused', async () => {
    const { stdout } = await runLine(writing(), ['write', '-', '--out', join(folder, 'out'), '--json'], { standardInput: 'x'.repeat(101) });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'file.too-large' } });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  test('Ctrl-C ends with host.cancelled (75); work that goes on in the background can write no more', async () => {
    let cancel: () => void = () => undefined;
    let resume: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => (resume = resolve));
    let late: unknown = null;
    const program = programOf(defineCommand({
      name: 'wait', summary: 's', notes: [], positionals: {}, options: { out: required(outputFileValue, 'h') },
      run: async (values, io) => {
        const place = await io.files.place(values.out, false);
        await io.files.write(place, 'x', 'first');
        cancel();
        await paused;
        late = await io.files.write({ path: () => join(folder, 'late'), overwrite: false }, 'x', 'late').catch((error: unknown) => error);
        return { json: {}, lines: [] };
      },
    }));
    const { exit, stdout } = await runLine(program, ['wait', '--out', join(folder, 'out'), '--json'], { onCancel: (callback) => (cancel = callback) });
    expect(exit).toBe(75);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'host.cancelled' } });
    resume();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(late).toMatchObject({ code: 'host.cancelled' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
