import type { InferOutput } from 'valibot';
import type { ChainSource, ChainWork } from '../../companion/chain-source.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { controlCoins, NO_COIN_CONTROL } from '../../companion/coins/coin-control.ts';
import { ownCandidates, ownKind } from '../../companion/plan/candidates.ts';
import { completePayment, planPayments, type PaymentDraft } from '../../companion/plan/payment-plan.ts';
import { DEFAULT_EXPIRY_DAYS } from '../../companion/queue/queue.ts';
import { sats } from '../../domain/amount.ts';
import type { FeeRate } from '../../domain/fee-rate.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { HotTarget } from '../../host/sweep-wire.ts';
import { createAddressDeriver, scriptOfAddress, type AddressDeriver } from '../../wallet/address.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { reservedBeside } from './pay-facts.ts';
import { previousTransactions, psbtsWithReservations, type OtherWallet, type PlannedPsbt } from './planning.ts';
import { enqueue } from './queueing.ts';
import { coinFactsOf } from './sweep-coins.ts';
import { hotWallets } from './sweep-sources.ts';

export type HotTargetInput = InferOutput<typeof HotTarget>;

/** A refill that was asked for. */
export interface RefillRequest {
  readonly cold: Wallet;
  readonly target: HotTargetInput;
  readonly floorSats: bigint;
  readonly targetSats: bigint;
}

/** The hot wallet that is refilled, as one chain source sees it now. */
export interface RefillSide {
  /** What it holds and what is on its way to it, satoshis; of a lone address what that address holds. */
  readonly balanceSats: bigint;
  /** A script as large as the address's that will be paid. */
  readonly sizedScript: Uint8Array;
  /** An address of it: by name, or of a wallet that Strongroom watches by reservation with the plan. */
  readonly takeAddress: (() => Promise<string>) | null;
  readonly otherWallet: OtherWallet | null;
}

/** As nodes give out; only its size matters. */
const SIZED_SCRIPT = Uint8Array.of(0x00, 0x14, ...new Uint8Array(20));

/**
 * A refill is between a floor and a target above it.
 * @throws StrongroomError `sweep.policy-malformed`
 */
export function requireSoundRefill({ floorSats, targetSats }: Pick<RefillRequest, 'floorSats' | 'targetSats'>): void {
  if (targetSats <= floorSats) {
    throw new StrongroomError('sweep.policy-malformed', 'The target of a refill is not above its floor.', { reason: 'target-below-floor' }, 'Give a target above the floor.');
  }
}

/** Asks for what the hot wallet holds. @throws StrongroomError `node.*`, `wallet.*`, `network.mismatch`, `address.malformed` */
export async function openRefill(source: ChainSource, { cold, target }: RefillRequest, context: ChainWork): Promise<RefillSide> {
  const total = (outputs: readonly { readonly amountSats: bigint }[]): bigint => outputs.reduce((sum, { amountSats }) => sum + amountSats, 0n);
  switch (target.kind) {
    case 'node-wallet': {
      const held = await source.hotUtxos(target.name);
      return {
        // What is locked there is promised to somebody; what is unconfirmed counts, or a second refill would follow the first.
        balanceSats: total(held.filter(({ spendable, confirmations }) => spendable || confirmations < 1)),
        sizedScript: SIZED_SCRIPT,
        takeAddress: async () => source.hotReceiveAddress?.(target.name) ?? source.hotChangeAddress(target.name),
        otherWallet: null,
      };
    }
    case 'wallet': {
      const [wallet] = hotWallets([target.wallet], cold);
      const deriver = createAddressDeriver(wallet as Wallet);
      await source.watch(deriver.wallet, context);
      return {
        balanceSats: total(await source.utxos(deriver.wallet)),
        sizedScript: deriver.derive(0, 0).scriptPubKey,
        takeAddress: null,
        otherWallet: { walletId: hotWalletId(deriver), deriver, branch: 0, transactions: await source.transactions(deriver.wallet, context) },
      };
    }
    case 'address': {
      const scriptPubKey = scriptOfAddress(target.address, cold.network);
      const held = await source.scriptUtxos([scriptPubKey], context);
      return { balanceSats: total(held.filter(({ state }) => state !== 'spent')), sizedScript: scriptPubKey, takeAddress: () => Promise.resolve(target.address), otherWallet: null };
    }
  }
}

