import { HARDENED, type DerivationPath } from '../domain/derivation-path.ts';
import { chainParameters, type NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { realmOf } from '../wallet/extended-public-key.ts';
import type { KeyRecord } from '../wallet/key-record.ts';
import type { SigningKey } from './signing-key.ts';

/** Scripts that a public key record can be asked for. */
export type AccountScript = 'p2wsh' | 'p2sh-p2wsh' | 'p2sh' | 'p2wpkh' | 'p2tr';

// Each would need a wallet type that this version can neither register nor review; a record for it would invite a wallet
// whose coins this Signer then refuses to spend.
const unsupported: Readonly<Record<Exclude<AccountScript, 'p2wsh'>, string>> = {
  'p2sh-p2wsh': 'nested segwit wallets cannot be registered',
  p2sh: 'legacy multisig wallets cannot be registered',
  p2wpkh: 'single-key wallets cannot be registered',
  p2tr: 'taproot wallets cannot be registered',
};

/**
 * `m/48h/coinh/accounth/2h`: where a cosigner's account for P2WSH multisig is.
 * @see BIP48, "Path levels"
 */
export function accountPath(network: NetworkName, account: number): DerivationPath {
  if (!Number.isInteger(account) || account < 0 || account >= HARDENED) {
    throw new StrongroomError('path.malformed', 'An account is a number from 0 to 2147483647.', { account }, 'Use account 0.');
  }
  return [HARDENED + 48, HARDENED + chainParameters(network).coinType, HARDENED + account, HARDENED + 2];
}

/**
 * What this key hands out for a wallet.
 * @throws StrongroomError `key.script-unsupported`, `path.malformed`, `key.locked`
 */
export function accountKeyRecord(key: SigningKey, script: AccountScript, account: number): KeyRecord {
  if (script !== 'p2wsh') {
    throw new StrongroomError('key.script-unsupported', `No key record for ${script} in this version: ${unsupported[script]}.`, { script }, 'Export the key record for p2wsh.');
  }
  const path = accountPath(key.network, account);
  return { masterFingerprint: key.fingerprint, path, key: key.extendedPublicKeyAt(path), realm: realmOf(key.network) };
}
