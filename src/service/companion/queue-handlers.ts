import { sha256 } from '@noble/hashes/sha2.js';
import { psbtFileName, transactionFileName } from '../../airgap/file-names.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { QueueEntry } from '../../companion/queue/queue.ts';
import { parseBase64, toBase64, toHex } from '../../domain/bytes.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { feeRateOf, formatFeeRate } from '../../domain/fee-rate.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { decodePsbt } from '../../psbt/codec/decode.ts';
import { combinePsbts } from '../../psbt/combiner.ts';
import { parseTransaction } from '../../psbt/transaction.ts';
import type { CompanionEffects } from './effects.ts';
import { finalizeEntry } from './finalizing.ts';
import { ledgerHandlers } from './ledger-handlers.ts';
import { keptPsbt } from './plan-memory.ts';
import { deriversOf, signingWalletsOf } from './plan-signers.ts';
import { ReplyDesk } from './queue-replies.ts';
import { entryReport, MOST_ENTRIES, requireEntry, stateOf, whyClosed } from './queueing.ts';

type Core = Handlers<typeof companionCoreContract>;
type QueueHandlers = Pick<Core, 'queue.list' | 'queue.details' | 'queue.add' | 'queue.export' | 'queue.discard' | 'queue.finalize' | 'queue.broadcast'>;

export const queueHandlers = (effects: CompanionEffects): QueueHandlers => ({
  'queue.list': async ({ walletId, all = false }) => {
    const ledger = await effects.ledger();
    const now = effects.now();
    const entries = ledger.queue.entries(walletId, MOST_ENTRIES).map((entry) => entryReport(ledger, entry, now));
    const closed = new Set<string>(['confirmed', 'expired', 'spent-otherwise', 'discarded', 'superseded']);
    return { entries: entries.filter(({ state }) => all || !closed.has(state)) };
  },

  'queue.details': async ({ plan }) => {
    const ledger = await effects.ledger();
    const now = effects.now();
    const entry = requireEntry(ledger, plan);
    return {
      entry: entryReport(ledger, entry, now),
      payments: ledger.queue.payments(entry.planId).map(({ amountSats, ...payment }) => ({ ...payment, amountSats: String(amountSats) })),
      versions: ledger.queue.versions(entry.paymentId).map((version) => entryReport(ledger, version, now)),
      quarantined: ledger.queue.quarantined(entry.paymentId).map(({ planId, fileName, sha256: hash, code, signedBy, receivedAt }) => ({ planId, file: fileName, sha256: hash, code, signedBy: [...signedBy], receivedAt })),
    };
  },

  'queue.add': async ({ files }, context) => {
    const ledger = await effects.ledger();
    const desk = new ReplyDesk(ledger, effects.now);
    const outcomes: ReturnType<ReplyDesk['add']>[] = [];
    for (const [position, { name, contentBase64 }] of files.entries()) {
      if (context.isCancelled()) throw new StrongroomError('host.cancelled', `Stopped after ${position} of ${files.length} files; what was taken stays.`, { taken: position }, 'Add the files again; those that are here already are recognised.');
      context.progress({ fraction: position / files.length, activity: `Verifying ${name}` });
      outcomes.push(desk.add({ name, content: parseBase64(contentBase64) }));
    }
    const touched = [...new Set(outcomes.flatMap(({ planId }) => planId ?? []))];
    return { outcomes, entries: touched.flatMap((planId) => ledger.queue.entry(planId) ?? []).map((entry) => entryReport(ledger, entry, effects.now())) };
  },

  'queue.export': async ({ plan, cosigner = null, unsigned = false }) => {
    const ledger = await effects.ledger();
    const now = effects.now();
    const entry = openEntry(ledger, plan, now);
    if (cosigner !== null) requireAwaited(ledger, entry, cosigner, now);
    const signed = unsigned ? null : ledger.queue.signedPsbt(entry.planId);
    const bytes = signed ?? ledger.plannedPsbt(entry.planId);
    if (bytes === null) throw notKept(entry);
    if (cosigner !== null) ledger.queue.saveHandover(entry.planId, parseFingerprint(cosigner), now);
    const suggestedName = psbtFileName({ kind: entry.kind, date: entry.plannedAt, psbtSha256: entry.psbtSha256, signers: entry.signers, step: signed === null ? 'unsigned' : 'combined' });
    return { psbtBase64: toBase64(bytes), psbtSha256: toHex(sha256(bytes)), suggestedName, form: signed === null ? 'unsigned' : 'partly-signed', entry: entryReport(ledger, ledger.queue.entry(entry.planId) as QueueEntry, now) };
  },

  'queue.discard': async ({ plan, reason }) => {
    const ledger = await effects.ledger();
    const now = effects.now();
    const entry = requireEntry(ledger, plan);
    const { state } = stateOf(ledger, entry, now);
    if (state === 'broadcast' || state === 'confirmed') throw new StrongroomError('queue.already-sent', 'The transaction was sent already.', { plan: entry.planId }, state === 'confirmed' ? 'Nothing is left to discard.' : 'Take it back with "pay cancel", as long as it is not confirmed.');
    ledger.queue.saveDiscarded(entry.planId, now, reason);
    return { entry: entryReport(ledger, ledger.queue.entry(entry.planId) as QueueEntry, now) };
  },

  'queue.finalize': async ({ plan }) => {
    const ledger = await effects.ledger();
    const now = effects.now();
    const { entry, bytes } = finalOf(ledger, openEntry(ledger, plan, now), now);
    const { transaction, txid } = parseTransaction(bytes);
    const vsizeVb = transaction.virtualSize();
    const name = psbtFileName({ kind: entry.kind, date: entry.plannedAt, psbtSha256: entry.psbtSha256, signers: entry.signers, step: 'final' });
    return { transactionHex: toHex(bytes), txid, vsizeVb, feeSats: String(entry.feeSats), feeRateSatPerVb: formatFeeRate(feeRateOf(entry.feeSats, vsizeVb)), suggestedName: transactionFileName(name), entry: entryReport(ledger, entry, now) };
  },

  'queue.broadcast': async ({ plan, node }, context) => {
    const ledger = await effects.ledger();
    const now = effects.now();
    const { entry, bytes } = finalOf(ledger, openEntry(ledger, plan, now), now);
    // The books of a watched wallet that is swept have the sweep too.
    const booked = new Set(ledger.wallets().map(({ walletId }) => walletId));
    const swept = signingWalletsOf(ledger, entry).filter(({ walletId }) => walletId !== entry.walletId && booked.has(walletId));
    const wallets = [ledger.queue.wallet(entry.walletId)?.text ?? '', ...swept.map(({ text }) => text)];
    const { txid } = await ledgerHandlers(effects)['tx.broadcast']({ transactionFileBase64: toBase64(bytes), node, wallets, references: [] }, context);
    return { txid, entry: entryReport(ledger, ledger.queue.entry(entry.planId) as QueueEntry, effects.now()) };
  },
});

