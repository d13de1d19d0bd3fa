import { formatBtc } from '../../domain/amount.ts';
import { chainParameters } from '../../domain/network.ts';
import { isPrintable, widthOf, wrap, type Style } from '../../paper/face.ts';
import { baselineIn, CONTENT_WIDTH_MM, horizontal, HAIRLINE_MM, leading, RULE_MM, styles, textItem } from '../../paper/layout/piece.ts';
import { isTestNetwork } from '../../paper/layout/frame.ts';
import { paperSizes, type Page, type PageItem, type PaperSize } from '../../paper/page.ts';
import { pdfOf } from '../../paper/pdf.ts';
import type { CloseReport, PeriodExceptionCode, PeriodTransaction } from './period.ts';

/** More than these are in the JSON file only: a person does not read a thousand pages, and the hash binds the list. */
const MOST_PRINTED = 10_000;
const TOP_MM = 20;
const FOOTER_MM = 16;

const exceptionWords: Readonly<Record<PeriodExceptionCode, string>> = {
  'previous-left-chain': 'The block of the close before is no longer in the chain',
  'changed-after-close': 'Booked in a closed block after it was closed',
  'note-changed-after-close': 'A note on a closed transaction was changed',
  'opening-differs': 'The opening balance is not what the close before ended with',
  'unplanned-payment': 'Money left that was not planned here',
  'fee-unknown': 'Spends outputs of others too; its fee is not known',
  waiting: 'Waited in no block when the period was closed',
  shallow: 'The last block had few blocks on top',
};

/** Exceptions whose detail is an amount. */
const amountCodes: ReadonlySet<PeriodExceptionCode> = new Set(['unplanned-payment', 'waiting']);

/** A close on paper: balances, sums, exceptions, transactions. The hash names the JSON file that it belongs to. */
export function closePdf(report: CloseReport, sha256: string, size: PaperSize): Uint8Array {
  const sheet = new Sheets(size, `Strongroom period close  ·  blocks ${report.from.height} to ${report.to.height}  ·  ${report.network}`, sha256);
  sheet.line('Period close', styles.title, 11);
  if (isTestNetwork(report.network)) sheet.line(`${report.network.toUpperCase()}  ·  test network, not money`, styles.strong, leading.value);
  sheet.fact('Network', report.network);
  sheet.fact('Amounts in', chainParameters(report.network).unit);
  sheet.fact('First block', `${report.from.height}`, report.from.hash);
  sheet.fact('Last block', `${report.to.height}`, report.to.hash);
  if (report.previous === null) sheet.fact('Goes on from', 'no earlier close of these wallets');
  else sheet.fact('Goes on from', `close that ended with block ${report.previous.to.height}`, report.previous.sha256);
  sheet.fact('SHA-256', 'of the JSON file of this close', sha256);
  for (const wallet of report.wallets) {
    sheet.space(5);
    sheet.keep(46);
    sheet.line(printable(wallet.name), styles.heading, leading.value);
    sheet.line(`wallet ${wallet.walletId}  ·  ${wallet.transactions} transactions`, styles.caption, leading.caption);
    sheet.space(1);
    sheet.row('Opening balance', wallet.openingSats, styles.value);
    sheet.row('Receipts', wallet.receiptsSats, styles.value);
    sheet.row('Transfers from own wallets', wallet.transfersInSats, styles.value);
    sheet.row('Payments', -wallet.paymentsSats, styles.value);
    sheet.row('Transfers to own wallets', -wallet.transfersOutSats, styles.value);
    sheet.row('Fees', -wallet.feesSats, styles.value);
    sheet.rule();
    sheet.row('Closing balance', wallet.closingSats, styles.strong);
  }
  sheet.section(`Exceptions (${report.exceptions.length})`);
  if (report.exceptions.length === 0) sheet.line('None.', styles.body, leading.body);
  for (const { code, subject, detail } of report.exceptions.slice(0, MOST_PRINTED)) {
    sheet.keep(11);
    sheet.line(`${exceptionWords[code]}: ${amountCodes.has(code) ? formatBtc(BigInt(detail)) : printable(detail)}`, styles.body, leading.body);
    sheet.line(subject, styles.monoSmall, leading.monoSmall + 1);
  }
  sheet.section(`Transactions (${report.transactions.length})`);
  const names = new Map(report.wallets.map(({ walletId, name }) => [walletId, printable(name)]));
  for (const transaction of report.transactions.slice(0, MOST_PRINTED)) printTransaction(sheet, transaction, names);
  if (report.transactions.length > MOST_PRINTED) sheet.line(`${report.transactions.length - MOST_PRINTED} more are in the JSON file.`, styles.body, leading.body);
  return pdfOf(sheet.pages());
}

