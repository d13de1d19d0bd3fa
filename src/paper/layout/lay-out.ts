import { StrongroomError } from '../../errors/strongroom-error.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { checkWordsOf } from '../check-words.ts';
import { paperSizes, type Page, type PageItem, type PaperSize } from '../page.ts';
import type { Block, Sheet } from '../sheet.ts';
import { codeGridPieces, codePartPieces, codePieces } from './code-pieces.ts';
import { foldMarks, foldsOf, footer, FOOTER_MM, header, watermark, type Frame } from './frame.ts';
import { CONTENT_WIDTH_MM, type Piece } from './piece.ts';
import { commandPieces, factPieces, headingPiece, paragraphPieces } from './text-pieces.ts';
import { boxPieces, drawSignatures, SIGNATURES_MM, tablePieces, wordPieces } from './writing-pieces.ts';

/** More pages than this are not a sheet: something is wrong with its content. */
const MAX_PAGES = 20;
/** Room on both sides of a fold. */
const FOLD_CLEARANCE_MM = 1;
const SIGNATURES_SPACE_MM = 4;

/**
 * A sheet's pages: the content flows down the page and on to further ones; codes keep clear of folds; seal and signature
 * lines stand at the foot of the last page.
 * @throws StrongroomError `paper.unprintable`, `paper.too-large`
 */
export function layOut(sheet: Sheet, paper: PaperSize): readonly Page[] {
  const { widthMm, heightMm } = paperSizes[paper];
  const frame: Frame = { leftMm: (widthMm - CONTENT_WIDTH_MM) / 2, widthMm, heightMm };
  const contents = flow(sheet.blocks.flatMap(piecesOf), frame, foldsOf(sheet, frame), (page) => header(sheet, frame, page).bottomMm);
  return contents.map((content, index) => {
    const page = index + 1;
    const caption = `${sheet.serial}  ·  ${sheet.title}, ${sheet.part} part  ·  page ${page} of ${contents.length}`;
    const checkWords = checkWordsOf(sheet, page, contents.length);
    const signatures = page === contents.length ? drawSignatures(frame.leftMm, heightMm - FOOTER_MM - SIGNATURES_MM) : [];
    const items: PageItem[] = [...watermark(sheet, frame), ...header(sheet, frame, page).items, ...content, ...signatures, ...footer(sheet, frame, caption, checkWords), ...foldMarks(sheet, frame)];
    return { paper, widthMm, heightMm, caption, checkWords, items };
  });
}

function piecesOf(block: Block): Piece[] {
  switch (block.type) {
    case 'heading':
      return [headingPiece(block.text)];
    case 'paragraph':
      return paragraphPieces(block.text);
    case 'facts':
      return factPieces(block.facts);
    case 'code':
      return codePieces(block);
    case 'code-parts':
      return codePartPieces(block);
    case 'words':
      return wordPieces(block);
    case 'commands':
      return commandPieces(block);
    case 'boxes':
      return boxPieces(block);
    case 'code-grid':
      return codeGridPieces(block);
    case 'table':
      return tablePieces(block);
    default:
      return unreachable(block);
  }
}

/** Pieces that stay on one page: each with those that it is kept with. */
function groupsOf(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let isKept = false;
  for (const piece of pieces) {
    if (isKept) groups.at(-1)?.push(piece);
    else groups.push([piece]);
    isKept = piece.keepWithNext === true;
  }
  return groups;
}

interface Placed {
  readonly piece: Piece;
  readonly topMm: number;
}

/** Puts a group below `fromMm`; the first piece's own space is dropped at the top of a further page, but for a quiet zone. */
function place(group: readonly Piece[], fromMm: number, dropSpace: boolean, folds: readonly number[]): { readonly placed: Placed[]; readonly bottomMm: number } {
  let y = fromMm;
  const placed = group.map((piece, index) => {
    y += dropSpace && index === 0 ? Math.max(0, -(piece.unfolded?.[0] ?? 0)) : piece.spaceMm;
    for (const fold of folds) {
      const [from, to] = piece.unfolded ?? [0, 0];
      if (piece.unfolded !== undefined && y + from < fold + FOLD_CLEARANCE_MM && y + to > fold - FOLD_CLEARANCE_MM) y = fold + FOLD_CLEARANCE_MM - from;
    }
    const topMm = y;
    y += piece.heightMm;
    return { piece, topMm };
  });
  return { placed, bottomMm: y };
}

/** A page in the making: groups in order, and where the last one ends. */
interface OpenPage {
  readonly groups: (readonly Piece[])[];
  readonly items: PageItem[][];
  y: number;
}

function flow(pieces: readonly Piece[], { leftMm, heightMm }: Frame, folds: readonly number[], topOf: (page: number) => number): PageItem[][] {
  const bottom = heightMm - FOOTER_MM;
  const pages: OpenPage[] = [{ groups: [], items: [], y: topOf(1) }];
  const last = (): OpenPage => pages.at(-1) as OpenPage;
  const nextPage = (): void => {
    if (pages.length === MAX_PAGES) throw tooLarge();
    pages.push({ groups: [], items: [], y: topOf(pages.length + 1) });
  };
  const fits = (group: readonly Piece[]): boolean => {
    const page = last();
    const { placed, bottomMm } = place(group, page.y, page.groups.length === 0 && pages.length > 1, folds);
    if (bottomMm > bottom) return false;
    page.groups.push(group);
    page.items.push(placed.flatMap(({ piece, topMm }) => piece.draw(leftMm, topMm)));
    page.y = bottomMm;
    return true;
  };
  const put = (group: readonly Piece[]): void => {
    if (fits(group)) return;
    if (last().groups.length > 0) {
      nextPage();
      if (fits(group)) return;
    }
    // Longer than a page together: then apart, and a piece that is too long by itself is refused.
    if (group.length === 1) throw tooLarge();
    for (const piece of group) put([piece]);
  };
  for (const group of groupsOf(pieces)) put(group);
  if (last().y + SIGNATURES_SPACE_MM > bottom - SIGNATURES_MM) {
    // No page of signatures alone: what they are put under comes along.
    const moved = last().groups.length > 1 ? (last().groups.pop() as readonly Piece[]) : [];
    if (moved.length > 0) last().items.pop();
    nextPage();
    if (moved.length > 0) put(moved);
  }
  return pages.map((page) => page.items.flat());
}

const tooLarge = (): StrongroomError => new StrongroomError('paper.too-large', 'The sheet\'s content is more than a sheet can hold.', { maxPages: MAX_PAGES }, 'Make several sheets of it.');
