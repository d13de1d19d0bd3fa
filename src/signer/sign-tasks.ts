import { encode as encodeSignature } from 'bitcoinjs-lib/src/script_signature';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalBytes, toHex, utf8 } from '../domain/bytes.ts';
import { unreachable } from '../domain/unreachable.ts';
import { StrongroomError, type ErrorDetails } from '../errors/strongroom-error.ts';
import { decodePsbt } from '../psbt/codec/decode.ts';
import { closedToChanges } from '../psbt/modifiable.ts';
import { previousOutputs } from '../psbt/previous-outputs.ts';
import type { Psbt, PsbtInput, SignedPsbt, TxOutput } from '../psbt/psbt.ts';
import { createSighasher } from '../psbt/sighash.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT } from '../psbt/sighash-types.ts';
import { leafSignaturesOf, withLeafSignatures, withTapKeySignature } from '../psbt/taproot-fields.ts';
import { requireApproval, type Approval } from '../review/approve.ts';
import type { ReviewedInput } from '../review/review.ts';
import type { SigningRule } from '../wallet/signing-rule.ts';
import { signAgreed, type Curves, type Repetition } from './ecdsa-signer.ts';
import { signSchnorrAgreed } from './schnorr-signer.ts';

/** The most inputs of which the library's hash is asked for too, and every attempt at a signature repeated. */
const MOST_CHECKED = 64;
/** Of a larger transaction: one input in so many. */
const REPEATED_ONE_IN = 8;
/** Inputs of a larger transaction of which the library's hash is asked for, the last one not counted: each costs time by all inputs. */
const MOST_SAMPLED = 15;

/** An input as it was reviewed, with what it was proven to spend. */
export interface InputToSign {
  readonly index: number;
  readonly input: PsbtInput;
  readonly spent: TxOutput;
  readonly reviewed: ReviewedInput;
}

/** What one key must sign in one input. */
export interface SigningTask {
  readonly rule: SigningRule;
  /** What the signature verifies with: 33 or 65 bytes, of taproot 32 (of its key path the output key's). */
  readonly signingKey: Uint8Array;
  /** Lends the private key; of taproot's key path already tweaked. */
  readonly usePrivateKey: <T>(use: (privateKey: Uint8Array) => T) => T;
  /** The script that a finalizer of another program needs and could not rebuild. */
  readonly redeemScript: Uint8Array | null;
}

/**
 * What there is to sign in an input: rebuilt from what the Signer holds, never from what the file says.
 * @returns a task for each key at hand that has to sign it; none where they have signed already
 * @throws StrongroomError `review.stale` (`staleInput`) when the input is not what was reviewed
 */
export type TaskFinder = (place: InputToSign) => readonly SigningTask[];

/** Who signs, as an error says it. */
export interface SignerName {
  readonly name: string;
  readonly details: ErrorDetails;
}

/** Told before each signature how many of how many are made. It may neither change nor keep anything. */
export type OnProgress = (done: number, total: number) => void;

/** A task at its place. */
export type PlacedTask = SigningTask & { readonly index: number; readonly sighashType: number };

/**
 * Adds a signature of each key that a lookup has for an input, to every input. Trusts nothing but the approval and the lookup: the bytes are
 * hashed and decoded again here, amounts come from their proofs, and what contradicts the review stops everything.
 * @param signer named where there is nothing to sign
 * @throws StrongroomError `review.stale`, `sign.nothing`, `sign.disagreement`, and what the lookup's keys throw
 * @see BIP174, "Signer"
 */
