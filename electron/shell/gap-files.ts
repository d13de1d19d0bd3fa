import { app } from 'electron';
import { randomBytes } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import { toBase64 } from '../../src/domain/bytes.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import type { Handlers } from '../../src/host/contract.ts';
import type { filesContract } from '../../src/host/files-wire.ts';
import { handedFile, handleOfPath, removableDrives, type FoundFile } from '../../src/node/shared/drives/removable-drives.ts';
import { readInputFile } from '../../src/node/shared/input-file.ts';
import { mostBytesOf } from './file-dialogs.ts';
import type { Shell } from './start-edition.ts';

/** More than anybody double-clicks; the oldest go first. */
const MOST_HANDED = 30;

/**
 * Files that the system handed to the program: by double click, or on its command line. They are listed and wait: nothing is
 * opened because of it.
 */
export interface HandedFiles {
  readonly add: (path: string) => void;
  /** Files of a command line, as the person named them in a folder. */
  readonly addArguments: (args: readonly string[], folder: string) => void;
  readonly paths: () => readonly string[];
  readonly remove: (path: string) => void;
}

export function createHandedFiles(): HandedFiles {
  const paths: string[] = [];
  const remove = (path: string): void => {
    const at = paths.indexOf(path);
    if (at !== -1) paths.splice(at, 1);
  };
  const add = (path: string): void => {
    if (!isAbsolute(path)) return;
    remove(path);
    paths.unshift(path);
    paths.splice(MOST_HANDED);
  };
  return {
    add,
    addArguments: (args, folder) => args.forEach((arg) => add(resolve(folder, arg))),
    paths: () => paths,
    remove,
  };
}

/** Collects from the moment the program starts: macOS tells of a file before the program is ready. */
export function collectHandedFiles(): HandedFiles {
  const handed = createHandedFiles();
  app.on('open-file', (event, path) => {
    event.preventDefault();
    handed.add(path);
  });
  handed.addArguments(namedFiles(process.argv, app.isPackaged), process.cwd());
  app.on('second-instance', (_event, args, folder) => handed.addArguments(namedFiles(args, app.isPackaged), folder));
  return handed;
}

/**
 * What a person named on a command line. Options are Chromium's and Electron's, and Chromium puts them wherever it likes; of the rest
 * the program itself comes first, and in a checkout the folder of its bundle.
 */
const namedFiles = (args: readonly string[], isPackaged: boolean): readonly string[] => args.filter((arg) => arg !== '' && !arg.startsWith('-')).slice(isPackaged ? 1 : 2);

/** Files of the gap for an edition's window. It gets names, sizes and handles; a content only when a person opens one. */
export function gapFilesHandlers(shell: Pick<Shell, 'rehearsal' | 'handed'>): Handlers<typeof filesContract> {
  const salt = randomBytes(16).toString('hex');
  const files = new Map<string, FoundFile>();
  /** Paths by handle, of what is not to be opened. */
  const refused = new Map<string, string>();
  const listed = (file: FoundFile) => {
    const handle = handleOfPath(salt, file.path);
    files.set(handle, file);
    return { file: handle, name: file.name, kind: file.kind, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt };
  };
  const listedRefusal = ({ path, name, code }: { readonly path: string; readonly name: string; readonly code: string }) => {
    const handle = handleOfPath(salt, path);
    refused.set(handle, path);
    return { file: handle, name, code };
  };
  // In a rehearsal the folder between the two editions stands for a stick.
  const gapFolder = shell.rehearsal?.gapFolder;
  return {
    async 'files.list'() {
      files.clear();
      refused.clear();
      const all = await Promise.all(shell.handed.paths().map((path) => handedFile(path, mostBytesOf)));
      const found = [...(gapFolder === undefined ? [] : await removableDrives(async () => [gapFolder])), ...(await removableDrives())];
      return {
        handed: all.flatMap((file) => ('code' in file ? [] : [listed(file)])),
        refused: all.flatMap((file) => ('code' in file ? [listedRefusal(file)] : [])),
        drives: found.map(({ folder, name, files: onDrive, others, problem }) => ({ drive: handleOfPath(salt, folder), name, files: onDrive.map(listed), others, problem })),
      };
    },
    'files.waiting': () => ({ count: shell.handed.paths().length }),
    async 'files.open'({ file }) {
      const found = requireListed(files.get(file));
      return { name: found.name, contentBase64: toBase64(await readInputFile(found.path, { maxBytes: mostBytesOf(found.kind) })) };
    },
    'files.dismiss': ({ file }) => {
      shell.handed.remove(refused.get(file) ?? requireListed(files.get(file)).path);
      return {};
    },
  };
}

function requireListed(found: FoundFile | undefined): FoundFile {
  if (found === undefined) throw new StrongroomError('file.not-found', 'The file is not on the list any more.', {}, 'Look at the drives again.');
  return found;
}
