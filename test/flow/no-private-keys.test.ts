import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { companionProgram } from '../../src/cli/companion/program.ts';
import { commandFiles } from '../../src/cli/shared/command-files.ts';
import { withoutPrivateKeys } from '../../src/cli/companion/guarded-command.ts';
import { defineCommand, type CommandIo } from '../../src/cli/shared/command.ts';
import { companionCommandContract, companionContract } from '../../src/host/companion-contract.ts';
import { serve } from '../../src/host/serve.ts';
import { nodeCompanionEffects } from '../../src/node/companion/effects.ts';
import { createCompanionCommandHandlers } from '../../src/service/companion/handlers.ts';
import { requireNoSecretIn } from '../../src/service/companion/private-key-guard.ts';
import { canariesBelow, canariesIn, canaryText, type Canary } from '../support/canary.ts';
import { secrets } from '../support/secret-samples.ts';
import { runLine } from '../unit/cli/shared/program-harness.ts';
import { companion, requireBuilt, run } from './programs.ts';

/*
 * Every input of the Companion, found by its own tables, is given every kind of private key: each option and argument of each command,
 * each file, each field of each request. All are refused by name before anything else is said, nothing repeats the text, and what was
 * read is wiped.
 */

let folder: string;
const canaries: readonly Canary[] = secrets.filter(({ shape }) => !['key-file', 'wallet-dump', 'pem-key'].includes(shape)).map(({ name, text }) => canaryText(name, text));
beforeAll(() => {
  requireBuilt();
  folder = mkdtempSync(join(tmpdir(), 'strongroom-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Fields in which that secret belongs: age's own key, which opens backups and no coin; and encrypted backups themselves. */
const isAtHome = (name: string, shape: string): boolean => (/^identity(-file)?$/.test(name) && shape === 'age-identity') || (/^(backup|bundle)$/.test(name) && shape === 'key-file');

const codeOf = (stdout: string): string => JSON.parse(stdout).error?.code as string;
/** A command line that is complete but for one value. */
function lineFor(commandName: string, given: string, value: string): string[] {
  const command = companionProgram.commands.find(({ name }) => name === commandName) as (typeof companionProgram.commands)[number];
  const filler = (name: string, kind: { choices: readonly string[]; completes: string } | null): string => {
    if (kind === null) return '';
    if (kind.choices.length > 0) return kind.choices[0] as string;
    return kind.completes === 'file' && /out$|^file$/.test(name) ? join(folder, `out-${name}`) : '1';
  };
  const args = commandName.split(' ');
  for (const [name, option] of command.options) {
    if (name !== given && !option.required) continue;
    args.push(`--${name}`);
    if (option.kind !== null) args.push(name === given ? value : filler(name, option.kind));
  }
  for (const [name, option] of command.positionals) if (name === given || option.required) args.push(name === given ? value : filler(name, option.kind));
  return args;
}

const sites = companionProgram.commands.flatMap((command) => [...command.options, ...command.positionals].filter(([, option]) => option.kind !== null).map(([name, option]) => ({ command: command.name, name, isFile: option.kind?.completes === 'file', isOutput: /out$|^file$|^db$/.test(name) })));

describe('on the command line', () => {
  test('the tables name every place: dozens of commands, hundreds of values', () => {
    expect(companionProgram.commands.length).toBeGreaterThan(30);
    expect(sites.length).toBeGreaterThan(120);
    expect(sites.filter(({ isFile, isOutput }) => isFile && !isOutput).length).toBeGreaterThan(30);
  });

  test.each(secrets)('$name is refused as the value of every option and argument, and not repeated', async ({ text, shape }) => {
    const seen: string[] = [];
    for (const { command, name } of sites) {
      const { exit, stdout, stderr } = await runLine(companionProgram, [...lineFor(command, name, text), '--json'], { environment: { HOME: folder, XDG_DATA_HOME: folder } });
      if (exit !== 3 || codeOf(stdout) !== 'wallet.private-key') seen.push(`${command} --${name}: ${exit} ${stdout}`);
      seen.push(...canariesIn(Buffer.from(stdout + stderr), canaries).map((canary) => `${command} --${name} says ${canary}`));
    }
    expect(seen).toEqual([]);
    expect(shape).toBeTruthy();
    expect(canariesBelow(folder, canaries)).toEqual([]);
  });

  // Reads begin where everything before them is well formed: each command is given harmless files besides.
  test.each(secrets)('$name is refused in every file that a command reads first, and on standard input', async ({ text, shape }) => {
    const readers = sites.filter(({ isFile, isOutput, name }) => isFile && !isOutput && !isAtHome(name, shape));
    const seen: string[] = [];
    const reached = new Set<string>();
    for (const { command, name } of readers) {
      const { stdout, stderr } = await runLine(companionProgram, [...lineFor(command, name, '-'), '--json'], { standardInput: text, environment: { HOME: folder, XDG_DATA_HOME: folder } });
      seen.push(...canariesIn(Buffer.from(stdout + stderr), canaries).map((canary) => `${command} ${name} says ${canary}`));
      const code = codeOf(stdout);
      // Another file was missing before this one was read: that it was not read is no import.
      if (code === 'wallet.private-key') reached.add(`${command} ${name}`);
      else if (!/^(file\.|usage\.|prompt\.)/.test(code)) seen.push(`${command} ${name}: ${stdout.slice(0, 300)}`);
    }
    expect(seen).toEqual([]);
    expect(reached.size).toBeGreaterThan(readers.length / 3);
    for (const name of readdirSync(folder)) if (statSync(join(folder, name)).isFile()) rmSync(join(folder, name));
  });

  test('what was read is wiped where it was refused, and whatever became a text', async () => {
    const handed: Uint8Array[] = [];
    const files = commandFiles((async function* () { yield ''; })());
    const watched: CommandIo['files'] = { ...files, readBytes: async (path, most) => { const bytes = await files.readBytes(path, most); handed.push(bytes); return bytes; } };
    const path = join(folder, 'words.txt');
    writeFileSync(path, (secrets.find(({ name }) => name === '12 words in English') as { text: string }).text);
    const plain = join(folder, 'plain.txt');
    writeFileSync(plain, 'a harmless text');
    const command = withoutPrivateKeys(defineCommand({ name: 'x', summary: 'x', notes: [], positionals: {}, options: {}, run: async (_, io) => ({ json: { text: await io.files.readText((_ as { at: string }).at) }, lines: [] }) }));
    const io = { files: watched, secrets: {} } as unknown as CommandIo;
    await expect(command.run({ at: path }, io)).rejects.toMatchObject({ code: 'wallet.private-key' });
    await expect(command.run({ at: plain }, io)).resolves.toMatchObject({ json: { text: 'a harmless text' } });
    expect(handed.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true, true]);
    rmSync(path);
    rmSync(plain);
  });

  test('words without quotation marks are refused too, and a command that is none', async () => {
    const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow'.split(' ');
    for (const args of [words, ['wallet', 'import', ...words], ['wallet', 'create', '--name', ...words]]) {
      const { exit, stdout, stderr } = await runLine(companionProgram, [...args, '--json']);
      expect([exit, codeOf(stdout), canariesIn(Buffer.from(stdout + stderr), canaries)]).toEqual([3, 'wallet.private-key', []]);
    }
  });

  test('the built program says the same of a real command line, file and standard input, and why', () => {
    const { text } = secrets[0] as { text: string };
    writeFileSync(join(folder, 'key.txt'), text);
    for (const ended of [companion(['wallet', 'import', text, '--out', 'x.json'], { folder }), companion(['wallet', 'import', 'key.txt', '--out', 'x.json'], { folder }), companion(['wallet', 'import', '-', '--out', 'x.json'], { folder, input: text })]) {
      expect([ended.exit, ended.json()['error'].code, ended.json()['error'].details]).toEqual([3, 'wallet.private-key', { form: 'extended-key' }]);
      expect(canariesIn(Buffer.from(ended.stdout + ended.stderr), canaries)).toEqual([]);
    }
    const words = run('strongroom-companion', ['wallet', 'import', 'key.txt', '--out', 'x.json'], { folder });
    expect(words.stderr).toMatch(/holds no private key and takes none/);
    expect(readFileSync(join(folder, 'key.txt'), 'utf8')).toBe(text);
    rmSync(join(folder, 'key.txt'));
    expect(canariesBelow(folder, canaries)).toEqual([]);
  });
});

interface Site {
  readonly command: string;
  readonly path: readonly (string | number)[];
}

/** Every place of a request that takes a text, from the contract's own schemas. */
function textsOf(schema: v.GenericSchema, path: readonly (string | number)[]): readonly (readonly (string | number)[])[] {
  const any = schema as unknown as { type: string; entries?: Record<string, v.GenericSchema>; item?: v.GenericSchema; wrapped?: v.GenericSchema; options?: readonly v.GenericSchema[]; value?: v.GenericSchema };
  switch (any.type) {
    case 'string': return [path];
    case 'strict_object': case 'loose_object': case 'object': return Object.entries(any.entries ?? {}).flatMap(([name, entry]) => textsOf(entry, [...path, name]));
    case 'array': return textsOf(any.item as v.GenericSchema, [...path, 0]);
    case 'tuple': case 'strict_tuple': return [];
    case 'record': return [[...path, 'name']];
    case 'nullable': case 'optional': case 'nullish': return textsOf(any.wrapped as v.GenericSchema, path);
    case 'union': case 'variant': return [...new Map((any.options ?? []).flatMap((option) => textsOf(option, path)).map((found) => [found.join('.'), found])).values()];
    default: return [];
  }
}

function requestWith(path: readonly (string | number)[], value: string): unknown {
  return path.reduceRight<unknown>((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);
}

describe('across the boundary', () => {
  const contract = { ...companionContract, ...companionCommandContract };
  const places: readonly Site[] = Object.entries(contract).flatMap(([command, { input }]) => textsOf(input, []).map((path) => ({ command, path })));
  const faults: unknown[] = [];
  let dispatch: ReturnType<typeof serve>;
  beforeEach(() => {
    const handlers = new Proxy({}, { get: (_, name) => () => { throw new Error(`the handler of ${String(name)} was reached`); } });
    dispatch = serve(contract, handlers as never, (_, fault) => faults.push(fault), requireNoSecretIn);
  });

  test('the contract has every place that takes a text', () => {
    expect(places.length).toBeGreaterThan(80);
    expect(new Set(places.map(({ command }) => command)).size).toBeGreaterThan(30);
  });

  test.each(secrets)('$name is refused in every field of every request before its handler is reached', async ({ text, shape }) => {
    const seen: string[] = [];
    for (const { command, path } of places) {
      const field = String(path.findLast((part) => typeof part === 'string'));
      if (isAtHome(field.replace(/Base64$/, ''), shape)) continue;
      for (const value of /Base64$|Base64s$/.test(field) ? [text, Buffer.from(text).toString('base64')] : [text]) {
        const reply = await dispatch(command, requestWith(path, value), { progress: () => undefined, isCancelled: () => false });
        if (reply.ok || reply.error.code !== 'wallet.private-key') seen.push(`${command} ${path.join('.')}: ${reply.ok ? 'taken' : reply.error.code}`);
        seen.push(...canariesIn(Buffer.from(JSON.stringify(reply)), canaries).map((canary) => `${command} says ${canary}`));
      }
    }
    expect(seen).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('the real handlers book nothing of it', async () => {
    const effects = nodeCompanionEffects({ ledgerFile: join(folder, 'ledger.db'), practiceHotWallet: null });
    const real = serve(companionCommandContract, createCompanionCommandHandlers(effects), (_, fault) => faults.push(fault), requireNoSecretIn);
    for (const { text } of secrets) {
      const reply = await real('wallet.import', { file: text, name: 'x' }, { progress: () => undefined, isCancelled: () => false });
      expect(reply).toMatchObject({ ok: false, error: { code: 'wallet.private-key' } });
    }
    await effects.close();
    expect(canariesBelow(folder, canaries)).toEqual([]);
  });
});
