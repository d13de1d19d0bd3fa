/** One code point of a passphrase, described so that a person sees what the screen does not show. */
export interface CodePointDescription {
  /** From 1, counted in code points. */
  readonly position: number;
  /** `U+0041`. */
  readonly codePoint: string;
  /** The character itself; `null` where it would not be seen, or would join the one before it. */
  readonly shown: string | null;
  readonly kind: CodePointKind;
  /** The Unicode name, for the characters that are taken for another or for nothing; otherwise `null`. */
  readonly name: string | null;
  /** It joins the character before it. */
  readonly combining: boolean;
  /** It leaves no mark on a screen or on paper. A plain blank between words is not counted. */
  readonly invisible: boolean;
  /** A blank before the first or after the last other character: the one that is lost in copying. */
  readonly edgeBlank: boolean;
  /** Outside ASCII: it may be impossible to type on another machine. */
  readonly nonAscii: boolean;
  /** NFKD, which BIP39 demands, makes other code points of it: it is not kept as it was typed. */
  readonly normalised: boolean;
}

export type CodePointKind = 'letter' | 'digit' | 'punctuation' | 'symbol' | 'blank' | 'combining mark' | 'control' | 'format' | 'private use' | 'surrogate' | 'unassigned';

const kinds: readonly (readonly [CodePointKind, RegExp])[] = [
  ['letter', /^\p{L}$/u],
  ['digit', /^\p{N}$/u],
  ['punctuation', /^\p{P}$/u],
  ['symbol', /^\p{S}$/u],
  ['blank', /^\p{Z}$/u],
  ['combining mark', /^\p{M}$/u],
  ['control', /^\p{Cc}$/u],
  ['format', /^\p{Cf}$/u],
  ['private use', /^\p{Co}$/u],
  ['surrogate', /^\p{Cs}$/u],
];

/** Characters that look like another, or like nothing. */
const names: ReadonlyMap<number, string> = new Map([
  [0x00, 'NULL'], [0x09, 'CHARACTER TABULATION'], [0x0a, 'LINE FEED'], [0x0d, 'CARRIAGE RETURN'], [0x20, 'SPACE'], [0x7f, 'DELETE'],
  [0xa0, 'NO-BREAK SPACE'], [0xad, 'SOFT HYPHEN'], [0x301, 'COMBINING ACUTE ACCENT'], [0x300, 'COMBINING GRAVE ACCENT'], [0x303, 'COMBINING TILDE'], [0x308, 'COMBINING DIAERESIS'],
  [0x34f, 'COMBINING GRAPHEME JOINER'], [0x115f, 'HANGUL CHOSEONG FILLER'], [0x1160, 'HANGUL JUNGSEONG FILLER'], [0x1680, 'OGHAM SPACE MARK'],
  [0x2002, 'EN SPACE'], [0x2003, 'EM SPACE'], [0x2007, 'FIGURE SPACE'], [0x2009, 'THIN SPACE'], [0x200a, 'HAIR SPACE'],
  [0x200b, 'ZERO WIDTH SPACE'], [0x200c, 'ZERO WIDTH NON-JOINER'], [0x200d, 'ZERO WIDTH JOINER'], [0x200e, 'LEFT-TO-RIGHT MARK'], [0x200f, 'RIGHT-TO-LEFT MARK'],
  [0x2010, 'HYPHEN'], [0x2011, 'NON-BREAKING HYPHEN'], [0x2012, 'FIGURE DASH'], [0x2013, 'EN DASH'], [0x2014, 'EM DASH'], [0x2212, 'MINUS SIGN'],
  [0x2018, 'LEFT SINGLE QUOTATION MARK'], [0x2019, 'RIGHT SINGLE QUOTATION MARK'], [0x201c, 'LEFT DOUBLE QUOTATION MARK'], [0x201d, 'RIGHT DOUBLE QUOTATION MARK'],
  [0x2026, 'HORIZONTAL ELLIPSIS'], [0x2028, 'LINE SEPARATOR'], [0x2029, 'PARAGRAPH SEPARATOR'], [0x202a, 'LEFT-TO-RIGHT EMBEDDING'], [0x202b, 'RIGHT-TO-LEFT EMBEDDING'],
  [0x202c, 'POP DIRECTIONAL FORMATTING'], [0x202d, 'LEFT-TO-RIGHT OVERRIDE'], [0x202e, 'RIGHT-TO-LEFT OVERRIDE'], [0x202f, 'NARROW NO-BREAK SPACE'], [0x205f, 'MEDIUM MATHEMATICAL SPACE'],
  [0x2060, 'WORD JOINER'], [0x2066, 'LEFT-TO-RIGHT ISOLATE'], [0x2067, 'RIGHT-TO-LEFT ISOLATE'], [0x2068, 'FIRST STRONG ISOLATE'], [0x2069, 'POP DIRECTIONAL ISOLATE'],
  [0x2800, 'BRAILLE PATTERN BLANK'], [0x3000, 'IDEOGRAPHIC SPACE'], [0x3164, 'HANGUL FILLER'], [0xfe0e, 'VARIATION SELECTOR-15'], [0xfe0f, 'VARIATION SELECTOR-16'],
  [0xfeff, 'ZERO WIDTH NO-BREAK SPACE'], [0xffa0, 'HALFWIDTH HANGUL FILLER'], [0xfffd, 'REPLACEMENT CHARACTER'],
]);

const isBlank = (character: string): boolean => /^[\p{Z}\p{Cc}\u2800]$/u.test(character);
const isInvisible = (character: string): boolean => character !== ' ' && /^[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]$/u.test(character);

/**
 * Every code point of a passphrase. A wallet behind a passphrase with an unseen blank, a quotation mark that an editor
 * curled or an accent that another keyboard composes differently is a wallet that nobody finds again.
 *
 * A secret, as the passphrase is: for the screen of the person who typed it.
 */
export function describeCodePoints(passphrase: string): readonly CodePointDescription[] {
  const characters = [...passphrase];
  const first = characters.findIndex((character) => !isBlank(character));
  const last = characters.findLastIndex((character) => !isBlank(character));
  return characters.map((character, index) => {
    const codePoint = character.codePointAt(0) as number;
    const combining = /^\p{M}$/u.test(character);
    const invisible = isInvisible(character);
    return {
      position: index + 1,
      codePoint: `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`,
      shown: combining || invisible || character === ' ' ? null : character,
      kind: kinds.find(([, pattern]) => pattern.test(character))?.[0] ?? 'unassigned',
      name: names.get(codePoint) ?? null,
      combining,
      invisible,
      edgeBlank: isBlank(character) && (index < first || index > last),
      nonAscii: codePoint > 0x7e || codePoint < 0x20,
      normalised: character.normalize('NFKD') !== character,
    };
  });
}
