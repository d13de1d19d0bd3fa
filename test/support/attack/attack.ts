/**
 * What an attack is, and how one changes an honest spend. An attack knows which findings it must give: no more and no less of those
 * that refuse or need a person's judgement.
 */
import { isMoney } from '../../../src/domain/amount.ts';
import { previousOutputs } from '../../../src/psbt/previous-outputs.ts';
import type { KeyValue, Psbt, PsbtInput, PsbtOutput, TxOutput } from '../../../src/psbt/psbt.ts';
import { tapKeySignatureOf } from '../../../src/psbt/taproot-fields.ts';
import type { FindingCode } from '../../../src/review/finding.ts';
import { scriptTypeOf } from '../../../src/wallet/script-type.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { readTransactionShape, writeTransactionShape, type TransactionShape } from '../../fuzz/mutation/psbt-shape.ts';
import { fundingTransaction, hashOfTxid } from '../../unit/support/psbt-builder.ts';
import type { HonestSpend, OwnSource } from './honest.ts';

/** What an attack lays its hands on. Two attacks that share one of these would undo each other, so they are no pair. */
export type Touch = 'fee' | 'utxo' | 'scripts' | 'origins' | 'signatures' | 'sighash' | 'version' | 'locktime' | 'destination' | 'key' | 'network' | 'final' | 'psbt-version' | 'everything';

export interface Attacked {
  readonly spend: HonestSpend;
  /** Every finding that it must give and that refuses or needs judgement; nothing else may be found. */
  readonly codes: readonly FindingCode[];
}

export interface Attack {
  readonly name: string;
  readonly code: FindingCode;
  /** What is changed: the presence of a field, a value, an order, a count; or what the Signer has at hand. */
  readonly by: 'field' | 'value' | 'order' | 'count' | 'context';
  readonly touches: readonly Touch[];
  /** `null` where the spend has nothing to attack in this way. */
  readonly apply: (spend: HonestSpend, random: Random) => Attacked | null;
}

/** The findings of an attack, each once. */
export const attacked = (spend: HonestSpend, ...codes: readonly (FindingCode | readonly FindingCode[])[]): Attacked => ({ spend, codes: [...new Set(codes.flat())] });

export const withInput = (spend: HonestSpend, index: number, change: (input: PsbtInput) => PsbtInput): HonestSpend =>
  ({ ...spend, psbt: { ...spend.psbt, inputs: spend.psbt.inputs.map((input, at) => (at === index ? change(input) : input)) } });

export const withOutput = (spend: HonestSpend, index: number, change: (output: PsbtOutput) => PsbtOutput): HonestSpend =>
  ({ ...spend, psbt: { ...spend.psbt, outputs: spend.psbt.outputs.map((output, at) => (at === index ? change(output) : output)) } });

/** Alters a copy of the transaction; what version 2 says of it follows. */
export function withTransaction(spend: HonestSpend, alter: (transaction: Psbt['transaction']) => void): HonestSpend {
  const transaction = spend.psbt.transaction.clone();
  alter(transaction);
  const { version2 } = spend.psbt;
  if (version2 === undefined) return { ...spend, psbt: { ...spend.psbt, transaction } };
  const isRequired = version2.inputs.some(({ requiredHeightLocktime, requiredTimeLocktime }) => requiredHeightLocktime !== undefined || requiredTimeLocktime !== undefined);
  const inputs = transaction.ins.map((_, index) => ({ ...version2.inputs[index], statesSequence: true }));
  return { ...spend, psbt: { ...spend.psbt, transaction, version2: { ...version2, ...(isRequired ? {} : { fallbackLocktime: transaction.locktime }), inputs } } };
}

/** What the change of the transaction does to signatures that stand in the file: they commit to all of it. */
export const brokenByTransaction = (spend: HonestSpend): readonly FindingCode[] => (spend.hasSignatures ? ['signature.invalid'] : []);

