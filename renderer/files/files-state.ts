import type { WireError } from '../../src/host/contract.ts';
import { knownFileKind } from '../../src/host/known-files.ts';
import type { FileContent } from '../ui/file-content.ts';
import type { FileList, KnownFileKind } from './files-host.ts';

/** Files on drives and files that were handed over, as they were when they were last looked at. */
export interface FilesState {
  /** `null` before the first look. */
  readonly list: FileList | null;
  readonly isBusy: boolean;
  /** Why the last look failed. */
  readonly error: WireError | null;
  /** Why the file that was opened last was not; it stays through later looks, which come by themselves. */
  readonly refusal: WireError | null;
}

export type FilesEvent =
  | { readonly type: 'looking' }
  | { readonly type: 'listed'; readonly list: FileList }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'opening' }
  | { readonly type: 'refused'; readonly error: WireError };

export const noFiles: FilesState = { list: null, isBusy: false, error: null, refusal: null };

export function filesTransition(state: FilesState, event: FilesEvent): FilesState {
  switch (event.type) {
    case 'looking':
      return { ...state, isBusy: true };
    case 'listed':
      return { ...state, list: event.list, isBusy: false, error: null };
    case 'failed':
      return { ...state, isBusy: false, error: event.error };
    case 'opening':
      return { ...state, refusal: null };
    case 'refused':
      return { ...state, refusal: event.error };
  }
}

/** What an edition does with a kind of file; `null` where it has nothing to do with it. */
export type FileUses = Readonly<Record<KnownFileKind, { readonly name: string; readonly take: (files: readonly FileContent[]) => void } | null>>;

export const kindWords: Readonly<Record<KnownFileKind, string>> = {
  psbt: 'Transaction (PSBT)', transaction: 'Signed transaction', wallet: 'Wallet', registration: 'Wallet registration', 'key-record': 'Public key record', key: 'Key file, encrypted', payments: 'Payments (CSV)',
};

/** Why a file that was handed over is not to be opened, in words. */
const refusalWords: Readonly<Record<string, string>> = {
  'file.unknown-name': 'Nothing that Strongroom knows by its name',
  'file.not-regular': 'A link, a folder or a device; only a plain file is opened',
  'file.too-large': 'Larger than anything of its kind can be',
  'file.not-found': 'Not there, or not there any more',
};
export const whyRefused = (code: string): string => refusalWords[code] ?? 'It cannot be read';

/** "3 kB", for a size that nobody counts by. */
export const sizeWords = (bytes: number): string => (bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

/** What dropped files are for, by their names; `null` where they are of several kinds or of none. */
export function useOfDropped(files: readonly { readonly name: string }[], uses: FileUses): FileUses[KnownFileKind] {
  const kinds = new Set(files.map(({ name }) => knownFileKind(name)));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined && kind !== null ? uses[kind] : null;
}

/** How many files wait that were handed over, refused ones with them. */
export const handedCount = ({ list }: FilesState): number => (list === null ? 0 : list.handed.length + list.refused.length);

/** The same for the sidebar; `undefined` where none do. */
export const handedFact = (state: FilesState): string | undefined => (handedCount(state) === 0 ? undefined : String(handedCount(state)));
