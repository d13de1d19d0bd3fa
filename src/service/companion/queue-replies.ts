import { sha256 } from '@noble/hashes/sha2.js';
import type { InferInput } from 'valibot';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { QueueEntry } from '../../companion/queue/queue.ts';
import { signedEverywhere, takeReply, type TakenReply } from '../../companion/queue/take-reply.ts';
import { readReplyFile } from '../../companion/reply-file.ts';
import { equalBytes, toHex } from '../../domain/bytes.ts';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import { decodePsbt } from '../../psbt/codec/decode.ts';
import { combinePsbts } from '../../psbt/combiner.ts';
import { spentOutpoints } from '../../psbt/payment-versions.ts';
import type { Psbt } from '../../psbt/psbt.ts';
import { transactionId } from '../../psbt/transaction.ts';
import type { AddressDeriver } from '../../wallet/address.ts';
import { finalizeEntry, finalPapers, keepFinal } from './finalizing.ts';
import { keptPsbt, rememberedPayment } from './plan-memory.ts';
import { deriversOf, labelIn, signingWalletsOf, whyNotSignedHere } from './plan-signers.ts';
import { stateOf, whyClosed } from './queueing.ts';

type Outcome = InferInput<(typeof companionCoreContract)['queue.add']['output']>['outcomes'][number];

/** A file that came back. */
export interface ReplyFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** How often a reply is merged anew because another program merged one meanwhile. */
const MOST_TRIES = 5;

/** Replies to plans of the queue, each for itself: a bad one keeps no good one from being taken. */
export class ReplyDesk {
  readonly #ledger: Ledger;
  readonly #now: () => string;
  /** By the wallets' ids: looking for a wallet's own scripts is dear, and many replies are of the same wallets. */
  readonly #derivers = new Map<string, readonly AddressDeriver[]>();

  constructor(ledger: Ledger, now: () => string) {
    this.#ledger = ledger;
    this.#now = now;
  }