/** What another amount or script of one spent output does to them: its own input signs it, and taproot inputs sign those of all. */
export function brokenByAmount({ psbt }: HonestSpend, index: number): readonly FindingCode[] {
  const isLegacy = scriptTypeOf(spentOf(psbt, index)?.scriptPubKey ?? new Uint8Array(0)) === 'p2pkh';
  const isBroken = (!isLegacy && (psbt.inputs[index] as PsbtInput).partialSignatures.length > 0) || psbt.inputs.some((input) => tapKeySignatureOf(input) !== undefined);
  return isBroken ? ['signature.invalid'] : [];
}

/** What an input spends, proven or claimed. */
export function spentOf(psbt: Psbt, index: number): TxOutput | undefined {
  const proof = previousOutputs(psbt)[index];
  return proof?.proof === null || proof === undefined ? psbt.inputs[index]?.witnessUtxo : proof.output;
}

export const ownInputs = ({ sources }: HonestSpend): number[] => sources.flatMap(({ kind }, index) => (kind === 'stranger' ? [] : [index]));
export const sourceOf = ({ sources }: HonestSpend, index: number): OwnSource => sources[index] as OwnSource;
export const scriptAt = (spend: HonestSpend, index: number): 'p2wsh' | Extract<OwnSource, { kind: 'paper' }>['script'] => {
  const source = sourceOf(spend, index);
  return source.kind === 'quorum' ? 'p2wsh' : source.script;
};
/** Own inputs of these script types. */
export const inputsOf = (spend: HonestSpend, ...scripts: readonly ReturnType<typeof scriptAt>[]): number[] => ownInputs(spend).filter((index) => scripts.includes(scriptAt(spend, index)));
export const segwit = ['p2wsh', 'p2wpkh', 'p2sh-p2wpkh', 'p2tr'] as const;
export const isTaprootOnly = (spend: HonestSpend): boolean => spend.psbt.inputs.every((_, index) => scriptTypeOf(spentOf(spend.psbt, index)?.scriptPubKey ?? new Uint8Array(0)) === 'p2tr');

/** One of them, or `null` where there is none. */
export const pick = <T>(random: Random, list: readonly T[]): T | null => (list.length === 0 ? null : random.pick(list));

/** Inputs less outputs, as proven or claimed. */
export const feeOf = ({ psbt }: HonestSpend): bigint =>
  psbt.inputs.reduce((sum, _, index) => sum + (spentOf(psbt, index)?.amountSats ?? 0n), 0n) - psbt.transaction.outs.reduce((sum, { value }) => sum + value, 0n);

/** The output that can best spare something, or take something in without standing out. */
export function largestOutput({ psbt }: HonestSpend): number {
  // Amounts that are no money can spare nothing.
  const worth = psbt.transaction.outs.map(({ value }) => (isMoney(value) ? value : -1n));
  return worth.reduce((largest, value, index) => (value > (worth[largest] ?? -1n) ? index : largest), 0);
}

/** Puts an input in, anywhere; the largest output takes its amount, so that the fee stays what it was. */
export function insertInput(spend: HonestSpend, random: Random, entry: { readonly txid: string; readonly vout: number; readonly fields: PsbtInput; readonly scriptPubKey: Uint8Array; readonly amountSats: bigint; readonly source?: OwnSource }): { spend: HonestSpend; codes: readonly FindingCode[] } {
  const at = random.int(spend.psbt.inputs.length + 1);
  const added = withTransaction(spend, ({ ins, outs }) => {
    ins.splice(at, 0, { hash: hashOfTxid(entry.txid), index: entry.vout, script: new Uint8Array(0), sequence: ins[0]?.sequence ?? 0xffff_ffff, witness: [] });
    const output = outs[largestOutput(spend)];
    if (output !== undefined) output.value += entry.amountSats;
  });
  const version2 = added.psbt.version2 === undefined ? {} : { version2: { ...added.psbt.version2, inputs: inserted((spend.psbt.version2 as NonNullable<Psbt['version2']>).inputs, at, { statesSequence: true }).map((input) => ({ ...input, statesSequence: true })) } };
  const psbt: Psbt = { ...added.psbt, ...version2, inputs: inserted(spend.psbt.inputs, at, entry.fields) };
  // Beside an input that is no taproot, witness UTXOs prove nothing any more.
  const isTaproot = scriptTypeOf(entry.scriptPubKey) === 'p2tr';
  const unproven: readonly FindingCode[] = !isTaproot && spend.psbt.inputs.some(({ nonWitnessUtxo }) => nonWitnessUtxo === undefined) ? ['input.prevtx-missing'] : [];
  return { spend: { ...spend, psbt, sources: inserted(spend.sources, at, entry.source ?? { kind: 'stranger' }) }, codes: [...brokenByTransaction(spend), ...unproven] };
}

