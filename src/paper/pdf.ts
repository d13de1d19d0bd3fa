import { toHex } from '../domain/bytes.ts';
import { unreachable } from '../domain/unreachable.ts';
import { faceNames, faceOf, glyphOf, POINT_MM, printedForm, type FaceName } from './face.ts';
import { QUIET_MODULES, type Ink, type Page, type PageItem } from './page.ts';
import { commandsOf, decimal, pictureOf, runsOf } from './picture.ts';

/**
 * A PDF of pages: the same outlines at the same places as the SVG, and the same bytes for the same pages (no dates, no random
 * identifiers). Glyphs are a Type 3 font, that is, drawing procedures of this file: no font is embedded or looked for, and
 * the text can still be searched and copied, which matters for the recovery commands of a wallet sheet.
 * @see ISO 32000-1, 7.5 "File structure", 9.6.5 "Type 3 fonts"
 */
export function pdfOf(pages: Iterable<Page>): Uint8Array {
  const fonts = new FontBook();
  const contents: { readonly page: Page; readonly stream: string }[] = [];
  for (const page of pages) contents.push({ page, stream: contentOf(page, fonts) });
  const file = new PdfFile();
  const catalog = file.reserve();
  const tree = file.reserve();
  const resources = file.reserve();
  const fontReferences = fonts.write(file);
  const kids = contents.map(({ page, stream }) => {
    const content = file.addStream(stream);
    const box = [page.widthMm, page.heightMm].map((side) => decimal(side / POINT_MM)).join(' ');
    return file.add(`<</Type/Page/Parent ${tree} 0 R/MediaBox[0 0 ${box}]/Resources ${resources} 0 R/Contents ${content} 0 R>>`);
  });
  file.set(resources, `<</Font<<${fontReferences}>>>>`);
  file.set(tree, `<</Type/Pages/Count ${kids.length}/Kids[${kids.map((kid) => `${kid} 0 R`).join(' ')}]>>`);
  file.set(catalog, `<</Type/Catalog/Pages ${tree} 0 R/ViewerPreferences<</PrintScaling/None>>>>`);
  return file.finish(catalog);
}

/** Objects, their offsets, and the table of them at the end. */
class PdfFile {
  private readonly objects: string[] = [];

  reserve(): number {
    return this.objects.push('');
  }
  set(number: number, body: string): void {
    this.objects[number - 1] = body;
  }
  add(body: string): number {
    return this.objects.push(body);
  }
  addStream(stream: string): number {
    return this.add(`<</Length ${stream.length}>>\nstream\n${stream}\nendstream`);
  }
  finish(catalog: number): Uint8Array {
    const parts = ['%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'];
    let offset = (parts[0] as string).length;
    const offsets = this.objects.map((body, index) => {
      const object = `${index + 1} 0 obj\n${body}\nendobj\n`;
      parts.push(object);
      const at = offset;
      offset += object.length;
      return at;
    });
    const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
    parts.push(`xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${rows}trailer\n<</Size ${offsets.length + 1}/Root ${catalog} 0 R>>\nstartxref\n${offset}\n%%EOF\n`);
    return latin1(parts.join(''));
  }
}

function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** A Type 3 font holds at most 256 glyphs; a face that needs more becomes several fonts. */
const GLYPHS_PER_FONT = 256;

/** Which characters of which face are used, numbered in the order in which they occur. */
class FontBook {
  private readonly numbers = new Map<FaceName, Map<string, number>>(faceNames.map((face) => [face, new Map()]));

  /** The number of a character within its face. */
  numberOf(face: FaceName, character: string): number {
    const known = this.numbers.get(face) as Map<string, number>;
    const number = known.get(character) ?? known.size;
    known.set(character, number);
    return number;
  }

  /** Adds the fonts; answers the entries of the resource dictionary. */
  write(file: PdfFile): string {
    return faceNames
      .flatMap((face, faceIndex) => {
        const characters = [...(this.numbers.get(face) as Map<string, number>).keys()];
        const fonts = Math.ceil(characters.length / GLYPHS_PER_FONT);
        return Array.from({ length: fonts }, (_, part) => `/${fontName(faceIndex, part)} ${this.writeFont(file, face, characters.slice(part * GLYPHS_PER_FONT, (part + 1) * GLYPHS_PER_FONT))} 0 R`);
      })
      .join('');
  }

  private writeFont(file: PdfFile, face: FaceName, characters: readonly string[]): number {
    const glyphs = characters.map((character) => glyphOf(face, character));
    const procedures = glyphs.map(([advance, outline]) => file.addStream(`${advance} 0 d0\n${outlineOperators(outline)}`));
    const toUnicode = file.addStream(unicodeMap(characters));
    // The page's coordinates run downwards and the outlines' upwards: the font's matrix turns them over.
    const scale = (1 / faceOf(face).unitsPerEm).toFixed(6);
    const names = procedures.map((_, index) => `/g${index}`);
    return file.add(
      `<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[${scale} 0 0 -${scale} 0 0]/FirstChar 0/LastChar ${glyphs.length - 1}` +
        `/Widths[${glyphs.map(([advance]) => advance).join(' ')}]/Encoding<</Type/Encoding/Differences[0${names.join('')}]>>` +
        `/CharProcs<<${procedures.map((procedure, index) => `${names[index]} ${procedure} 0 R`).join('')}>>/Resources<<>>/ToUnicode ${toUnicode} 0 R>>`,
    );
  }
}

const fontName = (faceIndex: number, part: number): string => `F${faceIndex}_${part}`;

