import type { RejectReason } from '../../../companion/chain-source.ts';

// A server passes on what its node said, with words of its own around it. Only which of these it is leaves this file.
const reasons: readonly (readonly [RegExp, RejectReason])[] = [
  [/txn-already-in-mempool|txn-already-known|already in block chain|already in utxo set|outputs already in utxo|txn-same-nonwitness-data/i, 'already-known'],
  [/missing[- ]?inputs|missingorspent|txn-mempool-conflict|spends-conflicting-tx|orphan/i, 'inputs-missing-or-spent'],
  [/min relay fee not met|mempool min fee not met|insufficient fee|fee is too low/i, 'fee-too-low'],
  [/max-fee-exceeded|absurdly-high-fee|fee exceeds maximum/i, 'fee-too-high'],
  [/non-(BIP68-)?final/i, 'non-final'],
  [/bad-txns|bad-witness|mandatory-script-verify|mempool-script-verify|block-script-verify|decode failed|coinbase/i, 'invalid'],
];

/** Why a transaction was refused, by the words that nodes use. */
export const reasonOfText = (text: string): RejectReason => reasons.find(([pattern]) => pattern.test(text))?.[1] ?? 'policy';
