import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { practiceChain } from '../../scripts/lib/rehearsal-practice.mjs';
import { createLook } from '../../scripts/lib/rehearsal-look.mjs';
import { rehearse } from '../../scripts/rehearsal.mjs';
import { environmentFor, launcher, requireBuilt, scratch } from './programs.ts';

/*
 * The whole ceremony by the built programs, as separate processes that hand each other files only. The Signer runs under
 * strace meanwhile, so that "opens no internet socket" is said of the real thing.
 */

const place = scratch();
const trace = join(place.folder, 'sockets.trace');
const control = join(place.folder, 'control.trace');
const strace = (file: string): string[] => ['strace', '-f', '-qq', '-e', 'trace=socket', '-A', '-o', file];
const answers: { program: string; args: string[]; answer: Record<string, any> }[] = [];
let shown = '';
let facts: Record<string, any> = {};
let traced = false;

/** strace, installed where this is a Debian machine and we may. */
function haveStrace(): boolean {
  const works = (): boolean => spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
  if (works()) return true;
  if (process.getuid?.() === 0) spawnSync('sh', ['-c', 'apt-get update -qq; apt-get install -y -qq --no-install-recommends strace'], { stdio: 'ignore', timeout: 120_000 });
  return works();
}

beforeAll(async () => {
  requireBuilt();
  traced = haveStrace();
  const folder = join(place.folder, 'rehearsal');
  const environment = environmentFor(place.folder);
  const stream = { isTTY: false, write: (text: string) => void (shown += text) };
  facts = await rehearse({
    folder, environment,
    chain: practiceChain(folder, environment),
    look: createLook(stream, {}),
    wrapSigner: traced ? strace(trace) : [],
    observe: (seen: (typeof answers)[number]) => void answers.push(seen),
  });
});
afterAll(() => place.remove());

const inFolder = (...parts: string[]): string => join(place.folder, 'rehearsal', ...parts);
const answersOf = (name: string): Record<string, any>[] => answers.filter(({ program, args }) => `${program.replace('strongroom-', '')} ${args.slice(0, 2).join(' ')}` === name).map(({ answer }) => answer);
const fieldsOf = (name: string): string[] => Object.keys(answersOf(name)[0] ?? {}).filter((field) => field !== 'exit').sort();