/** Puts an output in, anywhere; the largest output pays for it, so that the fee stays what it was. */
export function insertOutput(spend: HonestSpend, random: Random, output: TxOutput, fields: PsbtOutput = { bip32Derivations: [], otherFields: [] }): { spend: HonestSpend; codes: readonly FindingCode[] } {
  const at = random.int(spend.psbt.outputs.length + 1);
  const shifted = (index: number): number => (index >= at ? index + 1 : index);
  const added = withTransaction(spend, ({ outs }) => {
    const payer = outs[largestOutput(spend)];
    if (payer !== undefined && output.amountSats > 0n && output.amountSats < payer.value / 2n) payer.value -= output.amountSats;
    outs.splice(at, 0, { script: output.scriptPubKey, value: output.amountSats });
  });
  return {
    spend: { ...added, psbt: { ...added.psbt, outputs: inserted(spend.psbt.outputs, at, fields) }, payments: [...spend.payments.map(shifted), at], own: spend.own.map((own) => ({ ...own, index: shifted(own.index) })) },
    // A sweep goes to a registered wallet; whatever goes elsewhere has to be judged.
    codes: [...brokenByTransaction(spend), ...weighedAlone(spend, output), ...(spend.kind === 'sweep' && scriptTypeOf(output.scriptPubKey) !== 'op-return' ? ['sweep.unproven-destination' as const] : [])],
  };
}

/** Where nothing left before, the fee is weighed against what leaves now, and that is little. */
function weighedAlone(spend: HonestSpend, { amountSats }: TxOutput): readonly FindingCode[] {
  const leaves = spend.kind === 'sweep' || spend.payments.some((index) => (spend.psbt.transaction.outs[index]?.value ?? 0n) > 0n);
  return !leaves && isMoney(amountSats) && feeOf(spend) * 20n > amountSats && amountSats > 0n ? ['fee.high'] : [];
}

export function inserted<T>(list: readonly T[], at: number, item: T): T[] {
  return [...list.slice(0, at), item, ...list.slice(at)];
}

/** A previous transaction with something else in it. */
export function forged(bytes: Uint8Array, alter: (shape: TransactionShape) => void): Uint8Array {
  const shape = readTransactionShape(bytes) as TransactionShape;
  alter(shape);
  return writeTransactionShape(shape);
}

export const amountBytes = (amountSats: bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, amountSats, true);
  return bytes;
};

export const flipped = (bytes: Uint8Array, position: number, bit = 1): Uint8Array => bytes.map((byte, at) => (at === position ? byte ^ bit : byte));

export const field = (keyType: number, value: Uint8Array, keyData: Uint8Array = new Uint8Array(0)): KeyValue => ({ keyType, keyData, value });

/** An input for insertion: proven by a transaction of its own, worth a little. */
export function proven(random: Random, output: TxOutput, more: Partial<PsbtInput> = {}, withWitness = true): Parameters<typeof insertInput>[2] {
  const { txid, bytes } = fundingTransaction([output], random.int(2 ** 31));
  return { txid, vout: 0, ...output, fields: { nonWitnessUtxo: bytes, ...(withWitness ? { witnessUtxo: output } : {}), partialSignatures: [], bip32Derivations: [], otherFields: [], ...more } };
}

export const withoutPrevious = ({ nonWitnessUtxo: _, ...input }: PsbtInput): PsbtInput => input;
