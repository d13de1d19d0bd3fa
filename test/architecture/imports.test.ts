import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesBelow } from '../../scripts/lib/bundles.mjs';
import { zoneOf } from '../../scripts/lib/zones.mjs';
import { plantedTree, type PlantedTree } from '../support/planted-tree.ts';

/** Second gate: an import that no rule allows is refused. */

function refusals(folder: string): string {
  const result = spawnSync(process.execPath, [join(process.cwd(), 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.mjs', '--output-type', 'err', 'src', 'electron', 'renderer'], { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  if (result.error !== undefined) throw result.error;
  return result.status === 0 ? '' : `${result.stdout}${result.stderr}`;
}

test('the program keeps to its own rules', () => {
  expect(refusals(process.cwd())).toBe('');
});

test('every source file belongs to a zone', () => {
  const files = ['src', 'electron', 'renderer', 'types'].flatMap((folder) => filesBelow(folder) as string[]).filter((file) => /\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => zoneOf(file) === null)).toEqual([]);
});

test('native code is loaded, and a compiled library named, by one file alone', () => {
  const loading = /\bdlopen\b|_extensions\b|process\.binding|createRequire|\.node\b(?=['"`])/;
  const files = ['src', 'electron', 'renderer'].flatMap((folder) => filesBelow(folder) as string[]).filter((file) => /\.tsx?$/.test(file));
  const naming = files.filter((file) => loading.test(readFileSync(file, 'utf8')));
  // The second finds the code reader's WebAssembly when the program runs from its source; the build replaces it.
  expect(naming).toEqual(['src/node/shared/code-reading/reader-binary.ts', 'src/node/shared/native-curve/open-library.ts']);
});

const leaks = [
  ['the Signer imports the Companion', 'src/signer/leak-1.ts', "export type { ChainSource } from '../companion/chain-source.ts';", 'src/signer/leak-1.ts → src/companion/chain-source.ts'],
  ['the Companion imports the Signer', 'src/companion/leak-2.ts', "export * from '../signer/signing-key.ts';", 'src/companion/leak-2.ts → src/signer/signing-key.ts'],
  ['the Companion imports a wordlist package', 'src/companion/leak-3.ts', "export { wordlists } from 'bip39';", 'src/companion/leak-3.ts → types/bip39.d.ts'],
  ['the Companion imports private derivation', 'src/service/companion/leak-4.ts', "export { BIP32Factory } from 'bip32';", 'src/service/companion/leak-4.ts → node_modules/bip32/'],
  ['the Companion imports the practice keys', 'src/node/companion/leak-5.ts', "export * from '../../practice/practice-keys.ts';", 'src/node/companion/leak-5.ts → src/practice/practice-keys.ts'],
  ['the core imports Node', 'src/psbt/leak-6.ts', "export { readFileSync } from 'node:fs';", 'src/psbt/leak-6.ts → fs'],
  ['the core names the curve past the one file that may', 'src/psbt/leak-7.ts', "export { sign } from 'tiny-secp256k1';", 'src/psbt/leak-7.ts → node_modules/tiny-secp256k1/'],
  ['anybody imports the library\'s index, with its Psbt class', 'src/psbt/leak-8.ts', "export { Psbt } from 'bitcoinjs-lib';", 'src/psbt/leak-8.ts → node_modules/bitcoinjs-lib/src/'],
  ['the Signer\'s adapters import a network module', 'src/node/signer/leak-9.ts', "export { get } from 'node:https';", 'src/node/signer/leak-9.ts → https'],
  ['a page imports crypto', 'renderer/signer/leak-10.ts', "export { sha256 } from '@noble/hashes/sha2.js';", 'renderer/signer/leak-10.ts → node_modules/@noble/hashes/'],
  ['a page imports a value of the shell', 'renderer/host/leak-11.ts', "export { REQUEST_CHANNEL } from '../../electron/shell/bridge.ts';", 'renderer/host/leak-11.ts → electron/shell/bridge.ts'],
  ['one edition\'s page imports the other\'s', 'renderer/signer/leak-12.ts', "export * from '../companion/context.ts';", 'renderer/signer/leak-12.ts → renderer/companion/context.ts'],
  ['one edition\'s host imports the other\'s', 'electron/signer/leak-13.ts', "export * from '../companion/handlers.ts';", 'electron/signer/leak-13.ts → electron/companion/handlers.ts'],
  ['a package that nobody listed', 'src/domain/leak-14.ts', "export { default } from 'esbuild';", 'src/domain/leak-14.ts → node_modules/esbuild/'],
  ['the core chooses its own curve', 'src/psbt/leak-17.ts', "export { useCurve } from '../wallet/secp256k1-choice.ts';", 'src/psbt/leak-17.ts → src/wallet/secp256k1-choice.ts'],
  ['the Companion opens the native library, with its signing functions, by itself', 'src/node/companion/leak-18.ts', "export { openLibrary } from '../shared/native-curve/open-library.ts';", 'src/node/companion/leak-18.ts → src/node/shared/native-curve/open-library.ts'],
  ['an adapter loads the native library\'s package, with what it falls back to', 'src/node/signer/leak-19.ts', "export { default } from 'secp256k1';", 'src/node/signer/leak-19.ts → node_modules/secp256k1/'],
  ['a file in no zone that is imported', 'src/helpers/leak-15.ts', "export * from '../domain/amount.ts';", 'src/helpers/leak-15.ts → src/domain/amount.ts'],
  ['a file in no zone that stands alone', 'src/leak-16.ts', 'export const leak = 1;', 'file-in-no-zone: src/leak-16.ts'],
] as const;

describe('a planted leak is refused by name', () => {
  let tree: PlantedTree;
  let refused: string;
  beforeAll(() => {
    tree = plantedTree();
    for (const [, file, text] of leaks) tree.plant(file, text);
    refused = refusals(tree.folder);
  });
  afterAll(() => tree.remove());

  test.each(leaks)('%s', (_name, _file, _text, expected) => {
    expect(refused).toContain(expected);
  });

  test('and nothing else is refused', () => {
    const files = refused.split('\n').flatMap((line) => /error [a-z-]+: ([^ ]+)/.exec(line)?.[1] ?? []);
    expect(files.filter((file) => !/leak-\d+\.ts$/.test(file))).toEqual([]);
  });
});
