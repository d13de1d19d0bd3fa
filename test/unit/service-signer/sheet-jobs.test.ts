import { beforeEach, describe, expect, test } from 'vitest';
import { codesOf } from '../../../src/paper/sheet.ts';
import { paperWalletSheets } from '../../../src/paper/sheets/paper-wallet.ts';
import { templateSheet } from '../../../src/paper/sheets/template.ts';
import { preparedSheet, type PreparedSheets } from '../../../src/service/signer/prepared-sheet.ts';
import { IDLE_JOB_MS, SheetJobs } from '../../../src/service/signer/sheet-jobs.ts';
import { fakeEffects, type FakeEffects } from './fake-effects.ts';

/** Prepared sheets in the host: shown by number, proven by content, gone when nobody is there. */

const facts = { serial: 'PW-1', label: 'spare', network: 'practice', date: '2026-11-22' } as const;
const [address, secret] = paperWalletSheets(facts, { address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080', script: 'p2wpkh', secret: { form: 'wif', text: 'cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA' } });
const wallet: PreparedSheets = { sheets: [preparedSheet(address, 'a4', null), preparedSheet(secret, 'a4', null)], handCodes: [] };
const template: PreparedSheets = { sheets: [preparedSheet(templateSheet({ ...facts, serial: 'BLANK', date: '' }, 'seed-12'), 'letter', null)], handCodes: [] };
const textsOf = (sheet: typeof address) => codesOf(sheet).map(({ text }) => text);
const gone = expect.objectContaining({ code: 'sheet.gone' });

let effects: FakeEffects;
let dropped: string[];
let jobs: SheetJobs;
const open = (prepared: PreparedSheets, keyHandle: string | null = null) => jobs.open(prepared, keyHandle, (job, index) => `held/${job}/${index}.svg`);
beforeEach(() => {
  effects = fakeEffects();
  dropped = [];
  jobs = new SheetJobs(effects, (job) => dropped.push(job));
});

test('the window gets names, sizes and addresses of pictures, and nothing that is on a secret sheet', () => {
  const reply = open(wallet);
  expect(reply.pages).toEqual([
    { sheetId: wallet.sheets[0]?.facts.sheetId, page: 1, picture: `held/${reply.job}/0.svg`, widthMm: 210, heightMm: 297 },
    { sheetId: wallet.sheets[1]?.facts.sheetId, page: 1, picture: `held/${reply.job}/1.svg`, widthMm: 210, heightMm: 297 },
  ]);
  expect(reply.sheets.map(({ part, label, codes }) => [part, label, codes.length > 0])).toEqual([['public', 'spare', true], ['secret', 'spare', true]]);
  expect(JSON.stringify(reply)).not.toContain('cMahea7z');
});

test('a batch of paper wallets keeps its record until it is dropped; other sheets have none', () => {
  const record = { serial: 'PW-1', network: 'practice', label: 'spare', addresses: ['bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080'], sources: [], health: [], program: 'strongroom-signer', programVersion: '0.1.0', build: 'source', madeAt: '2026-11-22T10:00:00Z' } as const;
  const { job } = open({ ...wallet, record });
  expect(jobs.recordOf(job)).toBe(record);
  expect(jobs.recordOf(open(template).job)).toBe(undefined);
  jobs.drop(job);
  expect(() => jobs.recordOf(job)).toThrow(gone);
});

test('a page is found by its place in the job', () => {
  const { job } = open(wallet);
  expect(jobs.page(job, 1)).toBe(wallet.sheets[1]?.pages[0]);
  expect(jobs.page(job, 2)).toBe(null);
  expect(jobs.page('f'.repeat(32), 0)).toBe(null);
});

test('one part is handed out for printing: secret pages never stand among public ones', () => {
  const { job } = open(wallet);
  expect(jobs.part(job, 'public', 'Ada').pages).toEqual(wallet.sheets[0]?.pages);
  expect(jobs.part(job, 'secret', 'Ada')).toMatchObject({ serial: secret.serial, sheets: [{ serial: secret.serial, part: 'secret', network: 'practice', fingerprint: null, label: 'spare', pages: 1, kind: 'paper-wallet' }] });
  const { job: blank } = open(template);
  expect(() => jobs.part(blank, 'public', 'Ada')).toThrow(expect.objectContaining({ code: 'paper.malformed' }));
});

describe('reading back', () => {
  test('codes count wherever and whenever they are scanned; what is foreign is counted once', () => {
    const { job } = open(wallet);
    const [first, ...rest] = [...textsOf(address), ...textsOf(secret)];
    expect(jobs.scan(job, [first as string, 'something else'])).toMatchObject({ foreign: 1, seen: 2 });
    const state = jobs.scan(job, [...rest, 'something else']);
    expect(state.sheets.map(({ made, by, missing }) => [made, by, missing])).toEqual([[true, 'codes', []], [true, 'codes', []]]);
    expect(state.foreign).toBe(1);
    expect(JSON.stringify(state)).not.toContain('cMahea7z');
  });

  test('check words prove a sheet page by page', () => {
    const { job } = open(template);
    expect(jobs.typeWords(job, ['not these words']).sheets[0]).toMatchObject({ made: false, unproven: [1] });
    expect(jobs.typeWords(job, [template.sheets[0]?.pages[0]?.checkWords as string])).toMatchObject({ sheets: [{ made: true, by: 'words', unproven: [] }], foreignWords: 1 });
  });

  test('a sheet that is proven is told once, under the name of who printed it', () => {
    const { job } = open(wallet);
    jobs.part(job, 'secret', 'Ada');
    jobs.scan(job, textsOf(secret));
    const { sheets, by } = jobs.newlyMade(job);
    expect([sheets.map(({ sheet, by: proof }) => [sheet.part, proof]), by]).toEqual([[['secret', 'codes']], 'Ada']);
    // Until it was noted: a register that could not be written is tried again with the next picture.
    expect(jobs.newlyMade(job).sheets.length).toBe(1);
    jobs.noted(job, sheets.map(({ sheet }) => sheet.sheetId));
    expect(jobs.newlyMade(job).sheets).toEqual([]);
  });

  test('a print of it anew has to be read back anew, and only that', () => {
    const { job } = open(wallet);
    jobs.scan(job, [...textsOf(address), ...textsOf(secret)]);
    jobs.noted(job, wallet.sheets.map(({ facts: { sheetId } }) => sheetId));
    jobs.typeWords(job, [wallet.sheets[1]?.pages[0]?.checkWords as string]);
    jobs.printed(job, [wallet.sheets[1]?.facts.sheetId as string]);
    expect(jobs.scan(job, []).sheets.map(({ made }) => made)).toEqual([true, false]);
    jobs.scan(job, textsOf(secret));
    expect(jobs.newlyMade(job).sheets.map(({ sheet }) => sheet.part)).toEqual(['secret']);
  });
});

describe('what was prepared is gone', () => {
  test('when it is dropped, and dropping again is no error', () => {
    const { job } = open(wallet);
    jobs.drop(job);
    jobs.drop(job);
    expect(jobs.page(job, 0)).toBe(null);
    for (const attempt of [() => jobs.scan(job, []), () => jobs.typeWords(job, []), () => jobs.part(job, 'secret', ''), () => jobs.newlyMade(job)]) expect(attempt).toThrow(gone);
    expect(dropped).toEqual([job]);
    expect(effects.timers()).toBe(0);
  });

  test('with the key that it was made of', () => {
    const ofKey = open(template, 'a'.repeat(32)).job;
    const other = open(wallet).job;
    jobs.dropOfKey('a'.repeat(32));
    expect(dropped).toEqual([ofKey]);
    expect(jobs.page(other, 0)).not.toBe(null);
  });

  test('when the window is locked', () => {
    const all = [open(wallet).job, open(template).job];
    jobs.dropAll();
    expect(dropped).toEqual(all);
  });

  test('after half an hour that nobody touched it', () => {
    const { job } = open(wallet);
    effects.pass(IDLE_JOB_MS - 1);
    jobs.scan(job, []);
    effects.pass(IDLE_JOB_MS - 1);
    expect(jobs.page(job, 0)).not.toBe(null);
    effects.pass(IDLE_JOB_MS);
    expect(dropped).toEqual([job]);
  });

  test('when eight others came: the one left alone longest', () => {
    const first = open(wallet).job;
    effects.pass(10);
    const second = open(template).job;
    effects.pass(10);
    jobs.scan(first, []);
    for (let count = 0; count < 7; count += 1) {
      effects.pass(10);
      open(template);
    }
    expect(dropped).toEqual([second]);
  });
});
