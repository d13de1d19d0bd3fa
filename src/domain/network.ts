import { StrongroomError } from '../errors/strongroom-error.ts';

/** The chains that Strongroom keeps apart. `practice` has regtest's parameters and never mixes with it. */
export const networkNames = ['mainnet', 'testnet4', 'signet', 'regtest', 'practice'] as const;
export type NetworkName = (typeof networkNames)[number];

/** Serialisation parameters of a chain, in the shape that bitcoinjs-lib and bip32 take. */
export interface ChainParameters {
  readonly name: NetworkName;
  readonly bech32: string;
  readonly pubKeyHash: number;
  readonly scriptHash: number;
  readonly wif: number;
  readonly messagePrefix: string;
  readonly bip32: { readonly public: number; readonly private: number };
  /** SLIP-44 coin type of BIP48 paths: 0 for mainnet, 1 for every test chain. */
  readonly coinType: 0 | 1;
  /** What a node answers to `getblockchaininfo.chain`; the practice chain answers with its own label. */
  readonly nodeChain: string;
}

const messagePrefix = '\x18Bitcoin Signed Message:\n';
const main = { bech32: 'bc', pubKeyHash: 0x00, scriptHash: 0x05, wif: 0x80, messagePrefix, bip32: { public: 0x0488b21e, private: 0x0488ade4 }, coinType: 0 } as const;
const test = { bech32: 'tb', pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef, messagePrefix, bip32: { public: 0x043587cf, private: 0x04358394 }, coinType: 1 } as const;

const chains: Readonly<Record<NetworkName, ChainParameters>> = {
  mainnet: { ...main, name: 'mainnet', nodeChain: 'main' },
  testnet4: { ...test, name: 'testnet4', nodeChain: 'testnet4' },
  signet: { ...test, name: 'signet', nodeChain: 'signet' },
  regtest: { ...test, name: 'regtest', bech32: 'bcrt', nodeChain: 'regtest' },
  practice: { ...test, name: 'practice', bech32: 'bcrt', nodeChain: 'practice' },
};

export const chainParameters = (network: NetworkName): ChainParameters => chains[network];

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
