import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorCatalog } from '../../../src/errors/catalog.ts';
import { findingCatalog } from '../../../src/review/finding.ts';

/** Codes without a test, each with its reason. */
const untested: Readonly<Record<string, string>> = {};
/** Codes that nothing gives yet, each with its reason: they are promised, so that programs may already expect them. */
const unused: Readonly<Record<string, string>> = {};

/** Where codes are declared, and this file: what stands there proves nothing. */
const declarations = ['src/errors/catalog.ts', 'src/review/finding.ts', 'test/unit/docs/codes-have-tests.test.ts'];
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Every text that stands in quotes in the TypeScript of folders. */
function quotedIn(...folders: readonly string[]): ReadonlySet<string> {
  const quoted = new Set<string>();
  const files = folders.flatMap((folder) => readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name.replaceAll('\\', '/')}`));
  for (const file of files.filter((name) => /\.tsx?$/.test(name) && !declarations.includes(name))) {
    // What a comment promises is neither given nor tested.
    const lines = readFileSync(`${root}${file}`, 'utf8').split('\n').filter((line) => !/^\s*(\*|\/\*|\/\/)/.test(line));
    // A code's form only, so that an apostrophe cannot swallow what follows it.
    for (const [, code] of lines.join('\n').matchAll(/(?<=['"`])([a-z0-9-]+\.[a-z0-9-]+)(?=['"`])/g)) quoted.add(code as string);
  }
  return quoted;
}

const inTests = quotedIn('test');
/** Where programs throw: the core, the command lines, and the windows' hosts. What pages know of codes proves nothing. */
const inProgram = quotedIn('src', 'electron');

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
