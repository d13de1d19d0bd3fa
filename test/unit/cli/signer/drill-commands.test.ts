import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drillCommands } from '../../../../src/cli/signer/drill-commands.ts';
import { formatDrillRecord, parseDrillRecord } from '../../../../src/signer/drills/drill-record.ts';
import { accountKeyRecord } from '../../../../src/signer/account-key.ts';
import { registerWallet } from '../../../../src/signer/registration.ts';
import { formatKeyRecord } from '../../../../src/wallet/key-record.ts';
import { policyIdOf } from '../../../../src/wallet/policy-id.ts';
import { formatRegistration } from '../../../../src/wallet/registration.ts';
import { keyOf, mnemonics, walletOf } from '../../signer/fixtures.ts';
import { passedRecord } from '../../signer/drills/drill-fixtures.ts';
import { programOf, runLine, type RunOptions } from '../shared/program-harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-drill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const fileOf = (name: string, content: string): string => {
  writeFileSync(at(name), content);
  return at(name);
};
async function ran(args: readonly string[], options: RunOptions = {}) {
  const outcome = await runLine(programOf(...drillCommands), [...args, '--json'], options);
  return { ...outcome, json: JSON.parse(outcome.stdout) as Record<string, any> };
}

const wallet = walletOf();
const registration = (): string => fileOf('registration.json', formatRegistration(registerWallet(keyOf('alice'), wallet, policyIdOf(wallet).words)));
const drill = (...more: string[]): string[] => ['drill', 'run', '--network', 'regtest', '--by', 'Ada', '--out', at('record.json'), ...more];
const asAlice = ['--fingerprint', '73C5DA0A', '--from', 'paper'];

test('a key comes back from words that were typed, and the record says so', async () => {
  const ended = await ran(drill(...asAlice, '--registration', registration(), '--months', '3'), { answers: [mnemonics.alice] });
  expect(ended).toMatchObject({ exit: 0, json: { ok: true, fingerprint: '73c5da0a', outcome: 'passed', failure: null, attempts: 1, out: at('record.json') } });
  expect(ended.json['scores']).toHaveLength(4);
  expect(parseDrillRecord(readFileSync(at('record.json'), 'utf8'))).toMatchObject({ outcome: 'passed', by: 'Ada', from: 'paper', label: 'key' });
  expect(`${ended.stdout}${readFileSync(at('record.json'), 'utf8')}`).not.toContain('abandon');
});

test('the key may be named by its record, and words come from a file or standard input', async () => {
  const record = fileOf('alice.txt', `${formatKeyRecord(accountKeyRecord(keyOf('alice'), 'p2wsh', 0), 'regtest')}\n`);
  expect((await ran(drill('--record', record, '--from', 'paper', '--mnemonic-file', '-'), { standardInput: mnemonics.alice })).json).toMatchObject({ outcome: 'passed', scores: [{ what: 'fingerprint' }] });
});

test('in a folder a second drill of one key in the same second takes the next name: no record is lost', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T10:15:07Z') });
  try {
    mkdirSync(at('records'));
    const once = () => ran(['drill', 'run', '--network', 'regtest', '--by', 'Ada', '--out', at('records'), ...asAlice], { answers: [mnemonics.alice] });
    expect((await once()).json).toMatchObject({ ok: true, out: at('records/drill-73c5da0a-2026-11-22-101507.drill.json') });
    expect((await once()).json).toMatchObject({ ok: true, out: at('records/drill-73c5da0a-2026-11-22-101507-2.drill.json') });
    expect(readdirSync(at('records')).map((name) => parseDrillRecord(readFileSync(at(`records/${name}`), 'utf8')).outcome)).toEqual(['passed', 'passed']);
  } finally {
    vi.useRealTimers();
  }
});

test('another key exits with 3, shows both, and the record is kept', async () => {
  const ended = await runLine(programOf(...drillCommands), drill(...asAlice, '--registration', registration()), { answers: [mnemonics.bob] });
  expect(ended.exit).toBe(3);
  expect(ended.stdout).toContain('did not come back');
  expect(ended.stdout).toContain('DIFFERS  fingerprint');
  expect(parseDrillRecord(readFileSync(at('record.json'), 'utf8'))).toMatchObject({ outcome: 'failed', failure: null, attempts: 1 });
});

test('a restore that ends in an error is a failed drill, recorded by its code', async () => {
  expect(await ran(drill(...asAlice), { answers: ['abandon abandon'] })).toMatchObject({ exit: 3, json: { ok: true, outcome: 'failed', failure: 'mnemonic.malformed', scores: [] } });
});

test('shares are asked for one after the other', async () => {
  expect(await ran(drill(...asAlice, '--ask-shares', '2', '--seed-xor'), { answers: [mnemonics.bob, mnemonics.carol] })).toMatchObject({ exit: 3, json: { outcome: 'failed', failure: null } });
  const share = 'shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist rescue view short owner flip making coding armed';
  expect(await ran([...drill(...asAlice, '--share-file', fileOf('share.txt', share)), '--force'])).toMatchObject({ exit: 3, json: { failure: 'share.too-few' } });
});