/** A plan that is to be handed out, finalized or sent. @throws StrongroomError as `requireEntry` and `whyClosed` */
function openEntry(ledger: Ledger, plan: string, now: string): QueueEntry {
  const entry = requireEntry(ledger, plan);
  const closed = whyClosed(ledger, entry, stateOf(ledger, entry, now));
  if (closed !== null) throw closed;
  return entry;
}

function requireAwaited(ledger: Ledger, entry: QueueEntry, cosigner: string, now: string): void {
  const { awaited } = entryReport(ledger, entry, now);
  if (awaited.some(({ fingerprint }) => fingerprint === cosigner)) return;
  const hasSigned = entry.signatures.some(({ fingerprint }) => fingerprint === cosigner);
  const isCosigner = signingWalletsOf(ledger, entry).some(({ cosigners }) => cosigners.some(({ fingerprint }) => fingerprint === cosigner));
  if (!isCosigner) throw new StrongroomError('key.not-a-cosigner', `Key ${cosigner} is not one of the cosigners who sign this plan.`, { fingerprint: cosigner }, 'Choose one of those that are awaited.');
  throw new StrongroomError('queue.already-signed', hasSigned ? `Cosigner ${cosigner} has signed already.` : 'The quorum is complete; no further signature is needed.', { fingerprint: cosigner }, 'Choose one of those that are awaited.');
}

/** The final transaction of a plan, made now where that was left to do. @throws StrongroomError `psbt.incomplete` */
function finalOf(ledger: Ledger, entry: QueueEntry, now: string): { readonly entry: QueueEntry; readonly bytes: Uint8Array } {
  const made = ledger.queue.finalTransaction(entry.planId);
  if (made !== null) return { entry, bytes: made };
  const original = keptPsbt(ledger, entry.planId);
  if (original === null) throw notKept(entry);
  const derivers = deriversOf(signingWalletsOf(ledger, entry));
  if (derivers.length === 0) throw new StrongroomError('psbt.incomplete', `The plan is not signed: ${entry.signers === 'paper' ? 'the Signer signs it with the keys of the papers' : 'the node signs it with a wallet of its own'}.`, { inputs: 'all' }, entry.signers === 'paper' ? 'Add the signed file with "queue add".' : 'Have the node sign it with "hot sign", and send it from there.');
  const signed = ledger.queue.signedPsbt(entry.planId);
  const { psbt } = combinePsbts([signed === null ? original : decodePsbt(signed)], derivers, { original });
  const { bytes } = finalizeEntry(ledger, entry, derivers, psbt, original, now);
  return { entry: ledger.queue.entry(entry.planId) as QueueEntry, bytes };
}

const notKept = (entry: QueueEntry): StrongroomError => new StrongroomError('queue.unknown', 'The file of the plan is not kept any more.', { id: entry.planId }, 'Plan the payment again.');
