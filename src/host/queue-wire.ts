import * as v from 'valibot';
import { command } from './contract.ts';
import { PlanStart } from './pay-wire.ts';
import { NodeUrl } from './plan-wire.ts';
import { FeeRateText, FileBase64, FileName, FingerprintText, Network, SatsText, Sha256Hex, TxidHex } from './wire.ts';

const State = v.picklist(['unsigned', 'partly-signed', 'complete', 'finalized', 'broadcast', 'confirmed', 'expired', 'spent-otherwise', 'discarded', 'superseded']);
const Signature = v.strictObject({ fingerprint: FingerprintText, label: v.string(), receivedAt: v.string(), file: v.string() });
const Cosigner = v.strictObject({ fingerprint: FingerprintText, label: v.string() });

/** A plan in the queue: one version of one payment. */
export const QueueEntry = v.strictObject({
  planId: TxidHex,
  /** The same for all versions of a payment. */
  paymentId: TxidHex,
  version: v.number(),
  reason: v.picklist(['planned', 'planned-again', 'bumped', 'cancelled', 'child']),
  kind: v.picklist(['sweep', 'pay']),
  walletId: v.string(),
  walletName: v.string(),
  network: Network,
  signers: v.picklist(['cold', 'hot', 'paper']),
  state: State,
  /** Of a confirmed one; 0 otherwise. */
  confirmations: v.number(),
  /** The plan that took its place, or the transaction that spent one of its inputs. */
  by: v.nullable(TxidHex),
  plannedAt: v.string(),
  expiresAt: v.string(),
  inputsSats: SatsText, paymentsSats: SatsText, changeSats: SatsText, feeSats: SatsText, feeRateSatPerVb: FeeRateText, vsizeVb: v.number(),
  payments: v.number(),
  references: v.array(v.string()),
  psbtSha256: Sha256Hex,
  parentTxid: v.nullable(TxidHex),
  /**
   * `null` where no cosigners sign: a sweep of a wallet that the node keeps, or of papers. Where several wallets are swept, the one that
   * lacks most signatures.
   */
  quorum: v.nullable(v.strictObject({ required: v.number(), total: v.number(), stillNeeded: v.number() })),
  /** Of a sweep out of watched wallets: those that it spends from, whose quorums sign it. */
  signingWallets: v.optional(v.array(v.strictObject({ walletId: v.string(), name: v.string(), required: v.number(), total: v.number(), stillNeeded: v.number() }))),
  signedBy: v.array(Signature),
  /** Cosigners whose signature is still of use; `handedAt` where a file was handed to them. */
  awaited: v.array(v.strictObject({ ...Cosigner.entries, handedAt: v.nullable(v.string()) })),
  final: v.nullable(v.strictObject({ txid: TxidHex, finalizedAt: v.string() })),
  discarded: v.nullable(v.strictObject({ at: v.string(), reason: v.string() })),
});

const Quarantined = v.strictObject({ planId: TxidHex, file: v.string(), sha256: Sha256Hex, code: v.string(), signedBy: v.array(FingerprintText), receivedAt: v.string() });

const Outcome = v.strictObject({
  file: v.string(),
  /** `duplicate`: it holds nothing that was not here already. */
  outcome: v.picklist(['taken', 'duplicate', 'refused']),
  planId: v.nullable(TxidHex),
  /** Whose signatures it holds, where they were verified; nobody's by name where the keys of papers signed. */
  signedBy: v.array(Cosigner),
  /** After it, the plan's transaction was made and checked: it can be sent. */
  finalized: v.boolean(),
  stillNeeded: v.nullable(v.number()),
  /** Of a refused one. */
  error: v.nullable(v.strictObject({ code: v.string(), message: v.string(), hint: v.string() })),
  /** It is kept apart, by name and hash, as a reply to a version that is not to be sent. */
  quarantined: v.boolean(),
});

export const queueContract = {
  /** The latest first. Without `all` those that are neither confirmed, expired, discarded nor superseded. */
  'queue.list': command(v.strictObject({ walletId: v.nullable(v.string()), all: v.optional(v.boolean()) }), v.strictObject({ entries: v.array(QueueEntry) })),
  /** A plan with its payments, and its payment's versions: which was signed by whom, and what was refused. */
  'queue.details': command(
    v.strictObject({ plan: PlanStart }),
    v.strictObject({
      entry: QueueEntry,
      payments: v.array(v.strictObject({ address: v.string(), amountSats: SatsText, reference: v.string(), costCode: v.nullable(v.string()) })),
      versions: v.array(QueueEntry),
      quarantined: v.array(Quarantined),
    }),
  ),
  /** Replies in any order: each finds its plan, is verified, and is merged. Where the quorum is complete, the transaction is made. */
  'queue.add': command(
    v.strictObject({ files: v.pipe(v.array(v.strictObject({ name: FileName, contentBase64: FileBase64 })), v.minLength(1), v.maxLength(500)) }),
    v.strictObject({ outcomes: v.array(Outcome), entries: v.array(QueueEntry) }),
  ),
  /** The file that is handed over next: unsigned, or with the signatures so far. */
  'queue.export': command(
    v.strictObject({ plan: PlanStart, /** To whom, so that the queue knows who is awaited. */ cosigner: v.optional(v.nullable(FingerprintText)), /** Without the signatures so far. */ unsigned: v.optional(v.boolean()) }),
    v.strictObject({ psbtBase64: FileBase64, psbtSha256: Sha256Hex, suggestedName: FileName, form: v.picklist(['unsigned', 'partly-signed']), entry: QueueEntry }),
  ),
  'queue.discard': command(v.strictObject({ plan: PlanStart, reason: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200), v.regex(/^[^\p{C}]*$/u)) }), v.strictObject({ entry: QueueEntry })),
  'queue.finalize': command(
    v.strictObject({ plan: PlanStart }),
    v.strictObject({ transactionHex: v.pipe(v.string(), v.maxLength(8_388_608)), txid: TxidHex, vsizeVb: v.number(), feeSats: SatsText, feeRateSatPerVb: FeeRateText, suggestedName: FileName, entry: QueueEntry }),
  ),
  /** Finalizes where that is left to do, tests, sends and books. */
  'queue.broadcast': command(v.strictObject({ plan: PlanStart, node: NodeUrl }), v.strictObject({ txid: TxidHex, entry: QueueEntry })),
} as const;
