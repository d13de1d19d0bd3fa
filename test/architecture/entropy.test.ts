import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildResult, Metafile, OutputFile } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundles, makeBundle } from '../../scripts/lib/bundles.mjs';
import { drawers, findChance } from '../../scripts/lib/entropy-gate.mjs';
import { withoutChance } from '../../scripts/lib/preact-without-chance.mjs';
import { plantedTree, type PlantedTree } from '../support/planted-tree.ts';

/** The gate of chance: no `Math.random`, one reader of the system's entropy for keys, one module folder that makes them. */

type Bundled = BuildResult & { metafile: Metafile; outputFiles: OutputFile[] };

async function bundled(name: string, folder = process.cwd()): Promise<Bundled> {
  const bundle = bundles.find((each) => each.name === name);
  if (bundle === undefined) throw new Error(`no bundle ${name}`);
  return (await makeBundle({ ...bundle, folder, options: { ...bundle.options, preserveSymlinks: true } })) as Bundled;
}
const chanceIn = async (name: string, folder = process.cwd()): Promise<string[]> => findChance({ ...(await bundled(name, folder)), folder });

const ofSigner = bundles.map(({ name }) => name).filter((name) => name.startsWith('signer/'));

test('the Signer has its bundles', () => {
  expect(ofSigner).toEqual(expect.arrayContaining(['signer/main', 'signer/cli', 'signer/preload', 'signer/renderer']));
});

test.each(ofSigner)('%s holds no Math.random and draws nothing that is not listed', async (name) => {
  expect(await chanceIn(name)).toEqual([]);
});

test('every module that may draw is in a bundle: the list has no entry that nobody needs', async () => {
  const modules = (await Promise.all(ofSigner.map((name) => bundled(name)))).flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const needed = (name: string): boolean => modules.some((module) => module === name || module.includes(`node_modules/${name}/`));
  expect(Object.keys(drawers).filter((name) => !needed(name))).toEqual([]);
});

test('Preact\'s one draw is taken out, and a release that draws elsewhere fails the build', () => {
  expect(withoutChance('a=Math.random().toString(8),b', 'x')).toBe('a=(0).toString(8),b');
  for (const text of ['a=1', 'Math.random().toString(36)', 'Math.random().toString(8);Math.random().toString(8)']) expect(() => withoutChance(text, 'x')).toThrow('Math.random() is not where it was');
});

describe('a planted draw is found', () => {
  let tree: PlantedTree;
  beforeEach(() => {
    tree = plantedTree();
  });
  afterEach(() => tree.remove());
  const append = (file: string, text: string): void => tree.plant(file, `${readFileSync(join(tree.folder, file), 'utf8')}\n${text}\n`);
  const replace = (file: string, what: string, by: string): void => {
    const text = readFileSync(join(tree.folder, file), 'utf8');
    if (!text.includes(what)) throw new Error(`${file} does not hold ${what}`);
    tree.plant(file, text.replace(what, by));
  };

  test.each<[string, string, string, string, string[]]>([
    ['signer/cli', 'Math.random in the mixer', 'src/signer/entropy/mix.ts', 'Reflect.set(globalThis, "a", Math.random());', ['cli.cjs holds Math.random', 'src/signer/entropy/mix.ts draws: Math.random']],
    ['signer/main', 'Math.random by another spelling', 'src/signer/mnemonic.ts', 'Reflect.set(globalThis, "a", Math["random"]());', ['main.cjs holds Math.random', 'src/signer/mnemonic.ts draws: Math["random']],
    ['signer/renderer', 'Math.random in the page', 'renderer/signer/main.tsx', 'Reflect.set(globalThis, "a", Math.random());', ['main.js holds Math.random', 'renderer/signer/main.tsx draws: Math.random']],
    ['signer/cli', 'a second source of key bytes', 'src/service/signer/key-handlers.ts', 'Reflect.set(globalThis, "a", globalThis.crypto.getRandomValues(new Uint8Array(32)));', ['src/service/signer/key-handlers.ts draws: getRandomValues']],
    ['signer/main', 'a mnemonic that the library draws by itself', 'src/signer/mnemonic.ts', 'import { generateMnemonic } from "bip39"; Reflect.set(globalThis, "a", generateMnemonic());', ['src/signer/mnemonic.ts draws: generateMnemonic']],
    ['signer/cli', 'the kernel\'s device read elsewhere', 'src/cli/signer/session.ts', 'Reflect.set(globalThis, "a", "/dev/urandom");', ['src/cli/signer/session.ts draws: /dev/urandom']],
    ['signer/cli', 'a mixer that is called past the judgement', 'src/service/signer/key-handlers.ts', 'import { mixEntropy } from "../../signer/entropy/mix.ts"; Reflect.set(globalThis, "a", mixEntropy);', ['src/service/signer/key-handlers.ts imports src/signer/entropy/mix.ts']],
    ['signer/cli', 'random bytes that are made of somebody\'s own readings', 'src/service/signer/key-handlers.ts', 'import { randomOfReadings } from "../../signer/entropy/system-random.ts"; Reflect.set(globalThis, "a", randomOfReadings);', ['src/service/signer/key-handlers.ts imports src/signer/entropy/system-random.ts']],
    ['signer/cli', 'system entropy that is read past the effects', 'src/cli/signer/session.ts', 'import { readSystemEntropy } from "../../node/signer/system-entropy.ts"; Reflect.set(globalThis, "a", readSystemEntropy);', ['src/cli/signer/session.ts imports src/node/signer/system-entropy.ts']],
  ])('%s: %s', async (name, _what, file, text, faults) => {
    append(file, text);
    expect(await chanceIn(name, tree.folder)).toEqual(faults);
  });

  test('a comment that speaks of it is no draw', async () => {
    append('src/signer/entropy/mix.ts', '// Never Math.random, never randomBytes.\n/** Not even\n * getRandomValues. */\nReflect.set(globalThis, "a", 1);');
    expect(await chanceIn('signer/cli', tree.folder)).toEqual([]);
  });

  test('the reader of the system\'s entropy under another name is not listed', async () => {
    tree.plant('src/node/signer/other-entropy.ts', readFileSync(join(tree.folder, 'src/node/signer/system-entropy.ts'), 'utf8'));
    replace('src/node/signer/effects.ts', './system-entropy.ts', './other-entropy.ts');
    expect(await chanceIn('signer/cli', tree.folder)).toEqual(['src/node/signer/other-entropy.ts draws: randomFillSync, /dev/urandom', 'src/node/signer/other-entropy.ts imports src/signer/entropy/system-random.ts']);
  });
});
