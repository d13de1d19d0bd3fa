/**
 * Honest PSBTs by a seed: payments, batches and consolidations of quorum wallets, several wallets in one transaction, sweeps of
 * paper keys of every script type, unsigned and half signed, of version 0 and 2. Each comes with everything that an attacker needs to
 * know of it, and every one is judged ready.
 */
import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import * as secp from 'tiny-secp256k1';
import { concat } from '../../../src/domain/bytes.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { KeyValue, Psbt, PsbtInput, TxOutput } from '../../../src/psbt/psbt.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import { approve, type Approval } from '../../../src/review/approve.ts';
import { reviewPsbt, type ReviewContext } from '../../../src/review/review-psbt.ts';
import { signWithPaperKeys } from '../../../src/signer/paper-key-sign.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import { formatExtendedPublicKey } from '../../../src/wallet/extended-public-key.ts';
import { Random } from '../../fuzz/engine/random.ts';
import { fundingTransaction, signedAs } from '../../unit/support/psbt-builder.ts';
import { testPaper, type TestPaper } from '../../unit/support/paper-sweep-builder.ts';
import { curves, signAs, treasury, type Cosigner, type Treasury } from './treasury.ts';
import type { SingleKeyScript } from '../../../src/domain/wallet-script.ts';
import { keyHashScript, scriptHashScript, witnessKeyHashScript } from '../../../src/wallet/locking-script.ts';

/** Who can spend an input, as only its owner knows it. */
export type Source =
  | { readonly kind: 'quorum'; readonly treasury: Treasury; readonly derived: DerivedAddress }
  | { readonly kind: 'paper'; readonly paper: TestPaper; readonly script: SingleKeyScript }
  /** Put there by an attacker: nobody here spends it, or not by right. */
  | { readonly kind: 'stranger' };

export type OwnSource = Exclude<Source, { readonly kind: 'stranger' }>;

export interface HonestSpend {
  readonly name: string;
  readonly kind: 'quorum' | 'sweep';
  readonly psbt: Psbt;
  readonly context: ReviewContext;
  /** One for each input. */
  readonly sources: readonly Source[];
  /** Wallets that it spends from; empty for a sweep. */
  readonly treasuries: readonly Treasury[];
  /** Who is asked to sign; `null` for a sweep, which its papers sign. */
  readonly signer: Cosigner | null;
  readonly papers: readonly TestPaper[];
  /** Outputs to strangers. */
  readonly payments: readonly number[];
  /** Outputs to a registered wallet, with what they were derived from. */
  readonly own: readonly { readonly index: number; readonly treasury: Treasury; readonly derived: DerivedAddress }[];
  readonly hasSignatures: boolean;
  /** Signs as the program does. */
  readonly sign: (approval: Approval) => Psbt;
}

/** The wallet that sweeps go to. */
export const arrivals = treasury(2, 3, 70);

const LEAST_FEE_SATS = 2_000;

interface Plan {
  readonly sources: readonly OwnSource[];
  readonly sequence: number;
  readonly locktime: number;
  readonly oneFunding: boolean;
  readonly payments: number;
  readonly change: boolean;
}

