import { sha256 } from '@noble/hashes/sha2.js';
import { nextFreeIndex, usedIndices } from '../../companion/ledger/addresses.ts';
import { balanceOf, confirmedUtxos } from '../../companion/ledger/balance.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { ChainWork } from '../../companion/chain-source.ts';
import { BACKUPS_PATH, BOOKS_PATH, bundleOfFiles, MANIFEST_PATH, readBundle, SETTINGS_PATH, writeBundle, type Manifest, type StandbyBundle } from '../../companion/standby/bundle.ts';
import { conflictsOf, orderOfBooks, type BooksOrder, type BooksSummary, type StandbyConflict } from '../../companion/standby/books-summary.ts';
import { readTar } from '../../companion/standby/tar.ts';
import { parseBase64, toBase64, toHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCommandContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { bookingWork, refreshBooks } from './books.ts';
import type { AgeKey } from './care-effects.ts';
import { reachingSource, usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';

type Commands = Handlers<typeof companionCommandContract>;

export const standbyHandlers = (effects: CompanionEffects): Pick<Commands, 'standby.export' | 'standby.verify'> => ({
  'standby.export': async ({ wallets, settings, lock }) => {
    const { care } = effects;
    const books = await care.books.copy();
    const summary = books === null ? null : await care.books.summarise(books);
    const { bytes, manifest } = writeBundle({ madeAt: effects.now(), tips: (summary?.tips ?? []).map((tip) => ({ ...tip })), wallets, books, settings, backups: await care.backupList.read() });
    const bundle = lock === null ? bytes : await care.encrypt(bytes, lock);
    return {
      bundleBase64: toBase64(bundle), sha256: toHex(sha256(bundle)), bytes: bundle.length,
      suggestedName: `standby-${manifest.madeAt.slice(0, 10)}.${lock === null ? 'tar' : 'tar.age'}`,
      madeAt: manifest.madeAt, ...listed(manifest), entries: summary?.entries ?? 0, encrypted: lock !== null,
    };
  },

  'standby.verify': async ({ bundleBase64, key, node }, context) => verify(effects, await openBundle(effects, bundleBase64, key), node, context),
});

/** What only the command line may: a window names no folders. */
export const standbyCommandHandlers = (effects: CompanionEffects): Pick<Commands, 'standby.import' | 'standby.verify-folder'> => ({
  'standby.import': async ({ bundleBase64, key, into, force }) => {
    const bundle = await openBundle(effects, bundleBase64, key);
    const { care } = effects;
    const folder = care.standbyFolder(into);
    const summary = bundle.books === null ? null : await care.books.summarise(bundle.books);
    const held = await folder.books();
    const own = held === null ? null : await care.books.summarise(held);
    const order: BooksOrder | 'first' = own === null ? 'first' : orderOfBooks(own, summary ?? nothing);
    const conflicts = own === null || summary === null || order !== 'diverged' ? [] : conflictsOf(own, summary);
    if (!force) requireNotOlder(order, conflicts);
    await folder.write([...bundle.files.filter(({ path }) => path !== MANIFEST_PATH), ...bundle.files.filter(({ path }) => path === MANIFEST_PATH)]);
    return { madeAt: bundle.madeAt, order, ...listed(bundle.manifest), entries: summary?.entries ?? 0, files: bundle.files.map(({ path }) => path), conflicts: conflicts.map((conflict) => ({ ...conflict })) };
  },

  'standby.verify-folder': async ({ folder: path, node }, context) => {
    const folder = effects.care.standbyFolder(path);
    const files = await folder.read();
    if (files === null) throw new StrongroomError('standby.malformed', 'There is no standby in this folder.', { part: 'manifest' }, 'Import a bundle into it first.');
    const bundle = bundleOfFiles(files, new Set([BOOKS_PATH, SETTINGS_PATH, BACKUPS_PATH]));
    return verify(effects, { ...bundle, books: await folder.books() }, node, context);
  },
});

const nothing: BooksSummary = { plans: [], intents: [], tips: [], entries: 0, rows: {} };

const listed = ({ wallets, tips }: Manifest) => ({ wallets: wallets.map(({ walletId, name }) => ({ walletId, name })), tips: tips.map((tip) => ({ ...tip })) });

async function openBundle({ care }: CompanionEffects, bundleBase64: string, key: AgeKey | null): Promise<StandbyBundle & { readonly files: ReturnType<typeof readTar> }> {
  const given = parseBase64(bundleBase64);
  const bytes = key === null ? given : await care.decrypt(given, key);
  return { ...readBundle(bytes), files: readTar(bytes) };
}

/** Newer books are not lost to older ones, and what two machines did without each other is not lost to either. */
function requireNotOlder(order: BooksOrder | 'first', conflicts: readonly StandbyConflict[]): void {
  if (order === 'older') {
    throw new StrongroomError('standby.older', 'The bundle is older than the books in that folder; they were left alone.', {}, 'Import the latest bundle. If the older one is meant, add --force: the books that are there stay beside it as ledger.db.previous.');
  }
  if (order !== 'diverged') return;
  const count = (side: 'own' | 'other'): number => conflicts.filter((conflict) => conflict.side === side).length;
  // Ids are of transactions and addresses by their place: nothing secret, and what people must settle.
  const named = conflicts.slice(0, 20).map(({ side, planId, reserved, addressTwice }) => `${side} ${planId.slice(0, 16)} ${reserved ?? '-'}${addressTwice ? ' TWICE' : ''}`).join('; ');
  throw new StrongroomError(
    'standby.conflict', 'Two machines planned without each other: the books in that folder and the bundle each have plans that the other lacks.',
    { own: count('own'), other: count('other'), addressesTwice: conflicts.some(({ addressTwice }) => addressTwice), plans: named },
    'Decide which machine goes on. Settle the other\'s plans first (send, or discard them), then import with --force. An address that both gave out may be paid twice: that loses nothing, and links the two payments.',
  );
}

/** A bundle's books against what a node says: brought up to date on the one side, made anew on the other. */
async function verify(effects: CompanionEffects, bundle: Pick<StandbyBundle, 'wallets' | 'books' | 'madeAt'>, url: string, work: ChainWork) {
  const { books } = effects.care;
  const wallets = bundle.wallets.map((text) => parseWalletFile(text));
  return withChain(effects, url, null, async (source) => {
    const { network } = await source.status();
    const served = wallets.filter((wallet) => wallet.network === network);
    if (served.length === 0) throw new StrongroomError('network.mismatch', `The bundle has no wallet of the node's network (${network}).`, { node: network }, 'Use a node of the wallets\' network.');
    for (const wallet of served) await usableStatus(source, wallet.network);
    const refresh = (held: Uint8Array | null, reach: ReadonlyMap<string, number>) => books.withCopy(held, async (ledger) => {
      // New books look as far as the bundle's, or they would miss what was paid far out.
      for (const [walletId, to] of reach) ledger.saveWatchedTo(walletId, to, effects.now());
      const { status } = await refreshBooks(reachingSource(source, ledger), ledger, served, network, effects.now(), bookingWork(effects, work));
      const ids = served.map((wallet) => policyIdOf(wallet).walletId);
      return { height: status.height, seen: served.map((wallet) => viewOf(ledger, wallet)), reach: new Map(ids.map((walletId) => [walletId, ledger.watchedTo(walletId)] as const).filter(([, to]) => to >= 0)) };
    });
    const fromBooks = await refresh(bundle.books, new Map());
    const fromNode = await refresh(null, fromBooks.reach);
    const reports = served.map((wallet, index) => {
      const own = fromBooks.seen[index] as BookedView;
      const node = fromNode.seen[index] as BookedView;
      const differences = (['balance', 'entries', 'outputs', 'next-address'] as const).filter((name) => own[name] !== node[name]);
      return { walletId: own.walletId, name: wallet.name, agrees: differences.length === 0, confirmedSats: own.balance, nodeSats: node.balance, nextReceive: own.nextReceive, differences };
    });
    const own = await books.copy();
    const conflicts = own === null || bundle.books === null ? [] : conflictsBetween(await books.summarise(own), await books.summarise(bundle.books));
    return { agrees: reports.every(({ agrees }) => agrees), madeAt: bundle.madeAt, height: fromNode.height, wallets: reports, conflicts: conflicts.map((conflict) => ({ ...conflict })) };
  });
}

const conflictsBetween = (own: BooksSummary, other: BooksSummary): readonly StandbyConflict[] => (orderOfBooks(own, other) === 'diverged' ? conflictsOf(own, other) : []);

interface BookedView {
  readonly walletId: string;
  readonly balance: string;
  readonly entries: string;
  readonly outputs: string;
  /** The next address after all that were paid, on both branches. */
  readonly 'next-address': string;
  /** The next that would be offered: past those that plans hold. */
  readonly nextReceive: string;
}

function viewOf(ledger: Ledger, wallet: Wallet): BookedView {
  const { walletId } = policyIdOf(wallet);
  const transactions = ledger.transactions(walletId);
  const deriver = createAddressDeriver(wallet);
  const sorted = (lines: readonly string[]): string => [...lines].sort().join('\n');
  const highest = (branch: 0 | 1): number => [...usedIndices(transactions.filter(({ live }) => live), branch)].reduce((most, index) => Math.max(most, index), -1);
  return {
    walletId,
    balance: String(balanceOf(transactions).confirmedSats),
    entries: sorted(transactions.filter(({ state }) => state === 'confirmed').map(({ txid, height }) => `${txid} ${height}`)),
    outputs: sorted(confirmedUtxos(transactions).map(({ outpoint, amountSats }) => `${outpoint} ${amountSats}`)),
    'next-address': ([0, 1] as const).map((branch) => deriver.derive(branch, highest(branch) + 1).address).join(' '),
    nextReceive: deriver.derive(0, nextFreeIndex(usedIndices(transactions, 0), ledger.reservations(walletId, 0), [])).address,
  };
}
