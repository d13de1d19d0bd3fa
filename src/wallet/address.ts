import { fromBase58Check, toBase58Check, toBech32, toOutputScript } from 'bitcoinjs-lib/src/address';
import { initEccLib } from 'bitcoinjs-lib/src/ecc_lib';
import type { DerivationPath } from '../domain/derivation-path.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { concat } from '../domain/bytes.ts';
import { chainParameters, networkNames, type ChainParameters, type NetworkName } from '../domain/network.ts';
import { unreachable } from '../domain/unreachable.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { childPublicKey, deriveChild, type ExtendedPublicKey } from './extended-public-key.ts';
import { keyHashScript, lockingScript, xOnly, type LockingScript, type TaprootParts } from './locking-script.ts';
import { scriptTypeOf } from './script-type.ts';
import { isXOnlyPoint, xOnlyPointAddTweak } from './secp256k1-public.ts';
import type { Wallet } from './wallet.ts';

// The library checks taproot addresses only after it was handed a curve.
initEccLib({ isXOnlyPoint, xOnlyPointAddTweak });

/** Receive (0) or change (1): the only branches a wallet has (BIP44, BIP48). */
export type Branch = 0 | 1;

/** The highest address index that is derived or recognised. */
export const MAX_ADDRESS_INDEX = 999_999;

/** Addresses that a deriver remembers: those of the largest transaction. A point addition costs a sixth of a millisecond. */
const MOST_REMEMBERED = 10_000;

export interface DerivedKey {
  readonly masterFingerprint: Fingerprint;
  /** Full path from the master key. */
  readonly path: DerivationPath;
  /** 33 bytes. */
  readonly publicKey: Uint8Array;
  /** What its signatures verify with: the public key; of taproot 32 bytes, of its key path the output key. */
  readonly signingKey: Uint8Array;
}

/** Everything that one address of a wallet is made of. */
export interface DerivedAddress extends LockingScript {
  readonly branch: Branch;
  readonly index: number;
  readonly address: string;
  /** In the cosigners' order; scripts hold the public keys sorted. */
  readonly keys: readonly DerivedKey[];
}

/**
 * Derives a wallet's addresses; keeps the two branch keys of each cosigner, so that an address costs n point additions, and the
 * addresses of a large transaction, since review and signing ask for each of them.
 */
export interface AddressDeriver {
  readonly wallet: Wallet;
  /** @throws StrongroomError `wallet.index-range` */
  derive(branch: Branch, index: number): DerivedAddress;
}

/**
 * The address of a script, or `null` where it has none. By the script's type, since the library's own function tries each type in
 * turn and fails by throwing, which costs thirty times as much.
 */
export function addressOfScript(scriptPubKey: Uint8Array, network: NetworkName): string | null {
  const { pubKeyHash, scriptHash, bech32 } = chainParameters(network);
  switch (scriptTypeOf(scriptPubKey)) {
    case 'p2pkh':
      return toBase58Check(scriptPubKey.subarray(3, 23), pubKeyHash);
    case 'p2sh':
      return toBase58Check(scriptPubKey.subarray(2, 22), scriptHash);
    case 'p2wpkh':
    case 'p2wsh':
      return bech32 === null ? null : toBech32(scriptPubKey.subarray(2), 0, bech32);
    case 'p2tr':
      // What is no point on the curve can never be spent (BIP341).
      return bech32 !== null && isXOnlyPoint(scriptPubKey.subarray(2)) ? toBech32(scriptPubKey.subarray(2), 1, bech32) : null;
    default:
      return null;
  }
}

/**
 * The script that an address of this network stands for.
 * @throws StrongroomError `address.malformed`, also for an address of another network of the same coin; `network.mismatch` for one of
 * another coin; `address.extension-block`
 */
export function scriptOfAddress(address: string, network: NetworkName): Uint8Array {
  let script: Uint8Array | undefined;
  try {
    // Witness versions without rules are spendable by anybody today (BIP141), so an address of one is no destination. The
    // library would warn on stderr and go on.
    if (!isFutureWitnessAddress(address, network)) script = outputScript(address, chainParameters(network));
  } catch {
    script = undefined;
  }
  if (script === undefined || addressOfScript(script, network) === null) {
    if (isExtensionBlockAddress(address)) {
      throw new StrongroomError('address.extension-block', 'The address lies inside Litecoin\'s extension blocks (MWEB), which Strongroom does not serve.', { network }, 'Ask for an address that begins with ltc1, L or M.');
    }
    const other = otherCoinOf(address, network);
    if (other !== null) {
      throw new StrongroomError('network.mismatch', `The address is one of ${other}, not of ${network}.`, { network, addressNetwork: other }, 'Find out which coin is meant before anything is paid: what is sent to an address of another coin is lost.');
    }
    throw new StrongroomError('address.malformed', `The text is not an address of ${network}.`, { network }, 'Copy the whole address again and check its network.');
  }
  return script;
}