/** Inputs, outputs and amounts of a plan, updated as the Companion does; fees of 4 sat/vB or more and at most 2 % of the inputs. */
function built(random: Random, plan: Plan, back: { readonly treasury: Treasury; readonly derived: DerivedAddress }): { psbt: Psbt; payments: number[]; own: HonestSpend['own'] } {
  const { sources } = plan;
  const amounts = sources.map(() => 400_000 + random.int(1_600_000));
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const vsize = sources.reduce((sum, source) => sum + inputVsize(source), 11) + 43 * (plan.payments + 1);
  const fee = Math.max(LEAST_FEE_SATS, Math.min(vsize * (4 + random.int(16)), Math.floor(total / 50)));
  const left = total - fee;
  // Change gets a part, or everything that is no payment.
  const changeSats = plan.payments === 0 ? left : plan.change ? Math.floor((left * (10 + random.int(40))) / 100) : 0;
  const paid = left - changeSats;
  const each = plan.payments === 0 ? 0 : Math.floor(paid / plan.payments);
  const payments = Array.from({ length: plan.payments }, (_, index): TxOutput => ({ scriptPubKey: strangeScript(random), amountSats: BigInt(index === 0 ? paid - each * (plan.payments - 1) : each) }));
  const changeOutputs = changeSats === 0 ? [] : [{ scriptPubKey: back.derived.scriptPubKey, amountSats: BigInt(changeSats) }];
  // Change stands anywhere, not always last.
  const changeAt = random.int(payments.length + 1);
  const outputs = [...payments.slice(0, changeAt), ...changeOutputs, ...payments.slice(changeAt)];
  const spent = sources.map((source, index): TxOutput => ({ scriptPubKey: scriptOf(source), amountSats: BigInt(amounts[index] as number) }));
  const salt = random.int(2 ** 31);
  const together = fundingTransaction(spent, salt);
  const fundings = spent.map((output, index) => (plan.oneFunding ? together : fundingTransaction([{ scriptPubKey: strangeScript(random), amountSats: 5_000n }, output], salt + index)));
  const created = createPsbt({
    inputs: fundings.map(({ txid }, index) => ({ txid, vout: plan.oneFunding ? index : 1, sequence: plan.sequence })),
    outputs,
    locktime: plan.locktime,
  });
  const ownAt = changeSats === 0 ? -1 : changeAt;
  const psbt = updatePsbt(created, {
    inputs: sources.map((source, index) => ({ previousTransaction: (fundings[index] as { bytes: Uint8Array }).bytes, derived: source.kind === 'quorum' ? source.derived : undefined })),
    outputs: outputs.map((_, index) => (index === ownAt ? { derived: back.derived } : {})),
  });
  return { psbt, payments: outputs.flatMap((_, index) => (index === ownAt ? [] : [index])), own: ownAt < 0 ? [] : [{ index: ownAt, ...back }] };
}

const scriptOf = (source: OwnSource): Uint8Array => (source.kind === 'quorum' ? source.derived.scriptPubKey : source.paper.output(source.script).scriptPubKey);
const inputVsize = (source: OwnSource): number => (source.kind === 'quorum' ? 45 + Math.ceil((source.treasury.required * 72 + source.treasury.total * 34) / 4) : 182);

/** A script of nobody here, of any standard type. */
export function strangeScript(random: Random): Uint8Array {
  switch (random.int(5)) {
    case 0: return keyHashScript(random.bytes(20));
    case 1: return scriptHashScript(random.bytes(30));
    case 2: return concat(Uint8Array.of(0x00, 0x20), random.bytes(32));
    case 3: return concat(Uint8Array.of(0x51, 0x20), strangePoint(random).subarray(1));
    default: return witnessKeyHashScript(random.bytes(20));
  }
}

/** A public key of nobody here. */
export function strangePoint(random: Random): Uint8Array {
  return secp.pointFromScalar(concat(Uint8Array.of(1), random.bytes(31)), true) as Uint8Array;
}

const base58 = createBase58check(sha256);

/** The account keys of a wallet as global fields. @see BIP174, PSBT_GLOBAL_XPUB */
function globalXpubs({ wallet }: Treasury): KeyValue[] {
  return wallet.cosigners.map(({ record }) => {
    const path = new Uint8Array(record.path.length * 4);
    record.path.forEach((step, index) => new DataView(path.buffer).setUint32(index * 4, step, true));
    return { keyType: 0x01, keyData: base58.decode(formatExtendedPublicKey(record.key, wallet.network)), value: concat(Uint8Array.from(Buffer.from(record.masterFingerprint, 'hex')), path) };
  });
}

const proprietary = (random: Random): KeyValue => ({ keyType: 0xfc, keyData: concat(Uint8Array.of(3), random.bytes(3), Uint8Array.of(random.int(250)), random.bytes(4)), value: random.bytes(random.int(40)) });

/** The same transaction said in version 2. */
export const asVersion2 = (psbt: Psbt, modifiable?: number): Psbt => ({
  ...psbt, version: 2,
  version2: {
    ...(psbt.transaction.locktime === 0 ? {} : { fallbackLocktime: psbt.transaction.locktime }),
    ...(modifiable === undefined ? {} : { modifiable }),
    inputs: psbt.transaction.ins.map(({ sequence }) => ({ statesSequence: sequence !== 0xffff_ffff })),
  },
});

/** What does no harm and is there all the same: account keys, proprietary fields, version 2, stated sighash types. */
function dressed(random: Random, psbt: Psbt, wallets: readonly Treasury[]): { psbt: Psbt; dress: string } {
  const dress: string[] = [];
  let made = psbt;
  const [first] = wallets;
  if (first !== undefined && first.total < 6 && random.oneIn(4)) {
    made = { ...made, globalFields: globalXpubs(first) };
    dress.push('xpubs');
  }
  if (random.oneIn(4)) {
    made = { ...made, inputs: made.inputs.map((input, index) => (index === 0 ? { ...input, otherFields: [...input.otherFields, proprietary(random)] } : input)) };
    dress.push('proprietary');
  }
  if (random.oneIn(4)) {
    made = { ...made, inputs: made.inputs.map((input) => ({ ...input, sighashType: 1 })) };
    dress.push('sighash');
  }
  if (random.oneIn(3)) {
    made = asVersion2(made, [undefined, 0, 4][random.int(3)]);
    dress.push('v2');
  }
  return { psbt: made, dress: dress.length === 0 ? '' : ` (${dress.join(', ')})` };
}

