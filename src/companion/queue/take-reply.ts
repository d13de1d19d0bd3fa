import { equalBytes } from '../../domain/bytes.ts';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { combinePsbts, type Combination } from '../../psbt/combiner.ts';
import type { PaymentVersion } from '../../psbt/payment-versions.ts';
import type { CombinedPsbt, Psbt } from '../../psbt/psbt.ts';
import type { Derivers } from '../../psbt/owner.ts';
import { cosignersOf } from '../../wallet/wallet.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';

/** A reply to a plan, and what it is held against. */
export interface ReplyTask {
  readonly reply: Psbt;
  /** What errors call it. */
  readonly name: string;
  /** Of the wallet, or of all wallets, that are spent from. */
  readonly derivers: Derivers;
  /** The unsigned file, as it was planned. */
  readonly original: Psbt;
  /** With the signatures so far; `null` before the first. */
  readonly current: CombinedPsbt | Psbt | null;
  /** Other versions of the payment: a signature made for one of them is named as stale. */
  readonly versions: readonly PaymentVersion[];
}

export interface TakenReply {
  /** `duplicate`: it holds nothing that was not here already. */
  readonly outcome: 'taken' | 'duplicate';
  readonly psbt: CombinedPsbt;
  /** Encoded. */
  readonly bytes: Uint8Array;
  readonly stillNeeded: number;
  /** The same of each wallet that is spent from, by wallet id. */
  readonly stillNeededOf: ReadonlyMap<string, number>;
  /** Whose signatures the file holds on every input. */
  readonly signedBy: readonly Fingerprint[];
  /** Who signed every input by now. */
  readonly signed: readonly Fingerprint[];
}

/**
 * Verifies every signature of a reply, by itself, and merges it with those that are here already. The result depends on which replies
 * came, not on their order.
 * @throws StrongroomError as `combinePsbts`: the reply is to blame, and nothing was merged
 */
export function takeReply({ reply, name, derivers, original, current, versions }: ReplyTask): TakenReply {
  const alone = combinePsbts([reply], derivers, { names: [name], original, versions });
  const merged = current === null ? alone : combinePsbts([reply, current], derivers, { names: [name, 'the signatures so far'], original, versions });
  const bytes = encodePsbt(merged.psbt);
  const before = current === null ? combinePsbts([original], derivers, { original }).psbt : current;
  return {
    outcome: equalBytes(bytes, encodePsbt(before)) ? 'duplicate' : 'taken',
    psbt: merged.psbt, bytes, stillNeeded: merged.quorum.stillNeeded, stillNeededOf: new Map(merged.quorums.map(({ wallet, quorum }) => [policyIdOf(wallet).walletId, quorum.stillNeeded])),
    signedBy: signedEverywhere(alone), signed: signedEverywhere(merged),
  };
}

/** Who signed every input of each wallet that they are a cosigner of: whoever signed those of one wallet alone is awaited by the other. */
export function signedEverywhere({ quorums }: Pick<Combination, 'quorums'>): readonly Fingerprint[] {
  const signed = [...new Set(quorums.flatMap(({ quorum }) => quorum.signed))];
  return signed.filter((fingerprint) => quorums.every(({ wallet, quorum }) => cosignersOf(wallet, fingerprint).length === 0 || quorum.signed.includes(fingerprint)));
}
