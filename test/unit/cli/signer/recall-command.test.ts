import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recallCommand } from '../../../../src/cli/signer/recall-command.ts';
import { parseFingerprint } from '../../../../src/domain/fingerprint.ts';
import { formatEntropyRecord } from '../../../../src/signer/entropy/entropy-record-file.ts';
import { formatPaperWalletRecord, type PaperWalletRecord } from '../../../../src/signer/entropy/paper-wallet-record.ts';
import type { EntropyRecord } from '../../../../src/signer/entropy/entropy-record.ts';
import { programOf, runLine } from '../shared/program-harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-recall-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const build = 'ab'.repeat(32);
const record = (fingerprint: string, changed: Partial<EntropyRecord> = {}): EntropyRecord => ({
  fingerprint: parseFingerprint(fingerprint), network: 'mainnet', label: `key ${fingerprint}`, mode: 'mixed', sources: [{ source: 'runtime', count: 128, bits: 256 }, { source: 'dice', count: 99, bits: 255 }],
  health: ['dice/face'], program: 'strongroom-signer', programVersion: '0.1.0', build, madeAt: '2026-11-22T10:00:00.000Z', ...changed,
});
const keep = (name: string, content: EntropyRecord | string): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : formatEntropyRecord(content));
  return path;
};
const recall = async (...args: string[]) => {
  const { exit, stdout, stderr } = await runLine(programOf(recallCommand), ['key', 'recall', '--json', ...args]);
  return { exit, stderr, json: JSON.parse(stdout) };
};

test('names the keys of a range, the oldest first, and ends with 2: a person must judge', async () => {
  const second = keep('b.entropy.json', record('bbbbbbbb', { madeAt: '2026-11-23T10:00:00.000Z', programVersion: '0.2.0' }));
  const first = keep('c.entropy.json', record('aaaaaaaa'));
  keep('d.entropy.json', record('dddddddd', { programVersion: '0.3.0' }));
  keep('alice.key.age', 'age-encryption.org/v1\n');
  const { exit, json } = await recall('--builds', '0.1.0..0.2.0', '--in', folder);
  expect(exit).toBe(2);
  expect(json).toEqual({ ok: true, builds: '0.1.0..0.2.0', records: 3, unreadable: [], papers: [], keys: [{ ...record('aaaaaaaa'), because: 'build', files: [first] }, { ...record('bbbbbbbb', { madeAt: '2026-11-23T10:00:00.000Z', programVersion: '0.2.0' }), because: 'build', files: [second] }] });
});

test('ends with 0 when records were read and none is named', async () => {
  keep('a.entropy.json', record('aaaaaaaa'));
  expect(await recall('--builds', '0.2.0..', '--in', folder)).toMatchObject({ exit: 0, json: { records: 1, keys: [], unreadable: [] } });
});

test('a record that cannot be read is named, hides no other, and ends with 2', async () => {
  keep('a.entropy.json', record('aaaaaaaa'));
  const broken = keep('broken.entropy.json', '{"format":"strongroom-entropy-record"}');
  const large = keep('large.entropy.json', ' '.repeat(70_000));
  const binary = keep('binary.entropy.json', '');
  writeFileSync(binary, Uint8Array.of(0xff, 0xfe));
  mkdirSync(join(folder, 'folder.entropy.json'));
  const { exit, json } = await recall('--builds', '0.9.0..', '--in', folder);
  expect(exit).toBe(2);
  expect(json.keys).toEqual([]);
  expect(json.unreadable).toEqual([
    { file: binary, code: 'file.unreadable' }, { file: broken, code: 'entropy.record-malformed' }, { file: join(folder, 'folder.entropy.json'), code: 'file.not-regular' }, { file: large, code: 'file.too-large' },
  ]);
});

test('a folder without records proves nothing: 2', async () => {
  expect(await recall('--builds', '..', '--in', folder)).toMatchObject({ exit: 2, json: { records: 0, keys: [] } });
});

test('copies of one record are one key with several files; a file named twice is read once', async () => {
  const copies = [keep('a.entropy.json', record('aaaaaaaa')), keep('copy of a.entropy.json', record('aaaaaaaa'))];
  const { json } = await recall('--builds', '..', '--in', folder, copies[0] as string);
  expect(json.records).toBe(1);
  expect(json.keys[0].files).toEqual(copies);
});

test('files by name and a build hash', async () => {
  const path = keep('kept under any name.json', record('aaaaaaaa'));
  expect((await recall('--builds', 'abababababab', path)).json.keys).toHaveLength(1);
  expect((await recall('--builds', 'abababababac', path)).json.keys).toHaveLength(0);
});

test('people read fingerprint, label, network, how it was made, version, build, day and sources', async () => {
  keep('a.entropy.json', record('aaaaaaaa', { mode: 'restored' }));
  const { stdout } = await runLine(programOf(recallCommand), ['key', 'recall', '--builds', '..', '--in', folder]);
  for (const part of ['aaaaaaaa', 'key aaaaaaaa', 'mainnet', 'restored, not made', '0.1.0', 'abababababab', '2026-11-22', 'dice:99']) expect(stdout).toContain(part);
});

const batch = (changed: Partial<PaperWalletRecord> = {}): PaperWalletRecord => {
  const { network, sources, health, program, programVersion, madeAt } = record('aaaaaaaa');
  return { serial: 'PW-20261122-3F9A', network, label: '', addresses: ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', '1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH'], sources, health, program, programVersion, build, madeAt, ...changed };
};

test('batches of paper wallets are named by their serial, beside keys, and end with 2', async () => {
  const named = keep('b.entropy.json', formatPaperWalletRecord(batch()));
  keep('c.entropy.json', formatPaperWalletRecord(batch({ serial: 'LATER', programVersion: '0.2.0' })));
  const { exit, json } = await recall('--builds', 'abababababab', '--in', folder);
  expect(exit).toBe(2);
  expect([json.records, json.keys, json.papers.length]).toEqual([2, [], 2]);
  const first = await recall('--builds', '0.1.0', '--in', folder);
  expect(first).toMatchObject({ exit: 2, json: { records: 2, keys: [], unreadable: [] } });
  expect(first.json.papers).toEqual([{ ...batch(), files: [named] }]);
  expect(await recall('--builds', '0.3.0..', '--in', folder)).toMatchObject({ exit: 0, json: { records: 2, papers: [] } });
  const { stdout } = await runLine(programOf(recallCommand), ['key', 'recall', '--builds', '0.1.0', '--in', folder]);
  for (const part of ['2 paper wallets, serial PW-20261122-3F9A', 'mainnet', '0.1.0', 'abababababab', '2026-11-22', 'dice:99', 'Sweep']) expect(stdout).toContain(part);
});

test.each<[string, string[], string, number]>([
  ['a range that is none', ['--builds', '0.1'], 'entropy.range-malformed', 64],
  ['no range', ['--in', 'x'], 'usage.malformed', 64],
  ['nothing to search', ['--builds', '..'], 'usage.malformed', 64],
  ['a folder that is not there', ['--builds', '..', '--in', 'not-there'], 'file.not-found', 74],
])('%s: %s', async (_, args, code, exit) => {
  expect(await recall(...args)).toMatchObject({ exit, json: { ok: false, error: { code } } });
});
