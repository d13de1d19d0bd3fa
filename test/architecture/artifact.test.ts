import { createPackageWithOptions } from '@electron/asar';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeFinding, inspectArchive } from '../../scripts/lib/artifact-gate.mjs';
import { packagedArchive, packagedBesides, packagedFiles, packagedLibrary } from '../../scripts/lib/packaging.mjs';

/** Fourth gate: what an application's archive holds, read from the archive alone. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-artifact-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Edition = 'signer' | 'companion';

/** Packs what would be packaged, after something was changed in it. `unpack`: what comes to lie beside the archive. */
async function archiveOf(edition: Edition, change: (content: string) => void = () => undefined, unpack = '*.node'): Promise<string> {
  const content = join(folder, 'content');
  for (const file of [...packagedFiles, ...packagedBesides[edition], packagedLibrary]) cpSync(join('dist', edition, file), join(content, file), { recursive: true });
  change(content);
  const archive = join(folder, 'app.asar');
  await createPackageWithOptions(content, archive, { unpack });
  return archive;
}

const appendTo = (path: string, text: string): void => writeFileSync(path, `${readFileSync(path, 'utf8')}\n${text}\n`);
const findings = (archive: string, edition: Edition): readonly string[] => inspectArchive(archive, edition).map(describeFinding);

test.each(['signer', 'companion'] as const)('%s as it would be packaged is clean', async (edition) => {
  expect(findings(await archiveOf(edition), edition)).toEqual([]);
});

test.each(['signer', 'companion'] as const)('%s as it was packaged, where it was packaged, is clean', (edition) => {
  const archive = packagedArchive(edition) as string;
  if (!existsSync(archive)) return expect(archive).toContain('release');
  expect(findings(archive, edition)).toEqual([]);
});

