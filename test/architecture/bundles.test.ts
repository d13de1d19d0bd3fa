import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundles, makeBundle, withoutFetching } from '../../scripts/lib/bundles.mjs';
import { findLeaks, graphRules } from '../../scripts/lib/module-graph.mjs';
import { plantedTree, type PlantedTree } from '../support/planted-tree.ts';

/** Third gate: what a bundle's module graph holds, and by which imports. */

type Rules = Parameters<typeof findLeaks>[1];
const rulesOf = (name: string): Rules => (graphRules as Record<string, Rules>)[name] as Rules;

async function graphOf(name: string, folder: string): Promise<Metafile> {
  const bundle = bundles.find((each) => each.name === name);
  if (bundle === undefined) throw new Error(`no bundle ${name}`);
  const result = await makeBundle({ ...bundle, folder, options: { ...bundle.options, preserveSymlinks: true } });
  return result.metafile as Metafile;
}

test.each(bundles.map(({ name }) => name))('%s holds nothing but what is listed', async (name) => {
  const metafile = await graphOf(name, process.cwd());
  expect(Object.keys(metafile.inputs).length).toBeGreaterThan(3);
  expect(findLeaks(metafile, rulesOf(name))).toEqual([]);
});

test('the worker that reads pictures has its decoder in itself and no address to fetch one from', async () => {
  const bundle = bundles.find((each) => each.name === 'signer/code-worker');
  const [file] = (await makeBundle(bundle)).outputFiles ?? [];
  expect(file?.text.length).toBeGreaterThan(1_000_000);
  expect(file?.text).not.toMatch(/https?:\/\/|\bfetch\(|XMLHttpRequest\(|jsdelivr/);
});

test('a release of the code reader that fetches in another way fails the build', () => {
  expect(withoutFetching('const u = (e) => `https://fastly.example.net/npm/zxing-wasm@9.9.9/dist/reader`;', 'share.js')).toBe('const u = (e) => e;');
  expect(() => withoutFetching("const u = 'https://example.net/zxing.wasm';", 'share.js')).toThrow('a way to fetch is left');
  expect(() => withoutFetching('navigator.sendBeacon(new WebSocket(u));', 'share.js')).toThrow('a way to fetch is left');
});

test('every bundle has its rules', () => {
  expect(Object.keys(graphRules).sort()).toEqual(bundles.map(({ name }) => name).sort());
});

describe('a planted leak is found, with the imports that lead to it', () => {
  let tree: PlantedTree;
  beforeEach(() => {
    tree = plantedTree();
  });
  afterEach(() => tree.remove());

  const appendTo = (file: string, text: string): void => tree.plant(file, `${text}\n${readFileSync(join(tree.folder, file), 'utf8')}`);

  test('a thread is started from one file alone', async () => {
    appendTo('src/node/signer/effects.ts', "import 'node:worker_threads';");
    const found = findLeaks(await graphOf('signer/main', tree.folder), rulesOf('signer/main'));
    expect(found).toContainEqual({ module: 'worker_threads', why: 'not for src/node/signer/effects.ts', path: expect.arrayContaining(['electron/signer/main.ts', 'src/node/signer/effects.ts']) });
  });

  test.each([
    ['signer/main', 'src/signer/signing-key.ts', "import 'node:https';", { module: 'https', why: 'forbidden' }, ['electron/signer/main.ts', 'src/signer/signing-key.ts', 'node:https']],
    ['signer/cli', 'src/domain/amount.ts', "import 'node:dgram';", { module: 'dgram', why: 'forbidden' }, ['src/cli/signer/main.ts', 'src/domain/amount.ts', 'node:dgram']],
    ['signer/main', 'src/wallet/wallet.ts', "import '../node/companion/practice-mining.ts';", { module: 'src/node/companion/practice-mining.ts', why: 'forbidden' }, ['electron/signer/main.ts', 'src/wallet/wallet.ts', 'src/node/companion/practice-mining.ts']],
    ['companion/main', 'src/wallet/wallet.ts', "import '../signer/mnemonic.ts';", { module: 'src/signer/mnemonic.ts', why: 'forbidden' }, ['electron/companion/main.ts', 'src/wallet/wallet.ts', 'src/signer/mnemonic.ts']],
    ['companion/cli', 'src/domain/amount.ts', "import { wordlists } from 'bip39'; export const leak = wordlists;", { module: 'bip39', why: 'forbidden' }, ['src/cli/companion/main.ts', 'src/domain/amount.ts', 'node_modules/bip39/src/index.js']],
    ['companion/renderer', 'renderer/ui/amount.tsx', "import { sha256 } from '@noble/hashes/sha2.js'; export const leak = sha256;", { module: '@noble/hashes', why: 'forbidden' }, ['renderer/companion/main.tsx', 'renderer/ui/amount.tsx', 'node_modules/@noble/hashes/sha2.js']],
    ['signer/preload', 'electron/shell/bridge.ts', "import { secp256k1 } from '@noble/curves/secp256k1.js'; export const leak = secp256k1;", { module: '@noble/curves', why: 'forbidden' }, ['electron/signer/preload.ts', 'electron/shell/bridge.ts', 'node_modules/@noble/curves/secp256k1.js']],
    ['signer/main', 'src/wallet/wallet.ts', "import secp from 'secp256k1'; export const leak = secp;", { module: 'elliptic', why: 'forbidden' }, ['electron/signer/main.ts', 'src/wallet/wallet.ts', 'node_modules/elliptic/lib/elliptic.js']],
    ['companion/cli', 'src/wallet/wallet.ts', "import bindings from 'secp256k1/bindings'; export const leak = bindings;", { module: 'node-gyp-build', why: 'forbidden' }, ['src/cli/companion/main.ts', 'src/wallet/wallet.ts', 'node_modules/node-gyp-build/index.js']],
    ['companion/main', 'src/node/companion/effects.ts', "import '../signer/native-signer.ts';", { module: 'src/node/signer/native-signer.ts', why: 'forbidden' }, ['electron/companion/main.ts', 'src/node/companion/effects.ts', 'src/node/signer/native-signer.ts']],
    ['signer/signing-process', 'src/service/signer/signing/do-job.ts', "import 'node:net';", { module: 'net', why: 'forbidden' }, ['electron/signer/signing-process.ts', 'src/service/signer/signing/do-job.ts', 'node:net']],
    ['signer/signing-process', 'src/signer/sign.ts', "import 'node:fs/promises';", { module: 'fs/promises', why: 'not listed' }, ['electron/signer/signing-process.ts', 'src/signer/sign.ts', 'node:fs/promises']],
    ['signer/signing-process', 'src/service/signer/signing/serve-job.ts', "import { net } from 'electron'; export const leak = net;", { module: 'electron', why: 'forbidden' }, ['electron/signer/signing-process.ts', 'src/service/signer/signing/serve-job.ts', 'electron']],
    ['signer/signing-process', 'src/signer/sign.ts', "import './key-file.ts';", { module: 'src/signer/key-file.ts', why: 'forbidden' }, ['electron/signer/signing-process.ts', 'src/signer/sign.ts', 'src/signer/key-file.ts']],
    ['signer/signing-thread', 'src/signer/signing-key.ts', "import '../service/signer/unlocked-keys.ts';", { module: 'src/service/signer/unlocked-keys.ts', why: 'not listed' }, ['src/node/signer/signing-process/signing-thread.ts', 'src/signer/signing-key.ts', 'src/service/signer/unlocked-keys.ts']],
    ['companion/ledger-thread', 'src/node/companion/sqlite-check.ts', "import 'node:net';", { module: 'net', why: 'forbidden' }, ['src/node/companion/ledger-work/ledger-thread.ts', 'src/node/companion/sqlite-check.ts', 'node:net']],
    ['signer/cli', 'src/domain/amount.ts', "import 'fast-check';", { module: 'fast-check', why: 'not listed' }, ['src/cli/signer/main.ts', 'src/domain/amount.ts']],
  ])('%s through %s: %s', async (name, file, text, leak, waypoints) => {
    appendTo(file, text);
    const found = findLeaks(await graphOf(name, tree.folder), rulesOf(name));
    const match = found.find(({ module }) => module === leak.module);
    expect(match).toMatchObject(leak);
    // The path starts at the bundle's entry, ends at the leak, and every step of it is an import.
    expect(match?.path.at(0)).toBe(waypoints[0]);
    expect(match?.path.filter((step: string) => waypoints.includes(step))).toEqual(waypoints);
  });
});
