import { csvLine } from '../payments/csv.ts';
import { changeOf, confirmationsAt } from './balance.ts';
import type { BookedTip, BookedTransaction, BookedWallet, EntryKind, EntryState } from './ledger.ts';

/** A line of the books, as people and programs read it. Amounts are decimal strings of satoshis. */
export interface LedgerLine {
  readonly txid: string;
  readonly walletId: string;
  readonly walletName: string;
  readonly kind: EntryKind;
  readonly changeSats: string;
  readonly feeSats: string | null;
  readonly height: number | null;
  readonly confirmations: number;
  readonly state: EntryState;
  readonly bookedAt: string;
  readonly references: string[];
}

/** The books line by line, oldest booking first; confirmations as of the last refresh. */
export function ledgerLines(transactions: readonly BookedTransaction[], wallets: readonly BookedWallet[], tips: readonly BookedTip[]): readonly LedgerLine[] {
  const walletById = new Map(wallets.map((wallet) => [wallet.walletId, wallet]));
  const tipOf = new Map(tips.map((tip) => [tip.network, tip.height]));
  return transactions.map((transaction) => {
    const wallet = walletById.get(transaction.walletId);
    return {
      txid: transaction.txid,
      walletId: transaction.walletId,
      walletName: wallet?.name ?? '',
      kind: transaction.kind,
      changeSats: String(changeOf(transaction)),
      feeSats: transaction.feeSats === null ? null : String(transaction.feeSats),
      height: transaction.height,
      confirmations: confirmationsAt(transaction, wallet === undefined ? null : (tipOf.get(wallet.network) ?? null)),
      state: transaction.state,
      bookedAt: transaction.bookedAt,
      references: [...transaction.references],
    };
  });
}

const COLUMNS = ['booked_at', 'txid', 'wallet_id', 'wallet', 'kind', 'state', 'change_sats', 'fee_sats', 'height', 'confirmations', 'references'] as const;

/** The books as CSV (RFC 4180, with a header); several references of one line are parted by "; ". */
export function ledgerCsv(lines: readonly LedgerLine[]): string {
  const rows = lines.map((line) => csvLine([
    line.bookedAt, line.txid, line.walletId, asText(line.walletName), line.kind, line.state, line.changeSats, line.feeSats ?? '',
    line.height === null ? '' : String(line.height), String(line.confirmations), asText(line.references.join('; ')),
  ]));
  return csvLine(COLUMNS) + rows.join('');
}

// SECURITY: a spreadsheet runs a text that begins like a formula; references come from outside (CWE-1236).
const asText = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

/** The books as JSON: an array of the lines, amounts as decimal strings. */
export const ledgerJson = (lines: readonly LedgerLine[]): string => `${JSON.stringify({ format: 'strongroom-ledger', version: 1, entries: lines }, null, 2)}\n`;
