import { StrongroomError } from '../errors/strongroom-error.ts';
import { bitcoinChains } from './chains/bitcoin.ts';
import type { ChainData, KeyRealm } from './chains/chain.ts';
import { dogecoinChains } from './chains/dogecoin.ts';
import { litecoinChains } from './chains/litecoin.ts';

/** The chains that Strongroom keeps apart. `practice` has regtest's parameters and never mixes with it. */
export const networkNames = [
  'mainnet', 'testnet4', 'signet', 'regtest', 'practice', 'testnet3',
  'litecoin', 'litecoin-testnet', 'litecoin-regtest', 'dogecoin', 'dogecoin-testnet', 'dogecoin-regtest',
] as const;
export type NetworkName = (typeof networkNames)[number];

/** What a chain is told by: numbers and words of its addresses, keys, nodes and rules. */
export interface ChainParameters extends ChainData {
  readonly name: NetworkName;
}

const chains: Readonly<Record<NetworkName, ChainData>> = { ...bitcoinChains, ...litecoinChains, ...dogecoinChains };
const parameters = Object.fromEntries(networkNames.map((name) => [name, Object.freeze({ ...chains[name], name })])) as Readonly<Record<NetworkName, ChainParameters>>;

export const chainParameters = (network: NetworkName): ChainParameters => parameters[network];

/** Version bytes of a network's keys alone, as libraries for them take them. */
export function keyVersions(network: NetworkName): Pick<ChainParameters, 'wif' | 'bip32'> {
  const { wif, bip32 } = chainParameters(network);
  return { wif, bip32 };
}

/** Whether a node of this coin's regtest, or the practice network: blocks are made at will, so the last one may be old. */
export const isRegtest = (network: NetworkName): boolean => chainParameters(network).nodeOption === '-regtest';

/** The network of a node whose block 0 has this hash; `null` for a chain that Strongroom does not serve. */
export const networkOfGenesis = (hash: string): NetworkName | null => networkNames.find((name) => chainParameters(name).genesisHash === hash) ?? null;

/** Whether extended keys with these version bytes are read on a network. */
export const takesKeysOf = (network: NetworkName, realm: KeyRealm): boolean => chainParameters(network).keyRealms.includes(realm);

/**
 * @throws StrongroomError `network.unknown`
 */
export function parseNetwork(text: string): NetworkName {
  const found = networkNames.find((name) => name === text);
  if (found === undefined) {
    throw new StrongroomError('network.unknown', 'No such network.', { known: networkNames.join(', ') }, `Choose one of: ${networkNames.join(', ')}.`);
  }
  return found;
}
