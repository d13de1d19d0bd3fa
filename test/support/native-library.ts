import { resolve } from 'node:path';
import { nativeLibraries } from '../../scripts/lib/bundles.mjs';
import { openLibrary, type LibraryPlace } from '../../src/node/shared/native-curve/open-library.ts';
import { pinnedFiles, type PinnedFile } from '../../src/node/shared/native-curve/pinned-files.ts';

/** The prebuilt libraries as their package has them, by system. */
export const libraryPlaces: readonly (LibraryPlace & { readonly system: string })[] = Object.entries(pinnedFiles).map(([system, pinned]: [string, PinnedFile]) => ({
  system,
  file: resolve(nativeLibraries[`secp256k1-${system}.node`] ?? ''),
  pinned,
}));

/** The one of this system; `undefined` where there is none, and the curve is WebAssembly. */
export const libraryHere = libraryPlaces.find(({ system }) => system === `${process.platform}-${process.arch}`);

/** What a test's name says where it cannot run. */
export const notRunHere = libraryHere === undefined ? ' (NOT RUN: no native library for this system)' : '';

/** The library of this system, opened; for tests that `notRunHere` stands over. */
export function openedLibrary(): object {
  const library = libraryHere === undefined ? null : openLibrary(libraryHere);
  if (library === null) throw new Error('the native library of this system does not load');
  return library;
}
