import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeCodePoints } from '../../../../src/signer/secrets/code-points.ts';

const one = (text: string) => describeCodePoints(text)[0];

test('a plain letter is shown as it is', () => {
  expect(describeCodePoints('A')).toEqual([{ position: 1, codePoint: 'U+0041', shown: 'A', kind: 'letter', name: null, combining: false, invisible: false, edgeBlank: false, nonAscii: false, normalised: false }]);
});

test.each([
  ['\u200b', 'U+200B', 'ZERO WIDTH SPACE', 'format'],
  ['\u00ad', 'U+00AD', 'SOFT HYPHEN', 'format'],
  ['\u00a0', 'U+00A0', 'NO-BREAK SPACE', 'blank'],
  ['\u3164', 'U+3164', 'HANGUL FILLER', 'letter'],
  ['\u2800', 'U+2800', 'BRAILLE PATTERN BLANK', 'symbol'],
  ['\ufe0f', 'U+FE0F', 'VARIATION SELECTOR-16', 'combining mark'],
  ['\u0000', 'U+0000', 'NULL', 'control'],
  ['\u202e', 'U+202E', 'RIGHT-TO-LEFT OVERRIDE', 'format'],
])('what leaves no mark is said to be there: %#', (character, codePoint, name, kind) => {
  expect(describeCodePoints(`a${character}b`)[1]).toMatchObject({ position: 2, codePoint, name, kind, shown: null, invisible: true });
});

test('blanks at the edges are flagged, a plain blank between words is not', () => {
  expect(describeCodePoints(' a b\t').map(({ edgeBlank }) => edgeBlank)).toEqual([true, false, false, false, true]);
  expect(describeCodePoints(' a b').map(({ invisible }) => invisible)).toEqual([false, false, false, false]);
  expect(describeCodePoints('   ').every(({ edgeBlank }) => edgeBlank)).toBe(true);
});

test('a combining mark is told from the letter that it stands on', () => {
  expect(describeCodePoints('e\u0301')).toMatchObject([{ shown: 'e', combining: false }, { codePoint: 'U+0301', name: 'COMBINING ACUTE ACCENT', combining: true, shown: null, nonAscii: true }]);
});

test('characters that NFKD takes apart are flagged: they are not kept as typed', () => {
  expect(one('é')).toMatchObject({ normalised: true, nonAscii: true });
  expect(one('ﬁ')).toMatchObject({ normalised: true });
  expect(one('e')).toMatchObject({ normalised: false });
  expect(one('ß')).toMatchObject({ normalised: false, nonAscii: true });
});

test('a curled quotation mark is not the one on the keyboard', () => {
  expect(one('\u2019')).toMatchObject({ name: 'RIGHT SINGLE QUOTATION MARK', kind: 'punctuation', nonAscii: true, shown: '\u2019' });
});

test('characters beyond the first plane are one each; half of one, unassigned and private ones are named so', () => {
  expect(describeCodePoints('\u{1f4a9}')).toMatchObject([{ codePoint: 'U+1F4A9', kind: 'symbol' }]);
  expect(one('\ud800')).toMatchObject({ codePoint: 'U+D800', kind: 'surrogate', invisible: true });
  expect(one('\u0378')).toMatchObject({ kind: 'unassigned', invisible: true });
  expect(one('\ue000')).toMatchObject({ kind: 'private use', invisible: true });
});

test('every text has one description a code point, in order', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const described = describeCodePoints(text);
    expect(described.map(({ position }) => position)).toEqual([...text].map((_, index) => index + 1));
    expect(described.map(({ codePoint }) => String.fromCodePoint(Number.parseInt(codePoint.slice(2), 16))).join('')).toBe(text);
  }));
});
