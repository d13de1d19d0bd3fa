import type { InferInput, InferOutput } from 'valibot';
import { walletFileName } from '../../airgap/file-names.ts';
import { formatPath } from '../../domain/derivation-path.ts';
import type { importWallet, readKeys } from '../../host/dialect-wire.ts';
import { formatKeyRecord } from '../../wallet/key-record.ts';
import { formatWalletFile } from '../../wallet/dialects/strongroom.ts';
import { importAnyWallet, readAnyKeys } from './foreign-wallet.ts';
import { walletFacts } from './wallet-facts.ts';

/** A wallet of any program as a file of ours, with what was left behind; the same in both editions. */
export function walletImported({ file, ...choices }: InferOutput<typeof importWallet.input>): InferInput<typeof importWallet.output> {
  const { wallet, format, losses } = importAnyWallet(file, { ...choices, preferredNetwork: choices.preferredNetwork ?? undefined });
  return { ...walletFacts(wallet), wallet: formatWalletFile(wallet), suggestedName: walletFileName(wallet.name), format, losses: [...losses] };
}

/** The public keys that a file of any program hands out. */
export function keysRead({ file, password }: InferOutput<typeof readKeys.input>): InferInput<typeof readKeys.output> {
  const { format, keys } = readAnyKeys(file, password ?? null);
  return {
    format,
    keys: keys.map(({ label, script, record }) => ({
      label, script, fingerprint: record.masterFingerprint, path: formatPath(record.path),
      // The networks of a realm write their keys alike.
      record: formatKeyRecord(record, record.realm === 'main' ? 'mainnet' : 'regtest'),
    })),
  };
}
