import { toBase64, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Handlers, RequestContext } from '../../host/contract.ts';
import type { signerCommandContract } from '../../host/signer-contract.ts';
import { pdfOf } from '../../paper/pdf.ts';
import { codesOf, type SheetKind } from '../../paper/sheet.ts';
import { svgOf } from '../../paper/svg.ts';
import type { SignerEffects } from './effects.ts';
import type { PreparedSheet } from './prepared-sheet.ts';
import { prepareSheets } from './prepared-sheets.ts';
import { readState } from './print-proof.ts';
import type { UnlockedKeys } from './unlocked-keys.ts';

type PaperHandlers = Pick<Handlers<typeof signerCommandContract>, 'paper.make' | 'paper.check'>;
type Order = Parameters<PaperHandlers['paper.make']>[0]['order'];

/** Sheets for what the unlocked keys hold. What a secret sheet says leaves in its document only. */
export function createPaperHandlers(effects: SignerEffects, keys: UnlockedKeys): PaperHandlers {
  const draw = async (order: Order, context: RequestContext): Promise<PreparedSheet> => (await prepareSheets({ what: 'sheet', order }, { effects, keys }, context)).sheets[0] as PreparedSheet;
  return {
    'paper.make': async ({ order, format }, context) => {
      const prepared = await draw(order, context);
      const { sheet, pages } = prepared;
      const name = `sheet-${sheet.serial.toLowerCase()}`;
      const documents =
        format === 'pdf'
          ? [{ name: `${name}.pdf`, contentBase64: toBase64(pdfOf(pages)) }]
          : pages.map((page, index) => ({ name: pages.length === 1 ? `${name}.svg` : `${name}-${index + 1}.svg`, contentBase64: toBase64(utf8(svgOf(page))) }));
      return { ...saidOf(prepared), documents };
    },
    'paper.check': async ({ order, proof }, context) => {
      const prepared = await draw(order, context);
      if (proof.by === 'codes') requireCodes(prepared, proof.scanned);
      else requireWords(prepared, proof.words);
      const { label, network } = prepared.sheet;
      return { ...saidOf(prepared), made: true, by: proof.by, label, network, fingerprint: prepared.fingerprint };
    },
  };
}

/** What may be said of a sheet. SECURITY: a code of a secret sheet is named, and what it holds stays on the paper. */
export const saidOf = ({ sheet, facts }: PreparedSheet): PreparedSheet['facts'] & { readonly kind: SheetKind; readonly codes: { id: string; text?: string }[] } => ({
  ...facts,
  codes: codesOf(sheet).map(({ id, text }) => (sheet.part === 'secret' ? { id } : { id, text })),
});

/** @throws StrongroomError `paper.not-read-back`, which names codes and never what they hold */
function requireCodes(prepared: PreparedSheet, scanned: readonly string[]): void {
  const codes = codesOf(prepared.sheet);
  if (codes.length === 0) throw notReadBack('it has no codes', {}, 'Type its check words instead.');
  const { sheets, foreign } = readState({ sheets: [prepared] }, { scanned, words: [] });
  const missing = sheets[0]?.missing ?? [];
  // One sheet was to be shown and nothing else: what is foreign means that another print lies there too.
  if (missing.length === 0 && foreign === 0) return;
  const parts = [...(missing.length === 0 ? [] : [`${missing.length} of ${codes.length} codes were not scanned`]), ...(foreign === 0 ? [] : [`${foreign} scanned texts are not on it`])];
  throw notReadBack(parts.join(', and '), { missing: missing.join(', '), foreign }, 'Scan every code of every page, and nothing else. If it repeats, the print is damaged or of another sheet: destroy it and print again.');
}

/** @throws StrongroomError `paper.not-read-back`, which names pages and never a word */
function requireWords(prepared: PreparedSheet, words: readonly string[]): void {
  const { sheets, foreignWords } = readState({ sheets: [prepared] }, { scanned: [], words });
  const missing = sheets[0]?.unproven ?? [];
  if (missing.length === 0 && foreignWords === 0) return;
  const reason = missing.length > 0 ? `the check words of page ${missing.join(', ')} were not given` : 'check words that are not on it were given too';
  throw notReadBack(reason, { missing: missing.join(', '), foreign: foreignWords }, 'Read them from the foot of every page of the print. The sheet\'s serial, date, label and paper size must be given as they were when it was made.');
}

const notReadBack = (reason: string, details: Readonly<Record<string, string | number>>, hint: string): StrongroomError =>
  new StrongroomError('paper.not-read-back', `The print is not proven to be this sheet: ${reason}.`, { reason, ...details }, hint);
