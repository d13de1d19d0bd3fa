import { walletScripts } from '../wallet-script.ts';
import type { ChainData } from './chain.ts';

// Facts of Litecoin Core 0.21: chainparams.cpp, policy/policy.h. Its P2SH addresses have had a version byte of their own since 2017;
// the older one is Bitcoin's, so that an address of it (3..., 2...) does not tell the coin. Extended keys have Bitcoin's version bytes
// in Litecoin Core and most wallets; older ones write Ltub and Mtub (SLIP-132), which are read.

const common = {
  coin: 'litecoin', title: 'Litecoin', unit: 'LTC', uriScheme: 'litecoin',
  messagePrefix: '\x19Litecoin Signed Message:\n', nodeCommand: 'litecoin-cli', relaysReplacements: false, blockIntervalSeconds: 150, usualConfirmations: 12, coinbaseMaturity: 100,
  maxMoneySats: 8_400_000_000_000_000n, scripts: walletScripts,
  // Ten times Bitcoin's, since `DUST_RELAY_TX_FEE` is: 5,460 for P2PKH.
  dust: { byRateSatPerKvb: 30_000n },
  // A litecoin is worth a hundredth of a bitcoin or less; the rates of both nodes are the same.
  fees: { minRelaySatPerVb: 1n, highSatPerVb: 500n, excessiveSatPerVb: 5_000n, excessiveSats: 10_000_000n },
} as const;
const test = {
  ...common, isTest: true, bech32: 'tltc', extensionBlocks: 'tmweb', pubKeyHash: 0x6f, scriptHash: 0x3a, olderScriptHashes: [0xc4], wif: 0xef, singleKeyRealm: 'test',
  bip32: { public: 0x043587cf, private: 0x04358394 }, keyRealms: ['test', 'litecoin-test'], coinType: 1,
} as const;

export const litecoinChains = {
  litecoin: {
    ...common, isTest: false, bech32: 'ltc', extensionBlocks: 'ltcmweb', pubKeyHash: 0x30, scriptHash: 0x32, olderScriptHashes: [0x05], wif: 0xb0, singleKeyRealm: 'litecoin',
    bip32: { public: 0x0488b21e, private: 0x0488ade4 }, keyRealms: ['main', 'litecoin'], coinType: 2,
    nodeChain: 'main', nodeOption: '', genesisHash: '12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2',
  },
  'litecoin-testnet': { ...test, nodeChain: 'test', nodeOption: '-testnet', genesisHash: '4966625a4b2851d9fdee139e56211a0d88575f59ed816ff5e6a63deb4e3e29a0' },
  'litecoin-regtest': { ...test, bech32: 'rltc', nodeChain: 'regtest', nodeOption: '-regtest', genesisHash: '530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9' },
} as const satisfies Readonly<Record<string, ChainData>>;
