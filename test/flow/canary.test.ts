import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { masterKeyOf } from '../../src/signer/private-derivation.ts';
import { readMnemonic, seedOfMnemonic } from '../../src/signer/mnemonic.ts';
import { formatExtendedPrivateKey } from '../../src/signer/secrets/extended-private-key.ts';
import { canariesBelow, canariesIn, canaryBytes, canaryText, contentOf, type Canary } from '../support/canary.ts';
import { environmentFor, launcher, requireBuilt, scratch, start, type Scratch } from './programs.ts';

/*
 * Secrets that are known to the test go through the built program, by every command that takes one. Afterwards they are
 * looked for, in every form, wherever they must not be: what the program said, its arguments and environment while it ran,
 * its home, its folder for temporary files, the system's, and every file that it wrote but the one that was asked for.
 */

// One of BIP39's published test vectors that no other test uses; passphrases that are nowhere else.
const MNEMONIC = 'scheme spot photo card baby mountain device kick cradle pact join borrow';
const FILE_PASSPHRASE = 'canary file passphrase 7f3a-1c';
const NEXT_PASSPHRASE = 'canary next passphrase 91bd-e4';
const BIP39_PASSPHRASE = 'canary bip39 passphrase 22c8-0f';
const seed = seedOfMnemonic(MNEMONIC, BIP39_PASSPHRASE);
const master = masterKeyOf(seed);
const canaries: readonly Canary[] = [
  canaryText('mnemonic', MNEMONIC),
  canaryText('words by lines', MNEMONIC.replaceAll(' ', '\n')),
  canaryText('words by commas', MNEMONIC.split(' ').join('","')),
  canaryText('first words', MNEMONIC.split(' ').slice(0, 4).join(' ')),
  canaryText('last words', MNEMONIC.split(' ').slice(-4).join(' ')),
  canaryBytes('entropy', readMnemonic(MNEMONIC).entropy),
  canaryBytes('seed', seed),
  canaryBytes('master private key', master.privateKey),
  canaryBytes('chain code', master.chainCode),
  canaryText('xprv', formatExtendedPrivateKey(master, 'regtest')),
  canaryText('file passphrase', FILE_PASSPHRASE),
  canaryText('next passphrase', NEXT_PASSPHRASE),
  canaryText('BIP39 passphrase', BIP39_PASSPHRASE),
];

let place: Scratch;
const said: Uint8Array[] = [];
const observed = { processes: 0, leaks: [] as string[] };
let before: readonly string[];
/** The system's own folder for temporary files, which the program was not told of. */
const systemFolders = [...new Set(['/tmp', tmpdir()])];
const entries = (): string[] => systemFolders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));

