import { join } from 'node:path';
import { inRoot } from './paths.mjs';

/** What of dist/<edition>/ goes into the application. The command-line program is a file of its own beside it. */
export const packagedFiles = ['package.json', 'main.cjs', 'preload.cjs', 'renderer'];
/** The one file that lies beside the archive and not in it, by its path in dist/<edition>/ and in `app.asar.unpacked`. */
export const packagedLibrary = `native/secp256k1-${process.platform}-${process.arch}.node`;
/** What one edition's application has besides: both read pictures in a worker; the Signer signs in a process of its own, the Companion goes through its books in a thread. */
export const packagedBesides = { signer: ['code-worker.cjs', 'signing-process.cjs'], companion: ['code-worker.cjs', 'ledger-thread.cjs'] };

const productNames = { signer: 'strongroom-signer', companion: 'strongroom-companion' };

/** Where `npm run package` puts an edition on this system. */
export const packagedFolder = (edition) => inRoot('release', edition, 'linux-unpacked');
export const packagedExecutable = (edition) => join(packagedFolder(edition), productNames[edition]);
export const packagedArchive = (edition) => join(packagedFolder(edition), 'resources/app.asar');
