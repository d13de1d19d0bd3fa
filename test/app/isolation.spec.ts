import { expect, test } from '@playwright/test';
import { readFileSync, readlinkSync } from 'node:fs';
import { companionContract } from '../../src/host/companion-contract.ts';
import { signerContract } from '../../src/host/signer-contract.ts';
import { launchEdition, type Edition } from '../support/app/edition.ts';
import { launchWithPage } from '../support/app/hostile-page.ts';

const contracts: Readonly<Record<Edition, object>> = { signer: signerContract, companion: companionContract };

for (const edition of ['signer', 'companion'] as const) {
  test(`${edition}: nothing of Node or Electron is in the page`, async () => {
    const running = await launchEdition(edition);
    try {
      const kinds = await running.page.evaluate(() => ['require', 'process', 'module', 'exports', 'Buffer', 'global', 'setImmediate', '__dirname', 'electron', 'ipcRenderer'].map((name) => typeof Reflect.get(window, name)));
      expect(kinds).toEqual(Array.from({ length: 10 }, () => 'undefined'));
    } finally {
      await running.close();
    }
  });

  test(`${edition}: the page has one function for each command of its contract, and nothing else`, async () => {
    const running = await launchEdition(edition);
    try {
      const bridge = await running.page.evaluate(() => {
        const found = Reflect.get(window, 'strongroom') as { edition: string; commands: object };
        return { names: Object.keys(found).sort(), edition: found.edition, commands: Object.keys(found.commands).sort(), kinds: [...new Set(Object.values(found.commands).map((value) => typeof value))] };
      });
      expect(bridge).toEqual({ names: ['commands', 'edition'], edition, commands: Object.keys(contracts[edition]).sort(), kinds: ['function'] });
    } finally {
      await running.close();
    }
  });

  test(`${edition}: the page cannot replace what the preload gave it`, async () => {
    const running = await launchEdition(edition);
    try {
      const after = await running.page.evaluate(() => {
        const found = Reflect.get(window, 'strongroom') as { commands: Record<string, unknown> };
        const before = found.commands['app.info'];
        const replaced = Reflect.set(window, 'strongroom', {});
        Reflect.set(found.commands, 'app.info', () => 'forged');
        return { replaced, same: (Reflect.get(window, 'strongroom') as typeof found).commands['app.info'] === before };
      });
      expect(after).toEqual({ replaced: false, same: true });
    } finally {
      await running.close();
    }
  });

  test(`${edition}: the page's process is in Chromium's sandbox`, async () => {
    test.skip(process.platform !== 'linux', 'The proof reads /proc; other systems report it by other means.');
    const running = await launchEdition(edition);
    try {
      const processes = await running.app.evaluate(({ app, BrowserWindow }) => ({ host: process.pid, page: BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0, switchedOff: process.argv.includes('--no-sandbox') || app.commandLine.hasSwitch('no-sandbox') }));
      expect(processes.switchedOff).toBe(false);
      const status = readFileSync(`/proc/${processes.page}/status`, 'utf8');
      // 2: a filter of system calls is active; no capability is left, and none can be gained.
      expect(status).toMatch(/^Seccomp:\s+2$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      expect(status).toMatch(/^CapEff:\s+0000000000000000$/m);
      // A network namespace of its own, with nothing in it.
      const networkOf = (id: number): string => readlinkSync(`/proc/${id}/ns/net`);
      expect(networkOf(processes.page)).not.toBe(networkOf(processes.host));
    } finally {
      await running.close();
    }
  });

  test(`${edition}: camera, microphone, clipboard, place, notifications and devices are denied`, async () => {
    const running = await launchEdition(edition);
    try {
      const outcomes = await running.page.evaluate(async () => {
        const outcome = (attempt: () => Promise<unknown>): Promise<string> => Promise.resolve().then(attempt).then((value) => String(value), (error: Error) => `refused ${error.name}`);
        const place = (): Promise<unknown> => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, () => reject(new Error('denied')), { timeout: 2000 }));
        return {
          camera: await outcome(() => navigator.mediaDevices.getUserMedia({ video: true })),
          microphone: await outcome(() => navigator.mediaDevices.getUserMedia({ audio: true })),
          screen: await outcome(() => navigator.mediaDevices.getDisplayMedia()),
          clipboard: await outcome(() => navigator.clipboard.readText()),
          place: await outcome(place),
          notifications: await outcome(() => Notification.requestPermission()),
        };
      });
      for (const [name, outcome] of Object.entries(outcomes)) expect(`${name}: ${outcome}`).toMatch(/: (refused .*|denied)$/);
    } finally {
      await running.close();
    }
  });

  test(`${edition}: the page cannot leave, open a window, or be made to download`, async () => {
    const running = await launchWithPage(edition, `<a id="away" href="https://example.org/">away</a><a id="blank" href="app://${edition}/index.html" target="_blank">blank</a><a id="other" href="app://${edition === 'signer' ? 'companion' : 'signer'}/index.html">other</a><a id="down" href="main.js" download="x.js">down</a>`);
    try {
      const downloads = await running.app.evaluate(({ session }, partition) => {
        const counts = { finished: 0 };
        Reflect.set(globalThis, 'testDownloads', counts);
        session.fromPartition(partition).on('will-download', (_event, item) => item.once('done', (_done, state) => { if (state === 'completed') counts.finished += 1; }));
        return counts.finished;
      }, `strongroom-${edition}`);
      expect(downloads).toBe(0);
      for (const link of ['away', 'blank', 'other', 'down']) await running.page.evaluate((id) => document.getElementById(id)?.click(), link);
      await running.page.evaluate(() => {
        window.open('https://example.org/');
        location.href = 'file:///etc/passwd';
      });
      await running.page.waitForTimeout(400);
      expect(running.page.url()).toBe(`app://${edition}/index.html`);
      expect(running.app.windows().length).toBe(1);
      expect(await running.app.evaluate(() => (Reflect.get(globalThis, 'testDownloads') as { finished: number }).finished)).toBe(0);
    } finally {
      await running.close();
    }
  });
}
