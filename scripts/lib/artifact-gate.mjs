import { extractFile, listPackage } from '@electron/asar';

/**
 * The fourth gate: what a packaged application really holds, read from its archive alone. It knows nothing of our sources,
 * rules or bundler, so that a mistake in any of them is found where it would reach people.
 */

const only = {
  files: /^\/(package\.json|main\.cjs|preload\.cjs|code-worker\.cjs|renderer(\/(index\.html|main\.js|main\.css|styles|styles\/fonts\.css|fonts|fonts\/ibm-plex-(sans|mono)-latin(-ext)?-(400|600)-normal\.woff2|[a-z-]+\.(svg|png)))?)$/,
};

/** An import of a module of the runtime by any of its spellings. */
const importing = (names) => new RegExp(`(?:require|import|getBuiltinModule)\\(\\s*["'\`](?:node:)?(?:${names.join('|')})(?:/[a-z]+)?["'\`]`);
/** The mark that the bundler leaves above each module's code. */
const module = (path) => new RegExp(`^\\s*// (?:\\.\\./)*${path.replaceAll('/', '\\/')}(?:\\/|$)`, 'm');

const networkModules = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'child_process', 'cluster', 'inspector', 'repl', 'undici', 'ws'];
const always = [
  { what: 'a module that is loaded by a name made at run time', pattern: /(?<![\w.])require\((?!["'`])[^)]/ },
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
      ...['src/signer', 'src/practice', 'src/service/signer', 'src/node/signer', 'electron/signer', 'node_modules/bip39', 'node_modules/bip32', 'node_modules/ecpair', 'node_modules/age-encryption'].map((path) => ({ what: path, pattern: module(path) })),
    ],
    page: [...alwaysInPages, { what: 'the Signer\'s page', pattern: module('renderer/signer') }],
  },
};

/**
 * Everything in a packaged edition's archive that must not be there.
 * @param archive path of an app.asar
 * @returns `{ file, what, line }[]`, empty when the archive is clean
 */
export function inspectArchive(archive, edition) {
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
  return found;
}

export const describeFinding = ({ file, what, line }) => `${file}${line > 0 ? `:${line}` : ''} holds ${what}`;
