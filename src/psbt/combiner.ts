import type { Fingerprint } from '../domain/fingerprint.ts';
import { compareBytes } from '../domain/bytes.ts';
import { unreachable } from '../domain/unreachable.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { ReviewedQuorum as QuorumWithKeys } from '../review/review.ts';
import type { AddressDeriver, DerivedAddress } from '../wallet/address.ts';
import type { Wallet } from '../wallet/wallet.ts';
import type { KeySignature } from './final-scripts.ts';
import { quorumProgress, type HashForType } from './input-signatures.ts';
import { oddOnes, sameOutput } from './merge-fields.ts';
import { mergePsbts, withRegisteredOrigins } from './merge-psbts.ts';
import { listOf, ownerOf, type Derivers } from './owner.ts';
import { requireOneTransaction, spentOutpoints, type PaymentVersion } from './payment-versions.ts';
import { previousOutputs } from './previous-outputs.ts';
import type { CombinedPsbt, Psbt, PsbtInput, TxOutput } from './psbt.ts';
import { namedReplies, type Reply } from './reply.ts';
import { validSignatures } from './reply-signatures.ts';
import { createSighasher } from './sighash.ts';
import { versionHashes } from './stale-signatures.ts';
import { inputOriginsOf, withLeafSignatures, withTapKeySignature } from './taproot-fields.ts';
import { unproven } from './updater.ts';

/** Nobody signs here, so no key is at hand. */
type ReviewedQuorum = Omit<QuorumWithKeys, 'keys'>;

/** What is known of a payment beside the files that came back. */
export interface CombineContext {
  /** What errors call each file, in their order; `file 1` and so on where a name is missing. */
  readonly names?: readonly string[];
  /** The file that the replies answer, as it was planned: it has what they lack, and it is right where they contradict it. */
  readonly original?: Psbt | null;
  /** Versions of the payment that were replaced. */
  readonly versions?: readonly PaymentVersion[];
}

export interface Combination {
  /** In canonical order: the same for every order of the files that went in. */
  readonly psbt: CombinedPsbt;
  /** Of the wallet that lacks most signatures, where the transaction draws on several. */
  readonly quorum: ReviewedQuorum;
  /** Of each wallet that the transaction spends from, in the order given. */
  readonly quorums: readonly { readonly wallet: Wallet; readonly quorum: ReviewedQuorum }[];
}

/**
 * BIP174's Combiner, made strict: every input must be one of the wallets' own with a proven amount, and every signature must
 * verify and be of one of its cosigners. Replies may lack everything but their signatures, as long as one file, or the original, has
 * what they lack. Signatures inside final scripts are taken out and counted like the others.
 * @param derivers of one wallet, or of all that the transaction draws on
 * @throws StrongroomError `psbt.mixed-transactions`, `psbt.superseded`, `psbt.conflict`, `psbt.input-unproven`,
 * `psbt.foreign-input`, `psbt.signature-invalid`, `psbt.signature-stale`. Where one file is to blame, `details.file` and
 * `details.position` (from 1) say which.
 */
export function combinePsbts(psbts: readonly Psbt[], derivers: Derivers, { names = [], original = null, versions = [] }: CombineContext = {}): Combination {
  if (psbts.length === 0) throw new TypeError('nothing to combine');
  const replies = namedReplies(psbts, names, original);
  const wallets = listOf(derivers);
  requireOneTransaction(replies, versions, wallets);
  const merged = mergePsbts(replies, wallets);
  const spent = provenOutputs(merged, replies);
  const outpoints = spentOutpoints(merged.transaction);
  const hashes = versionHashes(versions, new Map(spent.map((output, index) => [outpoints[index] as string, output])));
  const sighasher = createSighasher(merged.transaction, spent);
  const signers = new Map<AddressDeriver, (readonly Fingerprint[])[]>();
  const inputs = merged.inputs.map((input, index): PsbtInput => {
    const owner = ownerOf(wallets, (spent[index] as TxOutput).scriptPubKey, inputOriginsOf(input));
    if (owner === null) throw foreign(index);
    const { deriver, derived } = owner;
    const hashFor = remembered((sighashType) => sighasher.hash(index, derived.rule, sighashType));
    const signatures = validSignatures(replies, { index, outpoint: outpoints[index] as string, owner, hashFor }, hashes);
    const signedBy = derived.keys.filter((key) => signatures.some((signature) => signature.key === key)).map((key) => key.masterFingerprint);
    const ofWallet = signers.get(deriver);
    if (ofWallet === undefined) signers.set(deriver, [signedBy]);
    else ofWallet.push(signedBy);
    return withSignatures(withRegisteredOrigins(input, derived), derived, signatures);
  });
  const psbt: Psbt = { ...merged, inputs };
  return { psbt: psbt as CombinedPsbt, ...quorumsOf(wallets, signers) };
}

