import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildHash } from '../../scripts/lib/build-hash.mjs';
import { bundles, makeBundle } from '../../scripts/lib/bundles.mjs';
import { plantedTree, type PlantedTree } from '../support/planted-tree.ts';

/** The build hash that entropy records name a build by. */

describe('over files', () => {
  let folder: string;
  const inputs = ['src/a.ts', 'src/b.ts', 'node_modules/p/index.js'];
  const put = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'strongroom-build-hash-'));
    for (const file of [...inputs, 'index.html', 'package-lock.json', 'scripts/lib/build-hash.mjs', 'scripts/lib/bundles.mjs', 'scripts/lib/preact-without-chance.mjs', 'src/not-in-the-graph.ts']) put(file, `of ${file}`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const hash = (changed: Partial<Parameters<typeof buildHash>[0]> = {}): string => buildHash({ folder, version: '0.1.0', inputs, further: ['index.html'], ...changed });

  test('it is SHA-256 of a text that any tool can make', () => {
    const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
    const names = ['index.html', 'node_modules/p/index.js', 'package-lock.json', 'scripts/lib/build-hash.mjs', 'scripts/lib/bundles.mjs', 'scripts/lib/preact-without-chance.mjs', 'src/a.ts', 'src/b.ts'];
    expect(hash()).toBe(digest(`version 0.1.0\n${names.map((name) => `${name} ${digest(`of ${name}`)}\n`).join('')}`));
  });

  test('nothing changed, nothing changes: not the order, not the number of times, not where packages lie', () => {
    const first = hash();
    expect(hash({ inputs: [...inputs, ...inputs].reverse() })).toBe(first);
    mkdirSync(join(folder, 'checkout'));
    for (const name of ['src', 'scripts', 'index.html', 'package-lock.json']) renameSync(join(folder, name), join(folder, 'checkout', name));
    expect(hash({ folder: join(folder, 'checkout'), inputs: ['src/a.ts', 'src/b.ts', '../node_modules/p/index.js'] })).toBe(first);
  });

  test.each(['src/a.ts', 'node_modules/p/index.js', 'index.html', 'package-lock.json', 'scripts/lib/bundles.mjs'])('one byte of %s changes it', (file) => {
    const first = hash();
    put(file, `of ${file} `);
    expect(hash()).not.toBe(first);
  });

  test('the version, another name, and a file more change it; a file that is in no bundle does not', () => {
    const first = hash();
    expect(hash({ version: '0.1.1' })).not.toBe(first);
    expect(hash({ inputs: inputs.slice(1) })).not.toBe(first);
    renameSync(join(folder, 'src/a.ts'), join(folder, 'src/c.ts'));
    expect(hash({ inputs: ['src/c.ts', ...inputs.slice(1)] })).not.toBe(first);
    renameSync(join(folder, 'src/c.ts'), join(folder, 'src/a.ts'));
    put('src/not-in-the-graph.ts', 'changed');
    expect(hash()).toBe(first);
  });
});

describe('over a real bundle', () => {
  let tree: PlantedTree;
  beforeAll(() => {
    tree = plantedTree();
    tree.plant('package-lock.json', readFileSync('package-lock.json', 'utf8'));
  });
  afterAll(() => tree.remove());

  const bundle = bundles.find(({ name }) => name === 'signer/cli');
  const made = () => makeBundle({ ...bundle, folder: tree.folder, options: { ...bundle?.options, preserveSymlinks: true } });
  const hash = async (): Promise<string> => buildHash({ folder: tree.folder, version: '0.1.0', inputs: Object.keys(((await made()).metafile as Metafile).inputs) });

  test('one byte of one module, a comment even, makes another build; put back, it is the build it was', async () => {
    const first = await hash();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    const file = 'src/signer/entropy/mix.ts';
    const text = readFileSync(join(tree.folder, file), 'utf8');
    tree.plant(file, `${text}// \n`);
    const second = await hash();
    expect(second).not.toBe(first);
    tree.plant(file, text);
    expect(await hash()).toBe(first);
  });

  test.each(['signer/main', 'signer/cli'])('%s says the hash that it was given, so that window and command line of an edition say one', async (name) => {
    const { outputFiles } = await makeBundle({ ...bundles.find((each) => each.name === name) }, { build: 'ab'.repeat(32) });
    const text = outputFiles?.[0]?.text ?? '';
    expect(text).toContain(`"${'ab'.repeat(32)}"`);
    expect(text).not.toContain('__STRONGROOM_BUILD__');
  });
});
