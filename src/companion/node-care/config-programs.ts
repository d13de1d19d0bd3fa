import type { NetworkName } from '../../domain/network.ts';

/** How one node program is set up: what of Bitcoin Core's settings it knows, as data. */
export interface ConfigProgram {
  readonly name: string;
  /** The configuration file's own name in the data folder. */
  readonly file: string;
  /**
   * By network: the line that chooses it and the section that its own settings stand in. `null` for the main network, whose settings
   * stand in no section; programs from before sections have the line alone.
   */
  readonly networks: Readonly<Partial<Record<NetworkName, { readonly choose: string; readonly section: string | null } | null>>>;
  /** Networks that are named by the caller's own words, where Strongroom itself has no such chain. */
  readonly rpcPort: number;
  /** Block filters (BIP158) by which a wallet finds its past quickly. */
  readonly blockFilters: boolean;
  /** The index of coin statistics that audits of the whole set use. */
  readonly coinStatistics: boolean;
  readonly natPmp: boolean;
  /** Proof of stake: the setting that keeps the wallet from staking, which needs its keys unlocked all day. */
  readonly stakingOff: string | null;
}

const bitcoin: ConfigProgram['networks'] = {
  mainnet: null, testnet4: { choose: 'testnet4=1', section: 'testnet4' }, signet: { choose: 'signet=1', section: 'signet' }, regtest: { choose: 'regtest=1', section: 'regtest' },
  testnet3: { choose: 'testnet=1', section: 'test' },
};
/** A coin of its own: its main network stands for `mainnet`. */
const ownChain: ConfigProgram['networks'] = { mainnet: null, regtest: { choose: 'regtest=1', section: 'regtest' } };

/**
 * The programs that a configuration is written for. Those of proof-of-stake coins differ from bitcoind by their port and by one rule:
 * a node that keeps an organisation's money does not stake it.
 */
export const configPrograms = {
  bitcoind: { name: 'bitcoind', file: 'bitcoin.conf', networks: bitcoin, rpcPort: 8332, blockFilters: true, coinStatistics: true, natPmp: true, stakingOff: null },
  litecoind: {
    name: 'litecoind', file: 'litecoin.conf', rpcPort: 9332, blockFilters: true, coinStatistics: false, natPmp: false, stakingOff: null,
    networks: { ...ownChain, litecoin: null, 'litecoin-testnet': { choose: 'testnet=1', section: 'test' }, 'litecoin-regtest': { choose: 'regtest=1', section: 'regtest' } },
  },
  dogecoind: {
    name: 'dogecoind', file: 'dogecoin.conf', rpcPort: 22555, blockFilters: false, coinStatistics: false, natPmp: false, stakingOff: null,
    networks: { mainnet: null, regtest: { choose: 'regtest=1', section: null }, dogecoin: null, 'dogecoin-testnet': { choose: 'testnet=1', section: null }, 'dogecoin-regtest': { choose: 'regtest=1', section: null } },
  },
  particld: { name: 'particld', file: 'particl.conf', networks: ownChain, rpcPort: 51735, blockFilters: false, coinStatistics: false, natPmp: false, stakingOff: 'staking=0' },
  qtumd: { name: 'qtumd', file: 'qtum.conf', networks: ownChain, rpcPort: 3889, blockFilters: false, coinStatistics: false, natPmp: false, stakingOff: 'staking=0' },
  blackcoind: { name: 'blackcoind', file: 'blackcoin.conf', networks: ownChain, rpcPort: 15715, blockFilters: false, coinStatistics: false, natPmp: false, stakingOff: 'staking=0' },
  // Peercoin's own word for it.
  peercoind: { name: 'peercoind', file: 'peercoin.conf', networks: ownChain, rpcPort: 9902, blockFilters: false, coinStatistics: false, natPmp: false, stakingOff: 'minting=0' },
} as const satisfies Readonly<Record<string, ConfigProgram>>;

export type ConfigProgramName = keyof typeof configPrograms;
export const configProgramNames = Object.keys(configPrograms) as readonly ConfigProgramName[];
