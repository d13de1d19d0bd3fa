import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPracticeNetwork, payFromFaucet } from '../../src/node/practice/practice-network.ts';
import { readPracticeKeys } from '../../src/node/practice/practice-seed-file.ts';
import { PracticeStore } from '../../src/node/companion/practice-store.ts';
import { companionCommandContract } from '../../src/host/companion-contract.ts';
import { serve } from '../../src/host/serve.ts';
import { nodeCompanionEffects } from '../../src/node/companion/effects.ts';
import { createCompanionCommandHandlers } from '../../src/service/companion/handlers.ts';
import { readTransactionFile } from '../../src/companion/transaction-file.ts';
import { parseBase64 } from '../../src/domain/bytes.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { parseTransaction } from '../../src/psbt/transaction.ts';
import { formatWalletFile } from '../../src/wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../src/wallet/policy-id.ts';
import { coldKeys } from '../support/peers/cold-keys.ts';

/*
 * kill -9 of the Companion's command line at random moments while it reads the chain, plans, takes replies and broadcasts, on the practice
 * network. After each kill: the ledger is whole; nothing is with the node that the books do not know of, and nothing that was to be sent
 * is forgotten; the same command, given again, does the work once; books and node agree to the satoshi; no file is left beside those that
 * the next run removes.
 */

const KILLS = Number(process.env['STRONGROOM_KILLS'] ?? 12);
const FULL = 500;
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const cold = coldKeys('practice', 1);
/** A copy of the built program: a build meanwhile must not look like a fault. */
let program: string;
let folder: string;
let chain: PracticeStore;
let keys: Awaited<ReturnType<typeof readPracticeKeys>>;
let walletText: string;
let walletId: string;
let coldAddress: string;
const ledgerFile = (): string => join(folder, 'books', 'ledger.db');
const node = (): string => `practice://${join(folder, 'chain')}`;

/** Small, fast and repeatable: which moment a run was killed at is told by its seed where a test fails. */
let seed = Number(process.env['STRONGROOM_KILL_SEED'] ?? Date.now() % 1_000_000);
const firstSeed = seed;
function chance(): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return seed / 2 ** 32;
}

beforeAll(async () => {
  const built = join(root, 'dist/companion');
  if (!existsSync(join(built, 'cli.cjs'))) throw new Error('The programs are not built: run npm run build first (npm test does).');
  folder = mkdtempSync(join(tmpdir(), 'strongroom-kill-'));
  cpSync(join(built, 'cli.cjs'), join(folder, 'program', 'cli.cjs'));
  cpSync(join(built, 'native'), join(folder, 'program', 'native'), { recursive: true });
  program = join(folder, 'program', 'cli.cjs');
  for (const name of ['books', 'out', 'tmp']) mkdirSync(join(folder, name));
  await createPracticeNetwork(join(folder, 'chain'));
  keys = await readPracticeKeys(join(folder, 'chain'));
  chain = new PracticeStore(join(folder, 'chain'));
  const { wallet } = cold;
  walletText = formatWalletFile(wallet);
  walletId = policyIdOf(wallet).walletId;
  writeFileSync(join(folder, 'wallet.json'), walletText);
  coldAddress = JSON.parse(walletText).firstReceive as string;
  payFromFaucet(chain, keys, { amountSats: 5_000_000_000n, to: coldAddress, outputs: 3, mine: true });
});
afterAll(() => {
  chain.close();
  rmSync(folder, { recursive: true, force: true });
});

const mine = (): void => chain.write((state) => void state.mine({ scriptPubKey: Buffer.from(chain.fact('faucet_script'), 'hex'), time: Math.floor(Date.now() / 1000), includeMempool: true }));

