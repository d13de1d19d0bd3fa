import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { custodyCommands } from '../../../../src/cli/signer/custody-commands.ts';
import { paperCommands } from '../../../../src/cli/signer/paper-commands.ts';
import { paperWalletCommands } from '../../../../src/cli/signer/paper-wallet-commands.ts';
import { openCustodyFile } from '../../../../src/node/signer/custody-file.ts';
import { checkWordsOf } from '../../../../src/paper/check-words.ts';
import { templateSheet } from '../../../../src/paper/sheets/template.ts';
import { idOf, made, printed } from '../../custody/fixtures.ts';
import { programOf, runLine } from '../shared/program-harness.ts';

let folder: string;
let register: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-custody-cli-'));
  register = join(folder, 'register.jsonl');
  await openCustodyFile(register).append(() => [printed(), made(), printed(idOf('b'), { serial: 'SEED-73C5DA0A-2' }), printed(idOf('c'), { serial: 'TWICE' }), printed(idOf('d'), { serial: 'TWICE' })]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function ran(...args: readonly string[]) {
  const outcome = await runLine(programOf(...custodyCommands), [...args, '--register', register, '--json']);
  return { ...outcome, json: JSON.parse(outcome.stdout) as Record<string, any> };
}

test('the register is said to come from commands that take it', () => {
  const said = JSON.stringify(custodyCommands.map(({ options }) => options));
  expect(said).toContain('paper check and paper prove');
  const taking = [...paperCommands, ...paperWalletCommands].filter(({ options }) => options.some(([name]) => name === 'custody'));
  expect(taking.map(({ name }) => name)).toEqual(['paper check', 'paper prove']);
  expect(said).not.toContain('paper make');
});

test('the sheets are listed with their states, the number of entries and the last hash', async () => {
  const listed = await ran('custody', 'list');
  expect(listed).toMatchObject({ exit: 0, json: { ok: true, entries: 5, head: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  expect(listed.json['sheets'].map((sheet: { serial: string; state: string }) => [sheet.serial, sheet.state])).toEqual([['SEED-73C5DA0A', 'made'], ['SEED-73C5DA0A-2', 'printed'], ['TWICE', 'printed'], ['TWICE', 'printed']]);
  expect((await ran('custody', 'list', '--state', 'made')).json['sheets'].length).toBe(1);
});

test('sealing, replacing and voiding are noted, by id or by serial', async () => {
  expect(await ran('custody', 'seal', 'seed-73c5da0a', '--seal', 'BAG 0017', '--by', 'Ada')).toMatchObject({ exit: 0, json: { sheet: { sheetId: idOf('a'), state: 'sealed', seal: 'BAG 0017' } } });
  expect(await ran('custody', 'replace', idOf('a'), '--with', 'SEED-73C5DA0A-2', '--by', 'Ada', '--remark', 'new label')).toMatchObject({ exit: 0, json: { sheet: { state: 'reprinted', history: [{}, {}, {}, { event: 'reprinted', by: 'Ada', remark: 'new label' }] } } });
  expect(await ran('custody', 'void', idOf('a'), '--by', 'Grace', '--remark', 'shredded')).toMatchObject({ exit: 0, json: { sheet: { state: 'void' } } });
  expect((await openCustodyFile(register).read()).entries).toBe(8);
});

test.each([
  ['sealing a sheet that was not read back', ['custody', 'seal', idOf('b'), '--seal', '1', '--by', 'Ada'], 3, 'custody.transition'],
  ['a sheet that is not there', ['custody', 'seal', idOf('f'), '--seal', '1', '--by', 'Ada'], 65, 'custody.unknown-sheet'],
  ['a replacement that is not there', ['custody', 'replace', idOf('b'), '--with', 'NONE', '--by', 'Ada'], 65, 'custody.unknown-sheet'],
  ['a serial of two sheets', ['custody', 'void', 'TWICE', '--by', 'Ada', '--remark', 'torn'], 64, 'usage.malformed'],
  ['a bag whose number is no number', ['custody', 'seal', idOf('a'), '--seal', 'bag;1', '--by', 'Ada'], 64, 'usage.malformed'],
  ['a remark of two lines', ['custody', 'void', idOf('a'), '--by', 'Ada', '--remark', 'torn\nand burnt'], 64, 'usage.malformed'],
  ['a remark that looks like a secret', ['custody', 'void', idOf('a'), '--by', 'Ada', '--remark', '0f'.repeat(32)], 3, 'custody.secret'],
] as const)('refused: %s', async (_name, args, exit, code) => {
  const before = readFileSync(register, 'utf8');
  expect(await ran(...args)).toMatchObject({ exit, json: { ok: false, error: { code } } });
  expect(readFileSync(register, 'utf8')).toBe(before);
});

test('standard input is no register', async () => {
  const outcome = await runLine(programOf(...custodyCommands), ['custody', 'list', '--register', '-', '--json']);
  expect(outcome.exit).toBe(64);
});

test('a print that is proven is noted as made, once; one that is not proven is not noted', async () => {
  const words = join(folder, 'words.txt');
  writeFileSync(words, checkWordsOf(templateSheet({ serial: 'BLANK-SEED-12', label: '', network: 'mainnet', date: '' }, 'seed-12'), 1, 1));
  const line = (file: string, ...more: readonly string[]) => runLine(programOf(...paperCommands), ['paper', 'check', '--kind', 'template', '--template', 'seed-12', '--words', file, '--json', ...more]);
  const begun = join(folder, 'begun.jsonl');
  for (let times = 0; times < 2; times += 1) expect(await line(words, '--custody', begun, '--by', 'Ada')).toMatchObject({ exit: 0 });
  const { register: kept, entries } = await openCustodyFile(begun).read();
  expect([...kept.values()]).toMatchObject([{ serial: 'BLANK-SEED-12', kind: 'template', state: 'made', network: 'mainnet', fingerprint: null, history: [{ event: 'printed', by: 'Ada', remark: 'printed from a file' }, { event: 'made', remark: 'read back by its check words' }] }]);
  expect(entries).toBe(2);
  writeFileSync(words, 'babab babab babab');
  expect(await line(words, '--custody', begun, '--by', 'Ada')).toMatchObject({ exit: 3 });
  expect(await line(words, '--custody', begun)).toMatchObject({ exit: 64 });
  expect((await openCustodyFile(begun).read()).entries).toBe(2);
});