const REACHED = 120;
function timing(random: Random): Pick<Plan, 'sequence' | 'locktime' | 'oneFunding'> & { tipHeight?: number } {
  const sequence = random.pick([0xffff_ffff, 0xffff_fffe, 0xffff_fffd]);
  const isLocked = sequence !== 0xffff_ffff && random.oneIn(2);
  return { sequence, locktime: isLocked ? 1 + random.int(REACHED) : 0, oneFunding: random.oneIn(3), ...(isLocked ? { tipHeight: REACHED } : {}) };
}

export interface QuorumShape {
  readonly wallets: readonly Treasury[];
  readonly inputs: number;
  readonly payments: number;
  readonly change: boolean;
  /** Cosigners who signed before; of the first wallet. */
  readonly signed: number;
  /** Nothing that is not needed. */
  readonly plain?: boolean;
}

/** A spend of quorum wallets; this key is a cosigner who has not signed. */
export function quorumSpend(random: Random, { wallets, inputs, payments, change, signed, plain = false }: QuorumShape): HonestSpend {
  const [first] = wallets as [Treasury];
  const { tipHeight, ...times } = timing(random);
  const indices = new Set<string>();
  const sources = Array.from({ length: inputs }, (_, position): OwnSource => {
    const from = wallets[position % wallets.length] as Treasury;
    for (;;) {
      const branch = random.oneIn(3) ? 1 : 0;
      const index = random.int(40);
      const name = `${from.walletId}/${branch}/${index}`;
      if (indices.has(name)) continue;
      indices.add(name);
      return { kind: 'quorum', treasury: from, derived: addressOf(from, branch, index) };
    }
  });
  const back = { treasury: first, derived: addressOf(first, 1, 40 + random.int(20)) };
  const made = built(random, { sources, payments, change, ...times }, back);
  const dressing = plain ? { psbt: made.psbt, dress: '' } : dressed(random, made.psbt, wallets);
  // Wallets share their first keys, so that one of those is a cosigner of all.
  const signing = random.int(Math.min(...wallets.map(({ total }) => total)));
  const before = first.keys.filter((_, position) => position !== signing).slice(0, signed);
  const psbt = before.reduce((state, key) => wallets.reduce((each, wallet) => (wallet.keys.some(({ fingerprint }) => fingerprint === key.fingerprint) ? signedAs(each, wallet, key) : each), state), dressing.psbt);
  const signer = first.cosigner(signing);
  return {
    name: `${wallets.map(({ required, total }) => `${required}-of-${total}`).join(' and ')}, ${inputs} in, ${payments} paid${change || payments === 0 ? ', change' : ''}, ${signed} signed${dressing.dress}`,
    kind: 'quorum',
    psbt, sources, payments: made.payments, own: made.own, signer, papers: [],
    treasuries: wallets,
    context: { wallets: wallets.map(({ reviewWallet }) => reviewWallet), network: 'regtest', thisKey: signer.reviewKey, ...(tipHeight === undefined ? {} : { tipHeight }) },
    hasSignatures: before.length > 0,
    sign: (approval) => signAs(signer, wallets, approval),
  };
}

const addresses = new Map<string, DerivedAddress>();
export function addressOf(from: Treasury, branch: 0 | 1, index: number): DerivedAddress {
  const name = `${from.walletId}/${branch}/${index}`;
  const known = addresses.get(name) ?? from.deriver.derive(branch, index);
  addresses.set(name, known);
  return known;
}

export interface SweepShape {
  readonly inputs: readonly { readonly script: SingleKeyScript; readonly compressed: boolean }[];
  /** How many of the inputs are signed already. */
  readonly signed: number;
  /** Taproot inputs alone need no previous transaction. */
  readonly withoutPrevious?: boolean;
  readonly plain?: boolean;
}

const papersByName = new Map<string, TestPaper>();
function paperOf(number: number, compressed: boolean): TestPaper {
  const known = papersByName.get(`${number} ${compressed}`) ?? testPaper(number, compressed);
  papersByName.set(`${number} ${compressed}`, known);
  return known;
}

