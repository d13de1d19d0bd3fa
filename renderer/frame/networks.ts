export type NetworkName = 'mainnet' | 'testnet4' | 'signet' | 'regtest' | 'practice';

interface NetworkWords {
  readonly name: string;
  /** For the striped band; `null` on mainnet, which has none. */
  readonly band: string | null;
}

/** Networks in the words of the window. */
export const networkWords: Readonly<Record<NetworkName, NetworkWords>> = {
  mainnet: { name: 'Bitcoin (mainnet)', band: null },
  testnet4: { name: 'Testnet 4', band: 'TESTNET 4 · coins without value' },
  signet: { name: 'Signet', band: 'SIGNET · coins without value' },
  regtest: { name: 'Regtest', band: 'REGTEST · a private chain, coins without value' },
  practice: { name: 'Practice network', band: 'PRACTICE NETWORK · nothing here is real money' },
};

export const networkOptions = (Object.keys(networkWords) as NetworkName[]).map((value) => ({ value, name: networkWords[value].name }));
