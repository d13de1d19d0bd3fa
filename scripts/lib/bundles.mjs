import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { ageWithoutOtherCurves } from './age-without-other-curves.mjs';
import { buildHash } from './build-hash.mjs';
import { describeLeak, findLeaks, graphRules } from './module-graph.mjs';
import { inRoot, root } from './paths.mjs';
import { preactWithoutChance } from './preact-without-chance.mjs';

export const editions = ['signer', 'companion'];

/** What a bundle may lean on outside itself: the runtime's own modules. Everything else is inside the file. */
const main = { platform: 'node', format: 'cjs', target: 'node22', external: ['electron'] };
// A sandboxed preload has no module loader but `electron`; anything else would fail to load.
const preload = { platform: 'browser', format: 'cjs', target: 'chrome140', external: ['electron'] };
const page = { platform: 'browser', format: 'esm', target: 'chrome140', jsx: 'automatic', jsxImportSource: 'preact' };

/** The file's name beside the bundles that start it. */
const CODE_WORKER = 'code-worker.cjs';
/** The thread in which the command line reviews or signs a transaction. The window has a process for it. */
const SIGNING_THREAD = 'signing-thread.cjs';
/** The thread in which the Companion goes through the whole of its books, for window and command line. */
const LEDGER_THREAD = 'ledger-thread.cjs';

/** The folder beside the bundles with the native libraries of the curve (docs/adr/0015). */
const NATIVE = 'native';
/**
 * The package's prebuilt libraries, by the names that they have beside the bundles. All of them, so that a build is the same on every
 * system; an application gets the one of its own.
 * @type {Record<string, string>}
 */
export const nativeLibraries = {
  'secp256k1-linux-x64.node': 'node_modules/secp256k1/prebuilds/linux-x64/secp256k1.glibc.node',
  'secp256k1-darwin-arm64.node': 'node_modules/secp256k1/prebuilds/darwin-arm64/secp256k1.node',
  'secp256k1-win32-x64.node': 'node_modules/secp256k1/prebuilds/win32-x64/secp256k1.node',
};

/** Every bundle of the program: its name in the gates, where it starts, where it goes. */
export const bundles = [
  ...editions.flatMap((edition) => [
    { name: `${edition}/main`, entry: `electron/${edition}/main.ts`, outfile: `dist/${edition}/main.cjs`, options: main },
    { name: `${edition}/preload`, entry: `electron/${edition}/preload.ts`, outfile: `dist/${edition}/preload.cjs`, options: preload },
    { name: `${edition}/renderer`, entry: `renderer/${edition}/main.tsx`, outfile: `dist/${edition}/renderer/main.js`, options: page },
    { name: `${edition}/cli`, entry: `src/cli/${edition}/main.ts`, outfile: `dist/${edition}/cli.cjs`, options: main },
    // The worker that window and command line look for QR codes with, in a file of its own beside them.
    { name: `${edition}/code-worker`, entry: 'src/node/shared/code-reading/code-worker.ts', outfile: `dist/${edition}/${CODE_WORKER}`, options: main },
  ]),
  // What reviews and signs one transaction: a process beside the window's, a thread of the command line.
  { name: 'signer/signing-process', entry: 'electron/signer/signing-process.ts', outfile: 'dist/signer/signing-process.cjs', options: main },
  { name: 'signer/signing-thread', entry: 'src/node/signer/signing-process/signing-thread.ts', outfile: `dist/signer/${SIGNING_THREAD}`, options: main },
  { name: 'companion/ledger-thread', entry: 'src/node/companion/ledger-work/ledger-thread.ts', outfile: `dist/companion/${LEDGER_THREAD}`, options: main },
  { name: 'practice/cli', entry: 'src/cli/practice/main.ts', outfile: 'dist/practice/cli.cjs', options: main },
];

/**
 * Puts libsecp256k1's WebAssembly into the bundle. The package reads it from a file beside itself, which a bundle does not
 * have; the bytes are the package's own, pinned by the lock file.
 */
const embedSecp256k1 = {
  name: 'embed-secp256k1',
  setup(context) {
    context.onLoad({ filter: /[\\/]tiny-secp256k1[\\/]lib[\\/]wasm_loader\.js$/ }, () => ({
      contents: [
        "import binary from './secp256k1.wasm';",
        "import * as rand from './rand.js';",
        "import * as validate_error from './validate_error.js';",
        "const module = new WebAssembly.Module(binary);",
        "export default new WebAssembly.Instance(module, { './rand.js': rand, './validate_error.js': validate_error }).exports;",
      ].join('\n'),
      loader: 'js',
      resolveDir: inRoot('node_modules/tiny-secp256k1/lib'),
    }));
  },
};

