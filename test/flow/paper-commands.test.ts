import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codesInPrint, haveOutsideReaders, NO_READERS, picturesOf, textOf } from '../support/paper/outside-readers.ts';
import { done, requireBuilt, scratch, signer, type Ended, type Scratch } from './programs.ts';

/*
 * A key on paper and back, by the built program: made, printed to pixels, scanned by a stranger's reader, restored from the
 * scan alone. What the program says on the way holds nothing of the secret.
 */

// Of BIP39's published test vectors.
const MNEMONIC = 'vessel ladder alter error federal sibling chat ability sun glass valve picture';
const PASSPHRASE_FILE = ['--passphrase-file', 'passphrase.txt'];
let place: Scratch;
let fingerprint = '';
let haveReaders = false;
const said: string[] = [];

function ran(args: readonly string[]): Ended {
  const ended = signer([...args, ...PASSPHRASE_FILE], { folder: place.folder });
  said.push(ended.stdout, ended.stderr);
  return ended;
}
const make = (...args: string[]) => ran(['paper', 'make', '--key', 'a.key.age', ...args]);
const check = (...args: string[]) => ran(['paper', 'check', '--key', 'a.key.age', ...args]);
const bytesOf = (name: string): Uint8Array => readFileSync(join(place.folder, name));
const scan = async (name: string): Promise<string[]> => (await codesInPrint(bytesOf(name), 200, [1])).flat(2);
/** The pages of a PDF as a person photographs or scans them. */
const pictured = (name: string): string[] => picturesOf(bytesOf(name), 200, join(place.folder, name)).map((file) => basename(file));

beforeAll(() => {
  requireBuilt();
  haveReaders = haveOutsideReaders();
  place = scratch();
  place.file('passphrase.txt', 'only a rehearsal passphrase\n');
  place.file('words.txt', `${MNEMONIC}\n`);
  fingerprint = done(ran(['key', 'restore', '--network', 'regtest', '--label', 'Reserve', '--mnemonic-file', 'words.txt', '--out', 'a.key.age']))['fingerprint'];
});
afterAll(() => place.remove());

test('a key comes back from the scan of its seed sheet alone, under the same fingerprint', async ({ skip }) => {
  if (!haveReaders) skip(NO_READERS);
  const made = done(make('--kind', 'seed', '--out', 'seed.pdf'));
  expect(made).toMatchObject({ kind: 'seed', part: 'secret', pages: 1, codes: [{ id: 'seedqr' }], out: 'seed.pdf', files: ['seed.pdf'] });
  const codes = await scan('seed.pdf');
  expect(codes).toHaveLength(1);
  expect(codes[0]).toMatch(/^[0-9]{48}$/);
  place.file('scanned.txt', `${codes.join('\n')}\n`);
  expect(done(check('--kind', 'seed', '--date', made['date'], '--scanned', 'scanned.txt'))).toMatchObject({ made: true, by: 'codes', sheetId: made['sheetId'] });
  const restored = done(ran(['key', 'restore', '--network', 'regtest', '--mnemonic-file', 'scanned.txt', '--out', 'again.key.age']));
  expect(restored).toMatchObject({ fingerprint, words: 12 });
  for (const secret of [codes[0] as string, MNEMONIC, ...MNEMONIC.split(' ').filter((word) => word.length > 5)]) expect(said.join('\n')).not.toContain(secret);
});

test('the check words at the foot of the page prove it, and are nowhere else', ({ skip }) => {
  if (!haveReaders) skip(NO_READERS);
  const made = done(make('--kind', 'seed', '--page-size', 'letter', '--out', 'letter.pdf'));
  const words = /Check words\s+([a-z]{5} [a-z]{5} [a-z]{5})/.exec(textOf(bytesOf('letter.pdf')))?.[1] as string;
  expect(words).toMatch(/^[a-z ]{17}$/);
  place.file('typed.txt', `${words}\n`);
  expect(done(check('--kind', 'seed', '--page-size', 'letter', '--date', made['date'], '--words', 'typed.txt'))).toMatchObject({ made: true, by: 'words' });
  expect(said.join('\n')).not.toContain(words);
});

test('a cosigner card carries the key record', async ({ skip }) => {
  if (!haveReaders) skip(NO_READERS);
  const made = done(make('--kind', 'cosigner-card', '--out', 'card.pdf'));
  const { keyRecord } = done(ran(['key', 'export', '--key', 'a.key.age', '--script', 'p2wsh']));
  expect(await scan('card.pdf')).toEqual([keyRecord.trim()]);
  expect(made['codes']).toEqual([{ id: 'key-record', text: keyRecord.trim() }]);
});

test('the scan of another sheet is refused by name, and leaves the print unmade', () => {
  place.file('other.txt', 'not this sheet\n');
  const refused = check('--kind', 'seed', '--scanned', 'other.txt');
  expect(refused.exit).toBe(3);
  expect(refused.json()).toMatchObject({ ok: false, error: { code: 'paper.not-read-back', details: { missing: 'seedqr', foreign: 1 } } });
});

test('a seed sheet is readable by its owner only, and never replaces a file unasked', () => {
  done(make('--kind', 'seed', '--by-hand', '--out', 'hand.pdf'));
  expect(statSync(join(place.folder, 'hand.pdf')).mode & 0o777).toBe(0o600);
  const again = make('--kind', 'seed', '--by-hand', '--out', 'hand.pdf');
  expect([again.exit, again.json()['error'].code]).toEqual([74, 'file.exists']);
});

test('pictures of the print prove it too; a picture of another print, or none, does not', ({ skip }) => {
  if (!haveReaders) skip(NO_READERS);
  const made = done(make('--kind', 'seed', '--serial', 'SEED-PICTURE', '--out', 'picture.pdf'));
  done(make('--kind', 'cosigner-card', '--serial', 'CARD-PICTURE', '--out', 'other.pdf'));
  const [picture = '', other = ''] = [...pictured('picture.pdf'), ...pictured('other.pdf')];
  const sheet = ['--kind', 'seed', '--serial', 'SEED-PICTURE', '--date', made['date']];
  expect(done(check(...sheet, '--image', picture))).toMatchObject({ made: true, by: 'codes', sheetId: made['sheetId'] });
  expect(check(...sheet, '--image', other).json()).toMatchObject({ ok: false, error: { code: 'paper.not-read-back', details: { missing: 'seedqr', foreign: 1 } } });
  expect(check(...sheet, '--image', picture, '--image', other).json()).toMatchObject({ ok: false, error: { code: 'paper.not-read-back', details: { missing: '', foreign: 1 } } });
  place.file('noise.png', 'this is no picture');
  const refused = check(...sheet, '--image', 'noise.png');
  expect([refused.exit, refused.json()['error'].code]).toEqual([65, 'picture.unreadable']);
  expect(check(...sheet, '--image', picture, '--scanned', 'scanned.txt').json()['error'].code).toBe('usage.malformed');
});
