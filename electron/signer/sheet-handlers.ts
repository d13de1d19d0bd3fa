import { madeEntries, printedEntries } from '../../src/custody/events.ts';
import { requirePrintable } from '../../src/custody/register.ts';
import { parseBase64 } from '../../src/domain/bytes.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import type { Handlers } from '../../src/host/contract.ts';
import type { signerContract } from '../../src/host/signer-contract.ts';
import type { CustodyFile } from '../../src/node/signer/custody-file.ts';
import type { CodeReader } from '../../src/node/shared/code-reading/read-codes.ts';
import type { Page } from '../../src/paper/page.ts';
import { pdfOf } from '../../src/paper/pdf.ts';
import { svgOf } from '../../src/paper/svg.ts';
import type { SignerEffects } from '../../src/service/signer/effects.ts';
import type { SignerService } from '../../src/service/signer/handlers.ts';
import type { SheetsOrder } from '../../src/service/signer/prepared-sheets.ts';
import { SheetJobs } from '../../src/service/signer/sheet-jobs.ts';
import { chosenFiles, saveBytes } from '../shell/file-dialogs.ts';
import { originOf, type HeldAddress } from '../shell/page-files.ts';
import { printDocument, printersOf } from '../shell/print-window.ts';
import type { Shelf } from '../shell/shelf.ts';
import type { Shell } from '../shell/start-edition.ts';
import { keepPaperRecord } from './paper-records.ts';
import { printDocumentOf, printStylesOf } from './print-page.ts';
import { printerFacts } from './printer-facts.ts';

type Contract = Handlers<typeof signerContract>;
type SheetHandlers = Pick<Contract, 'sheet.prepare' | 'sheet.printers' | 'sheet.print' | 'sheet.save' | 'sheet.scan' | 'sheet.scan-file' | 'sheet.type-words' | 'sheet.drop' | 'camera.use' | 'camera.read' | 'camera.read-file' | 'key.lock'>;

export interface SheetParts {
  readonly shell: Shell;
  readonly service: Pick<SignerService, 'prepareSheets' | 'handlers'>;
  readonly custody: CustodyFile;
  /** Where records of paper wallets are kept. */
  readonly papers: Pick<Shelf, 'add'>;
  readonly reader: CodeReader;
  readonly effects: Pick<SignerEffects, 'newHandle' | 'now' | 'after'>;
}

export interface SheetDesk {
  readonly handlers: SheetHandlers;
  /** A page's picture, or a document for the print window. */
  readonly held: (address: HeldAddress) => string | null;
  /** Drops every prepared sheet, and what the camera showed. */
  readonly clear: () => void;
}

/**
 * Sheets between order and custody: prepared and held here, shown as pictures, printed from a window of their own, and read
 * back. The window gets ids of codes and never what a secret sheet says; SecurePrint's codes are the one exception, since a
 * person copies them by hand.
 */
