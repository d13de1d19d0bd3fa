import { closePdf } from '../../companion/ledger/close-pages.ts';
import { closeFile, readCloseFile } from '../../companion/ledger/close-file.ts';
import type { AuditClass } from '../../companion/ledger/audit.ts';
import { toBase64 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { branchName } from '../shared/wallet-facts.ts';
import { auditSource, waitingTooLong } from './auditing.ts';
import { bookingWork, refreshBooks } from './books.ts';
import { usableStatus, withChain } from './chain-access.ts';
import { verifyClose } from './close-verification.ts';
import { periodReport } from './closing.ts';
import type { CompanionEffects } from './effects.ts';

type Core = Handlers<typeof companionCoreContract>;

/** What finance and auditors ask: whether the books agree with the chain, and what a period came to. */
export const periodHandlers = (effects: CompanionEffects): Pick<Core, 'ledger.audit' | 'ledger.close' | 'ledger.verify-close' | 'ledger.closes'> => ({
  'ledger.audit': async ({ wallet: text, node }, context) => {
    const wallet = parseWalletFile(text);
    const { walletId } = policyIdOf(wallet);
    const ledger = await effects.ledger();
    const found: Awaited<ReturnType<typeof auditSource>>[] = [];
    // Each source by itself: one that lies or lags is named by its own differences.
    for (const url of [node].flat()) found.push(await withChain(effects, url, ledger, (source) => auditSource(source, ledger, wallet, context)));
    const facts = found.map(({ height, blockHash, nodeSats, agrees, differences }) => ({
      height, blockHash, nodeSats: String(nodeSats), agrees,
      differences: differences.map(({ kind, outpoint, amountSats, class: reason, repair, place }) => ({
        kind, outpoint, amountSats: String(amountSats), class: reason as AuditClass, repair: { ...repair }, ...(place === undefined ? {} : { place: { branch: branchName(place.branch), index: place.index } }),
      })),
    }));
    const first = facts.find(({ agrees }) => !agrees) ?? (facts[0] as (typeof facts)[number]);
    const books = ledger.books.checkpoints(walletId)[0] ?? null;
    return {
      walletId,
      ledgerSats: String(found[0]?.ledgerSats ?? 0n),
      ...first,
      books: books === null ? null : { ...books },
      ...(facts.length === 1 ? {} : { sources: facts.map((fact, index) => ({ source: index + 1, ...fact })) }),
      waiting: waitingTooLong(ledger, walletId, first.height, effects.now()),
    };
  },

  'ledger.close': async ({ wallets: texts, node, from, to, paper = 'a4' }, context) => {
    const wallets = distinct(texts.map(parseWalletFile));
    const ledger = await effects.ledger();
    return withChain(effects, node, ledger, async (source) => {
      for (const wallet of wallets) await usableStatus(source, wallet.network);
      await refreshBooks(source, ledger, wallets, (wallets[0] as Wallet).network, effects.now(), bookingWork(effects, context));
      const report = await periodReport(source, ledger, wallets, from, to);
      const { document, content, sha256 } = closeFile(report);
      const pdf = closePdf(report, sha256, paper);
      if ((await source.blockHash(report.to.height)) !== report.to.hash) {
        throw new StrongroomError('ledger.period', 'The chain left the last block while the period was closed.', { reason: 'left-chain', to: report.to.height }, 'Close the period again.');
      }
      ledger.books.savePeriod({
        sha256, network: report.network, walletIds: report.wallets.map(({ walletId }) => walletId), fromHeight: report.from.height, to: report.to, previous: report.previous?.sha256 ?? null, closedAt: effects.now(),
        balances: report.wallets.map(({ walletId, openingSats, closingSats }) => ({ walletId, openingSats, closingSats })),
      });
      return {
        from: { ...report.from }, to: { ...report.to }, previous: report.previous?.sha256 ?? null,
        wallets: document.wallets.map(({ name, ...wallet }) => ({ ...wallet, walletName: name })),
        transactions: report.transactions.length, exceptions: report.exceptions.map((exception) => ({ ...exception })),
        content, sha256, pdfBase64: toBase64(pdf), suggestedName: `close-${report.from.height}-${report.to.height}-${sha256.slice(0, 8)}`,
      };
    });
  },

  'ledger.verify-close': async ({ content, wallets: texts, node, previous = null, watchTo = null }, context) => {
    const { document, sha256 } = readCloseFile(content);
    const before = previous === null ? null : readCloseFile(previous);
    const wallets = distinct(texts.map(parseWalletFile));
    return withChain(effects, node, null, async (source) => {
      await usableStatus(source, document.network);
      const { differences, transactions } = await verifyClose(source, document, wallets, context, watchTo === null ? undefined : { to: watchTo });
      const chain = before === null || before.sha256 === document.previous?.sha256 ? [] : [{ what: 'previous' as const, subject: 'sha256', stated: document.previous?.sha256 ?? null, found: before.sha256 }];
      const all = [...chain, ...differences];
      return { sha256, equal: all.length === 0, transactions, differences: all.map((difference) => ({ ...difference })) };
    });
  },

  'ledger.closes': async () => {
    const ledger = await effects.ledger();
    const names = new Map(ledger.wallets().map(({ walletId, name }) => [walletId, name]));
    return {
      periods: ledger.books.periods().map(({ sha256, fromHeight, to, previous, closedAt, balances }) => ({
        sha256, fromHeight, to: { ...to }, previous, closedAt,
        wallets: balances.map(({ walletId, openingSats, closingSats }) => ({ walletId, walletName: names.get(walletId) ?? '', openingSats: String(openingSats), closingSats: String(closingSats) })),
      })),
    };
  },
});

/** @throws StrongroomError `network.mismatch` */
function distinct(wallets: readonly Wallet[]): readonly Wallet[] {
  const [first] = wallets;
  for (const wallet of wallets) {
    if (wallet.network !== first?.network) throw new StrongroomError('network.mismatch', 'Wallets of several networks cannot be closed together.', { wallet: wallet.network }, 'Close each network by itself.');
  }
  return [...new Map(wallets.map((wallet) => [policyIdOf(wallet).walletId, wallet])).values()];
}
