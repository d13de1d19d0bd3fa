import type { InferOutput } from 'valibot';
import type { ChainSource, ChainWork, NodeStatus } from '../../companion/chain-source.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { completeSweep, planSweeps, type SweepDraft, type SweepDrafts, type SweepTask } from '../../companion/plan/sweep-plan.ts';
import { parsePercent, requireSoundPolicy, type SweepPolicy } from '../../companion/plan/sweep-policy.ts';
import { coinRuleOf } from '../../companion/plan/sweep-sorting.ts';
import { DEFAULT_EXPIRY_DAYS } from '../../companion/queue/queue.ts';
import { parseSats } from '../../domain/amount.ts';
import { parseFeeRate, type FeeRate } from '../../domain/fee-rate.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { SweepPolicy as PolicySchema } from '../../host/sweep-wire.ts';
import { createAddressDeriver, type AddressDeriver } from '../../wallet/address.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { previousTransactions, psbtsWithReservations, type PlannedPsbt } from './planning.ts';
import { enqueue } from './queueing.ts';
import { coinFactsOf } from './sweep-coins.ts';
import { openHotSide, type HotSide, type HotSourceInput } from './sweep-sources.ts';

export type PolicyInput = InferOutput<typeof PolicySchema>;

/** A sweep that was asked for, its texts parsed. */
export interface SweepRequest {
  readonly source: HotSourceInput;
  readonly cold: Wallet;
  readonly policy: SweepPolicy;
  readonly coins: { readonly tags: readonly string[] | null; readonly excludeTags: readonly string[] };
  readonly split: boolean;
}

/** As many transactions as anybody signs in one go. */
const MOST_TRANSACTIONS = 200;
/** The part of its amount that an output may cost more now than later, where none was given: 1 %. */
const USUAL_PREMIUM = '1';

/**
 * The policy of a request, whole.
 * @throws StrongroomError `sweep.policy-malformed`, `amount.*`, `fee-rate.*`
 */
export function policyOf(input: PolicyInput): SweepPolicy {
  const sats = (text: string | null | undefined): bigint | null => (text === null || text === undefined ? null : parseSats(text));
  const longTerm = input.longTermFeeRate ?? null;
  return requireSoundPolicy({
    floorSats: sats(input.floorSats),
    ceilingSats: sats(input.ceilingSats),
    budget: { mostSats: sats(input.budgetSats), mostOfMoved: input.budgetPercent === null || input.budgetPercent === undefined ? null : parsePercent(input.budgetPercent) },
    longTerm: longTerm === null ? null : { feeRate: parseFeeRate(longTerm), mostPremium: parsePercent(input.premiumPercent ?? USUAL_PREMIUM) },
    age: {
      leastConfirmations: input.leastConfirmations ?? 1,
      mostConfirmations: input.mostConfirmations ?? null,
      fromHeight: input.fromHeight ?? null,
      toHeight: input.toHeight ?? null,
    },
  });
}

/** A sweep as it stands now: what could be planned, and what planning needs. */
export interface OpenSweep {
  readonly request: SweepRequest;
  readonly side: HotSide;
  readonly deriver: AddressDeriver;
  readonly task: SweepTask;
}

/** Asks the node for what is to be swept. @throws StrongroomError as `openHotSide` */
export async function openSweep(source: ChainSource, ledger: Ledger | null, status: NodeStatus, request: SweepRequest, feeRate: FeeRate, context: ChainWork): Promise<OpenSweep> {
  const { cold, policy } = request;
  if (request.source.kind === 'addresses' && (policy.floorSats ?? 0n) > 0n) {
    throw new StrongroomError('sweep.policy-malformed', 'A floor is for hot wallets: nothing goes back to single addresses.', { reason: 'floor-of-addresses' }, 'Leave the floor out.');
  }
  const side = await openHotSide(source, request.source, cold, context);
  const deriver = createAddressDeriver(cold);
  return {
    request,
    side,
    deriver,
    task: {
      network: cold.network,
      candidates: side.candidates,
      destination: deriver.derive(0, 0),
      feeRate,
      policy,
      hotChange: (policy.floorSats ?? 0n) === 0n ? null : side.sizedChange,
      tipHeight: status.height,
      coinRule: coinRuleOf(coinFactsOf(ledger), request.coins),
      maxTransactions: request.split ? MOST_TRANSACTIONS : 1,
    },
  };
}

export interface PreparedSweep {
  readonly planned: readonly PlannedPsbt[];
  readonly drafts: SweepDrafts;
}

/**
 * Plans an open sweep, proves its inputs, and books every transaction with an address of its own, all or nothing.
 * @param alsoBook is written with the plans
 * @throws StrongroomError as `planSweeps`, `psbtWithReservation`
 */
export async function prepareSweep(source: ChainSource, ledger: Ledger, open: OpenSweep, plannedAt: string, context: ChainWork, alsoBook?: (planned: readonly PlannedPsbt[]) => void): Promise<PreparedSweep> {
  const { side, deriver, request } = open;
  await source.watch(request.cold, context);
  let { task } = open;
  // An address of the node is asked for only where change is sure to go there.
  const needsChange = planSweeps(task).drafts[0]?.change !== null;
  if (needsChange && side.takeChange !== null) task = { ...task, hotChange: await side.takeChange() };

  const known = new Map<string, Uint8Array>();
  const drafts = await provenDrafts(source, task, known, context);
  const transactions = await source.transactions(request.cold, context);
  if (context.isCancelled()) throw new StrongroomError('host.cancelled', 'The step was cancelled.', {}, 'Start it again when you are ready.');
  const planned = psbtsWithReservations(ledger, drafts.drafts.map((draft) => ({
    ledger, deriver, transactions, draft, previous: known, plannedAt, sources: side.sources,
    ...(side.changeWallet === null ? {} : { otherWallet: side.changeWallet }),
    complete: (next, changeAddress) => completeSweep(side.changeWallet === null ? draft : withChangeAt(draft, side.changeWallet.walletId, changeAddress), next(0)),
  })), (plans) => {
    for (const each of plans) enqueue({ ledger, wallet: request.cold, planned: each, signers: side.signers, sources: side.sources, plannedAt, expiresInDays: DEFAULT_EXPIRY_DAYS });
    alsoBook?.(plans);
  });
  return { planned, drafts };
}

/**
 * The drafts with the previous transactions of all their inputs. A PSBT holds these whole, and how large they are is known only when
 * they are here: it is planned again with what was learnt until nothing new is asked for.
 */
async function provenDrafts(source: ChainSource, task: SweepTask, known: Map<string, Uint8Array>, context: ChainWork): Promise<SweepDrafts> {
  for (;;) {
    const planned = planSweeps({ ...task, limits: { ...task.limits, proofBytes: (txid) => known.get(txid)?.length ?? 0 } });
    const inputs = planned.drafts.flatMap((draft) => draft.inputs).filter(({ txid }) => !known.has(txid));
    if (inputs.length === 0) return planned;
    context.progress({ fraction: null, activity: `Proving ${inputs.length} inputs` });
    await previousTransactions(source, { inputs }, known);
  }
}

/** The draft with its change at the hot wallet's next free address, which is as large as the one that it was planned with. */
function withChangeAt(draft: SweepDraft, walletId: string, changeAddress: Parameters<Parameters<typeof psbtsWithReservations>[1][number]['complete']>[1]): SweepDraft {
  if (draft.change === null) return draft;
  const { address, scriptPubKey, branch, index } = changeAddress();
  return { ...draft, change: { address, scriptPubKey, amountSats: draft.change.amountSats, own: { walletId, branch, index } } };
}
