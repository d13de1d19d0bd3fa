import { ledgerCsv, ledgerJson, ledgerLines } from '../../companion/ledger/entries.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { readTransactionFile } from '../../companion/transaction-file.ts';
import { parseBase64 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { bookedBalances, bookingWork, refreshBooks, unfinishedOf } from './books.ts';
import { sendOnce } from './broadcasting.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';

type Core = Handlers<typeof companionCoreContract>;
type LedgerHandlers = Pick<Core, 'tx.broadcast' | 'ledger.refresh' | 'ledger.list' | 'ledger.export' | 'ledger.annotate' | 'ledger.show' | 'ledger.check'>;

export const ledgerHandlers = (effects: CompanionEffects): LedgerHandlers => ({
  'tx.broadcast': async ({ transactionFileBase64, node, wallets: texts, references }, context) => {
    const wallets = texts.map(parseWalletFile);
    const transaction = readTransactionFile(parseBase64(transactionFileBase64), wallets[0]?.network);
    const ledger = await effects.ledger();
    return withChain(effects, node, ledger, async (source) => {
      const { network } = await source.status();
      for (const wallet of wallets) await usableStatus(source, wallet.network);
      await sendOnce(source, ledger, network, transaction, references, effects.now());
      // It is sent: that the books could not be brought up to date now must not look like a failure to send. The intent is
      // booked, and the next refresh finds the transaction.
      await refreshBooks(source, ledger, wallets, network, effects.now(), bookingWork(effects, context)).catch((error: unknown) => {
        if (!(error instanceof StrongroomError)) throw error;
      });
      return { txid: transaction.txid };
    });
  },

  'ledger.refresh': async ({ wallets: texts, node }, context) => {
    const wallets = texts.map(parseWalletFile);
    const ledger = await effects.ledger();
    return withChain(effects, node, ledger, async (source) => {
      const { network } = await source.status();
      for (const wallet of wallets) await usableStatus(source, wallet.network);
      const { status, entries, unsent } = await refreshBooks(source, ledger, wallets, network, effects.now(), bookingWork(effects, context));
      const ids = new Set(wallets.map((wallet) => policyIdOf(wallet).walletId));
      return { height: status.height, balances: bookedBalances(ledger, ledger.wallets().filter((wallet) => ids.has(wallet.walletId))), entries, unsent: [...unsent] };
    });
  },

  'ledger.list': async ({ limit = DEFAULT_PAGE, ...query }) => {
    const ledger = await effects.ledger();
    const wallets = ledger.wallets().filter((wallet) => query.walletId === null || wallet.walletId === query.walletId);
    const { entries, next } = ledger.books.page({ ...query, limit });
    return { entries: [...ledgerLines(entries, wallets, ledger.tips())], balances: bookedBalances(ledger, wallets), more: next !== null, next, ...unfinishedOf(ledger, wallets) };
  },

  'ledger.export': async ({ format, limit = EXPORTED_AT_ONCE, ...query }) => {
    const ledger = await effects.ledger();
    const { entries, next } = ledger.books.page({ ...query, limit });
    const lines = ledgerLines(entries, ledger.wallets(), ledger.tips());
    const part = { isFirst: query.after == null, isLast: next === null };
    return { content: format === 'csv' ? ledgerCsv(lines, part) : ledgerJson(lines, part), suggestedName: `ledger-${effects.now().slice(0, 10)}.${format}`, entries: lines.length, next };
  },

  'ledger.annotate': async ({ txid, vout = null, by, ...note }) => {
    const ledger = await effects.ledger();
    const booked = ledger.wallets().flatMap(({ walletId }) => ledger.books.entry(walletId, txid) ?? []);
    if (booked.length === 0) throw new StrongroomError('ledger.unknown-entry', 'The ledger holds no such transaction.', { txid }, 'Refresh the ledger, or check the transaction id.');
    const who = (by ?? '').trim() === '' ? (effects.user?.() ?? 'unknown') : (by as string).trim();
    const now = effects.now();
    ledger.atomically(() => {
      for (const [field, text] of [['reference', note.reference], ['cost-code', note.costCode]] as const) {
        if (text !== undefined) ledger.books.annotate({ txid, vout, field, text: (text ?? '').trim() === '' ? null : (text as string).trim() }, who, now);
      }
    });
    return notesOf(ledger, txid);
  },

  'ledger.show': async ({ txid }) => {
    const ledger = await effects.ledger();
    const wallets = ledger.wallets();
    const { entries } = ledger.books.page({ text: txid, limit: 100 });
    const ofTransaction = entries.filter((entry) => entry.txid === txid);
    if (ofTransaction.length === 0) throw new StrongroomError('ledger.unknown-entry', 'The ledger holds no such transaction.', { txid }, 'Refresh the ledger, or check the transaction id.');
    return {
      entries: [...ledgerLines(ofTransaction, wallets, ledger.tips())],
      ...notesOf(ledger, txid),
      journal: ledger.books.journal(txid).map(({ event, height, blockHash, bookedAt, postings }) => ({
        event, height, blockHash, bookedAt, postings: postings.map(({ account, layer, amountSats }) => ({ account, layer, amountSats: String(amountSats) })),
      })),
    };
  },

  'ledger.check': async (_, context) => {
    const { faults, entries } = effects.checkBooks === undefined ? checkHere(await effects.ledger()) : await effects.checkBooks(context);
    return { whole: faults.length === 0, entries, faults: faults.map((fault) => ({ ...fault })) };
  },
});

function checkHere({ books }: Ledger): Awaited<ReturnType<NonNullable<CompanionEffects['checkBooks']>>> {
  const faults = books.check();
  return { faults, entries: faults.some(({ code }) => code === 'database') ? 0 : books.count(null) };
}

const notesOf = (ledger: Ledger, txid: string) => {
  const { notes, changes } = ledger.books.annotations(txid);
  return { notes: notes.map((note) => ({ ...note })), changes: changes.map((change) => ({ ...change })) };
};

/** How many lines a list and a part of a document have where nothing else is asked for. */
const DEFAULT_PAGE = 1_000;
const EXPORTED_AT_ONCE = 10_000;
