import { join, relative } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesBelow } from '../../scripts/lib/bundles.mjs';
import { plantedTree, type PlantedTree } from '../support/planted-tree.ts';

/** First gate: what an environment does not have does not compile there. */

let tree: PlantedTree;
beforeAll(() => {
  tree = plantedTree();
});
afterAll(() => tree.remove());

/** The complaints about one file when an environment is compiled: the names that it says it does not find. */
function complaints(environment: string, file: string): readonly string[] {
  const config = ts.getParsedCommandLineOfConfigFile(join(tree.folder, `tsconfig.${environment}.json`), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => { throw new Error(String(problem.messageText)); } });
  if (config === undefined) throw new Error(`tsconfig.${environment}.json cannot be read`);
  const path = join(tree.folder, file);
  expect(config.fileNames).toContain(path);
  const program = ts.createProgram({ rootNames: [path, ...config.fileNames.filter((name) => name.endsWith('.d.ts'))], options: config.options });
  const source = program.getSourceFile(path);
  return [...program.getSemanticDiagnostics(source), ...program.getSyntacticDiagnostics(source)].map((problem) => (/'([^']+)'/.exec(ts.flattenDiagnosticMessageText(problem.messageText, ' '))?.[1] ?? 'something else'));
}

const leaks = [
  ['fetch', "export const leak = () => fetch('https://example.org');"],
  ['process', 'export const leak = process.env;'],
  ['document', 'export const leak = document.body;'],
  ['window', 'export const leak = window;'],
  ['Buffer', "export const leak = Buffer.from('x');"],
  ['setTimeout', 'export const leak = () => setTimeout(() => undefined, 1);'],
  ['crypto', 'export const leak = () => crypto.getRandomValues(new Uint8Array(1));'],
  ['console', "export const leak = () => console.log('x');"],
  ['node:fs', "import { readFileSync } from 'node:fs';\nexport const leak = () => readFileSync('x');"],
  ['require', "export const leak = () => require('fs');"],
] as const;

test.each(leaks)('the core has no %s', (name, text) => {
  tree.plant('src/domain/leak.ts', text);
  expect(complaints('core', 'src/domain/leak.ts')).toContain(name);
});

test('the core compiles where it keeps to itself: the gate does not refuse everything', () => {
  tree.plant('src/domain/leak.ts', "import { sats } from './amount.ts';\nexport const total = sats(5n);");
  expect(complaints('core', 'src/domain/leak.ts')).toEqual([]);
});

test.each(['process', 'Buffer', 'require', 'node:fs'])('a page has no %s', (name) => {
  const [, text] = leaks.find(([each]) => each === name) ?? [];
  tree.plant('renderer/ui/leak.ts', text as string);
  expect(complaints('renderer', 'renderer/ui/leak.ts')).toContain(name);
});

test.each(['document', 'window'])('a host process has no %s', (name) => {
  const [, text] = leaks.find(([each]) => each === name) ?? [];
  tree.plant('electron/shell/leak.ts', text as string);
  tree.plant('src/node/shared/leak.ts', text as string);
  tree.plant('src/cli/shared/leak.ts', text as string);
  expect(complaints('electron', 'electron/shell/leak.ts')).toContain(name);
  expect(complaints('node', 'src/node/shared/leak.ts')).toContain(name);
  expect(complaints('node', 'src/cli/shared/leak.ts')).toContain(name);
});

test('every source file belongs to exactly one environment', () => {
  const environments = ['core', 'node', 'electron', 'preload', 'renderer'];
  const owners = new Map<string, string[]>();
  for (const environment of environments) {
    const config = ts.getParsedCommandLineOfConfigFile(`tsconfig.${environment}.json`, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined });
    for (const name of config?.fileNames ?? []) owners.set(relative(process.cwd(), name), [...(owners.get(relative(process.cwd(), name)) ?? []), environment]);
  }
  const sources = ['src', 'electron', 'renderer'].flatMap((folder) => filesBelow(folder) as string[]).filter((file) => /\.tsx?$/.test(file));
  // The preload's own function runs between page and host, and is compiled with the preloads that call it.
  const withoutOne = sources.filter((file) => file !== 'electron/shell/expose-bridge.ts' && owners.get(file)?.length !== 1);
  expect(sources.length).toBeGreaterThan(100);
  expect(withoutOne).toEqual([]);
});
