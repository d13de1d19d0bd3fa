import * as v from 'valibot';
import { command } from './contract.ts';
import { NodeUrl } from './plan-wire.ts';
import { AddressIndex, BranchName, FileName, Height, Network, SatsText, Sha256Hex, SignedSatsText, SmallText, TxidHex } from './wire.ts';

/** What can be asked of the books: lists, balances, notes, audit, closed periods, checks. */

const Kind = v.picklist(['sweep', 'pay', 'receive', 'spend']);
const State = v.picklist(['broadcast', 'confirmed', 'replaced', 'reorganised']);
/** As far as wallets are watched on demand. */
const WatchedIndex = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000));
const ClosedText = v.pipe(v.string(), v.maxLength(1000));
const Wallets = v.pipe(v.array(SmallText), v.minLength(1), v.maxLength(50));

/** A line of the books: what one transaction did to one wallet. */
export const LedgerEntry = v.strictObject({
  txid: TxidHex,
  walletId: v.string(),
  walletName: v.string(),
  kind: Kind,
  changeSats: SignedSatsText,
  feeSats: v.nullable(SatsText),
  /** `null` while unconfirmed. */
  height: v.nullable(Height),
  /** Of its block, where the source said it. */
  blockHash: v.optional(Sha256Hex),
  confirmations: v.number(),
  state: State,
  /** ISO 8601, UTC: when the ledger first knew of it. */
  bookedAt: v.string(),
  references: v.array(v.string()),
  costCodes: v.optional(v.array(v.string())),
});
export const WalletBalance = v.strictObject({ walletId: v.string(), walletName: v.string(), confirmedSats: SatsText, unconfirmedSats: SignedSatsText });

const Day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z)?$/));
/** Which entries; everything that is given must hold. */
const filter = {
  kind: v.optional(v.nullable(Kind)),
  state: v.optional(v.nullable(State)),
  /** Of booking, both included. */
  fromDate: v.optional(v.nullable(Day)),
  toDate: v.optional(v.nullable(Day)),
  /** Both included. */
  fromHeight: v.optional(v.nullable(Height)),
  toHeight: v.optional(v.nullable(Height)),
  /** Part of a reference or cost code, the beginning of a transaction id, or an amount in satoshis or BTC. */
  text: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(200)))),
  costCode: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(200)))),
  /** Where the last page ended: its `next`. */
  after: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(60)))),
};

export const ledgerList = command(
  v.strictObject({ walletId: v.nullable(v.string()), ...filter, newestFirst: v.optional(v.boolean()), limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000))) }),
  v.strictObject({
    entries: v.array(LedgerEntry), balances: v.array(WalletBalance),
    /** Wallets of whose history a part is not booked yet, because the booking was stopped: a refresh completes them. */
    unfinished: v.optional(v.array(v.strictObject({ walletId: v.string(), walletName: v.string(), booked: v.number(), total: v.number() }))),
    /** Whether there are more entries than were asked for, and where they go on. */
    more: v.optional(v.boolean()),
    next: v.optional(v.nullable(v.string())),
  }),
);

/** The books as a document, in parts: `content` of each, one after the other, is the file. */
export const ledgerExport = command(
  v.strictObject({ format: v.picklist(['csv', 'json']), walletId: v.optional(v.nullable(v.string())), ...filter, limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50_000))) }),
  v.strictObject({ content: v.string(), suggestedName: FileName, entries: v.number(), /** Asks for the next part; `null` where this is the last. */ next: v.optional(v.nullable(v.string())) }),
);

const AuditClass = v.picklist(['unknown-receipt', 'missing-transaction', 'unconfirmed-too-long', 'reorganised', 'beyond-gap-limit', 'pruned-history', 'wrong-descriptor', 'damaged-books']);
/** What repairs it: a code for programs, and words. */
const Repair = v.strictObject({ code: v.picklist(['refresh', 'rescan', 'widen-watch', 'use-full-node', 'check-wallet-file', 'bump-fee', 'ask-sender', 'check-books']), text: v.string() });
const AuditDifference = v.strictObject({
  kind: v.picklist(['missing-in-ledger', 'missing-in-node', 'amount']), outpoint: v.string(), amountSats: SatsText, class: v.optional(AuditClass), repair: v.optional(Repair),
  /** The wallet's address that the output is on, where the source shows it: `wallet.widen` reaches it by its index. */
  place: v.optional(v.strictObject({ branch: BranchName, index: AddressIndex })),
});
const AuditFacts = v.strictObject({ height: Height, blockHash: v.optional(Sha256Hex), nodeSats: SatsText, agrees: v.boolean(), differences: v.array(AuditDifference) });

