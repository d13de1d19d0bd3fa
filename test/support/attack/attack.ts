/**
 * What an attack is, and how one changes an honest spend. An attack knows which findings it must give: no more and no less of those
 * that refuse or need a person's judgement.
 */
import { isMoney } from '../../../src/domain/amount.ts';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import type { WalletScript } from '../../../src/domain/wallet-script.ts';
import { previousOutputs } from '../../../src/psbt/previous-outputs.ts';
import type { Bip32Derivation, KeyValue, Psbt, PsbtInput, PsbtOutput, TxOutput } from '../../../src/psbt/psbt.ts';
import { isTapSignature, leafSignaturesOf, tapInputFields, tapKeySignatureOf, tapOutputFields } from '../../../src/psbt/taproot-fields.ts';
import type { FindingCode } from '../../../src/review/finding.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import { scriptTypeOf } from '../../../src/wallet/script-type.ts';
import type { Random } from '../../fuzz/engine/random.ts';
import { readTransactionShape, writeTransactionShape, type TransactionShape } from '../../fuzz/mutation/psbt-shape.ts';
import { fundingTransaction, hashOfTxid } from '../../unit/support/psbt-builder.ts';
import { inputVsize, ruleOf, type HonestSpend, type OwnSource } from './honest.ts';

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

/** What another amount or script of one spent output does to them: its own segwit input signs it, and taproot inputs sign those of all. */
export function brokenByAmount({ psbt, sources }: HonestSpend, index: number): readonly FindingCode[] {
  const source = sources[index];
  const isSigned = source !== undefined && source.kind !== 'stranger' && ruleOf(source).kind === 'segwit-v0' && (psbt.inputs[index] as PsbtInput).partialSignatures.length > 0;
  return isSigned || psbt.inputs.some(hasTapSignature) ? ['signature.invalid'] : [];
}

/** What an input of which nothing is known any more does to them: its own cannot be checked, and taproot inputs sign what all spend. */
export const brokenByNothingKnown = ({ psbt }: HonestSpend, index: number): readonly FindingCode[] =>
  (psbt.inputs[index]?.partialSignatures.length ?? 0) > 0 || psbt.inputs.some(hasTapSignature) ? ['signature.invalid'] : [];

const hasTapSignature = ({ otherFields }: PsbtInput): boolean => otherFields.some(isTapSignature);
export const isSignedInput = (input: PsbtInput): boolean => input.partialSignatures.length > 0 || hasTapSignature(input);

/** What an input spends, proven or claimed. */
export function spentOf(psbt: Psbt, index: number): TxOutput | undefined {
  const proof = previousOutputs(psbt)[index];
  return proof?.proof === null || proof === undefined ? psbt.inputs[index]?.witnessUtxo : proof.output;
}

export const ownInputs = ({ sources }: HonestSpend): number[] => sources.flatMap(({ kind }, index) => (kind === 'stranger' ? [] : [index]));
export const sourceOf = ({ sources }: HonestSpend, index: number): OwnSource => sources[index] as OwnSource;
export const scriptAt = (spend: HonestSpend, index: number): WalletScript => {
  const source = sourceOf(spend, index);
  return source.kind === 'wallet' ? source.treasury.script : source.script;
};
/** Own inputs of these script types, of wallets or of papers. */
export const inputsOf = (spend: HonestSpend, ...scripts: readonly WalletScript[]): number[] => ownInputs(spend).filter((index) => scripts.includes(scriptAt(spend, index)));
/** The same of wallets alone. */
export const walletInputsOf = (spend: HonestSpend, ...scripts: readonly WalletScript[]): number[] => inputsOf(spend, ...scripts).filter((index) => sourceOf(spend, index).kind === 'wallet');
/** The wallet and address that an input spends. */
export const walletAt = (spend: HonestSpend, index: number): Extract<OwnSource, { kind: 'wallet' }> => sourceOf(spend, index) as Extract<OwnSource, { kind: 'wallet' }>;
export const legacy = ['p2sh', 'p2pkh'] as const;
export const segwitV0 = ['p2wsh', 'p2sh-p2wsh', 'p2wpkh', 'p2sh-p2wpkh'] as const;
export const taproot = ['p2tr', 'p2tr-multi'] as const;
export const segwit = [...segwitV0, ...taproot] as const;
export const isTaprootOnly = (spend: HonestSpend): boolean => spend.psbt.inputs.every((_, index) => scriptTypeOf(spentOf(spend.psbt, index)?.scriptPubKey ?? new Uint8Array(0)) === 'p2tr');

/** One of them, or `null` where there is none. */
export const pick = <T>(random: Random, list: readonly T[]): T | null => (list.length === 0 ? null : random.pick(list));

/** Inputs less outputs, as proven or claimed. */
export const feeOf = ({ psbt }: HonestSpend): bigint =>
  psbt.inputs.reduce((sum, _, index) => sum + (spentOf(psbt, index)?.amountSats ?? 0n), 0n) - psbt.transaction.outs.reduce((sum, { value }) => sum + value, 0n);

/** At most, once it is signed, vB. */
export const signedVsizeOf = ({ psbt, sources }: HonestSpend): bigint =>
  BigInt(psbt.transaction.byteLength(false) + sources.reduce((sum, source) => sum + (source.kind === 'stranger' ? 200 : inputVsize(source)), 0));