describe('the ceremony', () => {
  test('ends confirmed, and the ledger equals the UTXO set', () => {
    expect(facts['ledgerSats']).toBe(facts['nodeSats']);
    const paid = 12_345_678n + 4_200_000n + BigInt(facts['payFeeSats']);
    expect(BigInt(facts['ledgerSats'])).toBe(BigInt(facts['sweptSats']) - paid);
    expect(facts['entries'].map(({ kind, state, changeSats }: Record<string, string>) => ({ kind, state, changeSats }))).toEqual(expect.arrayContaining([
      { kind: 'sweep', state: 'confirmed', changeSats: facts['sweptSats'] },
      { kind: 'pay', state: 'confirmed', changeSats: String(-paid) },
    ]));
    expect(facts['entries']).toHaveLength(2);
  });

  test('nothing secret ever lay in the gap', () => {
    const inGap = readdirSync(inFolder('gap'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(inGap.length).toBeGreaterThanOrEqual(8);
    for (const file of inGap) {
      const content = readFileSync(file, 'latin1');
      expect(content).not.toMatch(/age-encryption\.org|[xt]prv[1-9A-HJ-NP-Za-km-z]{20}/);
      for (const officer of ['officer-a', 'officer-b', 'officer-c']) expect(content).not.toContain(readFileSync(inFolder(officer, 'passphrase.txt'), 'utf8').trim());
    }
  });

  test('no passphrase and no roll of the dice stands in a command line or an answer', () => {
    const said = JSON.stringify(answers) + shown;
    for (const officer of ['officer-a', 'officer-b', 'officer-c']) {
      expect(said).not.toContain(readFileSync(inFolder(officer, 'passphrase.txt'), 'utf8').trim());
      expect(said).not.toContain(readFileSync(inFolder(officer, 'dice.txt'), 'utf8').trim());
    }
  });

  test('key files and registrations can be read by their owner only', () => {
    for (const officer of facts['officers']) {
      for (const file of [officer.keyFile, officer.registration]) expect(statSync(inFolder(file)).mode & 0o077).toBe(0);
    }
  });

  test('every artifact is left to look at: records, wallet, PSBTs, QR images, final transaction, ledger', () => {
    const gap = readdirSync(inFolder('gap'));
    expect(gap.filter((name) => name.endsWith('.key-record.txt'))).toHaveLength(3);
    expect(gap).toContain('treasury.wallet.json');
    expect(gap.filter((name) => name.endsWith('.unsigned.psbt'))).toHaveLength(1);
    expect(gap.filter((name) => name.includes('.signed-'))).toHaveLength(2);
    expect(readdirSync(inFolder('gap/qr-unsigned')).filter((name) => name.endsWith('.svg')).length).toBeGreaterThanOrEqual(1);
    expect(readFileSync(inFolder(facts['finalTransaction']), 'utf8')).toMatch(/^[0-9a-f]+\n$/);
    expect(existsSync(inFolder('online/ledger.db'))).toBe(true);
    expect(readFileSync(inFolder('online/ledger.csv'), 'utf8')).toContain(facts['payTxid']);
  });

  test('what is shown names each command line and where everything lies', () => {
    expect(shown).toContain('$ strongroom-signer key create --network practice');
    expect(shown).toContain('$ strongroom-companion tx broadcast');
    expect(shown).toContain('Where everything lies');
    expect(shown).not.toContain('\u001b');
  });
});

describe('JSON fields of the contract', () => {
  test.each([
    ['signer key create', ['fingerprint', 'words', 'sources']],
    ['signer key export', ['keyRecord', 'fingerprint', 'path', 'xpub']],
    ['signer wallet register', ['walletId', 'policyId', 'quorum', 'ownKey', 'firstReceive', 'firstChange']],
    ['signer wallet policy', ['policyId', 'script', 'quorum', 'cosigners', 'descriptor', 'firstReceive', 'firstChange']],
    ['signer psbt review', ['verdict', 'reviewId', 'psbtVersion', 'network', 'wallets', 'inputsSats', 'paymentsSats', 'changeSats', 'feeSats', 'feeRateSatPerVb', 'feePercent', 'payments', 'change', 'inputs', 'quorum', 'findings']],
    ['signer psbt sign', ['signedInputs', 'psbtSha256', 'quorum', 'findings']],
    ['companion wallet create', ['policyId', 'script', 'quorum', 'cosigners', 'descriptor', 'firstReceive', 'firstChange']],
    ['companion node check', ['chain', 'height', 'headers', 'pruned', 'version']],
    ['companion wallet sync', ['balanceSats', 'unconfirmedSats', 'utxos', 'height']],
    ['companion sweep plan', ['plan']],
    ['companion pay plan', ['plan']],
    ['companion psbt combine', ['quorum']],
    ['companion psbt finalize', ['txid', 'vsizeVb', 'feeSats']],
    ['companion tx broadcast', ['txid']],
  ])('%s has %j', (name, fields) => {
    expect(fieldsOf(name)).toEqual(expect.arrayContaining(['ok', ...fields]));
  });

  test('a plan has the fields of the contract, amounts as decimal strings', () => {
    const [sweep] = answersOf('companion sweep plan');
    expect(Object.keys(sweep?.['plan'])).toEqual(expect.arrayContaining(['inputs', 'paymentsSats', 'feeSats', 'feeRateSatPerVb', 'destination', 'leftHotSats', 'skipped']));
    expect(Object.keys(sweep?.['plan']['destination']).sort()).toEqual(['address', 'branch', 'index']);
    expect(sweep?.['plan']['feeSats']).toMatch(/^[0-9]+$/);
    expect(sweep?.['plan']['feeRateSatPerVb']).toBe('5');
  });

  test('a review has the nested fields of the contract', () => {
    const [review] = answersOf('signer psbt review');
    expect(Object.keys(review?.['payments'][0]).sort()).toEqual(['address', 'amountSats', 'index', 'scriptHex']);
    expect(Object.keys(review?.['change'][0]).sort()).toEqual(['address', 'amountSats', 'branch', 'childIndex', 'index', 'wallet']);
    expect(Object.keys(review?.['inputs'][0]).sort()).toEqual(['amountSats', 'branch', 'childIndex', 'index', 'proof', 'sequence', 'signedBy', 'txid', 'vout', 'wallet']);
    expect(Object.keys(review?.['quorum']).sort()).toEqual(['required', 'signed', 'stillNeeded', 'thisKey', 'total']);
  });
});

describe('sockets', () => {
  test('strongroom-signer opens no internet socket during the whole ceremony', ({ skip }) => {
    if (!traced) skip('strace is not on this machine and could not be installed: the Signer\'s sockets were not watched');
    const calls = readFileSync(trace, 'utf8');
    expect(calls).not.toMatch(/AF_INET/);
    expect(answers.filter(({ program }) => program === 'strongroom-signer').length).toBeGreaterThanOrEqual(16);
  });

  test('the same watch sees a socket where one is opened: the Companion asking a node', ({ skip }) => {
    if (!traced) skip('strace is not on this machine and could not be installed: the watch itself was not tried');
    const cookie = place.file('cookie', '__cookie__:0');
    const [command, ...args] = [...strace(control), launcher('strongroom-companion'), 'node', 'check', '--node', `bitcoind://127.0.0.1:9?cookie=${join(place.folder, cookie)}`, '--json'];
    expect(spawnSync(command as string, args, { env: environmentFor(place.folder), encoding: 'utf8' }).status).toBe(75);
    expect(readFileSync(control, 'utf8')).toMatch(/AF_INET/);
  });
});
