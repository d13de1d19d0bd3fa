import { readPsbtFile } from '../../airgap/psbt-file.ts';
import type { ChainSource } from '../../companion/chain-source.ts';
import { parsePayments } from '../../companion/payments/payments.ts';
import { hotCandidates, ownCandidates, ownKind } from '../../companion/plan/candidates.ts';
import { withNodeSignatures } from '../../companion/plan/hot-signatures.ts';
import { completePayment, planPayments } from '../../companion/plan/payment-plan.ts';
import type { Plan } from '../../companion/plan/plan.ts';
import { completeSweep, type SweepDraft } from '../../companion/plan/sweep-plan.ts';
import { parseSats } from '../../domain/amount.ts';
import { parseBase64, toBase64 } from '../../domain/bytes.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import type { Handlers } from '../../host/contract.ts';
import { decodePsbt } from '../../psbt/codec/decode.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { extractTransaction } from '../../psbt/extractor.ts';
import { requirePlanned } from '../../psbt/plan-check.ts';
import { createAddressDeriver, scriptOfAddress } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';
import { feeRateFor, plannedReply, previousTransactions, psbtWithReservation, sweepThatFits, type PlannedPsbt } from './planning.ts';

type Core = Handlers<typeof companionCoreContract>;
type PlanHandlers = Pick<Core, 'sweep.plan' | 'pay.plan' | 'hot.sign'>;

export const planHandlers = (effects: CompanionEffects): PlanHandlers => ({
  'sweep.plan': async ({ from, to, node, floorSats, feeRate }, context) => {
    const wallet = parseWalletFile(to);
    const deriver = createAddressDeriver(wallet);
    const floor = floorSats === null ? null : parseSats(floorSats);
    const ledger = await effects.ledger();
    return withChain(effects, node, async (source) => {
      const status = await usableStatus(source, wallet.network);
      const rate = await feeRateFor(source, feeRate, status);
      await source.watch(wallet, context);
      const task = {
        network: wallet.network,
        candidates: hotCandidates(await source.hotUtxos(from)),
        destination: deriver.derive(0, 0),
        feeRate: rate,
        floorSats: floor,
        hotChange: floor === null || floor === 0n ? null : await hotChange(source, from, wallet.network),
      };
      const transactions = await source.transactions(wallet);
      const known = new Map<string, Uint8Array>();
      const finish = async (draft: SweepDraft): Promise<PlannedPsbt> => {
        await previousTransactions(source, draft, known);
        return psbtWithReservation({ ledger, deriver, transactions, draft, previous: known, plannedAt: effects.now(), complete: (next) => completeSweep(draft, next(0)) });
      };
      return plannedReply(await sweepThatFits(task, finish), 'hot', effects.now());
    });
  },

  'pay.plan': async ({ wallet: text, paymentsCsv, node, feeRate }, context) => {
    const wallet = parseWalletFile(text);
    const payments = parsePayments(paymentsCsv, wallet.network);
    const deriver = createAddressDeriver(wallet);
    const ledger = await effects.ledger();
    return withChain(effects, node, async (source) => {
      const status = await usableStatus(source, wallet.network);
      const rate = await feeRateFor(source, feeRate, status);
      await source.watch(wallet, context);
      const draft = planPayments({
        network: wallet.network,
        candidates: ownCandidates(wallet, await source.utxos(wallet)),
        payments,
        ownKind: ownKind(wallet),
        changeScript: deriver.derive(1, 0).scriptPubKey,
        feeRate: rate,
      });
      const transactions = await source.transactions(wallet);
      const previous = await previousTransactions(source, draft, new Map());
      const planned = psbtWithReservation({
        ledger, deriver, transactions, draft, previous, plannedAt: effects.now(),
        complete: (next) => completePayment(draft, draft.changeSats > 0n ? next(1) : null),
      });
      return plannedReply(planned, 'cold', effects.now());
    });
  },

  'hot.sign': async ({ from, node, psbtFileBase64 }) => {
    const unsigned = decodePsbt(readPsbtFile(parseBase64(psbtFileBase64)));
    return withChain(effects, node, async (source) => {
      // Nodes read version 0 only; what goes back is in the version that came in.
      const signed = withNodeSignatures(unsigned, decodePsbt(await source.hotSign(from, encodePsbt(unsigned, { version: 0 }))));
      const transaction = extractTransaction(signed);
      requirePlanned({ bytes: transaction.bytes }, unsigned);
      return { psbtBase64: toBase64(encodePsbt(signed)), txid: transaction.txid };
    });
  },
});

async function hotChange(source: ChainSource, from: string, network: Plan['network']): Promise<{ readonly address: string; readonly scriptPubKey: Uint8Array }> {
  const address = await source.hotChangeAddress(from);
  return { address, scriptPubKey: scriptOfAddress(address, network) };
}
