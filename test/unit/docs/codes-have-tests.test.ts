import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorCatalog } from '../../../src/errors/catalog.ts';
import { findingCatalog } from '../../../src/review/finding.ts';

/** Codes without a test, each with its reason. */
const untested: Readonly<Record<string, string>> = {
  'psbt.modifiable': 'only PSBTs of version 2 say so, and this version reads version 0 (BIP370)',
};
/** Codes that nothing gives yet, each with its reason: they are promised, so that programs may already expect them. */
const unused: Readonly<Record<string, string>> = {
  'psbt.modifiable': 'see above',
};

/** Where codes are declared, and this file: what stands there proves nothing. */
const declarations = ['src/errors/catalog.ts', 'src/review/finding.ts', 'test/unit/docs/codes-have-tests.test.ts'];
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Every text that stands in quotes in a folder's TypeScript. */
function quotedIn(folder: string): ReadonlySet<string> {
  const quoted = new Set<string>();
  const files = readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
  for (const file of files.filter((name) => /\.tsx?$/.test(name) && !declarations.includes(name))) {
    // A code's form only, so that an apostrophe in a comment cannot swallow what follows it.
    for (const [, code] of readFileSync(`${root}${file}`, 'utf8').matchAll(/(?<=['"`])([a-z0-9-]+\.[a-z0-9-]+)(?=['"`])/g)) quoted.add(code as string);
  }
  return quoted;
}

const inTests = quotedIn('test');
const inProgram = quotedIn('src');

test.each([
  ['error', Object.keys(errorCatalog)],
  ['finding', Object.keys(findingCatalog)],
])('every %s code is named by a test', (_kind, codes) => {
  expect(codes.filter((code) => !inTests.has(code) && !Object.hasOwn(untested, code))).toEqual([]);
});

test.each([
  ['error', Object.keys(errorCatalog)],
  ['finding', Object.keys(findingCatalog)],
])('every %s code is given by the program', (_kind, codes) => {
  expect(codes.filter((code) => !inProgram.has(code) && !Object.hasOwn(unused, code))).toEqual([]);
});

test('the exceptions are codes, and still needed', () => {
  const codes = { ...errorCatalog, ...findingCatalog };
  expect(Object.keys({ ...untested, ...unused }).filter((code) => !Object.hasOwn(codes, code))).toEqual([]);
  expect(Object.keys(unused).filter((code) => inProgram.has(code))).toEqual([]);
});
