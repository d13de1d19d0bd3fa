import { writeStreamed } from '../../node/companion/streamed-file.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { flag, optional, repeated, required, withDefault } from '../shared/option.ts';
import { btc, facts, table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, inputFileValue, integerValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { dbOption, nodeOption, withCompanion, type CompanionCall } from './session.ts';

const filterOptions = {
  'wallet-id': optional(textValue('ID'), 'only this wallet, by its wallet id'),
  kind: optional(choiceValue('KIND', ['sweep', 'pay', 'receive', 'spend']), 'only entries of this kind'),
  state: optional(choiceValue('STATE', ['broadcast', 'confirmed', 'reorganised', 'replaced']), 'only entries in this state'),
  'from-date': optional(textValue('DAY'), 'booked on this day (2026-11-30, UTC) or later'),
  'to-date': optional(textValue('DAY'), 'booked on this day or before'),
  'from-height': optional(integerValue('HEIGHT', 0, 100_000_000), 'in this block or a later one'),
  'to-height': optional(integerValue('HEIGHT', 0, 100_000_000), 'in this block or an earlier one'),
  search: optional(textValue('TEXT'), 'part of a reference or cost code, the beginning of a transaction id, or an amount in satoshis or BTC'),
  'cost-code': optional(textValue('CODE'), 'only entries with this cost code'),
};
interface FilterValues {
  readonly 'wallet-id': string | undefined;
  readonly kind: 'sweep' | 'pay' | 'receive' | 'spend' | undefined;
  readonly state: 'broadcast' | 'confirmed' | 'reorganised' | 'replaced' | undefined;
  readonly 'from-date': string | undefined;
  readonly 'to-date': string | undefined;
  readonly 'from-height': number | undefined;
  readonly 'to-height': number | undefined;
  readonly search: string | undefined;
  readonly 'cost-code': string | undefined;
}
const filterOf = (values: FilterValues) => ({
  walletId: values['wallet-id'] ?? null, kind: values.kind ?? null, state: values.state ?? null, fromDate: values['from-date'] ?? null, toDate: values['to-date'] ?? null,
  fromHeight: values['from-height'] ?? null, toHeight: values['to-height'] ?? null, text: values.search ?? null, costCode: values['cost-code'] ?? null,
});

const list = defineCommand({
  name: 'ledger list',
  summary: 'Show the books',
  notes: ['Shows a thousand entries unless --limit says otherwise; --after goes on where the last list ended.'],
  positionals: {},
  options: {
    ...filterOptions,
    limit: optional(integerValue('COUNT', 1, 10_000), 'how many entries; 1000 when left out'),
    after: optional(textValue('PLACE'), 'where the last list ended: its "next"'),
    newest: flag('newest first'),
    db: dbOption,
  },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const books = await call('ledger.list', { ...filterOf(values), newestFirst: values.newest, after: values.after ?? null, ...(values.limit === undefined ? {} : { limit: values.limit }) });
    return {
      json: books,
      lines: [
        ...(books.entries.length === 0
          ? ['The ledger is empty, or nothing in it is like this.']
          : table([['booked', 'wallet', 'kind', 'change', 'fee', 'state', 'transaction'], ...books.entries.map((entry) => [
            entry.bookedAt, entry.walletName, entry.kind, btc(entry.changeSats), entry.feeSats === null ? '-' : `${entry.feeSats} sat`,
            entry.state === 'confirmed' ? `confirmed (${entry.confirmations})` : entry.state, entry.txid,
          ])], [3, 4])),
        ...(books.next == null ? [] : [`There are more: --after "${books.next}"`]),
        ...(books.unfinished ?? []).map(({ walletName, booked, total }) => `${walletName}: ${booked} of ${total} transactions are booked. Refresh the books for the rest (ledger refresh).`),
        ...(books.balances.length === 0 ? [] : ['', io.style.bold('Balances'), ...table(books.balances.map((balance) => [balance.walletName, btc(balance.confirmedSats), 'confirmed', btc(balance.unconfirmedSats), 'unconfirmed']), [1, 3], '  ')]),
      ],
    };
  }),
});

const exportBooks = defineCommand({
  name: 'ledger export',
  summary: 'Write the books as CSV or JSON',
  notes: ['Without --out the books are printed. A file is written part by part, so that it may be of any size.'],
  positionals: {},
  options: {
    format: withDefault(choiceValue('FORMAT', ['csv', 'json']), 'csv', 'how the books are written'),
    out: optional(outputFileValue, 'where they go; an existing folder takes them under a suggested name'),
    ...filterOptions,
    db: dbOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = values.out === undefined ? null : await io.files.place(values.out, values.force);
    return withCompanion(io, values.db, async (call) => {
      const document = exported(call, { format: values.format, ...filterOf(values) });
      const first = await document.next();
      if (place === null) {
        const parts: string[] = [];
        for (let part = first; part.done !== true; part = await document.next()) parts.push(part.value);
        const content = parts.join('');
        return { json: { entries: document.entries(), content }, lines: content.trimEnd().split('\n'), content };
      }
      const out = place.path(document.suggestedName());
      await writeStreamed(out, (async function* () {
        for (let part = first; part.done !== true; part = await document.next()) yield part.value;
      })(), place.overwrite);
      return { json: { entries: document.entries(), out }, lines: facts([['entries', String(document.entries())], ['books', out]]) };
    });
  },
});