function printTransaction(sheet: Sheets, { txid, height, legs, references, costCodes }: PeriodTransaction, names: ReadonlyMap<string, string>): void {
  const notes = [...references, ...costCodes.map((code) => `cost code ${code}`)].map(printable).join('  ·  ');
  sheet.keep(leading.monoSmall + legs.length * leading.body + (notes === '' ? 0 : leading.caption) + 2);
  sheet.line(`${txid}   block ${height}`, styles.monoSmall, leading.monoSmall + 0.6);
  for (const leg of legs) {
    const fee = leg.feeSats === null ? '' : `, fee ${leg.feeSats} sat`;
    sheet.row(`${names.get(leg.walletId) ?? leg.walletId}  (${leg.kind}${fee})`, leg.changeSats, styles.body);
  }
  if (notes !== '') for (const words of wrap(notes, styles.caption, CONTENT_WIDTH_MM)) sheet.line(words, styles.caption, leading.caption);
  sheet.space(1.6);
}

/** What no outline exists for is shown as a question mark: a reference comes from outside, and the JSON file has it whole. */
const printable = (text: string): string => (isPrintable(text) ? text : Array.from(text, (character) => (isPrintable(character) ? character : '?')).join(''));

/** Lines down the page, page after page. */
class Sheets {
  readonly #size: PaperSize;
  readonly #caption: string;
  readonly #hash: string;
  readonly #leftMm: number;
  readonly #bottomMm: number;
  readonly #pages: PageItem[][] = [[]];
  #yMm = TOP_MM;

  constructor(size: PaperSize, caption: string, hash: string) {
    this.#size = size;
    this.#caption = caption;
    this.#hash = hash;
    const { widthMm, heightMm } = paperSizes[size];
    this.#leftMm = (widthMm - CONTENT_WIDTH_MM) / 2;
    this.#bottomMm = heightMm - FOOTER_MM;
  }

  /** Begins a new page where less than this is left. */
  keep(heightMm: number): void {
    if (this.#yMm + heightMm <= this.#bottomMm) return;
    this.#pages.push([]);
    this.#yMm = TOP_MM;
  }
  space(heightMm: number): void {
    this.#yMm += heightMm;
  }
  line(text: string, style: Style, heightMm: number): void {
    for (const words of wrap(text, style, CONTENT_WIDTH_MM)) {
      this.keep(heightMm);
      this.#put(textItem(words, this.#leftMm, baselineIn(this.#yMm, heightMm, style), style));
      this.#yMm += heightMm;
    }
  }
  section(title: string): void {
    this.space(6);
    this.keep(16);
    this.line(title, styles.heading, leading.value);
    this.rule();
  }
  rule(): void {
    this.#put(horizontal(this.#leftMm, this.#yMm + 0.4, CONTENT_WIDTH_MM, HAIRLINE_MM));
    this.#yMm += 1.2;
  }
  /** A label, what it says, and a hash beneath. */
  fact(label: string, value: string, hash?: string): void {
    this.keep(leading.value + leading.monoSmall);
    const baseline = baselineIn(this.#yMm, leading.value, styles.value);
    this.#put(textItem(label, this.#leftMm, baseline, styles.body));
    this.#put(textItem(value, this.#leftMm + 30, baseline, styles.value));
    this.#yMm += leading.value;
    if (hash === undefined) return;
    this.#put(textItem(hash, this.#leftMm + 30, baselineIn(this.#yMm, leading.monoSmall, styles.monoSmall), styles.monoSmall));
    this.#yMm += leading.monoSmall + 0.6;
  }
  /** Words on the left and an amount on the right, in BTC with all its places. */
  row(label: string, amountSats: bigint, style: Style): void {
    const heightMm = style === styles.body ? leading.body : leading.value;
    this.keep(heightMm);
    const amount = formatBtc(amountSats);
    const amountStyle = style === styles.body ? styles.monoSmall : styles.mono;
    const baseline = baselineIn(this.#yMm, heightMm, style);
    const [first = ''] = wrap(label, style, CONTENT_WIDTH_MM - 48);
    this.#put(textItem(first, this.#leftMm, baseline, style));
    this.#put(textItem(amount, this.#leftMm + CONTENT_WIDTH_MM - widthOf(amount, amountStyle), baseline, amountStyle));
    this.#yMm += heightMm;
  }

  #put(item: PageItem): void {
    (this.#pages.at(-1) as PageItem[]).push(item);
  }

  pages(): Page[] {
    const { widthMm, heightMm } = paperSizes[this.#size];
    return this.#pages.map((items, index) => {
      const caption = `${this.#caption}  ·  page ${index + 1} of ${this.#pages.length}`;
      const y = heightMm - FOOTER_MM + 4;
      return {
        paper: this.#size, widthMm, heightMm, caption, checkWords: '',
        items: [...items, horizontal(this.#leftMm, y, CONTENT_WIDTH_MM, RULE_MM), textItem(caption, this.#leftMm, y + 4, styles.caption), textItem(this.#hash, this.#leftMm, y + 8, styles.monoSmall)],
      };
    });
  }
}
