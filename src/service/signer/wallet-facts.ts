import type { InferInput } from 'valibot';
import { formatPath } from '../../domain/derivation-path.ts';
import type { signerCoreContract } from '../../host/signer-contract.ts';
import { createAddressDeriver, type Branch } from '../../wallet/address.ts';
import { formatExtendedPublicKey } from '../../wallet/extended-public-key.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { walletDescriptor, type Wallet } from '../../wallet/wallet.ts';

type WalletFacts = InferInput<(typeof signerCoreContract)['wallet.policy']['output']>;

/** A wallet in the words that people compare, as the boundary carries them. */
export function walletFacts(wallet: Wallet): WalletFacts {
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

export const branchOf = (name: 'receive' | 'change'): Branch => (name === 'receive' ? 0 : 1);
