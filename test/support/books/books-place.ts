import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChainSource } from '../../../src/companion/chain-source.ts';
import type { Ledger } from '../../../src/companion/ledger/ledger.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';
import { ledgerHandlers } from '../../../src/service/companion/ledger-handlers.ts';
import { periodHandlers } from '../../../src/service/companion/period-handlers.ts';
import { walletHandlers } from '../../../src/service/companion/wallet-handlers.ts';
import { formatWalletFile } from '../../../src/wallet/dialects/strongroom.ts';
import type { ChainDriver } from '../peers/chain-driver.ts';
import { coldKeys, type ColdKeys } from '../peers/cold-keys.ts';
import { work } from './random-life.ts';

/** Books in a folder of their own over a chain, asked as the window and the command line ask. */
export interface BooksPlace {
  readonly ledger: Ledger;
  readonly handlers: ReturnType<typeof ledgerHandlers> & ReturnType<typeof periodHandlers> & Pick<ReturnType<typeof walletHandlers>, 'wallet.widen'>;
  readonly folder: string;
  /** The time that the books take for now. */
  now: string;
  /** What `node` names; a test may put another source in its place. */
  readonly sources: Map<string, ChainSource>;
  openAnew: (() => Promise<ChainSource>) | null;
  readonly context: typeof work;
  wallet(number: number): ColdKeys & { readonly file: string };
  refresh(...wallets: readonly { readonly file: string }[]): Promise<void>;
  audit(wallet: { readonly file: string }, node?: string): Promise<Awaited<ReturnType<ReturnType<typeof periodHandlers>['ledger.audit']>>>;
  widen(wallet: { readonly file: string }, to: number, node?: string): Promise<Awaited<ReturnType<ReturnType<typeof walletHandlers>['wallet.widen']>>>;
  close(): void;
}

/** @param openAnew opens a source for each step that names `node`, where the driver's own is not to be asked */
export function booksPlace(driver: ChainDriver, openAnew: (() => Promise<ChainSource>) | null = null): BooksPlace {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-books-'));
  const ledger = openSqliteLedger(join(folder, 'ledger.db'));
  const sources = new Map<string, ChainSource>([['node', driver.source]]);
  const effects = {
    openChainSource: async (url: string) => (url === 'node' && place.openAnew !== null ? place.openAnew() : { ...(sources.get(url) as ChainSource), close: async () => undefined }),
    ledger: async () => ledger, begunLedger: async () => ledger, now: () => place.now, user: () => 'anna',
  } as Parameters<typeof ledgerHandlers>[0];
  const place: BooksPlace = {
    ledger, folder, sources, openAnew, context: work, now: '2026-11-23T12:00:00.000Z',
    handlers: { ...ledgerHandlers(effects), ...periodHandlers(effects), ...walletHandlers(effects) },
    wallet: (number) => {
      const keys = coldKeys(driver.network, number);
      return { ...keys, file: formatWalletFile(keys.wallet) };
    },
    refresh: async (...wallets) => void (await place.handlers['ledger.refresh']({ wallets: wallets.map(({ file }) => file), node: 'node' }, work)),
    audit: async (wallet, node = 'node') => place.handlers['ledger.audit']({ wallet: wallet.file, node }, work),
    widen: async (wallet, to, node = 'node') => place.handlers['wallet.widen']({ wallet: wallet.file, node, to }, work),
    close: () => {
      ledger.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return place;
}

