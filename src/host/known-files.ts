/** What user interfaces may know of files: they import no values of the core but by this zone. */
export { knownFileKind, type KnownFileKind } from '../domain/known-file.ts';