/** Asks in this process, as the next run of the program would. */
async function ask(name: keyof typeof companionCommandContract, input: Record<string, unknown>): Promise<any> {
  const practiceMain = join(root, 'src/cli/practice/main.ts');
  const effects = nodeCompanionEffects({ ledgerFile: ledgerFile(), practiceHotWallet: { command: process.execPath, args: ['--disable-warning=ExperimentalWarning', practiceMain], env: { PATH: process.env['PATH'] ?? '' } } });
  try {
    const faults: unknown[] = [];
    const reply = await serve(companionCommandContract, createCompanionCommandHandlers(effects), (_, fault) => faults.push(fault))(name, input, { progress: () => undefined, isCancelled: () => false });
    if (!reply.ok) throw new Error(`${name}: ${reply.error.code} ${reply.error.message} ${String(faults[0] ?? '')}`);
    return reply.value;
  } finally {
    await effects.close();
  }
}

interface Ended {
  readonly killed: boolean;
  readonly exit: number | null;
  readonly output: string;
  readonly tookMs: number;
}

/** When a run is killed: after some time, or some moments after it begins to write to the ledger. */
type Moment = { readonly afterMs: number } | { readonly afterWriteMs: number };

/** Runs a command line, killed at a moment or not at all. */
async function run(args: readonly string[], moment: Moment | null): Promise<Ended> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args, '--json'], { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: join(folder, 'tmp') }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  if (moment !== null) {
    const watching = new AbortController();
    await Promise.race([ended, 'afterMs' in moment ? delay(moment.afterMs) : firstWrite(watching.signal).then(() => delay(moment.afterWriteMs))]);
    watching.abort();
    child.kill('SIGKILL');
  }
  await ended;
  return { killed: child.signalCode === 'SIGKILL', exit: child.exitCode, output, tookMs: performance.now() - began };
}

/** Resolves when something is written where the ledger lies; the system says so, nothing is polled. */
const firstWrite = (signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  const watcher = watch(dirname(ledgerFile()), { signal }, () => {
    watcher.close();
    resolve();
  });
  watcher.on('error', () => undefined);
});

const common = (): string[] => ['--node', node(), '--db', ledgerFile()];
interface Job {
  readonly name: string;
  readonly args: readonly string[];
  /** What the output file must be when the command has ended. */
  readonly out: string | null;
  /** The transaction that it sends. */
  readonly sends: { readonly txid: string; readonly outpoints: readonly string[] } | null;
}

let count = 0;
async function signedSweep(): Promise<{ file: string; sends: NonNullable<Job['sends']> }> {
  payFromFaucet(chain, keys, { amountSats: 1_000_000n, to: null, outputs: 2, mine: true });
  const planned = await ask('sweep.plan', { from: 'hot', to: walletText, node: node(), floorSats: null, feeRate: '2' });
  const signed = await ask('hot.sign', { from: 'hot', node: node(), psbtFileBase64: planned.psbtBase64 });
  const file = join(folder, `signed-${count}.psbt`);
  writeFileSync(file, parseBase64(signed.psbtBase64));
  const { bytes, txid } = readTransactionFile(parseBase64(signed.psbtBase64));
  const { transaction } = parseTransaction(bytes);
  return { file, sends: { txid, outpoints: transaction.ins.map(({ hash, index }) => `${Buffer.from(hash).reverse().toString('hex')}:${index}`) } };
}

