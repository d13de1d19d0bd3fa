import { csvLine } from '../payments/csv.ts';
import { confirmationsAt } from './balance.ts';
import type { ListedEntry } from './book-store.ts';
import type { BookedTip, BookedWallet, EntryKind, EntryState } from './ledger.ts';

/** A line of the books, as people and programs read it. Amounts are decimal strings of satoshis. */
export interface LedgerLine {
  readonly txid: string;
  readonly walletId: string;
  readonly walletName: string;
  readonly kind: EntryKind;
  readonly changeSats: string;
  readonly feeSats: string | null;
  readonly height: number | null;
  readonly blockHash?: string;
  readonly confirmations: number;
  readonly state: EntryState;
  readonly bookedAt: string;
  readonly references: string[];
  readonly costCodes: string[];
}

/** The books line by line, in the order given; confirmations as of the last refresh. */
export function ledgerLines(entries: readonly ListedEntry[], wallets: readonly BookedWallet[], tips: readonly BookedTip[]): readonly LedgerLine[] {
  const walletById = new Map(wallets.map((wallet) => [wallet.walletId, wallet]));
  const tipOf = new Map(tips.map((tip) => [tip.network, tip.height]));
  return entries.map((entry) => {
    const wallet = walletById.get(entry.walletId);
    return {
      txid: entry.txid,
      walletId: entry.walletId,
      walletName: wallet?.name ?? '',
      kind: entry.kind,
      changeSats: String(entry.changeSats),
      feeSats: entry.feeSats === null ? null : String(entry.feeSats),
      height: entry.height,
      ...(entry.blockHash === undefined ? {} : { blockHash: entry.blockHash }),
      confirmations: confirmationsAt(entry, wallet === undefined ? null : (tipOf.get(wallet.network) ?? null)),
      state: entry.state,
      bookedAt: entry.bookedAt,
      references: [...entry.references],
      costCodes: [...entry.costCodes],
    };
  });
}

const COLUMNS = ['booked_at', 'txid', 'wallet_id', 'wallet', 'kind', 'state', 'change_sats', 'fee_sats', 'height', 'confirmations', 'references', 'cost_codes'] as const;

/** Which part of a document is written: the first begins it, the last ends it. */
export interface DocumentPart {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}
const whole: DocumentPart = { isFirst: true, isLast: true };

/** The books as CSV (RFC 4180, with a header); several references or cost codes of one line are parted by "; ". */
export function ledgerCsv(lines: readonly LedgerLine[], { isFirst }: DocumentPart = whole): string {
  const rows = lines.map((line) => csvLine([
    line.bookedAt, line.txid, line.walletId, asText(line.walletName), line.kind, line.state, line.changeSats, line.feeSats ?? '',
    line.height === null ? '' : String(line.height), String(line.confirmations), asText(line.references.join('; ')), asText(line.costCodes.join('; ')),
  ]));
  return (isFirst ? csvLine(COLUMNS) : '') + rows.join('');
}

// SECURITY: a spreadsheet runs a text that begins like a formula; references come from outside (CWE-1236).
const asText = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

/** The books as JSON: an array of the lines, amounts as decimal strings. */
export function ledgerJson(lines: readonly LedgerLine[], { isFirst, isLast }: DocumentPart = whole): string {
  const items = lines.map((line) => JSON.stringify(line, null, 2).replaceAll('\n', '\n    ')).join(',\n    ');
  const isEmpty = items === '';
  const head = isFirst ? `{\n  "format": "strongroom-ledger",\n  "version": 1,\n  "entries": [${isEmpty ? '' : '\n    '}` : isEmpty ? '' : ',\n    ';
  const tail = isLast ? `${isFirst && isEmpty ? '' : '\n  '}]\n}\n` : '';
  return head + items + tail;
}
