import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeSlowHashes } from '../../src/node/signer/slow-hashes.ts';
import { addressBySecondCurve } from '../../src/signer/paper-wallet-keys.ts';
import { decryptBip38 } from '../../src/signer/secrets/bip38.ts';
import { parseWif } from '../../src/signer/secrets/wif.ts';
import { codesInPrint, haveOutsideReaders, NO_READERS, textOf } from '../support/paper/outside-readers.ts';
import { diceText } from '../unit/signer/fixtures.ts';
import { done, requireBuilt, scratch, signer, type Ended, type Scratch } from './programs.ts';

/*
 * Paper wallets and shares by the built program: made, printed to pixels, read by a stranger's reader, and opened from what was
 * read alone. What the program says on the way holds nothing of the keys.
 */

const PASSPHRASE = 'only a rehearsal passphrase';
let place: Scratch;
let haveReaders = false;
const said: string[] = [];

function ran(args: readonly string[]): Ended {
  const ended = signer(args, { folder: place.folder });
  said.push(ended.stdout, ended.stderr);
  return ended;
}
const bytesOf = (name: string): Uint8Array => readFileSync(join(place.folder, name));
/** The code of each page, one a page. */
const scanned = async (name: string, pages: number): Promise<string[]> => (await codesInPrint(bytesOf(name), 200, Array.from({ length: pages }, () => 1)))[0]?.map((texts) => texts.join()) ?? [];

beforeAll(() => {
  requireBuilt();
  haveReaders = haveOutsideReaders();
  place = scratch();
  place.file('dice.txt', `${diceText(99)}\n`);
  place.file('passphrase.txt', `${PASSPHRASE}\n`);
});
afterAll(() => place.remove());

const scripts = ['p2pkh', 'p2wpkh', 'p2tr'] as const;
test.for(scripts.flatMap((script) => (['wif', 'bip38', 'secure-print'] as const).map((form) => [script, form] as const)))('%s with %s: the scanned key opens and leads to the scanned address', async ([script, form], { skip }) => {
  if (!haveReaders) skip(NO_READERS);
  const folder = `${script}-${form}`;
  const more = form === 'bip38' ? ['--passphrase-file', 'passphrase.txt'] : form === 'secure-print' ? ['--hand-codes-file', `${folder}.codes`] : [];
  const made = done(ran(['paper', 'wallets', '--network', 'regtest', '--script', script, '--form', form, '--count', '2', '--dice', 'dice.txt', '--out', folder, '--serial', 'SR-9', ...more]));
  const addresses = await scanned(made['addressSheets'], 2);
  const keys = await scanned(made['keySheets'], 2);
  expect(addresses).toEqual(made['wallets'].map(({ address }: { address: string }) => address));
  expect(keys).toHaveLength(2);
  place.file(`${folder}.txt`, [...addresses, ...keys].join('\n'));
  expect(done(ran(['paper', 'prove', '--list', made['readBack'], '--scanned', `${folder}.txt`]))).toMatchObject({ made: 4, missing: 0, foreign: 0 });
  const codes = form === 'secure-print' ? new TextDecoder().decode(bytesOf(`${folder}.codes`)).trimEnd().split('\n').map((line) => line.split(' ')) : [];
  for (const [index, key] of keys.entries()) {
    const { privateKey } = form === 'wif' ? parseWif(key) : await decryptBip38(key, form === 'bip38' ? PASSPHRASE : (codes[index]?.[1] as string), nodeSlowHashes());
    expect(addressBySecondCurve(privateKey, script, 'regtest')).toBe(addresses[index]);
    expect(said.join('\n')).not.toContain(key);
  }
  for (const [serial, code] of codes) {
    expect(serial).toMatch(/^SR-9-00[12]-S$/);
    // On no page, and said nowhere.
    expect(said.join('\n') + textOf(bytesOf(made['keySheets'])) + textOf(bytesOf(made['addressSheets']))).not.toContain(code);
  }
});

test.for([
  ['slip39', ['--groups', '2of3'], [0, 2], []],
  ['codex32', ['--threshold', '2', '--shares', '3'], [2, 1], []],
  ['seed-xor', ['--parts', '2'], [1, 0], ['--seed-xor']],
] as const)('a key divided by %s comes back from scanned sheets alone, under the same fingerprint', async ([scheme, plan, used, restoring], { skip }) => {
  if (!haveReaders) skip(NO_READERS);
  const keyFile = `${scheme}.key.age`;
  const passphrase = ['--passphrase-file', 'passphrase.txt'];
  const { fingerprint } = done(ran(['key', 'create', '--network', 'regtest', '--dice', 'dice.txt', '--label', 'Reserve', '--out', keyFile, ...passphrase]));
  const { shares } = done(ran(['key', 'split', '--key', keyFile, '--scheme', scheme, ...plan, '--out', scheme, ...passphrase]));
  const texts: string[] = [];
  for (const { sheet } of shares) texts.push(...(await scanned(sheet, 1)));
  expect(texts).toEqual(shares.map(({ text }: { text: string }) => new TextDecoder().decode(bytesOf(text)).trimEnd()));
  const files = used.map((index) => {
    place.file(`${scheme}-${index}.txt`, `${texts[index]}\n`);
    return ['--share-file', `${scheme}-${index}.txt`];
  });
  const restored = done(ran(['key', 'restore', '--network', 'regtest', '--out', `${scheme}-again.key.age`, ...files.flat(), ...restoring, ...passphrase]));
  expect(restored['fingerprint']).toBe(fingerprint);
  for (const text of texts) expect(said.join('\n')).not.toContain(text);
});