/** Runs the program and looks at its arguments and environment, as every user of the machine may, until it ends. */
async function runWatched(args: readonly string[], expectedExit = 0): Promise<string> {
  const child = start('env', [`TMPDIR=${join(place.folder, 'tmp')}`, launcher('strongroom-signer'), ...args, '--json'], place.folder);
  const chunks: Uint8Array[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  child.stdin.end();
  const watch = setInterval(() => {
    try {
      for (const file of ['cmdline', 'environ']) {
        const bytes = readFileSync(`/proc/${child.pid}/${file}`);
        if (bytes.length > 0) observed.processes += 1;
        observed.leaks.push(...canariesIn(bytes, canaries).map((name) => `${args.slice(0, 2).join(' ')}, ${file}: ${name}`));
      }
    } catch {
      // It has ended.
    }
  }, 20);
  const exit = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  const output = Buffer.concat(chunks);
  said.push(output);
  expect(exit, `${args.join(' ')}: ${output.toString('utf8').slice(0, 600)}`).toBe(expectedExit);
  return output.toString('utf8');
}

const input = (name: string, content: string): string => {
  writeFileSync(join(place.folder, 'in', name), `${content}\n`);
  return join('in', name);
};

beforeAll(async () => {
  requireBuilt();
  place = scratch();
  before = entries();
  for (const name of ['in', 'intended', 'tmp', 'stick', 'records']) mkdirSync(join(place.folder, name));
  const words = input('words', MNEMONIC);
  const passphrase = input('passphrase', FILE_PASSPHRASE);
  const next = input('next', NEXT_PASSPHRASE);
  const bip39 = input('bip39', BIP39_PASSPHRASE);
  const wrong = input('wrong', 'this is not the passphrase');
  const smudged = input('smudged', MNEMONIC.replace('mountain', 'moantain'));
  const key = ['--key', 'a.key.age', '--passphrase-file', passphrase];
  const restore = ['key', 'restore', '--network', 'regtest', '--label', 'Canary', '--passphrase-file', passphrase];
  const fingerprint = JSON.parse((await runWatched([...restore, '--mnemonic-file', words, '--bip39-passphrase-file', bip39, '--out', 'a.key.age'])).split('\n').find((line) => line.startsWith('{')) as string).fingerprint as string;
  await runWatched(['key', 'show', ...key]);
  await runWatched(['key', 'export', ...key, '--script', 'p2wsh', '--out', 'a.record.txt']);
  await runWatched(['key', 'child', ...key, '--index', '3', '--label', 'Child', '--new-passphrase-file', next, '--out', 'child.key.age']);
  await runWatched(['key', 'copy', ...key.slice(0, 2), '--to', 'stick']);
  await runWatched(['key', 'split', ...key, '--scheme', 'slip39', '--groups', '2of3', '--out', 'intended']);
  await runWatched(['paper', 'make', ...key, '--kind', 'cosigner-card', '--out', 'card.pdf']);
  await runWatched(['paper', 'make', ...key, '--kind', 'seed', '--out', join('intended', 'seed.pdf')]);
  await runWatched(['drill', 'run', '--fingerprint', fingerprint, '--network', 'regtest', '--from', 'paper', '--mnemonic-file', words, '--bip39-passphrase-file', bip39, '--by', 'Officer', '--out', join('records', 'drill.json')]);
  await runWatched(['key', 'passphrase', ...key, '--new-passphrase-file', next, '--force']);
  // What goes wrong says why, and nothing more.
  await runWatched(['key', 'show', '--key', 'a.key.age', '--passphrase-file', wrong], 65);
  await runWatched([...restore, '--mnemonic-file', smudged, '--out', 'b.key.age'], 65);
  await runWatched([...restore, '--mnemonic-file', words, '--out', join('nowhere', 'b.key.age')], 74);
}, 120_000);
afterAll(() => place.remove());

test('the search finds what is there, in every form: what it does not find is not there', () => {
  expect(canariesBelow(join(place.folder, 'in'), canaries).filter((found) => found.startsWith('words:'))).toEqual(['words: mnemonic', 'words: first words', 'words: last words']);
  for (const canary of canaries) {
    for (const form of canary.forms) expect(canariesIn(Buffer.concat([Buffer.alloc(7, 0x20), form, Buffer.alloc(3)]), [canary])).toEqual([canary.name]);
  }
  expect(toHex(master.privateKey)).toHaveLength(64);
});

test('nothing that the program says holds a secret, neither its answers nor its errors', () => {
  expect(said.length).toBeGreaterThan(12);
  expect(said.flatMap((output) => canariesIn(output, canaries))).toEqual([]);
});

test('no argument and no variable of a running program holds a secret', () => {
  expect(observed.processes).toBeGreaterThan(20);
  expect(observed.leaks).toEqual([]);
  expect(Object.keys(environmentFor(place.folder))).toEqual(['PATH', 'HOME', 'STRONGROOM_NODE']);
});

test('no file holds a secret but what was given and what was asked for', () => {
  const found = canariesBelow(place.folder, canaries).filter((line) => !line.startsWith('in/') && !line.startsWith('intended/'));
  expect(found).toEqual([]);
  expect(readdirSync(join(place.folder, 'tmp'))).toEqual([]);
});

test('nothing that came into the system\'s folders for temporary files holds a secret', () => {
  // Other programs and tests write there at the same time, so it is the content that counts.
  const came = entries().filter((path) => !before.includes(path) && path !== place.folder);
  expect(came.flatMap((path) => (statSync(path, { throwIfNoEntry: false })?.isDirectory() ? canariesBelow(path, canaries) : canariesIn(contentOf(path), canaries)))).toEqual([]);
});
