import { expect, test } from '@playwright/test';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { launchEdition } from '../support/app/edition.ts';
import { fetchInSession } from '../support/app/hostile-page.ts';

/** Counts connections at the lowest level that a test can see. */
let connections = 0;
let server: Server;
let address: string;
test.beforeAll(async () => {
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
test.afterAll(() => server.close());

for (const edition of ['signer', 'companion'] as const) {
  test(`${edition}: the window's session refuses every address but its own page, without any policy of a page`, async () => {
    const running = await launchEdition(edition);
    try {
      expect((await fetchInSession(running.app, edition, `app://${edition}/index.html`)).status).toBe(200);
      for (const url of [address, 'https://example.org/', 'file:///etc/passwd', `app://${edition === 'signer' ? 'companion' : 'signer'}/index.html`, 'chrome://gpu/']) {
        const answer = await fetchInSession(running.app, edition, url);
        expect([0, 404]).toContain(answer.status);
      }
      const loaded = await running.app.evaluate(async ({ BrowserWindow, session }, [partition, url]) => {
        const window = new BrowserWindow({ show: false, webPreferences: { session: session.fromPartition(partition as string) } });
        return window.loadURL(url as string).then(() => 'loaded', (error: { code?: string }) => error.code ?? 'failed');
      }, [`strongroom-${edition}`, address] as const);
      expect(loaded).toMatch(/^ERR_/);
      expect(connections).toBe(0);
    } finally {
      await running.close();
    }
  });

  test(`${edition}: only files of the page are served, in no spelling any other`, async () => {
    const running = await launchEdition(edition);
    try {
      for (const path of ['../main.cjs', '..%2fmain.cjs', '%2e%2e/main.cjs', '..%5cmain.cjs', '%2e%2e%2fpackage.json', 'styles/..%2f..%2fmain.cjs', '.hidden.js', 'renderer', 'styles', 'main.js%00.html', '/etc/passwd']) {
        expect(`${path} ${(await fetchInSession(running.app, edition, `app://${edition}/${path}`)).status}`).toBe(`${path} 404`);
      }
    } finally {
      await running.close();
    }
  });
}

test('the Signer\'s host has no function that reaches a network by its name', async () => {
  const running = await launchEdition('signer');
  try {
    expect(await running.app.evaluate(() => ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'].map((name) => typeof Reflect.get(globalThis, name)))).toEqual(['undefined', 'undefined', 'undefined', 'undefined']);
  } finally {
    await running.close();
  }
});

test('the window keeps nothing on disk: its session is in memory only', async () => {
  const running = await launchEdition('signer');
  try {
    expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => [window.webContents.session.isPersistent(), window.webContents.session.storagePath]))).toEqual([[false, null]]);
  } finally {
    await running.close();
  }
});
