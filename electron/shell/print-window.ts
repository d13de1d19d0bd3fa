import { BrowserWindow, type PrinterInfo, type Session, type WebContents } from 'electron';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import { withSpoolFolder } from './spool-folder.ts';

/** What is printed and where. */
export interface PrintJob {
  /** The address of the document to print, on the page's own origin. */
  readonly address: string;
  readonly paper: 'a4' | 'letter';
  /** The printer's name, as the system knows it. */
  readonly printer: string;
  /** Called when nothing but the printer itself can still fail; a rejection prints nothing. */
  readonly beforePrinting: () => Promise<void>;
}

/**
 * Hands a document to a printer from a window of its own that nobody sees: no script, no preload, the same locked session.
 * Without a dialog: the person chose the printer in our page, and the system's dialog would offer to scale pages or to put
 * several onto one.
 * @throws StrongroomError `print.no-printer`, `print.failed`
 */
export async function printDocument(session: Session, { address, paper, printer, beforePrinting }: PrintJob): Promise<void> {
  const window = openHidden(session);
  try {
    await window.loadURL(address);
    if (!(await window.webContents.getPrintersAsync()).some(({ name }) => name === printer)) {
      throw new StrongroomError('print.no-printer', 'This system has no printer of that name.', { printer }, 'Choose one of the printers in the list.');
    }
    await beforePrinting();
    await withSpoolFolder(() => print(window.webContents, {
      silent: true,
      deviceName: printer,
      printBackground: true,
      color: false,
      copies: 1,
      collate: true,
      duplexMode: 'simplex',
      landscape: false,
      pagesPerSheet: 1,
      // The page has its own margins, in millimetres; at any other scale its codes would be of another size than was checked.
      margins: { marginType: 'none' },
      scaleFactor: 100,
      pageSize: paper === 'a4' ? 'A4' : 'Letter',
    }));
  } finally {
    window.destroy();
  }
}

/** The printers that this system knows. */
export const printersOf = (contents: WebContents): Promise<readonly PrinterInfo[]> => contents.getPrintersAsync();

function openHidden(session: Session): BrowserWindow {
  return new BrowserWindow({
    show: false,
    webPreferences: { session, sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false, images: true, webgl: false, plugins: false, spellcheck: false, webviewTag: false, navigateOnDragDrop: false, devTools: false },
  });
}

function print(contents: WebContents, options: Electron.WebContentsPrintOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    contents.print(options, (success, reason) => {
      if (success) resolve();
      else reject(new StrongroomError('print.failed', 'The system did not take the pages for printing.', { reason: reason.slice(0, 60) }, 'Look at the printer and its queue; pages may be on paper already. Count them before you print again.'));
    });
  });
}