/** A payment out of the cold wallet, planned and signed in full as a network transaction. */
async function signedPayment(): Promise<{ file: string; planId: string; sends: NonNullable<Job['sends']> }> {
  payFromFaucet(chain, keys, { amountSats: 300_000n, to: coldAddress, outputs: 1, mine: true });
  const planned = await ask('pay.plan', { wallet: walletText, paymentsCsv: `address,amount_sats,reference\n${coldAddress},${30_000 + count},invoice ${count}\n`, node: node(), feeRate: '2', payAgain: true });
  const { transaction } = decodePsbt(parseBase64(planned.psbtBase64));
  const { utxos } = await ask('wallet.sync', { wallet: walletText, node: node() });
  const outpoints = transaction.ins.map(({ hash, index }) => `${Buffer.from(hash).reverse().toString('hex')}:${index}`);
  const inputs = outpoints.map((outpoint) => {
    const utxo = utxos.find((item: { txid: string; vout: number }) => `${item.txid}:${item.vout}` === outpoint);
    return { ...utxo, amountSats: BigInt(utxo.amountSats), branch: utxo.branch === 'receive' ? 0 as const : 1 as const };
  });
  const bytes = cold.spend({ inputs, outputs: transaction.outs.map(({ script, value }) => ({ scriptPubKey: script, amountSats: value })), locktime: transaction.locktime, sequence: transaction.ins[0]?.sequence as number });
  const file = join(folder, `payment-${count}.tx`);
  writeFileSync(file, bytes);
  const { txid, planId } = readTransactionFile(bytes);
  return { file, planId, sends: { txid, outpoints } };
}

const makers: readonly (() => Promise<Job>)[] = [
  async () => {
    payFromFaucet(chain, keys, { amountSats: 10_000n + BigInt(count), to: coldAddress, outputs: 1, mine: count % 2 === 0 });
    return { name: 'ledger refresh', args: ['ledger', 'refresh', '--wallet', 'wallet.json', ...common()], out: null, sends: null };
  },
  async () => {
    payFromFaucet(chain, keys, { amountSats: 1_000_000n, to: null, outputs: 1, mine: true });
    return { name: 'sweep plan', args: ['sweep', 'plan', '--from', 'hot', '--to', 'wallet.json', '--fee-rate', '2', '--out', `out/sweep-${count}.psbt`, '--force', ...common()], out: `sweep-${count}.psbt`, sends: null };
  },
  async () => {
    writeFileSync(join(folder, 'payments.csv'), `address,amount_sats,reference\n${coldAddress},${20_000 + count},invoice ${count}\n`);
    return { name: 'pay plan', args: ['pay', 'plan', '--wallet', 'wallet.json', '--payments', 'payments.csv', '--fee-rate', '2', '--out', `out/pay-${count}.psbt`, '--force', '--pay-again', ...common()], out: `pay-${count}.psbt`, sends: null };
  },
  async () => {
    const { file } = await signedPayment();
    return { name: 'queue add', args: ['queue', 'add', file, '--db', ledgerFile()], out: null, sends: null };
  },
  async () => {
    const { file, planId, sends } = await signedPayment();
    await ask('queue.add', { files: [{ name: 'reply.tx', contentBase64: readFileSync(file).toString('base64') }] });
    return { name: 'queue broadcast', args: ['queue', 'broadcast', planId, ...common()], out: null, sends };
  },
  async () => {
    const { file, sends } = await signedSweep();
    return { name: 'tx broadcast', args: ['tx', 'broadcast', file, '--wallet', 'wallet.json', '--reference', `run ${count}`, ...common()], out: null, sends };
  },
  async () => {
    const { file, sends } = await signedSweep();
    return { name: 'tx broadcast', args: ['tx', 'broadcast', file, '--wallet', 'wallet.json', ...common()], out: null, sends };
  },
];

/** What the node holds of a transaction: in how many places, and whether anything else spends its inputs. */
function atNode({ txid, outpoints }: NonNullable<Job['sends']>): { readonly known: boolean; readonly rivals: number } {
  return chain.read((state) => {
    const known = state.find(txid) !== undefined;
    const rivals = outpoints.filter((outpoint) => {
      const waiting = state.mempool.spenderOf(outpoint);
      return waiting === undefined ? !known && state.coin(outpoint) === undefined : waiting !== txid;
    }).length;
    return { known, rivals };
  });
}

function requireWholeBooks(): void {
  if (!existsSync(ledgerFile())) return;
  const database = new DatabaseSync(ledgerFile());
  try {
    expect(Object.values(database.prepare('PRAGMA integrity_check').get() ?? {})).toEqual(['ok']);
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  } finally {
    database.close();
  }
}

