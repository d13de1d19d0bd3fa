import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** The texts of the codes on each image, sorted. */
export function codesIn(images: readonly GreyImage[]): string[][] {
  return inFolder((folder) => {
    const files = images.map((image, index) => {
      const file = join(folder, `${String(index).padStart(5, '0')}.pgm`);
      writeFileSync(file, writePgm(image));
      return file;
    });
    // 4: an image without a code.
    const xml = run('zbarimg', ['--quiet', '--xml', '-Sdisable', '-Sqrcode.enable', ...files], [0, 4]);
    const sources = new Map([...xml.matchAll(/<source href='([^']+)'>(.*?)<\/source>/gs)].map(([, file, body = '']) => [file as string, [...body.matchAll(/<data><!\[CDATA\[(.*?)\]\]><\/data>/gs)].map((match) => match[1] as string)]));
    return files.map((file) => [...(sources.get(file) ?? [])].sort());
  });
}

/** The text of a PDF as poppler extracts it. */
export const textOf = (pdf: Uint8Array): string =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'sheet.pdf'), pdf);
    return run('pdftotext', ['-layout', join(folder, 'sheet.pdf'), '-'], [0]);
  });
