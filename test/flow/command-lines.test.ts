import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_TERMINAL, companion, done, environmentFor, haveTerminal, launcher, requireBuilt, run, scratch, signer, start, type, type ProgramName } from './programs.ts';

const place = scratch();
const programs: ProgramName[] = ['strongroom-signer', 'strongroom-companion', 'strongroom-practice'];
beforeAll(requireBuilt);
afterAll(() => place.remove());

describe.each(programs)('%s', (program) => {
  test('has a version, help for everything and for each command', () => {
    expect(run(program, ['--version']).stdout).toMatch(new RegExp(`^${program} [0-9]+\\.[0-9]+\\.[0-9]+${program === 'strongroom-signer' ? ' \\([0-9a-f]{12}\\)' : ''}\n$`));
    const help = run(program, ['--help']);
    expect(help.exit).toBe(0);
    const commands = help.stdout.split('\n').map((line) => /^ {2}([a-z]+(?: [a-z]+)?) {2,}/.exec(line)?.[1]).filter((name) => name !== undefined);
    expect(commands.length).toBeGreaterThanOrEqual(5);
    for (const command of commands) {
      const one = run(program, [...command.split(' '), '--help']);
      expect(one).toMatchObject({ exit: 0, stderr: '' });
      expect(one.stdout).toContain('--json');
    }
  });

  test('prints a completion script that bash accepts', () => {
    const script = run(program, ['completion', 'bash']).stdout;
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('answers wrong usage with 64, on standard error for people and as one object for programs', () => {
    const forPeople = run(program, ['frobnicate']);
    expect(forPeople).toMatchObject({ exit: 64, stdout: '' });
    expect(forPeople.stderr).toContain('[usage.malformed]');
    const forPrograms = run(program, ['frobnicate', '--json']);
    expect(forPrograms).toMatchObject({ exit: 64, stderr: '' });
    expect(forPrograms.json()).toMatchObject({ ok: false, error: { code: 'usage.malformed' } });
  });

  test('is quiet when its reader goes away', () => {
    const ended = spawnSync('bash', ['-c', `set -o pipefail; "$1" --help | head -c 1 >/dev/null`, 'bash', launcher(program)], { env: environmentFor(place.folder), encoding: 'utf8' });
    expect(ended.stderr).toBe('');
  });
});

describe('the launchers', () => {
  test('find the program through symbolic links, absolute and relative', () => {
    mkdirSync(join(place.folder, 'links'));
    symlinkSync(launcher('strongroom-signer'), join(place.folder, 'links/first'));
    symlinkSync('links/first', join(place.folder, 'second'));
    expect(spawnSync(join(place.folder, 'second'), ['--version'], { env: environmentFor(place.folder), encoding: 'utf8' }).stdout).toMatch(/^strongroom-signer /);
  });

  test('are found on PATH', () => {
    expect(spawnSync('sh', ['-c', 'first --version'], { env: { ...environmentFor(place.folder), PATH: `${join(place.folder, 'links')}:${process.env['PATH']}` }, encoding: 'utf8' }).stdout).toMatch(/^strongroom-signer /);
  });

  test('refuse a STRONGROOM_NODE that does not fit', () => {
    writeFileSync(join(place.folder, 'old-node'), '#!/bin/sh\necho v20.11.0\n', { mode: 0o755 });
    const ended = run('strongroom-signer', ['--version'], { environment: { STRONGROOM_NODE: join(place.folder, 'old-node') } });
    expect(ended).toMatchObject({ exit: 64, stdout: '' });
    expect(ended.stderr).toContain('22.13');
  });

  test('say what to run when the program is not built', () => {
    const elsewhere = join(place.folder, 'elsewhere/bin');
    mkdirSync(elsewhere, { recursive: true });
    copyFileSync(launcher('strongroom-signer'), join(elsewhere, 'strongroom-signer'));
    const ended = spawnSync(join(elsewhere, 'strongroom-signer'), ['--version'], { env: environmentFor(place.folder), encoding: 'utf8' });
    expect(ended.status).toBe(70);
    expect(ended.stderr).toContain('npm ci && npm run build');
  });

  test('let nobody preload code through NODE_OPTIONS', () => {
    writeFileSync(join(place.folder, 'preloaded.cjs'), `require('node:fs').writeFileSync(${JSON.stringify(join(place.folder, 'was-here'))}, '')`);
    expect(run('strongroom-signer', ['--version'], { environment: { NODE_OPTIONS: `--require ${join(place.folder, 'preloaded.cjs')}` } }).exit).toBe(0);
    expect(existsSync(join(place.folder, 'was-here'))).toBe(false);
  });
});

describe('secrets and signals', () => {
  const passphrase = 'typed at a terminal, unseen';
  const createKey = ['key', 'create', '--network', 'regtest', '--label', 'typed', '--dice', 'dice.txt'];
  // Any rolls that pass for chance; the key guards nothing.
  beforeAll(() => place.file('dice.txt', '655152231316521321611331544441236164664431121534415633526456254462245546236542364246312613322234612\n'));

  test('a passphrase is asked for twice on the terminal and never shown', async ({ skip }) => {
    if (!haveTerminal) skip(NO_TERMINAL);
    const made = await type(place.folder, [...createKey, '--out', 'typed.key.age'], [['New passphrase for the key file: ', `${passphrase}\r`], ['again: ', `${passphrase}\r`]]);
    expect(made.exit).toBe(0);
    expect(made.screen).not.toContain(passphrase);
    place.file('typed.txt', passphrase);
    expect(done(signer(['key', 'show', '--key', 'typed.key.age', '--passphrase-file', 'typed.txt'], place))['label']).toBe('typed');
  });

  test('Ctrl-C at the prompt leaves nothing behind (75)', async ({ skip }) => {
    if (!haveTerminal) skip(NO_TERMINAL);
    const before = place.listing();
    const ended = await type(place.folder, [...createKey, '--out', 'never.key.age'], [['New passphrase for the key file: ', 'half\u0003']]);
    expect(ended.exit).toBe(75);
    expect(ended.screen).toContain('[host.cancelled]');
    expect(place.listing()).toEqual(before);
  });

  test('without a terminal nothing can be asked (64)', () => {
    const ended = spawnSync('setsid', ['--wait', launcher('strongroom-signer'), ...createKey, '--out', 'never.key.age', '--json'], { cwd: place.folder, env: environmentFor(place.folder), encoding: 'utf8' });
    expect(ended.status).toBe(64);
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: { code: 'prompt.unavailable' } });
  });

  test('- takes the passphrase from standard input', () => {
    expect(done(signer(['key', 'show', '--key', 'typed.key.age', '--passphrase-file', '-'], { ...place, input: `${passphrase}\n` }))['label']).toBe('typed');
  });

  test('an interrupted program ends with 75 and writes nothing, whatever it is doing', async () => {
    const before = place.listing();
    const interrupted = async (afterMs: number): Promise<{ readonly exit: number | null; readonly stdout: string }> => {
      const child = start(launcher('strongroom-signer'), [...createKey, '--passphrase-file', '-', '--out', 'never.key.age', '--json'], place.folder);
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      setTimeout(() => child.kill('SIGINT'), afterMs);
      const [exit] = (await once(child, 'close')) as [number | null];
      return { exit, stdout };
    };
    // On a busy machine the runtime itself may not be up yet, and dies of the signal by itself: then later.
    let ended = await interrupted(600);
    for (const afterMs of [3_000, 15_000]) if (ended.exit === null) ended = await interrupted(afterMs);
    expect(ended.exit).toBe(75);
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: { code: 'host.cancelled' } });
    expect(place.listing()).toEqual(before);
  });
});

describe('the Companion\'s ledger', () => {
  test('lies in the data folder of the user, made for its owner only, when --db names no other place', () => {
    const home = join(place.folder, 'home');
    mkdirSync(home);
    expect(done(companion(['ledger', 'list'], { environment: { HOME: home } }))).toMatchObject({ ok: true, entries: [] });
    expect(existsSync(join(home, '.local/share/strongroom-companion/ledger.db'))).toBe(true);
    rmSync(home, { recursive: true });
  });

  test('is not made by a command that has no use for it', () => {
    const home = join(place.folder, 'home');
    mkdirSync(home);
    expect(companion(['wallet', 'policy', '--wallet', '-'], { environment: { HOME: home }, input: '{}' }).exit).toBe(65);
    expect(readdirSync(home)).toEqual([]);
  });
});
