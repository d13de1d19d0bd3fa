import { toHex } from '../../domain/bytes.ts';
import { GLOBAL } from '../../psbt/codec/field-types.ts';
import { isKeyVersionOf } from '../../wallet/extended-public-key.ts';
import type { ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/**
 * A PSBT does not say which chain it is for; its extended keys do (BIP174, PSBT_GLOBAL_XPUB), and so do the wallets. Origins
 * of inputs are judged with the paths.
 */
export function networkFindings(facts: ReviewFacts): Finding[] {
  const { network, wallets, destinations = [] } = facts.context;
  const findings = [...wallets, ...destinations]
    .filter(({ deriver }) => deriver.wallet.network !== network)
    .map(({ walletId, deriver }) => finding('network.mismatch', 'global', 0, { walletId, walletNetwork: deriver.wallet.network, network }));
  const foreignKey = facts.psbt.globalFields.find((field) => field.keyType === GLOBAL.xpub && !isKeyVersionOf(network, toHex(field.keyData.subarray(0, 4))));
  if (foreignKey !== undefined) findings.push(finding('network.mismatch', 'global', 0, { xpubVersion: toHex(foreignKey.keyData.subarray(0, 4)), network }));
  return findings;
}
