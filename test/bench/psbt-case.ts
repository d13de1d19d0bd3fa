import { readFileSync } from 'node:fs';
import { BIP32Factory, type BIP32Interface } from 'bip32';
import * as secp from 'tiny-secp256k1';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { concat, parseHex } from '../../src/domain/bytes.ts';
import { formatPath, parsePath } from '../../src/domain/derivation-path.ts';
import { keyVersions } from '../../src/domain/network.ts';
import { singleKeyOutputs, type SingleKeyOutput } from '../../src/psbt/single-key-scripts.ts';
import { serializeTransaction, transactionId } from '../../src/psbt/transaction.ts';
import { createAddressDeriver, type DerivedAddress } from '../../src/wallet/address.ts';
import { fingerprintOf } from '../../src/wallet/extended-public-key.ts';
import { parseKeyRecord } from '../../src/wallet/key-record.ts';
import { createWallet, type Wallet } from '../../src/wallet/wallet.ts';

/** What is measured: 2-of-3 P2WSH and P2SH by two cosigners, or outputs that one key each spends. */
export const BENCH_SCRIPTS = ['p2wsh', 'p2sh', 'p2tr', 'p2wpkh', 'p2pkh'] as const;
export type BenchScript = (typeof BENCH_SCRIPTS)[number];
export const isCosigned = (script: BenchScript): script is 'p2wsh' | 'p2sh' => script === 'p2wsh' || script === 'p2sh';

export interface BenchOrder {
  readonly script: BenchScript;
  readonly inputs: number;
  /** Outputs beside the one that is spent, in each previous transaction: 1, or many for the hostile case. */
  readonly moreOutputs: number;
}

export interface BenchInput {
  readonly txid: string;
  readonly previousTransaction: Uint8Array;
  readonly scriptPubKey: Uint8Array;
  /** Of a quorum's scripts alone. */
  readonly derived: DerivedAddress | null;
  /** Of the single-key scripts alone. */
  readonly single: { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array; readonly output: SingleKeyOutput } | null;
}

/** The same for one order in every process, so that programs which share no code are given the same work. */
export interface BenchCase {
  readonly order: BenchOrder;
  readonly wallet: Wallet;
  /** Seeds of the three cosigners; the first two sign. */
  readonly seeds: readonly Uint8Array[];
  readonly inputs: readonly BenchInput[];
  readonly payment: { readonly scriptPubKey: Uint8Array; readonly amountSats: bigint };
}

export const IN_EACH = 100_000n;
export const SEQUENCE = 0xffff_fffd;
/** Where a cosigner's account is. @see BIP45, BIP48 */
export const originOf = (script: BenchScript): string => (script === 'p2sh' ? '45h/1h/0h' : '48h/1h/0h/2h');
/** P2WPKH of nobody. */
const STRANGER = concat(Uint8Array.of(0x00, 0x14), new Uint8Array(20).fill(0x55));
/** Distinct keys of the single-key cases: as many papers as a large sweep has. */
const MOST_KEYS = 1000;

const bip32 = BIP32Factory(secp);
export const masterOf = (seed: Uint8Array): BIP32Interface => bip32.fromSeed(seed, keyVersions('regtest'));
export const accountOf = (seed: Uint8Array, script: BenchScript): BIP32Interface => parsePath(originOf(script)).reduce((node, step) => node.derive(step), masterOf(seed));

/** A cosigner's keys of the receive branch, of which the node is derived once. */
export function keysOfBranch(seed: Uint8Array, script: BenchScript): (index: number) => BIP32Interface {
  const branch = accountOf(seed, script).derive(0);
  return (index) => branch.derive(index);
}