/** Old P2SH addresses of a chain are read as well as the ones it writes; without segwit only base58 is. */
function outputScript(address: string, chain: ChainParameters): Uint8Array {
  if (chain.bech32 !== null && chain.olderScriptHashes.length === 0) return toOutputScript(address, { ...chain, bech32: chain.bech32 });
  if (chain.bech32 !== null && address.toLowerCase().startsWith(`${chain.bech32}1`)) return toOutputScript(address, { ...chain, bech32: chain.bech32 });
  const { version, hash } = fromBase58Check(address);
  if (version === chain.pubKeyHash) return keyHashScript(hash);
  if (version === chain.scriptHash || chain.olderScriptHashes.includes(version)) return concat(Uint8Array.of(0xa9, 0x14), hash, Uint8Array.of(0x87));
  throw new TypeError('another network\'s version byte');
}

/**
 * The network of another coin that an address is of, or `null`. An old P2SH address of Litecoin (3...) is one of Bitcoin too, and the
 * other way round: where its own network takes it, nothing can tell which was meant.
 */
function otherCoinOf(address: string, network: NetworkName): NetworkName | null {
  const { coin } = chainParameters(network);
  return networkNames.find((name) => chainParameters(name).coin !== coin && isReadable(address, name)) ?? null;
}

function isReadable(address: string, network: NetworkName): boolean {
  try {
    return !isFutureWitnessAddress(address, network) && outputScript(address, chainParameters(network)).length > 0;
  } catch {
    return false;
  }
}

/** By its prefix alone: nobody may take it for a mistyped address. @see LIP-0004 */
const isExtensionBlockAddress = (address: string): boolean => networkNames.some((name) => {
  const prefix = chainParameters(name).extensionBlocks;
  return prefix !== null && address.toLowerCase().startsWith(`${prefix}1`);
});

/** A segwit address whose version character is neither q (0) nor p (1). @see BIP173, "Segwit address format" */
function isFutureWitnessAddress(address: string, network: NetworkName): boolean {
  const { bech32 } = chainParameters(network);
  if (bech32 === null) return false;
  const prefix = `${bech32}1`;
  const lowered = address.toLowerCase();
  return lowered.startsWith(prefix) && !/^[qp]/.test(lowered.slice(prefix.length));
}

export function createAddressDeriver(wallet: Wallet): AddressDeriver {
  const branchKeys = new Map<Branch, readonly ExtendedPublicKey[]>();
  const keysOfBranch = (branch: Branch): readonly ExtendedPublicKey[] => {
    const known = branchKeys.get(branch) ?? wallet.cosigners.map((cosigner) => deriveChild(cosigner.record.key, branch));
    branchKeys.set(branch, known);
    return known;
  };
  const remembered = new Map<string, DerivedAddress>();
  return {
    wallet,
    derive(branch, index) {
      const name = `${branch}/${index}`;
      const known = remembered.get(name);
      if (known !== undefined) return known;
      if (!Number.isInteger(index) || index < 0 || index > MAX_ADDRESS_INDEX) {
        throw new StrongroomError('wallet.index-range', `Address index ${index} is outside 0 to ${MAX_ADDRESS_INDEX}.`, { index }, 'Choose an index in this range.');
      }
      const publicKeys = keysOfBranch(branch).map((branchKey) => childPublicKey(branchKey, index));
      const locking = lockingScript(wallet.script, wallet.required, publicKeys);
      const keys = publicKeys.map((publicKey, position): DerivedKey => {
        const { record } = wallet.cosigners[position] as Wallet['cosigners'][number];
        return { masterFingerprint: record.masterFingerprint, path: [...record.path, branch, index], publicKey, signingKey: signingKeyOf(locking, publicKey) };
      });
      const address = addressOfScript(locking.scriptPubKey, wallet.network) as string;
      const derived: DerivedAddress = { ...locking, branch, index, address, keys };
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(name, derived);
      return derived;
    },
  };
}

function signingKeyOf({ rule, taproot }: LockingScript, publicKey: Uint8Array): Uint8Array {
  switch (rule.kind) {
    case 'taproot-key':
      return (taproot as TaprootParts).outputKey;
    case 'taproot-leaf':
      return xOnly(publicKey);
    case 'legacy':
    case 'segwit-v0':
      return publicKey;
    default:
      return unreachable(rule);
  }
}
