import { isMoney } from '../../domain/amount.ts';
import { dustLimitSats, scriptTypeOf } from '../../wallet/script-type.ts';
import type { RejectReason } from '../chain-source.ts';
import { MAX_OP_RETURN_BYTES, MAX_STANDARD_WEIGHT, MIN_STANDARD_BASE_BYTES } from './chain-rules.ts';
import { isUnspendable, type PracticeTransaction } from './practice-transaction.ts';

/**
 * What can be said of a transaction without the chain, by consensus.
 * @returns `null` when nothing speaks against it
 * @see Bitcoin Core, consensus `CheckTransaction`
 */
export function checkForm({ transaction, inputs }: PracticeTransaction): RejectReason | null {
  if (inputs.length === 0 || transaction.outs.length === 0 || transaction.isCoinbase()) return 'invalid';
  let total = 0n;
  for (const output of transaction.outs) {
    total += output.value;
    if (!isMoney(output.value, 'practice') || !isMoney(total, 'practice')) return 'invalid';
  }
  const outpoints = new Set(inputs.map((input) => input.key));
  const spendsNothing = inputs.some((input) => /^0{64}$/.test(input.txid));
  return outpoints.size < inputs.length || spendsNothing ? 'invalid' : null;
}

/**
 * The rules of relay that need no chain.
 * @returns `null` when nothing speaks against it
 * @see Bitcoin Core, policy `IsStandardTx`
 */
export function checkStandard({ transaction, weight }: PracticeTransaction): RejectReason | null {
  const { version } = transaction;
  if (version < 1 || version > 3 || weight > MAX_STANDARD_WEIGHT || transaction.byteLength(false) < MIN_STANDARD_BASE_BYTES) return 'policy';
  let dataOutputs = 0;
  for (const { script, value } of transaction.outs) {
    const type = scriptTypeOf(script);
    if (isUnspendable(script)) {
      dataOutputs += 1;
      if (script.length > MAX_OP_RETURN_BYTES) return 'policy';
    } else if (type === 'nonstandard' || value < dustLimitSats(type, 'practice')) {
      return 'policy';
    }
  }
  return dataOutputs > 1 ? 'policy' : null;
}
