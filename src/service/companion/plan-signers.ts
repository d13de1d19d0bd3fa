import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { QueuedWallet, QueueEntry } from '../../companion/queue/queue.ts';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { createAddressDeriver, type AddressDeriver } from '../../wallet/address.ts';
import { parseWalletFile } from '../../wallet/dialects/strongroom.ts';

/**
 * The wallets whose cosigners sign a plan: those that a sweep spends from, where they are watched; the one that it is of, where that one
 * pays. None where the node signs with a wallet of its own, or papers are swept.
 */
export function signingWalletsOf(ledger: Ledger, entry: QueueEntry): readonly QueuedWallet[] {
  const ids = entry.signers === 'cold' ? [entry.walletId] : entry.signingWallets.map(({ walletId }) => walletId);
  return ids.flatMap((walletId) => ledger.queue.wallet(walletId) ?? []);
}

/** Derivers of these wallets: what replies are verified with. */
export const deriversOf = (wallets: readonly QueuedWallet[]): readonly AddressDeriver[] => wallets.map(({ text }) => createAddressDeriver(parseWalletFile(text)));

/** What a cosigner is called in the first of the wallets that have them; empty where nobody knows. */
export const labelIn = (wallets: readonly QueuedWallet[], fingerprint: Fingerprint): string =>
  wallets.flatMap(({ cosigners }) => cosigners).find((cosigner) => cosigner.fingerprint === fingerprint)?.label ?? '';

/** Why a plan takes no replies at all; `null` where it does. */
export function whyNotSignedHere(entry: QueueEntry): StrongroomError | null {
  if (entry.signers !== 'hot' || entry.signingWallets.length > 0) return null;
  return new StrongroomError('queue.already-signed', 'No cosigner signs this plan: the node does, with a wallet of its own.', { plan: entry.planId }, 'Have the node sign it under Sweep, or with "hot sign"; where it was signed already, send it from there. A sweep of a watched wallet that an older version planned is planned again.');
}
