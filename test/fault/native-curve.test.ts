import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { environmentFor, requireBuilt, scratch, type Scratch } from '../flow/programs.ts';
import { asCosigner, makeTreasury, planPayment, type Treasury } from '../flow/treasury.ts';
import { libraryHere, notRunHere } from '../support/native-library.ts';

/* The native curve library beside the built programs: there, missing, changed, not to be loaded (docs/adr/0015). */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ofPlatform = test.skipIf(libraryHere === undefined);
const library = `native/secp256k1-${libraryHere?.system}.node`;

let treasury: Treasury;
let place: Scratch;
beforeAll(() => {
  requireBuilt();
  treasury = makeTreasury();
  planPayment(treasury);
});
afterAll(() => {
  treasury?.remove();
  place?.remove();
});
beforeEach(() => {
  place?.remove();
  place = scratch();
  for (const part of ['bin', 'dist/signer', 'dist/companion']) cpSync(join(root, part), join(place.folder, part), { recursive: true });
});

const commands = {
  signer: (): string[] => ['psbt', 'review', 'pay.psbt', ...asCosigner('a')],
  companion: (): string[] => ['wallet', 'policy', '--wallet', 'wallet.json'],
} as const;
type Edition = keyof typeof commands;

/** Runs a copied program, and whether the system's loader was asked for a file by its open number, as it tells itself (glibc). */
function run(edition: Edition): { readonly exit: number | null; readonly code: unknown; readonly hasLoaded: boolean } {
  const log = join(place.folder, `loader-${edition}`);
  const environment = { ...environmentFor(treasury.folder), LD_DEBUG: 'files', LD_DEBUG_OUTPUT: log };
  const ended = spawnSync(join(place.folder, 'bin', `strongroom-${edition}`), [...commands[edition](), '--json'], { cwd: treasury.folder, env: environment, encoding: 'utf8', timeout: 60_000 });
  const logs = readdirSync(place.folder).filter((name) => name.startsWith(`loader-${edition}.`));
  const hasLoaded = logs.some((name) => readFileSync(join(place.folder, name), 'utf8').includes('/proc/self/fd/'));
  for (const name of logs) rmSync(join(place.folder, name));
  return { exit: ended.status, code: JSON.parse(ended.stdout).error?.code ?? null, hasLoaded };
}
const editions = ['signer', 'companion'] as const;
const isGlibc = process.platform === 'linux';

ofPlatform.each(editions)(`%s: the library beside the program is loaded, by the file that was checked and not by its name${notRunHere}`, (edition) => {
  expect(run(edition)).toEqual({ exit: 0, code: null, hasLoaded: isGlibc });
});

ofPlatform.each(editions)(`%s: without the library it does the same in WebAssembly, and says nothing of it${notRunHere}`, (edition) => {
  rmSync(join(place.folder, 'dist', edition, library));
  expect(run(edition)).toEqual({ exit: 0, code: null, hasLoaded: false });
  rmSync(join(place.folder, 'dist', edition, 'native'), { recursive: true });
  expect(run(edition)).toEqual({ exit: 0, code: null, hasLoaded: false });
});

ofPlatform.each(editions)(`%s: a library of which one bit was changed is refused by name, and never loaded${notRunHere}`, (edition) => {
  const file = join(place.folder, 'dist', edition, library);
  const content = readFileSync(file);
  content.writeUInt8(content.readUInt8(content.length >> 1) ^ 1, content.length >> 1);
  writeFileSync(file, content);
  expect(run(edition)).toEqual({ exit: 70, code: 'curve.file-changed', hasLoaded: false });
});
