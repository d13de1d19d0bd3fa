import { parseBase64 } from '../../domain/bytes.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { optional, repeated, required, withDefault } from '../shared/option.ts';
import { btc, facts, table } from '../shared/text-layout.ts';
import { choiceValue, folderValue, inputFileValue, integerValue, textValue } from '../shared/value-kinds.ts';
import { dbOption, nodeOption, walletOption, withCompanion } from './session.ts';

const differenceWords = { 'missing-in-ledger': 'missing in the ledger', 'missing-in-node': 'missing in the node', amount: 'amounts differ' } as const;
/** A close of a million entries. */
const CLOSE_FILE_BYTES = 500 * 1024 * 1024;

/** One command reaches all that lies too far out. */
function widenLines(differences: readonly { readonly repair?: { readonly code: string } | undefined; readonly place?: { readonly index: number } | undefined }[]): string[] {
  const indices = differences.flatMap(({ repair, place }) => (repair?.code === 'widen-watch' && place !== undefined ? [place.index] : []));
  return indices.length === 0 ? [] : [`  strongroom-companion wallet widen --to ${Math.max(...indices)} ... reaches the furthest of them.`];
}

const audit = defineCommand({
  name: 'ledger audit',
  summary: 'Compare the books with the node\'s own set of unspent outputs',
  notes: ['The node scans its whole UTXO set by the wallet\'s descriptor: a truth that the ledger had no part in. Given several nodes, each is asked by itself. Each difference says why and what repairs it. Exit code 3 when the two disagree.'],
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
          ...facts([['ledger', btc(result.ledgerSats)], ['node', btc(result.nodeSats)], ['at height', String(result.height)], ...(result.blockHash === undefined ? [] : [['block', result.blockHash] as [string, string]])]),
          ...table(result.differences.map((difference) => [differenceWords[difference.kind], btc(difference.amountSats), difference.outpoint, difference.class ?? '']), [1], '  '),
          ...[...new Set(result.differences.flatMap(({ class: reason, repair }) => (reason === undefined || repair === undefined ? [] : [`  ${reason}: ${repair.text}`])))],
          ...widenLines(result.differences),
          ...(result.sources ?? []).map(({ source, agrees, nodeSats, height }) => `  source ${source}: ${agrees ? 'agrees' : 'DISAGREES'}, ${btc(nodeSats)} at height ${height}`),
          ...(result.waiting ?? []).map(({ txid, changeSats, repair }) => `  unconfirmed too long: ${btc(changeSats)} ${txid}. ${repair.text}`),
        ],
        ...(result.agrees ? {} : { exit: 3 as const }),
      };
    });
  },
});

const close = defineCommand({
  name: 'ledger close',
  summary: 'Close a period: balances at a block, what came and went, and exceptions',
  notes: [
    'Writes a JSON file whose SHA-256 names the close, and a PDF of it. The books are refreshed first. A close goes on from the last one of the same wallets; a block is a height, or a day by the median time of its blocks (UTC).',
    'Exit code 2 when there are exceptions that a person should look at.',
  ],
  positionals: {},
  options: {
    from: optional(textValue('BLOCK|DAY'), 'the first block; the one after the last close when left out'),
    to: required(textValue('BLOCK|DAY'), 'the last block, included'),
    wallet: repeated(inputFileValue, 1, 'a wallet file'),
    node: nodeOption,
    out: required(folderValue, 'the folder that takes the files; made where it is not there'),
    paper: withDefault(choiceValue('SIZE', ['a4', 'letter']), 'a4', 'the size of the pages'),
    db: dbOption,
    force: forceOption,
  },
  async run(values, io) {
    const wallets: string[] = [];
    for (const file of values.wallet) wallets.push(await io.files.readText(file));
    const place = await io.files.placeFolder(values.out, values.force);
    return withCompanion(io, values.db, async (call) => {
      const { content, pdfBase64, ...closed } = await call('ledger.close', { wallets, node: values.node, from: values.from ?? null, to: values.to, paper: values.paper });
      const json = await io.files.write(place(`${closed.suggestedName}.json`), '', content);
      const pdf = await io.files.write(place(`${closed.suggestedName}.pdf`), '', parseBase64(pdfBase64));
      return {
        json: { ...closed, json, pdf },
        lines: [
          ...facts([['blocks', `${closed.from.height} to ${closed.to.height}`], ['last block', closed.to.hash], ['transactions', String(closed.transactions)], ['SHA-256', closed.sha256], ['JSON', json], ['PDF', pdf]]),
          ...table(closed.wallets.map((wallet) => [wallet.walletName, btc(wallet.openingSats), 'opening', btc(wallet.closingSats), 'closing', btc(wallet.feesSats), 'fees']), [1, 3, 5]),
          ...closed.exceptions.map(({ code, subject, detail }) => `  ${code}: ${detail} ${subject}`),
        ],
        ...(closed.exceptions.length === 0 ? {} : { exit: 2 as const }),
      };
    });
  },
});

const verifyClose = defineCommand({
  name: 'ledger verify-close',
  summary: 'Recompute a close from the node alone, without the ledger',
  notes: ['Reads the raw transactions and the set of unspent outputs; the ledger is not opened. Exit code 3 when anything differs.'],
  positionals: { file: required(inputFileValue, 'the JSON file of the close') },
  options: { wallet: repeated(inputFileValue, 1, 'a wallet file'), node: nodeOption, previous: optional(inputFileValue, 'the JSON file of the close before, to check the chain of closes'), 'watch-to': optional(integerValue('INDEX', 0, 100_000), 'look at the wallets\' addresses as far as this: what wallet widen had the books remember') },
  async run(values, io) {
    const content = await io.files.readText(values.file, CLOSE_FILE_BYTES);
    const previous = values.previous === undefined ? null : await io.files.readText(values.previous, CLOSE_FILE_BYTES);
    const wallets: string[] = [];
    for (const file of values.wallet) wallets.push(await io.files.readText(file));
    return withCompanion(io, undefined, async (call) => {
      const result = await call('ledger.verify-close', { content, wallets, node: values.node, previous, watchTo: values['watch-to'] ?? null });
      return {
        json: result,
        lines: [
          result.equal ? io.style.bold('The close and the chain are equal.') : io.style.bold('THE CLOSE AND THE CHAIN DIFFER.'),
          ...facts([['SHA-256', result.sha256], ['transactions', String(result.transactions)]]),
          ...table(result.differences.map(({ what, subject, stated, found }) => [what, subject, stated ?? '-', found ?? '-']), [], '  '),
        ],
        ...(result.equal ? {} : { exit: 3 as const }),
      };
    });
  },
});

const closes = defineCommand({
  name: 'ledger closes',
  summary: 'Show the closed periods and how each goes on from the one before',
  notes: [],
  positionals: {},
  options: { db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const { periods } = await call('ledger.closes', {});
    return {
      json: { periods },
      lines: periods.length === 0 ? ['No period was closed yet.'] : periods.flatMap((period) => [
        `${period.closedAt}  blocks ${period.fromHeight} to ${period.to.height}  ${period.sha256}${period.previous === null ? '' : `  after ${period.previous.slice(0, 8)}`}`,
        ...table(period.wallets.map((wallet) => [wallet.walletName, btc(wallet.openingSats), 'opening', btc(wallet.closingSats), 'closing']), [1, 3], '  '),
      ]),
    };
  }),
});

export const ledgerPeriodCommands = [audit, close, verifyClose, closes];
