import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPath, HARDENED, parsePath } from '../../../src/domain/derivation-path.ts';

test('hardened steps are marked by h, H or an apostrophe, with or without m/', () => {
  const path = [HARDENED + 48, HARDENED + 1, HARDENED, HARDENED + 2, 0, 7];
  for (const text of ['m/48h/1h/0h/2h/0/7', '48H/1H/0H/2H/0/7', "M/48'/1'/0'/2'/0/7"]) expect(parsePath(text)).toEqual(path);
  expect(formatPath(path)).toBe('48h/1h/0h/2h/0/7');
  expect([parsePath('m'), parsePath('m/'), parsePath('')]).toEqual([[], [], []]);
});

test.each(['m//0', '/0', '0/', 'm/-1', 'm/01', 'm/2147483648', 'm/0hh', 'm/0*', 'm/ 0', 'm/0x1', 'n/0', 'm/1e3'])('"%s" is no path', (text) => {
  expect(() => parsePath(text)).toThrow(expect.objectContaining({ code: 'path.malformed' }));
});

test('a path written and read again is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff })), (path) => {
      expect(parsePath(formatPath(path))).toEqual(path);
    }),
  );
});