  /** Takes a reply, or says why not; never throws for what the file holds. */
  add(file: ReplyFile): Outcome {
    let reply: Psbt;
    try {
      reply = readReplyFile(file.content);
    } catch (error) {
      return refused(file, null, named(error), [], false);
    }
    const entry = this.#ledger.queue.entry(transactionId(reply.transaction));
    if (entry === null) return this.#unknown(file, reply);
    const closed = whyClosed(this.#ledger, entry, stateOf(this.#ledger, entry, this.#now()));
    if (closed !== null) return this.#apart(file, reply, entry, closed);
    const notHere = whyNotSignedHere(entry);
    if (notHere !== null) return refused(file, entry.planId, notHere, [], false);
    try {
      return entry.signers === 'paper' ? this.#takePapers(file, reply, entry) : this.#merge(file, reply, entry);
    } catch (error) {
      const fault = named(error);
      return fault.code === 'psbt.signature-stale' || fault.code === 'psbt.superseded' ? this.#apart(file, reply, entry, fault) : refused(file, entry.planId, fault, [], false);
    }
  }

  #merge(file: ReplyFile, reply: Psbt, entry: QueueEntry): Outcome {
    const { queue } = this.#ledger;
    const { planId } = entry;
    const derivers = this.#deriversOf(entry);
    const original = this.#originalOf(planId);
    for (let tries = MOST_TRIES; ; tries -= 1) {
      const before = queue.signedPsbt(planId);
      const { versions } = rememberedPayment(this.#ledger, [reply], []);
      const taken = takeReply({ reply, name: file.name, derivers, original, current: before === null ? null : decodePsbt(before), versions });
      const receivedAt = this.#now();
      const isSaved = taken.outcome === 'duplicate' || this.#ledger.atomically(() => {
        const now = queue.signedPsbt(planId);
        // Another program may have merged a reply while this one was verified: its signatures must not be lost.
        if (tries > 1 && (now === null) !== (before === null)) return false;
        if (tries > 1 && now !== null && before !== null && !equalBytes(now, before)) return false;
        queue.saveSigned(planId, taken.bytes, taken.stillNeeded, taken.signed.map((fingerprint) => ({ fingerprint, receivedAt, fileName: file.name })), taken.stillNeededOf);
        return true;
      });
      if (!isSaved) continue;
      const finalized = taken.stillNeeded === 0 && queue.entry(planId)?.final === null && this.#finalize(entry, derivers, taken);
      return {
        file: file.name, outcome: taken.outcome, planId, signedBy: this.#named(entry, taken.signedBy), finalized: finalized || queue.entry(planId)?.final != null,
        stillNeeded: taken.stillNeeded, error: null, quarantined: false,
      };
    }
  }

  #finalize(entry: QueueEntry, derivers: readonly AddressDeriver[], taken: TakenReply): boolean {
    finalizeEntry(this.#ledger, entry, derivers, taken.psbt, this.#originalOf(entry.planId), this.#now());
    return true;
  }

  /** The one reply to a sweep of papers: with it the plan is complete. The first that came is kept. */
  #takePapers(file: ReplyFile, reply: Psbt, entry: QueueEntry): Outcome {
    const { planId } = entry;
    const made = finalPapers(entry, reply, this.#originalOf(planId));
    const isNew = this.#ledger.atomically(() => {
      const isFirst = this.#ledger.queue.entry(planId)?.final === null;
      if (isFirst) keepFinal(this.#ledger, planId, made, this.#now());
      return isFirst;
    });
    return { file: file.name, outcome: isNew ? 'taken' : 'duplicate', planId, signedBy: [], finalized: true, stillNeeded: 0, error: null, quarantined: false };
  }

  /** A reply of a version that is not to be sent: its name, hash and signers are kept, its bytes are not. */
  #apart(file: ReplyFile, reply: Psbt, entry: QueueEntry, error: StrongroomError): Outcome {
    const signedBy = this.#signersOf(file, reply, entry);
    this.#ledger.queue.quarantine({ planId: entry.planId, fileName: file.name, sha256: toHex(sha256(file.content)), code: error.code, signedBy, receivedAt: this.#now() });
    return refused(file, entry.planId, error, this.#named(entry, signedBy), true);
  }

  /** Whose valid signatures a reply holds for its own version; nobody's, where that cannot be told. */
  #signersOf(file: ReplyFile, reply: Psbt, entry: QueueEntry): readonly Fingerprint[] {
    const derivers = this.#deriversOf(entry);
    if (derivers.length === 0) return [];
    try {
      return signedEverywhere(combinePsbts([reply], derivers, { names: [file.name], original: keptPsbt(this.#ledger, entry.planId) }));
    } catch (error) {
      named(error);
      return [];
    }
  }

  /** A file of no plan here. It may spend what a plan spends: then somebody else's version of it is about. */
  #unknown(file: ReplyFile, reply: Psbt): Outcome {
    const rival = this.#ledger.plansSpending(spentOutpoints(reply.transaction)).find(({ planId }) => this.#ledger.queue.entry(planId) !== null);
    const error = rival === undefined
      ? new StrongroomError('queue.unknown', 'The file is of no plan in the queue.', { txid: transactionId(reply.transaction) }, 'Find out which Companion planned it; combine it there.')
      : new StrongroomError('psbt.superseded', 'The file is of a transaction that was not planned here, and spends what a plan in the queue spends.', { txid: transactionId(reply.transaction), currentTxid: rival.planId }, 'Find out who made it before anybody signs more.');
    return refused(file, rival?.planId ?? null, error, [], false);
  }

  #deriversOf(entry: QueueEntry): readonly AddressDeriver[] {
    const wallets = signingWalletsOf(this.#ledger, entry);
    const key = wallets.map(({ walletId }) => walletId).join(' ');
    const known = this.#derivers.get(key) ?? deriversOf(wallets);
    this.#derivers.set(key, known);
    return known;
  }

  #originalOf(planId: string): Psbt {
    const original = keptPsbt(this.#ledger, planId);
    if (original === null) throw new StrongroomError('queue.unknown', 'The file of the plan is not kept any more.', { id: planId }, 'Plan the payment again.');
    return original;
  }

  #named(entry: QueueEntry, fingerprints: readonly Fingerprint[]): Outcome['signedBy'] {
    const wallets = signingWalletsOf(this.#ledger, entry);
    return fingerprints.map((fingerprint) => ({ fingerprint, label: labelIn(wallets, fingerprint) }));
  }
}

/** A fault by name; one of the program's own goes on. */
function named(error: unknown): StrongroomError {
  if (error instanceof StrongroomError) return error;
  throw error;
}

const refused = (file: ReplyFile, planId: string | null, { code, message, hint }: StrongroomError, signedBy: Outcome['signedBy'], quarantined: boolean): Outcome =>
  ({ file: file.name, outcome: 'refused', planId, signedBy, finalized: false, stillNeeded: null, error: { code, message, hint }, quarantined });