test(`killed at ${KILLS} random moments${KILLS < FULL ? ` (the full size is STRONGROOM_KILLS=${FULL})` : ''} of sync, planning and broadcast, nothing is lost, sent twice or forgotten (seed ${firstSeed})`, async () => {
  const usual = new Map<string, number>();
  const seen = { killed: 0, ended: 0, sentBeforeTheKill: 0, unsent: 0, parts: 0 };
  for (count = 0; seen.killed < KILLS; count += 1) {
    const job = await (makers[count % makers.length] as () => Promise<Job>)();
    const where = `${job.name}, run ${count}, seed ${firstSeed}`;
    // The first of each kind tells how long it takes, unharmed; what was killed before it began would prove nothing.
    const longest = usual.get(job.name);
    const moment = chance() < 0.5 && job.sends !== null ? { afterWriteMs: 30 * chance() ** 2 } : { afterMs: (longest ?? 0) * (0.25 + 0.8 * chance()) };
    const first = await run(job.args, longest === undefined ? null : moment);
    if (longest === undefined) usual.set(job.name, first.tookMs);
    if (first.killed) seen.killed += 1;
    else {
      seen.ended += 1;
      expect(first.exit, `${where}: ${first.output.slice(0, 500)}`).toBe(0);
    }
    requireWholeBooks();
    seen.parts += readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.part')).length;

    if (job.sends !== null) {
      const { txid } = job.sends;
      const before = atNode(job.sends);
      expect(before.rivals, where).toBe(0);
      const refreshed = await ask('ledger.refresh', { wallets: [walletText], node: node() });
      const database = new DatabaseSync(ledgerFile(), { readOnly: true });
      const intent = database.prepare('SELECT state FROM broadcast WHERE txid = ?').get(txid)?.['state'];
      database.close();
      // Nothing is with the node that the books do not know of; what was intended and never arrived is named until it is sent.
      if (before.known) {
        seen.sentBeforeTheKill += 1;
        expect(intent, where).toBe('sent');
      } else {
        expect([undefined, 'intended'], where).toContain(intent);
        expect(refreshed.unsent.includes(txid), where).toBe(intent === 'intended');
        if (intent === 'intended') seen.unsent += 1;
      }
    }
    const again = await run(job.args, null);
    expect(again.exit, `${where}, again: ${again.output.slice(0, 500)}`).toBe(0);
    if (job.sends !== null) expect(atNode(job.sends), where).toEqual({ known: true, rivals: 0 });
    if (job.out !== null) {
      // Whole, and the plan that the books have.
      expect([...readFileSync(join(folder, 'out', job.out)).subarray(0, 5)], where).toEqual([0x70, 0x73, 0x62, 0x74, 0xff]);
      expect(readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.part')), where).toEqual([]);
    }
    if (count % 3 === 0) mine();
    if (job.sends !== null || count % 4 === 0) {
      const state = await ask('ledger.refresh', { wallets: [walletText], node: node() });
      expect(state.unsent, where).toEqual([]);
      const audit = await ask('ledger.audit', { wallet: walletText, node: node() });
      expect([audit.agrees, audit.ledgerSats], where).toEqual([true, audit.nodeSats]);
    }
    // Only the ledger: no journal and no temporary file outlives the next run.
    expect(readdirSync(join(folder, 'books')).filter((name) => name !== 'ledger.db'), where).toEqual([]);
    expect(readdirSync(join(folder, 'tmp')), where).toEqual([]);
  }
  expect(await ask('ledger.check', {})).toMatchObject({ whole: true, faults: [] });
  console.log(`kills: ${seen.killed}; ended before the kill: ${seen.ended}; with the node already: ${seen.sentBeforeTheKill}; intended and not sent: ${seen.unsent}; half-written files left and removed: ${seen.parts}; seed ${firstSeed}; walletId ${walletId.slice(0, 8)}`);
  expect(seen.killed).toBe(KILLS);
}, 60_000 + KILLS * 8_000);