/** The output that can best spare something, or take something in without standing out. */
export function largestOutput({ psbt }: HonestSpend): number {
  // Amounts that are no money can spare nothing.
  const worth = psbt.transaction.outs.map(({ value }) => (isMoney(value, 'mainnet') ? value : -1n));
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
  return !leaves && isMoney(amountSats, 'mainnet') && feeOf(spend) * 20n > amountSats && amountSats > 0n ? ['fee.high'] : [];
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

/** Puts a field in place of those of its type, or takes them out. */
export const withField = <M extends PsbtInput | PsbtOutput>(map: M, keyType: number, made: KeyValue | null): M =>
  ({ ...map, otherFields: [...map.otherFields.filter((other) => other.keyType !== keyType), ...(made === null ? [] : [made])] });
export const fieldOf = (map: PsbtInput | PsbtOutput, keyType: number): KeyValue | undefined => map.otherFields.find((other) => other.keyType === keyType);

/** Everything that an Updater writes of an own input, or of an own output. */
export const inputFieldsOf = (derived: DerivedAddress): Pick<PsbtInput, 'redeemScript' | 'witnessScript' | 'bip32Derivations' | 'otherFields'> => ({ ...scriptsOf(derived), otherFields: tapInputFields(derived) });
export const outputFieldsOf = (derived: DerivedAddress): PsbtOutput => ({ ...scriptsOf(derived), otherFields: tapOutputFields(derived) });
function scriptsOf({ redeemScript, witnessScript, keys, taproot: parts }: DerivedAddress): Pick<PsbtInput, 'redeemScript' | 'witnessScript' | 'bip32Derivations'> {
  const bip32Derivations = parts === null ? keys.map(({ publicKey, masterFingerprint, path }) => ({ publicKey, masterFingerprint, path })) : [];
  return { ...(redeemScript === null ? {} : { redeemScript }), ...(witnessScript === null ? {} : { witnessScript }), bip32Derivations };
}

/** An input for insertion that spends an address, with everything that an Updater writes of it. */
export const provenOf = (random: Random, derived: DerivedAddress, amountSats: bigint): Parameters<typeof insertInput>[2] =>
  proven(random, { scriptPubKey: derived.scriptPubKey, amountSats }, inputFieldsOf(derived), derived.rule.kind !== 'legacy');

/** A key origin; of taproot the number and the hashes of the leaves that it stands in, as they are written. */
export interface Origin extends Bip32Derivation {
  readonly leaves?: Uint8Array;
}

/** Key origins as a map states them, by BIP174's fields or by BIP371's. */
interface OriginFields<M> {
  readonly of: (map: M) => readonly Origin[];
  readonly with: (map: M, change: (origins: readonly Origin[]) => readonly Origin[]) => M;
}
const originFields = <M extends PsbtInput | PsbtOutput>(keyType: number): OriginFields<M> => {
  const of = (map: M): readonly Origin[] => {
    const fields = map.otherFields.filter((other) => other.keyType === keyType);
    return fields.length === 0 ? map.bip32Derivations : fields.map(readOrigin);
  };
  return {
    of,
    with(map, change) {
      const origins = change(of(map));
      if (!map.otherFields.some((other) => other.keyType === keyType)) return { ...map, bip32Derivations: origins };
      return { ...map, otherFields: [...map.otherFields.filter((other) => other.keyType !== keyType), ...origins.map((origin) => writeOrigin(keyType, origin))] };
    },
  };
};
export const inputOrigins = originFields<PsbtInput>(0x16);
export const outputOrigins = originFields<PsbtOutput>(0x07);

function readOrigin({ keyData, value }: KeyValue): Origin {
  const start = 1 + 32 * (value[0] as number);
  const view = new DataView(value.buffer, value.byteOffset + start + 4);
  const path = Array.from({ length: (value.length - start - 4) / 4 }, (_, step) => view.getUint32(step * 4, true));
  return { publicKey: keyData, masterFingerprint: toHex(value.subarray(start, start + 4)) as Origin['masterFingerprint'], path, leaves: value.subarray(0, start) };
}

export function writeOrigin(keyType: number, { publicKey, masterFingerprint, path, leaves = Uint8Array.of(0) }: Origin): KeyValue {
  const steps = new Uint8Array(path.length * 4);
  path.forEach((step, index) => new DataView(steps.buffer).setUint32(index * 4, step, true));
  return field(keyType, concat(leaves, parseHex(masterFingerprint), steps), publicKey.length === 33 ? publicKey.subarray(1) : publicKey);
}

/** Whether a cosigner's signature of any kind stands on an input. */
export function hasSigned({ psbt, sources }: HonestSpend, index: number, fingerprint: string): boolean {
  const source = sources[index];
  const input = psbt.inputs[index] as PsbtInput;
  if (source?.kind !== 'wallet') return false;
  const key = source.derived.keys.find(({ masterFingerprint }) => masterFingerprint === fingerprint);
  if (key === undefined) return false;
  const names = [...input.partialSignatures.map(({ publicKey }) => publicKey), ...leafSignaturesOf(input).map(({ publicKey }) => publicKey)].map(toHex);
  return names.includes(toHex(key.publicKey)) || names.includes(toHex(key.signingKey)) || (source.derived.rule.kind === 'taproot-key' && tapKeySignatureOf(input) !== undefined);
}
