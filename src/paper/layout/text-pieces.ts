import { unreachable } from '../../domain/unreachable.ts';
import { widthOf, wrap, type Style } from '../face.ts';
import type { PageItem } from '../page.ts';
import type { Block, Fact } from '../sheet.ts';
import { baselineIn, CONTENT_WIDTH_MM, HAIRLINE_MM, horizontal, LABEL_WIDTH_MM, leading, styles, textItem, type Piece } from './piece.ts';

/** A heading that stays with what follows. */
export const headingPiece = (text: string): Piece => ({
  heightMm: 7,
  spaceMm: 6,
  keepWithNext: true,
  draw: (x, y) => [textItem(text, x, baselineIn(y, 6, styles.heading), styles.heading)],
});

/** Lines of prose, each its own piece, so that a long paragraph may end on the next page. */
export function paragraphPieces(text: string, spaceMm = 2): Piece[] {
  return wrap(text, styles.body, CONTENT_WIDTH_MM).map((line, index) => linePiece(line, styles.body, leading.body, index === 0 ? spaceMm : 0));
}

export const linePiece = (line: string, style: Style, heightMm: number, spaceMm: number, code?: string): Piece => ({
  heightMm,
  spaceMm,
  draw: (x, y) => (line === '' ? [] : [textItem(line, x, baselineIn(y, heightMm, style), style, code)]),
});

/** Heading and note of a block, kept with what follows. */
export const introPieces = (heading: string, note: string): Piece[] => [
  headingPiece(heading),
  ...(note === '' ? [] : paragraphPieces(note, 0).map((piece) => ({ ...piece, keepWithNext: true }))),
];

/** A content in groups of four with a blank between, in lines of equal length but the last. */
export function inFours(text: string, style: Style, widthMm: number, preferredGroups = 8): string[] {
  const groups = text.match(/.{1,4}/g) ?? [];
  const advance = widthOf('0', style);
  const fitting = Math.max(1, Math.floor((widthMm + advance) / (5 * advance)));
  const lines = Math.ceil(groups.length / Math.min(fitting, Math.max(preferredGroups, Math.ceil(groups.length / 12))));
  const perLine = Math.ceil(groups.length / lines);
  return Array.from({ length: lines }, (_, line) => groups.slice(line * perLine, (line + 1) * perLine).join(' ')).filter((line) => line !== '');
}

/** A content without blanks in lines of equal length but the last. */
export function inLines(text: string, style: Style, widthMm: number): string[] {
  const fitting = Math.max(1, Math.floor(widthMm / widthOf('0', style) + 1e-6));
  return Array.from({ length: Math.ceil(text.length / fitting) }, (_, line) => text.slice(line * fitting, (line + 1) * fitting));
}

interface SetFact {
  readonly labelLines: readonly string[];
  readonly valueLines: readonly string[];
  readonly style: Style;
  readonly lineMm: number;
  readonly fact: Fact;
}

const WRITING_LINE_MM = 10;
const FACT_PADDING_MM = 1.1;

/** A fact's lines at this width. */
function setFact(fact: Fact, widthMm: number, labelWidthMm: number): SetFact {
  const room = widthMm - labelWidthMm;
  const labelLines = wrap(fact.label, styles.caption, labelWidthMm - 3);
  switch (fact.form) {
    case 'text':
      return { labelLines, valueLines: wrap(fact.value, styles.value, room), style: styles.value, lineMm: leading.value, fact };
    case 'strong':
      return { labelLines, valueLines: wrap(fact.value, styles.strong, room), style: styles.strong, lineMm: leading.value, fact };
    case 'mono':
      return { labelLines, valueLines: wrap(fact.value, styles.mono, room), style: styles.mono, lineMm: leading.mono, fact };
    case 'fours':
      return { labelLines, valueLines: inFours(fact.value, styles.mono, room, 9), style: styles.mono, lineMm: leading.mono, fact };
    case 'line':
      return { labelLines, valueLines: [fact.value], style: styles.caption, lineMm: WRITING_LINE_MM, fact };
    default:
      return unreachable(fact.form);
  }
}

const factHeight = ({ labelLines, valueLines, lineMm }: SetFact): number => Math.max(labelLines.length * leading.value, valueLines.length * lineMm) + 2 * FACT_PADDING_MM;

