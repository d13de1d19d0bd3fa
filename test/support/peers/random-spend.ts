/** Random transactions out of a wallet of any script type, made by the program's own planner, creator and updater. */
import { ownKind } from '../../../src/companion/plan/candidates.ts';
import { completePayment, planPayments } from '../../../src/companion/plan/payment-plan.ts';
import { planOutputs, PLAN_LOCKTIME, PLAN_SEQUENCE, type Plan, type Spendable } from '../../../src/companion/plan/plan.ts';
import { plannedPsbt } from '../../../src/companion/plan/planned-psbt.ts';
import { transactionVsizeVb } from '../../../src/companion/plan/vsize.ts';
import type { Payment } from '../../../src/companion/payments/payments.ts';
import { sats } from '../../../src/domain/amount.ts';
import { feeForVsize, feeRateFromSatPerKvb } from '../../../src/domain/fee-rate.ts';
import { createPsbt } from '../../../src/psbt/creator.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { updatePsbt } from '../../../src/psbt/updater.ts';
import type { FindingCode } from '../../../src/review/finding.ts';
import { addressOfScript, type DerivedAddress } from '../../../src/wallet/address.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { asVersion2, strangeScript } from '../attack/honest.ts';
import type { KeyedWallet } from './keyed-wallet.ts';

/** An unspent output of a wallet, as its chain source and its previous transaction tell of it. */
export interface Coin {
  readonly spendable: Spendable;
  readonly previousTransaction: Uint8Array;
}

export interface RandomSpend {
  /** Of version 0 or 2. */
  readonly psbt: Psbt;
  readonly plan: Plan;
  /** What the Signer is told of the chain; it may be told nothing. */
  readonly tipHeight: number | undefined;
  /** What a person will have to acknowledge, each once, in order. */
  readonly expected: readonly FindingCode[];
}

/** What each of these leaves aside at least, so that change is above dust and worth spending later at any rate below. */
const LEAST_CHANGE_SATS = 60_000n;
const LEAST_PAYMENT_SATS = 1_000n;
/** Random amounts of funded outputs: so high that no fee here is a high one, and even the smallest can leave change. */
export const randomCoinSats = (random: Random): bigint => BigInt(1_500_000 + random.int(6_000_000));

/** A share of an amount, for amounts beyond 32 bits of chance. */
const shareOf = (random: Random, amount: bigint): bigint => (amount * BigInt(random.next())) / 0x1_0000_0000n;

/**
 * Spends exactly these outputs: payments and fee exceed what any fewer of them hold, so that the planner must take them all.
 * @param tip the height of the chain; every output has three confirmations at least
 */
export function randomSpend(random: Random, { wallet, deriver }: KeyedWallet, coins: readonly Coin[], tip: number): RandomSpend {
  const candidates = coins.map(({ spendable }) => spendable);
  const total = candidates.reduce((sum, { amountSats }) => sum + amountSats, 0n);
  const smallest = candidates.reduce((least, { amountSats }) => (amountSats < least ? amountSats : least), total);
  const feeRate = feeRateFromSatPerKvb(BigInt(1_000 + random.int(7_000)));
  const hasChange = random.oneIn(2);
  const scripts = Array.from({ length: 1 + random.int(hasChange ? 4 : 5) }, () => strangeScript(random));
  const change = deriver.derive(1, random.int(random.oneIn(5) ? 1_000_000 : 200));
  const kind = ownKind(wallet);
  const vsizeVb = transactionVsizeVb(candidates.map(() => kind), [...scripts, ...(hasChange ? [change.scriptPubKey] : [])]);
  const aside = hasChange ? LEAST_CHANGE_SATS + shareOf(random, smallest / 2n) : BigInt(random.int(100));
  const paid = total - feeForVsize(vsizeVb, feeRate) - aside;
  const payments = split(random, paid, scripts.length).map((amountSats, index): Payment => {
    const scriptPubKey = scripts[index] as Uint8Array;
    return { line: index + 2, address: addressOfScript(scriptPubKey, wallet.network) as string, scriptPubKey, amountSats: sats(amountSats), reference: '' };
  });
  const draft = planPayments({ network: wallet.network, candidates, payments: { payments, notes: [] }, ownKind: kind, changeScript: change.scriptPubKey, feeRate });
  const plan = completePayment(draft, change);
  if (plan.inputs.length !== coins.length || (plan.change !== null) !== hasChange) throw new Error('the planner did not plan what was asked for');
  const previous = new Map(coins.map(({ spendable, previousTransaction }) => [spendable.txid, previousTransaction]));
  const times = random.oneIn(3) ? { locktime: PLAN_LOCKTIME, sequences: coins.map(() => PLAN_SEQUENCE), tipHeight: undefined } : randomTimes(random, coins.length, tip);
  const made = times.locktime === PLAN_LOCKTIME && times.sequences.every((sequence) => sequence === PLAN_SEQUENCE) ? plannedPsbt(plan, previous, deriver) : psbtWithTimes(plan, previous, deriver, times);
  return { psbt: random.oneIn(2) ? made : asVersion2(made, random.pick([undefined, 0])), plan, tipHeight: times.tipHeight, expected: expectedOf(times) };
}

/** A coin, and whose it is. */
export interface OwnedCoin extends Coin {
  readonly wallet: KeyedWallet;
}

