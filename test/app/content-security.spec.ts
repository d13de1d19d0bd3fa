import { expect, test } from '@playwright/test';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchInSession, launchWithPage, violationsOf } from '../support/app/hostile-page.ts';
import { launchEdition, type Edition } from '../support/app/edition.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const editions: readonly Edition[] = ['signer', 'companion'];

/** A server that counts who comes by: nobody may. */
let visits = 0;
let server: Server;
let origin: string;
test.beforeAll(async () => {
  server = createServer((_request, response) => {
    visits += 1;
    response.end('visited');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterAll(() => server.close());
test.beforeEach(() => {
  visits = 0;
});

for (const edition of editions) {
  test(`${edition}: every answer carries the policy of the design, word for word, refusals too`, async () => {
    const running = await launchEdition(edition);
    try {
      for (const path of ['index.html', 'main.js', 'no-such-file.js', '..%2fmain.cjs']) {
        const answer = await fetchInSession(running.app, edition, `app://${edition}/${path}`);
        expect(answer.headers['content-security-policy']).toBe(POLICY);
        expect(answer.headers['x-content-type-options']).toBe('nosniff');
      }
    } finally {
      await running.close();
    }
  });

  test(`${edition}: inline script is blocked, in an element and in an attribute`, async () => {
    const running = await launchWithPage(edition, '<script>window.inline = 1</script><p id="p" onclick="window.attribute = 1">text</p><a id="a" href="javascript:window.link = 1">link</a>');
    try {
      await running.page.locator('#p').click();
      await running.page.locator('#a').click();
      expect(await running.page.evaluate(() => [typeof Reflect.get(window, 'inline'), typeof Reflect.get(window, 'attribute'), typeof Reflect.get(window, 'link')])).toEqual(['undefined', 'undefined', 'undefined']);
      const violations = await violationsOf(running.page);
      expect(violations).toContainEqual({ directive: 'script-src-elem', blocked: 'inline' });
      expect(violations).toContainEqual({ directive: 'script-src-attr', blocked: 'inline' });
    } finally {
      await running.close();
    }
  });

  test(`${edition}: eval, Function and timers with text are blocked; so is WebAssembly`, async () => {
    const script = `
      window.ran = [];
      window.thrown = [];
      for (const [name, attempt] of Object.entries({
        eval: () => eval('window.ran.push("eval")'),
        Function: () => new Function('window.ran.push("Function")')(),
        timer: () => setTimeout('window.ran.push("timer")', 0),
        wasm: () => new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
      })) {
        try { attempt(); window.thrown.push(name + ':none'); } catch (error) { window.thrown.push(name + ':' + error.name); }
      }`;
    const running = await launchWithPage(edition, '<p>page</p>', script);
    try {
      await running.page.waitForTimeout(100);
      expect(await running.page.evaluate(() => Reflect.get(window, 'ran'))).toEqual([]);
      expect(await running.page.evaluate(() => Reflect.get(window, 'thrown'))).toEqual(expect.arrayContaining(['eval:EvalError', 'Function:EvalError', 'wasm:CompileError']));
      const violations = await violationsOf(running.page);
      expect(violations.filter(({ directive }) => directive === 'script-src' || directive === 'require-trusted-types-for').length).toBeGreaterThanOrEqual(3);
    } finally {
      await running.close();
    }
  });

  test(`${edition}: a remote image and a remote script are blocked, and nobody is asked for them`, async () => {
    const running = await launchWithPage(edition, `<img src="${origin}/pixel.png"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><script src="${origin}/script.js"></script><link rel="stylesheet" href="${origin}/style.css"><link rel="preconnect" href="${origin}"><link rel="dns-prefetch" href="//example.org">`);
    try {
      const violations = await violationsOf(running.page);
      expect(violations).toContainEqual({ directive: 'img-src', blocked: `${origin}/pixel.png` });
      expect(violations).toContainEqual({ directive: 'img-src', blocked: 'data' });
      expect(violations).toContainEqual({ directive: 'script-src-elem', blocked: `${origin}/script.js` });
      expect(violations).toContainEqual({ directive: 'style-src-elem', blocked: `${origin}/style.css` });
      await running.page.waitForTimeout(300);
      expect(visits).toBe(0);
    } finally {
      await running.close();
    }
  });

  test(`${edition}: a frame is blocked, of another origin and of our own`, async () => {
    const running = await launchWithPage(edition, `<iframe src="${origin}/"></iframe><iframe src="app://${edition}/index.html"></iframe><object data="${origin}/"></object><iframe srcdoc="&lt;script&gt;parent.framed = 1&lt;/script&gt;"></iframe>`);
    try {
      await running.page.waitForTimeout(300);
      const violations = await violationsOf(running.page);
      expect(violations).toContainEqual({ directive: 'frame-src', blocked: origin });
      expect(violations.filter(({ directive }) => directive === 'frame-src').length).toBeGreaterThanOrEqual(2);
      expect(violations).toContainEqual({ directive: 'object-src', blocked: origin });
      expect(await running.page.evaluate(() => typeof Reflect.get(window, 'framed'))).toBe('undefined');
      expect(visits).toBe(0);
    } finally {
      await running.close();
    }
  });

  test(`${edition}: fetch, sockets, beacons and forms reach nobody`, async () => {
    const script = `
      window.outcomes = {};
      const note = (name) => [() => { window.outcomes[name] = 'done'; }, () => { window.outcomes[name] = 'refused'; }];
      addEventListener('load', () => {
        fetch('${origin}/fetch').then(...note('fetch'));
        fetch('app://${edition}/main.js').then(...note('own'));
        const request = new XMLHttpRequest(); request.open('GET', '${origin}/xhr'); request.onload = note('xhr')[0]; request.onerror = note('xhr')[1]; request.send();
        try { const socket = new WebSocket('${origin.replace('http', 'ws')}/socket'); socket.onopen = note('socket')[0]; socket.onerror = note('socket')[1]; } catch { window.outcomes.socket = 'refused'; }
        navigator.sendBeacon('${origin}/beacon', 'x');
        try { document.querySelector('form').submit(); } catch { }
        try { new Worker('${origin}/worker.js'); } catch { window.outcomes.worker = 'refused'; }
        import('${origin}/module.js').then(...note('module'));
      });`;
    const running = await launchWithPage(edition, `<form action="${origin}/form" method="post"><input name="a" value="b"></form>`, script);
    try {
      await expect.poll(() => running.page.evaluate(() => Reflect.get(window, 'outcomes'))).toMatchObject({ fetch: 'refused', own: 'refused', xhr: 'refused', socket: 'refused', module: 'refused' });
      await running.page.waitForTimeout(300);
      expect(visits).toBe(0);
      expect(running.page.url()).toBe(`app://${edition}/index.html`);
    } finally {
      await running.close();
    }
  });
}
