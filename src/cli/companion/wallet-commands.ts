import { basename } from 'node:path';
import { networkNames } from '../../domain/network.ts';
import { MAX_COSIGNERS, walletScripts } from '../../domain/wallet-script.ts';
import { defineCommand } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { optional, repeated, required, withDefault } from '../shared/option.ts';
import { addressLines, policyJson, policyLines } from '../shared/policy-text.ts';
import { btc, facts, table } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { nameOfWalletFile } from '../shared/wallet-file-name.ts';
import { choiceValue, inputFileValue, integerValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { sourceLines } from './node-commands.ts';
import { dbOption, nodeOption, walletOption, withCompanion } from './session.ts';

/** What a key record's file calls its key: `alice-73c5da0a.key-record.txt` is of "alice". */
function labelOfRecordFile(path: string, position: number): string {
  const label = basename(path).replace(/\.[^.]*$/, '').replace(/\.key-record$/, '').replace(/-p2[a-z0-9-]+$/, '').replace(/-[0-9a-f]{8}$/, '').replace(/\p{C}/gu, '').trim();
  return label === '' || path === '-' ? `Cosigner ${position + 1}` : label.slice(0, 60);
}

const create = defineCommand({
  name: 'wallet create',
  summary: 'Make a wallet from public key records: of a quorum, or of one key',
  notes: [
    'Every cosigner compares the policy id of the wallet file on a Signer before the wallet is used: this program could lie about the keys.',
    'Of the script types, p2wsh is the one for new wallets. p2wpkh, p2tr, p2sh-p2wpkh and p2pkh are of one key: one --cosigner, and --required 1. strongroom-signer key export says what each is for.',
    'A cosigner is called by the name of the record\'s file unless --label is given once for each, in the same order.',
  ],
  positionals: {},
  options: {
    name: required(textValue('NAME'), 'what people call the wallet'),
    network: required(choiceValue('NETWORK', networkNames), 'the network of the wallet'),
    script: withDefault(choiceValue('SCRIPT', walletScripts), 'p2wsh', 'the wallet\'s script type'),
    required: required(integerValue('NUMBER', 1, MAX_COSIGNERS), 'how many keys must sign'),
    cosigner: repeated(inputFileValue, 1, 'a cosigner\'s public key record'),
    label: repeated(textValue('LABEL'), 0, 'what people call the cosigner at the same position'),
    out: required(outputFileValue, 'where the wallet file goes; an existing folder takes it under a suggested name'),
    force: forceOption,
  },
  async run(values, io) {
    if (values.label.length > 0 && values.label.length !== values.cosigner.length) throw usageError('There is not one --label for each --cosigner.', 'Give one for each, in the same order, or none.');
    const place = await io.files.place(values.out, values.force);
    const cosigners: { label: string; record: string }[] = [];
    for (const [position, file] of values.cosigner.entries()) {
      cosigners.push({ label: values.label[position] ?? labelOfRecordFile(file, position), record: await io.files.readText(file) });
    }
    return withCompanion(io, undefined, async (call) => {
      const { wallet, suggestedName, ...policy } = await call('wallet.create', { name: values.name, network: values.network, script: values.script, required: values.required, cosigners });
      const out = await io.files.write(place, suggestedName, wallet);
      return { json: { ...policyJson(policy), out }, lines: [...policyLines(policy, io.style), '', ...facts([['wallet file', out]])] };
    });
  },
});

const policy = defineCommand({
  name: 'wallet policy',
  summary: 'Show a wallet\'s policy',
  notes: ['The file may be of any program that wallet import reads.'],
  positionals: {},
  options: { wallet: walletOption, network: optional(choiceValue('NETWORK', networkNames), 'the network, where a file of another program does not tell') },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
    return withCompanion(io, undefined, async (call) => {
      const shown = await call('wallet.policy', { wallet, network: values.network ?? null, fallbackName: nameOfWalletFile(values.wallet) });
      return { json: policyJson(shown), lines: policyLines(shown, io.style) };
    });
  },
});

