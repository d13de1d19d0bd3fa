import { expect, test } from '@playwright/test';
import { ask, launchEdition } from '../support/app/edition.ts';
import { launchWithOpenPreload, rawInvoke } from '../support/app/hostile-page.ts';

const badRequest = { ok: false, error: expect.objectContaining({ code: 'host.bad-request' }) };

test('a command that the contract does not name is refused, and so is one of the object\'s own names', async () => {
  const running = await launchWithOpenPreload('signer');
  try {
    for (const name of ['no.such-command', 'wallet.sync', '__proto__', 'constructor', 'toString', '']) {
      expect(await rawInvoke(running.page, 'strongroom', { kind: 'call', id: 1, name, input: {} })).toEqual(badRequest);
    }
    expect(await rawInvoke(running.page, 'strongroom', { kind: 'call', id: 2, name: 'app.info', input: {} })).toMatchObject({ ok: true });
  } finally {
    await running.close();
  }
});

test('a message of another form is refused', async () => {
  const running = await launchWithOpenPreload('companion');
  try {
    for (const message of [undefined, null, 7, 'app.info', [], {}, { kind: 'call' }, { kind: 'call', id: 1 }, { kind: 'call', id: '1', name: 'app.info', input: {} }, { kind: 'other', id: 1, name: 'app.info' }]) {
      expect(await rawInvoke(running.page, 'strongroom', message)).toEqual(badRequest);
    }
  } finally {
    await running.close();
  }
});

test('no other channel is served', async () => {
  const running = await launchWithOpenPreload('signer');
  try {
    for (const channel of ['strongroom:progress', 'app.info', 'psbt.sign', 'GUEST_WINDOW_MANAGER_WINDOW_OPEN']) {
      expect(await rawInvoke(running.page, channel, { kind: 'call', id: 1, name: 'app.info', input: {} })).toMatchObject({ rejected: expect.stringContaining('No handler registered') });
    }
  } finally {
    await running.close();
  }
});

test('an input with a field too many, or of a wrong kind, is refused and its value is not repeated', async () => {
  const running = await launchEdition('signer');
  try {
    const answer = await ask(running.page, 'key.unlock', { keyFileBase64: 5, passphrase: 'a very secret phrase', extra: true });
    expect(answer).toEqual(badRequest);
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(await ask(running.page, 'app.info', { extra: 1 })).toEqual(badRequest);
  } finally {
    await running.close();
  }
});

test('a page of another origin is refused, though it runs in our own window with our own preload', async () => {
  const running = await launchWithOpenPreload('signer');
  try {
    await running.app.evaluate(async ({ BrowserWindow }) => {
      await BrowserWindow.getAllWindows()[0]?.webContents.loadURL('about:blank');
    });
    // The driver hears of the new page a moment later than the host; a question before that dies with the old page.
    await running.page.waitForURL('about:blank');
    await running.page.waitForFunction(() => 'raw' in globalThis);
    const answer = await rawInvoke(running.page, 'strongroom', { kind: 'call', id: 1, name: 'app.info', input: {} });
    expect(answer).toEqual({ ok: false, error: expect.objectContaining({ code: 'host.bad-request', details: { why: 'foreign-frame' } }) });
  } finally {
    await running.close();
  }
});

test('another window is refused, though it shows our own page with our own preload', async () => {
  const running = await launchEdition('signer');
  try {
    const opened = running.app.waitForEvent('window');
    await running.app.evaluate(async ({ BrowserWindow, session }, preload) => {
      const window = new BrowserWindow({ show: false, webPreferences: { preload, session: session.fromPartition('strongroom-signer'), sandbox: true } });
      await window.loadURL('app://signer/index.html');
    }, `${process.cwd()}/dist/signer/preload.cjs`);
    const second = await opened;
    await second.waitForLoadState('load');
    expect(await ask(second, 'app.info', {})).toEqual({ ok: false, error: expect.objectContaining({ code: 'host.bad-request', details: { why: 'foreign-frame' } }) });
    expect(await ask(running.page, 'app.info', {})).toMatchObject({ ok: true });
  } finally {
    await running.close();
  }
});

test('what cannot be copied across the boundary comes back as an error, not as an exception', async () => {
  const running = await launchEdition('companion');
  try {
    const answer = await running.page.evaluate(() => {
      const bridge = Reflect.get(window, 'strongroom') as { commands: Record<string, (input: unknown) => { reply: Promise<unknown> }> };
      try {
        return (bridge.commands['app.info'] as (input: unknown) => { reply: Promise<unknown> })({ f: document.body }).reply;
      } catch (error) {
        return { thrown: (error as Error).name };
      }
    });
    expect(answer).toEqual(expect.objectContaining({ ok: false }));
  } finally {
    await running.close();
  }
});

test('file dialogs: the page gets names and contents, never a folder; a closed dialog is no error', async () => {
  const { mkdtempSync, readFileSync, writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { tmpdir } = await import('node:os');
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-dialog-'));
  writeFileSync(join(folder, 'alice.key-record.txt'), 'record');
  writeFileSync(join(folder, 'large.key-record.txt'), 'x'.repeat(65_537));
  const running = await launchEdition('signer');
  const answerDialogs = (open: { canceled: boolean; filePaths: string[] }, save: { canceled: boolean; filePath: string }): Promise<void> =>
    running.app.evaluate(({ dialog }, answers) => {
      Reflect.set(dialog, 'showOpenDialog', async () => answers.open);
      Reflect.set(dialog, 'showSaveDialog', async () => answers.save);
    }, { open, save });
  try {
    await answerDialogs({ canceled: false, filePaths: [join(folder, 'alice.key-record.txt')] }, { canceled: false, filePath: join(folder, 'saved.txt') });
    expect(await ask(running.page, 'file.open', { kind: 'key-record', several: false })).toEqual({ ok: true, value: { files: [{ name: 'alice.key-record.txt', contentBase64: 'cmVjb3Jk' }] } });
    expect(await ask(running.page, 'file.save', { kind: 'key-record', suggestedName: 'x.txt', contentBase64: 'cmVjb3Jk' })).toEqual({ ok: true, value: { savedAs: join(folder, 'saved.txt') } });
    expect(readFileSync(join(folder, 'saved.txt'), 'utf8')).toBe('record');

    await answerDialogs({ canceled: true, filePaths: [] }, { canceled: true, filePath: '' });
    expect(await ask(running.page, 'file.open', { kind: 'psbt', several: true })).toEqual({ ok: true, value: { files: [] } });
    expect(await ask(running.page, 'file.save', { kind: 'psbt', suggestedName: 'x.psbt', contentBase64: '' })).toEqual({ ok: true, value: { savedAs: null } });

    await answerDialogs({ canceled: false, filePaths: [join(folder, 'large.key-record.txt')] }, { canceled: false, filePath: join(folder, 'no-such-folder', 'saved.txt') });
    expect(await ask(running.page, 'file.open', { kind: 'key-record', several: false })).toMatchObject({ ok: false, error: { code: 'file.too-large' } });
    expect(await ask(running.page, 'file.save', { kind: 'psbt', suggestedName: 'x.psbt', contentBase64: '' })).toMatchObject({ ok: false, error: { code: 'file.not-found' } });
    expect(await ask(running.page, 'file.save', { kind: 'psbt', suggestedName: '../x.psbt', contentBase64: '' })).toEqual(badRequest);
  } finally {
    await running.close();
  }
});
