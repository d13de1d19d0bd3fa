import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real print service (CUPS) of a test's own: on a socket in a folder, with printers whose "paper" is a file. */
export interface PrintService {
  /** For the environment of who prints. */
  readonly environment: Readonly<Record<string, string>>;
  /** What came out of the printer, in order. */
  readonly prints: () => readonly { readonly name: string; readonly pdf: Uint8Array }[];
  /** Waits until so many came out; on a busy machine a print takes its time. What the service wrote last stands in the error. */
  readonly untilPrinted: (count: number) => Promise<void>;
  readonly close: () => void;
}

export const PRINTER = 'Vault_printer';

/** Why there is none on this machine, or `null`. */
export const noPrintService = (): string | null => (process.env['STRONGROOM_PRINT_SYSTEM'] === undefined ? (process.env['STRONGROOM_NO_PRINT_SYSTEM'] ?? 'the runner set up no print service') : null);

/** A printer that takes PDF as it comes, in two sizes of paper, with the margins of an office printer. */
const PPD = `*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "PLAIN.PPD"
*Product: "(Plain)"
*Manufacturer: "Strongroom"
*ModelName: "Strongroom test printer"
*ShortNickName: "Strongroom test printer"
*NickName: "Strongroom test printer"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*FileSystem: False
*cupsFilter2: "application/pdf application/pdf 0 -"
*OpenUI *PageSize/Media Size: PickOne
*OrderDependency: 10 AnySetup *PageSize
*DefaultPageSize: A4
*PageSize A4/A4: "<</PageSize[595 842]>>setpagedevice"
*PageSize Letter/US Letter: "<</PageSize[612 792]>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion/Page Region: PickOne
*OrderDependency: 10 AnySetup *PageRegion
*DefaultPageRegion: A4
*PageRegion A4/A4: "<</PageRegion[595 842]>>setpagedevice"
*PageRegion Letter/US Letter: "<</PageRegion[612 792]>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4/A4: "18 18 577 824"
*ImageableArea Letter/US Letter: "18 18 594 774"
*DefaultPaperDimension: A4
*PaperDimension A4/A4: "595 842"
*PaperDimension Letter/US Letter: "612 792"
`;

/** Writes what the service hands to the printer into a folder. */
const BACKEND = `#!/bin/sh
[ $# -eq 0 ] && exit 0
out="\${DEVICE_URI#capture:}"
if [ -n "$6" ]; then cat "$6" > "$out/part"; else cat > "$out/part"; fi
mv "$out/part" "$out/job-$1.pdf"
`;

export async function startPrintService(): Promise<PrintService> {
  const root = join(process.env['STRONGROOM_PRINT_SYSTEM'] as string, 'root');
  // A short path: the name of a socket has room for about a hundred characters.
  const folder = mkdtempSync(join(tmpdir(), 'pr-'));
  const at = (...parts: string[]): string => join(folder, ...parts);
  for (const each of ['spool/tmp', 'cache', 'state', 'log', 'server/ppd', 'out']) mkdirSync(at(each), { recursive: true });
  cpSync(join(root, 'usr/lib/cups'), at('bin'), { recursive: true });
  writeFileSync(at('bin/backend/capture'), BACKEND);
  chmodSync(at('bin/backend/capture'), 0o700);
  writeFileSync(at('plain.ppd'), PPD);
  writeFileSync(at('cupsd.conf'), `Listen ${at('s')}\nBrowsing Off\nDefaultAuthType None\nWebInterface No\nPreserveJobFiles No\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n`);
  writeFileSync(at('files.conf'), `ServerRoot ${at('server')}\nServerBin ${at('bin')}\nDataDir ${join(root, 'usr/share/cups')}\nRequestRoot ${at('spool')}\nTempDir ${at('spool/tmp')}\nCacheDir ${at('cache')}\nStateDir ${at('state')}\nAccessLog ${at('log/access')}\nErrorLog ${at('log/error')}\nPageLog ${at('log/page')}\n`);
  const environment = { ...process.env, LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu') };
  const daemon = spawn(join(root, 'usr/sbin/cupsd'), ['-f', '-c', at('cupsd.conf'), '-s', at('files.conf')], { env: environment, stdio: 'ignore' });
  try {
    await until(() => existsSync(at('s')), () => `no socket: ${logOf(at('log/error'))}`);
    const made = spawnSync(join(root, 'usr/sbin/lpadmin'), ['-h', at('s'), '-p', PRINTER, '-E', '-v', `capture:${at('out')}`, '-P', at('plain.ppd'), '-L', 'Vault, 2nd floor'], { env: environment, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`lpadmin: ${made.stderr}`);
  } catch (fault) {
    await end(daemon, folder);
    throw fault;
  }
  const prints: PrintService['prints'] = () => readdirSync(at('out')).filter((name) => /^job-\d+\.pdf$/.test(name)).sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b))).map((name) => ({ name, pdf: new Uint8Array(readFileSync(at('out', name))) }));
  return {
    environment: { CUPS_SERVER: at('s') },
    prints,
    untilPrinted: (count) => until(() => prints().length === count, () => `${prints().length} of ${count} prints came out: ${logOf(at('log/error'))} ${logOf(at('log/access'))}`, 60),
    close: () => void end(daemon, folder),
  };
}

const logOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8').slice(-500) : 'no log');

async function until(happened: () => boolean, otherwise: () => string, seconds = 10): Promise<void> {
  for (let tries = 0; tries < 10 * seconds; tries += 1) {
    if (happened()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(otherwise());
}

async function end(daemon: ChildProcess, folder: string): Promise<void> {
  const ended = daemon.exitCode !== null ? Promise.resolve() : new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
