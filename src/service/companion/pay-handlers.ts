import { planChild } from '../../companion/payments/fee-bump.ts';
import { parsePayments } from '../../companion/payments/payments.ts';
import { privacyNotes } from '../../companion/payments/privacy-notes.ts';
import { ownCandidates, ownKind } from '../../companion/plan/candidates.ts';
import { planPayments, type PaymentDraft } from '../../companion/plan/payment-plan.ts';
import { DEFAULT_EXPIRY_DAYS, type QueueEntry } from '../../companion/queue/queue.ts';
import { feeRateOf, formatFeeRate, parseFeeRate } from '../../domain/fee-rate.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { createAddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';
import { controlled, privacyFacts, requireOneOfTwo, waitingPlans } from './pay-facts.ts';
import { bookVersion, versionReply, type VersionTask } from './pay-versions.ts';
import { feeRateFor } from './planning.ts';
import { replaceVersion, requireWaiting } from './replacing.ts';

type PayHandlers = Pick<Handlers<typeof companionCoreContract>, 'pay.plan' | 'pay.bump' | 'pay.cancel' | 'pay.cpfp'>;

export const payHandlers = (effects: CompanionEffects): PayHandlers => ({
  'pay.plan': async ({ wallet: text, paymentsCsv, node, feeRate, coins, expiresInDays = DEFAULT_EXPIRY_DAYS, payAgain = false }, context) => {
    const wallet = parseWalletFile(text);
    const { walletId } = policyIdOf(wallet);
    const payments = parsePayments(paymentsCsv, wallet.network);
    const deriver = createAddressDeriver(wallet);
    const changeScript = deriver.derive(1, 0).scriptPubKey;
    const ledger = await effects.ledger();
    return withChain(effects, node, ledger, async (source) => {
      const status = await usableStatus(source, wallet.network);
      const rate = await feeRateFor(source, feeRate, status);
      await source.watch(wallet, context);
      const outputs = ownCandidates(wallet, await source.utxos(wallet));
      const plannedAt = effects.now();
      const { same, reserved } = waitingPlans(ledger, walletId, payments.payments, plannedAt);
      const held = payAgain ? new Set([...reserved, ...same.flatMap(({ planId }) => ledger.queue.outpoints(planId))]) : reserved;
      const control = { only: coins?.only ?? null, exclude: coins?.exclude ?? [], tags: coins?.tags ?? null, excludeTags: coins?.excludeTags ?? [] };
      const draft = planPayments({ network: wallet.network, candidates: controlled(ledger, outputs, control, held), payments, ownKind: ownKind(wallet), changeScript, feeRate: rate });
      if (!payAgain) requireOneOfTwo(ledger, same, draft.inputs.map(formatOutpoint));
      const transactions = await source.transactions(wallet);
      const privacy = privacyNotes({ plan: draft, payments: payments.payments, changeScript, candidates: outputs, ...privacyFacts(ledger, walletId, deriver, transactions, payments.payments) });
      const first = payAgain ? undefined : same.at(-1);
      const task: VersionTask = { source, ledger, deriver, transactions, draft: { ...draft, privacy }, plannedAt, expiresInDays, ...(first === undefined ? {} : { versionOf: { paymentId: first.paymentId, reason: 'planned-again' } }) };
      return versionReply(await bookVersion(task), plannedAt);
    });
  },

  'pay.bump': async (input, context) => replaceVersion(effects, { ...input, payments: 'same' }, context),
  'pay.cancel': async (input, context) => replaceVersion(effects, { ...input, payments: 'none' }, context),

  'pay.cpfp': async ({ wallet: text, txid, node, feeRate, expiresInDays = DEFAULT_EXPIRY_DAYS }, context) => {
    const wallet = parseWalletFile(text);
    const { walletId } = policyIdOf(wallet);
    const deriver = createAddressDeriver(wallet);
    const ledger = await effects.ledger();
    return withChain(effects, node, ledger, async (source) => {
      const { minimumFeeRate } = await usableStatus(source, wallet.network);
      await source.watch(wallet, context);
      const parent = await requireWaiting(source, txid);
      const plannedAt = effects.now();
      const { reserved } = waitingPlans(ledger, walletId, null, plannedAt);
      const outputs = controlled(ledger, ownCandidates(wallet, await source.utxos(wallet)), undefined, reserved);
      const draft = planChild({
        network: wallet.network, ownKind: ownKind(wallet), changeScript: deriver.derive(1, 0).scriptPubKey, candidates: outputs, parent, feeRate: parseFeeRate(feeRate), minimumFeeRate,
        // What a child that waits already spends may be spent by a better one.
        outputs: outputs.filter((output) => output.txid === txid && (output.leftBecause === undefined || output.leftBecause === 'reserved')),
      });
      const booked = await bookVersion({ source, ledger, deriver, transactions: await source.transactions(wallet), draft, plannedAt, expiresInDays, versionOf: childVersion(ledger.queue.entries(walletId, 100), ledger, draft), parentTxid: txid });
      const feeSats = parent.ancestors.feeSats + draft.feeSats;
      const vsizeVb = parent.ancestors.vsizeVb + draft.vsizeVb;
      return { ...versionReply(booked, plannedAt), package: { transactions: parent.ancestors.count + 1, vsizeVb, feeSats: String(feeSats), feeRateSatPerVb: formatFeeRate(feeRateOf(feeSats, vsizeVb)) } };
    });
  },
});

/** A child planned again is a version of the first one, where it spends the same output. */
function childVersion(entries: readonly QueueEntry[], ledger: { readonly queue: { outpoints(planId: string): readonly string[] } }, draft: PaymentDraft): NonNullable<VersionTask['versionOf']> {
  const spends = new Set(draft.inputs.map(formatOutpoint));
  const earlier = entries.find((entry) => entry.reason === 'child' && ledger.queue.outpoints(entry.planId).some((outpoint) => spends.has(outpoint)));
  return { paymentId: earlier?.paymentId ?? null, reason: 'child' };
}
