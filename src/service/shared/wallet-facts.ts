import type { InferInput } from 'valibot';
import { formatPath } from '../../domain/derivation-path.ts';
import type { WalletPolicy } from '../../host/wire.ts';
import { createAddressDeriver, type Branch } from '../../wallet/address.ts';
import { formatExtendedPublicKey } from '../../wallet/extended-public-key.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { walletDescriptor, type Wallet } from '../../wallet/wallet.ts';

/** A wallet in the words that people compare, as the boundary carries them. */
export function walletFacts(wallet: Wallet): InferInput<typeof WalletPolicy> {
  const { walletId, words } = policyIdOf(wallet);
  const deriver = createAddressDeriver(wallet);
  return {
    walletId,
    policyId: words,
    name: wallet.name,
    network: wallet.network,
    script: wallet.script,
    quorum: { required: wallet.required, total: wallet.cosigners.length },
    cosigners: wallet.cosigners.map(({ label, record }) => ({
      label,
      fingerprint: record.masterFingerprint,
      path: formatPath(record.path),
      xpub: formatExtendedPublicKey(record.key, wallet.network),
    })),
    descriptor: walletDescriptor(wallet),
    firstReceive: deriver.derive(0, 0).address,
    firstChange: deriver.derive(1, 0).address,
  };
}

export const branchName = (branch: Branch): 'receive' | 'change' => (branch === 0 ? 'receive' : 'change');
export const branchOf = (name: 'receive' | 'change'): Branch => (name === 'receive' ? 0 : 1);