export const ledgerAudit = command(
  v.strictObject({ wallet: SmallText, node: NodeUrl }),
  v.strictObject({
    walletId: v.string(), ledgerSats: SatsText, ...AuditFacts.entries,
    /** The block up to which the books of the wallet go; `null` before their first refresh. */
    books: v.optional(v.nullable(v.strictObject({ height: Height, hash: Sha256Hex }))),
    /** Each source by itself, where several were named; `source` counts from 1. The facts above are those of the first that disagrees, or of the first. */
    sources: v.optional(v.array(v.strictObject({ source: v.number(), ...AuditFacts.entries }))),
    /** Transactions in no block for longer than a day or 144 blocks. */
    waiting: v.optional(v.array(v.strictObject({ txid: TxidHex, changeSats: SignedSatsText, bookedAt: v.string(), blocks: v.nullable(v.number()), class: AuditClass, repair: Repair }))),
  }),
);

/** `vout` left out: the transaction as a whole. `null` or an empty text takes a note away; what is left out stays. */
export const ledgerAnnotate = command(
  v.strictObject({
    txid: TxidHex, vout: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))),
    reference: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(200)))), costCode: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(200)))),
    /** Who notes it; the person who is logged in where left out. */
    by: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100)))),
  }),
  v.strictObject({
    notes: v.array(v.strictObject({ txid: TxidHex, vout: v.nullable(v.number()), field: v.picklist(['reference', 'cost-code']), text: v.string() })),
    changes: v.array(v.strictObject({ txid: TxidHex, vout: v.nullable(v.number()), field: v.picklist(['reference', 'cost-code']), before: v.nullable(v.string()), after: v.nullable(v.string()), changedBy: v.string(), changedAt: v.string() })),
  }),
);

/** One transaction: its lines, notes with their history, and the journal with every posting. */
export const ledgerShow = command(
  v.strictObject({ txid: TxidHex }),
  v.strictObject({
    entries: v.array(LedgerEntry),
    ...ledgerAnnotate.output.entries,
    journal: v.array(v.strictObject({
      event: v.picklist(['opened', 'seen', 'confirmed', 'reorganised', 'dropped', 'amended']), height: v.nullable(Height), blockHash: v.nullable(Sha256Hex), bookedAt: v.string(),
      postings: v.array(v.strictObject({ account: v.string(), layer: v.picklist(['settled', 'waiting']), amountSats: SignedSatsText })),
    })),
  }),
);

const PeriodBalance = v.strictObject({ walletId: v.string(), walletName: v.string(), openingSats: SignedSatsText, receiptsSats: SatsText, paymentsSats: SatsText, transfersInSats: SatsText, transfersOutSats: SatsText, feesSats: SatsText, closingSats: SignedSatsText, transactions: v.number() });
const Block = v.strictObject({ height: Height, hash: Sha256Hex });
const PeriodException = v.strictObject({ code: v.string(), subject: ClosedText, detail: ClosedText });