/**
 * The reader of QR codes: its WebAssembly goes into the bundle, and the places where the package would fetch it from
 * elsewhere come out. A release of the package that has another way to fetch fails the build.
 */
const embedCodeReader = {
  name: 'embed-code-reader',
  setup(context) {
    context.onLoad({ filter: /[\\/]code-reading[\\/]reader-binary\.ts$/ }, () => ({
      contents: "import binary from 'zxing-wasm/reader/zxing_reader.wasm';\nexport const readerBinary = () => binary;",
      loader: 'js',
      resolveDir: root,
    }));
    context.onLoad({ filter: /[\\/]zxing-wasm[\\/]dist[\\/]es[\\/](share|reader[\\/]index)\.js$/ }, ({ path }) => ({ contents: withoutFetching(readFileSync(path, 'utf8'), path), loader: 'js' }));
  },
};

/** @throws Error when a way to fetch is left */
export function withoutFetching(text, path) {
  const nothing = '(() => { throw new Error("nothing is fetched"); })';
  const stripped = text
    .replaceAll(/`https:\/\/[a-z.]+\/npm\/zxing-wasm@[^`]*`/g, 'e')
    .replaceAll(/\bfetch\(/g, `${nothing}(`)
    .replaceAll(/new XMLHttpRequest\(\)/g, `${nothing}()`);
  const left = /https?:\/\/|\bfetch\(|XMLHttpRequest|WebSocket|importScripts/.exec(stripped);
  if (left !== null) throw new Error(`${path}: a way to fetch is left: ${left[0]}`);
  return stripped;
}

const packageFacts = () => JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));

/** The editions and programs that have a build hash each. */
const products = [...new Set(bundles.map(({ name }) => name.split('/')[0]))];
const graphFile = (name) => inRoot('dist/graphs', `${name.replace('/', '-')}.json`);
/** What an edition's bundles do not hold and its folder does. */
const besideOf = (product) => (editions.includes(product) ? [`renderer/${product}/index.html`, ...Object.values(nativeLibraries)] : []);

/**
 * The build hash of every product from the module graphs of its bundles.
 * @param {(name: string) => { inputs: Record<string, unknown> }} graphOf
 * @returns {Record<string, string>}
 */
function buildHashes(graphOf) {
  const { version } = packageFacts();
  return Object.fromEntries(products.map((product) => {
    const inputs = bundles.filter(({ name }) => name.startsWith(`${product}/`)).flatMap(({ name }) => Object.keys(graphOf(name).inputs));
    return [product, buildHash({ folder: root, version, inputs, further: besideOf(product) })];
  }));
}

/** Whether dist/ was made from what lies here now, by the files that its bundles were made of. */
export function distIsCurrent() {
  try {
    const made = JSON.parse(readFileSync(inRoot('dist/build.json'), 'utf8')).builds;
    const now = buildHashes((name) => JSON.parse(readFileSync(graphFile(name), 'utf8')));
    return products.every((product) => made[product] === now[product]);
  } catch {
    return false;
  }
}

export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]));
}

/**
 * Makes one bundle in memory.
 * @param {any} bundle
 * @param {{ build?: string, plugins?: import('esbuild').Plugin[] }} [options] `build`: the build hash that goes into it
 * `bundle` is one of `bundles`, or one of the same shape (the gates' tests plant leaks in one).
 * @returns esbuild's result: `metafile` is the module graph, `outputFiles` what is to be written
 */
export function makeBundle(bundle, { build: hash = '0'.repeat(64), plugins = [] } = {}) {
  return build({
    absWorkingDir: bundle.folder ?? root,
    entryPoints: [bundle.entry],
    outfile: bundle.outfile,
    bundle: true,
    metafile: true,
    write: false,
    logLevel: 'error',
    charset: 'utf8',
    legalComments: 'none',
    mainFields: ['module', 'main'],
    loader: { '.wasm': 'binary' },
    plugins: [embedSecp256k1, embedCodeReader, preactWithoutChance, ...(/^(companion|practice)\//.test(bundle.name) ? [ageWithoutOtherCurves] : []), ...plugins],
    define: {
      __STRONGROOM_VERSION__: JSON.stringify(packageFacts().version),
      __STRONGROOM_BUILD__: JSON.stringify(hash),
      __STRONGROOM_CODE_WORKER__: JSON.stringify(CODE_WORKER),
      __STRONGROOM_SIGNING_THREAD__: JSON.stringify(SIGNING_THREAD),
      __STRONGROOM_LEDGER_THREAD__: JSON.stringify(LEDGER_THREAD),
      __STRONGROOM_NATIVE__: JSON.stringify(NATIVE),
      'process.env.NODE_ENV': '"production"',
    },
    ...bundle.options,
  });
}

/**
 * Every bundle, the pages' files, the fonts, and the module graphs for the gates (dist/graphs/). All or nothing.
 * @param {{ plugins?: import('esbuild').Plugin[], requireClean?: boolean }} [options]
 * @throws Error naming every module that a bundle must not hold, with the imports that lead to it
 */
export async function buildEverything({ plugins = [], requireClean = true } = {}) {
  // Twice: the first round tells what the bundles are made of, the second puts the hash of it into them.
  const graphs = new Map();
  for (const bundle of bundles) graphs.set(bundle.name, (await makeBundle(bundle, { plugins })).metafile);
  const builds = buildHashes((name) => graphs.get(name));
  /** @type {[bundle: { name: string }, result: import('esbuild').BuildResult<{ write: false, metafile: true }>][]} */
  const results = [];
  for (const bundle of bundles) results.push([bundle, await makeBundle(bundle, { build: builds[bundle.name.split('/')[0]], plugins })]);
  const leaks = results.flatMap(([{ name }, { metafile }]) => findLeaks(metafile, graphRules[name]).map((leak) => describeLeak(name, leak)));
  if (requireClean && leaks.length > 0) throw new Error(`A bundle holds what it must not hold. Nothing was written.\n  ${leaks.join('\n  ')}`);
  rmSync(inRoot('dist'), { recursive: true, force: true });
  mkdirSync(inRoot('dist/graphs'), { recursive: true });
  for (const [bundle, { metafile, outputFiles }] of results) {
    for (const file of outputFiles) {
      mkdirSync(dirname(file.path), { recursive: true });
      writeFileSync(file.path, file.contents);
    }
    writeFileSync(graphFile(bundle.name), JSON.stringify(metafile));
  }
  for (const edition of editions) {
    copyPage(edition);
    copyNativeLibraries(edition);
  }
  writeFileSync(inRoot('dist/build.json'), `${JSON.stringify({ version: packageFacts().version, builds })}\n`);
  return builds;
}

/** What people call an edition. */
export const titles = { signer: 'Strongroom Signer', companion: 'Strongroom Companion' };

/** What stands beside the scripts of a page: markup, styles, fonts, and the manifest that Electron starts from. */
function copyPage(edition) {
  const folder = inRoot('dist', edition);
  mkdirSync(join(folder, 'renderer/styles'), { recursive: true });
  cpSync(inRoot('renderer', edition, 'index.html'), join(folder, 'renderer/index.html'));
  copyFonts(join(folder, 'renderer'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name: `strongroom-${edition}`, productName: titles[edition], version: packageFacts().version, main: 'main.cjs' })}\n`);
}

