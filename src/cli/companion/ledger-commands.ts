import { defineCommand } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { optional, repeated, withDefault } from '../shared/option.ts';
import { btc, facts, table } from '../shared/text-layout.ts';
import { choiceValue, inputFileValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { dbOption, nodeOption, walletOption, withCompanion } from './session.ts';

const list = defineCommand({
  name: 'ledger list',
  summary: 'Show the books',
  notes: [],
  positionals: {},
  options: { 'wallet-id': optional(textValue('ID'), 'only this wallet, by its wallet id'), db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const books = await call('ledger.list', { walletId: values['wallet-id'] ?? null });
    return {
      json: books,
      lines: [
        ...(books.entries.length === 0
          ? ['The ledger is empty.']
          : table([['booked', 'wallet', 'kind', 'change', 'fee', 'state', 'transaction'], ...books.entries.map((entry) => [
            entry.bookedAt, entry.walletName, entry.kind, btc(entry.changeSats), entry.feeSats === null ? '-' : `${entry.feeSats} sat`,
            entry.state === 'confirmed' ? `confirmed (${entry.confirmations})` : entry.state, entry.txid,
          ])], [3, 4])),
        ...(books.balances.length === 0 ? [] : ['', io.style.bold('Balances'), ...table(books.balances.map((balance) => [balance.walletName, btc(balance.confirmedSats), 'confirmed', btc(balance.unconfirmedSats), 'unconfirmed']), [1, 3], '  ')]),
      ],
    };
  }),
});

const exportBooks = defineCommand({
  name: 'ledger export',
  summary: 'Write the books as CSV or JSON',
  notes: ['Without --out the books are printed.'],
  positionals: {},
  options: {
    format: withDefault(choiceValue('FORMAT', ['csv', 'json']), 'csv', 'how the books are written'),
    out: optional(outputFileValue, 'where they go; an existing folder takes them under a suggested name'),
    db: dbOption,
    force: forceOption,
  },
  async run(values, io) {
    const place = values.out === undefined ? null : await io.files.place(values.out, values.force);
    return withCompanion(io, values.db, async (call) => {
      const books = await call('ledger.export', { format: values.format });
      if (place === null) return { json: { entries: books.entries, content: books.content }, lines: books.content.trimEnd().split('\n'), content: books.content };
      const out = await io.files.write(place, books.suggestedName, books.content);
      return { json: { entries: books.entries, out }, lines: facts([['entries', String(books.entries)], ['books', out]]) };
    });
  },
});

const audit = defineCommand({
  name: 'ledger audit',
  summary: 'Compare the books with the node\'s own set of unspent outputs',
  notes: ['The node scans its whole UTXO set by the wallet\'s descriptor: a truth that the ledger had no part in. Exit code 3 when the two disagree.'],
  positionals: {},
  options: { wallet: walletOption, node: nodeOption, db: dbOption },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
    return withCompanion(io, values.db, async (call) => {
      const result = await call('ledger.audit', { wallet, node: values.node });
      return {
        json: result,
        lines: [
          result.agrees ? io.style.bold('The books and the node agree.') : io.style.bold('THE BOOKS AND THE NODE DISAGREE.'),
          ...facts([['ledger', btc(result.ledgerSats)], ['node', btc(result.nodeSats)], ['at height', String(result.height)]]),
          ...table(result.differences.map((difference) => [differenceWords[difference.kind], btc(difference.amountSats), difference.outpoint]), [1], '  '),
        ],
        ...(result.agrees ? {} : { exit: 3 as const }),
      };
    });
  },
});

const differenceWords = { 'missing-in-ledger': 'missing in the ledger', 'missing-in-node': 'missing in the node', amount: 'amounts differ' } as const;

const refresh = defineCommand({
  name: 'ledger refresh',
  summary: 'Ask the node for confirmations and book what it knows of the wallets',
  notes: [],
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

export const ledgerCommands = [list, exportBooks, audit, refresh];
