/**
 * The zones of the program: which files belong to each, and everything that each may import. What is not listed is refused,
 * and a file in no zone fails the build. `.dependency-cruiser.mjs` turns this table into rules; docs/architecture.md draws it.
 *
 * `imports`: zones. `types`: zones of which types alone. `packages`: of the registry. `builtins`: of Node.
 */
const library = { curve: 'tiny-secp256k1', hashes: '@noble/hashes', codecs: '@scure/base', schemas: 'valibot' };
const bitcoinjs = ['bitcoinjs-lib/address', 'bitcoinjs-lib/ecc_lib', 'bitcoinjs-lib/script', 'bitcoinjs-lib/script_signature', 'bitcoinjs-lib/transaction'];
const files = ['fs', 'fs/promises', 'path', 'os', 'crypto'];
const common = ['wallet', 'psbt', 'review', 'airgap', 'paper', 'domain', 'errors'];

export const zones = [
  // The core: pure, the same for both editions.
  { name: 'domain', path: 'src/domain', imports: ['errors'], packages: [library.hashes, library.codecs] },
  { name: 'errors', path: 'src/errors' },
  { name: 'public-curve', path: 'src/wallet/secp256k1-public.ts', imports: ['curve-choice'], packages: [library.curve] },
  // Which implementation that is: told once, by the adapter that loads a native library (docs/adr/0015), and by nobody else.
  { name: 'curve-choice', path: 'src/wallet/secp256k1-choice.ts', packages: [library.curve] },
  // The ciphers open wallet files of other programs (BSMS, Electrum).
  { name: 'wallet', path: 'src/wallet', imports: ['public-curve', 'domain', 'errors'], packages: [library.hashes, library.codecs, library.schemas, '@noble/ciphers', ...bitcoinjs] },
  // Which SHA-256 hashes what legacy inputs sign: told once, by the adapter of the runtime's own.
  { name: 'sha256-choice', path: 'src/psbt/sha256-choice.ts', packages: [library.hashes] },
  { name: 'psbt', path: 'src/psbt', imports: ['sha256-choice', 'public-curve', 'wallet', 'domain', 'errors'], types: ['review'], packages: [library.hashes, ...bitcoinjs] },
  // What a review finds and what a transaction says of itself, in the words that people read.
  { name: 'findings', path: 'src/review/(finding|terms).ts' },
  { name: 'review', path: 'src/review', imports: ['findings', 'psbt', 'public-curve', 'wallet', 'domain', 'errors'], types: ['host'], packages: [library.hashes, library.schemas, ...bitcoinjs] },
  { name: 'airgap', path: 'src/airgap', imports: ['psbt', 'wallet', 'domain', 'errors'], packages: [library.hashes, library.codecs, library.schemas, 'qrcode'] },
  { name: 'paper', path: 'src/paper', imports: ['airgap', 'psbt', 'wallet', 'domain', 'errors'], packages: [library.hashes] },
  { name: 'custody', path: 'src/custody', imports: ['paper', 'wallet', 'domain', 'errors'], types: ['host'], packages: [library.hashes, library.schemas] },
  { name: 'host', path: 'src/host', imports: ['domain', 'errors'], types: ['review', 'findings'], packages: [library.schemas] },

  // The two that must never meet.
  { name: 'signer', path: 'src/signer', imports: [...common, 'public-curve', 'findings'], packages: [library.curve, library.hashes, library.codecs, library.schemas, '@noble/ciphers', '@noble/curves', 'bip32', 'bip39', ...bitcoinjs] },
  { name: 'companion', path: 'src/companion', imports: [...common, 'public-curve', 'findings'], packages: [library.hashes, library.codecs, library.schemas, ...bitcoinjs] },
  // Practice only: the hot wallet that a node would keep. In no bundle of either edition.
  { name: 'practice', path: 'src/practice', imports: [...common, 'public-curve', 'findings'], packages: [library.curve, library.hashes, library.codecs, library.schemas, '@noble/curves', 'bip32', 'bip39', ...bitcoinjs] },

  // What both editions' handlers say of a wallet, as the boundary carries it.
  { name: 'service/shared', path: 'src/service/shared', imports: ['wallet', 'psbt', 'domain', 'errors', 'airgap'], types: ['host'], packages: [library.hashes, library.codecs, library.schemas] },
  // What the host and the process that signs say to each other is parsed like what a page says: by the boundary's schemas.
  { name: 'service/signing', path: 'src/service/signer/signing', imports: ['service/signer', 'service/shared', 'host', ...common, 'findings', 'signer'], packages: [library.hashes, library.schemas] },
  { name: 'service/signer', path: 'src/service/signer', imports: ['service/signing', 'custody', ...common, 'service/shared', 'findings', 'signer'], types: ['host'], packages: [library.hashes, library.codecs, library.schemas] },
  // A rule of a schedule that was kept is parsed again before it runs, by the boundary's schema.
  { name: 'service/companion', path: 'src/service/companion', imports: [...common, 'service/shared', 'host', 'findings', 'companion'], packages: [library.hashes, library.codecs, library.schemas] },

  // What touches the machine.
  // Codes in pictures, read in a worker: the one place that starts threads. In its worker nothing of ours but itself.
  { name: 'node/code-reading', path: 'src/node/shared/code-reading', imports: ['errors'], packages: ['zxing-wasm'], builtins: [...files, 'module', 'worker_threads'] },
  // The one place that loads a native library. Who has it open can name any of its functions: the Signer, and who lets the core
  // have the public ones (docs/adr/0015).
  { name: 'node/native-library', path: 'src/node/shared/native-curve/open-library.ts', imports: ['native-curve/pinned', 'errors'], builtins: files },
  { name: 'native-curve/pinned', path: 'src/node/shared/native-curve/pinned-files.ts' },
  { name: 'node/native-curve', path: 'src/node/shared/native-curve', imports: ['node/native-library', 'curve-choice', 'domain', 'errors'] },
  { name: 'node/native-sha256', path: 'src/node/shared/native-sha256.ts', imports: ['sha256-choice', 'domain'], builtins: ['crypto'] },
  { name: 'node/shared', path: 'src/node/shared', imports: ['domain', 'errors'], builtins: files },
  // The thread and the curves of what reviews and signs.
  { name: 'node/signing', path: 'src/node/signer/signing-process', imports: ['node/signer', 'node/native-library', 'node/native-curve', 'node/native-sha256', 'service/signing', 'signer'], builtins: ['path', 'worker_threads'] },
  { name: 'node/signer', path: 'src/node/signer', imports: ['signer', 'service/signer', 'node/shared', 'node/native-library', 'node/native-curve', 'custody', ...common], packages: ['age-encryption', '@noble/ciphers', library.hashes, library.codecs], builtins: files },
  // The thread that goes through the whole of the books' file, and who starts it.
  { name: 'node/ledger-work', path: 'src/node/companion/ledger-work', imports: ['node/companion', 'service/companion', 'companion', 'node/shared', 'domain', 'errors'], builtins: [...files, 'perf_hooks', 'sqlite', 'url', 'worker_threads'] },
  {
    name: 'node/companion',
    path: 'src/node/companion',
    imports: ['node/ledger-work', 'companion', 'service/companion', 'node/shared', 'node/native-curve', 'node/native-sha256', 'public-curve', ...common],
    packages: ['age-encryption', '@noble/ciphers', library.hashes, library.codecs, library.schemas],
    builtins: [...files, 'sqlite', 'http', 'https', 'net', 'tls', 'child_process', 'timers/promises'],
  },
  { name: 'node/practice', path: 'src/node/practice', imports: ['practice', 'companion', 'node/companion', 'node/shared', ...common], packages: [library.hashes, library.codecs, library.schemas], builtins: [...files, 'sqlite'] },

  { name: 'cli/shared', path: 'src/cli/shared', imports: ['host', 'node/shared', 'findings', 'airgap', 'review', 'domain', 'errors'], packages: [library.schemas], builtins: [...files, 'tty', 'readline', 'timers/promises'] },
  { name: 'cli/signer', path: 'src/cli/signer', imports: ['cli/shared', 'host', 'service/signer', 'node/signing', 'node/signer', 'node/shared', 'findings', 'custody', 'node/code-reading', ...common], packages: [library.schemas], builtins: files },
  { name: 'cli/companion', path: 'src/cli/companion', imports: ['cli/shared', 'host', 'service/companion', 'node/companion', 'node/shared', 'findings', ...common], packages: [library.schemas], builtins: files },
  { name: 'cli/practice', path: 'src/cli/practice', imports: ['cli/shared', 'host', 'node/practice', 'node/companion', 'node/shared', ...common], packages: [library.schemas], builtins: files },

  // Windows.
  { name: 'electron/shell', path: 'electron/shell', imports: ['host', 'node/shared', 'domain', 'errors'], packages: ['electron', library.schemas], builtins: files },
  { name: 'electron/signer', path: 'electron/signer', imports: ['electron/shell', 'host', 'service/shared', 'service/signing', 'service/signer', 'signer', 'node/signing', 'node/signer', 'node/shared', 'custody', 'node/code-reading', ...common], packages: [library.schemas], builtins: files },
  { name: 'electron/companion', path: 'electron/companion', imports: ['electron/shell', 'host', 'service/shared', 'service/companion', 'node/companion', 'node/shared', 'node/code-reading', ...common], packages: [library.schemas], builtins: files },

  // What people see: no crypto, no host but by the bridge. The findings' words are the only values of the core besides schemas.
  { name: 'renderer/signer', path: 'renderer/signer', imports: ['renderer/shared', 'host', 'findings'], types: ['domain', 'review', 'electron/shell'], packages: ['preact', '@preact/signals'] },
  { name: 'renderer/companion', path: 'renderer/companion', imports: ['renderer/shared', 'host', 'findings'], types: ['domain', 'review', 'electron/shell'], packages: ['preact', '@preact/signals'] },
  { name: 'renderer/shared', path: 'renderer/(ui|review|wallet|camera|frames|frame|files|messages|guide|host|styles)', imports: ['host', 'findings'], types: ['domain', 'review', 'electron/shell'], packages: ['preact', '@preact/signals', 'qrcode', library.schemas] },

  { name: 'types', path: 'types' },
];