type ExportInput = { readonly format: 'csv' | 'json' } & ReturnType<typeof filterOf>;

/** The parts of a document, asked for one after the other. */
function exported(call: CompanionCall, input: ExportInput) {
  let entries = 0;
  let suggestedName = '';
  const parts = (async function* (): AsyncGenerator<string, undefined> {
    for (let after: string | null = null; ; ) {
      const part: Awaited<ReturnType<typeof call<'ledger.export'>>> = await call('ledger.export', { ...input, after });
      entries += part.entries;
      suggestedName = part.suggestedName;
      yield part.content;
      if (part.next == null) return undefined;
      after = part.next;
    }
  })();
  return { next: () => parts.next(), entries: () => entries, suggestedName: () => suggestedName };
}

const annotate = defineCommand({
  name: 'ledger annotate',
  summary: 'Note a reference or a cost code on a transaction or one of its outputs',
  notes: ['An empty text takes the note away. Who changed what, and when, is kept: see ledger show.'],
  positionals: { transaction: required(textValue('TXID[:VOUT]'), 'the transaction, or one of its outputs') },
  options: {
    reference: optional(textValue('TEXT'), 'the reference'),
    'cost-code': optional(textValue('CODE'), 'the cost code'),
    by: optional(textValue('NAME'), 'who notes it; the person who is logged in when left out'),
    db: dbOption,
  },
  async run(values, io) {
    const match = /^([0-9a-f]{64})(?::(0|[1-9][0-9]{0,9}))?$/.exec(values.transaction);
    if (match === null) throw usageError('This is no transaction id, with or without an output number.', 'Write TXID or TXID:VOUT.');
    if (values.reference === undefined && values['cost-code'] === undefined) throw usageError('There is nothing to note.', 'Add --reference TEXT or --cost-code CODE.');
    return withCompanion(io, values.db, async (call) => {
      const noted = await call('ledger.annotate', {
        txid: match[1] as string, vout: match[2] === undefined ? null : Number(match[2]), by: values.by ?? null,
        ...(values.reference === undefined ? {} : { reference: values.reference }), ...(values['cost-code'] === undefined ? {} : { costCode: values['cost-code'] }),
      });
      return { json: noted, lines: noteLines(noted) };
    });
  },
});

const show = defineCommand({
  name: 'ledger show',
  summary: 'Show one transaction: its lines, its notes and their history, and every posting',
  notes: [],
  positionals: { transaction: required(textValue('TXID'), 'the transaction') },
  options: { db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const found = await call('ledger.show', { txid: values.transaction });
    return {
      json: found,
      lines: [
        ...table(found.entries.map((entry) => [entry.walletName, entry.kind, btc(entry.changeSats), entry.state, entry.height === null ? '-' : `block ${entry.height}`]), [2]),
        '', io.style.bold('Journal'),
        ...found.journal.flatMap((entry) => [
          `${entry.bookedAt}  ${entry.event}${entry.height === null ? '' : `  block ${entry.height}`}`,
          ...table(entry.postings.map((posting) => [posting.account, posting.layer, btc(posting.amountSats)]), [2], '  '),
        ]),
        ...(found.changes.length === 0 ? [] : ['', io.style.bold('Notes'), ...noteLines(found)]),
      ],
    };
  }),
});

interface Notes {
  readonly notes: readonly { readonly vout: number | null; readonly field: string; readonly text: string }[];
  readonly changes: readonly { readonly field: string; readonly before: string | null; readonly after: string | null; readonly changedBy: string; readonly changedAt: string }[];
}
const noteLines = ({ notes, changes }: Notes): string[] => [
  ...table(notes.map((note) => [note.vout === null ? 'transaction' : `output ${note.vout}`, note.field, note.text]), [], '  '),
  ...changes.map((change) => `${change.changedAt}  ${change.changedBy}: ${change.field} ${change.before ?? '-'} -> ${change.after ?? '-'}`),
];

const refresh = defineCommand({
  name: 'ledger refresh',
  summary: 'Ask the node for what is new and book what it knows of the wallets',
  notes: ['Costs what happened since the last refresh, after a reorganisation too.'],
  positionals: {},
  options: { wallet: repeated(inputFileValue, 1, 'a wallet file'), node: nodeOption, db: dbOption },
  async run(values, io) {
    const wallets: string[] = [];
    for (const file of values.wallet) wallets.push(await io.files.readText(file));
    return withCompanion(io, values.db, async (call) => {
      const state = await call('ledger.refresh', { wallets, node: values.node });
      return {
        json: state,
        lines: [
          ...facts([['at height', String(state.height)], ['entries', String(state.entries)]]),
          ...table(state.balances.map((balance) => [balance.walletName, btc(balance.confirmedSats), 'confirmed', btc(balance.unconfirmedSats), 'unconfirmed']), [1, 3]),
          ...(state.unsent ?? []).map((txid) => `The node does not know ${txid}: broadcast it again.`),
        ],
      };
    });
  },
});

export const ledgerCommands = [list, show, annotate, exportBooks, refresh];
