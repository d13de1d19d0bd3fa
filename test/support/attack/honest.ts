/**
 * What an honest spend is to an attacker, and what honest spends are made of: sources, amounts, outputs, timing, and what does no harm
 * and is there all the same. The spends themselves are made in `spends.ts`.
 */
import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import * as secp from 'tiny-secp256k1';
import { concat } from '../../../src/domain/bytes.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import type { KeyValue, Psbt, TxOutput } from '../../../src/psbt/psbt.ts';
import { walletInputWeight } from '../../../src/psbt/expected-size.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import type { Approval } from '../../../src/review/approve.ts';
import type { ReviewContext } from '../../../src/review/review-psbt.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import { formatExtendedPublicKey } from '../../../src/wallet/extended-public-key.ts';
import { Random } from '../../fuzz/engine/random.ts';
import { fundingTransaction } from '../../unit/support/psbt-builder.ts';
import type { TestPaper } from '../../unit/support/paper-sweep-builder.ts';
import { treasury, type Cosigner, type Treasury } from './treasury.ts';
import type { SingleKeyScript } from '../../../src/domain/wallet-script.ts';
import { keyHashScript, scriptHashScript, witnessKeyHashScript } from '../../../src/wallet/locking-script.ts';
import type { SigningRule } from '../../../src/wallet/signing-rule.ts';

/** Who can spend an input, as only its owner knows it. */
export type Source =
  | { readonly kind: 'wallet'; readonly treasury: Treasury; readonly derived: DerivedAddress }
  | { readonly kind: 'paper'; readonly paper: TestPaper; readonly script: SingleKeyScript }
  /** Put there by an attacker: nobody here spends it, or not by right. */
  | { readonly kind: 'stranger' };

export type OwnSource = Exclude<Source, { readonly kind: 'stranger' }>;

export interface HonestSpend {
  readonly name: string;
  readonly kind: 'wallet' | 'sweep';
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
export const arrivals = treasury(2, 3, 'p2wsh', 70);

const LEAST_FEE_SATS = 2_000;

export interface Plan {
  readonly sources: readonly OwnSource[];
  readonly sequence: number;
  readonly locktime: number;
  readonly oneFunding: boolean;
  readonly payments: number;
  readonly change: boolean;
}

/** Inputs, outputs and amounts of a plan, updated as the Companion does; fees of 4 sat/vB or more and at most 2 % of the inputs. */
export function built(random: Random, plan: Plan, back: { readonly treasury: Treasury; readonly derived: DerivedAddress }): { psbt: Psbt; payments: number[]; own: HonestSpend['own'] } {
  const { sources } = plan;
  // What weighs much is worth more, so that a fee that nodes relay is a small part of it.
  const amounts = sources.map((source) => 400_000 + random.int(1_600_000) + 2_000 * inputVsize(source));
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
    inputs: sources.map((source, index) => ({ previousTransaction: (fundings[index] as { bytes: Uint8Array }).bytes, derived: source.kind === 'wallet' ? source.derived : undefined })),
    outputs: outputs.map((_, index) => (index === ownAt ? { derived: back.derived } : {})),
  });
  return { psbt, payments: outputs.flatMap((_, index) => (index === ownAt ? [] : [index])), own: ownAt < 0 ? [] : [{ index: ownAt, ...back }] };
}

const scriptOf = (source: OwnSource): Uint8Array => (source.kind === 'wallet' ? source.derived.scriptPubKey : source.paper.output(source.script).scriptPubKey);
/** At most, vB. */
export const inputVsize = (source: OwnSource): number => (source.kind === 'wallet' ? 42 + Math.ceil(walletInputWeight(source.treasury.wallet) / 4) : 182);
/** How the hash is made that its owner signs. */
export const ruleOf = (source: OwnSource): SigningRule => (source.kind === 'wallet' ? source.derived.rule : source.paper.output(source.script).rule);

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
export function dressed(random: Random, psbt: Psbt, wallets: readonly Treasury[], version?: 0 | 2): { psbt: Psbt; dress: string } {
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
  if (version === 2 || (version === undefined && random.oneIn(3))) {
    made = asVersion2(made, [undefined, 0, 4][random.int(3)]);
    dress.push('v2');
  }
  return { psbt: made, dress: dress.length === 0 ? '' : ` (${dress.join(', ')})` };
}

const REACHED = 120;
export function timing(random: Random): Pick<Plan, 'sequence' | 'locktime' | 'oneFunding'> & { tipHeight?: number } {
  const sequence = random.pick([0xffff_ffff, 0xffff_fffe, 0xffff_fffd]);
  const isLocked = sequence !== 0xffff_ffff && random.oneIn(2);
  return { sequence, locktime: isLocked ? 1 + random.int(REACHED) : 0, oneFunding: random.oneIn(3), ...(isLocked ? { tipHeight: REACHED } : {}) };
}

export const addressOf = (from: Treasury, branch: 0 | 1, index: number): DerivedAddress => from.deriver.derive(branch, index);
