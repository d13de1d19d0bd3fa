import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built programs as real processes: what flow and fault tests run. */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const launcher = (program: ProgramName): string => join(root, 'bin', program);
export type ProgramName = 'strongroom-signer' | 'strongroom-companion' | 'strongroom-practice';

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON object on standard output; fails the test when there is none, or more than it. */
  readonly json: () => Record<string, any>;
}

export interface RunOptions {
  readonly folder?: string;
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The environment of a test's programs: this Node, and no home of the person who runs the tests. */
export const environmentFor = (folder: string): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: folder, STRONGROOM_NODE: process.execPath });

export function requireBuilt(): void {
  if (!existsSync(join(root, 'dist/build.json'))) throw new Error('The programs are not built: run npm run build first (npm test does).');
}

/** Runs a program to its end. */
export function run(program: ProgramName, args: readonly string[], { folder = tmpdir(), input = '', environment = {} }: RunOptions = {}): Ended {
  const ended = spawnSync(launcher(program), args, { cwd: folder, input, env: { ...environmentFor(folder), ...environment }, encoding: 'utf8', timeout: 120_000, maxBuffer: 64 * 1024 * 1024 });
  if (ended.error !== undefined) throw ended.error;
  return { exit: ended.status, stdout: ended.stdout, stderr: ended.stderr, json: () => onlyObject(ended.stdout) };
}

export const signer = (args: readonly string[], options?: RunOptions): Ended => run('strongroom-signer', [...args, '--json'], options);
export const companion = (args: readonly string[], options?: RunOptions): Ended => run('strongroom-companion', [...args, '--json'], options);
export const practice = (args: readonly string[], options?: RunOptions): Ended => run('strongroom-practice', [...args, '--json'], options);

/** The answer of a program that must succeed. */
export function done(ended: Ended): Record<string, any> {
  if (ended.exit !== 0) throw new Error(`ended with ${ended.exit}: ${ended.stdout}${ended.stderr}`);
  return ended.json();
}

function onlyObject(stdout: string): Record<string, any> {
  const lines = stdout.split('\n');
  if (lines.length !== 2 || lines[1] !== '') throw new Error(`not exactly one line on standard output: ${stdout.slice(0, 400)}`);
  const value: unknown = JSON.parse(lines[0] as string);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
  return value as Record<string, any>;
}

/** Starts a program and leaves it running, for tests that talk to it or interrupt it. */
export const start = (command: string, args: readonly string[], folder: string) => spawn(command, args, { cwd: folder, env: environmentFor(folder), stdio: ['pipe', 'pipe', 'pipe'] });

/** A terminal of its own for a program, from util-linux. */
export const haveTerminal = spawnSync('script', ['--version']).status === 0;
export const NO_TERMINAL = 'the program "script" (util-linux) is not here: the prompt was not tried on a terminal';

/** Runs strongroom-signer on a terminal and types answers, each after its question. */
export async function type(folder: string, args: readonly string[], answers: readonly (readonly [question: string, answer: string])[]): Promise<{ readonly exit: number | null; readonly screen: string }> {
  const command = [launcher('strongroom-signer'), ...args].map((word) => `'${word}'`).join(' ');
  const child = start('script', ['--quiet', '--return', '--command', command, '/dev/null'], folder);
  let screen = '';
  let asked = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [question, answer] = answers[asked] ?? ['', ''];
    if (question !== '' && screen.endsWith(question)) {
      asked += 1;
      // The terminal stops echoing a moment after the question is out.
      setTimeout(() => child.stdin.write(answer), 200);
    }
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, screen };
}

export interface Scratch {
  readonly folder: string;
  readonly file: (name: string, content: string | Uint8Array) => string;
  /** Every file below, hidden ones too, with its size. */
  readonly listing: () => Readonly<Record<string, number>>;
  readonly remove: () => void;
}

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-flow-'));
  const walk = (below: string): [string, number][] => readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = join(below, entry.name);
    return entry.isDirectory() ? [[`${name}/`, 0] as [string, number], ...walk(name)] : [[name, statSync(join(folder, name)).size] as [string, number]];
  });
  return {
    folder,
    file(name, content) {
      writeFileSync(join(folder, name), content);
      return name;
    },
    listing: () => Object.fromEntries(walk('')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
