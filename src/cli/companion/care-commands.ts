import type { InferOutput } from 'valibot';
import { networkNames } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { configProgramNames, configUses, type nodeRepair, repairStepNames } from '../../host/care-wire.ts';
import { defineCommand, type CommandIo } from '../shared/command.ts';
import { forceOption } from '../shared/common-options.ts';
import { optional, repeated, required, withDefault } from '../shared/option.ts';
import { facts } from '../shared/text-layout.ts';
import { usageError } from '../shared/usage-error.ts';
import { choiceValue, integerValue, outputFileValue, textValue } from '../shared/value-kinds.ts';
import { nodeOption, withCompanion } from './session.ts';

const marks = { ok: 'ok', attention: 'LOOK', bad: 'BAD', unknown: '-' } as const;

const health = defineCommand({
  name: 'node health',
  summary: 'Judge a node\'s health, topic by topic',
  notes: ['Each line has a judgement, what was seen, a code, and what to do. Exit code 2 when something needs a person. No text of the node is shown: warnings are to be read on the node itself.'],
  positionals: {},
  options: { node: nodeOption },
  run: (values, io) => withCompanion(io, undefined, async (call) => {
    const state = await call('node.health', { node: onlyOne(values.node) });
    return {
      json: state,
      lines: state.items.flatMap(({ topic, judgement, code, seen, todo }) => [`${judgement === 'bad' ? io.style.bold(marks[judgement].padEnd(5)) : marks[judgement].padEnd(5)}${topic.padEnd(9)}${seen}`, ...(todo === '' ? [] : [`     ${todo} [${code}]`])]),
      ...(state.overall === 'ok' ? {} : { exit: 2 as const }),
    };
  }),
});

const config = defineCommand({
  name: 'node config',
  summary: 'Write a node\'s configuration, each line explained',
  notes: [
    'hot keeps a wallet with keys; watch holds no keys and watches cold wallets for the Companion; audit has no wallet and every transaction.',
    'The configuration has the hash of a password (rpcauth). The password itself goes into the login file, readable by you only, which the node\'s URL names: bitcoind://127.0.0.1:8332?conf=LOGIN. Without --login-out it is printed once.',
  ],
  positionals: {},
  options: {
    for: withDefault(choiceValue('PROGRAM', configProgramNames), 'bitcoind', 'the node program'),
    network: withDefault(choiceValue('NETWORK', networkNames), 'mainnet', 'the network of the node'),
    use: required(choiceValue('USE', configUses), 'what the node is for'),
    'rpc-user': withDefault(textValue('NAME'), 'strongroom', 'the name that the Companion logs in with'),
    bind: repeated(textValue('ADDRESS'), 0, 'an address of this machine that JSON-RPC listens on; loopback when left out'),
    allow: repeated(textValue('ADDRESS'), 0, 'an address or network (CIDR) that may ask; loopback when left out'),
    'rpc-port': optional(integerValue('PORT', 1, 65_535), 'the port of JSON-RPC; the network\'s usual one when left out'),
    prune: optional(integerValue('MIB', 550, 10_000_000), 'keep this many mebibytes of blocks; all when left out'),
    'max-connections': withDefault(integerValue('NUMBER', 8, 1000), '24', 'peers at most'),
    out: required(outputFileValue, 'where the configuration goes; an existing folder takes it under its usual name'),
    'login-out': optional(outputFileValue, 'where the login goes'),
    force: forceOption,
  },
  async run(values, io) {
    const place = await io.files.place(values.out, values.force);
    const loginPlace = values['login-out'] === undefined ? null : await io.files.place(values['login-out'], values.force);
    return withCompanion(io, undefined, async (call) => {
      const made = await call('node.config', {
        program: values.for, network: values.network, use: values.use, rpcUser: values['rpc-user'], bind: [...values.bind], allow: [...values.allow],
        rpcPort: values['rpc-port'] ?? null, pruneMib: values.prune ?? null, maxConnections: values['max-connections'],
      });
      const login = loginPlace === null ? null : await io.files.write(loginPlace, made.loginName, made.login);
      const out = await io.files.write(place, made.suggestedName, made.config);
      return {
        json: { out, lines: made.lines, ...(login === null ? { login: made.login } : { loginOut: login }) },
        lines: [
          ...facts([['configuration', out], ...(login === null ? [] : [['login', login] as [string, string]])]),
          ...(login === null ? ['', io.style.bold('The login, shown this once. Keep it in a file that only you can read:'), ...made.login.trimEnd().split('\n').map((line) => `  ${line}`)] : []),
        ],
      };
    });
  },
});

