import { auditOutputs } from '../../companion/ledger/audit.ts';
import { confirmedUtxos } from '../../companion/ledger/balance.ts';
import { ledgerCsv, ledgerJson, ledgerLines } from '../../companion/ledger/entries.ts';
import { readTransactionFile } from '../../companion/transaction-file.ts';
import { parseBase64 } from '../../domain/bytes.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { bookedBalances, refreshBooks } from './books.ts';
import { sendOnce } from './broadcasting.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';

type Core = Handlers<typeof companionCoreContract>;
type LedgerHandlers = Pick<Core, 'tx.broadcast' | 'ledger.refresh' | 'ledger.list' | 'ledger.export' | 'ledger.audit'>;

export const ledgerHandlers = (effects: CompanionEffects): LedgerHandlers => ({
  'tx.broadcast': async ({ transactionFileBase64, node, wallets: texts, references }, context) => {
    const transaction = readTransactionFile(parseBase64(transactionFileBase64));
    const wallets = texts.map(parseWalletFile);
    const ledger = await effects.ledger();
    return withChain(effects, node, async (source) => {
      const { network } = await source.status();
      for (const wallet of wallets) await usableStatus(source, wallet.network);
      await sendOnce(source, ledger, network, transaction, references, effects.now());
      // It is sent: that the books could not be brought up to date now must not look like a failure to send. The intent is
      // booked, and the next refresh finds the transaction.
      await refreshBooks(source, ledger, wallets, network, effects.now(), context).catch((error: unknown) => {
        if (!(error instanceof StrongroomError)) throw error;
      });
      return { txid: transaction.txid };
    });
  },

  'ledger.refresh': async ({ wallets: texts, node }, context) => {
    const wallets = texts.map(parseWalletFile);
    const ledger = await effects.ledger();
    return withChain(effects, node, async (source) => {
      const { network } = await source.status();
      for (const wallet of wallets) await usableStatus(source, wallet.network);
      const { status, entries, unsent } = await refreshBooks(source, ledger, wallets, network, effects.now(), context);
      const ids = new Set(wallets.map((wallet) => policyIdOf(wallet).walletId));
      return { height: status.height, balances: bookedBalances(ledger, ledger.wallets().filter((wallet) => ids.has(wallet.walletId))), entries, unsent: [...unsent] };
    });
  },

  'ledger.list': async ({ walletId }) => {
    const ledger = await effects.ledger();
    const wallets = ledger.wallets().filter((wallet) => walletId === null || wallet.walletId === walletId);
    return { entries: [...ledgerLines(ledger.transactions(walletId), wallets, ledger.tips())], balances: bookedBalances(ledger, wallets) };
  },

  'ledger.export': async ({ format }) => {
    const ledger = await effects.ledger();
    const lines = ledgerLines(ledger.transactions(null), ledger.wallets(), ledger.tips());
    const content = format === 'csv' ? ledgerCsv(lines) : ledgerJson(lines);
    return { content, suggestedName: `ledger-${effects.now().slice(0, 10)}.${format}`, entries: lines.length };
  },

  'ledger.audit': async ({ wallet: text, node }, context) => {
    const wallet = parseWalletFile(text);
    const { walletId } = policyIdOf(wallet);
    const ledger = await effects.ledger();
    return withChain(effects, node, async (source) => {
      await usableStatus(source, wallet.network);
      const scan = await source.scanUtxoSet(wallet, context);
      const held = scan.utxos.map((utxo) => ({ outpoint: formatOutpoint(utxo), amountSats: utxo.amountSats }));
      const { ledgerSats, nodeSats, agrees, differences } = auditOutputs(confirmedUtxos(ledger.transactions(walletId)), held);
      return {
        walletId,
        height: scan.height,
        ledgerSats: String(ledgerSats),
        nodeSats: String(nodeSats),
        agrees,
        differences: differences.map(({ kind, outpoint, amountSats }) => ({ kind, outpoint, amountSats: String(amountSats) })),
      };
    });
  },
});
