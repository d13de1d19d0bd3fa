import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { companion, done, haveTerminal, NO_TERMINAL, requireBuilt, scratch, signer, type, type Ended, type Scratch } from './programs.ts';

/*
 * A key that is drilled by the built program: from its words and from its backup, with the real key derivation, and the
 * rehearsal that shows that a drill fails where it must. What is said and kept on the way holds nothing of the secret.
 */

// Of BIP39's published test vectors; each of its longer words would be noticed in an output.
const MNEMONIC = 'vessel ladder alter error federal sibling chat ability sun glass valve picture';
const PASSPHRASE = 'only a rehearsal passphrase';
let place: Scratch;
let fingerprint = '';
const said: string[] = [];

const ran = (args: readonly string[]): Ended => {
  const ended = signer(args, { folder: place.folder });
  said.push(ended.stdout, ended.stderr);
  return ended;
};
const drill = (...args: string[]) => ran(['drill', 'run', '--network', 'regtest', '--by', 'Ada', '--label', 'Reserve', '--registration', 'registration.json', '--fingerprint', fingerprint, ...args]);
const recordIn = (name: string): Record<string, any> => JSON.parse(readFileSync(join(place.folder, name), 'utf8'));

beforeAll(() => {
  requireBuilt();
  place = scratch();
  place.file('passphrase.txt', `${PASSPHRASE}\n`);
  place.file('words.txt', `${MNEMONIC}\n`);
  mkdirSync(join(place.folder, 'records'));
  const options = { folder: place.folder };
  fingerprint = done(signer(['key', 'restore', '--network', 'regtest', '--label', 'Reserve', '--mnemonic-file', 'words.txt', '--passphrase-file', 'passphrase.txt', '--out', 'a.key.age'], options))['fingerprint'];
  done(signer(['key', 'export', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--script', 'p2wsh', '--out', 'a.record.txt'], options));
  const { policyId } = done(companion(['wallet', 'create', '--name', 'Reserve', '--network', 'regtest', '--script', 'p2wsh', '--required', '1', '--cosigner', 'a.record.txt', '--out', 'wallet.json'], options));
  done(signer(['wallet', 'register', '--key', 'a.key.age', '--passphrase-file', 'passphrase.txt', '--wallet', 'wallet.json', '--policy-id', policyId, '--out', 'registration.json'], options));
});
afterAll(() => place.remove());

test('a key comes back from its words, and the record proves wallet and addresses', () => {
  const ended = done(drill('--from', 'paper', '--mnemonic-file', 'words.txt', '--out', 'records'));
  expect(ended).toMatchObject({ fingerprint, outcome: 'passed', failure: null, attempts: 1, scores: [{ what: 'fingerprint', agrees: true }, { what: 'registration', agrees: true }, { what: 'first-receive', agrees: true }, { what: 'first-change', agrees: true }] });
  const [name] = readdirSync(join(place.folder, 'records'));
  expect(recordIn(`records/${name}`)).toMatchObject({ format: 'strongroom-drill', version: 1, label: 'Reserve', by: 'Ada', from: 'paper', outcome: 'passed' });
  expect(statSync(join(place.folder, 'records', name as string)).mode & 0o777).toBe(0o600);
});

test('a key comes back from its backup; a damaged one and a wrong passphrase do not pass', () => {
  const fromBackup = (key: string, passphrase: string, out: string) => drill('--from', 'backup', '--key', key, '--passphrase-file', passphrase, '--out', out);
  expect(done(fromBackup('a.key.age', 'passphrase.txt', 'backup.json'))).toMatchObject({ outcome: 'passed', from: 'backup' });
  const damaged = readFileSync(join(place.folder, 'a.key.age'));
  damaged[damaged.length - 30]! ^= 1;
  writeFileSync(join(place.folder, 'damaged.key.age'), damaged);
  const failed = fromBackup('damaged.key.age', 'passphrase.txt', 'damaged.json');
  expect([failed.exit, failed.json()['failure'], recordIn('damaged.json')['outcome']]).toEqual([3, 'key.file-malformed', 'failed']);
  place.file('wrong.txt', `${PASSPHRASE} \n`);
  const wrong = fromBackup('a.key.age', 'wrong.txt', 'wrong.json');
  expect([wrong.exit, wrong.json()['failure']]).toEqual([3, 'key.passphrase-wrong']);
});

test('a wrong BIP39 passphrase brings another key, and the comparison says so', () => {
  place.file('extra.txt', 'a passphrase that was never used\n');
  const ended = drill('--from', 'paper', '--mnemonic-file', 'words.txt', '--bip39-passphrase-file', 'extra.txt', '--out', 'extra.json');
  expect(ended.exit).toBe(3);
  expect(ended.json()['scores'].map(({ agrees }: { agrees: boolean }) => agrees)).toEqual([false, false, false, false]);
});

test('the words are asked for on the terminal without echo, and the time runs meanwhile', async ({ skip }) => {
  if (!haveTerminal) skip(NO_TERMINAL);
  const { exit, screen } = await type(place.folder, ['drill', 'run', '--network', 'regtest', '--by', 'Ada', '--fingerprint', fingerprint, '--from', 'paper', '--out', 'typed.json'], [['Mnemonic: ', `${MNEMONIC}\r`]]);
  said.push(screen);
  expect(exit).toBe(0);
  expect(recordIn('typed.json')).toMatchObject({ outcome: 'passed' });
  // The answer is typed a fifth of a second after the question.
  expect(recordIn('typed.json')['seconds']).toBeGreaterThanOrEqual(0.1);
});

test('what is due is told from the records', () => {
  const today = new Date().toISOString().slice(0, 10);
  expect(done(ran(['drill', 'due', '--records', 'records', '--today', today]))).toMatchObject({ keys: [{ fingerprint, state: 'later' }], unreadable: [] });
  const later = ran(['drill', 'due', '--records', 'records', '--today', '2099-01-01']);
  expect([later.exit, later.json()['keys'][0].state]).toEqual([2, 'overdue']);
});

test('every fault of the rehearsal ends as predicted, with the real key derivation', () => {
  const { faults, asPredicted } = done(ran(['drill', 'rehearse']));
  expect(asPredicted).toBe(true);
  expect(faults).toHaveLength(10);
});

test('help with words goes to no pipe', () => {
  place.file('smudged.txt', MNEMONIC.replace('ladder', 'laddr'));
  const ended = ran(['mnemonic', 'check', '--mnemonic-file', 'smudged.txt']);
  expect([ended.exit, ended.json()['unknown']]).toEqual([2, [2]]);
});

test('nothing of the secret was said or kept', () => {
  const kept = Object.keys(place.listing()).filter((name) => name.endsWith('.json')).map((name) => readFileSync(join(place.folder, name), 'utf8'));
  const everything = [...said, ...kept].join('\n');
  for (const secret of [MNEMONIC, PASSPHRASE, ...MNEMONIC.split(' ').filter((word) => word.length > 5)]) expect(everything).not.toContain(secret);
});