test('a folder takes the record under the key and the time', async () => {
  mkdirSync(at('records'));
  await ran(['drill', 'run', '--network', 'regtest', '--by', 'Ada', '--out', at('records'), ...asAlice], { answers: [mnemonics.alice] });
  expect(readdirSync(at('records'))).toEqual([expect.stringMatching(/^drill-73c5da0a-\d{4}-\d{2}-\d{2}-\d{6}\.drill\.json$/)]);
});

test.each([
  ['neither fingerprint nor record', ['--from', 'paper']],
  ['both of them', ['--fingerprint', '73c5da0a', '--record', 'x', '--from', 'paper']],
  ['a fingerprint that is none', ['--fingerprint', '73c5', '--from', 'paper']],
  ['a key file for a drill from paper', [...asAlice, '--key', 'x']],
  ['a drill from a backup without one', ['--fingerprint', '73c5da0a', '--from', 'backup']],
  ['words for a drill from a backup', ['--fingerprint', '73c5da0a', '--from', 'backup', '--key', 'x', '--mnemonic-file', 'x']],
  ['shares for a drill from a backup', ['--fingerprint', '73c5da0a', '--from', 'backup', '--key', 'x', '--share-file', 'x']],
  ['the key file\'s passphrase for a drill from paper', [...asAlice, '--passphrase-file', 'x']],
  ['two ways to answer', [...asAlice, '--mnemonic-file', 'x', '--ask-shares', '2']],
])('%s is wrong usage, and nothing is written', async (_, options) => {
  expect(await ran(drill(...options))).toMatchObject({ exit: 64, json: { ok: false, error: { code: 'usage.malformed' } } });
  expect(readdirSync(folder)).toEqual([]);
});

test('a record that is there already is left alone, before any secret is asked for', async () => {
  fileOf('record.json', 'mine');
  expect(await ran(drill(...asAlice))).toMatchObject({ exit: 74, json: { error: { code: 'file.exists' } } });
});

test('one fault of the rehearsal, and the table of it', async () => {
  expect(await ran(['drill', 'rehearse', '--fault', 'smudged-word'])).toMatchObject({ exit: 0, json: { asPredicted: true, faults: [{ fault: 'smudged-word', asPredicted: true }] } });
  const shown = await runLine(programOf(...drillCommands), ['drill', 'rehearse', '--fault', 'missing-share']);
  expect(shown.stdout).toContain('one codex32 share of two');
  expect(shown.stdout).toContain('1 of 1 faults ended as predicted.');
});

test('what is due is told from a folder of records', async () => {
  fileOf('a.drill.json', formatDrillRecord(passedRecord()));
  fileOf('not-a-record.json', 'x');
  const asked = (today: string, ...more: string[]) => ran(['drill', 'due', '--records', folder, '--today', today, ...more]);
  expect(await asked('2026-05-01')).toMatchObject({ exit: 0, json: { today: '2026-05-01', keys: [{ fingerprint: '73c5da0a', state: 'later', nextDue: '2026-09-01' }], unreadable: [] } });
  expect(await asked('2026-09-02')).toMatchObject({ exit: 2, json: { keys: [{ state: 'overdue' }] } });
  const bob = fileOf('bob.txt', formatKeyRecord(accountKeyRecord(keyOf('bob'), 'p2wsh', 0), 'regtest'));
  expect(await asked('2026-05-01', '--key-record', bob)).toMatchObject({ exit: 2, json: { keys: [{ fingerprint: keyOf('bob').fingerprint, state: 'never' }, { state: 'later' }] } });
});

test('a record that cannot be read hides no other, and needs a person', async () => {
  fileOf('a.drill.json', formatDrillRecord(passedRecord()));
  fileOf('b.drill.json', '{}');
  mkdirSync(at('c.drill.json'));
  expect(await ran(['drill', 'due', '--records', folder, '--today', '2026-05-01'])).toMatchObject({
    exit: 2, json: { keys: [{ state: 'later' }], unreadable: [{ file: 'c.drill.json', code: 'file.not-regular' }, { file: 'b.drill.json', code: 'drill.record-malformed' }] },
  });
});

test('a folder that says nothing, or is not there, is no good news', async () => {
  expect(await ran(['drill', 'due', '--records', folder])).toMatchObject({ exit: 2, json: { keys: [] } });
  expect(await ran(['drill', 'due', '--records', at('nowhere')])).toMatchObject({ exit: 74, json: { error: { code: 'file.not-found' } } });
  expect(await ran(['drill', 'due', '--records', folder, '--today', 'soon'])).toMatchObject({ exit: 64 });
});