/**
 * A transaction that spends from several wallets at once, whatever their types, with change to one of them or none. The planner
 * spends from one wallet, so this one is made by the creator and the updater alone.
 * @returns `changeSats`: what a review must call change
 */
export function mixedSpend(random: Random, coins: readonly OwnedCoin[]): { readonly psbt: Psbt; readonly feeSats: bigint; readonly changeSats: bigint } {
  const back = random.pick(coins).wallet;
  const { deriver } = back;
  const change = random.oneIn(3) ? null : deriver.derive(random.oneIn(4) ? 0 : 1, random.int(200));
  const total = coins.reduce((sum, { spendable }) => sum + spendable.amountSats, 0n);
  const scripts = Array.from({ length: 1 + random.int(3) }, () => strangeScript(random));
  const vsizeVb = transactionVsizeVb(coins.map(({ spendable }) => spendable.kind), [...scripts, ...(change === null ? [] : [change.scriptPubKey])]);
  const feeSats = feeForVsize(vsizeVb, feeRateFromSatPerKvb(BigInt(1_000 + random.int(7_000))));
  const changeSats = change === null ? 0n : LEAST_CHANGE_SATS + shareOf(random, total / 3n);
  const paid = split(random, total - feeSats - changeSats, scripts.length).map((amountSats, index) => ({ scriptPubKey: scripts[index] as Uint8Array, amountSats, derived: null as DerivedAddress | null }));
  const outputs = [...paid, ...(change === null ? [] : [{ scriptPubKey: change.scriptPubKey, amountSats: changeSats, derived: change }])].sort(() => random.int(3) - 1);
  const inputs = [...coins].sort(() => random.int(3) - 1);
  const created = createPsbt({ inputs: inputs.map(({ spendable: { txid, vout } }) => ({ txid, vout, sequence: PLAN_SEQUENCE })), outputs, locktime: PLAN_LOCKTIME });
  const psbt = updatePsbt(created, {
    inputs: inputs.map(({ wallet: own, spendable, previousTransaction }) => ({ previousTransaction, derived: own.deriver.derive(spendable.own?.branch ?? 0, spendable.own?.index ?? 0) })),
    outputs: outputs.map(({ derived }) => (derived === null ? {} : { derived })),
  });
  // A wallet that gets more back than it gave is paid by the others.
  const givenSats = coins.reduce((sum, { wallet, spendable }) => sum + (wallet === back ? spendable.amountSats : 0n), 0n);
  return { psbt: random.oneIn(2) ? psbt : asVersion2(psbt), feeSats, changeSats: changeSats <= givenSats ? changeSats : 0n };
}

/** The amount in so many parts, none of them dust. */
function split(random: Random, amount: bigint, parts: number): bigint[] {
  const free = amount - LEAST_PAYMENT_SATS * BigInt(parts);
  const cuts = Array.from({ length: parts - 1 }, () => shareOf(random, free)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [...cuts, free].map((end, index) => end - (index === 0 ? 0n : (cuts[index - 1] as bigint)) + LEAST_PAYMENT_SATS);
}

interface Times {
  readonly locktime: number;
  readonly sequences: readonly number[];
  readonly tipHeight: number | undefined;
}

const FINAL = 0xffff_ffff;
/** From here on a locktime is a time. @see BIP65 */
const LOCKTIME_THRESHOLD = 500_000_000;
/** Sequences below mean a relative lock. @see BIP68 */
const RELATIVE_DISABLED = 0x8000_0000;

/** Locks that the chain has passed already, so that the transaction can be mined in the next block. */
function randomTimes(random: Random, inputs: number, tip: number): Times {
  const sequence = (): number => random.pick([FINAL, FINAL - 1, PLAN_SEQUENCE, RELATIVE_DISABLED + random.int(1_000_000), random.int(4)]);
  return {
    locktime: random.pick([0, 1 + random.int(tip), LOCKTIME_THRESHOLD + random.int(1_000_000_000)]),
    sequences: Array.from({ length: inputs }, sequence),
    tipHeight: random.oneIn(2) ? tip : undefined,
  };
}

function expectedOf({ locktime, sequences, tipHeight }: Times): FindingCode[] {
  const isEnforced = locktime > 0 && sequences.some((sequence) => sequence !== FINAL);
  const isKnownToBeReached = locktime < LOCKTIME_THRESHOLD && tipHeight !== undefined;
  const isRelative = sequences.some((sequence) => sequence < RELATIVE_DISABLED && sequence > 0);
  return [...(isEnforced && !isKnownToBeReached ? ['locktime.future' as const] : []), ...(isRelative ? ['sequence.relative' as const] : [])];
}

/** The plan's transaction with other times than plans have. */
function psbtWithTimes(plan: Plan, previous: ReadonlyMap<string, Uint8Array>, deriver: KeyedWallet['deriver'], { locktime, sequences }: Times): Psbt {
  const outputs = planOutputs(plan);
  const created = createPsbt({ inputs: plan.inputs.map(({ txid, vout }, index) => ({ txid, vout, sequence: sequences[index] as number })), outputs, locktime });
  return updatePsbt(created, {
    inputs: plan.inputs.map(({ txid, own }) => ({ previousTransaction: previous.get(txid) as Uint8Array, ...(own === null ? {} : { derived: deriver.derive(own.branch, own.index) }) })),
    outputs: outputs.map((output) => ('own' in output && output.own !== null ? { derived: deriver.derive(output.own.branch, output.own.index) } : {})),
  });
}
