import type { MempoolEntry, RejectReason, TestAccept } from '../../../companion/chain-source.ts';
import { toHex } from '../../../domain/bytes.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { MempoolEntryAnswer, TestAccepted, Txid } from './answers.ts';
import { malformedAnswer, NOT_FOUND, readResult, rpcError, type RpcClient } from './rpc-client.ts';

// What the node's reasons mean; a reason that is not listed is one of its policy. @see Bitcoin Core, `validation.cpp`
const reasons: readonly (readonly [RegExp, RejectReason])[] = [
  [/^(txn-already-in-mempool|txn-already-known|txn-same-nonwitness-data-in-mempool)/, 'already-known'],
  [/^(missing-inputs|bad-txns-inputs-missingorspent|txn-mempool-conflict|bad-txns-spends-conflicting-tx)/, 'inputs-missing-or-spent'],
  [/^(min relay fee not met|mempool min fee not met|insufficient fee)/, 'fee-too-low'],
  [/^(max-fee-exceeded|absurdly-high-fee)/, 'fee-too-high'],
  [/^non-(BIP68-)?final/, 'non-final'],
  // Newer nodes answer the second for every script that fails, whether consensus or only their policy forbids it.
  [/^(bad-|mandatory-script-verify|non-mandatory-script-verify|mempool-script-verify|block-script-verify|coinbase)/, 'invalid'],
];

export const rejectReason = (text: string): RejectReason => reasons.find(([pattern]) => pattern.test(text))?.[1] ?? 'policy';

/** Asks whether the node would take a transaction. */
export async function testAccept(rpc: RpcClient, transaction: Uint8Array): Promise<TestAccept> {
  const outcome = await rpc.attempt('testmempoolaccept', [[toHex(transaction)]]);
  // The node refuses bytes that are no transaction before it tests them.
  if (!outcome.ok && outcome.errorCode === -22) return { accepted: false, reason: 'invalid' };
  const [result] = readResult(TestAccepted, 'testmempoolaccept', outcome);
  if (result === undefined) throw malformedAnswer('testmempoolaccept');
  return result.allowed === true ? { accepted: true } : { accepted: false, reason: rejectReason(result['reject-reason'] ?? '') };
}

/**
 * What the node says of a transaction that waits, its fees without what the node's owner added by `prioritisetransaction`: that is
 * nobody's money. `null` where it does not wait.
 */
export async function mempoolEntry(rpc: RpcClient, txid: string): Promise<MempoolEntry | null> {
  const outcome = await rpc.attempt('getmempoolentry', [txid]);
  if (!outcome.ok && outcome.errorCode === NOT_FOUND) return null;
  const { vsize, fees, ...relatives } = readResult(MempoolEntryAnswer, 'getmempoolentry', outcome);
  return {
    feeSats: fees.base,
    vsizeVb: vsize,
    ancestors: { count: relatives.ancestorcount, vsizeVb: relatives.ancestorsize, feeSats: fees.ancestor },
    descendants: { count: relatives.descendantcount, vsizeVb: relatives.descendantsize, feeSats: fees.descendant },
  };
}

/** Hands a transaction to the network. The node's own limits on fee rate and burnt amounts stay in force. */
export async function broadcast(rpc: RpcClient, transaction: Uint8Array): Promise<string> {
  const outcome = await rpc.attempt('sendrawtransaction', [toHex(transaction)]);
  if (outcome.ok) return readResult(Txid, 'sendrawtransaction', outcome);
  const reason = refusals.get(outcome.errorCode);
  if (reason === undefined) throw rpcError('sendrawtransaction', outcome.errorCode);
  throw new StrongroomError('broadcast.refused', 'The node refused the transaction; nothing was sent.', { reason }, 'Have the transaction tested and planned again.');
}

/** @see Bitcoin Core, `rpc/protocol.h`: RPC_DESERIALIZATION_ERROR, RPC_VERIFY_ERROR, _REJECTED, _ALREADY_IN_UTXO_SET */
const refusals: ReadonlyMap<number, RejectReason> = new Map([[-22, 'invalid'], [-25, 'inputs-missing-or-spent'], [-26, 'policy'], [-27, 'already-known']]);
