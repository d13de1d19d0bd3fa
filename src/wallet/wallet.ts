import { toHex } from '../domain/bytes.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { chainParameters, type NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { formatDescriptor } from './descriptor.ts';
import { requireRealm, type KeyRecord } from './key-record.ts';
import { maxCosigners, type WalletScript } from '../domain/wallet-script.ts';

export interface Cosigner {
  /** What people call this key. Not part of the policy. */
  readonly label: string;
  readonly record: KeyRecord;
}

/**
 * A wallet: `required` of the cosigners' signatures spend; of a script of one key there is one cosigner. Immutable; made by
 * `createWallet` only.
 */
export interface Wallet {
  /** What people call the wallet. Not part of the policy. */
  readonly name: string;
  readonly network: NetworkName;
  readonly script: WalletScript;
  readonly required: number;
  /** In the order given; the order has no influence on addresses (BIP67). */
  readonly cosigners: readonly Cosigner[];
}

/**
 * Refuses a script type that a chain does not have: Dogecoin has neither segwit nor taproot.
 * @throws StrongroomError `wallet.script-unavailable`
 */
export function requireScript(script: WalletScript, network: NetworkName): void {
  const { scripts, title } = chainParameters(network);
  if (scripts.includes(script)) return;
  throw new StrongroomError('wallet.script-unavailable', `${title} has no ${script}.`, { script, network, available: scripts.join(' ') }, `Choose one of: ${scripts.join(', ')}.`);
}

/**
 * A wallet after every check that needs no private key.
 * @throws StrongroomError `wallet.script-unavailable`, `wallet.quorum-range`, `wallet.duplicate-key`, `network.mismatch`
 */
export function createWallet(wallet: Wallet): Wallet {
  requireScript(wallet.script, wallet.network);
  const total = wallet.cosigners.length;
  const most = maxCosigners(wallet.script);
  if (!Number.isInteger(wallet.required) || total > most || wallet.required < 1 || wallet.required > total) {
    throw new StrongroomError('wallet.quorum-range', `A quorum of ${wallet.required} of ${total} keys is not possible for ${wallet.script}.`, { required: wallet.required, total, script: wallet.script }, `Choose 1 to ${most} cosigners and a quorum no larger than their number.`);
  }
  const seen = new Map<string, string>();
  for (const { label, record } of wallet.cosigners) {
    requireRealm(record, wallet.network);
    // By public key, not by text: the same key under another label or origin is still one signature, not two.
    const publicKey = toHex(record.key.publicKey);
    const other = seen.get(publicKey);
    if (other !== undefined) {
      throw new StrongroomError('wallet.duplicate-key', `Cosigners "${other}" and "${label}" have the same public key.`, { first: other, second: label }, 'Ask each cosigner for a key record of their own.');
    }
    seen.set(publicKey, label);
  }
  // SECURITY: policy ids, derivers and registrations are remembered by the wallet that they were made from, so nobody may
  // change it afterwards.
  return Object.freeze({ ...wallet, cosigners: Object.freeze(wallet.cosigners.map((cosigner) => Object.freeze({ ...cosigner }))) });
}

/** The wallet's descriptor with checksum; one branch alone where `branch` is given. */
export function walletDescriptor(wallet: Wallet, branch?: 0 | 1): string {
  return formatDescriptor({ script: wallet.script, required: wallet.required, keys: wallet.cosigners.map((cosigner) => cosigner.record) }, wallet.network, branch);
}

/** The cosigner of a master fingerprint; fingerprints in a wallet may repeat only by malice, so the first is not enough to trust. */
export function cosignersOf(wallet: Wallet, fingerprint: Fingerprint): readonly Cosigner[] {
  return wallet.cosigners.filter((cosigner) => cosigner.record.masterFingerprint === fingerprint);
}
