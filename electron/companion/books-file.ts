import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import type { companionCoreContract } from '../../src/host/companion-contract.ts';
import type { Handlers } from '../../src/host/contract.ts';
import type { booksFileContract } from '../../src/host/ledger-wire.ts';
import type { nodeCompanionEffects } from '../../src/node/companion/effects.ts';
import { writeStreamed } from '../../src/node/companion/streamed-file.ts';
import type { BooksFacts } from '../../src/service/companion/ledger-work.ts';
import { chosenPath, chosenSavePath, type LargeFile } from '../shell/file-dialogs.ts';
import type { Shell } from '../shell/start-edition.ts';

type BooksFile = Handlers<typeof booksFileContract>;
type Effects = ReturnType<typeof nodeCompanionEffects>;
type ExportPart = Handlers<typeof companionCoreContract>['ledger.export'];

const backups: LargeFile = { name: 'Backups of the books', extensions: ['db'] };
const documents: LargeFile = { name: 'Books', extensions: ['csv', 'json'] };
/** Entries that are written out between two looks at everything else that waits: about a tenth of a second. */
const EXPORTED_AT_ONCE = 1_000;

/** The books' file as the window asks for it: whole documents, backups and restores, by the system's dialogs. */
export function booksFileHandlers(shell: Shell, effects: Effects, exportPart: ExportPart): BooksFile {
  const chosen = new Map<string, { readonly path: string; readonly sha256: string }>();
  return {
    async 'books.export'({ format }, context) {
      const day = effects.now().slice(0, 10);
      const path = await chosenSavePath(shell, { ...documents, extensions: [format] }, `ledger-${day}.${format}`);
      if (path === null) return { savedAs: null, entries: 0 };
      const total = Math.max(1, (await effects.ledger()).books.count(null));
      const beganMs = performance.now();
      let entries = 0;
      const parts = async function* (): AsyncGenerator<string> {
        for (let after: string | null = null; ; ) {
          const part: Awaited<ReturnType<ExportPart>> = await exportPart({ format, after, limit: EXPORTED_AT_ONCE }, context);
          entries += part.entries;
          yield part.content;
          if (part.next == null) return;
          after = part.next;
          if (context.isCancelled()) throw new StrongroomError('host.cancelled', 'The export was stopped.', {}, 'Nothing of it was left. Begin again when you are ready.');
          const fraction = Math.min(1, entries / total);
          const elapsedMs = performance.now() - beganMs;
          context.progress({ fraction, activity: 'Writing the books', ...(elapsedMs < 1_000 ? {} : { remainingSeconds: Math.ceil((elapsedMs / fraction) * (1 - fraction) / 1_000) }) });
          await effects.pause?.();
        }
      };
      await writeStreamed(path, parts(), true);
      return { savedAs: path, entries };
    },

    async 'books.back-up'(_, context) {
      const path = await chosenSavePath(shell, backups, `ledger-backup-${effects.now().slice(0, 10)}.db`);
      if (path === null) return { saved: null };
      // Begun, where they never were: a backup of empty books is one too.
      await effects.ledger();
      const { sha256, bytes } = await effects.ledgerFile.backUp(path, context);
      return { saved: { savedAs: path, sha256, bytes } };
    },

    async 'books.choose-backup'(_, context) {
      const path = await chosenPath(shell, backups);
      const present = await presentFacts(effects);
      if (path === null) return { chosen: null, present };
      const { sha256, bytes, hasChecksum, ...facts } = await effects.ledgerFile.lookAt(path, context);
      const backup = randomBytes(16).toString('hex');
      // One at a time: what a person looked at last is what is restored.
      chosen.clear();
      chosen.set(backup, { path, sha256 });
      return { chosen: { backup, name: basename(path), bytes, sha256, hasChecksum, holds: onWire(facts) }, present };
    },

    async 'books.restore'({ backup }, context) {
      const found = chosen.get(backup);
      if (found === undefined) throw new StrongroomError('file.not-found', 'No backup was chosen.', {}, 'Choose the backup again.');
      const keptAs = await effects.ledgerFile.restore(found.path, found.sha256, context);
      chosen.clear();
      return { keptAs: keptAs === null ? null : basename(keptAs) };
    },
  };
}

/** What the books hold now; `null` where they cannot be read. */
async function presentFacts(effects: Effects): Promise<ReturnType<typeof onWire> | null> {
  try {
    const ledger = await effects.ledger();
    const { books } = ledger;
    const balances = ledger.wallets().map(({ walletId, name }) => ({ walletId, walletName: name, ...books.balance(walletId) }));
    const [last] = books.page({ limit: 1, newestFirst: true }).entries;
    return onWire({ entries: books.count(null), lastBookedAt: last?.bookedAt ?? null, closes: books.periods().length, tips: ledger.tips(), balances });
  } catch (fault) {
    if (fault instanceof StrongroomError && fault.code === 'ledger.malformed') return null;
    throw fault;
  }
}

const onWire = ({ entries, lastBookedAt, closes, tips, balances }: BooksFacts) => ({
  entries, lastBookedAt, closes, tips: tips.map(({ network, height, refreshedAt }) => ({ network, height, refreshedAt })),
  balances: balances.map(({ confirmedSats, unconfirmedSats, ...wallet }) => ({ ...wallet, confirmedSats: String(confirmedSats), unconfirmedSats: String(unconfirmedSats) })),
});
