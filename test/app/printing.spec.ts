import { expect, test } from '@playwright/test';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeReader } from '../../src/node/shared/code-reading/read-codes.ts';
import { fetchInSession } from '../support/app/hostile-page.ts';
import { launchEdition } from '../support/app/edition.ts';
import { noPrintService, PRINTER, startPrintService, type PrintService } from '../support/app/print-service.ts';
import { difference, pageSizesMm, picturesOfPdf } from '../support/app/prints.ts';
import { newKey, refusal, seedOrder, value, walletsOrder } from '../support/app/sheets.ts';

/** Paper from the Signer's window: a real print service takes the pages, and what comes out of the printer is looked at. */

test.afterAll(() => codeReader().forget());

test('preview, PDF and print are the same picture at exact size; the print reads back', async () => {
  const missing = noPrintService();
  test.skip(missing !== null, missing ?? '');
  const service = await startPrintService();
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-print-test-'));
  const running = await launchEdition('signer', { environment: service.environment });
  try {
    const { printers } = await value(running.page, 'sheet.printers', {});
    expect(printers).toEqual([{ name: PRINTER, displayName: PRINTER, isDefault: false, location: 'Vault, 2nd floor', model: 'Strongroom test printer', connection: 'unknown' }]);
    const { keyHandle, words } = await newKey(running.page);
    for (const [size, widthMm, heightMm] of [['a4', 210, 297], ['letter', 215.9, 279.4]] as const) {
      const prepared = await value(running.page, 'sheet.prepare', seedOrder(keyHandle, size));
      const { job, sheets } = prepared;
      expect(sheets).toMatchObject([{ kind: 'seed', part: 'secret', pages: 1 }]);
      expect(await value(running.page, 'sheet.print', { job, part: 'secret', printer: PRINTER, by: 'Ada' })).toEqual({ pages: 1 });
      const print = await lastPrint(service, size === 'a4' ? 1 : 2);

      const path = join(folder, `${size}.pdf`);
      await running.app.evaluate(({ dialog }, filePath) => void (dialog.showSaveDialog = async () => ({ canceled: false, filePath })), path);
      expect(await value(running.page, 'sheet.save', { job, part: 'secret', by: 'Ada' })).toEqual({ savedAs: path });
      expect(statSync(path).mode & 0o077).toBe(0);

      const [sides, ...others] = pageSizesMm(print);
      expect(others).toEqual([]);
      expect(Math.abs((sides?.[0] ?? 0) - widthMm)).toBeLessThan(0.3);
      expect(Math.abs((sides?.[1] ?? 0) - heightMm)).toBeLessThan(0.3);
      const [printed] = picturesOfPdf(print, 200);
      const [saved] = picturesOfPdf(readFileSync(path), 200);
      if (printed === undefined || saved === undefined) throw new Error('no page');
      expect(difference(printed, saved)).toBeLessThan(0.0005);
      expect(printed.luma.filter((brightness) => brightness < 128).length).toBeGreaterThan(20_000);

      // The sheet's code is the SeedQR of the key's words, and nothing else is on the page.
      const texts = await codeReader().inFrame(printed);
      expect(texts.length).toBe(1);
      expect(texts[0]).toMatch(new RegExp(`^\\d{${words.length * 4}}$`));
    }
  } finally {
    await running.close();
    service.close();
  }
});

test('a batch prints its public and its secret pages apart, each page once and in order', async () => {
  const missing = noPrintService();
  test.skip(missing !== null, missing ?? '');
  const service = await startPrintService();
  const running = await launchEdition('signer', { environment: service.environment });
  try {
    const { job, sheets } = await value(running.page, 'sheet.prepare', walletsOrder(3));
    expect(sheets.map(({ part }: { part: string }) => part)).toEqual(['public', 'secret', 'public', 'secret', 'public', 'secret']);
    expect(existsSync(join(running.userData, 'papers'))).toBe(false);
    expect(await value(running.page, 'sheet.print', { job, part: 'public', printer: PRINTER, by: 'Ada' })).toEqual({ pages: 3 });
    expect(readdirSync(join(running.userData, 'papers'))).toEqual([expect.stringMatching(/^paper-wallets-.*\.entropy\.json$/)]);
    const addresses: string[] = [];
    for (const page of picturesOfPdf(await lastPrint(service, 1), 200)) addresses.push(...(await codeReader().inFrame(page)));
    expect(addresses.length).toBe(3);
    expect(addresses.every((text) => /bcrt1q/i.test(text))).toBe(true);
    expect(await value(running.page, 'sheet.print', { job, part: 'secret', printer: PRINTER, by: 'Ada' })).toEqual({ pages: 3 });
    expect(picturesOfPdf(await lastPrint(service, 2), 40).length).toBe(3);
    const { sheets: kept } = await value(running.page, 'custody.list', {});
    expect(kept.map(({ state, history }: { state: string; history: { by: string; remark: string }[] }) => [state, history[0]?.by, history[0]?.remark])).toEqual(Array(6).fill(['printed', 'Ada', `printer ${PRINTER}`]));
  } finally {
    await running.close();
    service.close();
  }
});

