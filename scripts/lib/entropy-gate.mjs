import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The gate of chance: where the Signer may draw random bytes, and what for. Like the module graphs it lists what is allowed,
 * so that a draw that nobody thought of is refused.
 *
 * The bytes of keys, shares and codes come from one reader (`src/node/signer/system-entropy.ts`) through one folder
 * (`src/signer/entropy`); all other draws are of salts and names.
 */

/** Every way in which a script gets at chance. */
const DRAWS = /\bMath\s*(?:\.|\?\.|\[\s*['"`])\s*random\b|\bgetRandomValues\b|\brandom(?:Bytes|FillSync|Fill|UUID|Int|Uint8Array|PrivateKey|SecretKey)\b|\/dev\/u?random|\bwebcrypto\b|\bgenerate(?:Key|KeyPair|KeyPairSync|KeySync|Mnemonic|Prime|PrimeSync)\b/g;

// They hold makers of keys and nonces of their own. Whatever of ours called one would name it, and be found by that name.
const uncalled = 'has makers of keys and nonces that nothing of ours calls';

/**
 * The modules that may draw, and what for; a package by its name.
 * @type {Record<string, string>}
 */
export const drawers = {
  'src/node/signer/system-entropy.ts': 'reads the system\'s sources for keys, shares and codes: the only one',
  'src/node/signer/age-passphrase.ts': 'the salt of a key file',
  'src/node/signer/effects.ts': 'handles of unlocked keys',
  'src/node/signer/native-signer.ts': 'blinds the arithmetic of the native curve library',
  'electron/shell/gap-files.ts': 'handles of listed files',
  'src/node/signer/custody-file.ts': 'names of stale locks that are put aside',
  'src/node/shared/atomic-file.ts': 'names of temporary files',
  'renderer/signer/keys/ceremony-actions.ts': 'which words of a mnemonic are asked for again, to see that they were written down',
  'age-encryption': 'the file key and the payload\'s nonce of a key file',
  'tiny-secp256k1': 'blinds its own arithmetic',
  preact: 'an ending for two names of its own; the build takes it out (preact-without-chance.mjs), and the text of no bundle has it',
  bip39: uncalled,
  '@noble/ciphers': uncalled,
  '@noble/curves': uncalled,
  '@noble/hashes': uncalled,
  '@noble/post-quantum': uncalled,
};

/** For each module of the Signer's one way from system to key: the only modules that may import it. */
export const onlyImporters = {
  'src/node/signer/system-entropy.ts': ['src/node/signer/effects.ts'],
  'src/signer/entropy/system-random.ts': ['src/node/signer/system-entropy.ts'],
  'src/signer/entropy/mix.ts': ['src/signer/entropy/key-entropy.ts'],
  'src/signer/entropy/dice-only.ts': ['src/signer/entropy/key-entropy.ts'],
};

const nameOf = (path) => /(?:^|\/)node_modules\/(?!.*\/node_modules\/)((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;

/**
 * What a bundle draws that nobody allowed: `Math.random` anywhere in its text, draws in a module that is not listed, and
 * imports past the one way to keys. Modules that leave nothing in the bundle are not judged.
 * @param {{ metafile: import('esbuild').Metafile, outputFiles: readonly { path: string, text: string }[], folder: string }} bundle
 * @returns {string[]} sentences; empty when the bundle is clean
 */
export function findChance({ metafile, outputFiles, folder }) {
  const faults = outputFiles.filter(({ path, text }) => /\.c?js$/.test(path) && /\bMath\s*(?:\.|\?\.|\[\s*['"`])\s*random\b/.test(text)).map(({ path }) => `${path.split('/').at(-1)} holds Math.random`);
  for (const output of Object.values(metafile.outputs)) {
    for (const [module, { bytesInOutput }] of Object.entries(output.inputs)) {
      if (bytesInOutput === 0 || !/\.(?:[cm]?[jt]sx?)$/.test(module) || Object.hasOwn(drawers, nameOf(module))) continue;
      const draws = [...new Set(withoutComments(readFileSync(join(folder, module), 'utf8')).match(DRAWS) ?? [])];
      if (draws.length > 0) faults.push(`${module} draws: ${draws.join(', ')}`);
    }
  }
  for (const [importer, { imports }] of Object.entries(metafile.inputs)) {
    for (const { path } of imports) {
      if (onlyImporters[path]?.includes(importer) === false) faults.push(`${importer} imports ${path}`);
    }
  }
  return faults;
}

/** Comments may speak of what the code does not do. Those behind code on a line are read with it: a `//` may stand in a text. */
const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