function drawFact({ labelLines, valueLines, style, lineMm, fact }: SetFact, x: number, y: number, widthMm: number, labelWidthMm: number): PageItem[] {
  const top = y + FACT_PADDING_MM;
  const firstMm = fact.form === 'line' ? WRITING_LINE_MM : leading.value;
  const labels = labelLines.map((line, index) => textItem(line, x, baselineIn(top + index * leading.value, firstMm, styles.value) - (fact.form === 'line' ? -1.6 : 0), styles.caption));
  if (fact.form === 'line') {
    const lineY = top + WRITING_LINE_MM - 1.2;
    return [...labels, horizontal(x + labelWidthMm, lineY, widthMm - labelWidthMm, HAIRLINE_MM), ...(fact.value === '' ? [] : [textItem(fact.value, x + labelWidthMm, lineY + 3, styles.caption)])];
  }
  return [...labels, ...valueLines.map((line, index) => textItem(line, x + labelWidthMm, baselineIn(top + index * lineMm, lineMm, style), style))];
}

/** Facts as rows of the whole measure, with hairlines between. A row of many lines is not divided; it is never that long. */
export function factPieces(facts: readonly Fact[]): Piece[] {
  return facts.map((fact, index) => {
    const set = setFact(fact, CONTENT_WIDTH_MM, LABEL_WIDTH_MM);
    const heightMm = factHeight(set) + (fact.form === 'line' && fact.value !== '' ? 2 : 0);
    return {
      heightMm,
      spaceMm: index === 0 ? 3 : 0,
      draw: (x, y) => [
        ...drawFact(set, x, y, CONTENT_WIDTH_MM, LABEL_WIDTH_MM),
        ...(fact.form === 'line' ? [] : [horizontal(x, y + heightMm, CONTENT_WIDTH_MM, HAIRLINE_MM)]),
      ],
    };
  });
}

/** Facts in a narrow column beside a code; answers their height and how to draw them. */
export function factColumn(facts: readonly Fact[], widthMm: number): { readonly heightMm: number; draw(x: number, y: number): PageItem[] } {
  const labelWidthMm = Math.min(30, widthMm * 0.36);
  const sets = facts.map((fact) => setFact(fact, widthMm, labelWidthMm));
  return {
    heightMm: sets.reduce((sum, set) => sum + factHeight(set), 0),
    draw(x, y) {
      let top = y;
      return sets.flatMap((set) => {
        const items = drawFact(set, x, top, widthMm, labelWidthMm);
        top += factHeight(set);
        return [...items, ...(set.fact.form === 'line' ? [] : [horizontal(x, top, widthMm, HAIRLINE_MM)])];
      });
    },
  };
}

/** Commands of up to this many lines stay on one page. */
const KEPT_LINES = 45;
/** Of longer ones, no fewer than this many stand on the last page. */
const TAIL_LINES = 8;

/** Commands in mono; a line that continues is indented, so that nobody takes it for two. */
export function commandPieces(block: Extract<Block, { type: 'commands' }>): Piece[] {
  const indentMm = 6;
  const style = styles.monoSmall;
  const lines = block.commands.flatMap((command) => wrapCommand(command, style, CONTENT_WIDTH_MM - indentMm).map((text, index) => ({ text, continues: index > 0 })));
  return [
    ...introPieces(block.heading, block.note),
    ...lines.map(({ text, continues }, index): Piece => ({
      heightMm: leading.monoSmall,
      spaceMm: continues ? 0 : 2.4,
      keepWithNext: (lines.length <= KEPT_LINES || index >= lines.length - TAIL_LINES) && index < lines.length - 1,
      draw: (x, y) => [textItem(text, x + (continues ? indentMm : 0), baselineIn(y, leading.monoSmall, style), style)],
    })),
  ];
}

/** Full lines, cut anywhere but at a blank: a blank at the end of a line would be lost on whoever types the command. */
function wrapCommand(command: string, style: Style, widthMm: number): string[] {
  const fitting = Math.floor(widthMm / widthOf('0', style));
  const lines: string[] = [];
  let rest = command;
  while (rest.length > fitting) {
    let end = fitting;
    while (end > 1 && (rest[end - 1] === ' ' || rest[end] === ' ')) end -= 1;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, rest];
}
