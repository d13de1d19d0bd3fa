import type { WireError } from '../../src/host/contract.ts';
import { knownFileKind } from '../../src/host/known-files.ts';
import type { FileContent } from '../ui/file-content.ts';
import type { FileList, KnownFileKind } from './files-host.ts';

/** Files on drives and files that were handed over, as they were when they were last looked at. */
export interface FilesState {
  /** `null` before the first look. */
  readonly list: FileList | null;
  readonly isBusy: boolean;
  readonly error: WireError | null;
}

export type FilesEvent =
  | { readonly type: 'looking' }
  | { readonly type: 'listed'; readonly list: FileList }
  | { readonly type: 'failed'; readonly error: WireError };

export const noFiles: FilesState = { list: null, isBusy: false, error: null };

export function filesTransition(state: FilesState, event: FilesEvent): FilesState {
  switch (event.type) {
    case 'looking':
      return { ...state, isBusy: true };
    case 'listed':
      return { list: event.list, isBusy: false, error: null };
    case 'failed':
      return { ...state, isBusy: false, error: event.error };
  }
}

/** What an edition does with a kind of file; `null` where it has nothing to do with it. */
export type FileUses = Readonly<Record<KnownFileKind, { readonly name: string; readonly take: (files: readonly FileContent[]) => void } | null>>;

export const kindWords: Readonly<Record<KnownFileKind, string>> = {
  psbt: 'Transaction (PSBT)', transaction: 'Signed transaction', wallet: 'Wallet', registration: 'Wallet registration', 'key-record': 'Public key record', key: 'Key file, encrypted', payments: 'Payments (CSV)',
};

/** "3 kB", for a size that nobody counts by. */
export const sizeWords = (bytes: number): string => (bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

/** What dropped files are for, by their names; `null` where they are of several kinds or of none. */
export function useOfDropped(files: readonly { readonly name: string }[], uses: FileUses): FileUses[KnownFileKind] {
  const kinds = new Set(files.map(({ name }) => knownFileKind(name)));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined && kind !== null ? uses[kind] : null;
}

/** How many files wait that were handed over; `undefined` where none do. */
export const handedFact = ({ list }: FilesState): string | undefined => (list === null || list.handed.length === 0 ? undefined : String(list.handed.length));
