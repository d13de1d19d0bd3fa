import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ProofMemory } from '../../companion/proof/proof-memory.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { CompanionEffects } from '../../service/companion/effects.ts';
import { useNativeCurve } from '../shared/native-curve/use-native-curve.ts';
import { useNativeSha256 } from '../shared/native-sha256.ts';
import { openChainSource, type ChainSourceOptions } from './chain-sources.ts';
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

/**
 * The Companion's effects on this machine, for the window and the command line alike.
 * @throws StrongroomError `curve.file-changed`, `curve.disagreement`
 */
export function nodeCompanionEffects(options: NodeCompanionOptions): CompanionEffects & { readonly close: () => Promise<void> } {
  useNativeCurve();
  useNativeSha256();
  const proofs = new ProofMemory();
  let opened: Promise<Ledger> | null = null;
  const open = async (): Promise<Ledger> => openSqliteLedger(typeof options.ledgerFile === 'string' ? options.ledgerFile : await options.ledgerFile());
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
