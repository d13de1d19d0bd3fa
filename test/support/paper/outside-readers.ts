import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readPgm, writePgm, type GreyImage } from './grey-image.ts';

/** Readers that share nothing with Strongroom: poppler turns a PDF into pixels, zbar finds and decodes the codes in them. */

const works = (program: string, ...args: string[]): boolean => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const present = (): boolean => works('pdftoppm', '-v') && works('pdftotext', '-v') && works('zbarimg', '--version');

/** Installed where this is a Debian machine and we may. */
export function haveOutsideReaders(): boolean {
  if (present()) return true;
  if (process.getuid?.() === 0) spawnSync('sh', ['-c', 'apt-get update -qq; apt-get install -y -qq --no-install-recommends zbar-tools poppler-utils'], { stdio: 'ignore', timeout: 170_000 });
  return present();
}
export const NO_READERS = 'pdftoppm (poppler-utils) or zbarimg (zbar-tools) is not on this machine: no page was read from outside';

function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-paper-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], accepted: readonly number[]): string {
  const ended = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (ended.error !== undefined) throw ended.error;
  if (!accepted.includes(ended.status ?? -1)) throw new Error(`${program} ended with ${ended.status}: ${ended.stderr}`);
  return ended.stdout;
}

/** A PDF's pages as grey pixels. @param options of pdftoppm */
export function pixelsOf(pdf: Uint8Array, dpi: number, options: readonly string[] = []): GreyImage[] {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'sheet.pdf'), pdf);
    run('pdftoppm', ['-gray', '-r', String(dpi), ...options, join(folder, 'sheet.pdf'), join(folder, 'page')], [0]);
    return readdirSync(folder).filter((name) => name.endsWith('.pgm')).sort().map((name) => readPgm(readFileSync(join(folder, name))));
  });
}

/** A PDF's pages as PNG files, their names beginning with `stem`. */
export function picturesOf(pdf: Uint8Array, dpi: number, stem: string): string[] {
  writeFileSync(`${stem}.source`, pdf);
  run('pdftoppm', ['-png', '-gray', '-r', String(dpi), `${stem}.source`, stem], [0]);
  return readdirSync(dirname(stem)).filter((name) => name.startsWith(`${basename(stem)}-`) && name.endsWith('.png')).sort().map((name) => join(dirname(stem), name));
}

/**
 * What printers and scanners do to a page. @param look 0 for the first time that the page is shown to the reader: nobody lays
 * a sheet of paper into a scanner twice at the same angle
 */
export type PageChange = (image: GreyImage, look: number) => GreyImage;
export const asPrinted: PageChange = (image) => image;

/**
 * How often a page was shown to zbar once more because a code was not found on it: now and then it overlooks one of a slanted,
 * pale page, as scanners do. What it reads wrong stays wrong; nothing is shown again on account of a text.
 */
export const furtherLooks = { pages: 0 };
const MOST_LOOKS = 3;

/**
 * The texts of the codes on each page of a PDF, sorted, for each change: many pages a process, and the processes beside each
 * other and beside the changes.
 * @param wanted how many codes each page has
 */
export async function codesInPrint(pdf: Uint8Array, dpi: number, wanted: readonly number[], changes: readonly PageChange[] = [asPrinted]): Promise<readonly (readonly string[][])[]> {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-paper-'));
  try {
    writeFileSync(join(folder, 'sheet.pdf'), pdf);
    await runLater('pdftoppm', ['-gray', '-r', String(dpi), join(folder, 'sheet.pdf'), join(folder, 'page')]);
    const pages = readdirSync(folder).filter((name) => name.endsWith('.pgm')).sort().map((name) => join(folder, name));
    return await Promise.all(changes.map((change, index) => codesAfter(change, pages, wanted, String(index))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function codesAfter(change: PageChange, pages: readonly string[], wanted: readonly number[], name: string): Promise<string[][]> {
  const changed = (page: string, look: number): string => {
    if (change === asPrinted) return page;
    writeFileSync(`${page}.${name}.${look}`, writePgm(change(readPgm(readFileSync(page)), look)));
    return `${page}.${name}.${look}`;
  };
  const found = await lookAt(pages.map((page) => changed(page, 0)));
  for (const [index, page] of pages.entries()) {
    for (let look = 1; look < MOST_LOOKS && (found[index]?.length ?? 0) < (wanted[index] ?? 0); look += 1) {
      furtherLooks.pages += 1;
      // Together with what was found before: another look may overlook another code.
      found[index] = [...new Set([...(found[index] ?? []), ...((await lookAt([changed(page, look)]))[0] ?? [])])].sort();
    }
  }
  return found;
}

const runLater = promisify(execFile);

/** The texts of each file's codes, sorted, by one zbar process for all of them; other work goes on meanwhile. */
async function lookAt(files: readonly string[]): Promise<string[][]> {
  const { stdout } = await runLater('zbarimg', ['--quiet', '--nodbus', '--xml', '-Sdisable', '-Sqrcode.enable', ...files], { maxBuffer: 256 * 1024 * 1024 }).catch((fault: { code?: number; stdout?: string }) => {
    // 4: an image without a code.
    if (fault.code !== 4) throw fault;
    return { stdout: fault.stdout ?? '' };
  });
  const sources = new Map([...stdout.matchAll(/<source href='([^']+)'>(.*?)<\/source>/gs)].map(([, file, body = '']) => [file as string, [...body.matchAll(/<data><!\[CDATA\[(.*?)\]\]><\/data>/gs)].map((match) => match[1] as string)]));
  return files.map((file) => [...(sources.get(file) ?? [])].sort());
}

/** The text of a PDF as poppler extracts it. */
export const textOf = (pdf: Uint8Array): string =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'sheet.pdf'), pdf);
    return run('pdftotext', ['-layout', join(folder, 'sheet.pdf'), '-'], [0]);
  });