const address = defineCommand({
  name: 'wallet address',
  summary: 'Derive addresses of a wallet',
  notes: ['Before money is sent to an address, derive it on a Signer too: this program is online and could show another.'],
  positionals: {},
  options: {
    wallet: walletOption,
    branch: withDefault(choiceValue('BRANCH', ['receive', 'change']), 'receive', 'which of the wallet\'s two branches'),
    index: required(integerValue('NUMBER', 0, 999_999), 'the first address\'s index'),
    count: withDefault(integerValue('NUMBER', 1, 1000), '1', 'how many addresses'),
  },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
    return withCompanion(io, undefined, async (call) => {
      const derived = await call('wallet.address', { wallet, branch: values.branch, index: values.index, count: values.count });
      return { json: { addresses: derived.addresses }, lines: addressLines(derived, io.style) };
    });
  },
});

const sync = defineCommand({
  name: 'wallet sync',
  summary: 'Scan the chain for a wallet and show its balance',
  notes: ['The node gets the wallet\'s public descriptors, no keys. The first scan of an old wallet takes the node a while.'],
  positionals: {},
  options: { wallet: walletOption, node: nodeOption, db: dbOption },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
    return withCompanion(io, values.db, async (call) => {
      const state = await call('wallet.sync', { wallet, node: values.node });
      return {
        json: state,
        lines: [
          ...facts([['balance', io.style.bold(btc(state.balanceSats))], ['unconfirmed', btc(state.unconfirmedSats)], ['at height', String(state.height)]]),
          `next receive address (index ${state.nextReceive.index})`,
          `  ${state.nextReceive.address}`,
          ...(state.utxos.length === 0 ? ['No unspent outputs.'] : [io.style.bold(`Unspent outputs (${state.utxos.length})`)]),
          ...table(state.utxos.map((utxo) => [btc(utxo.amountSats), `${utxo.branch} ${utxo.index}`, `${utxo.confirmations} conf.`, `${utxo.txid}:${utxo.vout}`]), [0, 2], '  '),
        ],
      };
    });
  },
});

const widen = defineCommand({
  name: 'wallet widen',
  summary: 'Have the node watch more addresses of a wallet',
  notes: [
    'For money on an address further out than the node watches (ledger audit: beyond-gap-limit). Both branches are watched up to the index, and the node scans the wallet\'s past for them. The books remember it for every node that is asked later.',
    'Nothing is ever watched less far than before. Afterwards: ledger refresh, then ledger audit.',
  ],
  positionals: {},
  options: { wallet: walletOption, node: nodeOption, to: required(integerValue('INDEX', 0, 999_999), 'the last address that is to be watched; at most 100000'), db: dbOption },
  async run(values, io) {
    const wallet = await io.files.readText(values.wallet);
    return withCompanion(io, values.db, async (call) => {
      const widened = await call('wallet.widen', { wallet, node: values.node, to: values.to });
      const range = (from: number | null, to: number): string => (from === null ? `0 to ${to}` : from === to ? `0 to ${to}, as before` : `0 to ${to}, before to ${from}`);
      return {
        json: widened,
        lines: [
          ...facts([['receive', range(widened.from.receive, widened.to.receive)], ['change', range(widened.from.change, widened.to.change)], ['addresses', `${widened.addresses} more`], ['at height', String(widened.height)]]),
          widened.found.outputs === 0
            ? 'Nothing is there that the books do not have.'
            : `Not in the books yet: ${widened.found.outputs} outputs, ${btc(widened.found.amountSats)}, of it ${btc(widened.found.unspentSats)} unspent. Book them: ledger refresh.`,
          ...sourceLines(widened.sources ?? []),
        ],
      };
    });
  },
});

export const walletCommands = [create, policy, address, sync, widen];
