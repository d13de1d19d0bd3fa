import { HARDENED, type DerivationPath } from '../domain/derivation-path.ts';
import { chainParameters, type NetworkName } from '../domain/network.ts';
import { isQuorumScript, type QuorumScript, type SingleKeyScript, type WalletScript } from '../domain/wallet-script.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { realmOf } from '../wallet/extended-public-key.ts';
import type { KeyRecord } from '../wallet/key-record.ts';
import { requireScript } from '../wallet/wallet.ts';
import type { SigningKey } from './signing-key.ts';

/** The last step of BIP48's path; taproot's is what signers of the field use beyond the standard. */
const bip48Scripts: Readonly<Record<Exclude<QuorumScript, 'p2sh'>, number>> = { 'p2sh-p2wsh': 1, p2wsh: 2, 'p2tr-multi': 3 };
/** Purposes of one key's accounts. @see BIP44, BIP49, BIP84, BIP86 */
const purposes: Readonly<Record<SingleKeyScript, number>> = { p2pkh: 44, 'p2sh-p2wpkh': 49, p2wpkh: 84, p2tr: 86 };

/**
 * Where the account of a script type is: `m/48h/coinh/accounth/scripth` for a quorum (of P2SH `m/45h/coinh/accounth`, apart from
 * BIP48's, which has no number for it), `m/purposeh/coinh/accounth` for one key.
 * @throws StrongroomError `path.malformed`; `wallet.script-unavailable` for a script type that the chain does not have
 * @see BIP44, BIP45, BIP48, BIP49, BIP84, BIP86
 */
export function accountPath(network: NetworkName, account: number, script: WalletScript): DerivationPath {
  if (!Number.isInteger(account) || account < 0 || account >= HARDENED) {
    throw new StrongroomError('path.malformed', 'An account is a number from 0 to 2147483647.', { account }, 'Use account 0.');
  }
  requireScript(script, network);
  const coinAndAccount = [HARDENED + chainParameters(network).coinType, HARDENED + account];
  if (!isQuorumScript(script)) return [HARDENED + purposes[script], ...coinAndAccount];
  return script === 'p2sh' ? [HARDENED + 45, ...coinAndAccount] : [HARDENED + 48, ...coinAndAccount, HARDENED + bip48Scripts[script]];
}

/**
 * What this key hands out for a wallet.
 * @throws StrongroomError `path.malformed`, `key.locked`
 */
export function accountKeyRecord(key: SigningKey, script: WalletScript, account: number): KeyRecord {
  const path = accountPath(key.network, account, script);
  return { masterFingerprint: key.fingerprint, path, key: key.extendedPublicKeyAt(path), realm: realmOf(key.network) };
}
