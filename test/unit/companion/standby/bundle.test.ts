import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, utf8 } from '../../../../src/domain/bytes.ts';
import { conflictsOf, orderOfBooks, type BooksSummary } from '../../../../src/companion/standby/books-summary.ts';
import { bundleOfFiles, readBundle, writeBundle } from '../../../../src/companion/standby/bundle.ts';
import { readTar, writeTar } from '../../../../src/companion/standby/tar.ts';

const coded = (code: string) => expect.objectContaining({ code });
const content = { madeAt: '2026-11-23T10:00:00.000Z', tips: [{ network: 'regtest', height: 7, refreshedAt: '2026-11-23T09:00:00.000Z' }], wallets: [], books: utf8('books'), settings: '{}', backups: null };

describe('the archive', () => {
  test('files come back as they went in, whatever they hold', () => {
    const path = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,30})?$/);
    fc.assert(fc.property(fc.uniqueArray(fc.record({ path, bytes: fc.uint8Array({ maxLength: 2000 }) }), { selector: (file) => file.path, maxLength: 8 }), (files) => {
      expect(readTar(writeTar(files))).toEqual(files);
    }));
  });
  test('no path leaves its folder', () => {
    for (const path of ['', '/etc/passwd', '../x', 'a/../b', 'a/b/c', '.hidden', 'a\\b', 'a\0b']) expect(() => writeTar([{ path, bytes: utf8('x') }])).toThrow(coded('standby.malformed'));
  });
  test('any one byte changed in a header, its end or its padding is refused', () => {
    const archive = writeTar([{ path: 'wallets/a.json', bytes: utf8('abc') }]);
    for (let at = 0; at < archive.length; at += 1) {
      if (at >= 512 && at < 515) continue;
      const changed = Uint8Array.from(archive);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => readTar(changed)).toThrow(coded('standby.malformed'));
    }
    for (const length of [0, 511, 512, 1024, archive.length - 1]) expect(() => readTar(archive.subarray(0, length))).toThrow(coded('standby.malformed'));
    expect(() => readTar(concat(archive, new Uint8Array(512)))).toThrow(coded('standby.malformed'));
  });
  test('GNU tar and BSD tar read the same header: ustar, mode 600, no owner, no time', () => {
    const header = Buffer.from(writeTar([{ path: 'a', bytes: utf8('abc') }]).subarray(0, 512)).toString('latin1');
    expect(header.slice(100, 148)).toBe('0000600\x000000000\x000000000\x0000000000003\x0000000000000\0');
    expect(header.slice(156, 157)).toBe('0');
    expect(header.slice(257, 265)).toBe('ustar\x0000');
  });
});

describe('a bundle', () => {
  test('the same content gives the same bytes, and reads back', () => {
    const { bytes, manifest } = writeBundle(content);
    expect(writeBundle(content).bytes).toEqual(bytes);
    expect(manifest.files.map(({ path, bytes: size }) => [path, size])).toEqual([['ledger.db', 5], ['settings.json', 2]]);
    expect(readBundle(bytes)).toMatchObject({ madeAt: content.madeAt, tips: content.tips, books: utf8('books'), settings: '{}', backups: null });
  });
  test('a file changed, added, missing or in another order is refused', () => {
    const files = readTar(writeBundle(content).bytes);
    const [manifest, books, settings] = files as [typeof files[0], typeof files[0], typeof files[0]];
    for (const changed of [[manifest, { ...(books as { path: string }), bytes: utf8('other') }, settings], [manifest, books], [manifest, settings, books], [books, settings], [manifest, books, settings, { path: 'x', bytes: utf8('') }]]) {
      expect(() => bundleOfFiles(changed as typeof files)).toThrow(coded('standby.malformed'));
    }
    expect(bundleOfFiles([manifest, { ...(books as { path: string }), bytes: utf8('moved on') }, settings] as typeof files, new Set(['ledger.db'])).books).toEqual(utf8('moved on'));
  });
});

describe('two machines\' books', () => {
  const plan = (planId: string, reserved: string | null = null) => ({ planId, walletId: 'w', plannedAt: '2026-11-23T10:00:00.000Z', reserved });
  const books = (more: Partial<BooksSummary> = {}): BooksSummary => ({ plans: [], intents: [], tips: [{ network: 'regtest', height: 5, refreshedAt: '2026-11-23T10:00:00.000Z' }], entries: 3, rows: { plan: 0 }, ...more });
  const later = [{ network: 'regtest', height: 6, refreshedAt: '2026-11-23T11:00:00.000Z' }];
  test.each<[string, BooksSummary, BooksSummary, string]>([
    ['the same', books(), books(), 'same'],
    ['a plan more', books(), books({ plans: [plan('a')] }), 'newer'],
    ['a plan less', books({ plans: [plan('a')] }), books(), 'older'],
    ['a later refresh', books(), books({ tips: later }), 'newer'],
    ['an earlier refresh', books({ tips: later }), books(), 'older'],
    ['an intent that was sent', books({ intents: ['t intended'] }), books({ intents: ['t sent'] }), 'newer'],
    ['an intent that was sent, seen from there', books({ intents: ['t sent'] }), books({ intents: ['t intended'] }), 'older'],
    ['a plan each', books({ plans: [plan('a')] }), books({ plans: [plan('b')] }), 'diverged'],
    ['a plan here, one sent there', books({ plans: [plan('a')] }), books({ intents: ['t sent'] }), 'diverged'],
    ['a label more', books(), books({ rows: { plan: 0, label: 1 } }), 'newer'],
    ['a plan less and a later refresh', books({ plans: [plan('a')] }), books({ tips: later }), 'older'],
  ])('%s', (_, own, other, order) => expect(orderOfBooks(own, other)).toBe(order));
  test('what both planned is named, and an address that both gave out', () => {
    expect(conflictsOf(books({ plans: [plan('a', 'receive/7'), plan('both')] }), books({ plans: [plan('b', 'receive/7'), plan('c', 'receive/8'), plan('both')] }))).toMatchObject([
      { side: 'own', planId: 'a', addressTwice: true }, { side: 'other', planId: 'b', addressTwice: true }, { side: 'other', planId: 'c', addressTwice: false },
    ]);
  });
});
