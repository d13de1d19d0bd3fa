import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageFileOf, pageHeaders } from '../../../electron/shell/page-files.ts';

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
