import { StrongroomError } from '../../errors/strongroom-error.ts';
import { createPsbt } from '../../psbt/creator.ts';
import { MAX_PSBT_BYTES, type UpdatedPsbt } from '../../psbt/psbt.ts';
import { updatePsbt } from '../../psbt/updater.ts';
import type { AddressDeriver, DerivedAddress } from '../../wallet/address.ts';
import { planOutputs, PLAN_LOCKTIME, PLAN_SEQUENCE, type Plan } from './plan.ts';
import { requirePreviousOutput } from './previous-transaction.ts';

/** Room that a PSBT needs beside its previous transactions: scripts, derivations, signatures to come. */
const BYTES_PER_INPUT = 4_096;

/**
 * The unsigned PSBT of a plan. Every input carries its full previous transaction, segwit inputs too: the Signer proves each
 * amount from it.
 * @param previousTransactions by txid
 * @param deriver of the cold wallet: its inputs and outputs get scripts and key origins
 * @throws StrongroomError `node.malformed` when a previous transaction is not what the plan says; `plan.too-large`
 */
export function plannedPsbt(plan: Plan, previousTransactions: ReadonlyMap<string, Uint8Array>, deriver: AddressDeriver): UpdatedPsbt {
  const outputs = planOutputs(plan);
  const previousOf = (txid: string): Uint8Array => previousTransactions.get(txid) ?? new Uint8Array(0);
  for (const input of plan.inputs) requirePreviousOutput(previousOf(input.txid), input);
  const sizeBytes = plan.inputs.reduce((sum, input) => sum + previousOf(input.txid).length + BYTES_PER_INPUT, 0);
  if (sizeBytes > MAX_PSBT_BYTES) {
    throw new StrongroomError('plan.too-large', 'With its full previous transactions the file would be larger than a PSBT may be.', { inputs: plan.inputs.length, sizeBytes }, 'Pay in several files, so that each spends fewer outputs.');
  }
  const created = createPsbt({
    inputs: plan.inputs.map(({ txid, vout }) => ({ txid, vout, sequence: PLAN_SEQUENCE })),
    outputs: outputs.map(({ scriptPubKey, amountSats }) => ({ scriptPubKey, amountSats })),
    locktime: PLAN_LOCKTIME,
  });
  const derived = (own: { readonly branch: 0 | 1; readonly index: number } | null): { readonly derived?: DerivedAddress } =>
    own === null ? {} : { derived: deriver.derive(own.branch, own.index) };
  return updatePsbt(created, {
    inputs: plan.inputs.map((input) => ({ previousTransaction: previousOf(input.txid), ...derived(input.own) })),
    outputs: outputs.map((output) => derived('own' in output ? output.own : plan.destination)),
  });
}