/**
 * Plans a refill: the hot wallet, when it is below its floor, is brought up to the target out of the cold wallet.
 * @throws StrongroomError `plan.above-floor`, and as `planPayments`, `psbtWithReservation`
 */
export async function prepareRefill(source: ChainSource, ledger: Ledger, request: RefillRequest, side: RefillSide, feeRate: FeeRate, plannedAt: string, context: ChainWork, alsoBook?: (planned: readonly PlannedPsbt[]) => void): Promise<PlannedPsbt> {
  const { cold, floorSats, targetSats } = request;
  if (side.balanceSats >= floorSats) {
    throw new StrongroomError('plan.above-floor', 'The hot wallet holds at least its floor; it is not refilled.', { balanceSats: String(side.balanceSats), floorSats: String(floorSats) }, 'Wait until it holds less, or raise the floor.');
  }
  await source.watch(cold, context);
  const deriver = createAddressDeriver(cold);
  // An earlier refill of the same wallet is replaced by this one, so it may spend the same; what other payments wait for stays theirs.
  const reference = referenceOf(request.target);
  const reserved = reservedBeside(ledger, policyIdOf(cold).walletId, (payments) => payments.some((payment) => payment.reference === reference), plannedAt);
  const candidates = controlCoins(ownCandidates(cold, await source.utxos(cold)), NO_COIN_CONTROL, { ...coinFactsOf(ledger), reserved });
  const draftTo = (address: string, scriptPubKey: Uint8Array): PaymentDraft => planPayments({
    network: cold.network,
    candidates,
    payments: { payments: [{ line: 1, address, scriptPubKey, amountSats: sats(targetSats - side.balanceSats, cold.network), reference }], notes: [] },
    ownKind: ownKind(cold),
    changeScript: deriver.derive(1, 0).scriptPubKey,
    feeRate,
  });
  // Planned once for its size, so that no address of the hot wallet is taken for what cannot be paid.
  let draft = draftTo('', side.sizedScript);
  if (side.takeAddress !== null) draft = await draftToAddress(side.takeAddress, cold.network, draftTo);
  const previous = await previousTransactions(source, draft, new Map());
  const transactions = await source.transactions(cold, context);
  const [planned] = psbtsWithReservations(ledger, [{
    ledger, deriver, transactions, draft, previous, plannedAt,
    ...(side.otherWallet === null ? {} : { otherWallet: side.otherWallet }),
    complete: (next, otherAddress) => completePayment(side.otherWallet === null ? draft : paidTo(draft, otherAddress()), draft.changeSats > 0n ? next(1) : null),
  }], (plans) => {
    for (const each of plans) enqueue({ ledger, wallet: cold, planned: each, signers: 'cold', plannedAt, expiresInDays: DEFAULT_EXPIRY_DAYS });
    alsoBook?.(plans);
  });
  return planned as PlannedPsbt;
}

async function draftToAddress(takeAddress: () => Promise<string>, network: NetworkName, draftTo: (address: string, script: Uint8Array) => PaymentDraft): Promise<PaymentDraft> {
  const address = await takeAddress();
  return draftTo(address, scriptOfAddress(address, network));
}

const paidTo = (draft: PaymentDraft, { address, scriptPubKey }: { readonly address: string; readonly scriptPubKey: Uint8Array }): PaymentDraft =>
  ({ ...draft, payments: draft.payments.map((payment) => ({ ...payment, address, scriptPubKey })) });

const referenceOf = (target: HotTargetInput): string => (target.kind === 'node-wallet' ? `refill of ${target.name}`.slice(0, 200) : 'refill');

const hotWalletId = ({ wallet }: AddressDeriver): string => policyIdOf(wallet).walletId;
