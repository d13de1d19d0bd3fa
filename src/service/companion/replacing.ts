import type { ChainSource, MempoolEntry } from '../../companion/chain-source.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { notPossible, planReplacement } from '../../companion/payments/fee-bump.ts';
import { ownCandidates, ownKind } from '../../companion/plan/candidates.ts';
import type { PlannedPayment, Spendable } from '../../companion/plan/plan.ts';
import { DEFAULT_EXPIRY_DAYS, type QueueEntry } from '../../companion/queue/queue.ts';
import { feeRateOf, formatFeeRate, parseFeeRate } from '../../domain/fee-rate.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { RequestContext } from '../../host/contract.ts';
import { ownerOf } from '../../psbt/owner.ts';
import { previousOutputs } from '../../psbt/previous-outputs.ts';
import type { Psbt, PsbtInput } from '../../psbt/psbt.ts';
import { inputOriginsOf } from '../../psbt/taproot-fields.ts';
import { txidOfHash } from '../../psbt/transaction.ts';
import { unproven } from '../../psbt/updater.ts';
import { createAddressDeriver, scriptOfAddress, type AddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';
import { controlled, waitingPlans } from './pay-facts.ts';
import { bookVersion, versionReply } from './pay-versions.ts';
import { keptPsbt } from './plan-memory.ts';
import { requireEntry, versionStates } from './queueing.ts';

export interface Replacement {
  /** A plan's or its transaction's id, or the beginning of one. */
  readonly plan: string;
  readonly node: string | string[];
  readonly feeRate: string | null;
  readonly expiresInDays?: number | undefined;
  /** Whom the new version pays: the same as the old one, or nobody but the wallet. */
  readonly payments: 'same' | 'none';
}

/**
 * A version of a payment with a higher fee, which takes the place of all earlier ones: replies to those are refused from now on, and it can
 * drive them out of a node's mempool.
 * @throws StrongroomError `queue.unknown`, `bump.not-possible`, `coins.frozen`, and as `planReplacement`
 */
export async function replaceVersion(effects: CompanionEffects, { plan, node, feeRate, expiresInDays = DEFAULT_EXPIRY_DAYS, payments }: Replacement, context: RequestContext) {
  const ledger = await effects.ledger();
  const now = effects.now();
  const { versions, latest } = replaceable(ledger, requireEntry(ledger, plan), now);
  const deriver = createAddressDeriver(parseWalletFile(ledger.queue.wallet(latest.walletId)?.text ?? ''));
  const { wallet } = deriver;
  const original = keptPsbt(ledger, latest.planId);
  if (original === null) throw notPossible('not-kept', 'The file of the plan is not kept any more.', 'Plan the payment again.');
  const inputs = inputsOf(original, deriver);
  requireThawed(ledger, inputs);
  return withChain(effects, node, ledger, async (source) => {
    await usableStatus(source, wallet.network);
    await source.watch(wallet, context);
    const replacedFeeSats = await highestFee(source, versions);
    const { reserved } = waitingPlans(ledger, latest.walletId, null, now);
    const own = new Set(versions.flatMap(({ planId }) => ledger.queue.outpoints(planId)));
    const draft = planReplacement({
      network: wallet.network, ownKind: ownKind(wallet), changeScript: deriver.derive(1, 0).scriptPubKey, inputs, replacedFeeSats, replacedFeeRate: feeRateOf(latest.feeSats, latest.vsizeVb),
      candidates: controlled(ledger, ownCandidates(wallet, await source.utxos(wallet)), undefined, new Set([...reserved].filter((outpoint) => !own.has(outpoint)))),
      payments: payments === 'none' ? [] : paymentsOf(ledger, latest),
      feeRate: feeRate === null ? null : parseFeeRate(feeRate),
    });
    const previous = new Map(original.inputs.flatMap((input, index) => {
      const spent = original.transaction.ins[index];
      return input.nonWitnessUtxo === undefined || spent === undefined ? [] : [[txidOfHash(spent.hash), input.nonWitnessUtxo] as const];
    }));
    const booked = await bookVersion({
      source, ledger, deriver, transactions: await source.transactions(wallet), draft, plannedAt: now, expiresInDays, previous,
      versionOf: { paymentId: latest.paymentId, reason: latest.reason === 'child' ? 'child' : payments === 'none' ? 'cancelled' : 'bumped' },
      ...(latest.parentTxid === null ? {} : { parentTxid: latest.parentTxid }),
    });
    return {
      ...versionReply(booked, now),
      replaces: { planId: latest.planId, feeSats: String(latest.feeSats), feeRateSatPerVb: formatFeeRate(feeRateOf(latest.feeSats, latest.vsizeVb)) },
      replacedFeeSats: String(replacedFeeSats),
    };
  });
}

/** The versions of a payment that may be about, and the latest of them. */
function replaceable(ledger: Ledger, entry: QueueEntry, now: string): { readonly versions: readonly QueueEntry[]; readonly latest: QueueEntry } {
  const states = [...versionStates(ledger, entry.paymentId, now).values()];
  const confirmed = states.find(({ state }) => state.state === 'confirmed');
  if (confirmed !== undefined) throw notPossible('confirmed', `Version ${confirmed.entry.version} of the payment is confirmed.`, 'Nothing is left to replace.');
  if (states.some(({ state }) => state.state === 'spent-otherwise')) throw notPossible('spent-otherwise', 'An output of the payment was spent by another transaction.', 'Plan the payment again.');
  const versions = states.map((version) => version.entry);
  const latest = versions.findLast(({ discarded }) => discarded === null) ?? entry;
  if (latest.signers !== 'cold') throw notPossible('not-cold', 'Only what cosigners sign is replaced here.', 'Plan the sweep again, at a higher fee rate.');
  // A file that was discarded may be about all the same.
  return { versions, latest };
}

/** The highest fee that a version pays, with all that spends from it in the node's mempool (BIP125, rule 3). */
async function highestFee(source: ChainSource, versions: readonly QueueEntry[]): Promise<bigint> {
  let highest = 0n;
  for (const { planId, final, feeSats } of versions) {
    const txid = final?.txid ?? planId;
    if ((await source.transactionStatus(txid)).state === 'confirmed') throw notPossible('confirmed', 'A version of the payment is confirmed.', 'Refresh the ledger; nothing is left to replace.');
    const waiting = await source.mempoolEntry(txid);
    if (waiting !== null && waiting.descendants.count > MAX_REPLACED) throw notPossible('too-many', 'Too many transactions spend from the payment for it to be replaced.', 'Pull it along with a child instead ("pay cpfp").');
    const fee = waiting?.descendants.feeSats ?? feeSats;
    if (fee > highest) highest = fee;
  }
  return highest;
}

/** The most transactions that a replacement may drive out (BIP125, rule 5). */
const MAX_REPLACED = 100;

/** What a version spends, at the places where the wallet derives it. */
function inputsOf(original: Psbt, deriver: AddressDeriver): readonly Spendable[] {
  return previousOutputs(original).map((previous, index): Spendable => {
    if (previous.proof === null) throw unproven(index);
    const spent = original.transaction.ins[index] as Psbt['transaction']['ins'][number];
    const owner = ownerOf([deriver], previous.output.scriptPubKey, inputOriginsOf(original.inputs[index] as PsbtInput));
    if (owner === null) throw notPossible('not-ours', 'The plan spends outputs of another wallet.', 'Plan it again from that wallet.');
    const { branch, index: place, address } = owner.derived;
    return { txid: txidOfHash(spent.hash), vout: spent.index, ...previous.output, address, confirmations: 1, kind: ownKind(deriver.wallet), own: { branch, index: place } };
  });
}

function requireThawed(ledger: Ledger, inputs: readonly Spendable[]): void {
  const frozen = ledger.coins.frozen();
  const held = inputs.map(formatOutpoint).filter((outpoint) => frozen.has(outpoint));
  if (held.length > 0) throw new StrongroomError('coins.frozen', 'An output that the payment spends was frozen since.', { outpoints: held.slice(0, 20).join(' '), count: held.length }, 'Unfreeze it, or discard the payment.');
}

const paymentsOf = (ledger: Ledger, entry: QueueEntry): readonly PlannedPayment[] =>
  ledger.queue.payments(entry.planId).map(({ address, amountSats, reference, costCode }) => ({ address, scriptPubKey: scriptOfAddress(address, entry.network), amountSats, reference, ...(costCode === null ? {} : { costCode }) }));

/** What the node says of a transaction that waits. @throws StrongroomError `bump.not-possible` */
export async function requireWaiting(source: ChainSource, txid: string): Promise<MempoolEntry> {
  const entry = await source.mempoolEntry(txid);
  if (entry === null) throw notPossible('not-waiting', 'The node has no such transaction waiting.', 'It is confirmed already, or was replaced, or was never sent: look at the ledger.');
  return entry;
}
