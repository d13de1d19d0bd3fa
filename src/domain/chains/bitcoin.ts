import { walletScripts } from '../wallet-script.ts';
import type { ChainData } from './chain.ts';

// Facts of Bitcoin Core: chainparams.cpp, policy/policy.h. The limits of a fee are Strongroom's own (see docs/findings.md).

const common = {
  coin: 'bitcoin', title: 'Bitcoin', unit: 'BTC', uriScheme: 'bitcoin', extensionBlocks: null, olderScriptHashes: [],
  messagePrefix: '\x18Bitcoin Signed Message:\n', nodeCommand: 'bitcoin-cli', relaysReplacements: true, blockIntervalSeconds: 600, usualConfirmations: 6, coinbaseMaturity: 100,
  maxMoneySats: 2_100_000_000_000_000n, scripts: walletScripts, dust: { byRateSatPerKvb: 3_000n },
  fees: { minRelaySatPerVb: 1n, highSatPerVb: 500n, excessiveSatPerVb: 5_000n, excessiveSats: 100_000n },
} as const;
const main = {
  ...common, isTest: false, bech32: 'bc', pubKeyHash: 0x00, scriptHash: 0x05, wif: 0x80, singleKeyRealm: 'main',
  bip32: { public: 0x0488b21e, private: 0x0488ade4 }, keyRealms: ['main'], coinType: 0,
} as const;
const test = {
  ...common, isTest: true, bech32: 'tb', pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef, singleKeyRealm: 'test',
  bip32: { public: 0x043587cf, private: 0x04358394 }, keyRealms: ['test'], coinType: 1,
} as const;

export const bitcoinChains = {
  mainnet: { ...main, nodeChain: 'main', nodeOption: '', genesisHash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f' },
  testnet3: { ...test, nodeChain: 'test', nodeOption: '-testnet', genesisHash: '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943' },
  testnet4: { ...test, nodeChain: 'testnet4', nodeOption: '-testnet4', genesisHash: '00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043' },
  signet: { ...test, nodeChain: 'signet', nodeOption: '-signet', genesisHash: '00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6' },
  regtest: { ...test, bech32: 'bcrt', nodeChain: 'regtest', nodeOption: '-regtest', genesisHash: '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206' },
  // Regtest's parameters under a name of its own; no node serves it.
  practice: { ...test, bech32: 'bcrt', nodeChain: 'practice', nodeOption: '-regtest', genesisHash: null },
} as const satisfies Readonly<Record<string, ChainData>>;
