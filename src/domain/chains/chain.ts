import type { WalletScript } from '../wallet-script.ts';

export const coinNames = ['bitcoin', 'litecoin', 'dogecoin'] as const;
export type CoinName = (typeof coinNames)[number];

/**
 * Who uses the version bytes of a key's text. `main`: those that BIP32 gave to Bitcoin's main network (xpub), which Litecoin Core
 * writes too. `test`: those of every test network of all coins (tpub). The others are a coin's own.
 */
export type KeyRealm = 'main' | 'test' | 'litecoin' | 'litecoin-test' | 'dogecoin' | 'dogecoin-test';

/** What a node relays and what a fee is never meant to be. */
export interface FeeLimits {
  /** Nodes relay nothing below this rate by default. */
  readonly minRelaySatPerVb: bigint;
  /** Above this rate a person must judge. */
  readonly highSatPerVb: bigint;
  /** Above this rate nothing is signed or sent. */
  readonly excessiveSatPerVb: bigint;
  /** Above this amount, where it is a quarter of the inputs besides, nothing is signed or sent. */
  readonly excessiveSats: bigint;
}

/**
 * Everything that differs from chain to chain, so that no other file has to know a coin by name. Amounts are in the coin's smallest
 * unit, a hundred-millionth (satoshi, litoshi, koinu), which is called sats throughout.
 */
export interface ChainData {
  readonly coin: CoinName;
  /** As people call it. */
  readonly title: string;
  /** The ticker that amounts are shown with; the same on test networks. */
  readonly unit: 'BTC' | 'LTC' | 'DOGE';
  /** Of payment URIs. @see BIP21 */
  readonly uriScheme: CoinName;
  readonly isTest: boolean;

  /** The human-readable part of segwit addresses; `null` where the chain has no segwit. @see BIP173 */
  readonly bech32: string | null;
  /** The human-readable part of addresses inside the chain's extension blocks, which are not served; `null` where it has none. */
  readonly extensionBlocks: string | null;
  readonly pubKeyHash: number;
  /** Version byte of P2SH addresses as they are written. */
  readonly scriptHash: number;
  /** Version bytes of P2SH addresses that are read besides: older forms. */
  readonly olderScriptHashes: readonly number[];
  readonly wif: number;
  /** Whose version bytes single private keys and their addresses have. */
  readonly singleKeyRealm: KeyRealm;
  readonly messagePrefix: string;
  /** Version bytes of extended keys as they are written: what the chain's own node writes. */
  readonly bip32: { readonly public: number; readonly private: number };
  /** Whose extended keys are read; the first is what is written. */
  readonly keyRealms: readonly [KeyRealm, ...KeyRealm[]];
  /** SLIP-44 coin type of BIP44's family of paths: 1 for every test network. */
  readonly coinType: 0 | 1 | 2 | 3;

  /** What a node answers to `getblockchaininfo.chain`: every coin has the same words. */
  readonly nodeChain: string;
  /** The hash of block 0, by which a node's chain cannot be mistaken; `null` where no node serves it. */
  readonly genesisHash: string | null;
  /** Option of the node's command line that chooses the chain; empty for the main one. */
  readonly nodeOption: string;
  /** The node's own command-line program. */
  readonly nodeCommand: string;
  readonly blockIntervalSeconds: number;
  /** Whether nodes take a replacement with a higher fee by default (BIP125). */
  readonly relaysReplacements: boolean;
  /** After so many blocks people take a large payment for settled. */
  readonly usualConfirmations: number;
  /** Blocks until a block's reward can be spent. */
  readonly coinbaseMaturity: number;

  /** No amount, and no sum of amounts, is larger (consensus `MAX_MONEY`). */
  readonly maxMoneySats: bigint;
  /** Script types that wallets can have. */
  readonly scripts: readonly WalletScript[];
  /** `byRate`: three times the cost of an output and of its spending at a third of this rate, as Bitcoin Core computes it. `flat`: for every output. */
  readonly dust: { readonly byRateSatPerKvb: bigint } | { readonly flatSats: bigint };
  readonly fees: FeeLimits;
}