function copyNativeLibraries(edition) {
  for (const [name, file] of Object.entries(nativeLibraries)) cpSync(inRoot(file), inRoot('dist', edition, NATIVE, name));
}

const faces = [
  { family: 'IBM Plex Sans', slug: 'ibm-plex-sans' },
  { family: 'IBM Plex Mono', slug: 'ibm-plex-mono' },
];
/** The Unicode ranges by which the packages part their files: a page loads the second only where a letter needs it. */
const subsets = {
  latin: 'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
  'latin-ext': 'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
};

/** Fonts are bundled; nothing is ever fetched. Writes fonts/*.woff2 and styles/fonts.css. */
function copyFonts(folder) {
  mkdirSync(join(folder, 'fonts'), { recursive: true });
  const rules = faces.flatMap(({ family, slug }) =>
    [400, 600].flatMap((weight) =>
      Object.entries(subsets).map(([subset, range]) => {
        const file = `${slug}-${subset}-${weight}-normal.woff2`;
        cpSync(inRoot('node_modules/@fontsource', slug, 'files', file), join(folder, 'fonts', file));
        return `@font-face { font-family: '${family}'; font-style: normal; font-weight: ${weight}; font-display: block; src: url('../fonts/${file}') format('woff2'); unicode-range: ${range}; }`;
      }),
    ),
  );
  writeFileSync(join(folder, 'styles/fonts.css'), `${rules.join('\n')}\n`);
}
