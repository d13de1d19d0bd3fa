import { equalBytes, toHex } from '../domain/bytes.ts';
import { formatOutpoint } from '../domain/outpoint.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { previousOutputs } from './previous-outputs.ts';
import type { FinalTransaction, Psbt } from './psbt.ts';
import { parseTransaction, txidOfHash } from './transaction.ts';
import { unproven } from './updater.ts';

/**
 * The last check of a final transaction against its plan: read anew out of the bytes that are to be sent, it spends, pays and costs
 * what was planned, and nothing else. A last check against a faulty program and a swapped file; signatures are checked elsewhere.
 * @param planned the PSBT as it was planned, with its previous transactions
 * @throws StrongroomError `psbt.not-the-plan` naming the first difference; `psbt.input-unproven` where the plan proves no amounts
 */
export function requirePlanned({ bytes, feeSats }: Pick<FinalTransaction, 'bytes'> & Partial<Pick<FinalTransaction, 'feeSats'>>, planned: Psbt): void {
  const { transaction } = parseTransaction(bytes);
  const plan = planned.transaction;
  same('version', 0, plan.version, transaction.version);
  same('locktime', 0, plan.locktime, transaction.locktime);
  same('number of inputs', 0, plan.ins.length, transaction.ins.length);
  plan.ins.forEach(({ hash, index: vout, sequence }, index) => {
    const input = transaction.ins[index] as (typeof transaction.ins)[number];
    same('input', index, formatOutpoint({ txid: txidOfHash(hash), vout }), formatOutpoint({ txid: txidOfHash(input.hash), vout: input.index }));
    same('sequence', index, sequence, input.sequence);
  });
  same('number of outputs', 0, plan.outs.length, transaction.outs.length);
  plan.outs.forEach(({ script, value }, index) => {
    const output = transaction.outs[index] as (typeof transaction.outs)[number];
    same('amount', index, String(value), String(output.value));
    if (!equalBytes(script, output.script)) throw different('destination', index, toHex(script), toHex(output.script));
  });
  if (feeSats !== undefined) same('fee', 0, String(feeOf(planned)), String(feeSats));
}

function feeOf(planned: Psbt): bigint {
  const inputsSats = previousOutputs(planned).reduce((sum, previous, index) => {
    if (previous.proof === null) throw unproven(index);
    return sum + previous.output.amountSats;
  }, 0n);
  return inputsSats - planned.transaction.outs.reduce((sum, { value }) => sum + value, 0n);
}

function same(what: string, index: number, planned: string | number, final: string | number): void {
  if (planned !== final) throw different(what, index, planned, final);
}

const different = (what: string, index: number, planned: string | number, final: string | number): StrongroomError =>
  new StrongroomError('psbt.not-the-plan', `The final transaction is not the one that was planned: ${what}${what.startsWith('number') || index === 0 ? '' : ` ${index}`}.`, { what, index, planned, final }, 'Do not send it. Combine the replies to the planned file again, and find out where this one comes from.');
