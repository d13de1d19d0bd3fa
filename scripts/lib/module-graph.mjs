/**
 * The third gate: what each bundle really holds, from the module graph that the bundler leaves behind. It does not trust the
 * import rules: a package that changes its dependencies overnight is found here.
 *
 * Sources and packages are listed by what is allowed, so that what nobody thought of is refused; what must never be there is
 * listed besides, so that no edit of the first list lets it in.
 */

const networkModules = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises', 'child_process', 'cluster', 'inspector', 'inspector/promises', 'repl'];
const networkPackages = ['undici', 'ws', 'node-fetch', 'axios', 'got', '@electron/remote'];
// Of npm secp256k1 nothing but its prebuilt library is used, by its path: its own loader falls back to elliptic without a word.
const silentCurves = ['secp256k1', 'elliptic', 'bn.js', 'hmac-drbg', 'node-gyp-build', 'bindings'];
const keyPackages = ['bip39', 'bip32', 'ecpair', '@scure/bip39', '@scure/bip32', 'age-encryption'];
const cryptoPackages = [...keyPackages, 'tiny-secp256k1', 'bitcoinjs-lib', '@noble/curves', '@noble/hashes', '@noble/ciphers', '@scure/base', '@bitcoinerlab/secp256k1'];

const shared = ['src/domain', 'src/errors', 'src/wallet', 'src/psbt', 'src/review', 'src/airgap', 'src/paper', 'src/host', 'src/service/shared', 'src/node/shared'];
// What bitcoinjs-lib's modules bring along, and the libraries of the core.
const corePackages = ['@noble/ciphers', '@noble/hashes', '@scure/base', 'base-x', 'bech32', 'bitcoinjs-lib', 'bs58', 'bs58check', 'tiny-secp256k1', 'uint8array-tools', 'valibot', 'varuint-bitcoin'];
const qrPackages = ['qrcode', 'dijkstrajs'];
const files = ['fs', 'fs/promises', 'path', 'os', 'crypto', 'process'];

const signerHost = { sources: [...shared, 'src/custody', 'src/signer', 'src/service/signer', 'src/node/signer'], packages: [...corePackages, ...qrPackages, '@noble/ciphers', '@noble/curves', 'age-encryption', '@noble/post-quantum', '@scure/bip39', 'bip39'], builtins: [...files, 'worker_threads'] };
// age encrypts backups and standby bundles. Of the curves it has X25519 alone: the build leaves the others out (age-without-other-curves.mjs).
const companionHost = { sources: [...shared, 'scripts/lib/absent-curves.mjs', 'src/companion', 'src/service/companion', 'src/node/companion'], packages: [...corePackages, ...qrPackages, 'age-encryption', '@noble/curves'], builtins: [...files, 'sqlite', 'http', 'https', 'net', 'tls', 'child_process', 'timers/promises', 'worker_threads', 'perf_hooks', 'url'] };
const page = { sources: ['renderer/ui', 'renderer/review', 'renderer/wallet', 'renderer/camera', 'renderer/frames', 'renderer/frame', 'renderer/files', 'renderer/messages', 'renderer/guide', 'renderer/host', 'renderer/styles', 'src/host', 'src/domain', 'src/errors', 'src/review/finding.ts', 'src/review/terms.ts'], packages: ['preact', '@preact/signals', '@preact/signals-core', 'valibot', ...qrPackages], builtins: [] };
const bridge = { sources: ['electron/shell/bridge.ts', 'electron/shell/expose-bridge.ts', 'src/host', 'src/domain', 'src/errors'], packages: ['valibot'], builtins: ['electron'] };
const terminal = ['tty', 'readline', 'readline/promises', 'timers/promises'];

const neverInSigner = { sources: ['src/companion', 'src/practice', 'src/service/companion', 'src/node/companion', 'src/node/practice', 'src/cli/companion', 'src/cli/practice', 'electron/companion', 'renderer/companion'], packages: [...networkPackages, ...silentCurves], builtins: networkModules };
const neverInCompanion = { sources: ['src/signer', 'src/practice', 'src/service/signer', 'src/node/signer', 'src/node/practice', 'src/cli/signer', 'src/cli/practice', 'electron/signer', 'renderer/signer'], packages: [...keyPackages.filter((name) => name !== 'age-encryption'), '@noble/post-quantum', ...networkPackages, ...silentCurves], builtins: ['dgram', 'http2', 'cluster', 'inspector', 'inspector/promises', 'repl'] };
const neverInPage = { sources: ['src/signer', 'src/companion', 'src/practice', 'src/node', 'src/wallet', 'src/psbt', 'src/airgap'], packages: [...cryptoPackages, ...networkPackages, ...silentCurves], builtins: [...networkModules, 'crypto', 'fs', 'electron'] };