test('nothing that was printed stays behind: not in the folder of temporary files, not in memory', async () => {
  const missing = noPrintService();
  test.skip(missing !== null, missing ?? '');
  const service = await startPrintService();
  const temporary = mkdtempSync(join(tmpdir(), 'strongroom-tmp-'));
  const leftIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('strongroom-spool-'));
  const running = await launchEdition('signer', { environment: { ...service.environment, TMPDIR: temporary, XDG_RUNTIME_DIR: '' } });
  const { pid } = running.app.process();
  const spooled = (): string[] => leftIn('/dev/shm').filter((name) => name.includes(`-${pid}-`));
  try {
    const { keyHandle } = await newKey(running.page);
    const { job } = await value(running.page, 'sheet.prepare', seedOrder(keyHandle));
    await value(running.page, 'sheet.print', { job, part: 'secret', printer: PRINTER, by: 'Ada' });
    await lastPrint(service, 1);
    expect(filesBelow(temporary).filter((file) => readFileSync(file).subarray(0, 5).toString() === '%PDF-')).toEqual([]);
    expect(spooled().length).toBe(1);
    const [folder] = spooled() as [string];
    await expect.poll(() => readdirSync(join('/dev/shm', folder)), { timeout: 60_000 }).toEqual([]);
  } finally {
    await running.close();
    service.close();
  }
  expect(filesBelow(temporary).filter((file) => readFileSync(file).subarray(0, 5).toString() === '%PDF-')).toEqual([]);
  expect(spooled()).toEqual([]);
});

test('what cannot be printed is named, and the register does not speak of a paper that is not there', async () => {
  const running = await launchEdition('signer');
  try {
    const { keyHandle } = await newKey(running.page);
    const { job } = await value(running.page, 'sheet.prepare', seedOrder(keyHandle));
    expect(await refusal(running.page, 'sheet.print', { job, part: 'secret', printer: 'no such printer', by: 'Ada' })).toBe('print.no-printer');
    expect(await refusal(running.page, 'sheet.print', { job, part: 'public', printer: PRINTER, by: 'Ada' })).toBe('paper.malformed');
    expect(await refusal(running.page, 'sheet.print', { job: 'f'.repeat(32), part: 'secret', printer: PRINTER, by: 'Ada' })).toBe('sheet.gone');
    expect(await value(running.page, 'custody.list', {})).toEqual({ sheets: [] });
  } finally {
    await running.close();
  }
});

test('a page\'s picture is served to the page while its job lives, never cached, and never elsewhere', async () => {
  const running = await launchEdition('signer');
  try {
    const { keyHandle } = await newKey(running.page);
    const prepare = () => value(running.page, 'sheet.prepare', seedOrder(keyHandle));
    const shown = (picture: string): Promise<string> =>
      running.page.evaluate((src) => new Promise<string>((resolve) => {
        const image = new Image();
        image.onload = () => resolve(`${image.naturalWidth} x ${image.naturalHeight}`);
        image.onerror = () => resolve('none');
        image.src = src;
      }), picture);
    const { job, pages } = await prepare();
    expect(await shown(pages[0].picture)).toBe('794 x 1123');
    const address = `app://signer/${pages[0].picture}`;
    expect(await fetchInSession(running.app, 'signer', address)).toMatchObject({ status: 200, headers: { 'content-type': 'image/svg+xml', 'cache-control': 'no-store' } });
    for (const other of [`app://signer/held/${job}/1.svg`, `app://signer/held/${job}/print.html`, `app://signer/held/${job}/00.svg`, `app://signer/held/${'0'.repeat(32)}/0.svg`]) {
      expect((await fetchInSession(running.app, 'signer', other)).status).toBe(404);
    }
    await value(running.page, 'sheet.drop', { job });
    expect((await fetchInSession(running.app, 'signer', address)).status).toBe(404);
    expect(await refusal(running.page, 'sheet.scan-file', { job })).toBe('sheet.gone');

    // The key that it was made of is locked, the screen is locked, the page is reloaded: each takes the prepared sheets away.
    const second = await prepare();
    await value(running.page, 'key.lock', { keyHandle });
    expect((await fetchInSession(running.app, 'signer', `app://signer/${second.pages[0].picture}`)).status).toBe(404);
    for (const leave of ['lock', 'reload'] as const) {
      const { job: wallets, pages: [page] } = await value(running.page, 'sheet.prepare', walletsOrder(1));
      if (leave === 'lock') await running.app.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
      else {
        const reloaded = running.page.waitForEvent('load');
        await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload());
        await reloaded;
      }
      expect((await fetchInSession(running.app, 'signer', `app://signer/${page.picture}`)).status).toBe(404);
      expect(await refusal(running.page, 'sheet.type-words', { job: wallets, words: [] })).toBe('sheet.gone');
    }
  } finally {
    await running.close();
  }
});

async function lastPrint(service: PrintService, count: number): Promise<Uint8Array> {
  await service.untilPrinted(count);
  return service.prints().at(-1)?.pdf as Uint8Array;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}
