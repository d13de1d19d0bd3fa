import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { keyCommands } from '../../../../src/cli/signer/key-commands.ts';
import { keyCopyCommands } from '../../../../src/cli/signer/key-copy-commands.ts';
import { diceText, mnemonics } from '../../signer/fixtures.ts';
import { programOf, runLine, type RunOptions } from '../shared/program-harness.ts';

/* Key commands on real files, in one folder. Encryption is real but for its slowness: scrypt does a few rounds only. */

vi.mock('../../../../src/node/signer/scrypt.ts', async (original) => {
  const { scrypt32 } = await original<typeof import('../../../../src/node/signer/scrypt.ts')>();
  return { scrypt32: (passphrase: Uint8Array, salt: Uint8Array) => scrypt32(passphrase, salt, 2) };
});

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const PASSPHRASE = 'only a rehearsal passphrase';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-keys-'));
  for (const name of ['keys', 'one', 'two']) mkdirSync(at(name));
  for (const [name, text] of Object.entries({ 'passphrase.txt': PASSPHRASE, 'next.txt': 'another passphrase', 'dice.txt': diceText(99), 'alice.txt': mnemonics.alice })) writeFileSync(at(name), `${text}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = programOf(...keyCommands, ...keyCopyCommands);
const prose = (args: readonly string[], options: RunOptions = {}) => runLine(program, args, options);
async function ran(args: readonly string[], options: RunOptions = {}) {
  const outcome = await runLine(program, [...args, '--json'], options);
  return { exit: outcome.exit, json: JSON.parse(outcome.stdout) as Record<string, any> };
}
const secured = ['--passphrase-file', '@passphrase.txt'];
/** A command line in which `@name` is a file of the folder. */
const line = (...words: string[]): string[] => words.map((word) => (word.startsWith('@') ? at(...word.slice(1).split('/')) : word));

describe('a new key', () => {
  test('its file and its entropy record go into a folder, and it is said that there is no copy', async () => {
    const made = await ran(line('key', 'create', '--network', 'regtest', '--label', 'New', '--dice', '@dice.txt', ...secured, '--out', '@keys'));
    expect(made).toMatchObject({ exit: 0, json: { ok: true, words: 24, secret: 'mnemonic', language: 'english', sources: ['os', 'dice:99'], mode: 'mixed', copies: 1, onlyCopy: true } });
    const stem = `new-${made.json['fingerprint']}`;
    expect(made.json).toMatchObject({ out: at('keys', `${stem}.key.age`), record: at('keys', `${stem}.entropy.json`) });
    expect(readdirSync(at('keys')).sort()).toEqual([`${stem}.entropy.json`, `${stem}.key.age`]);
    expect(JSON.parse(readFileSync(made.json['record'], 'utf8'))).toMatchObject({ format: 'strongroom-entropy-record', version: 1, fingerprint: made.json['fingerprint'], mode: 'mixed', build: 'source' });
  });
  test('of dice alone is SHA-256 of the rolls', async () => {
    const made = await ran(line('key', 'create', '--network', 'regtest', '--mode', 'dice-only', '--dice', '@dice.txt', ...secured, '--out', '@dice.key.age'));
    expect(made.json).toMatchObject({ ok: true, mode: 'dice-only', sources: ['dice:99'], record: at('dice.entropy.json') });
  });
  test('a record that is there already is left alone, before anything is asked or made', async () => {
    writeFileSync(at('taken.entropy.json'), 'precious');
    expect(await ran(line('key', 'create', '--network', 'regtest', '--dice', '@none.txt', '--out', '@taken.key.age'))).toMatchObject({ exit: 74, json: { error: { code: 'file.exists' } } });
    expect(readFileSync(at('taken.entropy.json'), 'utf8')).toBe('precious');
  });
});

test('a key file that cannot be replaced keeps its own record', async () => {
  writeFileSync(at('kept.entropy.json'), 'its own');
  symlinkSync(at('nowhere'), at('kept.key.age'));
  expect(await ran(line('key', 'create', '--network', 'regtest', '--dice', '@dice.txt', ...secured, '--out', '@kept.key.age', '--force'))).toMatchObject({ exit: 74, json: { error: { code: 'file.not-regular' } } });
  expect(readFileSync(at('kept.entropy.json'), 'utf8')).toBe('its own');
  // And a record that was not there goes again.
  rmSync(at('kept.entropy.json'));
  await ran(line('key', 'create', '--network', 'regtest', '--dice', '@dice.txt', ...secured, '--out', '@kept.key.age', '--force'));
  expect(readdirSync(folder).filter((name) => name.startsWith('kept'))).toEqual(['kept.key.age']);
});

describe('a restored key', () => {
  test('from words; in prose it is said that there is no copy', async () => {
    const { exit, stdout } = await prose(line('key', 'restore', '--network', 'regtest', '--label', 'Alice', '--mnemonic-file', '@alice.txt', ...secured, '--out', '@alice.key.age'));
    expect(exit).toBe(0);
    expect(stdout).toMatch(/73c5da0a is restored on regtest from mnemonic: 12 words \(english\)/);
    expect(stdout).toContain('only copy');
    expect(stdout).not.toContain('abandon');
  });
  test('from shares in files of their own, and one a line', async () => {
    const shares = ['MS12NAMEA320ZYXWVUTSRQPNMLKJHGFEDCAXRPP870HKKQRM', 'MS12NAMECACDEFGHJKLMNPQRSTUVWXYZ023FTR2GDZMPY6PN'];
    shares.forEach((share, index) => writeFileSync(at(`share${index}.txt`), `${share}\n`));
    const apart = await ran(line('key', 'restore', '--network', 'regtest', '--share-file', '@share0.txt', '--share-file', '@share1.txt', ...secured, '--out', '@shares.key.age'));
    expect(apart.json).toMatchObject({ ok: true, secret: 'seed', words: null, language: null, sources: ['codex32:2'] });
    const lines = await ran(line('key', 'restore', '--network', 'regtest', '--mnemonic-file', '-', ...secured, '--out', '@lines.key.age'), { standardInput: shares.join('\n') });
    expect(lines.json['fingerprint']).toBe(apart.json['fingerprint']);
    const typed = await ran(line('key', 'restore', '--network', 'regtest', ...secured, '--out', '@typed.key.age'), { answers: ['xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi'] });
    expect(typed).toMatchObject({ exit: 65, json: { error: { code: 'key.network' } } });
  });
  test('mnemonics are parts of one only when that is said, and of a language only when they are', async () => {
    writeFileSync(at('parts.txt'), `${mnemonics.bob}\n${mnemonics.carol}\n`);
    const restore = (...more: string[]) => ran(line('key', 'restore', '--network', 'regtest', '--mnemonic-file', '@parts.txt', ...secured, '--out', '@parts.key.age', ...more));
    expect(await restore()).toMatchObject({ exit: 65 });
    expect(await restore('--seed-xor', '--language', 'spanish')).toMatchObject({ exit: 65, json: { error: { code: 'mnemonic.malformed' } } });
    expect(await restore('--seed-xor')).toMatchObject({ exit: 0, json: { words: 12, sources: ['seed-xor:2'] } });
  });
});

test('a child key is a file of its own with a passphrase of its own', async () => {
  const child = await ran(line('key', 'child', '--key', '@alice.key.age', ...secured, '--new-passphrase-file', '@next.txt', '--index', '7', '--words', '12', '--label', 'Child', '--out', '@child.key.age'));
  expect(child).toMatchObject({ exit: 0, json: { parent: '73c5da0a', index: 7, words: 12, sources: ['bip85-73c5da0a'], record: at('child.entropy.json'), onlyCopy: true } });
  const shown = await ran(line('key', 'show', '--key', '@child.key.age', '--passphrase-file', '@next.txt'));
  expect(shown.json).toMatchObject({ fingerprint: child.json['fingerprint'], entropyRecord: { mode: 'derived', sources: [{ source: 'bip85-73c5da0a', count: 7, bits: 0 }] }, copies: 1, onlyCopy: true });
});

describe('copies', () => {
  test('none: said by key show and by key copies, which ends with 2', async () => {
    const { stdout } = await prose(line('key', 'show', '--key', '@alice.key.age', ...secured));
    expect(stdout).toMatch(/keeps +12 words \(english\)/);
    expect(stdout).toContain('only copy');
    expect(await ran(line('key', 'copies', '--key', '@alice.key.age'))).toMatchObject({ exit: 2, json: { ok: true, copies: 1, onlyCopy: true, places: [], recorded: false } });
    expect(existsSync(at('alice.copies.json'))).toBe(false);
  });
  test('to two folders; one that is not there does not keep the other from being made', async () => {
    const made = await ran(line('key', 'copy', '--key', '@alice.key.age', '--to', '@one', '--to', '@none', '--to', '@two'));
    expect(made).toMatchObject({ exit: 2, json: { copies: 3, onlyCopy: false, list: at('alice.copies.json'), made: [{ place: at('one', 'alice.key.age'), sameDisk: true }, { place: at('two', 'alice.key.age') }], failed: [{ folder: at('none'), code: 'file.not-found' }] } });
    expect(readFileSync(at('two', 'alice.key.age'))).toEqual(readFileSync(at('alice.key.age')));
    const checked = await ran(line('key', 'copies', '--key', '@alice.key.age'));
    expect(checked).toMatchObject({ exit: 0, json: { copies: 3, allIntact: true, recorded: true } });
    expect((await ran(line('key', 'show', '--key', '@alice.key.age', ...secured))).json).toMatchObject({ copies: 3, onlyCopy: false });
  });
  test('nothing made is an error, not a list', async () => {
    expect(await ran(line('key', 'copy', '--key', '@child.key.age', '--to', '@none'))).toMatchObject({ exit: 74, json: { error: { code: 'file.not-found' } } });
    expect(await ran(line('key', 'copy', '--key', '@child.key.age', '--to', folder))).toMatchObject({ exit: 74, json: { error: { code: 'key.copy-is-original' } } });
    expect(await ran(line('key', 'copy', '--key', '-', '--to', '@one'))).toMatchObject({ exit: 64 });
    expect(existsSync(at('child.copies.json'))).toBe(false);
  });
  test('one that was changed and one that is gone end with 2, and are named', async () => {
    appendFileSync(at('one', 'alice.key.age'), 'x');
    rmSync(at('two', 'alice.key.age'));
    const checked = await ran(line('key', 'copies', '--key', '@alice.key.age'));
    expect(checked).toMatchObject({ exit: 2, json: { copies: 1, onlyCopy: true, allIntact: false, places: [{ state: 'changed' }, { state: 'absent' }] } });
    const { stdout } = await prose(line('key', 'copies', '--key', '@alice.key.age'));
    expect(stdout).toMatch(/holds something else than the key file +.*one/);
    expect(stdout).toMatch(/not there +.*two/);
    // Somebody's changed file is replaced on the person's word only.
    expect(await ran(line('key', 'copy', '--key', '@alice.key.age', '--to', '@one'))).toMatchObject({ exit: 74, json: { error: { code: 'file.exists' } } });
    expect(await ran(line('key', 'copy', '--key', '@alice.key.age', '--to', '@one', '--to', '@two', '--force'))).toMatchObject({ exit: 0, json: { copies: 3 } });
  });
});

describe('another passphrase', () => {
  const change = (...more: string[]) => ran(line('key', 'passphrase', '--key', '@alice.key.age', ...secured, '--new-passphrase-file', '@next.txt', ...more));
  test('needs to be told where the new file goes, and a right old one', async () => {
    expect(await change()).toMatchObject({ exit: 64, json: { error: { code: 'usage.malformed' } } });
    expect(await change('--out', at('alice.key.age'))).toMatchObject({ exit: 74, json: { error: { code: 'file.exists' } } });
    writeFileSync(at('wrong.txt'), 'wrong');
    expect(await ran(line('key', 'passphrase', '--key', '@alice.key.age', '--passphrase-file', '@wrong.txt', '--new-passphrase-file', '@next.txt', '--force'))).toMatchObject({ exit: 65, json: { error: { code: 'key.passphrase-wrong' } } });
    expect(existsSync(at('alice.key.age.previous'))).toBe(false);
  });
  test('replaces the key file, keeps its last generation, and leaves it without a copy of this generation', async () => {
    const before = readFileSync(at('alice.key.age'));
    expect(await change('--force')).toMatchObject({ exit: 0, json: { fingerprint: '73c5da0a', out: at('alice.key.age'), copies: 1, onlyCopy: true } });
    expect(readFileSync(at('alice.key.age.previous'))).toEqual(before);
    expect(await ran(line('key', 'show', '--key', '@alice.key.age', '--passphrase-file', '@next.txt'))).toMatchObject({ exit: 0, json: { fingerprint: '73c5da0a', onlyCopy: true } });
    expect(await ran(line('key', 'show', '--key', '@alice.key.age', ...secured))).toMatchObject({ exit: 65, json: { error: { code: 'key.passphrase-wrong' } } });
    // The copies of the generation before are known, and replaced without --force.
    expect(await ran(line('key', 'copy', '--key', '@alice.key.age', '--to', '@one', '--to', '@two'))).toMatchObject({ exit: 0, json: { copies: 3 } });
  });
});
