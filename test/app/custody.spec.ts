import { expect, test } from '@playwright/test';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchEdition, type RunningEdition } from '../support/app/edition.ts';
import { picturesOfPdf } from '../support/app/prints.ts';
import { newKey, passphrase, refusal, seedOrder, value } from '../support/app/sheets.ts';
import { pictureOfCodes, pngFile, pngOf } from '../support/pictures.ts';

/** From a sheet in the window to the register of paper; copies of key files; records of keys and drills. */

const folder = (): string => mkdtempSync(join(tmpdir(), 'strongroom-custody-app-'));
const chooseFiles = (running: RunningEdition, filePaths: readonly string[]): Promise<void> =>
  running.app.evaluate(({ dialog }, paths) => void (dialog.showOpenDialog = async () => ({ canceled: paths.length === 0, filePaths: [...paths] })), filePaths);

test('a sheet that was saved and printed elsewhere is made by pictures of its print, then sealed; the register outlives the program', async () => {
  const userData = folder();
  const files = folder();
  const first = await launchEdition('signer', { userData });
  let sheetId: string;
  try {
    const { keyHandle } = await newKey(first.page);
    const { job, sheets } = await value(first.page, 'sheet.prepare', seedOrder(keyHandle));
    sheetId = sheets[0].sheetId;
    await first.app.evaluate(({ dialog }, filePath) => void (dialog.showSaveDialog = async () => ({ canceled: false, filePath })), join(files, 'sheet.pdf'));
    await value(first.page, 'sheet.save', { job, part: 'secret', by: 'Ada' });
    // A file is not a print.
    expect(await value(first.page, 'custody.list', {})).toEqual({ sheets: [] });
    expect(await refusal(first.page, 'sheet.save', { job, part: 'secret', by: 'Ada' })).toBe('file.exists');
    expect(existsSync(join(files, 'sheet.pdf.previous'))).toBe(false);

    writeFileSync(join(files, 'other.png'), pngOf(pictureOfCodes(['another sheet'])));
    writeFileSync(join(files, 'broken.png'), pngFile({ width: 2000, height: 2000, scanLines: new Uint8Array(10) }));
    writeFileSync(join(files, 'print.png'), pngOf(picturesOfPdf(readFileSync(join(files, 'sheet.pdf')), 150)[0] as Parameters<typeof pngOf>[0]));
    await chooseFiles(first, []);
    expect(await value(first.page, 'sheet.scan-file', { job })).toMatchObject({ sheets: [{ made: false }], foreign: 0, seen: 0 });
    await chooseFiles(first, [join(files, 'broken.png')]);
    expect(await refusal(first.page, 'sheet.scan-file', { job })).toBe('picture.unreadable');
    await chooseFiles(first, [join(files, 'other.png'), join(files, 'print.png')]);
    expect(await value(first.page, 'sheet.scan-file', { job })).toMatchObject({ sheets: [{ sheetId, made: true, by: 'codes', missing: [] }], foreign: 1, seen: 1 });
    expect(await refusal(first.page, 'custody.note', { event: 'void', sheetId, by: 'Ada', remark: '0f'.repeat(32) })).toBe('custody.secret');
    expect(await value(first.page, 'custody.note', { event: 'sealed', sheetId, by: 'Grace', seal: 'BAG 0017' })).toMatchObject({ sheet: { state: 'sealed', seal: 'BAG 0017' } });
    expect(statSync(join(userData, 'custody.jsonl')).mode & 0o077).toBe(0);
  } finally {
    await first.close();
  }
  const second = await launchEdition('signer', { userData });
  try {
    const { sheets } = await value(second.page, 'custody.list', {});
    expect(sheets).toMatchObject([{ sheetId, state: 'sealed', history: [{ event: 'printed', by: 'Ada', remark: 'printed from a file' }, { event: 'made', by: 'Ada' }, { event: 'sealed', by: 'Grace' }] }]);
    expect(await refusal(second.page, 'custody.note', { event: 'void', sheetId: 'f'.repeat(32), by: 'Ada', remark: 'torn' })).toBe('custody.unknown-sheet');
    // Somebody else wrote into it.
    appendFileSync(join(userData, 'custody.jsonl'), '{}\n');
    expect(await refusal(second.page, 'custody.list', {})).toBe('custody.damaged');
  } finally {
    await second.close();
  }
});