const folderOrFile = (path) => (/\.ts$/.test(path) ? `${path.replaceAll('.', '\\.')}$` : `${path}/`);

/** A pattern that matches a zone's files; files and folders in it that are zones of their own are not its own. */
export function patternOf(zone) {
  const inside = zones.filter((other) => other !== zone && other.path.startsWith(`${zone.path}/`));
  const not = inside.length === 0 ? '' : `(?!${inside.map((other) => folderOrFile(other.path)).join('|')})`;
  return `^${not}${folderOrFile(zone.path)}`;
}

/** The zone that a file (path in the checkout) belongs to, or `null`. */
export const zoneOf = (file) => zones.find((zone) => new RegExp(patternOf(zone)).test(file))?.name ?? null;

/** What a package's name in the table stands for on disk. */
export function packagePattern(name) {
  // The package's index has its Psbt class, which is not a validator (ADR 0007); so modules by name.
  const [, module] = /^bitcoinjs-lib\/(.+)$/.exec(name) ?? [];
  if (module !== undefined) return `^node_modules/bitcoinjs-lib/src/(cjs|esm)/${module}\\.`;
  if (name === 'qrcode') return '^(types/qrcode-core\\.d\\.ts$|node_modules/qrcode/lib/core/)';
  // Its own types bring all of Node's along; ours stand in for them.
  if (name === 'bip39') return '^(types/bip39\\.d\\.ts$|node_modules/bip39/)';
  return `^node_modules/(@types/)?${name}/`;
}
