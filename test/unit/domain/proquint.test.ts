import { expect, test } from 'vitest';
import { isTyped, proquint } from '../../../src/domain/proquint.ts';

test('a proquint spells 16 bits in five letters (127.0.0.1 is lusab-babad)', () => {
  expect([0x7f00, 0x0001, 0xffff, 0x0000].map(proquint)).toEqual(['lusab', 'babad', 'zuzuz', 'babab']);
});

test('words may be typed in capitals, with hyphens or line breaks between them, but not in another order', () => {
  expect(isTyped('  LUSAB-babad\n', 'lusab babad')).toBe(true);
  expect(isTyped('babad lusab', 'lusab babad')).toBe(false);
  expect(isTyped('lusab babad babab', 'lusab babad')).toBe(false);
});
