import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heldAddressOf, heldContentType, pageFileOf, pageHeaders } from '../../../electron/shell/page-files.ts';

test('an address names a file of the page, by its kind', () => {
  expect(pageFileOf('signer', 'app://signer/')).toEqual({ path: 'index.html', contentType: 'text/html; charset=utf-8' });
  expect(pageFileOf('signer', 'app://signer/main.js')).toEqual({ path: 'main.js', contentType: 'text/javascript; charset=utf-8' });
  expect(pageFileOf('companion', 'app://companion/fonts/ibm-plex-sans-latin-400-normal.woff2')).toEqual({ path: join('fonts', 'ibm-plex-sans-latin-400-normal.woff2'), contentType: 'font/woff2' });
});

test.each([
  'app://companion/index.html', 'app://signer.evil/index.html', 'app://user@signer/index.html', 'file:///etc/passwd', 'http://signer/index.html', 'not an address',
  'app://signer/../main.cjs', 'app://signer/..%2fmain.js', 'app://signer/a/..%5c..%5cmain.js', 'app://signer/%252e%252e/main.js',
  'app://signer//etc/passwd.js', 'app://signer/.hidden.js', 'app://signer/main.js%00.html', 'app://signer/C:/x.js', 'app://signer/main.cjs', 'app://signer/package.json', 'app://signer/styles/', 'app://signer/%',
])('%s names none', (address) => {
  expect(pageFileOf('signer', address)).toBeNull();
});

test('steps upwards that the address itself resolves end at the page\'s own top', () => {
  expect(pageFileOf('signer', 'app://signer/%2e%2e/main.js')?.path).toBe('main.js');
  expect(pageFileOf('signer', 'app://signer/fonts/../../../main.js')?.path).toBe('main.js');
});

test('property: whatever is asked for, the answer lies in the page\'s folder', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', 'a', 'main', '.js', '\0', ':', '~'), { maxLength: 12 }), (parts) => {
      const file = pageFileOf('signer', `app://signer/${parts.join('')}`);
      const folder = join('/', 'page');
      return file === null || (join(folder, file.path).startsWith(join(folder, '/')) && !file.path.includes('..'));
    }),
    { numRuns: 2000 },
  );
});

test('every answer carries the policy and is never guessed at or kept', () => {
  expect(pageHeaders('text/css')).toMatchObject({ 'Content-Type': 'text/css', 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
  expect(pageHeaders('text/css')['Content-Security-Policy']).toContain("default-src 'none'");
});

test('a page may ask for the camera, which the session then grants or not, and for nothing else', () => {
  expect(pageHeaders('text/html')['Permissions-Policy']).toBe('camera=(self), microphone=(), geolocation=(), usb=(), serial=(), hid=(), clipboard-read=(), display-capture=()');
});

test('a document in the host\'s memory has an address of its own', () => {
  const holder = '0123456789abcdef'.repeat(2);
  expect(heldAddressOf('signer', `app://signer/held/${holder}/12.svg`)).toEqual({ holder, name: '12.svg' });
  expect(heldAddressOf('signer', `app://signer/held/${holder}/print.html`)).toEqual({ holder, name: 'print.html' });
  expect(['a.svg', 'a.html', 'a.css'].map(heldContentType)).toEqual(['image/svg+xml', 'text/html; charset=utf-8', 'text/css; charset=utf-8']);
});

test.each([
  'app://companion/held/0123456789abcdef0123456789abcdef/0.svg', 'app://signer/held/0123456789abcdef0123456789abcde/0.svg', 'app://signer/held/0123456789abcdef0123456789abcdef/../0.svg',
  'app://signer/held/0123456789abcdef0123456789abcdef/0.svg?x', 'app://signer/held/0123456789abcdef0123456789abcdef/0.js', 'app://signer/held/0123456789ABCDEF0123456789abcdef/0.svg',
  'app://signer/held/0123456789abcdef0123456789abcdef/', 'app://signer/x/held/0123456789abcdef0123456789abcdef/0.svg', 'https://signer/held/0123456789abcdef0123456789abcdef/0.svg',
])('%s names none there', (address) => {
  expect(heldAddressOf('signer', address)).toBeNull();
});