export function makeCase(order: BenchOrder): BenchCase {
  const seeds = [1, 2, 3].map((number) => new Uint8Array(32).fill(number));
  const wallet = createWallet({
    name: 'Bench',
    network: 'regtest',
    script: isCosigned(order.script) ? order.script : 'p2wsh',
    required: 2,
    cosigners: seeds.map((seed, index) => ({
      label: `Cosigner ${index + 1}`,
      record: parseKeyRecord(`[${fingerprintOf(masterOf(seed).publicKey)}/${formatPath(parsePath(originOf(order.script)))}]${accountOf(seed, order.script).neutered().toBase58()}`),
    })),
  });
  const deriver = createAddressDeriver(wallet);
  const singles = isCosigned(order.script) ? [] : Array.from({ length: Math.min(order.inputs, MOST_KEYS) }, (_, number) => singleKey(number, order.script));
  const inputs = Array.from({ length: order.inputs }, (_, position): BenchInput => {
    const derived = isCosigned(order.script) ? deriver.derive(0, position) : null;
    const single = singles[position % Math.max(1, singles.length)] ?? null;
    const scriptPubKey = (derived ?? single?.output)?.scriptPubKey as Uint8Array;
    return { ...funding(scriptPubKey, position, order.moreOutputs), scriptPubKey, derived, single };
  });
  return { order, wallet, seeds, inputs, payment: { scriptPubKey: STRANGER, amountSats: IN_EACH * BigInt(order.inputs) - 2_000n - 1_000n * BigInt(order.inputs) } };
}

function singleKey(number: number, script: BenchScript): NonNullable<BenchInput['single']> {
  const privateKey = new Uint8Array(32).fill(0x42);
  new DataView(privateKey.buffer).setUint32(0, number);
  const publicKey = secp.pointFromScalar(privateKey, true) as Uint8Array;
  const output = singleKeyOutputs(publicKey).find((each) => each.script === script) as SingleKeyOutput;
  return { privateKey, publicKey, output };
}

/** A previous transaction with a signed input, as a wallet's payment has, and change beside the output that is spent. */
function funding(scriptPubKey: Uint8Array, salt: number, moreOutputs: number): Pick<BenchInput, 'txid' | 'previousTransaction'> {
  const transaction = new Transaction();
  transaction.version = 2;
  transaction.ins.push({ hash: new Uint8Array(32).fill(0x11), index: salt, script: new Uint8Array(0), sequence: SEQUENCE, witness: [new Uint8Array(71).fill(0x22), new Uint8Array(33).fill(0x02)] });
  transaction.outs.push({ script: scriptPubKey, value: IN_EACH });
  for (let other = 0; other < moreOutputs; other += 1) transaction.outs.push({ script: STRANGER, value: 70_000n });
  return { previousTransaction: serializeTransaction(transaction, true), txid: transactionId(transaction) };
}

/** Milliseconds of processor time by step, one list entry a round. */
export type Steps = Record<string, number[]>;

/** Runs a step and notes the processor time it took, of all threads. */
export function timed<T>(steps: Steps, name: string, step: () => T): T {
  const before = process.cpuUsage();
  const result = step();
  const { user, system } = process.cpuUsage(before);
  const samples = steps[name] ?? [];
  steps[name] = samples;
  samples.push((user + system) / 1000);
  return result;
}

/** Runs the rounds. Those before, in which the runtime compiles what it will, are not counted. */
export function runRounds({ warmUps, rounds }: { readonly warmUps: number; readonly rounds: number }, round: (steps: Steps) => void): { readonly steps: Steps; readonly maxRssMiB: number } {
  const steps: Steps = {};
  for (let number = 0; number < warmUps; number += 1) round({});
  for (let number = 0; number < rounds; number += 1) round(steps);
  return { steps, maxRssMiB: Math.round(process.resourceUsage().maxRSS / 1024) };
}

/** What a measuring program is told on its command line, as JSON. */
export interface BenchTask {
  readonly order: BenchOrder;
  readonly warmUps: number;
  readonly rounds: number;
  /** Rounds in which building is measured too. */
  readonly builds: number;
  readonly resultFile: string;
  /** The unsigned PSBT in hex: written by the engine, read by the others. */
  readonly psbtFile: string;
  /** Where the description of the case for Electrum is to be written; `null` where it is not asked. */
  readonly electrumFile: string | null;
  /** Whether the engine computes with the native library, as the programs do where it loads, or with WebAssembly. */
  readonly native: boolean;
}

export const readTask = (): BenchTask => JSON.parse(process.argv[2] ?? '') as BenchTask;
export const readHexFile = (file: string): Uint8Array => parseHex(readFileSync(file, 'utf8'));
