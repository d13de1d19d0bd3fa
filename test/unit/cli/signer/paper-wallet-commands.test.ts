import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { paperWalletCommands } from '../../../../src/cli/signer/paper-wallet-commands.ts';
import { entryOfNote } from '../../../../src/custody/events.ts';
import { openCustodyFile } from '../../../../src/node/signer/custody-file.ts';
import { parsePaperWalletRecord } from '../../../../src/signer/entropy/paper-wallet-record.ts';
import { diceText } from '../../signer/fixtures.ts';
import { programOf, runLine, type RunOptions } from '../shared/program-harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-wallets-'));
  writeFileSync(at('dice.txt'), diceText(99).replace(/(.{11})/g, '$1\n'));
  writeFileSync(at('passphrase.txt'), 'only a rehearsal passphrase\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const ran = (args: readonly string[], options: RunOptions = {}) => runLine(programOf(...paperWalletCommands), ['paper', 'wallets', '--network', 'regtest', '--dice', at('dice.txt'), '--serial', 'SR-7', '--out', at('out'), ...args], options);
async function json(args: readonly string[]) {
  const { stdout, ...rest } = await ran([...args, '--json']);
  return { ...rest, stdout, json: JSON.parse(stdout) as Record<string, any> };
}

test('a batch is five files that only their owner can read; what is said holds no key', async () => {
  const made = await json(['--form', 'wif', '--script', 'p2tr', '--count', '2']);
  expect(made).toMatchObject({ exit: 0, json: { ok: true, network: 'regtest', script: 'p2tr', form: 'wif', count: 2, keySheets: at('out/paper-wallets-sr-7-keys.pdf') } });
  expect(readdirSync(at('out')).sort()).toEqual(['paper-wallets-sr-7-addresses.csv', 'paper-wallets-sr-7-addresses.pdf', 'paper-wallets-sr-7-keys.pdf', 'paper-wallets-sr-7-read-back.json', 'paper-wallets-sr-7.entropy.json']);
  for (const name of readdirSync(at('out'))) expect(statSync(at(`out/${name}`)).mode & 0o777).toBe(0o600);
  const csv = readFileSync(at('out/paper-wallets-sr-7-addresses.csv'), 'utf8');
  expect(csv).toMatch(/^serial,network,script,address\nSR-7-001-P,regtest,p2tr,bcrt1p[a-z0-9]{58}\nSR-7-002-P,regtest,p2tr,bcrt1p[a-z0-9]{58}\n$/);
  const record = readFileSync(at('out/paper-wallets-sr-7.entropy.json'), 'utf8');
  expect(made.json['record']).toBe(at('out/paper-wallets-sr-7.entropy.json'));
  expect(parsePaperWalletRecord(record)).toMatchObject({ serial: 'SR-7', network: 'regtest', addresses: made.json['wallets'].map(({ address }: { address: string }) => address), sources: [{ source: 'runtime' }, { source: 'kernel' }, { source: 'dice', count: 99 }] });
  expect(record + made.stdout + made.stderr).not.toMatch(/\bc[1-9A-HJ-NP-Za-km-z]{51}\b/);
});

describe('printed paper wallets are read back against their list', () => {
  const check = async (...args: string[]) => {
    const { stdout, ...rest } = await runLine(programOf(...paperWalletCommands), ['paper', 'prove', '--list', at('out/paper-wallets-sr-7-read-back.json'), ...args, '--json']);
    return { ...rest, json: JSON.parse(stdout) as Record<string, any> };
  };

  beforeEach(async () => {
    await ran(['--form', 'wif', '--count', '2']);
  });

  test('by their codes: what is missing and what is foreign is said, and ends with 3', async () => {
    const [, first = '', second = ''] = readFileSync(at('out/paper-wallets-sr-7-addresses.csv'), 'utf8').split('\n').map((row) => row.split(',')[3] as string);
    writeFileSync(at('scan.txt'), `${first}\n${second}\nanother sheet\n`);
    expect(await check('--scanned', at('scan.txt'))).toMatchObject({
      exit: 3,
      json: { ok: true, made: 2, missing: 2, foreign: 1, sheets: [{ serial: 'SR-7-001-P', made: true, by: 'codes' }, { serial: 'SR-7-001-S', part: 'secret', made: false, by: null }, { serial: 'SR-7-002-P', made: true }, { serial: 'SR-7-002-S', made: false }] },
    });
  });

  test('with a register each proven sheet is made there, once, and what is missing is not', async () => {
    const [, first = ''] = readFileSync(at('out/paper-wallets-sr-7-addresses.csv'), 'utf8').split('\n').map((row) => row.split(',')[3] as string);
    writeFileSync(at('scan.txt'), `${first}\n`);
    const noting = ['--scanned', at('scan.txt'), '--custody', at('custody.jsonl'), '--by', 'Ada'];
    expect(await check(...noting)).toMatchObject({ exit: 3, json: { made: 1, missing: 3 } });
    expect(await check(...noting)).toMatchObject({ exit: 3 });
    const { register, entries } = await openCustodyFile(at('custody.jsonl')).read();
    expect([...register.values()]).toMatchObject([{
      serial: 'SR-7-001-P', kind: 'paper-wallet', part: 'public', label: '', network: 'regtest', fingerprint: null, pages: 1, state: 'made',
      history: [{ event: 'printed', by: 'Ada', remark: 'printed from a file' }, { event: 'made', by: 'Ada', remark: 'read back by its codes' }],
    }]);
    expect(entries).toBe(2);
  });

  test('a register without a name, or a name without a register, is wrong usage and notes nothing', async () => {
    writeFileSync(at('scan.txt'), 'x');
    for (const half of [['--custody', at('custody.jsonl')], ['--by', 'Ada']]) {
      expect(await check('--scanned', at('scan.txt'), ...half)).toMatchObject({ exit: 64, json: { error: { code: 'usage.malformed' } } });
    }
    expect(existsSync(at('custody.jsonl'))).toBe(false);
  });

  test('a sheet that is void stays void, and nothing else of the same proof is noted', async () => {
    const [, first = '', second = ''] = readFileSync(at('out/paper-wallets-sr-7-addresses.csv'), 'utf8').split('\n').map((row) => row.split(',')[3] as string);
    writeFileSync(at('scan.txt'), `${second}\n`);
    const noting = ['--scanned', at('scan.txt'), '--custody', at('custody.jsonl'), '--by', 'Ada'];
    await check(...noting);
    const [sheetId = ''] = (await openCustodyFile(at('custody.jsonl')).read()).register.keys();
    await openCustodyFile(at('custody.jsonl')).append(() => [entryOfNote({ event: 'void', sheetId, by: 'Ada', remark: 'torn' }, 0)]);
    writeFileSync(at('scan.txt'), `${first}\n${second}\n`);
    expect(await check(...noting)).toMatchObject({ exit: 3, json: { ok: false, error: { code: 'custody.transition' } } });
    expect((await openCustodyFile(at('custody.jsonl')).read()).entries).toBe(3);
  });

  test('a list that is none is refused, and the list holds no key', async () => {
    const list = readFileSync(at('out/paper-wallets-sr-7-read-back.json'), 'utf8');
    expect(Object.keys(JSON.parse(list).sheets[0])).toEqual(['sheetId', 'serial', 'kind', 'part', 'label', 'network', 'fingerprint', 'codes', 'pages']);
    // As words of their own: a hash of 64 hex digits may hold 52 that look like a key.
    expect(list).not.toMatch(/\bc[1-9A-HJ-NP-Za-km-z]{51}\b/);
    writeFileSync(at('scan.txt'), 'x');
    const twice = JSON.parse(list) as { sheets: unknown[] };
    twice.sheets.push(twice.sheets[0]);
    for (const damaged of ['', '{}', list.replace('"version": 1', '"version": 2'), list.replace('regtest', 'nonet'), JSON.stringify(twice)]) {
      writeFileSync(at('out/paper-wallets-sr-7-read-back.json'), damaged);
      expect(await check('--scanned', at('scan.txt'))).toMatchObject({ exit: 65, json: { error: { code: 'paper.list-malformed' } } });
    }
  });
});

test('codes of SecurePrint are written to a file that was asked for, and are not in the JSON', async () => {
  const made = await json(['--form', 'secure-print', '--hand-codes-file', at('codes.txt')]);
  expect(made).toMatchObject({ exit: 0, json: { handCodes: at('codes.txt') } });
  const code = /^SR-7-001-S ([A-Z3479]{12})\n$/.exec(readFileSync(at('codes.txt'), 'utf8'))?.[1] as string;
  expect(code).toHaveLength(12);
  expect(made.stdout + made.stderr).not.toContain(code);
});

test('codes of SecurePrint are shown on a terminal, in groups of four', async () => {
  const { exit, stdout } = await ran(['--form', 'secure-print'], { isTerminal: true });
  expect([exit, /SR-7-001-S +[A-Z3479]{4} [A-Z3479]{4} [A-Z3479]{4}/.test(stdout)]).toEqual([0, true]);
});

test('the passphrase of BIP38 comes from a file, or is asked for twice', async () => {
  expect(await json(['--form', 'bip38', '--passphrase-file', at('passphrase.txt')])).toMatchObject({ exit: 0 });
  const asked = await ran(['--form', 'bip38', '--force'], { answers: ['only a rehearsal passphrase', 'only a rehearsal passphrase'] });
  expect(asked.exit).toBe(0);
});

test.each([
  ['SecurePrint without a place for its codes', ['--form', 'secure-print']],
  ['a passphrase for WIF', ['--form', 'wif', '--passphrase-file', 'p.txt']],
  ['a file of codes for WIF', ['--form', 'wif', '--hand-codes-file', 'c.txt']],
  ['no form', []],
  ['501 wallets', ['--form', 'wif', '--count', '501']],
  ['a script that paper wallets have not', ['--form', 'wif', '--script', 'p2sh']],
])('%s is wrong usage, and nothing is made', async (_name, args) => {
  expect(await json(args)).toMatchObject({ exit: 64, json: { ok: false, error: { code: 'usage.malformed' } } });
  expect(readdirSync(folder).sort()).toEqual(['dice.txt', 'passphrase.txt']);
});

test('rolls that are too few leave nothing behind', async () => {
  writeFileSync(at('dice.txt'), '123456');
  expect(await json(['--form', 'wif'])).toMatchObject({ exit: 65, json: { error: { code: 'entropy.too-little' } } });
  expect(readdirSync(folder).sort()).toEqual(['dice.txt', 'passphrase.txt']);
});
