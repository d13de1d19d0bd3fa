import { createPackage } from '@electron/asar';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeFinding, inspectArchive } from '../../scripts/lib/artifact-gate.mjs';
import { packagedArchive, packagedBesides, packagedFiles } from '../../scripts/lib/packaging.mjs';

/** Fourth gate: what an application's archive holds, read from the archive alone. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strongroom-artifact-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Edition = 'signer' | 'companion';

/** Packs what would be packaged, after something was changed in it. */
async function archiveOf(edition: Edition, change: (content: string) => void = () => undefined): Promise<string> {
  const content = join(folder, 'content');
  for (const file of [...packagedFiles, ...packagedBesides[edition]]) cpSync(join('dist', edition, file), join(content, file), { recursive: true });
  change(content);
  const archive = join(folder, 'app.asar');
  await createPackage(content, archive);
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

  test('a file that an application does not have', async () => {
    const archive = await archiveOf('signer', (content) => writeFileSync(join(content, 'renderer/extra.wasm'), 'x'));
    expect(findings(archive, 'signer')).toEqual(['/renderer/extra.wasm holds a file that an application does not have']);
  });

  test('a page that loads a script from elsewhere', async () => {
    const archive = await archiveOf('companion', (content) => appendTo(join(content, 'renderer/index.html'), '<script src="https://example.org/x.js"></script>'));
    expect(findings(archive, 'companion')).toEqual([expect.stringMatching(/^\/renderer\/index\.html:\d+ holds code from elsewhere$/)]);
  });
});
