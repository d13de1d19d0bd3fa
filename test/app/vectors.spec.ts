import { _electron, expect, test, type ElectronApplication } from '@playwright/test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanEnvironment, electronExecutable } from '../support/app/edition.ts';
import type { Computations } from '../support/app/vector-host.ts';

/** The same cases as in the conformance suite, computed by Electron's own runtime. */
const vectors = process.env['STRONGROOM_VECTORS'] ?? resolve('../shared/vectors');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(vectors, name), 'utf8'));
type Triple = [entropy: string, mnemonic: string, seed: string, xprv?: string];
interface Bip38Vector { section: string; passphrase: string; encrypted: string; wif: string }

let app: ElectronApplication;
let userData: string;
test.beforeAll(async () => {
  expect(existsSync(vectors), `no vectors at ${vectors}: name their folder in STRONGROOM_VECTORS`).toBe(true);
  userData = mkdtempSync(join(tmpdir(), 'strongroom-vectors-'));
  app = await _electron.launch({ executablePath: electronExecutable(), args: [resolve('.cache/test-bundles/vectors.cjs'), `--user-data-dir=${userData}`], chromiumSandbox: true, env: cleanEnvironment() });
});
test.afterAll(async () => {
  await app.close();
  rmSync(userData, { recursive: true, force: true });
});

async function compute<Name extends keyof Computations>(name: Name, ...parameters: Parameters<Computations[Name]>): Promise<Awaited<ReturnType<Computations[Name]>>> {
  return app.evaluate(async (_electronModule, [method, given]) => {
    const host = globalThis as unknown as { computations: Record<string, (...all: unknown[]) => unknown> };
    return (await host.computations[method as string]?.(...(given as unknown[]))) as never;
  }, [name, parameters] as const);
}

test('this is Electron and not Node alone', async () => {
  expect(await app.evaluate(() => [typeof process.versions.electron, process.env['ELECTRON_RUN_AS_NODE'] ?? ''])).toEqual(['string', '']);
});

test('BIP39: the ten published word lists', async () => {
  const lists = await compute('languages');
  expect(lists).toHaveLength(10);
  for (const { language, words } of lists) {
    const published = readText(join('bip39/wordlists', `${language.replace('-', '_')}.txt`)).trim().split('\n').map((word) => word.trim().normalize('NFKD'));
    expect(words, language).toEqual(published);
  }
});

test('BIP39: every English and Japanese vector to its seed, and English to its master key', async () => {
  const { english, japanese, custom } = read<{ english: Triple[]; japanese: Triple[]; custom: Triple[] }>('bip39/bitcoinjs_bip39_vectors.json');
  const toMaster = read<{ english: Triple[] }>('bip39/coldcard_copy_of_trezor_vectors.json').english;
  expect([english.length, japanese.length, custom.length, toMaster.length]).toEqual([24, 24, 2, 24]);
  for (const [entropy, mnemonic, seed] of english) expect(await compute('mnemonic', mnemonic, 'TREZOR')).toMatchObject({ language: 'english', entropy, words: mnemonic, seed });
  for (const [entropy, mnemonic, seed] of japanese) expect(await compute('mnemonic', mnemonic, '㍍ガバヴァぱばぐゞちぢ十人十色')).toMatchObject({ language: 'japanese', entropy, words: mnemonic.normalize('NFC'), seed });
  for (const [, mnemonic, seed, xprv] of toMaster) expect(await compute('mnemonic', mnemonic, 'TREZOR')).toMatchObject({ seed, xprv });
  const list = read<string[]>('bip39/custom_wordlist.json');
  for (const [entropy, mnemonic, seed] of custom) expect(await compute('listed', entropy, list)).toEqual({ words: mnemonic, entropy, seed });
});

test('BIP38: all nine published modes decrypt, and the plain ones encrypt to the same text', async () => {
  test.setTimeout(120_000);
  const cases = read<Bip38Vector[]>('bip38/bip38_vectors.json');
  expect(cases).toHaveLength(9);
  const passphraseOf = ({ passphrase }: Bip38Vector): string => (passphrase.includes('U+03D2') ? '\u03d2\u0301\u0000\u{10400}\u{1f4a9}' : passphrase);
  for (const vector of cases) expect(await compute('decryptBip38', vector.encrypted, passphraseOf(vector)), vector.section).toBe(vector.wif);
  const plain = cases.filter(({ section }) => section.endsWith('no EC multiply'));
  expect(plain).toHaveLength(5);
  for (const vector of plain) expect(await compute('encryptBip38', vector.wif, passphraseOf(vector)), vector.section).toBe(vector.encrypted);
});

function readText(name: string): string {
  return readFileSync(join(vectors, name), 'utf8');
}