/** A sweep of paper keys into the registered wallet `arrivals`. */
export function sweepSpend(random: Random, { inputs, signed, withoutPrevious = false, plain = false }: SweepShape): HonestSpend {
  const { tipHeight, ...times } = timing(random);
  const sources = inputs.map(({ script, compressed }, position): Extract<Source, { kind: 'paper' }> => ({ kind: 'paper', paper: paperOf(100 + position * 10 + random.int(10), compressed), script }));
  const back = { treasury: arrivals, derived: addressOf(arrivals, 0, random.int(20)) };
  const made = built(random, { sources, payments: 0, change: true, ...times }, back);
  const dressing = plain ? { psbt: made.psbt, dress: '' } : dressed(random, made.psbt, []);
  const bare = withoutPrevious ? { ...dressing.psbt, inputs: dressing.psbt.inputs.map(({ nonWitnessUtxo: _, ...input }): PsbtInput => input) } : dressing.psbt;
  const papers = [...new Set(sources.map(({ paper }) => paper))];
  const context: ReviewContext = { wallets: [], singleKeys: papers, destinations: [arrivals.reviewWallet], network: 'regtest', thisKey: null, ...(tipHeight === undefined ? {} : { tipHeight }) };
  const sign = (approval: Approval): Psbt => signWithPaperKeys(approval, papers.map(({ paperKey }) => paperKey), curves);
  const names = [...new Set(inputs.map(({ script, compressed }) => `${compressed ? '' : 'uncompressed '}${script}`))].join(' ');
  return {
    name: `sweep of ${inputs.length} (${names})${withoutPrevious ? ' without previous transactions' : ''}, ${signed} signed${dressing.dress}`,
    kind: 'sweep',
    psbt: partlySigned(bare, context, sign, signed),
    sources, payments: [], own: made.own, signer: null, papers, treasuries: [], context, sign,
    hasSignatures: signed > 0,
  };
}

/** The first inputs with their signatures, the others without. */
function partlySigned(psbt: Psbt, context: ReviewContext, sign: HonestSpend['sign'], signed: number): Psbt {
  if (signed === 0) return psbt;
  const bytes = encodePsbt(psbt);
  const whole = sign(approve(reviewPsbt(bytes, context), bytes, []));
  return { ...psbt, inputs: psbt.inputs.map((input, index) => (index < signed ? (whole.inputs[index] as PsbtInput) : input)) };
}

const every: readonly { readonly script: SingleKeyScript; readonly compressed: boolean }[] = [
  { script: 'p2pkh', compressed: true }, { script: 'p2pkh', compressed: false }, { script: 'p2sh-p2wpkh', compressed: true },
  { script: 'p2wpkh', compressed: true }, { script: 'p2tr', compressed: true },
];
const quorums = [[1, 1], [2, 3], [3, 5], [11, 15]] as const;

/** Honest spends in an endless row, the same for one seed: every quorum, every script type, every state in turn. */
export function honestSpend(seed: number, number: number): HonestSpend {
  const random = new Random(seed, number);
  const turn = number % 12;
  if (turn < 6) {
    const [required, total] = quorums[turn < 4 ? turn : random.int(3)] as readonly [number, number];
    const large = turn < 3 && random.oneIn(8);
    const inputs = large ? 10 + random.int(11) : 1 + random.int(total > 5 ? 2 : 4);
    return quorumSpend(random, { wallets: [treasury(required, total)], inputs, payments: random.pick([0, 1, 1, 2, 3, 5, 12]), change: !random.oneIn(4), signed: random.int(required) });
  }
  if (turn === 6) {
    const [a, b] = random.pick([[treasury(2, 3), treasury(1, 1)], [treasury(2, 3), treasury(3, 5)], [treasury(3, 5), treasury(2, 3)]] as const);
    return quorumSpend(random, { wallets: b.total > a.total || b.total === 3 ? [a, b] : [treasury(1, 1), a], inputs: 2 + random.int(4), payments: random.int(3), change: true, signed: 0 });
  }
  if (turn < 11) {
    const inputs = turn === 10 ? every : Array.from({ length: 1 + random.int(4) }, () => random.pick(every));
    return sweepSpend(random, { inputs, signed: random.int(inputs.length) });
  }
  const inputs = Array.from({ length: 1 + random.int(4) }, () => ({ script: 'p2tr' as const, compressed: true }));
  return sweepSpend(random, { inputs, signed: random.int(inputs.length), withoutPrevious: random.oneIn(2) });
}