const also = (base, more) => ({ sources: [...base.sources, ...(more.sources ?? [])], packages: [...base.packages, ...(more.packages ?? [])], builtins: [...base.builtins, ...(more.builtins ?? [])] });

/** Who alone may import a module of the runtime: what starts a thread starts code that no graph shows. */
const onlyFrom = {
  worker_threads: [
    'src/node/shared/code-reading/read-codes.ts', 'src/node/shared/code-reading/code-worker.ts',
    'src/node/signer/signing-process/start-signing-thread.ts', 'src/node/signer/signing-process/signing-thread.ts',
    'src/node/companion/ledger-work/run-ledger-job.ts', 'src/node/companion/ledger-work/ledger-thread.ts',
  ],
};

/**
 * What reviews and signs: the rules, the curves, and the one native library. It has no file to write, no window, and nothing that makes,
 * keeps or prints keys; the runtime's modules are those that find and check that library.
 */
const signing = {
  sources: [
    'src/domain', 'src/errors', 'src/wallet', 'src/psbt', 'src/review', 'src/airgap', 'src/host', 'src/signer',
    'src/service/shared', 'src/service/signer/signing', 'src/service/signer/signed-reply.ts', 'src/node/shared/native-curve', 'src/node/shared/native-sha256.ts', 'src/node/signer/native-signer.ts', 'src/node/signer/signing-process/product-curves.ts',
  ],
  // The ciphers come along with papers' keys (BIP38), which are opened by the host.
  packages: [...corePackages, '@noble/ciphers', '@noble/curves'],
  builtins: ['crypto', 'fs', 'path'],
};
/** What makes, keeps, divides or shows keys: none of it is where one signs. */
const neverWhereOneSigns = also(neverInSigner, {
  sources: ['src/signer/entropy', 'src/signer/drills', 'src/signer/mnemonic.ts', 'src/signer/key-file.ts', 'src/signer/kept-secret.ts', 'src/signer/shares.ts', 'src/paper', 'src/custody', 'electron/shell'],
  packages: ['age-encryption', 'bip39', '@scure/bip39'],
});

/** What decodes pictures of strangers: itself and its library, and nothing that it could be turned against. */
const codeWorker = {
  may: { sources: ['src/node/shared/code-reading'], packages: ['zxing-wasm'], builtins: ['crypto', 'worker_threads'] },
  never: also(neverInSigner, { sources: ['src/signer', 'src/service', 'src/node/signer'], packages: cryptoPackages }),
};

/** What goes through the books' file: the database, its rules, and a hash. */
const ledgerThread = {
  sources: [
    'src/domain', 'src/errors', 'src/node/companion/ledger-work', 'src/node/companion/schema', 'src/node/companion/ledger-database.ts', 'src/node/companion/sqlite-check.ts', 'src/node/companion/sqlite-statements.ts',
    'src/node/shared/file-fault.ts',
  ],
  packages: [],
  builtins: ['crypto', 'fs', 'path', 'sqlite', 'url', 'worker_threads'],
};

