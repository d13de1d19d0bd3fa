import { defineCommand } from '../shared/command.ts';
import { repeated } from '../shared/option.ts';
import { btc, facts, table } from '../shared/text-layout.ts';
import { textValue } from '../shared/value-kinds.ts';
import { usageError } from '../shared/usage-error.ts';
import { dbOption, nodeOption, walletOption, withCompanion } from './session.ts';

const list = defineCommand({
  name: 'coins list',
  summary: 'Show a wallet\'s unspent outputs, with labels, tags, and what is frozen or held',
  notes: [],
  positionals: {},
  options: { wallet: walletOption, node: nodeOption, db: dbOption },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
    return withCompanion(io, values.db, async (call) => {
      const held = await call('coins.list', { wallet, node: values.node });
      return {
        json: held,
        lines: [
          ...facts([['unspent', io.style.bold(btc(held.totalSats))], ['of that frozen', btc(held.frozenSats)], ['held by plans', btc(held.reservedSats)]]),
          ...table(held.coins.map((coin) => [
            btc(coin.amountSats), `${coin.branch} ${coin.index}`, `${coin.confirmations} conf.`, `${coin.txid}:${coin.vout}`, coin.frozen ? 'FROZEN' : coin.reservedBy === null ? '' : 'held', coin.tags.join(' '), coin.label,
          ]), [0, 2], '  '),
        ],
      };
    });
  },
});

const outpoints = { outpoint: repeated(textValue('OUTPOINT'), 1, 'an unspent output, TXID:N') } as const;

const freeze = defineCommand({
  name: 'coins freeze',
  summary: 'Keep unspent outputs from being spent',
  notes: ['Written as a label of BIP329 ("spendable": false), so that other programs heed it too.'],
  positionals: outpoints,
  options: { db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const { changed } = await call('coins.freeze', { outpoints: [...values.outpoint], frozen: true });
    return { json: { changed }, lines: [`Frozen: ${changed}`] };
  }),
});

const unfreeze = defineCommand({
  name: 'coins unfreeze',
  summary: 'Let frozen outputs be spent again',
  notes: [],
  positionals: outpoints,
  options: { db: dbOption },
  run: (values, io) => withCompanion(io, values.db, async (call) => {
    const { changed } = await call('coins.freeze', { outpoints: [...values.outpoint], frozen: false });
    return { json: { changed }, lines: [`Unfrozen: ${changed}`] };
  }),
});

const tag = defineCommand({
  name: 'coins tag',
  summary: 'Add tags to unspent outputs, or take them away',
  notes: ['Plans are narrowed down by tags: --tag and --exclude-tag of "pay plan".'],
  positionals: outpoints,
  options: { add: repeated(textValue('TAG'), 0, 'a tag to add'), remove: repeated(textValue('TAG'), 0, 'a tag to take away'), db: dbOption },
  run(values, io) {
    if (values.add.length + values.remove.length === 0) throw usageError('No tag was given.', 'Add --add TAG or --remove TAG.');
    return withCompanion(io, values.db, async (call) => {
      const { changed } = await call('coins.tag', { outpoints: [...values.outpoint], add: [...values.add], remove: [...values.remove] });
      return { json: { changed }, lines: [`Changed: ${changed}`] };
    });
  },
});

export const coinCommands = [list, freeze, unfreeze, tag];