/** What was combined, and which files were left out of it for which reason. */
export interface PartialCombination extends Combination {
  readonly leftOut: readonly { readonly position: number; readonly label: string; readonly error: StrongroomError }[];
}

/**
 * The same, leaving out each file that is to blame for an error, so that one bad reply does not keep the others from being combined.
 * @throws StrongroomError as `combinePsbts`, where no single file is to blame, or none is left
 */
export function combineGoodPsbts(psbts: readonly Psbt[], derivers: Derivers, context: CombineContext = {}): PartialCombination {
  const leftOut: { position: number; label: string; error: StrongroomError }[] = [];
  const kept = psbts.map((psbt, index) => ({ psbt, position: index + 1, name: context.names?.[index] ?? `file ${index + 1}` }));
  for (;;) {
    try {
      return { ...combinePsbts(kept.map(({ psbt }) => psbt), derivers, { ...context, names: kept.map(({ name }) => name) }), leftOut };
    } catch (error) {
      const at = error instanceof StrongroomError ? Number(error.details['position'] ?? 0) - 1 : -1;
      const odd = kept[at];
      if (!(error instanceof StrongroomError) || odd === undefined) throw error;
      const { position, name: label } = odd;
      // Its place among all files, not among those that were left.
      leftOut.push({ position, label, error: new StrongroomError(error.code, error.message, { ...error.details, position }, error.hint) });
      kept.splice(at, 1);
      if (kept.length === 0) throw (leftOut[0] as (typeof leftOut)[number]).error;
    }
  }
}

/**
 * What every input spends, proven; and that no file says otherwise.
 * @throws StrongroomError `psbt.input-unproven`, `psbt.conflict`
 */
function provenOutputs(merged: Psbt, replies: readonly Reply[]): readonly TxOutput[] {
  return previousOutputs(merged).map((previous, index) => {
    if (previous.proof === null) throw unproven(index);
    const { output } = previous;
    const claimed = merged.inputs[index]?.witnessUtxo;
    // The previous transaction decides it, not the number of files that say the one or the other.
    if (claimed !== undefined && !sameOutput(claimed, output)) {
      throw oddOnes({ scope: 'input', index }, 'the amount', replies.filter(({ psbt }) => psbt.inputs[index]?.witnessUtxo !== undefined));
    }
    return output;
  });
}

/** Legacy hashes take the whole transaction: each is asked for once for every signature. */
function remembered(hashFor: HashForType): HashForType {
  const known = new Map<number, Uint8Array | null>();
  return (sighashType) => {
    const hash = known.get(sighashType) ?? hashFor(sighashType);
    known.set(sighashType, hash);
    return hash;
  };
}

/** The input with these signatures. */
function withSignatures(input: PsbtInput, { rule }: DerivedAddress, signatures: readonly KeySignature[]): PsbtInput {
  switch (rule.kind) {
    case 'taproot-key':
      return signatures.reduce((signed, { signature }) => withTapKeySignature(signed, signature), input);
    case 'taproot-leaf':
      return withLeafSignatures(input, signatures.map(({ key, signature }) => ({ publicKey: key.signingKey, leafHash: rule.leafHash, signature })).sort((a, b) => compareBytes(a.publicKey, b.publicKey)));
    case 'legacy':
    case 'segwit-v0':
      return { ...input, partialSignatures: signatures.map(({ key, signature }) => ({ publicKey: key.signingKey, signature })).sort((a, b) => compareBytes(a.publicKey, b.publicKey)) };
    default:
      return unreachable(rule);
  }
}

function quorumsOf(derivers: readonly AddressDeriver[], signers: ReadonlyMap<AddressDeriver, readonly (readonly Fingerprint[])[]>): Pick<Combination, 'quorum' | 'quorums'> {
  const spending = derivers.filter((deriver) => signers.has(deriver));
  const quorums = (spending.length === 0 ? derivers.slice(0, 1) : spending).map((deriver) => {
    const { wallet } = deriver;
    const { required, cosigners } = wallet;
    return { wallet, quorum: { required, total: cosigners.length, ...quorumProgress(required, signers.get(deriver) ?? []), thisKey: null } };
  });
  const [first, ...others] = quorums.map(({ quorum }) => quorum);
  if (first === undefined) throw new TypeError('no wallet to combine for');
  // The one that lacks most speaks for all, so that nothing counts as complete before everything is.
  return { quorum: others.reduce((worst, quorum) => (quorum.stillNeeded > worst.stillNeeded ? quorum : worst), first), quorums };
}

function foreign(index: number): StrongroomError {
  return new StrongroomError('psbt.foreign-input', `Input ${index} is not of a wallet that was given.`, { index }, 'Name every wallet that the transaction spends from.');
}