/** For each bundle: everything that it may hold, and what it must never hold. */
export const graphRules = {
  'signer/main': { may: also(signerHost, { sources: ['electron/shell', 'electron/signer'], builtins: ['electron'] }), never: neverInSigner },
  'signer/cli': { may: also(signerHost, { sources: ['src/cli/shared', 'src/cli/signer'], builtins: terminal }), never: neverInSigner },
  'signer/code-worker': codeWorker,
  'signer/signing-process': { may: also(signing, { sources: ['electron/signer/signing-process.ts'] }), never: also(neverWhereOneSigns, { builtins: ['electron', 'worker_threads'] }) },
  'signer/signing-thread': { may: also(signing, { sources: ['src/node/signer/signing-process/signing-thread.ts'], builtins: ['worker_threads'] }), never: neverWhereOneSigns },
  'signer/preload': { may: also(bridge, { sources: ['electron/signer/preload.ts'] }), never: also(neverInSigner, { packages: cryptoPackages }) },
  'signer/renderer': { may: also(page, { sources: ['renderer/signer'] }), never: also(neverInPage, neverInSigner) },
  'companion/main': { may: also(companionHost, { sources: ['electron/shell', 'electron/companion'], builtins: ['electron'] }), never: neverInCompanion },
  'companion/cli': { may: also(companionHost, { sources: ['src/cli/shared', 'src/cli/companion'], builtins: terminal }), never: neverInCompanion },
  'companion/code-worker': codeWorker,
  'companion/ledger-thread': { may: ledgerThread, never: also(neverInCompanion, { sources: ['src/service', 'src/companion', 'electron'], packages: cryptoPackages, builtins: [...networkModules, 'electron'] }) },
  'companion/preload': { may: also(bridge, { sources: ['electron/companion/preload.ts'] }), never: also(neverInCompanion, { packages: cryptoPackages }) },
  'companion/renderer': { may: also(page, { sources: ['renderer/companion'] }), never: also(neverInPage, neverInCompanion) },
  'practice/cli': {
    may: also(also(companionHost, { sources: ['src/practice', 'src/node/practice', 'src/cli/shared', 'src/cli/practice'], packages: ['bip32', 'bip39', 'wif', '@noble/curves', '@scure/bip32'] }), { builtins: terminal }),
    never: { sources: ['src/signer', 'src/service', 'src/node/signer', 'src/cli/signer', 'electron', 'renderer'], packages: [...networkPackages, ...silentCurves], builtins: [] },
  },
};

/** The few helper functions that esbuild puts into a bundle. */
const BUNDLER_RUNTIME = '<runtime>';

const isBelow = (path, folder) => path === folder || path.startsWith(`${folder}/`);

/** A module of the graph as the rules speak of it. */
function describe(path) {
  const inPackage = /(?:^|\/)node_modules\/(?!.*\/node_modules\/)((?:@[^/]+\/)?[^/]+)/.exec(path);
  if (inPackage !== null) return { kind: 'packages', name: inPackage[1] };
  return { kind: 'sources', name: path.replace(/^(\.\.\/)+/, '') };
}

const describeBuiltin = (path) => ({ kind: 'builtins', name: path.replace(/^node:/, '') });

function verdict({ kind, name }, { may, never }) {
  const matches = kind === 'sources' ? (entry) => isBelow(name, entry) : (entry) => entry === name;
  if (never[kind].some(matches)) return 'forbidden';
  return may[kind].some(matches) ? null : 'not listed';
}

/**
 * Everything in a bundle's module graph that its rules refuse, each with the shortest path of imports that leads to it.
 * @param metafile esbuild's
 * @param rules one of `graphRules`
 * @returns `{ module, why, path }[]`, `path` from the entry to the module; empty when the bundle is clean
 */
export function findLeaks(metafile, rules) {
  const entries = Object.values(metafile.outputs).flatMap((output) => (output.entryPoint === undefined ? [] : [output.entryPoint]));
  const cameFrom = new Map(entries.map((entry) => [entry, null]));
  const queue = [...entries];
  const leaks = [];
  const pathTo = (module) => {
    const path = [];
    for (let at = module; at !== null && at !== undefined; at = cameFrom.get(at)) path.unshift(at);
    return path;
  };
  const judge = (facts, path) => {
    const why = verdict(facts, rules);
    if (why !== null) leaks.push({ module: facts.name, why, path });
  };
  while (queue.length > 0) {
    const module = queue.shift();
    judge(describe(module), pathTo(module));
    for (const { path, external } of metafile.inputs[module]?.imports ?? []) {
      if (path === BUNDLER_RUNTIME) continue;
      if (external === true) {
        const builtin = describeBuiltin(path);
        const importer = describe(module).name;
        if (onlyFrom[builtin.name]?.includes(importer) === false) leaks.push({ module: builtin.name, why: `not for ${importer}`, path: [...pathTo(module), path] });
        judge(builtin, [...pathTo(module), path]);
      }
      else if (!cameFrom.has(path)) {
        cameFrom.set(path, module);
        queue.push(path);
      }
    }
  }
  // A module that no import leads to and that is in the bundle all the same (an injected one) is judged too.
  for (const module of Object.keys(metafile.inputs)) {
    if (!cameFrom.has(module) && module !== BUNDLER_RUNTIME) judge(describe(module), [module]);
  }
  return leaks;
}

/** A leak as people read it. */
export const describeLeak = (bundle, { module, why, path }) => `${bundle}: ${module} is ${why}\n    ${path.join('\n    -> ')}`;