/** Closes a period: from a block or day (the block after the last close where left out) to a block or day, both included. */
export const ledgerClose = command(
  v.strictObject({ wallets: Wallets, node: NodeUrl, from: v.nullable(v.pipe(v.string(), v.maxLength(40))), to: v.pipe(v.string(), v.maxLength(40)), paper: v.optional(v.picklist(['a4', 'letter'])) }),
  v.strictObject({
    from: Block, to: Block, previous: v.nullable(Sha256Hex), wallets: v.array(PeriodBalance), transactions: v.number(), exceptions: v.array(PeriodException),
    /** The canonical JSON; its bytes are what is hashed. */
    content: v.string(), sha256: Sha256Hex, pdfBase64: v.string(), suggestedName: FileName,
  }),
);
/** Recomputes a close from the node alone; the ledger has no part in it. */
export const ledgerVerifyClose = command(
  v.strictObject({ content: v.string(), wallets: Wallets, node: NodeUrl, /** The close that it goes on from. */ previous: v.optional(v.nullable(v.string())), /** How far the wallets are looked for, as `wallet.widen` says it. */ watchTo: v.optional(v.nullable(WatchedIndex)) }),
  v.strictObject({
    sha256: Sha256Hex, equal: v.boolean(), transactions: v.number(),
    differences: v.array(v.strictObject({ what: v.picklist(['block', 'previous', 'wallet', 'balance', 'sum', 'transaction', 'utxo-set']), subject: ClosedText, stated: v.nullable(ClosedText), found: v.nullable(ClosedText) })),
  }),
);
export const ledgerCloses = command(
  v.strictObject({}),
  v.strictObject({ periods: v.array(v.strictObject({ sha256: Sha256Hex, fromHeight: Height, to: Block, previous: v.nullable(Sha256Hex), closedAt: v.string(), wallets: v.array(v.strictObject({ walletId: v.string(), walletName: v.string(), openingSats: SignedSatsText, closingSats: SignedSatsText })) })) }),
);

/** Goes through the whole file: structure, zero sums, balances, unspent outputs, the chain of closes. */
export const ledgerCheck = command(
  v.strictObject({}),
  v.strictObject({ whole: v.boolean(), entries: v.number(), faults: v.array(v.strictObject({ code: v.picklist(['database', 'foreign-key', 'not-zero', 'balance', 'entry-sum', 'wallet-balance', 'unspent', 'period-chain', 'period-balance']), subject: v.string() })) }),
);

/** What the contract's owner spreads into it. */
export const ledgerContract = {
  'ledger.list': ledgerList,
  'ledger.export': ledgerExport,
  'ledger.audit': ledgerAudit,
  'ledger.annotate': ledgerAnnotate,
  'ledger.show': ledgerShow,
  'ledger.close': ledgerClose,
  'ledger.verify-close': ledgerVerifyClose,
  'ledger.closes': ledgerCloses,
  'ledger.check': ledgerCheck,
} as const;

/** What books hold, in a few numbers. */
const BooksFacts = v.strictObject({
  entries: v.number(),
  /** ISO 8601, UTC: of the last entry. */
  lastBookedAt: v.nullable(v.string()),
  closes: v.number(),
  tips: v.array(v.strictObject({ network: Network, height: Height, refreshedAt: v.string() })),
  /** Of a file that nobody has gone through yet: anything may stand there. */
  balances: v.array(v.strictObject({ walletId: v.string(), walletName: v.string(), confirmedSats: SignedSatsText, unconfirmedSats: SignedSatsText })),
});
/** Names a backup that a person chose, within this process. */
const BackupHandle = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/** What only a window asks for: the books' file, by the system's dialogs. Nothing of it passes through the page. */
export const booksFileContract = {
  /** `savedAs` is `null` when the person closed the dialog. */
  'books.export': command(v.strictObject({ format: v.picklist(['csv', 'json']) }), v.strictObject({ savedAs: v.nullable(v.string()), entries: v.number() })),
  /** A copy that is consistent and checked, with its checksum beside it. */
  'books.back-up': command(v.strictObject({}), v.strictObject({ saved: v.nullable(v.strictObject({ savedAs: v.string(), sha256: Sha256Hex, bytes: v.number() })) })),
  /** Lets a person choose a backup, and says what it holds beside what the books hold now. Nothing is replaced. */
  'books.choose-backup': command(
    v.strictObject({}),
    v.strictObject({
      /** `null` when the person closed the dialog. */
      chosen: v.nullable(v.strictObject({
        backup: BackupHandle, name: FileName, bytes: v.number(), sha256: Sha256Hex,
        /** Whether its checksum stands beside it; where it does, it agrees. */
        hasChecksum: v.boolean(), holds: BooksFacts,
      })),
      /** `null` where the books are damaged, so that nothing can be said of them. */
      present: v.nullable(BooksFacts),
    }),
  ),
  /** Puts the chosen backup in the books' place, once it is known to be whole; those that were there are kept beside it. */
  'books.restore': command(v.strictObject({ backup: BackupHandle }), v.strictObject({ keptAs: v.nullable(FileName) })),
} as const;
