import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { companionContract } from '../../src/host/companion-contract.ts';
import { signerContract } from '../../src/host/signer-contract.ts';
import { ask, cleanEnvironment } from '../support/app/edition.ts';
import { launchPackaged, packagedProgram } from '../support/app/packaged.ts';
import { pictureOfCodes } from '../support/pictures.ts';

/** The applications as people get them: archive, fuses, no developer tools. Made by `npm run package`. */

const contracts = { signer: signerContract, companion: companionContract } as const;

let visits = 0;
let server: Server;
let origin: string;
test.beforeAll(async () => {
  server = createServer((_request, response) => {
    visits += 1;
    response.end('visited');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterAll(() => server.close());
test.beforeEach(({}, information) => {
  visits = 0;
  test.skip(!existsSync(packagedProgram(information.title.startsWith('signer') ? 'signer' : 'companion')), 'The application was not packaged: npm run package.');
});

for (const edition of ['signer', 'companion'] as const) {
  test(`${edition}: opens its window on its own page, with its own commands and no Node`, async () => {
    const running = await launchPackaged(edition);
    try {
      expect(running.page.url()).toBe(`app://${edition}/index.html`);
      expect(await running.page.evaluate(() => Object.keys((Reflect.get(window, 'strongroom') as { commands: object }).commands).sort())).toEqual(Object.keys(contracts[edition]).sort());
      expect(await ask(running.page, 'app.info', {})).toMatchObject({ ok: true, value: { edition, rehearsal: null } });
      expect(await ask(running.page, 'shelf.list', {})).toMatchObject({ ok: true });
      expect(await running.page.evaluate(() => [typeof Reflect.get(window, 'require'), typeof Reflect.get(window, 'process')])).toEqual(['undefined', 'undefined']);
      await expect(running.page.locator('body')).toContainText(edition, { ignoreCase: true });
    } finally {
      await running.close();
    }
  });

  test(`${edition}: inline script, eval, a remote image and a frame are each blocked`, async () => {
    const running = await launchPackaged(edition);
    try {
      const violations = await running.page.evaluate(async (elsewhere) => {
        const seen: string[] = [];
        document.addEventListener('securitypolicyviolation', (event) => seen.push(`${event.effectiveDirective} ${event.blockedURI}`));
        const attempt = (action: () => void): void => {
          try {
            action();
          } catch {
            // Refused at once; the event tells by which rule.
          }
        };
        attempt(() => document.body.setAttribute('onclick', 'window.attribute = 1'));
        attempt(() => document.head.append(Object.assign(document.createElement('script'), { textContent: 'window.inline = 1' })));
        setTimeout(() => attempt(() => Reflect.set(window, 'evaluated', (0, eval)('1'))), 0);
        document.body.append(Object.assign(new Image(), { src: `${elsewhere}/pixel.png` }), Object.assign(document.createElement('iframe'), { src: `${elsewhere}/` }));
        await new Promise((done) => setTimeout(done, 500));
        document.body.click();
        return [...seen, ...['attribute', 'inline', 'evaluated'].map((name) => `${name} ${typeof Reflect.get(window, name)}`)];
      }, origin);
      expect(violations).toEqual(expect.arrayContaining(['attribute undefined', 'inline undefined', 'evaluated undefined', `img-src ${origin}/pixel.png`, `frame-src ${origin}`]));
      expect(violations.filter((line) => /^(script-src|require-trusted-types-for)/.test(line)).length).toBeGreaterThanOrEqual(3);
      expect(visits).toBe(0);
    } finally {
      await running.close();
    }
  });

  test(`${edition}: the page's process is in Chromium's sandbox, without a network`, async () => {
    const running = await launchPackaged(edition);
    try {
      const pages = readdirSync('/proc').filter((id) => /^\d+$/.test(id) && isPageOf(id, running.userData));
      expect(pages.length).toBeGreaterThan(0);
      for (const id of pages) {
        const status = readFileSync(`/proc/${id}/status`, 'utf8');
        expect(status).toMatch(/^Seccomp:\s+2$/m);
        expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
        expect(readlinkSync(`/proc/${id}/ns/net`)).not.toBe(readlinkSync(`/proc/${running.process.pid}/ns/net`));
      }
    } finally {
      await running.close();
    }
  });

  test(`${edition}: no switch or variable turns it into Node, loads code into it, or opens a debugger`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strongroom-fuses-'));
    const mark = join(folder, 'mark');
    const code = join(folder, 'code.cjs');
    writeFileSync(code, `require('fs').writeFileSync(${JSON.stringify(mark)}, 'ran')`);

    const running = await launchPackaged(edition, { NODE_OPTIONS: `--require ${code}`, STRONGROOM_REHEARSAL: folder }, ['--inspect=0', `--require=${code}`]);
    try {
      expect(running.said()).not.toContain('Debugger listening');
      expect(await ask(running.page, 'app.info', {})).toMatchObject({ ok: true, value: { rehearsal: null } });
    } finally {
      await running.close();
    }
    // As Node it would run the code and end; as itself it finds no display and ends.
    spawnSync(packagedProgram(edition), [code], { env: { ...cleanEnvironment({ ELECTRON_RUN_AS_NODE: '1' }), DISPLAY: '' }, timeout: 20_000 });
    expect(existsSync(mark)).toBe(false);
    expect(readdirSync(folder)).toEqual(['code.cjs']);
  });
}

test('companion: the curve\'s native library is loaded from beside the archive, by the main process alone', async () => {
  const running = await launchPackaged('companion');
  try {
    const library = resolve('release/companion/linux-unpacked/resources/app.asar.unpacked/native', `secp256k1-${process.platform}-${process.arch}.node`);
    expect(loadedLibraries(String(running.process.pid))).toEqual([library]);
    for (const id of readdirSync('/proc').filter((each) => /^\d+$/.test(each) && isPageOf(each, running.userData))) expect(loadedLibraries(id)).toEqual([]);
  } finally {
    await running.close();
  }
});

/** Native code of packages that a process has mapped. Of a process in the sandbox the system tells nothing, and none can be loaded there. */
function loadedLibraries(id: string): string[] {
  try {
    return [...new Set(readFileSync(`/proc/${id}/maps`, 'utf8').match(/\/\S*\.node$/gm) ?? [])];
  } catch {
    return [];
  }
}

function isPageOf(id: string, userData: string): boolean {
  try {
    const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
    return command.includes('--type=renderer') && command.includes(userData);
  } catch {
    return false;
  }
}

test('signer: the worker that reads pictures starts from the archive', async () => {
  const running = await launchPackaged('signer');
  try {
    const order = { what: 'sheet', order: { content: { kind: 'template', template: 'seed-12', network: 'practice', label: null }, serial: null, date: null, pageSize: 'a4' } };
    const { value: { job } } = (await ask(running.page, 'sheet.prepare', { order })) as { value: { job: string } };
    const { width, height, luma } = pictureOfCodes(['a code of something else']);
    expect(await ask(running.page, 'sheet.scan', { job, frame: { width, height, lumaBase64: Buffer.from(luma).toString('base64') } })).toMatchObject({ ok: true, value: { foreign: 1, seen: 1 } });
  } finally {
    await running.close();
  }
});
