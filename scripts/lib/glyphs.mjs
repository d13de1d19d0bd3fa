/**
 * Turns the glyphs that paper needs into outlines (src/paper/glyphs/*.ts), so that preview, print and PDF draw the very same
 * curves and no document carries or looks for a font. Run it after a change of the font packages; a test fails when the
 * files are stale.
 *
 *   node scripts/lib/glyphs.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';

const inRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const printable = [...range(0x20, 0x7e), ...range(0xa0, 0xac), ...range(0xae, 0xff)];
const punctuation = [0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201a, 0x201c, 0x201d, 0x201e, 0x2020, 0x2022, 0x2026, 0x20ac, 0x2116, 0x2212];
const european = [...range(0x100, 0x17f), ...range(0x218, 0x21b), ...range(0x386, 0x3ce), ...range(0x400, 0x45f), 0x490, 0x491];

/** Each face: what it is called here, where it comes from, and which characters it is asked for (those it has are taken). */
export const faces = [
  { file: 'sans-regular.ts', name: 'sansRegular', family: 'ibm-plex-sans', weight: 400, subsets: ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext'], wanted: [...printable, ...punctuation, ...european] },
  { file: 'sans-semibold.ts', name: 'sansSemibold', family: 'ibm-plex-sans', weight: 600, subsets: ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext'], wanted: [...printable, ...punctuation, ...european] },
  { file: 'mono-regular.ts', name: 'monoRegular', family: 'ibm-plex-mono', weight: 400, subsets: ['latin'], wanted: [...printable, ...punctuation] },
];

/** The tables of a WOFF 1 file, unpacked. @see https://www.w3.org/TR/WOFF/ */
function tablesOf(woff) {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF file');
  const tables = new Map();
  for (let index = 0; index < woff.readUInt16BE(12); index += 1) {
    const entry = 44 + index * 20;
    const [offset, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(entry + field));
    const bytes = woff.subarray(offset, offset + packed);
    tables.set(woff.toString('latin1', entry, entry + 4), packed === length ? bytes : inflateSync(bytes));
  }
  return tables;
}

/** A font file's glyphs by code point. */
function readFont(file) {
  const tables = tablesOf(readFileSync(file));
  const [head, hhea, hmtx, loca, glyf, os2] = ['head', 'hhea', 'hmtx', 'loca', 'glyf', 'OS/2'].map((tag) => tables.get(tag));
  if (glyf === undefined) throw new Error(`${file}: has no TrueType outlines`);
  const metrics = hhea.readUInt16BE(34);
  const start = (glyph) => (head.readInt16BE(50) === 0 ? loca.readUInt16BE(glyph * 2) * 2 : loca.readUInt32BE(glyph * 4));
  const bytesOf = (glyph) => glyf.subarray(start(glyph), start(glyph + 1));
  return {
    unitsPerEm: head.readUInt16BE(18),
    capHeight: os2.readInt16BE(88),
    glyphOf: characterMap(tables.get('cmap')),
    advanceOf: (glyph) => hmtx.readUInt16BE(Math.min(glyph, metrics - 1) * 4),
    contoursOf: (glyph) => contours(bytesOf, glyph),
  };
}

/** The Windows Unicode table, format 4. @see OpenType, "cmap" */
function characterMap(cmap) {
  for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
    const table = cmap.subarray(cmap.readUInt32BE(4 + index * 8 + 4));
    if (table.readUInt16BE(0) !== 4) continue;
    const doubled = table.readUInt16BE(6);
    return (codePoint) => {
      for (let segment = 0; segment < doubled; segment += 2) {
        if (codePoint > table.readUInt16BE(14 + segment)) continue;
        const first = table.readUInt16BE(16 + doubled + segment);
        if (codePoint < first) return 0;
        const delta = table.readUInt16BE(16 + 2 * doubled + segment);
        const offsetAt = 16 + 3 * doubled + segment;
        const offset = table.readUInt16BE(offsetAt);
        if (offset === 0) return (codePoint + delta) & 0xffff;
        const glyph = table.readUInt16BE(offsetAt + offset + 2 * (codePoint - first));
        return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
      }
      return 0;
    };
  }
  throw new Error('no character map of format 4');
}

/** Contours as lists of points `{ x, y, on }`; composite glyphs are put together. @see OpenType, "glyf" */
function contours(bytesOf, glyph) {
  const data = bytesOf(glyph);
  if (data.length === 0) return [];
  const count = data.readInt16BE(0);
  return count >= 0 ? simpleContours(data, count) : compositeContours(bytesOf, data);
}

function simpleContours(data, count) {
  const ends = range(0, count - 1).map((index) => data.readUInt16BE(10 + index * 2));
  const total = (ends.at(-1) ?? -1) + 1;
  let at = 10 + count * 2;
  at += 2 + data.readUInt16BE(at);
  const flags = [];
  while (flags.length < total) {
    const flag = data[at++];
    const repeats = flag & 8 ? data[at++] : 0;
    for (let index = 0; index <= repeats; index += 1) flags.push(flag);
  }
  const axis = (short, same) => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? data[at++] : -data[at++];
      else if (!(flag & same)) {
        value += data.readInt16BE(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = axis(2, 16);
  const ys = axis(4, 32);
  return ends.map((end, index) => range((ends[index - 1] ?? -1) + 1, end).map((point) => ({ x: xs[point], y: ys[point], on: (flags[point] & 1) === 1 })));
}

function compositeContours(bytesOf, data) {
  const parts = [];
  let at = 10;
  let flags;
  do {
    flags = data.readUInt16BE(at);
    const glyph = data.readUInt16BE(at + 2);
    at += 4;
    // Only offsets, no scales and no point matching: what these fonts use. Anything else stops the build.
    if (!(flags & 2) || flags & (8 | 64 | 128)) throw new Error('a composite glyph of an unknown kind');
    const [dx, dy] = flags & 1 ? [data.readInt16BE(at), data.readInt16BE(at + 2)] : [data.readInt8(at), data.readInt8(at + 1)];
    at += flags & 1 ? 4 : 2;
    parts.push(...contours(bytesOf, glyph).map((points) => points.map(({ x, y, on }) => ({ x: x + dx, y: y + dy, on }))));
  } while (flags & 32);
  return parts;
}

/** A contour as `M x y`, `L x y`, `Q cx cy x y`, `Z` in font units, y upwards; halves where TrueType implies a point. */
function outline(points) {
  const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, on: true });
  const firstOn = points.findIndex((point) => point.on);
  const turned = firstOn < 0 ? [middle(points.at(-1), points[0]), ...points] : [...points.slice(firstOn), ...points.slice(0, firstOn)];
  const [first] = turned;
  let text = `M${first.x} ${first.y}`;
  for (let index = 1; index <= turned.length; index += 1) {
    const point = turned[index] ?? first;
    if (point.on) {
      if (index < turned.length) text += `L${point.x} ${point.y}`;
      continue;
    }
    const next = turned[index + 1] ?? first;
    const target = next.on ? next : middle(point, next);
    text += `Q${point.x} ${point.y} ${target.x} ${target.y}`;
    if (next.on) index += 1;
  }
  return `${text}Z`;
}

/** One face's file: its text, made from the font packages alone. */
export function glyphFile({ name, family, weight, subsets, wanted }) {
  const fonts = subsets.map((subset) => readFont(inRoot(`node_modules/@fontsource/${family}/files/${family}-${subset}-${weight}-normal.woff`)));
  const lines = wanted.flatMap((codePoint) => {
    const font = fonts.find((each) => each.glyphOf(codePoint) !== 0);
    if (font === undefined) return [];
    const glyph = font.glyphOf(codePoint);
    return [`    ${JSON.stringify(String.fromCodePoint(codePoint))}: [${font.advanceOf(glyph)}, '${font.contoursOf(glyph).map(outline).join('')}'],`];
  });
  return `// Made by scripts/lib/glyphs.mjs from the package @fontsource/${family}, weight ${weight}: outlines of IBM Plex,
// Copyright (c) 2017 IBM Corp., under the SIL Open Font License 1.1. Not edited by hand.
import type { Face } from '../face.ts';

export const ${name}: Face = {
  unitsPerEm: ${fonts[0].unitsPerEm},
  capHeight: ${fonts[0].capHeight},
  glyphs: {
${lines.join('\n')}
  },
};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const face of faces) writeFileSync(inRoot(`src/paper/glyphs/${face.file}`), glyphFile(face));
}
