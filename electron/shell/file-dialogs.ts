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
  'key-record': { name: 'Public key records', extensions: ['txt', 'json'], maxBytes: 65_536 },
  wallet: { name: 'Wallets', extensions: ['json', 'txt'], maxBytes: 262_144 },
  registration: { name: 'Wallet registrations', extensions: ['json'], maxBytes: 262_144 },
  payments: { name: 'Payments (CSV)', extensions: ['csv'], maxBytes: 4_194_304 },
  transaction: { name: 'Final transactions', extensions: ['psbt', 'tx', 'hex', 'txt'], maxBytes: 17_825_792 },
  ledger: { name: 'Books', extensions: ['csv', 'json'], maxBytes: 67_108_864 },
};

/** The most files of one choice: a PSBT comes from at most fifteen cosigners. */
const MOST_FILES = 30;

/**
 * Lets a person choose files and reads them. The window gets names without folders, and contents.
 * @throws StrongroomError as `readInputFile`
 */
export async function openFiles(shell: Shell, request: InferOutput<typeof openFile.input>): Promise<InferOutput<typeof openFile.output>> {
  const kind = kinds[request.kind];
  const options: OpenDialogOptions = {
    title: kind.name,
    filters: filtersOf(kind),
    properties: request.several ? ['openFile', 'multiSelections'] : ['openFile'],
    ...(shell.rehearsal === null ? {} : { defaultPath: shell.rehearsal.gapFolder }),
  };
  const window = shell.window();
  const { canceled, filePaths } = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
  if (canceled) return { files: [] };
  const files: { name: string; contentBase64: string }[] = [];
  for (const path of filePaths.slice(0, MOST_FILES)) {
    files.push({ name: basename(path), contentBase64: toBase64(await readInputFile(path, { maxBytes: kind.maxBytes })) });
  }
  return { files };
}

/**
 * Lets a person choose where a file goes and writes it whole. The system's dialog asks before it replaces a file.
 * @returns where it was saved, or `null` when the dialog was closed
 * @throws StrongroomError as `writeFileAtomically`
 */
export async function saveOneFile(shell: Shell, request: InferOutput<typeof saveFile.input>): Promise<InferOutput<typeof saveFile.output>> {
  const bytes = parseBase64(request.contentBase64);
  const options = {
    title: kinds[request.kind].name,
    filters: filtersOf(kinds[request.kind]),
    defaultPath: shell.rehearsal === null ? request.suggestedName : join(shell.rehearsal.gapFolder, request.suggestedName),
    properties: ['showOverwriteConfirmation' as const],
  };
  const window = shell.window();
  const { canceled, filePath } = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
  if (canceled || filePath === '') return { savedAs: null };
  await writeFileAtomically(filePath, bytes, { overwrite: true });
  return { savedAs: filePath };
}

function filtersOf(kind: (typeof kinds)[Kind]): FileFilter[] {
  return [{ name: kind.name, extensions: [...kind.extensions] }, { name: 'All files', extensions: ['*'] }];
}