export function createSheetDesk({ shell, service, custody, papers, reader, effects }: SheetParts): SheetDesk {
  /** What is being printed, under a handle of its own: its document and the job's pages that it shows. */
  const printing = new Map<string, { readonly document: string; readonly styles: string; readonly pages: readonly Page[] }>();
  const jobs = new SheetJobs(effects);

  /** Notes in the register what is proven now; what cannot be noted does not count. */
  async function noteMade(job: string): Promise<void> {
    const { sheets, by } = jobs.newlyMade(job);
    if (sheets.length === 0) return;
    await custody.append(({ register }) => sheets.flatMap(({ sheet, by: proof }) => madeEntries(register, sheet, proof, { at: effects.now(), by })));
    jobs.noted(job, sheets.map(({ sheet }) => sheet.sheetId));
  }

  async function keepRecord(job: string): Promise<void> {
    const record = jobs.recordOf(job);
    if (record !== undefined) await keepPaperRecord(papers, record);
  }

  async function print(job: string, part: 'public' | 'secret', printer: string, by: string): Promise<number> {
    const { sheets, pages } = jobs.part(job, part, by);
    const ids = sheets.map(({ sheetId }) => sheetId);
    requirePrintable((await custody.read()).register, ids);
    const paper = (pages[0] as Page).paper;
    const handle = effects.newHandle();
    printing.set(handle, { document: printDocumentOf(pages.map((_page, index) => `${index}.svg`)), styles: printStylesOf(paper), pages });
    await keepRecord(job);
    // Before the printer gets the pages: a paper that the register does not know is worse than an entry about one that jammed.
    const beforePrinting = async (): Promise<void> => {
      // Locked while the document was loaded: what the print window shows may lack pages.
      if (!printing.has(handle)) throw new StrongroomError('sheet.gone', 'Nothing was printed: the laptop was locked, or the page left.', {}, 'Prepare the sheets again.');
      await custody.append(() => printedEntries(sheets, { at: effects.now(), by }, `printer ${printer}`.slice(0, 200)));
      jobs.printed(job, ids);
    };
    try {
      await printDocument(shell.session, { address: `${originOf('signer')}/held/${handle}/print.html`, paper, printer, beforePrinting });
    } finally {
      printing.delete(handle);
    }
    return pages.length;
  }

  return {
    handlers: {
      'sheet.prepare': async ({ order }, context) => {
        // SECURITY: a batch takes minutes; a laptop that was locked meanwhile does not go on making secrets, nor keep them.
        const isDropped = jobs.watchDrops();
        const isCancelled = (): boolean => context.isCancelled() || isDropped();
        const prepared = await service.prepareSheets(order, { ...context, isCancelled });
        if (isCancelled()) throw new StrongroomError('host.cancelled', 'The sheets were not made: the step was cancelled.', {}, 'Start it again when you are ready.');
        return jobs.open(prepared, keyOf(order), (job, index) => `held/${job}/${index}.svg`);
      },
      'sheet.printers': async () => {
        const contents = shell.window()?.webContents;
        return { printers: contents === undefined ? [] : (await printersOf(contents)).map(printerFacts) };
      },
      'sheet.print': async ({ job, part, printer, by }) => ({ pages: await print(job, part, printer, by) }),
      'sheet.save': async ({ job, part, by }) => {
        const { pages, serial } = jobs.part(job, part, by);
        await keepRecord(job);
        return { savedAs: await saveBytes(shell, { kind: 'sheet', suggestedName: `${part === 'secret' ? 'SECRET-' : ''}sheet-${serial.toLowerCase()}.pdf`, bytes: pdfOf(pages), overwrite: false }) };
      },
      'sheet.scan': async ({ job, frame }) => {
        const state = jobs.scan(job, await reader.inFrame({ width: frame.width, height: frame.height, luma: parseBase64(frame.lumaBase64) }));
        await noteMade(job);
        return state;
      },
      'sheet.scan-file': async ({ job }) => {
        let state = jobs.scan(job, []);
        for (const { bytes } of await chosenFiles(shell, { kind: 'picture', several: true })) state = jobs.scan(job, await reader.inPicture(bytes));
        await noteMade(job);
        return state;
      },
      'sheet.type-words': async ({ job, words }) => {
        const state = jobs.typeWords(job, words);
        await noteMade(job);
        return state;
      },
      'sheet.drop': ({ job }) => {
        jobs.drop(job);
        shell.camera.use(false);
        void reader.forget();
        return {};
      },
      'camera.use': ({ on }) => {
        shell.camera.use(on);
        if (!on) void reader.forget();
        return {};
      },
      'camera.read': async ({ frame }) => ({ texts: [...await reader.inFrame({ width: frame.width, height: frame.height, luma: parseBase64(frame.lumaBase64) })] }),
      'camera.read-file': async () => {
        const texts: string[] = [];
        for (const { bytes } of await chosenFiles(shell, { kind: 'picture', several: true })) texts.push(...await reader.inPicture(bytes));
        return { texts };
      },
      'key.lock': (input, context) => {
        jobs.dropOfKey(input.keyHandle);
        return service.handlers['key.lock'](input, context);
      },
    },
    held: ({ holder, name }) => {
      const print_ = printing.get(holder);
      if (name === 'print.html') return print_?.document ?? null;
      if (name === 'print.css') return print_?.styles ?? null;
      const number = /^(0|[1-9][0-9]{0,4})\.svg$/.exec(name)?.[1];
      if (number === undefined) return null;
      const page = print_ === undefined ? jobs.page(holder, Number(number)) : print_.pages[Number(number)];
      return page === null || page === undefined ? null : svgOf(page);
    },
    clear: () => {
      jobs.dropAll();
      printing.clear();
      shell.camera.use(false);
      void reader.forget();
    },
  };
}

/** The key that an order is made of, if there is one. */
function keyOf(order: SheetsOrder): string | null {
  if (order.what === 'paper-wallets') return null;
  const made = order.what === 'shares' ? order.order : order.order.content;
  return 'keyHandle' in made ? made.keyHandle : null;
}