describe('a planted leak is refused with its file and place', () => {
  test.each([
    ['signer', "const x = require('https');", 'a network module'],
    ['signer', 'const x = require("node:net");', 'a network module'],
    ['signer', 'const x = process.getBuiltinModule("dns/promises");', 'a network module'],
    ['signer', 'const x = () => import("node:child_process");', 'a network module'],
    ['signer', 'const x = () => fetch("https://example.org");', 'a network function of the runtime'],
    ['signer', 'const x = () => new WebSocket("wss://example.org");', 'a network function of the runtime'],
    ['signer', 'const { net } = require("electron");', 'Electron\'s network module'],
    ['signer', 'const x = import_electron2.net.request;', 'Electron\'s network module'],
    ['signer', 'const x = require(name);', 'a module that is loaded by a name made at run time'],
    ['signer', '// src/companion/sweep.ts', 'src/companion'],
    ['signer', 'const at = "https://fastly.jsdelivr.net/npm/x";', 'an address that a library fetches parts of itself from'],
    ['signer', 'process.dlopen(module, "/tmp/other.node");process["dlopen"](m, f);', 'a native library that is loaded in another way than ours'],
    ['companion', 'require("module")._extensions[".node"](m, f);', 'a native library that is loaded in another way than ours'],
    ['signer', '// node_modules/elliptic/lib/elliptic/ec/index.js', 'elliptic'],
    ['companion', '// node_modules/secp256k1/lib/elliptic.js', 'elliptic'],
    ['companion', 'var ec = new EC("secp256k1");', 'elliptic'],
    ['companion', 'library.ecdsaSign(made, hash, key);', 'a function of the native library that takes a private key'],
    ['companion', 'const words = ["abandon", "ability", "able", "about"];', 'a BIP39 wordlist'],
    ['companion', 'const words = "abandon\\nability\\nable";const list = "abandon ability able about";', 'a BIP39 wordlist'],
    ['companion', 'hmac(utf8("Bitcoin seed"), seed);', 'private derivation'],
    ['companion', '// src/signer/sign.ts', 'src/signer'],
    ['companion', '// node_modules/bip39/src/index.js', 'node_modules/bip39'],
  ] as const)('%s: %s', async (edition, text, what) => {
    const archive = await archiveOf(edition, (content) => appendTo(join(content, 'main.cjs'), text));
    expect(findings(archive, edition)).toContainEqual(expect.stringMatching(new RegExp(`^/main\\.cjs:\\d+ holds ${what.replaceAll('/', '\\/')}$`)));
  });

  test('signer: a planted leak in the worker that reads pictures', async () => {
    const archive = await archiveOf('signer', (content) => appendTo(join(content, 'code-worker.cjs'), 'const x = () => fetch("decoder.wasm");'));
    expect(findings(archive, 'signer')).toEqual([expect.stringMatching(/^\/code-worker\.cjs:\d+ holds a network function of the runtime$/)]);
  });

  test('signer: a planted leak in the process that signs', async () => {
    const archive = await archiveOf('signer', (content) => appendTo(join(content, 'signing-process.cjs'), 'const x = require("net");'));
    expect(findings(archive, 'signer')).toEqual([expect.stringMatching(/^\/signing-process\.cjs:\d+ holds a network module$/)]);
  });

  test('a file that an application does not have', async () => {
    const archive = await archiveOf('signer', (content) => writeFileSync(join(content, 'renderer/extra.wasm'), 'x'));
    expect(findings(archive, 'signer')).toEqual(['/renderer/extra.wasm holds a file that an application does not have']);
  });

  test('native code inside the archive, where the program would not find it', async () => {
    expect(findings(await archiveOf('signer', () => undefined, 'nothing'), 'signer')).toEqual([`/${packagedLibrary} holds native code inside the archive`, '/native holds 0 native libraries in place of 1']);
  });

  test('a native library whose bytes are others', async () => {
    const archive = await archiveOf('companion', (content) => appendTo(join(content, packagedLibrary), 'x'));
    expect(findings(archive, 'companion')).toEqual([`/${packagedLibrary} holds other bytes than the curve's library has`]);
  });

  test('a second native library', async () => {
    const second = await archiveOf('signer', (content) => cpSync(join(content, packagedLibrary), join(content, 'native/secp256k1-linux-riscv64.node')));
    expect(findings(second, 'signer')).toEqual(['/native/secp256k1-linux-riscv64.node holds a file beside the archive', '/native holds 2 native libraries in place of 1']);
  });

  test('native code of another name', async () => {
    const other = await archiveOf('signer', (content) => cpSync(join(content, packagedLibrary), join(content, 'renderer/other.node')));
    expect(findings(other, 'signer')).toEqual(['/renderer/other.node holds a file that an application does not have', '/renderer/other.node holds a file beside the archive', '/native holds 2 native libraries in place of 1']);
  });

  test('no native library', async () => {
    const archive = await archiveOf('signer', (content) => rmSync(join(content, packagedLibrary)));
    expect(findings(archive, 'signer')).toEqual(['/native holds 0 native libraries in place of 1']);
    expect(inspectArchive(archive, 'signer', 'linux-riscv64')).toEqual([]);
  });

  test('the native library of another system', async () => {
    const archive = await archiveOf('signer');
    for (const system of ['win32-x64', 'linux-riscv64']) expect(inspectArchive(archive, 'signer', system).map(describeFinding)).toContain(`/${packagedLibrary} holds a file beside the archive`);
  });

  test('anything else beside the archive', async () => {
    const archive = await archiveOf('signer');
    writeFileSync(join(`${archive}.unpacked`, 'extra.txt'), 'x');
    expect(findings(archive, 'signer')).toEqual(['/extra.txt holds a file beside the archive', '/native holds 2 native libraries in place of 1']);
  });

  test('a page that loads a script from elsewhere', async () => {
    const archive = await archiveOf('companion', (content) => appendTo(join(content, 'renderer/index.html'), '<script src="https://example.org/x.js"></script>'));
    expect(findings(archive, 'companion')).toEqual([expect.stringMatching(/^\/renderer\/index\.html:\d+ holds code from elsewhere$/)]);
  });
});