test('check words typed from the print prove it too', async () => {
  const running = await launchEdition('signer');
  try {
    const order = { order: { what: 'sheet', order: { content: { kind: 'template', template: 'seed-12', network: 'practice', label: 'blank' }, serial: null, date: null, pageSize: 'letter' } } };
    const { job, sheets } = await value(running.page, 'sheet.prepare', order);
    expect(sheets[0].codes).toEqual([]);
    expect(await value(running.page, 'sheet.type-words', { job, words: ['babab babab babab'] })).toMatchObject({ sheets: [{ made: false, by: null, unproven: [1] }] });
    expect(JSON.stringify(sheets)).not.toContain('checkWords');
  } finally {
    await running.close();
  }
});

test('a key file is copied to a folder and checked there; a copy that was damaged or taken away is told', async () => {
  const running = await launchEdition('signer');
  const stick = folder();
  try {
    const { keyFileBase64, suggestedName: name, entropyRecord } = await value(running.page, 'key.create', { network: 'practice', label: 'alice', words: 12, dice: '315264251643522616354142635132456621344151623665243152463614', passphrase });
    await value(running.page, 'shelf.add-key', { name, keyFileBase64, entropyRecord });
    expect(await value(running.page, 'copies.list', {})).toMatchObject({ keys: [{ name, copies: [] }] });
    await chooseFiles(running, []);
    expect(await value(running.page, 'copies.add', { name })).toEqual({ copies: null });
    await chooseFiles(running, [stick]);
    expect(await value(running.page, 'copies.add', { name })).toMatchObject({ copies: { name, copies: [{ place: join(stick, name), state: 'intact' }] } });
    expect(readFileSync(join(stick, name)).equals(Buffer.from(keyFileBase64, 'base64'))).toBe(true);
    writeFileSync(join(stick, name), 'damaged');
    expect(await value(running.page, 'copies.check', { name })).toMatchObject({ copies: { copies: [{ state: 'changed' }] } });
    expect(await value(running.page, 'copies.list', {})).toMatchObject({ keys: [{ copies: [{ state: 'changed' }] }] });
    expect(await refusal(running.page, 'copies.check', { name: 'none.key.age' })).toBe('file.not-found');

    // Its record lies beside it; neither is taken for the other.
    const shelf = await value(running.page, 'shelf.list', {});
    expect(shelf).toMatchObject({ keys: [{ name }], entropyRecords: [entropyRecord], damaged: [] });
    // As the command line writes it, so that a recall by version or build finds the keys of both.
    const { version, builds } = JSON.parse(readFileSync('dist/build.json', 'utf8'));
    expect(entropyRecord).toMatchObject({ programVersion: version, build: builds.signer });
    expect(shelf['keys'].length).toBe(1);

    const changed = await value(running.page, 'key.change-passphrase', { keyFileBase64, passphrase, newPassphrase: 'another horse battery' });
    await value(running.page, 'shelf.replace-key', { name, keyFileBase64: changed['keyFileBase64'] });
    expect(readdirSync(join(running.userData, 'keys')).filter((file) => file.endsWith('.previous'))).toContain(`${name}.previous`);
    expect(await refusal(running.page, 'shelf.replace-key', { name: 'none.key.age', keyFileBase64 })).toBe('file.not-found');
    expect(await refusal(running.page, 'shelf.replace-key', { name, keyFileBase64: 'AAAA' })).toBe('key.file-malformed');
  } finally {
    await running.close();
  }
});

test('records of drills are kept, and one that cannot be read is named beside the others', async () => {
  const running = await launchEdition('signer');
  try {
    const record = {
      format: 'strongroom-drill', version: 1, fingerprint: '73c5da0a', network: 'practice', label: 'alice', from: 'paper', by: 'Ada', startedAt: '2026-11-22T10:15:00.000Z', seconds: 300,
      outcome: 'failed', scores: [], failure: 'mnemonic.malformed', attempts: 1, nextDue: '2027-02-22',
    };
    expect(await value(running.page, 'drill.keep', { record })).toEqual({ name: '73c5da0a-2026-11-22-101500.drill.json' });
    expect(await refusal(running.page, 'drill.keep', { record })).toBe('file.exists');
    expect(await value(running.page, 'drill.list', {})).toEqual({ records: [record], damaged: [] });
    expect(await refusal(running.page, 'drill.keep', { record: { ...record, outcome: 'passed' } })).toBe('drill.record-malformed');
    mkdirSync(join(running.userData, 'drills'), { recursive: true });
    writeFileSync(join(running.userData, 'drills', 'bad.drill.json'), '{}');
    expect(await value(running.page, 'drill.list', {})).toEqual({ records: [record], damaged: [{ name: 'bad.drill.json', code: 'drill.record-malformed' }] });
  } finally {
    await running.close();
  }
});