const repair = defineCommand({
  name: 'node repair',
  summary: 'Repair a node\'s wallet step by step',
  notes: [
    'Without --run, --done or --skip it shows where the repair stands. Steps follow each other; what was done is recorded in the file, so that the repair can go on tomorrow. Nothing is ever deleted, and no private key is read.',
    'note-pending writes the waiting transactions whole beside the record, as NAME.pending.txt: id and hexadecimal, one a line.',
  ],
  positionals: {},
  options: {
    node: nodeOption,
    wallet: required(textValue('NAME'), 'the node\'s wallet'),
    file: required(outputFileValue, 'the record of the repair; begun where it is not there'),
    run: optional(choiceValue('STEP', repairStepNames), 'have the program do this step'),
    done: optional(choiceValue('STEP', repairStepNames), 'record that you did this step'),
    skip: optional(choiceValue('STEP', repairStepNames), 'record that this step does not apply'),
    'from-height': withDefault(integerValue('HEIGHT', 0, 100_000_000), '0', 'where rescan begins'),
  },
  async run(values, io) {
    const chosen = ([['run', values.run], ['done', values.done], ['skip', values.skip]] as const).filter(([, step]) => step !== undefined);
    if (chosen.length > 1) throw usageError('--run, --done and --skip exclude each other.', 'Give one.');
    const [action, step] = chosen[0] ?? (['show', undefined] as const);
    const record = await readIfThere(io, values.file);
    const place = await io.files.place(values.file, true);
    return withCompanion(io, undefined, async (call) => {
      const state = await call('node.repair', { node: onlyOne(values.node), wallet: values.wallet, record, action, step: step ?? null, fromHeight: values['from-height'] });
      if (state.pending.length > 0) await io.files.write(await io.files.place(`${values.file}.pending.txt`, true), 'pending.txt', `${state.pending.map(({ txid, transactionHex }) => `${txid} ${transactionHex}`).join('\n')}\n`);
      const out = state.record === record ? values.file : await io.files.write(place, 'repair.json', state.record);
      return { json: { next: state.next, steps: state.steps, pending: state.pending.map(({ txid, inMempool }) => ({ txid, inMempool })), out }, lines: repairLines(state, io) };
    });
  },
});

type Repair = InferOutput<typeof nodeRepair.output>;

const repairLines = (state: Repair, io: CommandIo): readonly string[] => state.steps.flatMap(({ step, state: how, at, record, purpose, commands, byProgram }) => {
  const isNext = step === state.next;
  const head = `${how === 'open' ? (isNext ? '->' : '  ') : how === 'done' ? 'ok' : '--'} ${step}${at === null ? '' : ` (${how} ${at})`}`;
  if (how !== 'open') return [head, ...record.slice(0, 40).map((line) => `     ${line}`)];
  return isNext ? [io.style.bold(head), `     ${purpose}`, ...commands.map((command) => `       ${command}`), `     then: --${byProgram ? 'run' : 'done'} ${step}, or --skip ${step}`] : [head];
});

/** The record where it is there; `null` where a repair begins. */
async function readIfThere(io: CommandIo, path: string): Promise<string | null> {
  try {
    return await io.files.readText(path, 20_000_000);
  } catch (error) {
    if (error instanceof StrongroomError && error.code === 'file.not-found') return null;
    throw error;
  }
}

/** Care is of one node at a time, also where the chain is asked of several. */
export const onlyOne = (node: string | readonly string[]): string => {
  const nodes = typeof node === 'string' ? [node] : node;
  if (nodes.length !== 1) throw usageError('This is for one node.', 'Give --node once.');
  return nodes[0] as string;
};

export const careCommands = [health, config, repair];
