import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { utf8 as utf8Codec } from '@scure/base';
import { utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { CareEffects, KeptText } from '../../service/companion/care-effects.ts';
import { writeFileAtomically } from '../shared/atomic-file.ts';
import { writeError } from '../shared/file-fault.ts';
import { readInputFile } from '../shared/input-file.ts';
import type { RpcSettings } from './bitcoind/rpc-client.ts';
import { decryptWithAge, encryptWithAge } from './node-care-age.ts';
import { withPrivateFolder } from './node-care-folder.ts';
import { openCareNode } from './node-care-node.ts';
import { standbyBooks } from './standby-books.ts';
import { openStandbyFolder } from './standby-folder.ts';

export interface NodeCareOptions {
  /** Where the ledger lies, or would; the list of backups is beside it. `null` where nobody said. */
  readonly ledgerPlace: string | null;
  /** A folder that this program and the node may both write to; memory or the system's temporary folder where it is `null`. */
  readonly staging: string | null;
  readonly rpc?: RpcSettings;
}

/** The effects of node care and the standby on this machine. */
export const nodeCareEffects = ({ ledgerPlace, staging, rpc }: NodeCareOptions): CareEffects => ({
  openNode: (url) => openCareNode(url, rpc),
  withPrivateFolder: (work) => withPrivateFolder(staging, work),
  encrypt: encryptWithAge,
  decrypt: decryptWithAge,
  random: (length) => Uint8Array.from(randomBytes(length)),
  backupList: keptText(ledgerPlace === null ? null : join(dirname(ledgerPlace), 'backups.json')),
  books: standbyBooks(ledgerPlace),
  standbyFolder: openStandbyFolder,
});

function keptText(path: string | null): KeptText {
  return {
    async read() {
      if (path === null) return null;
      try {
        return utf8Codec.encode(await readInputFile(path, { maxBytes: 4_194_304 }));
      } catch (fault) {
        if (fault instanceof StrongroomError && fault.code === 'file.not-found') return null;
        throw fault;
      }
    },
    async write(text) {
      if (path === null) throw new StrongroomError('file.not-found', 'Nobody said where the Companion keeps its data.', { name: 'backups.json' }, 'Name the ledger with --db.');
      await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((fault: unknown) => { throw writeError(path, fault); });
      await writeFileAtomically(path, utf8(text), { overwrite: true });
    },
  };
}
