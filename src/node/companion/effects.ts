import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ProofMemory } from '../../companion/proof/proof-memory.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { CompanionEffects } from '../../service/companion/effects.ts';
import type { BackupContents, LedgerWatch } from '../../service/companion/ledger-work.ts';
import { useNativeCurve } from '../shared/native-curve/use-native-curve.ts';
import { useNativeSha256 } from '../shared/native-sha256.ts';
import { openChainSource, type ChainSourceOptions } from './chain-sources.ts';
import { backupLedger, checkLedger, lookAtBackup, prepareRestore, type LedgerBackup } from './ledger-copies.ts';
import { nodeCareEffects } from './node-care-effects.ts';
import { openSqliteLedger } from './sqlite-ledger.ts';

export interface NodeCompanionOptions extends ChainSourceOptions {
  /** The ledger's file, or how to find it when it is first needed. Its folder must be there. */
  readonly ledgerFile: string | (() => string | Promise<string>);
  /** Where that file lies once it was begun; `ledgerFile` itself, where that is a path. */
  readonly ledgerPlace?: string;
  /** Where a node on this machine and this program hand files to each other; see `NodeCareOptions`. */
  readonly staging?: string;
}

/** The books' file as a whole, for a window that backs it up and restores it. */
export interface LedgerFile {
  /** The system's dialog has asked already whether a file of this name may be replaced. @throws as `backupLedger` */
  readonly backUp: (path: string, watch: LedgerWatch) => Promise<LedgerBackup>;
  /** @throws as `lookAtBackup` */
  readonly lookAt: (path: string, watch: LedgerWatch) => Promise<BackupContents>;
  /**
   * Puts a backup in the books' place, once it is known to be whole. Whoever works with the books at this moment is told that they were
   * replaced (`ledger.busy`).
   * @param sha256 of the bytes that a person was shown
   * @returns where the books that were there went, or `null`
   * @throws as `prepareRestore`
   */
  readonly restore: (path: string, sha256: string, watch: LedgerWatch) => Promise<string | null>;
}

/**
 * The Companion's effects on this machine, for the window and the command line alike.
 * @throws StrongroomError `curve.file-changed`, `curve.disagreement`
 */
export function nodeCompanionEffects(options: NodeCompanionOptions): CompanionEffects & { readonly close: () => Promise<void>; readonly ledgerFile: LedgerFile } {
  useNativeCurve();
  useNativeSha256();
  const proofs = new ProofMemory();
  let opened: Promise<Ledger> | null = null;
  const pathOf = async (): Promise<string> => (typeof options.ledgerFile === 'string' ? options.ledgerFile : options.ledgerFile());
  const open = async (): Promise<Ledger> => openSqliteLedger(await pathOf());
  const place = options.ledgerPlace ?? (typeof options.ledgerFile === 'string' ? options.ledgerFile : null);
  const ledger = (): Promise<Ledger> => {
    opened ??= open().catch((error: unknown) => {
      // Asked again, it is tried again: a full disk or another writer may be gone by then.
      opened = null;
      throw error;
    });
    return opened;
  };
  return {
    openChainSource: (node) => openChainSource(node, { proofs, ...options }),
    ledger,
    begunLedger: async () => (opened !== null || (place !== null && existsSync(place)) ? ledger() : null),
    async checkBooks(watch) {
      // Opened first: one that was left in the middle of a commit is put right, and one that is no ledger is named.
      await ledger();
      return checkLedger(await pathOf(), watch);
    },
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    ledgerFile: {
      backUp: async (path, watch) => backupLedger(await pathOf(), path, true, watch),
      lookAt: async (path, watch) => lookAtBackup(path, await pathOf(), watch),
      async restore(path, sha256, watch) {
        const prepared = await prepareRestore(path, await pathOf(), sha256, watch);
        const begun = await opened?.catch(() => null);
        // Nothing may come between these: who opened the books again would write to the file that is put aside.
        opened = null;
        begun?.close();
        return prepared.putInPlace(new Date().toISOString());
      },
    },
    care: nodeCareEffects({ ledgerPlace: place, staging: options.staging ?? null, ...(options.bitcoind === undefined ? {} : { rpc: options.bitcoind }) }),
    user: userName,
    now: () => new Date().toISOString(),
    close: async () => {
      const begun = await opened?.catch(() => null);
      opened = null;
      begun?.close();
    },
  };
}

/** Who is logged in. A user id that the system has no name for (in a container, say) is named by its number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
