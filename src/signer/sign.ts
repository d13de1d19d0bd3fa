import { encode as encodeSignature } from 'bitcoinjs-lib/src/script_signature';
import { sha256 } from '@noble/hashes/sha2.js';
import { equalBytes, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { decodePsbt } from '../psbt/codec/decode.ts';
import { previousOutputs, type PreviousOutput } from '../psbt/previous-outputs.ts';
import type { PartialSignature, Psbt, PsbtInput, SignedPsbt } from '../psbt/psbt.ts';
import { createSighasherV0, SIGHASH_ALL } from '../psbt/sighash-v0.ts';
import { requireApproval, type Approval } from '../review/approve.ts';
import type { ReviewedInput } from '../review/review.ts';
import type { DerivedAddress, DerivedKey } from '../wallet/address.ts';
import { signAgreed, type Curves } from './ecdsa-signer.ts';
import type { RegisteredWallet } from './registration.ts';
import type { SigningKey } from './signing-key.ts';

/** The most inputs of which the library's hash is asked for too. */
const MOST_CHECKED = 64;

/** What this key must sign in one input. */
interface Task {
  readonly index: number;
  readonly own: DerivedKey;
  readonly address: DerivedAddress;
  readonly amountSats: bigint;
}

/**
 * Adds this key's signature to every input that it must sign. Trusts nothing but the approval and the registered wallets:
 * the bytes are hashed and decoded again here, scripts and keys come from the wallet's own derivation, amounts from the
 * previous transactions, and what contradicts the review stops everything.
 * @param wallets the verified registrations that the review was made with
 * @throws StrongroomError `review.stale`, `key.not-a-cosigner`, `key.locked`, `sign.nothing`, `sign.disagreement`
 * @see BIP174, "Signer"; BIP143
 */
export function signPsbt(approval: Approval, key: SigningKey, curves: Curves, wallets: readonly RegisteredWallet[]): SignedPsbt {
  const { psbtBytes, reviewId, review } = requireApproval(approval);
  if (toHex(sha256(psbtBytes)) !== reviewId || review.reviewId !== reviewId || review.verdict === 'refused') throw stale('global', 0);
  const psbt = decodePsbt(psbtBytes);
  if (psbt.inputs.length !== review.inputs.length) throw stale('global', 0);
  const spent = previousOutputs(psbt);
  const tasks = psbt.inputs.flatMap((input, index) => taskOf(index, input, spent[index], review.inputs[index], wallets) ?? []);
  if (tasks.length === 0) {
    throw new StrongroomError('sign.nothing', `The transaction needs no signature of key ${key.fingerprint}.`, { fingerprint: key.fingerprint }, 'Hand the file to the next cosigner, or back to the Companion.');
  }
  const hashOf = checkedHashes(psbt, tasks);
  const signatures = new Map(tasks.map((task) => [task.index, signInput(hashOf(task), task, key, curves)]));
  const inputs = psbt.inputs.map((input, index): PsbtInput => {
    const added = signatures.get(index);
    return added === undefined ? input : { ...input, partialSignatures: [...input.partialSignatures, added] };
  });
  return { ...psbt, inputs } as unknown as SignedPsbt;
}

/** What there is to sign in an input, or `null` where this key has signed it already. */
function taskOf(index: number, input: PsbtInput, spent: PreviousOutput | undefined, reviewed: ReviewedInput | undefined, wallets: readonly RegisteredWallet[]): Task | null {
  const registered = wallets.find(({ policyId }) => policyId.walletId === reviewed?.walletId);
  if (registered === undefined || reviewed === undefined || reviewed.branch === null || reviewed.childIndex === null) throw stale('input', index);
  const address = registered.deriver.derive(reviewed.branch, reviewed.childIndex);
  const own = address.keys[registered.ownPosition] as DerivedKey;
  // SECURITY: the amount is part of what is signed (BIP143) and comes from the previous transaction alone.
  if (spent === undefined || spent.proof === null) throw stale('input', index);
  const { scriptPubKey, amountSats } = spent.output;
  // SECURITY: only SIGHASH_ALL commits to everything that was shown to the person (BIP143).
  const isAll = input.sighashType === undefined || input.sighashType === SIGHASH_ALL;
  const isFinal = input.finalScriptWitness !== undefined || input.finalScriptSig !== undefined;
  if (!equalBytes(scriptPubKey, address.scriptPubKey) || amountSats !== reviewed.amountSats || !isAll || isFinal) throw stale('input', index);
  if (input.partialSignatures.some(({ publicKey }) => equalBytes(publicKey, own.publicKey))) return null;
  return { index, own, address, amountSats };
}

/**
 * The hashes to be signed, computed in linear time by the PSBT engine and checked against the library's, which shares no code
 * with it. The library hashes all inputs and outputs anew for each input, so it is asked for all of a small transaction and
 * for the first, the last and some in between of a large one: the parts that it would hash anew are the same for every input,
 * and what differs (outpoint, script, amount, sequence) differs in value only.
 * @throws StrongroomError `sign.disagreement`, before anything is signed
 * @see BIP143
 */
function checkedHashes(psbt: Psbt, tasks: readonly Task[]): (task: Task) => Uint8Array {
  const sighasher = createSighasherV0(psbt.transaction);
  const hashOf = ({ index, address, amountSats }: Task): Uint8Array => sighasher.hash(index, address.witnessScript, amountSats, SIGHASH_ALL);
  const step = Math.max(1, Math.ceil(tasks.length / (MOST_CHECKED - 1)));
  for (const [position, task] of tasks.entries()) {
    if (position % step !== 0 && position !== tasks.length - 1) continue;
    const hash = psbt.transaction.hashForWitnessV0(task.index, task.address.witnessScript, task.amountSats, SIGHASH_ALL);
    if (!equalBytes(hash, hashOf(task))) {
      throw new StrongroomError('sign.disagreement', `Two implementations do not agree on what input ${task.index} signs. Nothing was signed.`, { input: task.index }, 'Do not use this installation. Install Strongroom again and compare its checksum.');
    }
  }
  return hashOf;
}

function signInput(hash: Uint8Array, task: Task, key: SigningKey, curves: Curves): PartialSignature {
  const { publicKey, path } = task.own;
  if (!equalBytes(key.publicKeyAt(path), publicKey)) {
    throw new StrongroomError('key.not-a-cosigner', `Key ${key.fingerprint} is not the cosigner for whom the wallet was registered.`, { fingerprint: key.fingerprint, input: task.index }, 'Open the key file that belongs to the registration.');
  }
  const signature = key.usePrivateKeyAt(path, (privateKey) => signAgreed(curves, hash, privateKey, publicKey));
  return { publicKey, signature: encodeSignature(signature, SIGHASH_ALL) };
}

const stale = (scope: 'global' | 'input', index: number): StrongroomError =>
  new StrongroomError('review.stale', scope === 'global' ? 'The bytes to be signed are not those that were reviewed.' : `Input ${index} is not what was reviewed.`, { scope, index }, 'Review the file again. If it repeats, do not sign: somebody changes it in between.');