export function signApproved(approval: Approval, curves: Curves, taskOf: TaskFinder, signer: SignerName, onProgress: OnProgress = () => undefined): SignedPsbt {
  const { psbtBytes, reviewId, review } = requireApproval(approval);
  if (toHex(sha256(psbtBytes)) !== reviewId || review.reviewId !== reviewId || review.verdict === 'refused') throw stale('global', 0);
  const psbt = decodePsbt(psbtBytes);
  if (psbt.inputs.length !== review.inputs.length) throw stale('global', 0);
  const spent = provenAsReviewed(psbt, review.inputs);
  const tasks = psbt.inputs.flatMap((input, index): PlacedTask[] => {
    const found = taskOf({ index, input, spent: spent[index] as TxOutput, reviewed: review.inputs[index] as ReviewedInput });
    return found.map((task) => ({ ...task, index, sighashType: sighashTypeOf(input, index, task.rule) }));
  });
  if (tasks.length === 0) {
    throw new StrongroomError('sign.nothing', `The transaction needs no signature of ${signer.name}.`, signer.details, 'Hand the file to the next cosigner, or back to the Companion.');
  }
  // SIGHASH_ALL and DEFAULT commit to all inputs and outputs, so from here on nothing may be changed, and the file must say so.
  return closedToChanges(withSignatures(psbt, spent, tasks, curves, reviewId, onProgress)) as unknown as SignedPsbt;
}

/**
 * The PSBT with the signatures of these tasks, whatever it is that they sign; what may be signed, the callers decide.
 * @param spent what each input spends, proven
 * @param fileId of the bytes that are signed: no implementation of a curve knows it
 * @throws StrongroomError `sign.disagreement`, and what the tasks' keys throw
 */
export function withSignatures(psbt: Psbt, spent: readonly TxOutput[], tasks: readonly PlacedTask[], curves: Curves, fileId: string, onProgress: OnProgress = () => undefined): Psbt {
  const hashOf = checkedHashes(psbt, spent, tasks);
  const repetitionOf = (index: number): Repetition => (tasks.length <= MOST_CHECKED || isRepeated(fileId, index) ? 'every-attempt' : 'last-attempt');
  const signed = new Map<number, PsbtInput>();
  for (const [position, task] of tasks.entries()) {
    onProgress(position, tasks.length);
    const input = signed.get(task.index) ?? (psbt.inputs[task.index] as PsbtInput);
    signed.set(task.index, withSignature(input, hashOf(task), task, curves, repetitionOf(task.index)));
  }
  return { ...psbt, inputs: psbt.inputs.map((input, index) => signed.get(index) ?? input) };
}

/**
 * Whether an input of a large transaction is one where the second implementation repeats every attempt at a low r. It doubles
 * the time of signing, and the attempts that were dropped are in no signature; what they could be misused for is a bit at a time
 * that reaches the online side by which attempt was kept. Nothing of a transaction leaves once one attempt was seen to be a lie.
 *
 * SECURITY: chosen by the hash of the whole file, of which an implementation sees no more than the hashes that it signs.
 */
const isRepeated = (fileId: string, index: number): boolean => (sha256(utf8(`${fileId}/${index}`))[0] as number) % REPEATED_ONE_IN === 0;

/** What every input spends: proven, and the amount that was shown. */
function provenAsReviewed(psbt: Psbt, reviewed: readonly ReviewedInput[]): TxOutput[] {
  return previousOutputs(psbt).map((previous, index) => {
    // SECURITY: amounts are part of what is signed (BIP143, BIP341) and come from their proofs alone.
    if (previous.proof === null || previous.proof !== reviewed[index]?.proof || previous.output.amountSats !== reviewed[index]?.amountSats) throw staleInput(index);
    return previous.output;
  });
}

/** SECURITY: only ALL and taproot's DEFAULT commit to everything that was shown to the person (BIP143, BIP341). */
function sighashTypeOf(input: PsbtInput, index: number, { kind }: SigningRule): number {
  const isFinal = input.finalScriptWitness !== undefined || input.finalScriptSig !== undefined;
  const isTaproot = kind === 'taproot-key' || kind === 'taproot-leaf';
  const sighashType = input.sighashType ?? (isTaproot ? SIGHASH_DEFAULT : SIGHASH_ALL);
  const isAllowed = sighashType === SIGHASH_ALL || (isTaproot && sighashType === SIGHASH_DEFAULT);
  if (isFinal || !isAllowed) throw staleInput(index);
  return sighashType;
}

