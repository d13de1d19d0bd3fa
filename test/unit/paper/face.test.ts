import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faces, glyphFile } from '../../../scripts/lib/glyphs.mjs';
import { faceNames, glyphOf, isPrintable, widthOf, wrap, type Style } from '../../../src/paper/face.ts';

const sans: Style = { face: 'sans', sizeMm: 4 };
const mono: Style = { face: 'mono', sizeMm: 4 };
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

test.each(faces.map((face) => [face.file, face] as const))('src/paper/glyphs/%s is what the font package gives (node scripts/lib/glyphs.mjs writes it)', (file, face) => {
  expect(readFileSync(new URL(`../../../src/paper/glyphs/${file}`, import.meta.url), 'utf8')).toBe(glyphFile(face));
});

test('every face has all of printable ASCII, each with an outline but the blank', () => {
  for (const face of faceNames) {
    for (let codePoint = 0x20; codePoint <= 0x7e; codePoint += 1) {
      const [advance, outline] = glyphOf(face, String.fromCodePoint(codePoint));
      expect(advance).toBeGreaterThan(0);
      expect(outline === '').toBe(codePoint === 0x20);
      expect(outline).toMatch(/^(M[^MLQZ]+([LQ][^MLQZ]+)+Z)*$/);
    }
  }
});

test('mono advances 0.6 of the em for every character: columns of groups stand under each other', () => {
  expect(widthOf('0000', mono)).toBeCloseTo(9.6, 9);
  expect(widthOf('il1|', mono)).toBeCloseTo(9.6, 9);
  expect(widthOf('0000', { ...mono, trackingMm: 1 })).toBeCloseTo(12.6, 9);
});

test('letters of look-alike pairs differ in outline', () => {
  for (const [a, b] of [['0', 'O'], ['1', 'l'], ['l', 'I'], ['5', 'S'], ['2', 'Z'], ['8', 'B']] as const) expect(glyphOf('mono', a)[1]).not.toBe(glyphOf('mono', b)[1]);
});

test('Latin, Greek and Cyrillic labels can be printed, composed or not; others are refused by name and not repeated', () => {
  for (const label of ['Zoë Müller', 'Zoe\u0308', 'Příkladná', 'Ελλάδα', 'Казна']) expect(isPrintable(label)).toBe(true);
  expect(widthOf('e\u0308', sans)).toBe(widthOf('\u00eb', sans));
  expect(isPrintable('秘密')).toBe(false);
  expect(() => widthOf('秘密', sans)).toThrow(code('paper.unprintable'));
  expect(() => widthOf('秘密', sans)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('秘') }));
  expect(() => widthOf('__proto__\u0000', sans)).toThrow(code('paper.unprintable'));
});

test('wrapped lines fit, and nothing but blanks at breaks is lost', () => {
  const unit = fc.constantFrom(...'abcXYZ0189 .-()  ');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 300 }), fc.integer({ min: 8, max: 170 }), (text, width) => {
      const lines = wrap(text, sans, width);
      for (const line of lines) expect(widthOf(line, sans)).toBeLessThanOrEqual(width + 1e-9);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
    { numRuns: 100 },
  );
});
