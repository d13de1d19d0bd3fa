export type NetworkName =
  | 'mainnet' | 'testnet4' | 'signet' | 'regtest' | 'practice' | 'testnet3'
  | 'litecoin' | 'litecoin-testnet' | 'litecoin-regtest' | 'dogecoin' | 'dogecoin-testnet' | 'dogecoin-regtest';

interface NetworkWords {
  readonly name: string;
  /** For the striped band; `null` on a coin's main network, which has none. */
  readonly band: string | null;
  /** What stands behind amounts. */
  readonly unit: 'BTC' | 'LTC' | 'DOGE';
}

/** Networks in the words of the window, in the order in which they are offered. */
export const networkWords: Readonly<Record<NetworkName, NetworkWords>> = {
  mainnet: { name: 'Bitcoin (mainnet)', band: null, unit: 'BTC' },
  litecoin: { name: 'Litecoin', band: null, unit: 'LTC' },
  dogecoin: { name: 'Dogecoin', band: null, unit: 'DOGE' },
  practice: { name: 'Practice network', band: 'PRACTICE NETWORK · nothing here is real money', unit: 'BTC' },
  testnet4: { name: 'Testnet 4', band: 'TESTNET 4 · coins without value', unit: 'BTC' },
  testnet3: { name: 'Testnet 3', band: 'TESTNET 3 · coins without value', unit: 'BTC' },
  signet: { name: 'Signet', band: 'SIGNET · coins without value', unit: 'BTC' },
  regtest: { name: 'Regtest', band: 'REGTEST · a private chain, coins without value', unit: 'BTC' },
  'litecoin-testnet': { name: 'Litecoin testnet', band: 'LITECOIN TESTNET · coins without value', unit: 'LTC' },
  'litecoin-regtest': { name: 'Litecoin regtest', band: 'LITECOIN REGTEST · a private chain, coins without value', unit: 'LTC' },
  'dogecoin-testnet': { name: 'Dogecoin testnet', band: 'DOGECOIN TESTNET · coins without value', unit: 'DOGE' },
  'dogecoin-regtest': { name: 'Dogecoin regtest', band: 'DOGECOIN REGTEST · a private chain, coins without value', unit: 'DOGE' },
};

/** BTC where no network is known yet: everything begins with Bitcoin's. */
export const unitOf = (network: NetworkName | null): NetworkWords['unit'] => (network === null ? 'BTC' : networkWords[network].unit);

const groupOf = (name: NetworkName): string => {
  const { band, unit } = networkWords[name];
  if (band === null) return 'Coins';
  return unit === 'BTC' ? 'Test networks' : unit === 'LTC' ? 'Test networks of Litecoin' : 'Test networks of Dogecoin';
};

export const networkOptions = (Object.keys(networkWords) as NetworkName[]).map((value) => ({ value, name: networkWords[value].name, group: groupOf(value) }));
