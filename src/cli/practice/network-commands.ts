import { parseSats } from '../../domain/amount.ts';
import { mineInto, reorganise, withPracticeStore } from '../../node/companion/practice-mining.ts';
import { PracticeHotWallet } from '../../node/companion/practice-wallets.ts';
import { createPracticeNetwork, hotBalance, payFromFaucet } from '../../node/practice/practice-network.ts';
import { readPracticeKeys } from '../../node/practice/practice-seed-file.ts';
import { defineCommand, type Command } from '../shared/command.ts';
import { flag, optional, required, withDefault } from '../shared/option.ts';
import { folderValue, integerValue, satsValue, textValue } from '../shared/value-kinds.ts';

/** As many key hash outputs as fit a transaction that nodes relay. */
const MOST_OUTPUTS = 2_500;
const MOST_BLOCKS = 10_000;

export const folderOption = required(folderValue, 'the practice network\'s folder');

const init = defineCommand({
  name: 'init',
  summary: 'Make a practice network in a folder',
  notes: ['The chain begins with 200 blocks, so that the faucet has money to give at once.'],
  positionals: {},
  options: { folder: folderOption },
  async run(values) {
    const { chainId, height } = await createPracticeNetwork(values.folder);
    return { json: { folder: values.folder, chainId, height }, lines: [`Practice network made, ${height} blocks high.`, `  --node practice://${values.folder}`] };
  },
});

const faucet = defineCommand({
  name: 'faucet',
  summary: 'Pay practice money to an address, or to the node\'s own hot wallet',
  notes: ['A block is found at once, so that the money is confirmed; --mempool leaves the payment waiting.'],
  positionals: {},
  options: {
    folder: folderOption,
    'amount-sats': required(satsValue, 'how much in all'),
    to: optional(textValue('ADDRESS'), 'who gets it; new addresses of the hot wallet when left out'),
    outputs: withDefault(integerValue('NUMBER', 1, MOST_OUTPUTS), '1', 'in how many outputs'),
    mempool: flag('find no block: leave the payment unconfirmed'),
  },
  async run(values) {
    const keys = await readPracticeKeys(values.folder);
    const request = { amountSats: parseSats(values['amount-sats']), to: values.to ?? null, outputs: values.outputs, mine: !values.mempool };
    const paid = withPracticeStore(values.folder, (store) => payFromFaucet(store, keys, request));
    return {
      json: { txid: paid.txid, height: paid.height, confirmed: paid.confirmed, outputs: paid.outputs.map((output) => ({ ...output, amountSats: String(output.amountSats) })) },
      lines: [`Paid ${request.amountSats} sats in ${request.outputs} output(s), ${paid.confirmed ? 'confirmed' : 'waiting for a block'}.`, `  ${paid.txid}`],
    };
  },
});

const mine = defineCommand({
  name: 'mine',
  summary: 'Find blocks with what waits in the mempool',
  notes: [],
  positionals: {},
  options: { folder: folderOption, blocks: withDefault(integerValue('NUMBER', 1, MOST_BLOCKS), '1', 'how many blocks') },
  async run(values) {
    const height = withPracticeStore(values.folder, (store) => mineInto(store, values.blocks));
    return { json: { height, blocks: values.blocks }, lines: [`Found ${values.blocks} block(s); the chain is ${height} blocks high.`] };
  },
});

const status = defineCommand({
  name: 'status',
  summary: 'Show the chain and the hot wallet',
  notes: [],
  positionals: {},
  options: { folder: folderOption },
  async run(values) {
    const shown = withPracticeStore(values.folder, (store) => {
      const utxos = new PracticeHotWallet(store).utxos();
      const chain = store.read((now) => ({ height: now.height, tip: now.tip.hash, mempool: now.mempool.size }));
      return { ...chain, chainId: store.fact('chain_id'), hotUtxos: utxos.length, ...hotBalance(utxos) };
    });
    const { balanceSats, unconfirmedSats, ...facts } = shown;
    return {
      json: { chain: 'practice', ...facts, hotBalanceSats: String(balanceSats), hotUnconfirmedSats: String(unconfirmedSats) },
      lines: [`Practice chain: ${shown.height} blocks, ${shown.mempool} transaction(s) waiting.`, `Hot wallet: ${balanceSats} sats confirmed, ${unconfirmedSats} unconfirmed, in ${shown.hotUtxos} output(s).`],
    };
  },
});

const reorg = defineCommand({
  name: 'reorg',
  summary: 'Have another branch of the chain win',
  notes: ['The last blocks are taken back and empty ones take their place; their transactions wait in the mempool again.'],
  positionals: {},
  options: {
    folder: folderOption,
    depth: required(integerValue('NUMBER', 1, MOST_BLOCKS), 'how many blocks are taken back'),
    blocks: optional(integerValue('NUMBER', 0, MOST_BLOCKS), 'how many empty blocks take their place; one more than were taken back when left out'),
  },
  async run(values) {
    const replacement = values.blocks ?? values.depth + 1;
    const { height, waiting } = withPracticeStore(values.folder, (store) => reorganise(store, values.depth, replacement));
    return { json: { height, depth: values.depth, blocks: replacement, waiting }, lines: [`Took back ${values.depth} block(s), found ${replacement} empty one(s); ${waiting} transaction(s) wait.`] };
  },
});

export const networkCommands: readonly Command[] = [init, faucet, mine, status, reorg];