/** Path operators of an outline; quadratic curves become the equal cubic ones, the only ones that PDF has. */
function outlineOperators(outline: string): string {
  const operators: string[] = [];
  let at: readonly [number, number] = [0, 0];
  for (const { letter, points } of commandsOf(outline)) {
    const end = points.at(-1) ?? at;
    if (letter === 'Q') {
      const [control] = points as readonly [readonly [number, number], readonly [number, number]];
      const third = (from: readonly [number, number]): string => from.map((value, axis) => decimal(value + (2 / 3) * ((control[axis] as number) - value))).join(' ');
      operators.push(`${third(at)} ${third(end)} ${end.map(decimal).join(' ')} c`);
    } else if (letter === 'Z') operators.push('h');
    else operators.push(`${end.map(decimal).join(' ')} ${letter === 'M' ? 'm' : 'l'}`);
    at = end;
  }
  return operators.length === 0 ? '' : `${operators.join('\n')}\nf`;
}

/** What each code of a font means, so that text can be searched and copied. @see ISO 32000-1, 9.10.3 "ToUnicode CMaps" */
function unicodeMap(characters: readonly string[]): string {
  const rows = characters.map((character, index) => `<${toHex(Uint8Array.of(index))}> <${Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit).toString(16).padStart(4, '0')).join('')}>`);
  const blocks: string[] = [];
  for (let from = 0; from < rows.length; from += 100) {
    const block = rows.slice(from, from + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Strongroom def\n/CMapType 2 def\n1 begincodespacerange\n<00> <ff>\nendcodespacerange\n${blocks.join('\n')}\nendcmap\nend\nend`;
}

/** A page's drawing operators in millimetres, y downwards: the first line turns the page over. */
function contentOf(page: Page, fonts: FontBook): string {
  const scale = (1 / POINT_MM).toFixed(6);
  return `${scale} 0 0 -${scale} 0 ${(page.heightMm / POINT_MM).toFixed(4)} cm\n${page.items.map((item) => operatorsOf(item, page, fonts)).join('\n')}`;
}

const fillOf = (ink: Ink): string => (ink === 'black' ? '0 g' : '1 g');

function operatorsOf(item: PageItem, page: Page, fonts: FontBook): string {
  switch (item.kind) {
    case 'text':
      return textOperators(item, fonts);
    case 'line':
      return `${decimal(item.strokeMm)} w ${item.fromMm.map(decimal).join(' ')} m ${item.toMm.map(decimal).join(' ')} l S`;
    case 'box': {
      const rectangle = `${[item.xMm, item.yMm, item.widthMm, item.heightMm].map(decimal).join(' ')} re`;
      return typeof item.paint === 'string' ? `${fillOf(item.paint)} ${rectangle} f` : `${decimal(item.paint.strokeMm)} w ${rectangle} S`;
    }
    case 'code': {
      const side = item.modules.size + 2 * QUIET_MODULES;
      const runs = runsOf(item).map(([row, column, length]) => `${column} ${row} ${length} 1 re`);
      return `q ${decimal(item.moduleMm)} 0 0 ${decimal(item.moduleMm)} ${decimal(item.xMm)} ${decimal(item.yMm)} cm 1 g -${QUIET_MODULES} -${QUIET_MODULES} ${side} ${side} re f 0 g\n${runs.join('\n')}\nf Q`;
    }
    case 'watermark':
      return watermarkOperators(item, page);
    default:
      return unreachable(item);
  }
}

function textOperators(item: Extract<PageItem, { kind: 'text' }>, fonts: FontBook): string {
  const { face, sizeMm, trackingMm = 0 } = item.style;
  const faceIndex = faceNames.indexOf(face);
  const parts: { readonly font: string; readonly codes: number[] }[] = [];
  for (const character of printedForm(item.text)) {
    const number = fonts.numberOf(face, character);
    const font = fontName(faceIndex, Math.floor(number / GLYPHS_PER_FONT));
    const last = parts.at(-1);
    if (last?.font === font) last.codes.push(number % GLYPHS_PER_FONT);
    else parts.push({ font, codes: [number % GLYPHS_PER_FONT] });
  }
  const shows = parts.map(({ font, codes }) => `/${font} ${decimal(sizeMm)} Tf <${toHex(Uint8Array.from(codes))}> Tj`);
  return `BT ${fillOf(item.ink ?? 'black')} ${decimal(trackingMm)} Tc ${decimal(item.xMm)} ${decimal(item.baselineMm)} Td ${shows.join(' ')} ET`;
}

/** A watermark is not text to search for but a drawing: the picture's own outlines. */
function watermarkOperators(item: Extract<PageItem, { kind: 'watermark' }>, page: Page): string {
  const [path] = pictureOf({ ...page, items: [item] }).paths;
  const commands = [...(path?.d ?? '').matchAll(/([MLQZ])([^MLQZ]*)/g)];
  let at: readonly number[] = [0, 0];
  const operators = commands.map(([, letter, numbers = '']) => {
    const values = numbers === '' ? [] : numbers.split(' ').map(Number);
    const [x0 = 0, y0 = 0] = at;
    if (letter === 'Z') return 'h';
    at = values.slice(-2);
    if (letter !== 'Q') return `${values.map(decimal).join(' ')} ${letter === 'M' ? 'm' : 'l'}`;
    const [cx = 0, cy = 0, x = 0, y = 0] = values;
    return `${[x0 + (2 / 3) * (cx - x0), y0 + (2 / 3) * (cy - y0), x + (2 / 3) * (cx - x), y + (2 / 3) * (cy - y), x, y].map(decimal).join(' ')} c`;
  });
  return `${decimal(item.strokeMm)} w ${operators.join(' ')} S`;
}
