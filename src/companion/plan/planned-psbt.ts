import { StrongroomError } from '../../errors/strongroom-error.ts';
import { createPsbt } from '../../psbt/creator.ts';
import { MAX_PSBT_BYTES, type UpdatedPsbt } from '../../psbt/psbt.ts';
import { updatePsbt } from '../../psbt/updater.ts';
import type { AddressDeriver, DerivedAddress } from '../../wallet/address.ts';
import { planOutputs, PLAN_LOCKTIME, PLAN_SEQUENCE, type OwnPlace, type Plan } from './plan.ts';
import { requirePreviousOutput } from './previous-transaction.ts';
import { roomOfInput } from './sweep-size.ts';

/** Derivers of the wallets that a plan draws on beside the one that it is of, by wallet id. */
export type SourceDerivers = ReadonlyMap<string, AddressDeriver>;

/**
 * The unsigned PSBT of a plan. Every input carries its full previous transaction, segwit inputs too: the Signer proves each
 * amount from it.
 * @param previousTransactions by txid
 * @param deriver of the cold wallet: its inputs and outputs get scripts and key origins
 * @param sources of the hot wallets that are spent from, where they are wallets that Strongroom watches: theirs get them too
 * @throws StrongroomError `node.malformed` when a previous transaction is not what the plan says; `plan.too-large`
 */
export function plannedPsbt(plan: Plan, previousTransactions: ReadonlyMap<string, Uint8Array>, deriver: AddressDeriver, sources: SourceDerivers = new Map()): UpdatedPsbt {
  const outputs = planOutputs(plan);
  const previousOf = (txid: string): Uint8Array => previousTransactions.get(txid) ?? new Uint8Array(0);
  for (const input of plan.inputs) requirePreviousOutput(previousOf(input.txid), input);
  const sizeBytes = plan.inputs.reduce((sum, input) => sum + previousOf(input.txid).length + roomOfInput(input.kind), 0);
  if (sizeBytes > MAX_PSBT_BYTES) {
    throw new StrongroomError('plan.too-large', 'With its full previous transactions the file would be larger than a PSBT may be.', { inputs: plan.inputs.length, sizeBytes }, 'Pay in several files, so that each spends fewer outputs.');
  }
  const created = createPsbt({
    inputs: plan.inputs.map(({ txid, vout }) => ({ txid, vout, sequence: PLAN_SEQUENCE })),
    outputs: outputs.map(({ scriptPubKey, amountSats }) => ({ scriptPubKey, amountSats })),
    locktime: PLAN_LOCKTIME,
  }, plan.network);
  const derived = (own: OwnPlace | null): { readonly derived?: DerivedAddress } => {
    if (own === null) return {};
    const owner = own.walletId === undefined ? deriver : sources.get(own.walletId);
    if (owner === undefined) throw new TypeError('a plan spends from a wallet that is not given');
    return { derived: owner.derive(own.branch, own.index) };
  };
  const destination = (): { readonly derived?: DerivedAddress } => (sources.size === 0 ? derived(plan.destination) : shownToOthers(derived(plan.destination).derived));
  return updatePsbt(created, {
    inputs: plan.inputs.map((input) => ({ previousTransaction: previousOf(input.txid), ...derived(input.own) })),
    outputs: outputs.map((output) => ('own' in output ? derived(output.own) : destination())),
  }, plan.network);
}

/**
 * The cold address in a file that goes to the keys of another wallet. They may know the cold wallet or not: to those who do, its key
 * origins say where to look; to those who do not, scripts of a wallet that is not theirs would look like change that is none, so these
 * are left out. Taproot has no fields between the two: its destination is compared by a person.
 */
function shownToOthers(derived: DerivedAddress | undefined): { readonly derived?: DerivedAddress } {
  return derived === undefined || derived.taproot !== null ? {} : { derived: { ...derived, redeemScript: null, witnessScript: null } };
}
