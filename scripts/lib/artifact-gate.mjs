import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';

/**
 * The fourth gate: what a packaged application really holds, read from its archive alone. It knows nothing of our sources,
 * rules or bundler, so that a mistake in any of them is found where it would reach people.
 */

const only = {
  files: /^\/(package\.json|main\.cjs|preload\.cjs|code-worker\.cjs|signing-process\.cjs|ledger-thread\.cjs|native(\/secp256k1-[a-z0-9]+-[a-z0-9]+\.node)?|renderer(\/(index\.html|main\.js|main\.css|styles|styles\/fonts\.css|fonts|fonts\/ibm-plex-(sans|mono)-latin(-ext)?-(400|600)-normal\.woff2|[a-z-]+\.(svg|png)))?)$/,
};

/** The curve's native library by system: the only native code that an application has, and it has one of these. SHA-256. */
export const nativeLibraries = {
  '/native/secp256k1-linux-x64.node': 'd93a107b99002110e1bfcc2c427d5cd3e3b89dce278631285557d76fd42497ad',
  '/native/secp256k1-darwin-arm64.node': '9193f1e80547127dfa32e80324513d26454557dc2b3dfa8e962d6b6898e0f30d',
  '/native/secp256k1-win32-x64.node': '16313b522f8051b6e82ff06a90b66e1f371716196c4bdfa83366e6ffa0b1b0f6',
};

/** An import of a module of the runtime by any of its spellings. */
const importing = (names) => new RegExp(`(?:require|import|getBuiltinModule)\\(\\s*["'\`](?:node:)?(?:${names.join('|')})(?:/[a-z]+)?["'\`]`);
/** The mark that the bundler leaves above each module's code. */
const module = (path) => new RegExp(`^\\s*// (?:\\.\\./)*${path.replaceAll('/', '\\/')}(?:\\/|$)`, 'm');

const networkModules = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'child_process', 'cluster', 'inspector', 'repl', 'undici', 'ws'];
const always = [
  { what: 'a module that is loaded by a name made at run time', pattern: /(?<![\w.])require\((?!["'`])[^)]/ },
  { what: 'a native library that is loaded in another way than ours', pattern: /_extensions\b|\bprocess\.binding\b|\bnode-gyp-build\b|\bdlopen\b(?!\(module\d*, )/ },
  // What npm secp256k1 falls back to without a word: variable in time, and with a history of signatures that give keys away.
  { what: 'elliptic', pattern: /^\s*\/\/ (?:\.\.\/)*node_modules\/(?:elliptic|secp256k1|bn\.js)\/|\belliptic\.(?:ec|curves)\b|\bnew (?:EC|BN)\(/m },
  { what: 'an address that a library fetches parts of itself from', pattern: /\b(?:jsdelivr|unpkg|cdnjs|skypack)\b|\bcdn\.[a-z]+\.[a-z]/ },
];
const alwaysInPages = [{ what: 'code from elsewhere', pattern: /<script[^>]+src=["'](?:https?:)?\/\/|import\(["']https?:/ }];

export const artifactRules = {
  signer: {
    host: [
      ...always,
      { what: 'a network module', pattern: importing(networkModules) },
      { what: 'a network function of the runtime', pattern: /(?<![\w.$])(?:fetch\(|new (?:WebSocket|EventSource|XMLHttpRequest)\()/ },
      { what: 'Electron\'s network module', pattern: /import_electron\d*\.net\b|\{[^}]*\bnet\b[^}]*\}\s*=\s*require\("electron"\)/ },
      ...['src/companion', 'src/practice', 'src/service/companion', 'src/node/companion', 'electron/companion'].map((path) => ({ what: path, pattern: module(path) })),
    ],
    page: [...alwaysInPages, { what: 'the Companion\'s page', pattern: module('renderer/companion') }],
  },
  companion: {
    host: [
      ...always,
      { what: 'a BIP39 wordlist', pattern: /abandon["'\s,]+ability["'\s,]+able["'\s,]+about/ },
      { what: 'private derivation', pattern: /Bitcoin seed/ },
      { what: 'a signing implementation', pattern: /\.privateKeyTweak|lowRSign|rfc6979/i },
      { what: 'a function of the native library that takes a private key', pattern: /\b(?:ecdsaSign|privateKey(?:Negate|TweakAdd|TweakMul|Verify)|publicKeyCreate|contextRandomize)\b/ },
      ...['src/signer', 'src/practice', 'src/service/signer', 'src/node/signer', 'electron/signer', 'node_modules/bip39', 'node_modules/bip32', 'node_modules/ecpair', 'node_modules/@noble/curves/nist.js', 'node_modules/@noble/curves/abstract/weierstrass.js', 'node_modules/@noble/post-quantum'].map((path) => ({ what: path, pattern: module(path) })),
    ],
    page: [...alwaysInPages, { what: 'the Signer\'s page', pattern: module('renderer/signer') }],
  },
};

/**
 * Everything in a packaged edition's archive that must not be there.
 * @param archive path of an app.asar
 * @param system the one that it is for, as `process.platform` and `process.arch` name it
 * @returns `{ file, what, line }[]`, empty when the archive is clean
 */
export function inspectArchive(archive, edition, system = `${process.platform}-${process.arch}`) {
  const rules = artifactRules[edition];
  const found = [];
  for (const file of listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/'))) {
    if (!only.files.test(file)) found.push({ file, what: 'a file that an application does not have', line: 0 });
    const kind = /\.cjs$/.test(file) ? 'host' : /\.(js|html|css)$/.test(file) ? 'page' : null;
    if (kind === null) continue;
    const text = extractFile(archive, file.slice(1)).toString('utf8');
    for (const { what, pattern } of rules[kind]) {
      const match = pattern.exec(text);
      if (match !== null) found.push({ file, what, line: text.slice(0, match.index).split('\n').length });
    }
    // No page has key material or a way past its host, in either edition.
    if (kind === 'page' && importing([...networkModules, 'fs', 'crypto', 'electron']).test(text)) found.push({ file, what: 'a module of the runtime', line: 0 });
  }
  return [...found, ...inspectNativeCode(archive, system)];
}

/** Beside the archive lies one file, the curve's library for this system where there is one, and no other native code is anywhere. */
function inspectNativeCode(archive, system) {
  const beside = `${archive}.unpacked`;
  const library = `/native/secp256k1-${system}.node`;
  const expected = nativeLibraries[library];
  const unpacked = !existsSync(beside) ? [] : readdirSync(beside, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const found = unpacked.flatMap((path) => {
    const file = path.slice(beside.length).replaceAll('\\', '/');
    if (file !== library || expected === undefined) return [{ file, what: 'a file beside the archive', line: 0 }];
    return createHash('sha256').update(readFileSync(path)).digest('hex') === expected ? [] : [{ file, what: 'other bytes than the curve\'s library has', line: 0 }];
  });
  const listed = listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/')).filter((file) => file.endsWith('.node'));
  const packed = listed.filter((file) => statFile(archive, file.slice(1)).unpacked !== true).map((file) => ({ file, what: 'native code inside the archive', line: 0 }));
  const count = expected === undefined ? 0 : 1;
  return [...found, ...packed, ...(unpacked.length === count && listed.length === count ? [] : [{ file: '/native', what: `${unpacked.length} native libraries in place of ${count}`, line: 0 }])];
}

export const describeFinding = ({ file, what, line }) => `${file}${line > 0 ? `:${line}` : ''} holds ${what}`;
