import { isMoney } from '../../domain/amount.ts';
import { equalBytes } from '../../domain/bytes.ts';
import type { NetworkName } from '../../domain/network.ts';
import type { TxOutput } from '../../psbt/psbt.ts';
import { scriptTypeOf } from '../../wallet/script-type.ts';
import type { InputFacts, ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/**
 * Amounts count only as the full previous transaction shows them, or as the signatures of a transaction of taproot inputs alone
 * prove them (`previousOutputs`).
 *
 * SECURITY: segwit v0 amounts are unproven without it: two signing rounds with different lies about the amounts make the
 * difference a fee. Legacy signatures commit to no amount at all.
 * @see BIP174, PSBT_IN_NON_WITNESS_UTXO and PSBT_IN_WITNESS_UTXO; BIP143
 */
export function amountProofFindings(facts: ReviewFacts): Finding[] {
  const { network } = facts.context;
  const findings = facts.inputs.flatMap((input) => inputFindings(input, network));
  const claimed = facts.totals.claimed?.inputsSats ?? facts.totals.inputsSats;
  if (!isMoney(claimed, network)) findings.push(finding('input.amount-range', 'global', 0, { sumSats: String(claimed) }));
  const outputsSats = facts.totals.paymentsSats + facts.totals.changeSats;
  if (!isMoney(outputsSats, network)) findings.push(finding('output.amount-range', 'global', 0, { sumSats: String(outputsSats) }));
  for (const { index, amountSats } of facts.outputs) {
    if (!isMoney(amountSats, network)) findings.push(finding('output.amount-range', 'output', index, { amountSats: String(amountSats) }));
  }
  return findings;
}

function inputFindings(input: InputFacts, network: NetworkName): Finding[] {
  const { index, txid, vout, previous, fields, spent, own, singleKey } = input;
  const findings: Finding[] = [];
  if (previous.proof === null) {
    const codes = { missing: 'input.prevtx-missing', hash: 'input.prevtx-hash', vout: 'input.prevtx-vout' } as const;
    findings.push(finding(codes[previous.problem], 'input', index, { txid, vout }));
  } else if (fields.witnessUtxo !== undefined && !isSameOutput(previous.output, fields.witnessUtxo)) {
    findings.push(finding('input.utxo-conflict', 'input', index, { provenSats: String(previous.output.amountSats), claimedSats: String(fields.witnessUtxo.amountSats) }));
  }
  if (fields.witnessUtxo !== undefined && spent !== null && isLegacy(spent.scriptPubKey, own?.derived.redeemScript ?? singleKey?.output.redeemScript ?? fields.redeemScript)) {
    findings.push(finding('input.legacy-witness-utxo', 'input', index, { scriptType: scriptTypeOf(spent.scriptPubKey) }));
  }
  const outOfRange = [spent, fields.witnessUtxo].find((output) => output !== null && output !== undefined && !isMoney(output.amountSats, network));
  if (outOfRange !== undefined && outOfRange !== null) {
    findings.push(finding('input.amount-range', 'input', index, { amountSats: String(outOfRange.amountSats) }));
  }
  return findings;
}

const isSameOutput = (a: TxOutput, b: TxOutput): boolean => a.amountSats === b.amountSats && equalBytes(a.scriptPubKey, b.scriptPubKey);

/** P2SH is segwit only where its redeem script is a witness program (BIP141). */
function isLegacy(scriptPubKey: Uint8Array, redeemScript: Uint8Array | undefined): boolean {
  const type = scriptTypeOf(scriptPubKey);
  if (type === 'p2sh') return redeemScript === undefined || !['p2wpkh', 'p2wsh'].includes(scriptTypeOf(redeemScript));
  return type === 'p2pkh' || type === 'nonstandard' || type === 'op-return';
}