/**
 * The hashes to be signed, computed by the PSBT engine from parts that all inputs share, and checked against the library's,
 * which shares no code with it. The library hashes all inputs and outputs anew for each input, so it is asked for all of a small
 * transaction and for the first, the last and some in between of a large one: the parts that it would hash anew are the same for
 * every input, and what differs (outpoint, script, amount, sequence) differs in value only.
 * @throws StrongroomError `sign.disagreement`, before anything is signed
 */
function checkedHashes(psbt: Psbt, spent: readonly TxOutput[], tasks: readonly PlacedTask[]): (task: PlacedTask) => Uint8Array {
  const sighasher = createSighasher(psbt.transaction, spent);
  const hashOf = ({ index, rule, sighashType }: PlacedTask): Uint8Array => {
    const hash = sighasher.hash(index, rule, sighashType);
    if (hash === null) throw staleInput(index);
    return hash;
  };
  const step = tasks.length <= MOST_CHECKED ? 1 : Math.ceil(tasks.length / MOST_SAMPLED);
  for (const [position, task] of tasks.entries()) {
    if (position % step !== 0 && position !== tasks.length - 1) continue;
    if (!equalBytes(libraryHash(psbt, spent, task), hashOf(task))) {
      throw new StrongroomError('sign.disagreement', `Two implementations do not agree on what input ${task.index} signs. Nothing was signed.`, { input: task.index }, 'Do not use this installation. Install Strongroom again and compare its checksum.');
    }
  }
  return hashOf;
}

function libraryHash({ transaction }: Psbt, spent: readonly TxOutput[], { index, rule, sighashType }: PlacedTask): Uint8Array {
  switch (rule.kind) {
    case 'legacy':
      return transaction.hashForSignature(index, rule.scriptCode, sighashType);
    case 'segwit-v0':
      return transaction.hashForWitnessV0(index, rule.scriptCode, (spent[index] as TxOutput).amountSats, sighashType);
    case 'taproot-key':
    case 'taproot-leaf':
      return transaction.hashForWitnessV1(index, spent.map((output) => output.scriptPubKey), spent.map((output) => output.amountSats), sighashType, rule.kind === 'taproot-leaf' ? rule.leafHash : undefined);
    default:
      return unreachable(rule);
  }
}

function withSignature(input: PsbtInput, hash: Uint8Array, { rule, signingKey, sighashType, usePrivateKey, redeemScript }: PlacedTask, curves: Curves, repetition: Repetition): PsbtInput {
  if (rule.kind === 'taproot-key' || rule.kind === 'taproot-leaf') {
    const made = usePrivateKey((privateKey) => signSchnorrAgreed(curves, hash, privateKey, signingKey));
    const signature = sighashType === SIGHASH_DEFAULT ? made : concat(made, Uint8Array.of(sighashType));
    return rule.kind === 'taproot-key' ? withTapKeySignature(input, signature) : withLeafSignatures(input, [...leafSignaturesOf(input), { publicKey: signingKey, leafHash: rule.leafHash, signature }]);
  }
  const signature = usePrivateKey((privateKey) => signAgreed(curves, hash, privateKey, signingKey, repetition));
  const partial = { publicKey: signingKey, signature: encodeSignature(signature, sighashType) };
  return { ...input, ...(redeemScript === null ? {} : { redeemScript }), partialSignatures: [...input.partialSignatures, partial] };
}

const stale = (scope: 'global' | 'input', index: number): StrongroomError =>
  new StrongroomError('review.stale', scope === 'global' ? 'The bytes to be signed are not those that were reviewed.' : `Input ${index} is not what was reviewed.`, { scope, index }, 'Review the file again. If it repeats, do not sign: somebody changes it in between.');

export const staleInput = (index: number): StrongroomError => stale('input', index);
