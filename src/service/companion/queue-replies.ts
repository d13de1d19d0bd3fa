import { sha256 } from '@noble/hashes/sha2.js';
import type { InferInput } from 'valibot';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { QueueEntry } from '../../companion/queue/queue.ts';
import { takeReply, type TakenReply } from '../../companion/queue/take-reply.ts';
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
import { createAddressDeriver, type AddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { finalizeEntry } from './finalizing.ts';
import { keptPsbt, rememberedPayment } from './plan-memory.ts';
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
  readonly #derivers = new Map<string, AddressDeriver>();

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
    if (entry.signers !== 'cold') return refused(file, entry.planId, new StrongroomError('queue.already-signed', 'No cosigner signs this plan: it is a sweep.', { plan: entry.planId }, 'Bring it to Combine & send with the wallet that it is swept from, or finalize it with "psbt finalize" and send it.'), [], false);
    try {
      return this.#merge(file, reply, entry);
    } catch (error) {
      const fault = named(error);
      return fault.code === 'psbt.signature-stale' || fault.code === 'psbt.superseded' ? this.#apart(file, reply, entry, fault) : refused(file, entry.planId, fault, [], false);
    }
  }

  #merge(file: ReplyFile, reply: Psbt, entry: QueueEntry): Outcome {
    const { queue } = this.#ledger;
    const { planId } = entry;
    const deriver = this.#deriverOf(entry.walletId);
    const original = this.#originalOf(planId);
    for (let tries = MOST_TRIES; ; tries -= 1) {
      const before = queue.signedPsbt(planId);
      const { versions } = rememberedPayment(this.#ledger, [reply], []);
      const taken = takeReply({ reply, name: file.name, deriver, original, current: before === null ? null : decodePsbt(before), versions });
      const receivedAt = this.#now();
      const isSaved = taken.outcome === 'duplicate' || this.#ledger.atomically(() => {
        const now = queue.signedPsbt(planId);
        // Another program may have merged a reply while this one was verified: its signatures must not be lost.
        if (tries > 1 && (now === null) !== (before === null)) return false;
        if (tries > 1 && now !== null && before !== null && !equalBytes(now, before)) return false;
        queue.saveSigned(planId, taken.bytes, taken.stillNeeded, taken.signed.map((fingerprint) => ({ fingerprint, receivedAt, fileName: file.name })));
        return true;
      });
      if (!isSaved) continue;
      const finalized = taken.stillNeeded === 0 && queue.entry(planId)?.final === null && this.#finalize(planId, deriver, taken);
      return {
        file: file.name, outcome: taken.outcome, planId, signedBy: this.#named(entry.walletId, taken.signedBy), finalized: finalized || queue.entry(planId)?.final != null,
        stillNeeded: taken.stillNeeded, error: null, quarantined: false,
      };
    }
  }

  #finalize(planId: string, deriver: AddressDeriver, taken: TakenReply): boolean {
    finalizeEntry(this.#ledger, planId, deriver, taken.psbt, this.#originalOf(planId), this.#now());
    return true;
  }

  /** A reply of a version that is not to be sent: its name, hash and signers are kept, its bytes are not. */
  #apart(file: ReplyFile, reply: Psbt, entry: QueueEntry, error: StrongroomError): Outcome {
    const signedBy = this.#signersOf(file, reply, entry);
    this.#ledger.queue.quarantine({ planId: entry.planId, fileName: file.name, sha256: toHex(sha256(file.content)), code: error.code, signedBy, receivedAt: this.#now() });
    return refused(file, entry.planId, error, this.#named(entry.walletId, signedBy), true);
  }

  /** Whose valid signatures a reply holds for its own version; nobody's, where that cannot be told. */
  #signersOf(file: ReplyFile, reply: Psbt, entry: QueueEntry): readonly Fingerprint[] {
    if (entry.signers !== 'cold') return [];
    try {
      return combinePsbts([reply], this.#deriverOf(entry.walletId), { names: [file.name], original: keptPsbt(this.#ledger, entry.planId) }).quorum.signed;
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

  #deriverOf(walletId: string): AddressDeriver {
    const known = this.#derivers.get(walletId) ?? createAddressDeriver(parseWalletFile(this.#ledger.queue.wallet(walletId)?.text ?? ''));
    this.#derivers.set(walletId, known);
    return known;
  }

  #originalOf(planId: string): Psbt {
    const original = keptPsbt(this.#ledger, planId);
    if (original === null) throw new StrongroomError('queue.unknown', 'The file of the plan is not kept any more.', { id: planId }, 'Plan the payment again.');
    return original;
  }

  #named(walletId: string, fingerprints: readonly Fingerprint[]): Outcome['signedBy'] {
    const cosigners = this.#ledger.queue.wallet(walletId)?.cosigners ?? [];
    return fingerprints.map((fingerprint) => ({ fingerprint, label: cosigners.find((cosigner) => cosigner.fingerprint === fingerprint)?.label ?? '' }));
  }
}

/** A fault by name; one of the program's own goes on. */
function named(error: unknown): StrongroomError {
  if (error instanceof StrongroomError) return error;
  throw error;
}

const refused = (file: ReplyFile, planId: string | null, { code, message, hint }: StrongroomError, signedBy: Outcome['signedBy'], quarantined: boolean): Outcome =>
  ({ file: file.name, outcome: 'refused', planId, signedBy, finalized: false, stillNeeded: null, error: { code, message, hint }, quarantined });

