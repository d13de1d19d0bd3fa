import type { ChainData } from './chain.ts';

// Facts of Dogecoin Core 1.14: chainparams.cpp, policy/policy.h. It has neither segwit nor taproot, so that an amount is never part of
// what a signature signs: previous transactions are all the proof that there is. No node was tried (docs/chains.md).

const common = {
  coin: 'dogecoin', title: 'Dogecoin', unit: 'DOGE', uriScheme: 'dogecoin', bech32: null, extensionBlocks: null, olderScriptHashes: [],
  messagePrefix: '\x19Dogecoin Signed Message:\n', nodeCommand: 'dogecoin-cli', relaysReplacements: true, blockIntervalSeconds: 60, usualConfirmations: 60,
  // The number of coins has no cap; an amount has: `MAX_MONEY` is 10,000,000,000 DOGE.
  maxMoneySats: 1_000_000_000_000_000_000n, scripts: ['p2sh', 'p2pkh'],
  // 0.01 DOGE (`DEFAULT_DUST_LIMIT`): an output below it costs as much in fee besides, one below a tenth of it is not relayed at all.
  dust: { flatSats: 1_000_000n },
  // 0.01 DOGE/kB is recommended and what miners take at least; 0.001 DOGE/kB is relayed. Older wallets paid 1 DOGE/kB.
  fees: { minRelaySatPerVb: 100n, highSatPerVb: 50_000n, excessiveSatPerVb: 500_000n, excessiveSats: 5_000_000_000n },
} as const;
const test = { ...common, isTest: true, bip32: { public: 0x043587cf, private: 0x04358394 }, keyRealms: ['test'], coinType: 1 } as const;

export const dogecoinChains = {
  dogecoin: {
    ...common, isTest: false, pubKeyHash: 0x1e, scriptHash: 0x16, wif: 0x9e, singleKeyRealm: 'dogecoin',
    bip32: { public: 0x02facafd, private: 0x02fac398 }, keyRealms: ['dogecoin', 'main'], coinType: 3, coinbaseMaturity: 240,
    nodeChain: 'main', nodeOption: '', genesisHash: '1a91e3dace36e2be3bf030a65679fe821aa1d6ef92e7c9902eb318182c355691',
  },
  'dogecoin-testnet': {
    ...test, pubKeyHash: 0x71, scriptHash: 0xc4, wif: 0xf1, singleKeyRealm: 'dogecoin-test', coinbaseMaturity: 240,
    nodeChain: 'test', nodeOption: '-testnet', genesisHash: 'bb0a78264637406b6360aad926284d544d7049f45189db5664f3c4d07350559e',
  },
  'dogecoin-regtest': {
    ...test, pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef, singleKeyRealm: 'test', coinbaseMaturity: 60,
    nodeChain: 'regtest', nodeOption: '-regtest', genesisHash: '3d2160a3b5dc4a9d62e7e66a295f70313ac808440ef7400d6c0772171ce973a5',
  },
} as const satisfies Readonly<Record<string, ChainData>>;
