import { dialog, type FileFilter, type OpenDialogOptions } from 'electron';
import { basename, join } from 'node:path';
import type { InferOutput } from 'valibot';
import { parseBase64, toBase64 } from '../../src/domain/bytes.ts';
import type { FileKind, openFile, saveFile } from '../../src/host/wire.ts';
import { writeFileAtomically } from '../../src/node/shared/atomic-file.ts';
import { readInputFile } from '../../src/node/shared/input-file.ts';
import type { Shell } from './start-edition.ts';

type Kind = InferOutput<typeof FileKind>;

/** What a person is asked for, the endings that are offered, and the largest size that anything of the kind has. */
const kinds: Readonly<Record<Kind, { readonly name: string; readonly extensions: readonly string[]; readonly maxBytes: number }>> = {
  psbt: { name: 'Transactions (PSBT)', extensions: ['psbt', 'txt'], maxBytes: 17_825_792 },
  key: { name: 'Encrypted key files', extensions: ['age'], maxBytes: 65_536 },
  'key-record': { name: 'Public key records', extensions: ['txt', 'json', 'bsms'], maxBytes: 65_536 },
  wallet: { name: 'Wallets', extensions: ['json', 'txt', 'bsms', 'electrum'], maxBytes: 8_388_608 },
  registration: { name: 'Wallet registrations', extensions: ['json'], maxBytes: 262_144 },
  payments: { name: 'Payments (CSV)', extensions: ['csv'], maxBytes: 4_194_304 },
  transaction: { name: 'Final transactions', extensions: ['psbt', 'tx', 'hex', 'txt'], maxBytes: 17_825_792 },
  ledger: { name: 'Books', extensions: ['csv', 'json'], maxBytes: 67_108_864 },
  picture: { name: 'Pictures of prints', extensions: ['png', 'jpg', 'jpeg'], maxBytes: 67_108_864 },
  sheet: { name: 'Sheets (PDF)', extensions: ['pdf'], maxBytes: 268_435_456 },
  'entropy-record': { name: 'Entropy records', extensions: ['json'], maxBytes: 65_536 },
  labels: { name: 'Labels (BIP329)', extensions: ['jsonl', 'json', 'txt'], maxBytes: 17_825_792 },
  close: { name: 'Closes of periods', extensions: ['json', 'pdf'], maxBytes: 67_108_864 },
  bundle: { name: 'Standby bundles and backups', extensions: ['age', 'bundle'], maxBytes: 1_073_741_824 },
  configuration: { name: 'Configurations', extensions: ['conf'], maxBytes: 262_144 },
  'drill-record': { name: 'Records of drills', extensions: ['json'], maxBytes: 262_144 },
};

/** The largest size of a kind of file: asked before anything of it is read. */
export const mostBytesOf = (kind: Kind): number => kinds[kind].maxBytes;

/** The most files of one choice: a PSBT comes from at most fifteen cosigners. */
const MOST_FILES = 30;

/**
 * Lets a person choose files and reads them. The window gets names without folders, and contents.
 * @throws StrongroomError as `readInputFile`
 */
export async function openFiles(shell: Shell, request: InferOutput<typeof openFile.input>): Promise<InferOutput<typeof openFile.output>> {
  const files = await chosenFiles(shell, request);
  return { files: files.map(({ name, bytes }) => ({ name, contentBase64: toBase64(bytes) })) };
}

/**
 * The same, for content that the window is not given.
 * @throws StrongroomError as `readInputFile`
 */
export async function chosenFiles(shell: Shell, request: InferOutput<typeof openFile.input>): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> {
  const kind = kinds[request.kind];
  const options: OpenDialogOptions = {
    title: kind.name,
    filters: filtersOf(kind),
    properties: request.several ? ['openFile', 'multiSelections'] : ['openFile'],
    ...(shell.rehearsal === null ? {} : { defaultPath: shell.rehearsal.gapFolder }),
  };
  const window = shell.window();
  const { canceled, filePaths } = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
  if (canceled) return [];
  const files: { name: string; bytes: Uint8Array }[] = [];
  for (const path of filePaths.slice(0, MOST_FILES)) files.push({ name: basename(path), bytes: await readInputFile(path, { maxBytes: kind.maxBytes }) });
  return files;
}

/** A kind of file that the host reads and writes by itself, part by part: its content never passes through the page. */
export interface LargeFile {
  readonly name: string;
  readonly extensions: readonly string[];
}

/** Lets a person choose one file. @returns its path, or `null` when the dialog was closed */
export async function chosenPath(shell: Shell, kind: LargeFile): Promise<string | null> {
  const options: OpenDialogOptions = { title: kind.name, filters: filtersOf(kind), properties: ['openFile'], ...(shell.rehearsal === null ? {} : { defaultPath: shell.rehearsal.gapFolder }) };
  const window = shell.window();
  const { canceled, filePaths } = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
  return canceled ? null : (filePaths[0] ?? null);
}

/** Lets a person choose where a file goes. The system's dialog asks before it gives the name of one that is there. @returns its path, or `null` when the dialog was closed */
export async function chosenSavePath(shell: Shell, kind: LargeFile, suggestedName: string): Promise<string | null> {
  const options = {
    title: kind.name,
    filters: filtersOf(kind),
    defaultPath: shell.rehearsal === null ? suggestedName : join(shell.rehearsal.gapFolder, suggestedName),
    properties: ['showOverwriteConfirmation' as const],
  };
  const window = shell.window();
  const { canceled, filePath } = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
  return canceled || filePath === '' ? null : filePath;
}

/** Lets a person choose a folder, a memory stick's for example. @returns its path, or `null` when the dialog was closed */
export async function chosenFolder(shell: Shell, title: string): Promise<string | null> {
  const options: OpenDialogOptions = { title, properties: ['openDirectory', 'createDirectory'], ...(shell.rehearsal === null ? {} : { defaultPath: shell.rehearsal.gapFolder }) };
  const window = shell.window();
  const { canceled, filePaths } = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
  return canceled ? null : (filePaths[0] ?? null);
}

/**
 * Lets a person choose where a file goes and writes it whole. The system's dialog asks before it replaces a file.
 * @returns where it was saved, or `null` when the dialog was closed
 * @throws StrongroomError as `writeFileAtomically`
 */
export async function saveOneFile(shell: Shell, request: InferOutput<typeof saveFile.input>): Promise<InferOutput<typeof saveFile.output>> {
  const { kind, suggestedName, contentBase64 } = request;
  return { savedAs: await saveBytes(shell, { kind, suggestedName, bytes: parseBase64(contentBase64), overwrite: true }) };
}

/** What `saveBytes` writes. */
export interface SaveRequest {
  readonly kind: Kind;
  readonly suggestedName: string;
  readonly bytes: Uint8Array;
  /** Replacing leaves the last generation beside it, as `name.previous`: not for what holds secrets in the clear. */
  readonly overwrite: boolean;
}

/**
 * The same, for content that the window does not have.
 * @returns where it was saved, or `null` when the dialog was closed
 * @throws StrongroomError as `writeFileAtomically`
 */
export async function saveBytes(shell: Shell, request: SaveRequest): Promise<string | null> {
  const filePath = await chosenSavePath(shell, kinds[request.kind], request.suggestedName);
  if (filePath === null) return null;
  await writeFileAtomically(filePath, request.bytes, { overwrite: request.overwrite });
  return filePath;
}

function filtersOf(kind: LargeFile): FileFilter[] {
  return [{ name: kind.name, extensions: [...kind.extensions] }, { name: 'All files', extensions: ['*'] }];
}
