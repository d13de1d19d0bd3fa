import type { Session } from 'electron';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';

/** A window as the runtime makes one, whose printer does what the test says. */
const runtime = vi.hoisted(() => ({ printers: ['Office'], answer: [true, ''] as [boolean, string], done: [] as string[] }));
vi.mock('electron', () => ({
  BrowserWindow: class {
    readonly webContents = {
      getPrintersAsync: async () => runtime.printers.map((name) => ({ name })),
      print: (options: { deviceName: string }, ended: (success: boolean, reason: string) => void) => {
        runtime.done.push(`printed on ${options.deviceName}`);
        // As Chromium does on Linux: the document is a file before it goes to the print service.
        if (runtime.answer[0]) writeFileSync(join(process.env['TMPDIR'] as string, 'document.pdf'), 'pages');
        ended(...runtime.answer);
      },
    };
    loadURL = async () => undefined;
    destroy = () => runtime.done.push('closed');
  },
}));
const { printDocument } = await import('../../../electron/shell/print-window.ts');

const print = (printer: string, beforePrinting = async () => void runtime.done.push('noted')): Promise<void> =>
  printDocument({} as Session, { address: 'app://signer/held/0/print.html', paper: 'a4', printer, beforePrinting });
afterAll(async () => (await import('../../../electron/shell/spool-folder.ts')).removeSpoolFolders());
beforeEach(() => Object.assign(runtime, { answer: [true, ''], done: [] }));

test('what is printed was noted before, and its window is gone after', async () => {
  await print('Office');
  expect(runtime.done).toEqual(['noted', 'printed on Office', 'closed']);
});

test('a printer that the system does not know gets nothing, and nothing is noted', async () => {
  await expect(print('Office ')).rejects.toThrow(expect.objectContaining({ code: 'print.no-printer', details: { printer: 'Office ' } }));
  expect(runtime.done).toEqual(['closed']);
});

test('what cannot be noted is not printed', async () => {
  await expect(print('Office', () => Promise.reject(new Error('full')))).rejects.toThrow('full');
  expect(runtime.done).toEqual(['closed']);
});

test('pages that the system does not take are said not to be taken, with its own reason, shortened', async () => {
  runtime.answer = [false, `Print job failed${'!'.repeat(100)}`];
  await expect(print('Office')).rejects.toThrow(expect.objectContaining({ code: 'print.failed', details: { reason: `Print job failed${'!'.repeat(44)}` } }));
  expect(runtime.done).toEqual(['noted', 'printed on Office', 'closed']);
});
