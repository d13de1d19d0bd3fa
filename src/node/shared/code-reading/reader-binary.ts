import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * The code reader's WebAssembly. From source it is the package's own file; the build puts the same bytes into the bundle in
 * place of this module (scripts/lib/bundles.mjs).
 */
export const readerBinary = (): Uint8Array => new Uint8Array(readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')));
