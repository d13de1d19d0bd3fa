import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { CompanionEffects } from '../../service/companion/effects.ts';
import { openChainSource, type ChainSourceOptions } from './chain-sources.ts';
import { openSqliteLedger } from './sqlite-ledger.ts';

export interface NodeCompanionOptions extends ChainSourceOptions {
  /** The ledger's file, or how to find it when it is first needed. Its folder must be there. */
  readonly ledgerFile: string | (() => string | Promise<string>);
}

/** The Companion's effects on this machine, for the window and the command line alike. */
export function nodeCompanionEffects(options: NodeCompanionOptions): CompanionEffects & { readonly close: () => Promise<void> } {
  let opened: Promise<Ledger> | null = null;
  const open = async (): Promise<Ledger> => openSqliteLedger(typeof options.ledgerFile === 'string' ? options.ledgerFile : await options.ledgerFile());
  return {
    openChainSource: (url) => openChainSource(url, options),
    ledger: () => {
      opened ??= open().catch((error: unknown) => {
        // Asked again, it is tried again: a full disk or another writer may be gone by then.
        opened = null;
        throw error;
      });
      return opened;
    },
    now: () => new Date().toISOString(),
    close: async () => {
      const ledger = await opened?.catch(() => null);
      opened = null;
      ledger?.close();
    },
  };
}
