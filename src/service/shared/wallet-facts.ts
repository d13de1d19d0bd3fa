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
  const notes = sharedFingerprints(wallet);
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
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** Keys that claim one master: one seed would then give several of the signatures that people count as several persons'. */
function sharedFingerprints(wallet: Wallet): { readonly code: 'wallet.same-fingerprint'; readonly text: string }[] {
  const labels = new Map<string, string[]>();
  for (const { label, record } of wallet.cosigners) labels.set(record.masterFingerprint, [...(labels.get(record.masterFingerprint) ?? []), label]);
  return [...labels].filter(([, names]) => names.length > 1).map(([fingerprint, names]) => ({
    code: 'wallet.same-fingerprint' as const,
    text: `The keys of ${names.join(' and ')} claim the same master key ${fingerprint}: one seed may give ${names.length} of the signatures.`,
  }));
}

export const branchName = (branch: Branch): 'receive' | 'change' => (branch === 0 ? 'receive' : 'change');
export const branchOf = (name: 'receive' | 'change'): Branch => (name === 'receive' ? 0 : 1);
